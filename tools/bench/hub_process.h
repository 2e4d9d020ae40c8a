// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace fenghuo::bench {

// A real fenghuo-hub as a child process, on a free port of loopback. Killed when it goes out of
// scope. Throws std::runtime_error when the hub does not come up.
class HubProcess {
 public:
  HubProcess(const std::string& program, const std::string& data, std::vector<std::string> flags);
  ~HubProcess();
  HubProcess(const HubProcess&) = delete;
  HubProcess& operator=(const HubProcess&) = delete;

  std::uint16_t port() const { return port_; }
  // From exec to the `ready` line.
  double seconds_to_ready() const { return seconds_to_ready_; }
  // User and system time used so far.
  double cpu_seconds() const;
  std::uint64_t resident_bytes() const;
  // SIGTERM and wait; returns the exit code.
  int stop();
  // SIGKILL and wait.
  void kill();

 private:
  void wait_ready(int out);

  pid_t pid_ = -1;
  int out_ = -1;
  std::uint16_t port_ = 0;
  double seconds_to_ready_ = 0;
};

}  // namespace fenghuo::bench
