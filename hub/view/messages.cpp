// SPDX-License-Identifier: Apache-2.0
#include "hub/view/messages.h"

#include "hub/base/limits.h"

#include <algorithm>
#include <utility>

namespace fenghuo::view {

namespace limits = base::limits;

namespace {

// As stored: salt, then the body's bytes.
constexpr std::size_t salt_bytes = 16;

base::Error not_found() { return base::Error(v1::ERROR_CODE_NOT_FOUND, "no such thing"); }

}  // namespace

std::size_t page_limit(std::uint32_t asked) {
  return std::min(asked == 0 ? limits::history_page_default : asked, limits::history_page_max);
}

base::Result<Page> choose_page(const core::State& state, base::EntityId account_id,
                               const v1::HistoryQuery& query) {
  const base::EntityId channel_id = query.channel_id();
  if (!state.is_member(account_id, channel_id)) return not_found();
  const std::uint64_t first = state.first_seq(account_id, channel_id);
  const std::uint64_t last = state.last_seq(channel_id);
  const std::size_t limit = page_limit(query.limit());
  // The half-open range [from, to) of seqs.
  std::uint64_t from = first;
  std::uint64_t to = last + 1;
  Page page;
  if (query.has_after_seq()) {
    from = query.after_seq() >= last ? to : std::max(first, query.after_seq() + 1);
    page.more = to - from > limit;
    to = std::min(to, from + limit);
  } else {
    if (query.before_seq() != 0) to = std::clamp(query.before_seq(), first, to);
    page.more = to - from > limit;
    from = page.more ? to - limit : from;
  }
  for (std::uint64_t seq = from; seq < to; ++seq) {
    if (auto ref = core::message_at(state, channel_id, seq, account_id)) {
      page.refs.push_back(std::move(*ref));
    }
  }
  return page;
}

base::Result<Whole> choose_message(const core::State& state, base::EntityId account_id,
                                   base::EntityId message_id) {
  std::optional<core::MessageRef> ref = core::message_for(state, message_id, account_id);
  if (!ref) return not_found();
  Whole whole;
  if (ref->message.author_id() == account_id) whole.receipts = state.receipts(message_id);
  whole.versions = state.versions(message_id);
  whole.ref = std::move(*ref);
  return whole;
}

base::Result<v1::Body> read_body(const storage::EventLog& log, base::Position position) {
  v1::Body body;
  if (position == 0) return body;
  const base::Result<std::optional<std::string>> stored = log.body(position);
  if (!stored) return stored.error();
  if (!*stored) return body;
  const std::string& bytes = **stored;
  if (bytes.size() < salt_bytes ||
      !body.ParseFromArray(bytes.data() + salt_bytes,
                           static_cast<int>(bytes.size() - salt_bytes))) {
    return base::Error(v1::ERROR_CODE_STORAGE_FAILED,
                       "the body at " + std::to_string(position) + " cannot be read");
  }
  return body;
}

base::Result<v1::Message> read_message(const storage::EventLog& log, core::MessageRef ref) {
  if (ref.message.has_stone()) {
    base::Result<v1::Body> body = read_body(log, ref.reason_position);
    if (!body) return body.error();
    if (!body->reason().empty()) ref.message.mutable_stone()->set_reason(body->reason());
    return std::move(ref.message);
  }
  base::Result<v1::Body> body = read_body(log, ref.text_position);
  if (!body) return body.error();
  *ref.message.mutable_text() = std::move(*body->mutable_text());
  *ref.message.mutable_attachments() = std::move(*body->mutable_attachments());
  if (body->has_caller()) *ref.message.mutable_caller() = std::move(*body->mutable_caller());
  return std::move(ref.message);
}

base::Result<v1::MessageResult> read_whole(const storage::EventLog& log, Whole whole) {
  v1::MessageResult result;
  const bool is_stone = whole.ref.message.has_stone();
  std::uint32_t number = 0;
  for (const core::State::Version& version : whole.versions) {
    v1::MessageResult::Version& row = *result.add_versions();
    row.set_version(++number);
    row.set_kind(version.kind);
    row.set_at_us(version.time_us);
    row.set_position(version.position);
    // What was retracted is not shown again by asking for its versions.
    if (is_stone) continue;
    base::Result<v1::Body> body = read_body(log, version.position);
    if (!body) return body.error();
    *row.mutable_text() = std::move(*body->mutable_text());
    *row.mutable_attachments() = std::move(*body->mutable_attachments());
  }
  for (v1::Receipt& receipt : whole.receipts) *result.add_receipts() = std::move(receipt);
  base::Result<v1::Message> message = read_message(log, std::move(whole.ref));
  if (!message) return message.error();
  *result.mutable_message() = std::move(*message);
  return result;
}

}  // namespace fenghuo::view
