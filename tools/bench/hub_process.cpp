// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/hub_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <fstream>
#include <regex>
#include <sstream>
#include <stdexcept>

namespace fenghuo::bench {
namespace {

double now_s() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(since).count();
}

}  // namespace

HubProcess::HubProcess(const std::string& program, const std::string& data,
                       std::vector<std::string> flags) {
  std::array<int, 2> pipe_ends{};
  if (::pipe2(pipe_ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe");
  std::vector<std::string> words{program, "--data", data, "--listen", "127.0.0.1:0"};
  words.insert(words.end(), flags.begin(), flags.end());
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const double started = now_s();
  pid_ = ::fork();
  if (pid_ == 0) {
    ::dup2(pipe_ends[1], STDOUT_FILENO);
    ::execv(program.c_str(), argv.data());
    ::_exit(127);
  }
  ::close(pipe_ends[1]);
  out_ = pipe_ends[0];
  wait_ready(out_);
  seconds_to_ready_ = now_s() - started;
}

HubProcess::~HubProcess() {
  kill();
  if (out_ >= 0) ::close(out_);
}

// The hub says `ready` with its address; everything else it prints is skipped. Afterwards the pipe
// is made roomy and left alone: a hub prints little.
void HubProcess::wait_ready(int out) {
  const std::regex address(R"(ready.*?:(\d+))");
  std::string seen;
  std::array<char, 4096> piece{};
  for (;;) {
    const ssize_t got = ::read(out, piece.data(), piece.size());
    if (got <= 0) throw std::runtime_error("the hub did not become ready: " + seen);
    seen.append(piece.data(), static_cast<std::size_t>(got));
    std::smatch match;
    std::istringstream lines(seen);
    for (std::string line; std::getline(lines, line);) {
      if (std::regex_search(line, match, address)) {
        port_ = static_cast<std::uint16_t>(std::stoi(match[1]));
        ::fcntl(out, F_SETPIPE_SZ, 1 << 20);
        return;
      }
    }
  }
}

double HubProcess::cpu_seconds() const {
  std::ifstream file("/proc/" + std::to_string(pid_) + "/stat");
  std::string text((std::istreambuf_iterator<char>(file)), {});
  // The name may hold spaces; fields are counted after its closing bracket.
  std::istringstream fields(text.substr(text.rfind(')') + 2));
  std::string skip;
  for (int i = 0; i < 11; ++i) fields >> skip;
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

std::uint64_t HubProcess::resident_bytes() const {
  std::ifstream file("/proc/" + std::to_string(pid_) + "/statm");
  std::uint64_t total = 0;
  std::uint64_t resident = 0;
  file >> total >> resident;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

int HubProcess::stop() {
  if (pid_ <= 0) return -1;
  ::kill(pid_, SIGTERM);
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void HubProcess::kill() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
}

}  // namespace fenghuo::bench
