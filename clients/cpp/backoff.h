// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cpp/link.h"

#include <cstdint>

namespace fenghuo::client {

// What a client does after its line went down.
enum class ComeBack { AtOnce, Later, LogIn, Never };

// By the range of the close code (proto/fenghuo/v1/error.proto); when there is none of ours, by the
// last error the hub said (0 = none).
ComeBack after_close(std::uint16_t close_code, int last_error_code);

// Full jitter: between 0 and a bound that doubles with every attempt; `random` in [0, 1).
std::int64_t reconnect_delay_ms(ComeBack next, int attempts, double random);

// A hub that goes down in order says, in the reason, after how many milliseconds to return: that
// and up to half of it again, so that not all come at once. 0 = it said nothing.
std::int64_t asked_delay_ms(const Disconnect& how, double random);

}  // namespace fenghuo::client
