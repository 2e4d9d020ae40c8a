// SPDX-License-Identifier: Apache-2.0
#include "tools/admin/arguments.h"

#include <exception>
#include <iostream>

int main(int argc, char** argv) {
  try {
    return fenghuo::admin::run(argc, argv, std::cout, std::cerr);
  } catch (const std::exception& failure) {
    std::cerr << "fenghuo-admin: " << failure.what() << '\n';
    return 3;
  }
}
