// SPDX-License-Identifier: Apache-2.0
#include "hub/engine/held.h"

#include "hub/base/limits.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace fenghuo::engine {
namespace {

const v1::FeedbackOpened& opened(const core::Drafted& drafted) {
  return drafted.event.feedback_opened();
}

}  // namespace

base::TimeUs Held::until(const core::Decision& decision) {
  const bool alone = decision.events.size() == 1;
  if (!alone || !decision.events.front().event.has_feedback_opened()) return 0;
  return opened(decision.events.front()).shown_us();
}

bool Held::knows(const core::Drafted& drafted) const {
  return receipts_.contains(opened(drafted).receipt_hash());
}

bool Held::is_full() const { return waiting_.size() >= base::limits::feedback_held_max; }

void Held::add(core::Drafted drafted) {
  const std::string receipt = opened(drafted).receipt_hash();
  const base::TimeUs due = opened(drafted).shown_us();
  receipts_.insert(receipt);
  waiting_.emplace(std::pair(due, receipt), Waiting{std::move(drafted)});
}

base::TimeUs Held::due_at() const {
  const auto first = std::find_if(waiting_.begin(), waiting_.end(),
                                  [](const auto& entry) { return entry.second.position == 0; });
  return first == waiting_.end() ? 0 : first->first.first;
}

std::optional<core::Drafted> Held::take(base::TimeUs now, base::Position position) {
  const auto first = std::find_if(waiting_.begin(), waiting_.end(),
                                  [](const auto& entry) { return entry.second.position == 0; });
  if (first == waiting_.end() || first->first.first > now) return std::nullopt;
  first->second.position = position;
  return first->second.drafted;
}

void Held::written(base::Position through) {
  while (!waiting_.empty()) {
    const auto first = waiting_.begin();
    const base::Position position = first->second.position;
    if (position == 0 || position > through) return;
    receipts_.erase(first->first.second);
    waiting_.erase(first);
  }
}

void Held::not_written() {
  for (auto& [key, one] : waiting_) one.position = 0;
}

}  // namespace fenghuo::engine
