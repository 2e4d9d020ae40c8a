// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/frame.pb.h"
#include "hub/base/result.h"

#include <string_view>
#include <vector>

namespace fenghuo::session {

// The two readers behind decode(); same contract. `message` is not empty and not too large.
base::Result<std::vector<v1::ClientFrame>> decode_binary(std::string_view message);
base::Result<std::vector<v1::ClientFrame>> decode_json(std::string_view message);

}  // namespace fenghuo::session
