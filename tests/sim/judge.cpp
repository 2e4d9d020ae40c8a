// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/judge.h"

#include "clients/cpp/frames.h"
#include "hub/base/check.h"
#include "tests/support/invariants.h"

#include <fmt/format.h>

#include <optional>
#include <set>
#include <utility>

namespace fenghuo::sim {

namespace {

void must(bool condition, std::string what) {
  if (!condition) throw Violation(std::move(what));
}

// What these people make is small: a row that grows and grows is told again and again.
constexpr std::size_t row_bytes_max = 64 * 1024;

void must_be_empty(const testing::Violations& found) {
  if (!found.empty()) throw Violation(found.front());
}

std::string name_of(const Judge::CommandId& id) {
  return fmt::format("command {}/{}/{}", id.account_id, id.device, id.n);
}

}  // namespace

void Judge::use(storage::MemoryStore& store) {
  store_ = &store;
  reader_ = store.log().read(state_.position() + 1, true);
  must(store.log().head().position >= state_.position(),
       fmt::format("the record ends at {}, but {} was published", store.log().head().position,
                   state_.position()));
}

void Judge::on_reply(const v1::Reply& reply) const {
  const base::Position head = store_->log().head().position;
  must(reply.position() <= head, fmt::format("reply {} at {} left before it was durable (head {})",
                                             reply.n(), reply.position(), head));
  must(reply.done().id() <= reply.position(), "a reply names an id after its position");
}

void Judge::on_commit(base::Position through) const {
  const base::Position head = store_->log().head().position;
  must(through <= head, fmt::format("commit {} left before it was durable ({})", through, head));
}

void Judge::on_acknowledged(const CommandId& id, const v1::Reply::Done& done) {
  if (done.id() == 0) return;
  const auto [known, is_new] = acknowledged_.emplace(id, done.id());
  must(is_new || known->second == done.id(),
       fmt::format("{} was answered with {} and with {}", name_of(id), known->second, done.id()));
}

void Judge::on_published(base::Position through) {
  core::Effects effects;
  while (state_.position() < through) {
    const base::Result<std::optional<storage::Batch>> batch = reader_->next();
    must(batch && *batch, fmt::format("{} was published and cannot be read", through));
    for (std::size_t i = 0; i < (*batch)->records.size(); ++i) {
      const base::Position position = (*batch)->first + i;
      if (position <= state_.position()) continue;
      v1::Event event;
      FENGHUO_CHECK(event.ParseFromString((*batch)->records[i].event));
      const core::Record record{position, (*batch)->time_us, event, nullptr};
      must_be_empty(testing::check_record(state_, record));
      effects.clear();
      core::apply(state_, record, effects);
      if (event.has_message_posted()) {
        posts_.push_back({position, event.message_posted().channel_id()});
      }
      if (event.has_message_retracted()) {
        stones_.emplace(event.message_retracted().message_id(), position);
      }
      if (event.has_bodies_erased()) stones_.emplace(event.bodies_erased().message_id(), position);
      if (watcher_) watcher_(record);
    }
  }
  must(state_.position() == through, "published within a batch");
  must_be_empty(testing::invariants(state_));
}

// Whether the account belonged to the channel at `at`, and has ever since.
bool Judge::sees_since(base::EntityId account_id, base::EntityId channel_id,
                       base::Position at) const {
  for (const core::State::Joined& joined : state_.channels_of(account_id)) {
    if (joined.channel_id == channel_id) return joined.since <= at;
  }
  return false;
}

void Judge::on_push(base::EntityId account_id, std::string_view frame) const {
  const auto frames = client::read_frames(frame);
  must(frames.has_value(), "a pushed frame cannot be read");
  for (const v1::ServerFrame& one : *frames) {
    if (one.has_bell()) {
      must(one.bell().position() <= state_.position(), "a bell rang before its record");
      must(state_.is_member(account_id, one.bell().channel_id()), "a bell for an outsider");
    }
    if (!one.has_batch()) continue;
    const v1::Batch& batch = one.batch();
    must(batch.through() <= state_.position(), "a batch reaches beyond what is published");
    base::Position last = batch.after();
    for (const v1::Update& update : batch.updates()) {
      must(update.position() > batch.after() && update.position() <= batch.through(),
           "an update lies outside its batch");
      must(update.position() >= last, "updates out of order");
      last = update.position();
      check_update(account_id, update);
    }
  }
}

void Judge::check_update(base::EntityId account_id, const v1::Update& update) const {
  const base::Position at = update.position();
  switch (update.kind_case()) {
    case v1::Update::kMessage:
      must(
          sees_since(account_id, update.message().channel_id(), at),
          fmt::format("account {} got message {} of channel {} at {}, published {}", account_id,
                      update.message().id(), update.message().channel_id(), at, state_.position()));
      return;
    case v1::Update::kChannel:
      must(state_.is_member(account_id, update.channel().channel().id()),
           fmt::format("account {} got channel {} at {}", account_id,
                       update.channel().channel().id(), at));
      return;
    case v1::Update::kCursor:
      must(state_.is_member(account_id, update.cursor().channel_id()),
           fmt::format("account {} got a cursor of channel {}", account_id,
                       update.cursor().channel_id()));
      return;
    case v1::Update::kReceipt: {
      const auto place = state_.place_of(update.receipt().message_id());
      must(place && state_.is_member(account_id, place->channel_id),
           fmt::format("account {} got a receipt of message {}", account_id,
                       update.receipt().message_id()));
      return;
    }
    case v1::Update::kChannelGoneId:
      must(!state_.was_member(account_id, update.channel_gone_id(), at),
           fmt::format("account {} was told at {} that channel {} is gone", account_id, at,
                       update.channel_gone_id()));
      return;
    default: {
      must(update.ByteSizeLong() <= row_bytes_max,
           fmt::format("a row of {} bytes was told at {}", update.ByteSizeLong(), at));
      const auto wrong = testing::told_wrongly(state_, account_id, update, true);
      must(!wrong, wrong.value_or(""));
    }
  }
}

void Judge::on_snapshot(base::EntityId account_id, const v1::Snapshot& snapshot) const {
  const auto wrong = testing::shown_wrongly(state_, account_id, snapshot);
  must(!wrong, wrong.value_or(""));
}

void Judge::note_read(base::EntityId account_id, const v1::Message& message, base::Position at) {
  reads_.push_back({account_id, message.channel_id(), message.id(), at});
}

void Judge::on_query_result(base::EntityId account_id, const v1::QueryResult& result) {
  for (const v1::Message& message : result.history().messages()) {
    note_read(account_id, message, result.position());
  }
  for (const v1::Message& message : result.search().messages()) {
    note_read(account_id, message, 0);
  }
  if (result.has_message()) note_read(account_id, result.message().message(), result.position());
}

void Judge::check_queries() const {
  for (const Read& read : reads_) {
    // A search goes on while the record does: it has no single position.
    const bool allowed =
        read.at == 0 || state_.was_member(read.account_id, read.channel_id, read.at);
    must(allowed, fmt::format("account {} read message {} of channel {} at {}", read.account_id,
                              read.message_id, read.channel_id, read.at));
  }
}

void Judge::check_record() const {
  std::map<CommandId, base::Position> firsts;
  std::set<base::Position> positions;
  const std::unique_ptr<storage::LogReader> reader = store_->log().read(1, false);
  base::Position expected = 1;
  base::TimeUs time_us = 0;
  for (;;) {
    const base::Result<std::optional<storage::Batch>> batch = reader->next();
    must(batch.has_value(), "the record cannot be read");
    if (!*batch) break;
    must((*batch)->first == expected, "the record has a hole");
    must((*batch)->time_us >= time_us, "the record goes back in time");
    time_us = (*batch)->time_us;
    for (const storage::LogRecord& record : (*batch)->records) {
      v1::Event event;
      FENGHUO_CHECK(event.ParseFromString(record.event));
      if (event.n() != 0) {
        const CommandId id{event.account_id(), event.device(), event.n()};
        const bool is_new = firsts.emplace(id, expected).second;
        must(is_new, name_of(id) + " is recorded twice");
      }
      ++expected;
    }
  }
  for (const auto& [id, position] : acknowledged_) {
    must(position < expected,
         fmt::format("{} was acknowledged at {} and is lost", name_of(id), position));
    const auto first = firsts.find(id);
    // Merged readings carry no command.
    if (first == firsts.end()) continue;
    must(first->second == position, fmt::format("{} was acknowledged as {} and is recorded at {}",
                                                name_of(id), position, first->second));
  }
}

void Judge::check_stream(base::EntityId account_id, base::Position from, base::Position through,
                         const std::map<base::Position, int>& got) const {
  std::size_t explained = 0;
  for (const Post& post : posts_) {
    if (post.position <= from || post.position > through) continue;
    const auto found = got.find(post.position);
    const int count = found == got.end() ? 0 : found->second;
    explained += found == got.end() ? 0 : 1;
    const std::string what =
        fmt::format("account {}, post {} of channel {} in ({}, {}]: ", account_id, post.position,
                    post.channel_id, from, through);
    must(count <= 1, what + "got it twice");
    const bool was_member = state_.was_member(account_id, post.channel_id, post.position);
    must(was_member || count == 0, what + "was not meant for it");
    // Of a text taken back since, only the stone need be told.
    const auto stone = stones_.find(post.position);
    const bool is_stone = stone != stones_.end() && stone->second <= through;
    if (!is_stone && sees_since(account_id, post.channel_id, post.position)) {
      must(count == 1, what + "is missing");
    }
  }
  must(explained == got.size(), fmt::format("account {} got posts from nowhere", account_id));
}

}  // namespace fenghuo::sim
