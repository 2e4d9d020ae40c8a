// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/core/snapshot.h"
#include "hub/fanout/catch_up.h"
#include "hub/fanout/encoder.h"
#include "hub/fanout/shard.h"
#include "tests/support/engine_rig.h"
#include "tests/unit/fanout/fakes.h"

#include <memory>
#include <vector>

namespace fenghuo::fanout::test {

// A pool that works at once, or refuses.
class InstantPool final : public view::Pool {
 public:
  bool run(std::function<void()> work) override {
    if (full) return false;
    work();
    return true;
  }
  bool full = false;
};

// Engine, view and encoder on a fake disk and one thread; commits are kept, and told to a shard
// when there is one.
class HubRig {
 public:
  HubRig() {
    view =
        std::make_unique<view::View>(core::clone(rig.engine->state()), *rig.store, encoder, [] {});
    rig.next = view.get();
    catch_up = make_log_catch_up(*view, *rig.store, pool);
    rig.furnish();
    settle();
  }

  void settle() {
    rig.settle();
    while (view->step(rig.now) || tasks.run_all() > 0) {
    }
  }
  base::Result<v1::Reply::Done> submit(base::EntityId account, v1::Command command) {
    rig.answers.clear();
    FENGHUO_CHECK(!rig.submit(account, std::move(command)));
    settle();
    // Reading is merged: its answer comes with the record.
    if (rig.answers.empty()) {
      rig.now += base::limits::cursor_merge_us;
      settle();
    }
    FENGHUO_CHECK(rig.answers.size() == 1);
    const v1::Reply& reply = rig.answers[0].reply;
    if (reply.has_refused()) return base::Error(reply.refused().code(), reply.refused().message());
    return reply.done();
  }
  // A command that must succeed; the id of what it made.
  base::EntityId run(base::EntityId account, v1::Command command) {
    const auto done = submit(account, std::move(command));
    if (!done) base::check_failed(done.error().to_string().c_str(), __FILE__, __LINE__);
    return done->id();
  }
  base::EntityId post(base::EntityId account, base::EntityId channel, std::string text) {
    return run(account, testing::post(channel, std::move(text)));
  }
  base::EntityId id(std::string_view key) { return testing::account_id(view->state(), key); }
  base::EntityId channel(std::string_view key) { return testing::channel_id(view->state(), key); }
  // A group of these accounts, owned by the chief.
  base::EntityId make_group(const std::string& key, const std::vector<base::EntityId>& members) {
    v1::Command command;
    auto& make = *command.mutable_create_channel();
    make.set_key(key);
    make.set_kind(v1::Channel::KIND_GROUP);
    make.mutable_name()->set_en(key);
    make.set_history(v1::Channel::HISTORY_ALL);
    for (const base::EntityId member : members) make.mutable_members()->add_account_ids(member);
    return run(id("chief"), command);
  }
  void set_members(base::EntityId channel_id, const std::vector<base::EntityId>& members) {
    v1::Command command;
    auto& change = *command.mutable_change_channel();
    change.set_channel_id(channel_id);
    change.set_seen_revision(view->state().channel(channel_id)->revision());
    change.mutable_members();
    for (const base::EntityId member : members) change.mutable_members()->add_account_ids(member);
    run(id("chief"), command);
  }

  std::vector<std::shared_ptr<const EncodedCommit>> commits;
  Shard* shard = nullptr;
  base::TimeUs line_now = base::us_per_s;
  Tasks tasks;
  Encoder encoder{[this](std::shared_ptr<const EncodedCommit> commit) {
    commits.push_back(commit);
    tasks.post()([this, commit] {
      if (shard != nullptr) shard->on_commit(commit, line_now);
    });
  }};
  engine::EngineRig rig;
  InstantPool pool;
  std::unique_ptr<view::View> view;
  std::unique_ptr<CatchUp> catch_up;
};

}  // namespace fenghuo::fanout::test
