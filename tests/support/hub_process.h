// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace fenghuo::testing {

// The real daemon as a process of its own.
class HubProcess {
 public:
  // Starts fenghuo-hub with these arguments, and returns when it has said that it serves (or what
  // else is waited for), or has ended. Killed at the end of the test if it still runs. `program`: a
  // daemon linked otherwise.
  explicit HubProcess(const std::vector<std::string>& arguments,
                      const std::string& until = "ready on ", const std::string& program = {});
  ~HubProcess();
  HubProcess(const HubProcess&) = delete;
  HubProcess& operator=(const HubProcess&) = delete;

  // On a free port of this machine, with this data folder.
  static std::unique_ptr<HubProcess> on(const std::string& data,
                                        const std::vector<std::string>& more = {});
  // The same, but returns as soon as it has said this, which may be long before it serves.
  static std::unique_ptr<HubProcess> that_says(const std::string& part, const std::string& data);

  bool serves() const { return port_ != 0; }
  std::uint16_t port() const { return port_; }
  pid_t pid() const { return pid_; }
  // All it has said until now.
  std::string log() const;
  // The next time it says this (from the start of the log); false = it ended without.
  bool wait_for_line(const std::string& part) const;

  void signal(int number) const;
  // Exit code; 128 + signal when it was killed. Waits.
  int wait();
  // kill -9, and gone.
  void kill();

 private:
  struct Output;
  pid_t pid_ = 0;
  std::uint16_t port_ = 0;
  bool running_ = false;
  int code_ = 0;
  std::unique_ptr<Output> output_;
};

}  // namespace fenghuo::testing
