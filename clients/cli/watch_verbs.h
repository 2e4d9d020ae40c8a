// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cli/sending.h"

#include <cstdint>
#include <string>
#include <vector>

namespace fenghuo::cli {

// 接报, 监测报警, 预警 and 补签: what comes in and goes out at a watch desk. One function a verb;
// each returns the exit code.

struct ListArguments {
  // Ended ones too, newest first, at most 200.
  bool all = false;
};
// Or one row, by id.
struct RowArguments {
  std::uint64_t id = 0;
};
// A row, and why.
struct ReasonArguments {
  std::uint64_t id = 0;
  std::vector<std::string> reason;
  Signature signature;
};

struct TakeArguments {
  std::string channel;
  std::vector<std::string> words;
  std::string caller;
  std::string unit;
  std::string number;
  std::string via = "phone";
  std::string happened_at;
  std::string received_at;
  std::string place;
  std::string precedence = "routine";
  Signature signature;
};
int run_intake_take(const Setting& setting, const TakeArguments& arguments);
int run_intake_list(const Setting& setting, const ListArguments& arguments);
// Ends as exactly one of these.
struct CloseIntakeArguments {
  std::uint64_t id = 0;
  std::string incident;
  std::string order;
  // A role, or contact:KEY.
  std::string transfer;
  bool nothing = false;
  std::vector<std::string> reason;
  Signature signature;
};
int run_intake_close(const Setting& setting, const CloseIntakeArguments& arguments);

int run_alarm_list(const Setting& setting, const ListArguments& arguments);
int run_alarm_show(const Setting& setting, const RowArguments& arguments);
// The first person proposes where two are needed.
int run_alarm_close(const Setting& setting, const ReasonArguments& arguments);

struct WarningArguments {
  // Of a change; 0 = a new one.
  std::uint64_t id = 0;
  // Empty ones of a change stay as they are.
  std::string colour;
  std::string kind;
  std::string area;
  std::string area_code;
  std::string text;
  std::string measures;
  std::string hotline;
  std::string from;
  std::string until;
  Signature signature;
};
int run_warning_issue(const Setting& setting, const WarningArguments& arguments);
int run_warning_change(const Setting& setting, const WarningArguments& arguments);
struct ApproveArguments {
  std::uint64_t id = 0;
  Signature signature;
};
int run_warning_approve(const Setting& setting, const ApproveArguments& arguments);
int run_warning_refuse(const Setting& setting, const ReasonArguments& arguments);
int run_warning_lift(const Setting& setting, const ReasonArguments& arguments);
int run_warning_list(const Setting& setting, const ListArguments& arguments);
int run_warning_show(const Setting& setting, const RowArguments& arguments);

// What was recorded for somebody and waits for his word.
int run_spoken_list(const Setting& setting, const ListArguments& arguments);
int run_spoken_sign(const Setting& setting, const RowArguments& arguments);
int run_spoken_object(const Setting& setting, const ReasonArguments& arguments);

}  // namespace fenghuo::cli
