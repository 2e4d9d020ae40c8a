// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cli/opening.h"

#include <cstdint>
#include <string>

namespace fenghuo::cli {

// What the hub computes from its record; one function a verb, each returns the exit code.

struct FiguresArguments {
  // Number ("I-7") or id; empty = a span of positions, 0 = open on that side.
  std::string incident;
  std::uint64_t from = 0;
  std::uint64_t to = 0;
};
int run_figures(const Setting& setting, const FiguresArguments& arguments);

struct ExplainArguments {
  // Number ("A-7") or id.
  std::string order;
  // Keys; both empty = everybody asked.
  std::string account;
  std::string role;
};
// 通知依据: who was told when, by which rung and roster row, or why not.
int run_explain(const Setting& setting, const ExplainArguments& arguments);

struct KnewArguments {
  // Number of an order ("A-7"), or id of a message.
  std::string message;
  // 0 = the one current then.
  std::uint32_t version = 0;
  // Empty = now.
  std::string at;
};
int run_knew(const Setting& setting, const KnewArguments& arguments);

}  // namespace fenghuo::cli
