// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/integration/cli/terminal.h"
#include "tests/support/hub_process.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace fenghuo::testing {

// A center at night behind the real daemon, and a terminal for each of its people:
//
//   zhang, zhou   eoc/chief, a command seat with every grant: primary and deputy
//   sun           eoc/leader, a command seat that may approve warnings and confirms levels
//   li, wang      water/liaison: primary and deputy, whose ladder is the telephone
//
// The channel "watch" is everybody's. Orders of every precedence climb from the primary to the
// deputy within a second.
class NightShift : public ::testing::Test {
 protected:
  NightShift();
  ~NightShift() override;

  void SetUp() override;

  // The exit code; what it printed is in said_.
  int run(const std::string& who, const std::vector<std::string>& words,
          const std::string& input = {});
  // Says it once with --json and returns what it printed.
  std::string json(const std::string& who, std::vector<std::string> words);
  // Asks again and again until the answer holds this: every question is an answer of the hub, so
  // there is nothing to sleep for.
  bool until(const std::string& who, const std::vector<std::string>& words,
             const std::string& part);
  bool says(const std::string& part) const { return said_.find(part) != std::string::npos; }
  // The decimal number after this in what was said last; 0 = there is none.
  std::uint64_t number_after(const std::string& part) const;

  std::string folder_;
  std::map<std::string, std::string> tokens_;
  std::unique_ptr<HubProcess> hub_;
  std::string said_;
};

}  // namespace fenghuo::testing
