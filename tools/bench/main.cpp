// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/workloads.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <stdlib.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <map>
#include <string>

namespace fenghuo::bench {

double percentile(std::vector<double>& values, double share) {
  if (values.empty()) return 0;
  const auto at = static_cast<std::size_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at), values.end());
  return values[at];
}

namespace {

struct Workload {
  const char* name;
  const char* what;
  Figures (*run)(const Setting&);
};

constexpr Workload workloads[] = {
    {"posts", "50 publishers, 200 bytes, stored before answered: posts a second", run_posts},
    {"fanout", "1 channel x 1,000 subscribers: CPU of the hub per delivery", run_fanout},
    {"latency", "1,000 posts/s into 100 channels x 20: post to deliver", run_latency},
    {"idle", "10,000 idle sessions: memory each", run_idle},
    {"reads", "restart, history and search over many messages", run_reads},
    {"coordination", "orders and their ladders: deciding, waiting, firing, replay",
     run_coordination},
    {"micro", "the core and the codecs by themselves", run_micro},
};

void print(const std::string& workload, const Figures& figures, bool json) {
  if (json) {
    std::string line = fmt::format("{{\"workload\":\"{}\"", workload);
    for (const auto& [name, value] : figures) line += fmt::format(",\"{}\":{:.6g}", name, value);
    fmt::print("{}}}\n", line);
    return;
  }
  fmt::print("{}\n", workload);
  for (const auto& [name, value] : figures) fmt::print("  {:<36} {:>14.4g}\n", name, value);
}

int run(int argc, char** argv) {
  CLI::App app{
      "Measures a real fenghuo-hub that it starts itself on loopback.\n"
      "Example: fenghuo-bench posts --seconds 10"};
  app.require_subcommand(1);
  Setting setting;
  setting.hub = std::filesystem::canonical("/proc/self/exe").parent_path() / "fenghuo-hub";
  bool json = false;
  std::string folder;
  app.add_option("--hub", setting.hub, "The daemon to measure")->capture_default_str();
  app.add_option("--data", folder, "Where the data folder is made (a real disk); default: TMPDIR");
  app.add_option("--seconds", setting.seconds, "How long to measure")->capture_default_str();
  app.add_option("--messages", setting.messages, "Size of the record for reads and replays")
      ->capture_default_str();
  app.add_option("--hub-flag", setting.hub_flags, "Passed on to the hub");
  app.add_flag("--json", json, "One JSON object instead of a table");
  app.fallthrough();
  for (const auto& workload : workloads) app.add_subcommand(workload.name, workload.what);
  CLI11_PARSE(app, argc, argv);

  const std::filesystem::path parent =
      folder.empty() ? std::filesystem::temp_directory_path() : std::filesystem::path(folder);
  for (const auto& workload : workloads) {
    if (!app.got_subcommand(workload.name)) continue;
    std::string name = (parent / "fenghuo-bench-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
    setting.data = name;
    print(workload.name, workload.run(setting), json);
    std::filesystem::remove_all(name);
  }
  return 0;
}

}  // namespace
}  // namespace fenghuo::bench

int main(int argc, char** argv) {
  try {
    return fenghuo::bench::run(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "fenghuo-bench: {}\n", error.what());
    return 1;
  }
}
