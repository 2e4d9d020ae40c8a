// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cli/opening.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fenghuo::cli {

// One function a verb; each returns the exit code.

struct LoginArguments {
  std::string hub;
  std::string account;
  bool password_stdin = false;
};
int run_login(const Setting& setting, const LoginArguments& arguments);
int run_logout(const Setting& setting);
int run_whoami(const Setting& setting);

struct PostArguments {
  std::string channel;
  std::vector<std::string> words;
  std::string precedence = "routine";
  std::uint64_t thread_id = 0;
  bool ask_receipt = false;
  bool queue = false;
  std::string role;
};
int run_post(const Setting& setting, const PostArguments& arguments);

struct EditArguments {
  std::uint64_t message_id = 0;
  std::uint32_t version = 0;
  bool change = false;
  std::vector<std::string> words;
};
int run_edit(const Setting& setting, const EditArguments& arguments);
int run_retract(const Setting& setting, std::uint64_t message_id, const std::string& reason);
int run_acknowledge(const Setting& setting, std::uint64_t message_id, std::uint32_t version);
// Names of the commands that run_call takes.
std::vector<std::string> command_names();
int run_call(const Setting& setting, const std::string& name, const std::string& json);

int run_channels(const Setting& setting);
struct HistoryArguments {
  std::string channel;
  std::uint32_t limit = 50;
  std::uint64_t before = 0;
};
int run_history(const Setting& setting, const HistoryArguments& arguments);
struct SearchArguments {
  std::vector<std::string> words;
  std::string channel;
  std::uint32_t limit = 20;
};
int run_search(const Setting& setting, const SearchArguments& arguments);

struct TailArguments {
  std::vector<std::string> channels;
  std::optional<std::uint64_t> since;
};
int run_tail(const Setting& setting, const TailArguments& arguments);

}  // namespace fenghuo::cli
