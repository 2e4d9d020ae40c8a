// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/verbs.h"
#include "clients/cpp/http.h"

#include <fmt/format.h>

#include <termios.h>
#include <unistd.h>

#include <iostream>

namespace fenghuo::cli {
namespace {

// From a terminal without echo, else the first line of stdin.
std::string read_password(bool from_stdin) {
  std::string password;
  if (from_stdin || ::isatty(STDIN_FILENO) == 0) {
    std::getline(std::cin, password);
    return password;
  }
  termios before{};
  ::tcgetattr(STDIN_FILENO, &before);
  termios silent = before;
  silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  ::tcsetattr(STDIN_FILENO, TCSANOW, &silent);
  fmt::print(stderr, "password: ");
  std::getline(std::cin, password);
  ::tcsetattr(STDIN_FILENO, TCSANOW, &before);
  fmt::print(stderr, "\n");
  return password;
}

std::string host_name() {
  std::string name(256, '\0');
  if (::gethostname(name.data(), name.size() - 1) != 0) return "unknown";
  return name.c_str();
}

}  // namespace

int run_login(const Setting& setting, const LoginArguments& arguments) {
  SavedLogin login;
  login.hub = hub_address(arguments.hub);
  login.account = arguments.account;
  const auto address = client::parse_address(login.hub);
  if (!address) return report(address.error());
  v1::LoginRequest request;
  request.set_account(login.account);
  request.set_password(read_password(arguments.password_stdin));
  request.set_label("fenghuo on " + host_name());
  const auto answer = client::login(*address, {setting.ca_file}, request);
  if (!answer) return report(located(answer.error(), login.hub));
  login.token = answer->token();
  login.token_id = answer->token_id();
  const auto kept = keep_login(login);
  if (!kept) return report(kept.error());
  fmt::print("{} @ {}\n", login.account, login.hub);
  return exit_done;
}

int run_logout(const Setting& setting) {
  const auto login = find_login();
  if (!login) return report(login.error());
  const auto address = client::parse_address(login->hub);
  if (!address) return report(address.error());
  const auto reply = client::logout(*address, {setting.ca_file}, login->token);
  if (!reply) return report(reply.error());
  if (reply->has_refused()) return report(client::Failure(reply->refused()));
  forget_login();
  return exit_done;
}

int run_whoami(const Setting& setting) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const client::State state = opened->client->state();
  const auto me = state.accounts().find(state.account_id());
  if (me == state.accounts().end()) return exit_refused;
  if (setting.json) {
    fmt::print("{}\n", json_line(me->second));
    return exit_done;
  }
  fmt::print("{}  {}  @ {}\n", me->second.key(), text_of(me->second.name(), setting.language),
             opened->login.hub);
  for (const auto& [pair, appointment] : state.appointments()) {
    if (pair.first != state.account_id() || appointment.ended()) continue;
    const auto role = state.roles().find(pair.second);
    if (role == state.roles().end()) continue;
    fmt::print("  {:<24} {}\n", role->second.key(), text_of(role->second.name(), setting.language));
  }
  return exit_done;
}

}  // namespace fenghuo::cli
