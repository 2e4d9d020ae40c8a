// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace fenghuo::base {

enum class LogLevel { Debug, Info, Warn, Error };
enum class LogFormat { Text, Json };

// Where log lines go: stdout, one line each; JSON lines carry time, level, room and message. Call
// once at start-up; before that lines go as text. Thread-safe.
void open_log(LogFormat format, LogLevel at_least);

// One line. `room` is the folder's name: "net", "engine".
void log_line(LogLevel level, std::string_view room, std::string_view text);

template <typename... Args>
void log_info(std::string_view room, fmt::format_string<Args...> format, Args&&... args) {
  log_line(LogLevel::Info, room, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void log_warn(std::string_view room, fmt::format_string<Args...> format, Args&&... args) {
  log_line(LogLevel::Warn, room, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void log_error(std::string_view room, fmt::format_string<Args...> format, Args&&... args) {
  log_line(LogLevel::Error, room, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace fenghuo::base
