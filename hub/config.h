// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/log.h"
#include "hub/net/address.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace fenghuo::hub {

// What the hub is told at start.
struct Config {
  std::string data;
  net::Address listen{"127.0.0.1", 8600};
  std::optional<net::Address> metrics_listen;
  // Both or none.
  std::string tls_cert;
  std::string tls_key;
  unsigned shards = 1;
  // Applied at start; empty = none.
  std::string plan;
  base::LogFormat log_format = base::LogFormat::Text;
  // Drill worlds only.
  double clock_speed = 1.0;
};

// Why there is no configuration: --help and --version (code 0, `text` for stdout), or a mistake
// (code 2, `text` for stderr: where it stands and what to write instead).
struct Stop {
  int code = 0;
  std::string text;
};

// Where values come from besides the command line; tests give their own.
struct Surroundings {
  // nullopt = not set.
  std::function<std::optional<std::string>(const std::string& name)> variable;
  // nullopt = cannot be read.
  std::function<std::optional<std::string>(const std::string& path)> file;

  static Surroundings of_process();
};

// A flag goes before a variable (FENGHUO_LISTEN), a variable before the TOML file.
std::variant<Config, Stop> read_config(const std::vector<std::string>& arguments,
                                       const Surroundings& surroundings);

}  // namespace fenghuo::hub
