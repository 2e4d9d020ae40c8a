// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/result.h"
#include "tools/admin/center.h"

#include <fmt/format.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <utility>

namespace fenghuo::admin {

// Where a command speaks: results on `out`, what went wrong on `err`.
struct Terminal {
  std::ostream& out;
  std::ostream& err;

  template <typename... Args>
  void say(fmt::format_string<Args...> format, Args&&... args) const {
    out << fmt::format(format, std::forward<Args>(args)...) << '\n';
  }
  template <typename... Args>
  void complain(fmt::format_string<Args...> format, Args&&... args) const {
    err << fmt::format(format, std::forward<Args>(args)...) << '\n';
  }
  // Says the error; returns its exit code.
  int fail(const base::Error& error) const {
    complain("{}", error.to_string());
    return exit_code_of(error);
  }
};

// Exit codes; see also exit_code_of.
inline constexpr int exit_done = 0;
inline constexpr int exit_refused = 1;
inline constexpr int exit_usage = 2;
inline constexpr int exit_unreachable = 3;

// How commands reach the center.
struct Access {
  // What is there now, without changing anything; an empty folder has an empty directory.
  std::function<base::Result<Center::Directory>()> look;
  // To change it. An empty folder becomes the center named here, or with no name is an error.
  std::function<base::Result<std::unique_ptr<Center>>(const std::string& center_id)> open;
};

}  // namespace fenghuo::admin
