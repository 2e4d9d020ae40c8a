// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/result.h"
#include "hub/base/types.h"
#include "storage/store.h"

namespace fenghuo::admin {

// Begins a new life of a copied record: from here on it has another epoch than its parent, and
// clients of the parent are told what they no longer share. Returns the new head.
base::Result<storage::Head> begin_epoch(storage::Store& store, base::TimeUs now);

}  // namespace fenghuo::admin
