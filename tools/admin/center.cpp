// SPDX-License-Identifier: Apache-2.0
#include "tools/admin/center.h"

namespace fenghuo::admin {

int exit_code_of(const base::Error& error) {
  switch (error.code()) {
    case v1::ERROR_CODE_UNAVAILABLE:
    case v1::ERROR_CODE_STORAGE_FAILED:
    case v1::ERROR_CODE_RECOVERING:
    case v1::ERROR_CODE_DRAINING: return 3;
    default: return 1;
  }
}

}  // namespace fenghuo::admin
