// SPDX-License-Identifier: Apache-2.0
#include "hub/config.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <thread>

namespace fenghuo::hub {
namespace {

constexpr unsigned shards_max = 64;
constexpr double clock_speed_max = 1'000;

// One option in its three forms: --clock-speed, FENGHUO_CLOCK_SPEED, clock_speed. `set` takes the
// text and returns what is wrong with it and what to write instead, or nothing.
struct Option {
  const char* name;
  const char* shape;
  const char* help;
  std::string (*set)(Config& config, const std::string& text);
};

std::string set_address(net::Address& to, const std::string& text) {
  const auto address = net::parse_address(text);
  if (!address) return address.error().message();
  to = *address;
  return {};
}

template <typename Number>
std::optional<Number> number(const std::string& text) {
  Number value{};
  const char* end = text.data() + text.size();
  const auto [stopped, failure] = std::from_chars(text.data(), end, value);
  if (failure != std::errc() || stopped != end) return std::nullopt;
  return value;
}

std::string set_shards(Config& config, const std::string& text) {
  const auto value = number<unsigned>(text);
  if (!value || *value < 1 || *value > shards_max) {
    return fmt::format("\"{}\" is no number of threads; write 1 to {}", text, shards_max);
  }
  config.shards = *value;
  return {};
}

std::string set_log_format(Config& config, const std::string& text) {
  if (text != "text" && text != "json") {
    return fmt::format("\"{}\" is no log format; write text or json", text);
  }
  config.log_format = text == "json" ? base::LogFormat::Json : base::LogFormat::Text;
  return {};
}

std::string set_clock_speed(Config& config, const std::string& text) {
  const auto value = number<double>(text);
  if (!value || !(*value >= 1 && *value <= clock_speed_max)) {
    return fmt::format("\"{}\" is no speed; write 1 to {}", text, clock_speed_max);
  }
  config.clock_speed = *value;
  return {};
}

template <std::string Config::* Member>
std::string set_path(Config& config, const std::string& text) {
  if (text.empty()) return "is empty; write a path";
  config.*Member = text;
  return {};
}

const std::array options{
    Option{"data", "DIR", "data folder; made when it does not exist", set_path<&Config::data>},
    Option{
        "listen", "ADDR:PORT", "where to serve; port 0 = any free one [127.0.0.1:8600]",
        [](Config& config, const std::string& text) { return set_address(config.listen, text); }},
    Option{"tls-cert", "FILE", "certificate chain, PEM; needs --tls-key",
           set_path<&Config::tls_cert>},
    Option{"tls-key", "FILE", "private key, PEM; needs --tls-cert", set_path<&Config::tls_key>},
    Option{"shards", "N", "threads for connections [cores - 1, at least 1]", set_shards},
    Option{"plan", "FILE", "plan file to apply at start", set_path<&Config::plan>},
    Option{"log-format", "text|json", "form of log lines [text]", set_log_format},
    Option{"clock-speed", "N", "hub time runs N times as fast (drill worlds only) [1]",
           set_clock_speed},
    Option{"metrics-listen", "ADDR:PORT", "where /metrics is served instead",
           [](Config& config, const std::string& text) {
             return set_address(config.metrics_listen.emplace(), text);
           }},
};

// A value and where it was written: "--listen", "FENGHUO_LISTEN", "hub.toml:3:10".
struct Written {
  std::string text;
  std::string where;
};
using Values = std::map<std::string, Written, std::less<>>;

std::string variable_name(std::string_view option) {
  std::string name = "FENGHUO_" + std::string(option);
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
    return c == '-' ? '_' : static_cast<char>(std::toupper(c));
  });
  return name;
}

std::string key_name(std::string_view option) {
  std::string name(option);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

std::string known_keys() {
  std::string keys;
  for (const Option& option : options) {
    keys += (keys.empty() ? "" : ", ") + key_name(option.name);
  }
  return keys;
}

// One value of the file as text; nullopt = a table, list or date, which no option is.
std::optional<std::string> text_of(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* whole = node.as_integer()) return std::to_string(whole->get());
  if (const auto* real = node.as_floating_point()) return fmt::format("{}", real->get());
  return std::nullopt;
}

