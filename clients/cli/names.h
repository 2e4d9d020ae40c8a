// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cli/wording.h"

#include <cstdint>
#include <string>

namespace fenghuo::cli {

// Names as the center has them, in the language; the id in decimal for what this account does not
// see.
std::string account_name(const client::State& state, std::uint64_t id, Language language);
std::string role_name(const client::State& state, std::uint64_t id, Language language);
std::string contact_name(const client::State& state, std::uint64_t id, Language language);
std::string channel_name(const client::State& state, std::uint64_t id);

// Who stands on a post, or "vacant: why".
std::string holder_name(const v1::Holder& holder, const client::State& state, Language language);

// "张启明（值班长）"; 0 = the hub itself.
std::string signature(const client::State& state, std::uint64_t account_id, std::uint64_t role_id,
                      Language language);

// "代录：指挥长 电话 14:02"; empty when he spoke for himself.
std::string on_behalf_words(const v1::OnBehalf& said, const client::State& state,
                            Language language);

// Numbers of a role, account or contact, with two spaces before each; empty = none known.
std::string phones_of(const v1::Holder& holder, const client::State& state);

}  // namespace fenghuo::cli
