// SPDX-License-Identifier: Apache-2.0
#include "hub/config.h"

#include <gtest/gtest.h>

#include <map>

namespace fenghuo::hub {
namespace {

// A machine with these variables and these files, and nothing else.
struct Machine {
  std::map<std::string, std::string> variables;
  std::map<std::string, std::string> files;

  std::variant<Config, Stop> read(const std::vector<std::string>& arguments) const {
    const auto find = [](const auto& in, const std::string& name) -> std::optional<std::string> {
      const auto found = in.find(name);
      if (found == in.end()) return std::nullopt;
      return found->second;
    };
    Surroundings surroundings;
    surroundings.variable = [&](const std::string& name) { return find(variables, name); };
    surroundings.file = [&](const std::string& path) { return find(files, path); };
    return read_config(arguments, surroundings);
  }

  Config config(const std::vector<std::string>& arguments) const {
    const auto read_result = read(arguments);
    if (const auto* stop = std::get_if<Stop>(&read_result)) {
      ADD_FAILURE() << stop->text;
      return {};
    }
    return std::get<Config>(read_result);
  }

  // What is said of a mistake.
  std::string mistake(const std::vector<std::string>& arguments) const {
    const auto read_result = read(arguments);
    const auto* stop = std::get_if<Stop>(&read_result);
    if (stop == nullptr) return "no mistake";
    EXPECT_EQ(stop->code, 2);
    return stop->text;
  }
};

void expect_in(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), std::string::npos) << text;
}

TEST(Config, HasDefaultsForAllButTheData) {
  const Config config = Machine{}.config({"--data", "/d"});
  EXPECT_EQ(config.data, "/d");
  EXPECT_EQ(config.listen.to_string(), "127.0.0.1:8600");
  EXPECT_GE(config.shards, 1u);
  EXPECT_EQ(config.clock_speed, 1.0);
  EXPECT_FALSE(config.metrics_listen);
  expect_in(Machine{}.mistake({}), "write --data DIR");
}

TEST(Config, FlagBeforeVariableBeforeFile) {
  Machine machine;
  machine.files["hub.toml"] =
      "data = \"/file\"\nlisten = \"127.0.0.1:1\"\nshards = 3\nlog_format = \"json\"\n";
  machine.variables = {
      {"FENGHUO_CONFIG", "hub.toml"}, {"FENGHUO_LISTEN", "127.0.0.1:2"}, {"FENGHUO_SHARDS", "4"}};
  const Config config = machine.config({"--shards", "5"});
  EXPECT_EQ(config.data, "/file");
  EXPECT_EQ(config.listen.port, 2);
  EXPECT_EQ(config.shards, 5u);
  EXPECT_EQ(config.log_format, base::LogFormat::Json);
}

TEST(Config, EveryOptionIsAVariableAndAKey) {
  Machine machine;
  machine.variables = {{"FENGHUO_DATA", "/d"},          {"FENGHUO_TLS_CERT", "c"},
                       {"FENGHUO_TLS_KEY", "k"},        {"FENGHUO_PLAN", "p"},
                       {"FENGHUO_CLOCK_SPEED", "60.5"}, {"FENGHUO_METRICS_LISTEN", "127.0.0.1:9"}};
  const Config config = machine.config({});
  EXPECT_EQ(config.tls_cert, "c");
  EXPECT_EQ(config.tls_key, "k");
  EXPECT_EQ(config.plan, "p");
  EXPECT_EQ(config.clock_speed, 60.5);
  EXPECT_EQ(config.metrics_listen->port, 9);

  Machine other;
  other.files["f"] =
      "data='/d'\ntls_cert='c'\ntls_key='k'\nplan='p'\nclock_speed=60.5\n"
      "metrics_listen='127.0.0.1:9'\n";
  const Config from_file = other.config({"--config", "f"});
  EXPECT_EQ(from_file.tls_cert, "c");
  EXPECT_EQ(from_file.clock_speed, 60.5);
  EXPECT_EQ(from_file.metrics_listen->port, 9);
}

TEST(Config, MistakesNameTheirPlaceAndTheFix) {
  Machine machine;
  expect_in(machine.mistake({"--data", "/d", "--listen", "8600"}), "--listen: \"8600\"");
  expect_in(machine.mistake({"--data", "/d", "--listen", "8600"}), "127.0.0.1:8600");
  expect_in(machine.mistake({"--data", "/d", "--shards", "0"}), "write 1 to 64");
  expect_in(machine.mistake({"--data", "/d", "--clock-speed", "0.5"}), "write 1 to 1000");
  expect_in(machine.mistake({"--data", "/d", "--clock-speed", "nan"}), "write 1 to 1000");
  expect_in(machine.mistake({"--data", "/d", "--log-format", "xml"}), "write text or json");
  expect_in(machine.mistake({"--data", "/d", "--tls-key", "k"}), "--tls-cert FILE --tls-key FILE");
  expect_in(machine.mistake({"--nonsense"}), "--nonsense");
  machine.variables["FENGHUO_SHARDS"] = "many";
  expect_in(machine.mistake({"--data", "/d"}), "FENGHUO_SHARDS: \"many\"");
}

TEST(Config, MistakesInTheFileNameLineAndColumn) {
  Machine machine;
  machine.files["hub.toml"] = "data = \"/d\"\n\nlisten = 8600\n";
  expect_in(machine.mistake({"--config", "hub.toml"}), "hub.toml:3:1: \"8600\"");
  machine.files["hub.toml"] = "data = \"/d\"\nlissten = \"127.0.0.1:1\"\n";
  expect_in(machine.mistake({"--config", "hub.toml"}), "hub.toml:2:1: \"lissten\" is no option");
  machine.files["hub.toml"] = "data = \"/d\"\nshards = [1]\n";
  expect_in(machine.mistake({"--config", "hub.toml"}), "hub.toml:2:1: shards takes one value");
  machine.files["hub.toml"] = "data = \n";
  expect_in(machine.mistake({"--config", "hub.toml"}), "hub.toml:1:");
  expect_in(machine.mistake({"--config", "missing.toml"}), "cannot read missing.toml");
}

TEST(Config, HelpIsCompleteAndHasAnExample) {
  const auto read = Machine{}.read({"--help"});
  const auto& stop = std::get<Stop>(read);
  EXPECT_EQ(stop.code, 0);
  for (const char* part : {"--data", "--listen", "--tls-cert", "--tls-key", "--shards", "--plan",
                           "--config", "--log-format", "--clock-speed", "--metrics-listen",
                           "--version", "FENGHUO_LISTEN", "Example:"}) {
    expect_in(stop.text, part);
  }
  const auto version = Machine{}.read({"--version"});
  EXPECT_EQ(std::get<Stop>(version).code, 0);
  expect_in(std::get<Stop>(version).text, "fenghuo-hub ");
}

}  // namespace
}  // namespace fenghuo::hub