// Values of the file that no flag or variable has given. Returns what is wrong, or "".
std::string read_file(const std::string& path, const std::string& text, Values& values) {
  toml::table table;
  try {
    table = toml::parse(text, path);
  } catch (const toml::parse_error& error) {
    return fmt::format("{}:{}:{}: {}; write KEY = VALUE, for example listen = \"127.0.0.1:8600\"",
                       path, error.source().begin.line, error.source().begin.column,
                       error.description());
  }
  for (const auto& [key, node] : table) {
    const auto place = key.source().begin;
    const std::string where = fmt::format("{}:{}:{}", path, place.line, place.column);
    const auto known = std::find_if(options.begin(), options.end(), [&](const Option& option) {
      return key_name(option.name) == key.str();
    });
    if (known == options.end()) {
      return fmt::format("{}: \"{}\" is no option; write one of {}", where, key.str(),
                         known_keys());
    }
    const auto value = text_of(node);
    if (!value) {
      return fmt::format("{}: {} takes one value; write {} = \"{}\"", where, key.str(), key.str(),
                         known->shape);
    }
    values.emplace(known->name, Written{*value, where});
  }
  return {};
}

std::string help_end() {
  return "Every option is also a variable (--listen: FENGHUO_LISTEN) and a key of the file given "
         "with --config (listen).\nA flag goes before a variable, a variable before the file.\n\n"
         "Example:\n  fenghuo-hub --data /var/lib/fenghuo --listen 0.0.0.0:8600 --plan city.toml";
}

Stop mistake(const std::string& text) {
  return {2, "fenghuo-hub: " + text + "\nSee fenghuo-hub --help.\n"};
}

std::variant<Config, Stop> made_of(const Values& values) {
  Config config;
  config.shards = std::max(1U, std::thread::hardware_concurrency() - 1);
  for (const Option& option : options) {
    const auto value = values.find(option.name);
    if (value == values.end()) continue;
    const std::string wrong = option.set(config, value->second.text);
    if (!wrong.empty()) return mistake(value->second.where + ": " + wrong);
  }
  if (config.data.empty()) return mistake("no data folder; write --data DIR");
  if (config.tls_cert.empty() != config.tls_key.empty()) {
    return mistake("TLS needs both files; write --tls-cert FILE --tls-key FILE");
  }
  return config;
}

}  // namespace

Surroundings Surroundings::of_process() {
  Surroundings surroundings;
  surroundings.variable = [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr || *value == '\0') return std::nullopt;
    return value;
  };
  surroundings.file = [](const std::string& path) -> std::optional<std::string> {
    std::ifstream in(path);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) return std::nullopt;
    return text.str();
  };
  return surroundings;
}

std::variant<Config, Stop> read_config(const std::vector<std::string>& arguments,
                                       const Surroundings& surroundings) {
  CLI::App app("Fenghuo: the real-time messaging hub of an emergency command center.",
               "fenghuo-hub");
  app.footer(help_end());
  app.set_version_flag("--version", "fenghuo-hub " FENGHUO_VERSION);
  std::map<std::string, std::string, std::less<>> flags;
  for (const Option& option : options) {
    app.add_option("--" + std::string(option.name), flags[option.name], option.help)
        ->type_name(option.shape);
  }
  app.add_option("--config", flags["config"], "TOML file with options")->type_name("FILE");
  try {
    // CLI11 takes them from the back.
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::CallForHelp&) {
    return Stop{0, app.help()};
  } catch (const CLI::CallForVersion& asked) {
    return Stop{0, std::string(asked.what()) + "\n"};
  } catch (const CLI::ParseError& error) {
    return mistake(error.what());
  }

  Values values;
  const auto take = [&](const std::string& name) {
    const std::string variable = variable_name(name);
    if (app.count("--" + name) > 0) {
      values.emplace(name, Written{flags[name], "--" + name});
    } else if (const auto value = surroundings.variable(variable)) {
      values.emplace(name, Written{*value, variable});
    }
  };
  for (const Option& option : options) take(option.name);
  take("config");
  const auto file = values.find("config");
  if (file != values.end()) {
    const std::string& path = file->second.text;
    const auto text = surroundings.file(path);
    if (!text) {
      return mistake(fmt::format("{}: cannot read {}; give a TOML file", file->second.where, path));
    }
    const std::string wrong = read_file(path, *text, values);
    if (!wrong.empty()) return mistake(wrong);
  }
  return made_of(values);
}

}  // namespace fenghuo::hub
