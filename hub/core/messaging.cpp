// SPDX-License-Identifier: Apache-2.0
#include "hub/core/messaging.h"

#include "hub/base/limits.h"
#include "hub/core/access.h"
#include "hub/core/channels.h"
#include "hub/core/order.h"
#include "hub/core/order_change.h"
#include "hub/core/receipts.h"

#include <algorithm>
#include <string>
#include <utility>

namespace fenghuo::core {
namespace {

namespace limits = base::limits;
using base::EntityId;
using Mentions = google::protobuf::RepeatedPtrField<v1::Mention>;
using Attachments = google::protobuf::RepeatedPtrField<v1::Attachment>;

Problem check_mentions(const Context& context, const Mentions& mentions, const std::string& field) {
  if (auto problem = check_count(mentions.size(), limits::mentions_max, field)) return problem;
  for (const v1::Mention& mention : mentions) {
    switch (mention.target_case()) {
      case v1::Mention::kAccountId:
        if (context.state.account(mention.account_id()) == nullptr) return not_found(field);
        break;
      case v1::Mention::kRoleId:
        if (context.state.role(mention.role_id()) == nullptr) return not_found(field);
        break;
      case v1::Mention::kEveryone:
        if (!mention.everyone()) return bad_argument(field, "names nobody");
        break;
      case v1::Mention::TARGET_NOT_SET: return bad_argument(field, "names nobody");
    }
  }
  return std::nullopt;
}

Problem check_attachments(const Attachments& attachments, const std::string& field) {
  if (auto problem = check_count(attachments.size(), limits::attachments_max, field)) {
    return problem;
  }
  for (const v1::Attachment& one : attachments) {
    if (one.hash().size() != 32) return bad_argument(field + ".hash", "32 bytes of SHA-256");
    if (auto problem = check_text(one.name(), 1, limits::name_bytes_max, field + ".name")) {
      return problem;
    }
    if (auto problem =
            check_text(one.media_type(), 0, limits::name_bytes_max, field + ".media_type")) {
      return problem;
    }
  }
  return std::nullopt;
}

template <typename T>
Problem check_content(const Context& context, const T& command, const std::string& at) {
  const std::size_t least = command.attachments().empty() ? 1 : 0;
  if (auto problem =
          check_text(command.text(), least, limits::message_text_bytes_max, at + ".text")) {
    return problem;
  }
  if (auto problem = check_mentions(context, command.mentions(), at + ".mentions")) return problem;
  return check_attachments(command.attachments(), at + ".attachments");
}

template <typename T>
v1::Body content_of(const T& command) {
  v1::Body body;
  body.set_text(command.text());
  *body.mutable_attachments() = command.attachments();
  return body;
}

Problem check_thread(const Context& context, const v1::PostMessage& command) {
  if (command.thread_root_id() == 0) return std::nullopt;
  const SeenMessage root = visible_message(context, command.thread_root_id());
  const std::string field = "post_message.thread_root_id";
  if (root.channel == nullptr || root.channel->channel.id() != command.channel_id()) {
    return not_found(field);
  }
  if (root.row().root_seq != 0) return bad_argument(field, "is itself in a thread");
  return std::nullopt;
}

}  // namespace

Problem check_may_post(const Context& context, const v1::Channel& channel,
                       v1::Precedence precedence) {
  if (channel.archived()) {
    return base::Error(v1::ERROR_CODE_ARCHIVED, "the channel is archived");
  }
  const Verdict posts = may_post(context.state, context.actor(), channel);
  if (!posts.allowed) return forbidden("announce", posts.reason);
  if (precedence == v1::PRECEDENCE_FLASH) {
    const Verdict flash = allows(context.state, context.actor(), v1::Grant::VERB_FLASH,
                                 object_of(context.state, channel));
    if (!flash.allowed) return forbidden("flash", flash.reason);
  }
  return std::nullopt;
}

namespace {

// Whom the mentions name by account or role, among the members and without the author.
std::vector<EntityId> resolve(const State::Rows& rows, const ChannelRows& channel,
                              const Mentions& mentions, EntityId author_id) {
  std::vector<EntityId> named;
  for (const v1::Mention& mention : mentions) {
    if (mention.target_case() == v1::Mention::kAccountId) named.push_back(mention.account_id());
    if (mention.target_case() != v1::Mention::kRoleId) continue;
    const auto& ids = ids_under(rows.appointees, mention.role_id());
    named.insert(named.end(), ids.begin(), ids.end());
  }
  std::sort(named.begin(), named.end());
  named.erase(std::unique(named.begin(), named.end()), named.end());
  std::erase_if(named, [&](EntityId id) { return id == author_id || !holds(channel.members, id); });
  return named;
}

bool names_everyone(const Mentions& mentions) {
  return std::any_of(mentions.begin(), mentions.end(),
                     [](const v1::Mention& mention) { return mention.everyone(); });
}

// Frozen at posting: whom the mentions name, else (or when they name no member) all other members;
// never bots.
std::vector<EntityId> addressees(const Context& context, const ChannelRows& channel,
                                 const v1::PostMessage& command) {
  std::vector<EntityId> ids = resolve(context.rows, channel, command.mentions(), context.actor());
  if (ids.empty() || names_everyone(command.mentions())) ids = channel.members;
  std::erase_if(ids, [&](EntityId id) {
    return id == context.actor() || context.state.account(id)->kind() == v1::Account::KIND_BOT;
  });
  return ids;
}

// Of the next message of the channel, after those already drafted.
std::uint64_t next_seq(const ChannelRows& channel, const Draft& draft) {
  std::uint64_t seq = channel.last_seq() + std::uint64_t{1};
  for (const Drafted& one : draft.events()) {
    if (one.event.message_posted().channel_id() == channel.channel.id()) ++seq;
  }
  return seq;
}

}  // namespace

Problem check_message(const Context& context, const v1::PostMessage& command,
                      const std::string& field) {
  return check_content(context, command, field);
}

void draft_posted(const Context& context, const ChannelRows& channel,
                  const v1::PostMessage& command, Draft& draft) {
  const std::uint64_t seq = next_seq(channel, draft);
  v1::MessagePosted& event = *draft.add().mutable_message_posted();
  event.set_channel_id(command.channel_id());
  event.set_seq(seq);
  event.set_precedence(command.precedence() == v1::PRECEDENCE_UNSPECIFIED ? v1::PRECEDENCE_ROUTINE
                                                                          : command.precedence());
  *event.mutable_mentions() = command.mentions();
  for (const v1::Attachment& one : command.attachments()) event.add_blob_hashes(one.hash());
  event.set_thread_root_id(command.thread_root_id());
  const bool asks = command.ask_receipt() || event.precedence() >= v1::PRECEDENCE_IMMEDIATE;
  event.set_ask_receipt(asks);
  if (asks) {
    const std::vector<EntityId> ids = addressees(context, channel, command);
    event.mutable_addressee_ids()->Assign(ids.begin(), ids.end());
  }
  draft.set_body(content_of(command));
}

void draft_edit(const MessageRow& row, const v1::EditMessage& command, Draft& draft) {
  v1::MessageEdited& event = *draft.add().mutable_message_edited();
  event.set_message_id(command.message_id());
  event.set_version(row.version + 1U);
  event.set_kind(command.kind());
  *event.mutable_mentions() = command.mentions();
  for (const v1::Attachment& one : command.attachments()) event.add_blob_hashes(one.hash());
  draft.set_body(content_of(command));
}

SeenMessage visible_message(const Context& context, EntityId message_id) {
  const auto* place = context.rows.place(message_id);
  if (place == nullptr) return {};
  const ChannelRows& channel = context.rows.channel_at(*place);
  if (!context.is_hub() &&
      place->seq < context.state.first_seq(context.actor(), channel.channel.id())) {
    return {};
  }
  return {&channel, place->seq};
}

base::Result<Decision> decide_post_message(const Context& context, const v1::PostMessage& command) {
  const ChannelRows* channel = visible_channel(context, command.channel_id());
  if (channel == nullptr) return not_found("post_message.channel_id");
  if (!v1::Precedence_IsValid(command.precedence())) {
    return bad_argument("post_message.precedence", "unknown");
  }
  if (auto problem = check_may_post(context, channel->channel, command.precedence())) {
    return *problem;
  }
  if (auto problem = check_content(context, command, "post_message")) return *problem;
  if (auto problem = check_thread(context, command)) return *problem;
  Draft draft(context);
  draft_posted(context, *channel, command, draft);
  draft_sign_of_work(context, command.channel_id(), draft);
  v1::Reply::Done done;
  done.set_seq(channel->last_seq() + std::uint64_t{1});
  done.set_version(1);
  return draft.finish(std::move(done));
}

base::Result<Decision> decide_edit_message(const Context& context, const v1::EditMessage& command) {
  const SeenMessage seen = visible_message(context, command.message_id());
  if (seen.channel == nullptr) return not_found("edit_message.message_id");
  const MessageRow& row = seen.row();
  if (row.author_id != context.actor()) return forbidden("edit", "only for its author");
  if (context.rows.orders.find(command.message_id()) != nullptr) {
    return forbidden("edit", "an order is changed as an order");
  }
  if (context.rows.intakes.find(command.message_id()) != nullptr) {
    return forbidden("edit", "an intake stays as it was taken");
  }
  if (seen.channel->channel.archived()) {
    return base::Error(v1::ERROR_CODE_ARCHIVED, "the channel is archived");
  }
  if (row.has(MessageRow::is_stone)) {
    return base::Error(v1::ERROR_CODE_RETRACTED, "the message is a stone");
  }
  if (command.seen_version() != row.version) {
    return base::Error(v1::ERROR_CODE_STALE_REVISION, "the message has changed since",
                       "edit_message.seen_version")
        .with("current", std::to_string(row.version));
  }
  if (command.kind() != v1::EDIT_KIND_CORRECTION && command.kind() != v1::EDIT_KIND_CHANGE) {
    return bad_argument("edit_message.kind", "a correction or a change");
  }
  if (auto problem = check_content(context, command, "edit_message")) return *problem;
  if (row.version >= limits::versions_max) return limit_reached("versions", limits::versions_max);
  Draft draft(context);
  draft_edit(row, command, draft);
  v1::Reply::Done done;
  done.set_seq(seen.seq);
  done.set_version(row.version + 1U);
  return draft.finish(std::move(done));
}

base::Result<Decision> decide_retract_message(const Context& context,
                                              const v1::RetractMessage& command) {
  const SeenMessage seen = visible_message(context, command.message_id());
  if (seen.channel == nullptr) return not_found("retract_message.message_id");
  const MessageRow& row = seen.row();
  const v1::Order* order = context.rows.orders.find(command.message_id());
  if (order != nullptr && is_open(*order)) {
    return forbidden("retract", "an open order is cancelled first");
  }
  if (row.author_id != context.actor()) {
    const Verdict verdict = allows(context.state, context.actor(), v1::Grant::VERB_MODERATE,
                                   object_of(context.state, seen.channel->channel));
    if (!verdict.allowed) return forbidden("moderate", verdict.reason);
  }
  if (row.has(MessageRow::is_stone)) {
    return base::Error(v1::ERROR_CODE_RETRACTED, "the message is a stone already");
  }
  if (auto problem =
          check_text(command.reason(), 1, limits::reason_bytes_max, "retract_message.reason")) {
    return *problem;
  }
  Draft draft(context);
  draft.add().mutable_message_retracted()->set_message_id(command.message_id());
  v1::Body body;
  body.set_reason(command.reason());
  draft.set_body(body);
  v1::Reply::Done done;
  done.set_seq(seen.seq);
  done.set_version(row.version);
  return draft.finish(std::move(done));
}

}  // namespace fenghuo::core
