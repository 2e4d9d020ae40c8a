// SPDX-License-Identifier: Apache-2.0
#include "hub/core/knowledge.h"

#include "hub/core/access.h"
#include "hub/core/context.h"
#include "hub/core/kinds.h"
#include "hub/core/order_change.h"
#include "hub/core/project.h"
#include "hub/core/render.h"

#include <algorithm>
#include <utility>

namespace fenghuo::core {
namespace {

using base::EntityId;
using base::TimeUs;

// An order's issuer, command seats and auditors learn of everybody, as does the author.
bool learns_of_all(const State& state, EntityId account_id, const v1::Message& message) {
  const State::Rows& rows = state.rows();
  if (message.author_id() == account_id) return true;
  if (const v1::Order* order = rows.orders.find(message.id())) {
    if (order->issuer_id() == account_id) return true;
    if (order->issuer_role_id() != 0 && is_appointed(state, account_id, order->issuer_role_id())) {
      return true;
    }
  }
  Viewers seats;
  seats.command_seats = true;
  return may_see(rows, account_id, seats) ||
         allows(state, account_id, v1::Grant::VERB_AUDIT, Object{}).allowed;
}

// Those addressed; of a message that asks nobody, whoever belongs to the channel since.
void add_accounts(const State& state, const v1::Message& message, KnowledgeScope& scope) {
  const State::Rows& rows = state.rows();
  for (const v1::Receipt& one : state.receipts(message.id())) {
    scope.accounts.emplace(one.account_id(), 0);
  }
  if (const v1::Order* order = rows.orders.find(message.id())) {
    for (const v1::Addressee& one : order->addressees()) {
      for (EntityId id : one.run().reached_account_ids()) scope.accounts.emplace(id, 0);
      for (EntityId id : one.run().released_account_ids()) scope.accounts.emplace(id, 0);
    }
  }
  if (scope.accounts.empty()) {
    for (const auto& entry : rows.accounts) {
      const Membership* one = rows.membership(entry.id, scope.channel_id);
      if (one == nullptr) continue;
      for (const Membership::Interval& interval : one->intervals) {
        if (interval.until != 0 && interval.until <= message.id()) continue;
        scope.accounts.emplace(entry.id, interval.since <= message.id() ? 0 : interval.since);
        break;
      }
    }
  }
  scope.accounts.erase(message.author_id());
}

}  // namespace

base::Result<KnowledgeScope> knowledge_scope(const State& state, EntityId account_id,
                                             const v1::KnowledgeQuery& query, TimeUs now) {
  const auto ref = message_for(state, query.message_id(), account_id);
  if (!ref || is_guest(state.rows(), account_id)) return not_found("knowledge.message_id");
  if (query.version() > ref->message.version()) {
    return bad_argument("knowledge.version", "there is no such version: the newest is " +
                                                 std::to_string(ref->message.version()));
  }
  KnowledgeScope scope;
  scope.query = query;
  if (query.at_us() == 0 || query.at_us() > now) scope.query.set_at_us(now);
  scope.channel_id = ref->message.channel_id();
  scope.seq = ref->message.seq();
  scope.thread_root_id = ref->message.thread_root_id();
  scope.from = query.message_id();
  scope.through = state.position();
  if (scope.query.at_us() < ref->message.posted_us()) {
    return bad_argument("knowledge.at_us", "the message was posted later than that");
  }
  add_accounts(state, ref->message, scope);
  if (!learns_of_all(state, account_id, ref->message)) {
    std::erase_if(scope.accounts,
                  [account_id](const auto& one) { return one.first != account_id; });
  }
  return scope;
}

KnowledgeFold::KnowledgeFold(KnowledgeScope scope) : scope_(std::move(scope)) {}

KnowledgeFold::Facts* KnowledgeFold::facts_of(EntityId account_id) {
  if (scope_.accounts.count(account_id) == 0) return nullptr;
  return &facts_[account_id];
}

// Whoever reads past it for the first time sees the version of then, and has it.
void KnowledgeFold::note_read(EntityId account_id, TimeUs at) {
  Facts* facts = facts_of(account_id);
  if (facts == nullptr || facts->has_read_past) return;
  facts->has_read_past = true;
  const auto version = static_cast<std::uint32_t>(versions_.size());
  facts->delivered.emplace(version, at);
  facts->seen.emplace(version, at);
}

void KnowledgeFold::add_order(const Record& record) {
  const v1::Event& event = record.event;
  const auto version = static_cast<std::uint32_t>(versions_.size());
  if (event.has_order_observed() &&
      event.order_observed().order_id() == scope_.query.message_id()) {
    Facts* facts = facts_of(event.order_observed().account_id());
    if (facts == nullptr) return;
    facts->delivered.emplace(version, record.time_us);
    if (event.order_observed().seen()) facts->seen.emplace(version, record.time_us);
  } else if (event.has_order_answered() &&
             event.order_answered().order_id() == scope_.query.message_id()) {
    const v1::OrderAnswered& answered = event.order_answered();
    const bool accepts = answered.kind() == v1::OrderAnswered::KIND_ACCEPTED ||
                         answered.kind() == v1::OrderAnswered::KIND_ALSO_CONFIRMED;
    Facts* facts = accepts ? facts_of(answered.answer().account_id()) : nullptr;
    if (facts != nullptr) facts->acknowledged.emplace(version, record.time_us);
  }
}

bool KnowledgeFold::add(const Record& record) {
  if (record.position < scope_.from) return true;
  if (record.position > scope_.through || record.time_us > scope_.query.at_us()) return false;
  last_ = record.position;
  const v1::Event& event = record.event;
  if (record.position == scope_.query.message_id()) {
    versions_.push_back(record.time_us);
  } else if (event.has_message_edited() &&
             event.message_edited().message_id() == scope_.query.message_id()) {
    versions_.push_back(record.time_us);
  } else if (event.has_messages_delivered()) {
    for (const auto& row : event.messages_delivered().rows()) {
      if (row.message_id() != scope_.query.message_id()) continue;
      if (Facts* facts = facts_of(row.account_id())) {
        facts->delivered.emplace(versions_.size(), record.time_us);
      }
    }
  } else if (event.has_cursors_advanced()) {
    for (const auto& row : event.cursors_advanced().rows()) {
      if (row.channel_id() != scope_.channel_id || row.seq() < scope_.seq ||
          row.thread_root_id() != scope_.thread_root_id) {
        continue;
      }
      note_read(row.account_id(), record.time_us);
    }
  } else if (event.has_message_acknowledged() &&
             event.message_acknowledged().message_id() == scope_.query.message_id()) {
    if (Facts* facts = facts_of(event.account_id())) {
      facts->acknowledged.emplace(event.message_acknowledged().version(), record.time_us);
    }
  } else {
    add_order(record);
  }
  return true;
}

base::Result<v1::KnowledgeResult> KnowledgeFold::finish() const {
  const std::uint32_t version = scope_.query.version() != 0
                                    ? scope_.query.version()
                                    : static_cast<std::uint32_t>(versions_.size());
  if (version == 0 || version > versions_.size()) {
    return bad_argument("knowledge.at_us", "that version came later than this instant");
  }
  v1::KnowledgeResult result;
  result.set_message_id(scope_.query.message_id());
  result.set_version(version);
  result.set_at_us(scope_.query.at_us());
  result.set_since_us(versions_[version - 1]);
  const auto time_of = [version](const std::map<std::uint32_t, TimeUs>& times) {
    const auto found = times.find(version);
    return found == times.end() ? TimeUs{0} : found->second;
  };
  for (const auto& [account_id, since] : scope_.accounts) {
    // Came later than the instant asked for.
    if (since > last_) continue;
    v1::KnowledgeResult::Row row;
    row.set_account_id(account_id);
    if (const auto found = facts_.find(account_id); found != facts_.end()) {
      const Facts& facts = found->second;
      row.set_acknowledged_us(time_of(facts.acknowledged));
      // Whoever says he has read it has read it, and whoever has read it has it.
      const auto earliest = [](TimeUs own, TimeUs other) {
        return own == 0 || (other != 0 && other < own) ? other : own;
      };
      row.set_seen_us(earliest(time_of(facts.seen), row.acknowledged_us()));
      row.set_delivered_us(earliest(time_of(facts.delivered), row.seen_us()));
      std::uint32_t newest = 0;
      if (!facts.seen.empty()) newest = facts.seen.rbegin()->first;
      if (!facts.acknowledged.empty()) {
        newest = std::max(newest, facts.acknowledged.rbegin()->first);
      }
      row.set_newest_version(newest);
    }
    result.set_total(result.total() + 1);
    result.set_delivered(result.delivered() + (row.delivered_us() != 0 ? 1 : 0));
    result.set_seen(result.seen() + (row.seen_us() != 0 ? 1 : 0));
    result.set_acknowledged(result.acknowledged() + (row.acknowledged_us() != 0 ? 1 : 0));
    *result.add_rows() = std::move(row);
  }
  return result;
}

}  // namespace fenghuo::core
