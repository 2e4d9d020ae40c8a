// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cli/opening.h"
#include "clients/cli/sending.h"

#include <cstdint>
#include <string>
#include <vector>

namespace fenghuo::cli {

// Orders, their call desk and who is on duty; one function a verb, each returns the exit code.

struct RaiseArguments {
  std::string channel;
  std::vector<std::string> words;
  // Roles, or "contact:key".
  std::vector<std::string> to;
  bool notice = false;
  std::string precedence = "priority";
  std::string ladder;
  // Number or id.
  std::string incident;
  std::uint32_t accept_within_s = 0;
  std::uint32_t done_within_s = 0;
  bool any = false;
  std::uint32_t at_least = 0;
  Signature signature;
};
int run_order_raise(const Setting& setting, const RaiseArguments& arguments);

// Open ones; `all` = ended ones too, newest first.
int run_order_list(const Setting& setting, bool all);
int run_order_show(const Setting& setting, const std::string& order);

// Accept, return, progress and the others that answer one order.
enum class OrderAct {
  Accept,
  Return,
  Delegate,
  Progress,
  Done,
  Unable,
  Cancel,
  Escalate,
  Close,
  OpenGate,
  HoldGate,
  ExplainLate,
  ConfirmLate
};
struct AnswerArguments {
  // Number ("A-7") or id.
  std::string order;
  std::vector<std::string> words;
  std::uint32_t addressee = 0;
  // Delegate: the role that is asked now.
  std::string to;
  Signature signature;
};
int run_order_answer(const Setting& setting, OrderAct act, const AnswerArguments& arguments);

// 变更; what is empty stays as it is.
struct ChangeArguments {
  std::string order;
  std::vector<std::string> words;
  std::string accept_by;
  std::string done_by;
  // Further addressees.
  std::vector<std::string> add;
  // 更正: acceptances stay.
  bool correction = false;
  Signature signature;
};
int run_order_change(const Setting& setting, const ChangeArguments& arguments);

int run_call_desk_list(const Setting& setting);
struct CallResultArguments {
  std::uint64_t item = 0;
  // Number of the order answered, when the call is about several; empty = the only one.
  std::string order;
  std::string result;
  std::string note;
};
int run_call_desk_result(const Setting& setting, const CallResultArguments& arguments);

// Who stands on which role, with numbers; empty = every role. `at` as in SpokenFor::stated_at.
int run_duty_show(const Setting& setting, const std::string& role, const std::string& at);

}  // namespace fenghuo::cli
