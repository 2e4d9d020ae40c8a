// SPDX-License-Identifier: Apache-2.0
#include "hub/base/log.h"
#include "hub/base/sha256.h"
#include "tests/sim/simulation.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

// test_sim --seed N [--twice]     one run; --twice: again, and it must be the same
// test_sim --seeds FROM-TO        many; stops at the first that breaks a promise
namespace {

using fenghuo::sim::Simulation;

bool run(std::uint64_t seed, bool twice, bool loud) {
  try {
    Simulation first(seed);
    first.run();
    const Simulation::Figures& figures = first.figures();
    if (loud) {
      fmt::print(
          "seed {}: {} records, {} clients, {} commands, {} kills, {} cuts, {} hours lost, digest "
          "{}\n",
          seed, figures.records, figures.clients, figures.commands, figures.kills, figures.cuts,
          figures.lost_hours, fenghuo::base::to_hex(figures.digest).substr(0, 16));
    }
    if (!twice) return true;
    Simulation second(seed);
    second.run();
    if (second.figures() == figures) return true;
    fmt::print(stderr, "seed {}: two runs are not the same\n", seed);
  } catch (const fenghuo::sim::Violation& violation) {
    fmt::print(stderr, "seed {}: {}\nagain: test_sim --seed {}\n", seed, violation.what(), seed);
  }
  return false;
}

int usage() {
  fmt::print(stderr, "usage: test_sim --seed N [--twice] | --seeds FROM-TO\n");
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  fenghuo::base::open_log(fenghuo::base::LogFormat::Text, fenghuo::base::LogLevel::Error);
  if (argc < 3) return usage();
  const std::string_view mode = argv[1];
  const std::string text = argv[2];
  if (mode == "--seed") {
    const bool twice = argc > 3 && std::string_view(argv[3]) == "--twice";
    return run(std::strtoull(text.c_str(), nullptr, 10), twice, true) ? 0 : 1;
  }
  const std::size_t dash = text.find('-');
  if (mode != "--seeds" || dash == std::string::npos) return usage();
  const std::uint64_t from = std::strtoull(text.c_str(), nullptr, 10);
  const std::uint64_t to = std::strtoull(text.c_str() + dash + 1, nullptr, 10);
  for (std::uint64_t seed = from; seed <= to; ++seed) {
    if (!run(seed, false, false)) return 1;
  }
  fmt::print("{} seeds kept every promise\n", to - from + 1);
  return 0;
}
