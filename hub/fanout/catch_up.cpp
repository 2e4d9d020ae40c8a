// SPDX-License-Identifier: Apache-2.0
#include "hub/fanout/catch_up.h"

#include "fenghuo/v1/event.pb.h"
#include "fenghuo/v1/model.pb.h"
#include "hub/base/limits.h"
#include "hub/core/project.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fenghuo::fanout {

namespace {

namespace limits = base::limits;

// In front of each stored body.
constexpr std::size_t salt_bytes = 16;

struct Loaded {
  base::Position position = 0;
  base::TimeUs time_us = 0;
  v1::Event event;
  std::optional<v1::Body> body;
};
using Piece = std::vector<Loaded>;

base::Error damaged(base::Position position) {
  return base::Error(v1::ERROR_CODE_STORAGE_FAILED,
                     "record " + std::to_string(position) + " cannot be read");
}

base::Result<Loaded> decode(base::Position position, base::TimeUs time_us,
                            const storage::LogRecord& record) {
  Loaded loaded;
  loaded.position = position;
  loaded.time_us = time_us;
  if (!loaded.event.ParseFromString(record.event)) return damaged(position);
  if (record.body.size() > salt_bytes) {
    const auto length = static_cast<int>(record.body.size() - salt_bytes);
    if (!loaded.body.emplace().ParseFromArray(record.body.data() + salt_bytes, length)) {
      return damaged(position);
    }
  }
  return loaded;
}

// What follows `after`: at most one chunk, at least one record unless the log ends.
base::Result<Piece> load(const storage::EventLog& log, base::Position after) {
  Piece piece;
  std::size_t bytes = 0;
  const auto reader = log.read(after + 1, true);
  for (;;) {
    base::Result<std::optional<storage::Batch>> batch = reader->next();
    if (!batch) return batch.error();
    if (!*batch) return piece;
    for (std::size_t i = 0; i < (*batch)->records.size(); ++i) {
      const base::Position position = (*batch)->first + i;
      if (position <= after) continue;
      const storage::LogRecord& record = (*batch)->records[i];
      if (piece.size() == limits::catch_up_records_max || bytes >= limits::catch_up_bytes_max) {
        return piece;
      }
      base::Result<Loaded> loaded = decode(position, (*batch)->time_us, record);
      if (!loaded) return loaded.error();
      piece.push_back(std::move(*loaded));
      bytes += record.event.size() + record.body.size();
    }
  }
}

base::Result<CatchUp::Chunk> render(const core::State& state, base::EntityId account_id,
                                    base::Position after, session::Format format,
                                    const Piece& piece) {
  std::vector<std::string> updates;
  base::Position through = after;
  for (const Loaded& loaded : piece) {
    // The log may be ahead of the view for a moment.
    if (loaded.position > state.position()) break;
    const core::Record record{loaded.position, loaded.time_us, loaded.event,
                              loaded.body ? &*loaded.body : nullptr};
    core::project_later(state, record, account_id, [&](v1::Update&& update) {
      updates.push_back(session::encode_update(format, update));
    });
    through = loaded.position;
  }
  if (through == after) {
    return base::Error(v1::ERROR_CODE_OVERLOADED, "the record is not that far yet");
  }
  const std::vector<std::string_view> pieces(updates.begin(), updates.end());
  return CatchUp::Chunk{
      after, through,
      std::make_shared<const std::string>(session::encode_batch(format, after, through, pieces))};
}

class LogCatchUp final : public CatchUp {
 public:
  LogCatchUp(view::View& view, storage::Store& store, view::Pool& pool)
      : view_(view), store_(store), pool_(pool) {}

  void read(base::EntityId account_id, base::Position after, session::Format format,
            std::function<void(base::Result<Chunk>)> done) override {
    const bool taken = pool_.run([this, account_id, after, format, done] {
      base::Result<Piece> loaded = load(store_.log(), after);
      if (!loaded) return done(loaded.error());
      auto piece = std::make_shared<const Piece>(std::move(*loaded));
      view_.ask([piece, account_id, after, format, done](const core::State& state) {
        done(render(state, account_id, after, format, *piece));
      });
    });
    if (!taken) done(base::Error(v1::ERROR_CODE_OVERLOADED, "too many readers of the record"));
  }

 private:
  view::View& view_;
  storage::Store& store_;
  view::Pool& pool_;
};

}  // namespace

std::unique_ptr<CatchUp> make_log_catch_up(view::View& view, storage::Store& store,
                                           view::Pool& pool) {
  return std::make_unique<LogCatchUp>(view, store, pool);
}

}  // namespace fenghuo::fanout
