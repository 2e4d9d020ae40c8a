// SPDX-License-Identifier: Apache-2.0
#include "hub/engine/inbox.h"

#include "hub/base/check.h"
#include "hub/base/limits.h"
#include "hub/core/decide.h"

#include <algorithm>
#include <utility>

namespace fenghuo::engine {

namespace limits = base::limits;

namespace {

constexpr std::size_t reserve_bytes = limits::inbox_bytes_max / 16;

// About what the engine needs for the backlog, at a careful 10,000 commands a second.
std::uint32_t retry_after_ms(std::size_t waiting) {
  return 50 + static_cast<std::uint32_t>(waiting / 10);
}

}  // namespace

bool may_be_urgent(const core::Envelope& envelope) {
  if (core::is_about_orders(envelope.command)) return true;
  return envelope.command.kind_case() == v1::Command::kPostMessage &&
         envelope.command.post_message().precedence() == v1::PRECEDENCE_FLASH;
}

std::optional<base::Error> Inbox::put(Submission submission, bool& was_empty) {
  const bool reserve = may_be_urgent(submission.envelope);
  const std::size_t commands_max =
      limits::inbox_commands_max - (reserve ? 0 : limits::inbox_reserve_commands);
  const std::size_t bytes_max = limits::inbox_bytes_max - (reserve ? 0 : reserve_bytes);
  const std::lock_guard lock(door_mutex_);
  const std::size_t waiting = commands_.load(std::memory_order_relaxed);
  if (waiting >= commands_max ||
      bytes_.load(std::memory_order_relaxed) + submission.bytes > bytes_max) {
    return base::Error(v1::ERROR_CODE_OVERLOADED, "the inbox is full")
        .retry_after(retry_after_ms(waiting));
  }
  commands_.fetch_add(1, std::memory_order_relaxed);
  bytes_.fetch_add(submission.bytes, std::memory_order_relaxed);
  was_empty = door_.empty();
  door_.push_back(std::move(submission));
  return std::nullopt;
}

bool Inbox::is_full() const {
  return commands_.load(std::memory_order_relaxed) >= limits::inbox_commands_max ||
         bytes_.load(std::memory_order_relaxed) >= limits::inbox_bytes_max;
}

void Inbox::take_arrivals(const std::function<Ring(const core::Envelope&)>& ring_of) {
  {
    const std::lock_guard lock(door_mutex_);
    arrivals_.swap(door_);
  }
  if (arrivals_.empty()) return;
  std::vector<Ring> rings;
  bool any_urgent = false;
  for (std::size_t i = 0; i < arrivals_.size(); ++i) {
    const Ring ring = ring_of(arrivals_[i].envelope);
    if (ring == Ring::Urgent && !any_urgent) {
      any_urgent = true;
      rings.assign(arrivals_.size(), Ring::Normal);
    }
    if (any_urgent) rings[i] = ring;
  }
  if (any_urgent) {
    lift(rings);
  } else {
    std::move(arrivals_.begin(), arrivals_.end(), std::back_inserter(normal_));
  }
  arrivals_.clear();
}

// Urgent arrivals, and before them whatever their sessions sent earlier, go to the urgent ring in
// order of arrival. One pass, whatever came.
void Inbox::lift(const std::vector<Ring>& rings) {
  std::unordered_map<std::uint64_t, std::size_t> last_urgent;
  for (std::size_t i = 0; i < rings.size(); ++i) {
    if (rings[i] == Ring::Urgent) last_urgent[arrivals_[i].session] = i;
  }
  const auto raise = [this](Submission&& submission) {
    ++urgent_sessions_[submission.session];
    urgent_.push_back(std::move(submission));
  };
  std::deque<Submission> stay;
  for (Submission& submission : normal_) {
    if (submission.session != 0 && last_urgent.contains(submission.session)) {
      raise(std::move(submission));
    } else {
      stay.push_back(std::move(submission));
    }
  }
  for (std::size_t i = 0; i < rings.size(); ++i) {
    Submission& submission = arrivals_[i];
    const auto last = last_urgent.find(submission.session);
    const bool lifted = submission.session != 0 && last != last_urgent.end() && i < last->second;
    if (rings[i] == Ring::Urgent || lifted) {
      raise(std::move(submission));
    } else {
      stay.push_back(std::move(submission));
    }
  }
  normal_ = std::move(stay);
}

std::optional<Submission> Inbox::next_urgent() {
  if (urgent_.empty()) return std::nullopt;
  std::optional<Submission> next = pop(urgent_, 0);
  const auto session = urgent_sessions_.find(next->session);
  FENGHUO_CHECK(session != urgent_sessions_.end());
  if (--session->second == 0) urgent_sessions_.erase(session);
  return next;
}

std::optional<Submission> Inbox::next_normal() {
  std::size_t index = 0;
  if (!urgent_sessions_.empty()) {
    // Rare: more urgent commands than one group takes. Skip sessions that must wait for theirs.
    const auto free = std::find_if(normal_.begin(), normal_.end(), [this](const Submission& s) {
      return s.session == 0 || !urgent_sessions_.contains(s.session);
    });
    index = static_cast<std::size_t>(free - normal_.begin());
  }
  if (index >= normal_.size()) return std::nullopt;
  return pop(normal_, index);
}

std::optional<Submission> Inbox::pop(std::deque<Submission>& ring, std::size_t index) {
  std::optional<Submission> taken = std::move(ring[index]);
  if (index == 0) {
    ring.pop_front();
  } else {
    ring.erase(ring.begin() + static_cast<std::ptrdiff_t>(index));
  }
  commands_.fetch_sub(1, std::memory_order_relaxed);
  bytes_.fetch_sub(taken->bytes, std::memory_order_relaxed);
  return taken;
}

}  // namespace fenghuo::engine
