// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cli/opening.h"

#include <cstdint>
#include <string>
#include <vector>

namespace fenghuo::cli {

// Rosters: sent to the hub to be checked whole, stored only when all is clean. Problems go to
// stderr, one a line with file, line and column, and end with exit_refused.

struct RosterOptions {
  // IANA name; empty = the zone of the center.
  std::string zone;
  // Only shows what would change.
  bool preview = false;
  bool replace = false;
  bool shared = false;
};

// A CSV file, or what is pasted on standard input ("-").
int run_duty_import(const Setting& setting, const std::string& file, const RosterOptions& options);

struct RotateArguments {
  std::string role;
  std::string standing = "primary";
  // In order; each may hold several keys with commas between them.
  std::vector<std::string> people;
  std::string first;
  std::string every;
  std::string until;
  // Name of the rotation; empty = the role's key.
  std::string key;
  RosterOptions options;
};
int run_duty_rotate(const Setting& setting, const RotateArguments& arguments);

// Who changes when on the role, in the coming days.
int run_duty_preview(const Setting& setting, const std::string& role, std::uint32_t days);

}  // namespace fenghuo::cli
