// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace fenghuo::testing {

// The program `fenghuo` as somebody runs it in a terminal: stdout and stderr in one stream of
// lines.
class Terminal {
 public:
  using Environment = std::map<std::string, std::string>;

  // Starts it with these arguments; only what is in `environment` is added to the test's own.
  Terminal(const std::vector<std::string>& arguments, const Environment& environment,
           const std::string& input = {});
  // Killed if it still runs.
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  // The next line; nullopt at the end of the output, or when it says nothing for a long time.
  std::optional<std::string> line();
  // Reads lines up to one that contains this; false = it ended, or fell silent, without.
  bool wait_for(const std::string& part);
  // Reads to the end and returns the exit code; 128 + signal when a signal ended it.
  int wait();
  // All lines read so far.
  const std::string& said() const { return said_; }

 private:
  pid_t pid_ = 0;
  int output_ = -1;
  std::string rest_;
  std::string said_;
};

}  // namespace fenghuo::testing
