// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace fenghuo::core {

// The highest format of records that this program understands; genesis raises the log to it. A log
// whose FormatRaised is higher is refused before serving. 1: messages; 2: duty by shifts; 3: the
// command center, from handover to feedback.
inline constexpr std::uint32_t known_format = 3;

}  // namespace fenghuo::core
