// SPDX-License-Identifier: Apache-2.0
#include "hub/core/channels.h"

#include "hub/base/check.h"
#include "hub/base/limits.h"
#include "hub/core/access.h"
#include "hub/core/membership.h"

#include <algorithm>
#include <utility>

namespace fenghuo::core {
namespace {

namespace limits = base::limits;
using base::EntityId;
using Ids = google::protobuf::RepeatedField<std::uint64_t>;

constexpr auto manage = v1::Grant::VERB_MANAGE_CHANNELS;

void put_in_order(Ids& ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

Problem check_manages(const Context& context, const Object& object) {
  const Verdict verdict = allows(context.state, context.actor(), manage, object);
  if (verdict.allowed) return std::nullopt;
  return forbidden(verb_name(manage), verdict.reason);
}

Problem check_new(const Context& context, const v1::CreateChannel& command) {
  if (auto problem = check_manages(context, {.owner_id = context.actor()})) return problem;
  if (auto problem = check_key(command.key(), "create_channel.key")) return problem;
  if (command.kind() != v1::Channel::KIND_GROUP && command.kind() != v1::Channel::KIND_INCIDENT) {
    return bad_argument("create_channel.kind", "a group or an incident; others come from the plan");
  }
  if (auto problem = check_name(command.name(), "create_channel.name")) return problem;
  if (auto problem =
          check_text(command.topic(), 0, limits::topic_bytes_max, "create_channel.topic")) {
    return problem;
  }
  if (!v1::Channel::History_IsValid(command.history())) {
    return bad_argument("create_channel.history", "unknown");
  }
  if (auto problem = check_members(context, command.members(), "create_channel.members")) {
    return problem;
  }
  if (context.state.channel_by_key(command.key()) != nullptr) {
    return base::Error(v1::ERROR_CODE_ALREADY_EXISTS, "a channel with this key exists",
                       "create_channel.key");
  }
  if (context.state.channel_count() >= limits::channels_max) {
    return limit_reached("channels", limits::channels_max);
  }
  return std::nullopt;
}

}  // namespace

Problem check_members(const Context& context, const v1::Channel::Members& members,
                      const std::string& at) {
  for (const auto* ids : {&members.department_ids(), &members.role_ids(), &members.account_ids()}) {
    if (auto problem = check_count(ids->size(), limits::member_entries_max, at)) return problem;
  }
  for (EntityId id : members.department_ids()) {
    if (context.state.department(id) == nullptr) return not_found(at + ".department_ids");
  }
  for (EntityId id : members.role_ids()) {
    if (context.state.role(id) == nullptr) return not_found(at + ".role_ids");
  }
  for (EntityId id : members.account_ids()) {
    if (context.state.account(id) == nullptr) return not_found(at + ".account_ids");
  }
  return std::nullopt;
}

void put_in_order(v1::Channel::Members& members) {
  put_in_order(*members.mutable_department_ids());
  put_in_order(*members.mutable_role_ids());
  put_in_order(*members.mutable_account_ids());
}

const ChannelRows* visible_channel(const Context& context, EntityId channel_id) {
  const ChannelRows* channel = context.rows.channels.find(channel_id);
  if (channel == nullptr || context.is_hub()) return channel;
  return context.state.is_member(context.actor(), channel_id) ? channel : nullptr;
}

base::Result<Decision> decide_create_channel(const Context& context,
                                             const v1::CreateChannel& command) {
  if (auto problem = check_new(context, command)) return *problem;
  v1::Channel channel;
  channel.set_key(command.key());
  channel.set_kind(command.kind());
  *channel.mutable_name() = command.name();
  channel.set_topic(command.topic());
  *channel.mutable_members() = command.members();
  // Whoever makes a channel can see it.
  if (!context.is_hub()) channel.mutable_members()->add_account_ids(context.actor());
  put_in_order(*channel.mutable_members());
  channel.set_posting(v1::Channel::POSTING_MEMBERS);
  channel.set_history(command.history() == v1::Channel::HISTORY_UNSPECIFIED
                          ? v1::Channel::HISTORY_ALL
                          : command.history());
  channel.set_owner_id(context.actor());
  Draft draft(context);
  *draft.add().mutable_channel_set()->mutable_channel() = std::move(channel);
  return draft.finish();
}

base::Result<Decision> decide_change_channel(const Context& context,
                                             const v1::ChangeChannel& command) {
  const ChannelRows* row = visible_channel(context, command.channel_id());
  if (row == nullptr) return not_found("change_channel.channel_id");
  const v1::Channel& old = row->channel;
  if (auto problem = check_manages(context, object_of(context.state, old))) return *problem;
  if (old.kind() != v1::Channel::KIND_GROUP && old.kind() != v1::Channel::KIND_INCIDENT) {
    return bad_argument("change_channel.channel_id",
                        "only groups and incidents; others come from "
                        "the plan");
  }
  if (command.seen_revision() != old.revision()) {
    return base::Error(v1::ERROR_CODE_STALE_REVISION, "the channel has changed since",
                       "change_channel.seen_revision")
        .with("current", std::to_string(old.revision()));
  }
  v1::Channel channel = old;
  if (command.has_name()) {
    if (auto problem = check_name(command.name(), "change_channel.name")) return *problem;
    *channel.mutable_name() = command.name();
  }
  if (command.has_topic()) {
    if (auto problem =
            check_text(command.topic(), 0, limits::topic_bytes_max, "change_channel.topic")) {
      return *problem;
    }
    channel.set_topic(command.topic());
  }
  if (command.has_members()) {
    if (auto problem = check_members(context, command.members(), "change_channel.members")) {
      return *problem;
    }
    *channel.mutable_members() = command.members();
    put_in_order(*channel.mutable_members());
  }
  if (command.has_archived()) channel.set_archived(command.archived());
  Draft draft(context);
  if (!same(channel, old)) {
    channel.clear_revision();
    *draft.add().mutable_channel_set()->mutable_channel() = std::move(channel);
  }
  return draft.finish();
}

base::Result<Decision> decide_open_direct(const Context& context, const v1::OpenDirect& command) {
  const std::string field = "open_direct.account_ids";
  if (auto problem =
          check_count(command.account_ids_size(), limits::direct_members_max - 1, field)) {
    return *problem;
  }
  const v1::Account* actor = context.state.account(context.actor());
  if (actor == nullptr || actor->kind() == v1::Account::KIND_GUEST) {
    return forbidden("open_direct", "only staff open direct channels");
  }
  std::vector<EntityId> people = {context.actor()};
  for (EntityId id : command.account_ids()) {
    const v1::Account* other = context.state.account(id);
    if (other == nullptr) return not_found(field);
    if (other->kind() == v1::Account::KIND_GUEST || !context.state.is_active(id, context.now)) {
      return bad_argument(field, "only active staff");
    }
    insert_id(people, id);
  }
  if (people.size() < 2) return bad_argument(field, "somebody else at least");
  const auto existing = context.rows.directs.find(people);
  if (existing != context.rows.directs.end()) {
    Decision decision;
    decision.done.set_id(existing->second);
    return decision;
  }
  if (context.state.channel_count() >= limits::channels_max) {
    return limit_reached("channels", limits::channels_max);
  }
  v1::Channel channel;
  channel.set_kind(v1::Channel::KIND_DIRECT);
  for (EntityId id : people) channel.mutable_members()->add_account_ids(id);
  channel.set_posting(v1::Channel::POSTING_MEMBERS);
  channel.set_history(v1::Channel::HISTORY_ALL);
  channel.set_owner_id(context.actor());
  Draft draft(context);
  *draft.add().mutable_channel_set()->mutable_channel() = std::move(channel);
  return draft.finish();
}

base::Result<Decision> decide_set_legal_hold(const Context& context,
                                             const v1::SetLegalHold& command) {
  const ChannelRows* row = visible_channel(context, command.channel_id());
  if (row == nullptr) return not_found("set_legal_hold.channel_id");
  const Verdict verdict = allows(context.state, context.actor(), v1::Grant::VERB_HOLD,
                                 object_of(context.state, row->channel));
  if (!verdict.allowed) return forbidden(verb_name(v1::Grant::VERB_HOLD), verdict.reason);
  if (auto problem =
          check_text(command.reason(), 1, limits::reason_bytes_max, "set_legal_hold.reason")) {
    return *problem;
  }
  Draft draft(context);
  if (row->held != command.held()) {
    v1::LegalHoldSet& event = *draft.add().mutable_legal_hold_set();
    event.set_channel_id(command.channel_id());
    event.set_held(command.held());
    event.set_reason(command.reason());
  }
  return draft.finish();
}

void apply_channel_set(State::Rows& rows, const Record& record, Effects& effects) {
  v1::Channel value = record.event.channel_set().channel();
  if (value.id() == 0) value.set_id(record.position);
  value.set_revision(record.position);
  const EntityId id = value.id();
  ChannelRows* row = rows.channels.find(id);
  if (row == nullptr) {
    // Places of messages count channels in order of creation.
    FENGHUO_CHECK(rows.channels.empty() || (rows.channels.end() - 1)->id < id);
    row = &rows.channels.put(id, ChannelRows{});
  } else {
    unindex_channel(rows, row->channel);
    rows.channels.touch(id);
  }
  rows.unsaved_bytes += 256;
  row->channel = std::move(value);
  if (!row->channel.key().empty()) rows.channel_keys[row->channel.key()] = id;
  index_channel(rows, row->channel);
  refresh_channel(rows, *row, record.position, effects);
  effects.changed_channels.push_back(id);
}

void apply_legal_hold_set(State::Rows& rows, const v1::LegalHoldSet& event, Effects& effects) {
  ChannelRows* row = rows.channels.find(event.channel_id());
  FENGHUO_CHECK(row != nullptr);
  row->held = event.held();
  rows.channels.touch(event.channel_id());
  effects.changed_channels.push_back(event.channel_id());
}

}  // namespace fenghuo::core
