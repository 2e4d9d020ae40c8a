// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/backoff.h"

#include <algorithm>
#include <charconv>

namespace fenghuo::client {
namespace {

constexpr std::int64_t at_once_bound_ms = 250;
constexpr std::int64_t later_bound_ms = 2'000;
constexpr std::int64_t bound_max_ms = 30'000;

}  // namespace

ComeBack after_close(std::uint16_t close_code, int last_error_code) {
  // Being slow to say hello is the network's fault, not the token's. A device that is replaced
  // backs off, else two programs with one device name would throw each other out for ever.
  if (close_code == v1::CLOSE_CODE_HELLO_TIMEOUT) return ComeBack::Later;
  if (close_code == v1::CLOSE_CODE_REPLACED) return ComeBack::Later;
  if (close_code == v1::CLOSE_CODE_CANNOT_RESUME) return ComeBack::AtOnce;
  if (close_code >= 4000 && close_code <= 4099) return ComeBack::AtOnce;
  if (close_code >= 4100 && close_code <= 4199) return ComeBack::Later;
  if (close_code >= 4200 && close_code <= 4299) return ComeBack::LogIn;
  if (close_code >= 4300 && close_code <= 4399) return ComeBack::Never;
  if (last_error_code == v1::ERROR_CODE_WRONG_WORLD) return ComeBack::Never;
  if (last_error_code >= 2000 && last_error_code <= 2999) return ComeBack::LogIn;
  if (last_error_code == v1::ERROR_CODE_UNSUPPORTED_PROTOCOL) return ComeBack::Never;
  if (last_error_code >= 5000 && last_error_code <= 5999) return ComeBack::Later;
  return ComeBack::AtOnce;
}

std::int64_t reconnect_delay_ms(ComeBack next, int attempts, double random) {
  const std::int64_t first = next == ComeBack::Later ? later_bound_ms : at_once_bound_ms;
  const std::int64_t bound = std::min(bound_max_ms, first << std::min(attempts, 10));
  return static_cast<std::int64_t>(random * static_cast<double>(bound));
}

std::int64_t asked_delay_ms(const Disconnect& how, double random) {
  if (how.close_code != v1::CLOSE_CODE_RESTART) return 0;
  const auto digit = how.reason.find_first_of("0123456789");
  if (digit == std::string::npos) return 0;
  std::int64_t asked = 0;
  std::from_chars(how.reason.data() + digit, how.reason.data() + how.reason.size(), asked);
  asked = std::clamp<std::int64_t>(asked, 0, bound_max_ms);
  return asked + static_cast<std::int64_t>(random * 0.5 * static_cast<double>(asked));
}

}  // namespace fenghuo::client
