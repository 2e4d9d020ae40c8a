# SPDX-License-Identifier: Apache-2.0
include(CMakeFindDependencyMacro)
find_dependency(Threads)
find_dependency(Boost 1.81)
find_dependency(OpenSSL 3.0)
find_dependency(Protobuf 3.21)
include(${CMAKE_CURRENT_LIST_DIR}/fenghuo-targets.cmake)
