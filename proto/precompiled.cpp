// SPDX-License-Identifier: Apache-2.0
// Holds the precompiled headers (FENGHUO_PRECOMPILE); says nothing itself.
