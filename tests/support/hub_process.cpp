// SPDX-License-Identifier: Apache-2.0
#include "tests/support/hub_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <thread>

extern char** environ;

namespace fenghuo::testing {
namespace {

std::vector<std::string> arguments_on(const std::string& data) {
  return {"--data", data, "--listen", "127.0.0.1:0", "--shards", "2"};
}

}  // namespace

// Reads what the process says until it has ended.
struct HubProcess::Output {
  explicit Output(int from) : reader([this, from] { read_all(from); }) {}
  ~Output() { reader.join(); }

  void read_all(int from) {
    std::array<char, 4096> chunk;
    for (;;) {
      const ssize_t got = ::read(from, chunk.data(), chunk.size());
      if (got <= 0) break;
      const std::lock_guard lock(mutex);
      text.append(chunk.data(), static_cast<std::size_t>(got));
      changed.notify_all();
    }
    ::close(from);
    const std::lock_guard lock(mutex);
    ended = true;
    changed.notify_all();
  }

  // The rest of the first line with `part`, after it; empty = ended without.
  std::string rest_of_line(const std::string& part) {
    std::unique_lock lock(mutex);
    std::string rest;
    changed.wait(lock, [&] {
      const auto at = text.find(part);
      const auto end = at == std::string::npos ? at : text.find('\n', at);
      if (end == std::string::npos) return ended;
      rest = text.substr(at + part.size(), end - at - part.size()) + "\n";
      return true;
    });
    return rest;
  }

  std::mutex mutex;
  std::condition_variable changed;
  std::string text;
  bool ended = false;
  std::thread reader;
};

HubProcess::HubProcess(const std::vector<std::string>& arguments, const std::string& until,
                       const std::string& program) {
  std::array<int, 2> pipe_ends{};
  if (::pipe2(pipe_ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDERR_FILENO);
  std::vector<std::string> words{program.empty() ? FENGHUO_HUB_PROGRAM : program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const int failed = posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(pipe_ends[1]);
  if (failed != 0) throw std::runtime_error("cannot start " + words[0]);
  running_ = true;
  output_ = std::make_unique<Output>(pipe_ends[0]);

  const std::string address = output_->rest_of_line(until);
  const auto colon = address.rfind(':');
  if (until != "ready on " || colon == std::string::npos) return;
  std::from_chars(address.data() + colon + 1, address.data() + address.size(), port_);
}

HubProcess::~HubProcess() {
  if (running_) kill();
}

std::unique_ptr<HubProcess> HubProcess::on(const std::string& data,
                                           const std::vector<std::string>& more) {
  std::vector<std::string> arguments = arguments_on(data);
  arguments.insert(arguments.end(), more.begin(), more.end());
  return std::make_unique<HubProcess>(arguments);
}

std::unique_ptr<HubProcess> HubProcess::that_says(const std::string& part,
                                                  const std::string& data) {
  return std::make_unique<HubProcess>(arguments_on(data), part);
}

std::string HubProcess::log() const {
  const std::lock_guard lock(output_->mutex);
  return output_->text;
}

bool HubProcess::wait_for_line(const std::string& part) const {
  return !output_->rest_of_line(part).empty();
}

void HubProcess::signal(int number) const { ::kill(pid_, number); }

int HubProcess::wait() {
  if (!running_) return code_;
  int status = 0;
  if (::waitpid(pid_, &status, 0) != pid_) throw std::runtime_error("lost the hub");
  running_ = false;
  code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return code_;
}

void HubProcess::kill() {
  signal(SIGKILL);
  wait();
}

}  // namespace fenghuo::testing
