// SPDX-License-Identifier: Apache-2.0
#include "hub/base/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <string>

namespace fenghuo::base {
namespace {

LogFormat current_format = LogFormat::Text;

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::Debug: return spdlog::level::debug;
    case LogLevel::Info: return spdlog::level::info;
    case LogLevel::Warn: return spdlog::level::warn;
    case LogLevel::Error: return spdlog::level::err;
  }
  return spdlog::level::info;
}

// Only what JSON strings need; the text is UTF-8 already.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
  return out;
}

}  // namespace

void open_log(LogFormat format, LogLevel at_least) {
  current_format = format;
  auto logger = std::make_shared<spdlog::logger>("fenghuo",
                                                 std::make_shared<spdlog::sinks::stdout_sink_mt>());
  logger->set_pattern(format == LogFormat::Json
                          ? R"({"time":"%Y-%m-%dT%H:%M:%S.%f%z","level":"%l",%v})"
                          : "%Y-%m-%dT%H:%M:%S.%e%z %L %v");
  logger->set_level(to_spdlog(at_least));
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
}

void log_line(LogLevel level, std::string_view room, std::string_view text) {
  if (current_format == LogFormat::Json) {
    spdlog::log(to_spdlog(level), R"("room":{},"message":{})", quoted(room), quoted(text));
  } else {
    spdlog::log(to_spdlog(level), "{}: {}", room, text);
  }
}

}  // namespace fenghuo::base
