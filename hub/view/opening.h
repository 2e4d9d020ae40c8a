// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/result.h"
#include "hub/core/state.h"
#include "hub/view/reader.h"

#include <string_view>

namespace fenghuo::view {

// Whether the account may be served at `now`: ACCOUNT_DISABLED, ACCESS_EXPIRED, or UNAUTHENTICATED
// when there is none.
base::Result<void> check_active(const core::State& state, base::EntityId account_id,
                                base::TimeUs now);

// Who a token is. See Reader::identify.
base::Result<Reader::Identity> identify(const core::State& state, std::string_view token_hash,
                                        base::TimeUs now);

// Identity and welcome. See Reader::open.
base::Result<Reader::Opening> open(const core::State& state, const v1::Hello& hello,
                                   std::string_view token_hash, base::TimeUs now);

}  // namespace fenghuo::view
