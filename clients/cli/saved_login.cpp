// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/saved_login.h"

#include "clients/cpp/device_store.h"

#include <fmt/format.h>

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>

namespace fenghuo::cli {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::string login_file() { return state_folder() + "/login"; }

// FNV-1a: a short, stable name of a folder; nothing about it is secret or trusted.
std::string short_name(const std::string& text) {
  std::uint64_t hash = 14'695'981'039'346'656'037ULL;
  for (const char byte : text) {
    hash = (hash ^ static_cast<unsigned char>(byte)) * 1'099'511'628'211ULL;
  }
  return fmt::format("{:016x}", hash);
}

}  // namespace

std::string state_folder() {
  std::string base = environment("XDG_STATE_HOME");
  if (base.empty()) base = environment("HOME") + "/.local/state";
  return base + "/fenghuo";
}

std::string folder_of(const SavedLogin& login) {
  const std::string& who = login.account.empty() ? login.token : login.account;
  return state_folder() + "/devices/" + short_name(login.hub + " " + who);
}

std::string hub_address(const std::string& flag) {
  std::string address = flag.empty() ? environment("FENGHUO_HUB") : flag;
  if (address.empty()) address = "http://127.0.0.1:8600";
  while (address.ends_with('/')) address.pop_back();
  return address;
}

client::Outcome<SavedLogin> find_login() {
  SavedLogin login;
  if (const auto text = client::read_file(login_file())) {
    std::istringstream lines(*text);
    std::string name;
    std::string value;
    while (lines >> name >> value) {
      if (name == "hub") login.hub = value;
      if (name == "token") login.token = value;
      if (name == "account") login.account = value;
      if (name == "token_id") login.token_id = std::strtoull(value.c_str(), nullptr, 10);
    }
  }
  const std::string hub = environment("FENGHUO_HUB");
  if (const std::string token = environment("FENGHUO_TOKEN"); !token.empty()) {
    login =
        SavedLogin{hub.empty() && !login.hub.empty() ? login.hub : hub_address({}), token, {}, 0};
  } else if (!hub.empty() && !login.hub.empty() && hub_address({}) != login.hub) {
    return client::Failure(client::Failure::Kind::Usage,
                           fmt::format("logged in at {}, but FENGHUO_HUB is {}", login.hub, hub));
  }
  if (login.hub.empty() || login.token.empty()) {
    return client::Failure(client::Failure::Kind::Usage,
                           "not logged in: fenghuo login --hub URL --account NAME, or set "
                           "FENGHUO_HUB and FENGHUO_TOKEN");
  }
  return login;
}

client::Outcome<void> keep_login(const SavedLogin& login) {
  std::error_code error;
  std::filesystem::create_directories(state_folder(), error);
  ::chmod(state_folder().c_str(), 0700);
  return client::replace_file(login_file(),
                              fmt::format("hub {}\ntoken {}\naccount {}\ntoken_id {}\n", login.hub,
                                          login.token, login.account, login.token_id));
}

void forget_login() { ::unlink(login_file().c_str()); }

}  // namespace fenghuo::cli
