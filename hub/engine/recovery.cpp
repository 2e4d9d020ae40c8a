// SPDX-License-Identifier: Apache-2.0
#include "hub/engine/recovery.h"

#include "hub/base/log.h"
#include "hub/core/apply.h"
#include "hub/core/decide.h"
#include "hub/core/format.h"
#include "hub/core/snapshot.h"
#include "hub/engine/group.h"

#include <fmt/format.h>

#include <future>
#include <utility>
#include <vector>

namespace fenghuo::engine {

namespace {

base::Error failed(std::string why) {
  return base::Error(v1::ERROR_CODE_STORAGE_FAILED, std::move(why));
}

base::Error too_new(std::uint32_t format) {
  return failed(
      fmt::format("the record is of format {}, this program knows up to {}: use a newer one",
                  format, core::known_format));
}

base::Result<void> forget_rows(storage::OrderedStore& rows) {
  std::vector<storage::Row> deletions;
  const base::Result<void> scanned = rows.scan(
      storage::Family::Entity, {}, {}, false, [&](std::string_view key, std::string_view) {
        deletions.push_back({storage::Family::Entity, std::string(key), std::nullopt});
        return true;
      });
  if (!scanned) return scanned.error();
  return rows.write(deletions);
}

// The State as saved; an empty one when the rows are of no use.
base::Result<core::State> load_rows(storage::Store& store) {
  base::Result<void> scanned;
  base::Result<core::State> state = core::load([&](const auto& visit) {
    scanned = store.rows().scan(storage::Family::Entity, {}, {}, false,
                                [&](std::string_view key, std::string_view value) {
                                  visit(key, value);
                                  return true;
                                });
  });
  if (!scanned) return scanned.error();
  if (state) return state;
  base::log_warn("engine", "saved rows are of no use ({}); replaying the record from its start",
                 state.error().to_string());
  if (const base::Result<void> forgotten = forget_rows(store.rows()); !forgotten) {
    return forgotten.error();
  }
  return core::State();
}

base::Result<void> replay_batch(const storage::Batch& batch, core::State& state,
                                core::Effects& effects) {
  for (std::size_t i = 0; i < batch.records.size(); ++i) {
    const base::Position position = batch.first + i;
    if (position <= state.position()) continue;
    v1::Event event;
    if (!event.ParseFromString(batch.records[i].event)) {
      return failed(fmt::format("record {} cannot be read", position));
    }
    // Before apply: what a newer format means is unknown here.
    if (event.has_format_raised() && event.format_raised().format() > core::known_format) {
      return too_new(event.format_raised().format());
    }
    effects.clear();
    core::apply(state, {position, batch.time_us, event, nullptr}, effects);
  }
  return {};
}

base::Result<void> replay(const storage::EventLog& log, core::State& state) {
  const std::unique_ptr<storage::LogReader> reader = log.read(state.position() + 1, false);
  core::Effects effects;
  for (;;) {
    const base::Result<std::optional<storage::Batch>> batch = reader->next();
    if (!batch) return batch.error();
    if (!*batch) return {};
    if (const base::Result<void> done = replay_batch(**batch, state, effects); !done) return done;
  }
}

// Waits for one append; start-up has nothing else to do.
template <typename Start>
base::Result<void> wait_for(const char* what, Start&& start) {
  std::promise<storage::AppendOutcome> promise;
  start([&promise](storage::AppendOutcome outcome) { promise.set_value(std::move(outcome)); });
  const storage::AppendOutcome outcome = promise.get_future().get();
  if (outcome.status == storage::AppendStatus::Committed) return {};
  return failed(fmt::format("cannot write {}: {}", what, outcome.detail));
}

base::Result<void> begin(storage::EventLog& log, const Genesis& genesis, base::TimeUs now) {
  return wait_for("the first records", [&](storage::EventLog::Completion done) {
    begin(log, genesis, now, std::move(done));
  });
}

// A record of an older program goes on with kinds that program does not know: it is told, so that
// it refuses before serving.
base::Result<void> raise_format(storage::EventLog& log, core::State& state, base::TimeUs now) {
  const storage::Head head = log.head();
  Group group;
  group.open(state.position() + 1, std::max(now, state.time_us()));
  core::Drafted raised;
  raised.event.mutable_format_raised()->set_format(core::known_format);
  group.add(state, std::move(raised));
  Group::Taken taken = group.take();
  taken.batch.id = head.batch_id + 1;
  taken.batch.term = head.term;
  taken.batch.prev_hash = head.hash;
  return wait_for("the new format", [&](storage::EventLog::Completion done) {
    log.append(std::move(taken.batch), head, std::move(taken.rows), std::move(taken.erased),
               std::move(done));
  });
}

}  // namespace

void begin(storage::EventLog& log, const Genesis& genesis, base::TimeUs now,
           storage::EventLog::Completion done) {
  core::State state;
  Group group;
  group.open(1, now);
  for (core::Drafted& drafted :
       core::genesis(genesis.world_id, genesis.epoch, genesis.center_id, genesis.kind)) {
    group.add(state, std::move(drafted));
  }
  Group::Taken taken = group.take();
  taken.batch.id = 1;
  taken.batch.term = 1;
  log.append(std::move(taken.batch), storage::Head{}, std::move(taken.rows), {}, std::move(done));
}

base::Result<core::State> reload(storage::Store& store) {
  base::Result<core::State> state = load_rows(store);
  if (!state) return state;
  if (state->format() > core::known_format) return too_new(state->format());
  const base::Position head = store.log().head().position;
  if (state->position() > head) {
    return failed(fmt::format("saved rows stand at {}, the record ends at {}: it has lost its end",
                              state->position(), head));
  }
  if (const base::Result<void> done = replay(store.log(), *state); !done) return done.error();
  if (state->position() != head) {
    return failed(fmt::format("the record ends at {}, but could be read only up to {}", head,
                              state->position()));
  }
  return state;
}

base::Result<core::State> recover(storage::Store& store, const Genesis& genesis, base::TimeUs now) {
  if (store.log().head().position == 0) {
    if (const base::Result<void> begun = begin(store.log(), genesis, now); !begun) {
      return begun.error();
    }
  }
  base::Result<core::State> state = reload(store);
  if (!state || state->format() == core::known_format) return state;
  if (const base::Result<void> raised = raise_format(store.log(), *state, now); !raised) {
    return raised.error();
  }
  return reload(store);
}

}  // namespace fenghuo::engine
