// SPDX-License-Identifier: Apache-2.0
#include "hub/session/window.h"

#include "hub/base/limits.h"

#include <algorithm>

namespace fenghuo::session {

namespace limits = base::limits;

bool Window::fits(std::uint64_t n, std::size_t bytes) const {
  if (unanswered_.empty()) return true;  // frame_bytes_max < inflight_bytes_max
  const auto oldest =
      std::min_element(unanswered_.begin(), unanswered_.end(),
                       [](const Unanswered& a, const Unanswered& b) { return a.n < b.n; });
  return unanswered_.size() < limits::inflight_max &&
         bytes_ + bytes <= limits::inflight_bytes_max &&
         (n <= oldest->n || n - oldest->n <= limits::inflight_max);
}

Window::Verdict Window::admit(std::uint64_t n, std::size_t bytes) {
  if (!fits(n, bytes)) {
    return ++refused_in_a_row_ > 2 * limits::inflight_max ? Verdict::Flooding : Verdict::Exceeded;
  }
  refused_in_a_row_ = 0;
  unanswered_.push_back({n, bytes});
  bytes_ += bytes;
  return Verdict::Admitted;
}

bool Window::release(std::uint64_t n) {
  const auto at = std::find_if(unanswered_.begin(), unanswered_.end(),
                               [n](const Unanswered& u) { return u.n == n; });
  if (at == unanswered_.end()) return false;
  bytes_ -= at->bytes;
  unanswered_.erase(at);
  return true;
}

bool Window::has_room() const {
  return unanswered_.size() < limits::inflight_max && bytes_ < limits::inflight_bytes_max;
}

}  // namespace fenghuo::session
