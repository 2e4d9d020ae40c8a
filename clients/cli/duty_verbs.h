// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cli/sending.h"

#include <cstdint>
#include <string>
#include <vector>

namespace fenghuo::cli {

// 交接班, overrides and 点名. One function a verb; each returns the exit code.

// What stands on the duty board besides who is on duty: handovers, overrides, roster gaps and
// roll-calls that are open.
struct BoardArguments {};
int run_duty_board(const Setting& setting, const BoardArguments& arguments);

// What a role is responsible for now.
struct ItemsArguments {
  std::string role;
};
int run_duty_items(const Setting& setting, const ItemsArguments& arguments);

struct HandoverArguments {
  std::string role;
  std::string to;
  std::string standing = "primary";
  std::string at;
  std::string note;
  Signature signature;
};
int run_duty_handover(const Setting& setting, const HandoverArguments& arguments);

// Without `through`, shows the live list and asks on the terminal: each red item singly, then the
// whole. With it, accepts what was listed there.
struct AcceptArguments {
  // Role or id of the handover; empty = the only one offered to oneself.
  std::string handover;
  std::uint64_t through = 0;
  std::vector<std::uint64_t> red;
  Signature signature;
};
int run_duty_accept(const Setting& setting, const AcceptArguments& arguments);

struct WithdrawArguments {
  std::string handover;
  std::vector<std::string> reason;
  Signature signature;
};
int run_duty_withdraw(const Setting& setting, const WithdrawArguments& arguments);

struct TakeoverArguments {
  std::string role;
  // Empty = oneself.
  std::string to;
  std::string standing = "primary";
  std::uint64_t through = 0;
  std::vector<std::string> reason;
  Signature signature;
};
int run_duty_takeover(const Setting& setting, const TakeoverArguments& arguments);

struct OverrideArguments {
  std::string role;
  // A person or contact; or nobody, and why.
  std::string to;
  std::string vacant;
  std::string standing = "primary";
  std::string from;
  std::string until;
  std::vector<std::string> reason;
  Signature signature;
};
int run_duty_override(const Setting& setting, const OverrideArguments& arguments);
struct CancelOverrideArguments {
  std::uint64_t id = 0;
  Signature signature;
};
int run_duty_cancel_override(const Setting& setting, const CancelOverrideArguments& arguments);

struct RollCallArguments {
  // Empty = every role.
  std::vector<std::string> roles;
  std::string until = "+15m";
  Signature signature;
};
int run_roll_call_start(const Setting& setting, const RollCallArguments& arguments);
struct RollCallAnswerArguments {
  std::string role;
  // 0 = the newest open one.
  std::uint64_t id = 0;
  Signature signature;
};
int run_roll_call_answer(const Setting& setting, const RollCallAnswerArguments& arguments);
// 0 = the newest, also when it has ended.
struct RollCallShowArguments {
  std::uint64_t id = 0;
};
int run_roll_call_show(const Setting& setting, const RollCallShowArguments& arguments);

}  // namespace fenghuo::cli
