// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace fenghuo::session {

// Which commands of one session are unanswered, against the window granted by `welcome`.
class Window {
 public:
  enum class Verdict {
    // Counted until release().
    Admitted,
    // Refuse it: too many, too many bytes, or n more than limits::inflight_max past the oldest
    // unanswered.
    Exceeded,
    // Refused more than twice a window in a row: close.
    Flooding,
  };
  Verdict admit(std::uint64_t n, std::size_t bytes);
  // It was answered. False = no such command is unanswered.
  bool release(std::uint64_t n);
  // Whether the hub should read on.
  bool has_room() const;

 private:
  struct Unanswered {
    std::uint64_t n = 0;
    std::size_t bytes = 0;
  };
  bool fits(std::uint64_t n, std::size_t bytes) const;

  std::vector<Unanswered> unanswered_;
  std::size_t bytes_ = 0;
  std::size_t refused_in_a_row_ = 0;
};

}  // namespace fenghuo::session
