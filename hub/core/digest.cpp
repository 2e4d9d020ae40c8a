// SPDX-License-Identifier: Apache-2.0
// The digest of a State. Parts that did not change keep their mixed value, so that digesting often
// costs only what was touched since.
#include "hub/base/sha256.h"
#include "hub/core/kinds.h"
#include "hub/core/packing.h"
#include "hub/core/rows.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>

namespace fenghuo::core {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

void mix(Mixer& mixer, const Message& message);

void mix_value(Mixer& mixer, const Message& message, const FieldDescriptor* field, int index) {
  const auto& r = *message.GetReflection();
  const bool many = field->is_repeated();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      mixer.add(many ? r.GetRepeatedInt32(message, field, index) : r.GetInt32(message, field));
      return;
    case FieldDescriptor::CPPTYPE_INT64:
      mixer.add(many ? r.GetRepeatedInt64(message, field, index) : r.GetInt64(message, field));
      return;
    case FieldDescriptor::CPPTYPE_UINT32:
      mixer.add(many ? r.GetRepeatedUInt32(message, field, index) : r.GetUInt32(message, field));
      return;
    case FieldDescriptor::CPPTYPE_UINT64:
      mixer.add(many ? r.GetRepeatedUInt64(message, field, index) : r.GetUInt64(message, field));
      return;
    case FieldDescriptor::CPPTYPE_BOOL:
      mixer.add(many ? r.GetRepeatedBool(message, field, index) : r.GetBool(message, field));
      return;
    case FieldDescriptor::CPPTYPE_ENUM:
      mixer.add(many ? r.GetRepeatedEnumValue(message, field, index)
                     : r.GetEnumValue(message, field));
      return;
    case FieldDescriptor::CPPTYPE_STRING: {
      std::string scratch;
      mixer.add_text(many ? r.GetRepeatedStringReference(message, field, index, &scratch)
                          : r.GetStringReference(message, field, &scratch));
      return;
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      mix(mixer, many ? r.GetRepeatedMessage(message, field, index) : r.GetMessage(message, field));
      return;
    // The proto rules forbid them.
    case FieldDescriptor::CPPTYPE_FLOAT:
    case FieldDescriptor::CPPTYPE_DOUBLE: return;
  }
}

// Present fields in order of their numbers, each behind its number and count.
void mix(Mixer& mixer, const Message& message) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    mixer.add(field->number());
    if (!field->is_repeated()) {
      mix_value(mixer, message, field, -1);
      continue;
    }
    const int size = message.GetReflection()->FieldSize(message, field);
    mixer.add(size);
    for (int i = 0; i < size; ++i) mix_value(mixer, message, field, i);
  }
  mixer.add(0);
}

void mix_facts(Mixer& mixer, const AccountRows& account) {
  mixer.add_text(account.password_hash).add(account.access_ended);
  mixer.add(account.appointments.size());
  for (const v1::Appointment& one : account.appointments) mix(mixer, one);
}

void mix(Mixer& mixer, const Membership& one) {
  mixer.add(one.channel_id).add(one.read_seq);
  mixer.add(one.intervals.size());
  for (const auto& interval : one.intervals) {
    mixer.add(interval.since).add(interval.until).add(interval.joined_seq);
  }
  mixer.add(one.threads.size());
  for (const auto& thread : one.threads) {
    mixer.add(thread.root_id).add(thread.seq).add(thread.takes_part);
  }
}

void mix(Mixer& mixer, const DeviceRow& device) {
  mixer.add_text(device.name).add(device.last_used).add(device.highest);
  mixer.add(device.results.size());
  for (const auto& one : device.results) {
    mixer.add(one.n)
        .add(one.first)
        .add(one.digest)
        .add(one.seq)
        .add(one.version)
        .add(one.superseded);
  }
}

std::uint64_t mixed(const AccountRows& account) {
  Mixer mixer;
  mix_facts(mixer, account);
  mixer.add(account.memberships.size());
  for (const Membership& one : account.memberships) mix(mixer, one);
  mixer.add(account.devices.size());
  for (const DeviceRow& one : account.devices) mix(mixer, one);
  return mixer.value();
}

