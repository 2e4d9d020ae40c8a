// SPDX-License-Identifier: Apache-2.0
#include "hub/view/view.h"

#include "hub/base/check.h"
#include "hub/base/log.h"
#include "hub/core/snapshot.h"

#include <atomic>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

namespace fenghuo::view {

namespace {

using Question = std::function<void(const core::State&)>;
using Entry = std::variant<std::shared_ptr<const core::Commit>, Question>;

constexpr std::size_t unsaved_bytes_max = 1024 * 1024;
constexpr base::TimeUs save_every_us = base::us_per_s;
// So that rows are saved, and questions answered, while commits pour in.
constexpr std::size_t records_per_step_max = 4'096;

}  // namespace

struct View::Inside {
  Inside(core::State state_in, storage::Store& store_in, ApplyListener& listener_in,
         std::function<void()> wake_in)
      : state(std::move(state_in)),
        store(store_in),
        listener(listener_in),
        wake(std::move(wake_in)),
        applied(state.position()) {}

  void put(Entry entry);
  bool step(base::TimeUs now);
  void apply(const core::Commit& commit);
  void collect_rows();
  bool write_rows();

  core::State state;
  storage::Store& store;
  ApplyListener& listener;
  std::function<void()> wake;
  std::function<void()> tell_applied;
  std::function<void(std::string)> tell_failed;

  std::mutex mutex;
  // Commits and questions in one order: a question sees all that came before it.
  std::vector<Entry> arrived;
  std::deque<Entry> waiting;
  std::atomic<std::size_t> backlog = 0;

  core::Effects effects;
  std::atomic<base::Position> applied;
  // Collected and not written yet: more than one collection after a write found no room.
  std::vector<storage::Row> rows;
  base::TimeUs last_save = 0;
  bool failed = false;
};

View::View(core::State state, storage::Store& store, ApplyListener& listener,
           std::function<void()> wake)
    : inside_(std::make_unique<Inside>(std::move(state), store, listener, std::move(wake))) {}

View::~View() = default;

void View::committed(std::shared_ptr<const core::Commit> commit) {
  inside_->backlog.fetch_add(commit->items.size(), std::memory_order_relaxed);
  inside_->put(std::move(commit));
}

void View::ask(Question question) { inside_->put(std::move(question)); }

bool View::step(base::TimeUs now) { return inside_->step(now); }

void View::save_all() {
  inside_->collect_rows();
  inside_->write_rows();
}

base::Position View::applied() const { return inside_->applied.load(std::memory_order_acquire); }

std::size_t View::backlog() const { return inside_->backlog.load(std::memory_order_relaxed); }

void View::on_applied(std::function<void()> tell) { inside_->tell_applied = std::move(tell); }

void View::on_failed(std::function<void(std::string)> tell) {
  inside_->tell_failed = std::move(tell);
}

const core::State& View::state() const { return inside_->state; }

void View::Inside::put(Entry entry) {
  bool was_empty = false;
  {
    const std::lock_guard lock(mutex);
    was_empty = arrived.empty();
    arrived.push_back(std::move(entry));
  }
  if (was_empty) wake();
}

bool View::Inside::step(base::TimeUs now) {
  {
    std::vector<Entry> taken;
    const std::lock_guard lock(mutex);
    taken.swap(arrived);
    for (Entry& entry : taken) waiting.push_back(std::move(entry));
  }
  const bool any = !waiting.empty();
  const base::Position before = state.position();
  while (!waiting.empty() && state.position() - before < records_per_step_max) {
    const Entry entry = std::move(waiting.front());
    waiting.pop_front();
    if (const auto* commit = std::get_if<std::shared_ptr<const core::Commit>>(&entry)) {
      apply(**commit);
    } else {
      std::get<Question>(entry)(state);
    }
  }
  if (state.position() != before && tell_applied) tell_applied();
  const std::size_t unsaved = core::unsaved_bytes(state);
  if (unsaved >= unsaved_bytes_max || now - last_save >= save_every_us) {
    last_save = now;
    if (unsaved > 0) collect_rows();
    write_rows();
  }
  return any;
}

void View::Inside::apply(const core::Commit& commit) {
  FENGHUO_CHECK(commit.first == state.position() + 1);
  for (std::size_t i = 0; i < commit.items.size(); ++i) {
    const core::Record record = commit.record(i);
    effects.clear();
    core::apply(state, record, effects);
    listener.applied(state, record, effects);
  }
  // Two States that went apart would tell people two truths.
  const bool same_as_engine = !commit.digest || *commit.digest == state.digest();
  FENGHUO_CHECK(same_as_engine);
  applied.store(state.position(), std::memory_order_release);
  backlog.fetch_sub(commit.items.size(), std::memory_order_relaxed);
  listener.published(commit);
}

void View::Inside::collect_rows() {
  core::save_changed(state, [this](std::string_view key, std::optional<std::string_view> value) {
    storage::Row& row = rows.emplace_back();
    row.family = storage::Family::Entity;
    row.key = key;
    if (value) row.value.emplace(*value);
  });
}

// Rows can't be ahead of the durable log: they are written after it to the same write-ahead log.
bool View::Inside::write_rows() {
  if (rows.empty() || failed) return true;
  const base::Result<void> written = store.rows().write(rows);
  if (written) {
    rows.clear();
    return true;
  }
  if (base::is_retryable(written.error().code())) {
    // Kept for the next time: the hub is read-only meanwhile, so they hardly grow.
    base::log_warn("view", "rows were not saved: {}", written.error().to_string());
    return false;
  }
  failed = true;
  base::log_error("view", "rows cannot be saved: {}", written.error().to_string());
  if (tell_failed) tell_failed(written.error().to_string());
  return false;
}

}  // namespace fenghuo::view
