// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/types.h"

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <tuple>

namespace fenghuo::core {

// What the hub itself must do at an instant. Kinds of one area stand together.
enum class DeadlineKind : std::uint8_t {
  // Directory: the access of account `id` ends.
  AccessEnds,
  // Messages: the redaction proposal `id` lapses.
  RedactionLapses,
  // Duty: a shift or an override of role `id` begins or ends.
  DutyBoundary,
  // Orders, addressee `sub` of order `id`: the next rung or a gate; a repeat; the next means;
  // progress is asked for; duty has changed since it was resolved.
  OrderRung,
  OrderRepeat,
  OrderMeans,
  OrderProgress,
  OrderDuty,
  // Something recorded for another is not signed.
  SpokenUnsigned,
  // Incidents: the first level of `id` should be confirmed; orders of its template wait; proposal
  // `sub` waits for its answer or its confirmation; report `id` is to be reminded of, or overdue.
  IncidentConfirm,
  IncidentOrders,
  IncidentProposal,
  ReportClock,
  // Handover `id` is overdue; roll-call `id` ends; a stretch of role `id` and standing `sub` must
  // be told vacant, or is no longer.
  HandoverOverdue,
  RollCallEnds,
  RosterGap,
  // Alarms: alarm `id` clears; source `id` is silent; combination `id` has held.
  AlarmClears,
  SourceSilent,
  AlarmGroupDue,
  // Warning `id` expires, or leaves the list.
  WarningEnds,
  // Feedback: the first answer of `id` is due; it is shown; it is closed; ask `id` ends.
  FeedbackAnswer,
  FeedbackShown,
  FeedbackCloses,
  FeedbackAskEnds,
};

// A timer is data: which thing must act, and when. Derived from the entities (rebuilt by load), so
// an entity holds the instant itself; apply keeps the two in line. Private to this folder.
class Deadlines {
 public:
  // Names one timer: `sub` tells the timers of one entity and kind apart.
  struct Key {
    DeadlineKind kind = DeadlineKind::AccessEnds;
    base::EntityId id = 0;
    std::uint32_t sub = 0;

    auto operator<=>(const Key&) const = default;
  };
  struct Due {
    base::TimeUs at = 0;
    Key key;
  };

  // Sets or moves a timer; `at` 0 takes it away. Precedence 0 (none) to 4 (flash).
  void set(const Key& key, base::TimeUs at, std::uint8_t precedence = 0) {
    const auto known = entries_.find(key);
    if (known != entries_.end()) {
      queues_[known->second.precedence].erase({known->second.at, key});
      entries_.erase(known);
    }
    if (at == 0) return;
    entries_.emplace(key, Entry{at, precedence});
    queues_[precedence].insert({at, key});
  }

  // The earliest of all; nullopt = none.
  std::optional<base::TimeUs> next() const {
    std::optional<base::TimeUs> next;
    for (const auto& queue : queues_) {
      if (!queue.empty() && (!next || queue.begin()->first < *next)) next = queue.begin()->first;
    }
    return next;
  }

  // Of those due at `now`: the highest precedence first, then the earliest, then by key.
  std::optional<Due> first_due(base::TimeUs now) const {
    for (auto queue = queues_.rbegin(); queue != queues_.rend(); ++queue) {
      if (!queue->empty() && queue->begin()->first <= now) {
        return Due{queue->begin()->first, queue->begin()->second};
      }
    }
    return std::nullopt;
  }

  // When this one fires; nullopt = it is not set.
  std::optional<base::TimeUs> at(const Key& key) const {
    const auto known = entries_.find(key);
    if (known == entries_.end()) return std::nullopt;
    return known->second.at;
  }

  std::size_t size() const { return entries_.size(); }
  bool operator==(const Deadlines&) const = default;

 private:
  struct Entry {
    base::TimeUs at = 0;
    std::uint8_t precedence = 0;
    bool operator==(const Entry&) const = default;
  };
  std::map<Key, Entry> entries_;
  // By precedence.
  std::array<std::set<std::pair<base::TimeUs, Key>>, 5> queues_;
};

}  // namespace fenghuo::core
