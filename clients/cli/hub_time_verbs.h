// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cli/sending.h"

#include <cstdint>
#include <string>
#include <vector>

namespace fenghuo::cli {

// 停机 and 时钟: when the hub was not there, and its clock in doubt.

// "1042  stopped  21:40:00 - 22:10:00  (30 min)  2 slips"; with who closed it and why.
std::string outage_line(const v1::Outage& outage, const client::State& state, Language language);
// "1043  the wall clock is behind hub time ...".
std::string clock_line(const v1::ClockDoubt& doubt, Language language);

int run_outage_list(const Setting& setting, bool all);

struct CloseOutageArguments {
  std::uint64_t id = 0;
  std::vector<std::string> note;
};
int run_outage_close(const Setting& setting, const CloseOutageArguments& arguments);

// Exit code 0 also when nothing is in doubt.
int run_clock_show(const Setting& setting);

// Accepts the wall clock as it is now, for the one doubt that is open.
int run_clock_accept(const Setting& setting, const std::vector<std::string>& note);

}  // namespace fenghuo::cli
