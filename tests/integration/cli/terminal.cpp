// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/cli/terminal.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

namespace fenghuo::testing {
namespace {

// Far above anything that happens; only a defect waits it out.
constexpr int patience_ms = 60'000;

[[noreturn]] void become(const std::vector<std::string>& arguments,
                         const Terminal::Environment& environment, int input, int output) {
  ::dup2(input, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  for (const auto& [name, value] : environment) ::setenv(name.c_str(), value.c_str(), 1);
  std::vector<char*> words;
  std::string program = FENGHUO_PROGRAM;
  words.push_back(program.data());
  std::vector<std::string> owned = arguments;
  for (auto& word : owned) words.push_back(word.data());
  words.push_back(nullptr);
  ::execv(program.c_str(), words.data());
  ::_exit(127);
}

}  // namespace

Terminal::Terminal(const std::vector<std::string>& arguments, const Environment& environment,
                   const std::string& input) {
  int in[2] = {};
  int out[2] = {};
  if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) std::abort();
  pid_ = ::fork();
  if (pid_ == 0) become(arguments, environment, in[0], out[1]);
  ::close(in[0]);
  ::close(out[1]);
  output_ = out[0];
  // Less than a pipe holds.
  if (::write(in[1], input.data(), input.size()) != static_cast<ssize_t>(input.size()))
    std::abort();
  ::close(in[1]);
}

Terminal::~Terminal() {
  if (pid_ != 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  ::close(output_);
}

std::optional<std::string> Terminal::line() {
  for (;;) {
    if (const auto end = rest_.find('\n'); end != std::string::npos) {
      std::string found = rest_.substr(0, end);
      rest_.erase(0, end + 1);
      said_ += found + "\n";
      return found;
    }
    pollfd readable{output_, POLLIN, 0};
    if (::poll(&readable, 1, patience_ms) <= 0) return std::nullopt;
    char bytes[4096];
    const auto size = ::read(output_, bytes, sizeof bytes);
    if (size <= 0) return std::nullopt;
    rest_.append(bytes, static_cast<std::size_t>(size));
  }
}

bool Terminal::wait_for(const std::string& part) {
  while (const auto next = line()) {
    if (next->find(part) != std::string::npos) return true;
  }
  return false;
}

int Terminal::wait() {
  while (line()) {
  }
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = 0;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace fenghuo::testing