void mix(Mixer& mixer, const MessageExtra& extra) {
  mixer.add(extra.mentions.size());
  for (const auto& one : extra.mentions) mixer.add(one.kind).add(one.id);
  mixer.add(extra.named.size());
  for (const base::EntityId id : extra.named) mixer.add(id);
  mixer.add(extra.names_everyone).add(extra.retracted_at);
  mixer.add(extra.blob_hashes.size());
  for (const std::string& hash : extra.blob_hashes) mixer.add_text(hash);
  mixer.add(extra.edits.size());
  for (const auto& one : extra.edits) mixer.add(one.position).add(one.time_us).add(one.kind);
  mixer.add(extra.stone.has_value());
  if (!extra.stone) return;
  mixer.add(extra.stone->kind).add(extra.stone->by_id).add(extra.stone->confirmed_by_id);
  mixer.add(extra.stone->at_us).add(extra.stone->reason_position).add_text(extra.stone->rule);
}

void mix(Mixer& mixer, const Tracked& tracked) {
  mixer.add(tracked.receipts.size());
  for (const ReceiptRow& one : tracked.receipts) {
    mixer.add(one.account_id).add(one.delivered_us).add(one.seen_us).add(one.acknowledged_us);
    mixer.add(one.revision).add(one.acknowledged_version);
  }
}

std::uint64_t mixed_block(const State::Rows& rows, const ChannelRows& channel, std::size_t block) {
  Mixer mixer;
  const std::size_t from = block * ChannelRows::block;
  const std::size_t to = std::min(from + ChannelRows::block, channel.messages.size());
  for (std::size_t i = from; i < to; ++i) {
    const MessageRow& row = channel.messages[i];
    mixer.add(row.id).add(row.posted_us).add(row.revision).add(row.author_id).add(row.role_id);
    mixer.add(row.root_seq).add(row.version).add(row.precedence).add(row.flags);
    if (const MessageExtra* extra = rows.extra(row)) mix(mixer, *extra);
    if (const Tracked* tracked = rows.tracking(row)) mix(mixer, *tracked);
  }
  return mixer.value();
}

std::uint64_t mixed(const ChannelRows& channel) {
  Mixer mixer;
  mix(mixer, channel.channel);
  mixer.add(channel.held);
  return mixer.value();
}

template <typename T>
std::uint64_t mixed(const T& entity) {
  Mixer mixer;
  mix(mixer, entity);
  return mixer.value();
}

template <typename T>
void pack_table(PackWriter& out, const Table<T>& table) {
  out.number(table.size());
  for (const auto& entry : table) {
    if (entry.digest == 0) entry.digest = mixed(*entry.row);
    out.number(entry.id).number(entry.digest);
  }
}

void pack_messages(PackWriter& out, const State::Rows& rows) {
  for (const auto& entry : rows.channels) {
    const ChannelRows& channel = *entry.row;
    out.number(channel.messages.size());
    for (std::size_t block = 0; block < channel.block_digests.size(); ++block) {
      std::uint64_t& known = channel.block_digests[block];
      if (known == 0) known = mixed_block(rows, channel, block);
      out.number(known);
    }
  }
}

}  // namespace

base::Hash State::digest() const {
  const Rows& rows = *rows_;
  PackWriter out;
  out.number(rows.position).number(rows.time_us).number(rows.format);
  out.number(mixed(rows.world)).number(mixed(rows.epoch)).number(mixed(rows.center_name));
  out.text(rows.zone).number(rows.redaction_window_us);
  pack_table(out, rows.departments);
  pack_table(out, rows.roles);
  pack_table(out, rows.accounts);
  pack_table(out, rows.contacts);
  pack_table(out, rows.channels);
  pack_table(out, rows.account_rows);
  each_kind([&](auto kind) { pack_table(out, kind.table(rows)); });
  pack_messages(out, rows);
  out.number(rows.tokens.size());
  for (const auto& [id, token] : rows.tokens) {
    out.number(id).number(token.account_id).number(token.issued_us).number(token.expires_us);
    out.text(token.label).text(rows.token_hashes.at(id));
  }
  out.number(rows.proposals.size());
  for (const auto& [id, one] : rows.proposals) {
    out.number(id).number(one.message_id).number(one.proposed_by_id).number(one.until_us);
    out.text(one.rule);
  }
  return base::sha256({out.bytes()});
}

}  // namespace fenghuo::core
