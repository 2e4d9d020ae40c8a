// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/core/snapshot.h"
#include "hub/view/indexer.h"
#include "hub/view/reader.h"
#include "hub/view/view.h"
#include "tests/support/engine_rig.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace fenghuo::view {

// A pool that does its work at once, or refuses.
class InstantPool final : public Pool {
 public:
  bool run(std::function<void()> work) override {
    if (full) return false;
    work();
    return true;
  }
  bool full = false;
};

// Remembers what it was told.
class RecordingListener final : public ApplyListener {
 public:
  void applied(const core::State& after, const core::Record& record,
               const core::Effects&) override {
    FENGHUO_CHECK(after.position() == record.position);
    positions.push_back(record.position);
  }
  void published(const core::Commit& commit) override {
    published_through = commit.last();
    if (commit.digest) ++compared;
  }

  std::vector<base::Position> positions;
  base::Position published_through = 0;
  // Commits whose digest was compared.
  std::size_t compared = 0;
};

// Engine, view, indexer and reader on one fake disk and one thread.
class ViewRig {
 public:
  ViewRig() {
    view = std::make_unique<View>(core::clone(rig.engine->state()), *rig.store, listener, [] {});
    rig.next = view.get();
    reader = std::make_unique<Reader>(*view, *rig.store, pool);
    indexer = std::make_unique<Indexer>(*view, *rig.store, [] {});
    rig.furnish();
    settle();
  }

  void settle() {
    rig.settle();
    for (bool busy = true; busy;) {
      busy = view->step(rig.now);
      busy |= indexer->step();
    }
  }

  // A command that must succeed.
  v1::Reply::Done run(base::EntityId account, v1::Command command) {
    rig.answers.clear();
    FENGHUO_CHECK(!rig.submit(account, std::move(command)));
    settle();
    FENGHUO_CHECK(rig.answers.size() == 1);
    if (!rig.answers[0].ok()) {
      base::check_failed(rig.answers[0].reply.ShortDebugString(), __FILE__, __LINE__);
    }
    return rig.answers[0].reply.done();
  }
  v1::Reply::Done post(base::EntityId account, base::EntityId channel, std::string text) {
    return run(account, testing::post(channel, std::move(text)));
  }

  v1::QueryResult query(base::EntityId account, v1::Query query) {
    std::vector<v1::QueryResult> results;
    query.set_id(77);
    reader->query(account, std::move(query), rig.now,
                  [&results](v1::QueryResult result) { results.push_back(std::move(result)); });
    settle();
    FENGHUO_CHECK(results.size() == 1 && results[0].id() == 77);
    return results[0];
  }

  base::EntityId id(std::string_view key) { return testing::account_id(rig.engine->state(), key); }
  base::EntityId channel(std::string_view key) {
    return testing::channel_id(rig.engine->state(), key);
  }

  engine::EngineRig rig;
  RecordingListener listener;
  InstantPool pool;
  std::unique_ptr<View> view;
  std::unique_ptr<Reader> reader;
  std::unique_ptr<Indexer> indexer;
};

}  // namespace fenghuo::view
