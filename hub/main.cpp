// SPDX-License-Identifier: Apache-2.0
#include "hub/config.h"
#include "hub/server.h"

#include <cstdio>

int main(int argc, char** argv) {
  using namespace fenghuo;
  const auto read = hub::read_config({argv + 1, argv + argc}, hub::Surroundings::of_process());
  if (const auto* stop = std::get_if<hub::Stop>(&read)) {
    std::fputs(stop->text.c_str(), stop->code == 0 ? stdout : stderr);
    return stop->code;
  }
  const auto& config = std::get<hub::Config>(read);
  base::open_log(config.log_format, base::LogLevel::Info);
  return hub::run_server(config);
}
