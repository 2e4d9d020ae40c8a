// SPDX-License-Identifier: Apache-2.0
#include "hub/engine/group.h"

#include "hub/base/check.h"
#include "hub/base/limits.h"
#include "storage/timeline.h"

#include <iterator>
#include <utility>

namespace fenghuo::engine {

namespace limits = base::limits;

namespace {

// As stored: salt, then the body's bytes.
constexpr std::size_t salt_bytes = 16;

std::optional<v1::Body> decode_body(const std::string& stored) {
  if (stored.empty()) return std::nullopt;
  FENGHUO_CHECK(stored.size() >= salt_bytes);
  v1::Body body;
  FENGHUO_CHECK(body.ParseFromArray(stored.data() + salt_bytes,
                                    static_cast<int>(stored.size() - salt_bytes)));
  return body;
}

}  // namespace

bool Group::is_full() const {
  return batch_.records.size() >= limits::group_records_max || bytes_ >= limits::group_bytes_max;
}

void Group::open(base::Position first, base::TimeUs time_us) {
  FENGHUO_CHECK(empty());
  time_us_ = time_us;
  batch_.first = first;
  batch_.time_us = time_us;
  commit_ = std::make_shared<core::Commit>();
  commit_->first = first;
  commit_->time_us = time_us;
}

void Group::add(core::State& state, core::Drafted&& drafted) {
  FENGHUO_CHECK(!empty() && state.position() + 1 == batch_.first + batch_.records.size());
  storage::LogRecord& stored = batch_.records.emplace_back();
  FENGHUO_CHECK(drafted.event.SerializeToString(&stored.event));
  stored.body = std::move(drafted.body);
  bytes_ += stored.event.size() + stored.body.size();

  core::Commit::Item& item = commit_->items.emplace_back();
  item.event = std::move(drafted.event);
  item.body = decode_body(stored.body);

  effects_.clear();
  core::apply(state, commit_->record(commit_->items.size() - 1), effects_);
  for (const core::Effects::Timeline& row : effects_.timeline) {
    std::vector<storage::Row> rows =
        storage::timeline_rows(row.channel_id, row.seq, state.position(), row.thread_root_id);
    std::move(rows.begin(), rows.end(), std::back_inserter(rows_));
  }
  erased_.insert(erased_.end(), effects_.erased.begin(), effects_.erased.end());
}

Group::Taken Group::take() {
  Taken taken{std::exchange(batch_, {}), std::exchange(rows_, {}), std::exchange(erased_, {}),
              std::exchange(commit_, nullptr), urgent + normal};
  bytes_ = 0;
  urgent = 0;
  normal = 0;
  return taken;
}

}  // namespace fenghuo::engine
