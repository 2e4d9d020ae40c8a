// SPDX-License-Identifier: Apache-2.0
#include "hub/base/limits.h"
#include "hub/core/feedback.h"
#include "hub/core/incident_rules.h"
#include "hub/core/rows.h"

#include <set>

namespace fenghuo::core {
namespace {

using base::EntityId;

void add_writers(const State::Rows& rows, EntityId channel_id, std::set<EntityId>& found) {
  const ChannelRows* channel = rows.channels.find(channel_id);
  if (channel == nullptr) return;
  for (const MessageRow& row : channel->messages) found.insert(row.author_id);
}

// Members of a room who never wrote a word have seen it, not taken part.
std::set<EntityId> participants(const State::Rows& rows, const v1::Incident& incident) {
  std::vector<EntityId> ids = all_merged(rows, incident);
  ids.push_back(incident.id());
  std::set<EntityId> found;
  for (EntityId id : ids) {
    const v1::Incident& one = *rows.incidents.find(id);
    found.insert(one.declared_by_id());
    add_writers(rows, one.channel_id(), found);
    for (const v1::Group& group : one.groups()) add_writers(rows, group.channel_id(), found);
  }
  const std::set<EntityId> all(ids.begin(), ids.end());
  for (const auto& entry : rows.orders) {
    if (!all.contains(entry.row->incident_id())) continue;
    for (const v1::Addressee& one : entry.row->addressees()) {
      found.insert(one.accepted().account_id());
    }
  }
  return found;
}

}  // namespace

void draft_feedback_asks(const Context& context, const v1::Incident& incident, Draft& draft) {
  const base::TimeUs for_us = context.rows.configuration().feedback().ask_for_us();
  std::size_t asked = 0;
  draft.hub_speaks(true);
  for (EntityId id : participants(context.rows, incident)) {
    const v1::Account* account = id == 0 ? nullptr : context.state.account(id);
    if (account == nullptr || account->kind() == v1::Account::KIND_BOT ||
        !counts_as_member(context.rows, *account)) {
      continue;
    }
    if (++asked > base::limits::feedback_asks_max) break;
    v1::FeedbackAsked& event = *draft.add().mutable_feedback_asked();
    event.set_incident_id(incident.id());
    event.set_account_id(id);
    if (for_us > 0) event.set_until_us(context.now + for_us);
  }
  draft.hub_speaks(false);
}

}  // namespace fenghuo::core
