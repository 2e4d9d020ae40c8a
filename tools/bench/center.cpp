// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/center.h"

#include "hub/base/clock.h"
#include "hub/base/sha256.h"
#include "hub/engine/engine.h"
#include "hub/engine/recovery.h"
#include "hub/identity/random.h"
#include "hub/identity/token.h"
#include "storage/rocksdb/rocksdb_store.h"

#include <chrono>
#include <optional>
#include <stdexcept>
#include <thread>

namespace fenghuo::bench {
namespace {

class NoSink final : public core::CommitSink {
 public:
  void committed(std::shared_ptr<const core::Commit>) override {}
};

// The hub's own commands against a folder, one after another.
class Operator {
 public:
  explicit Operator(storage::Store& store)
      : engine_(recovered(store, clock_), store.log(), sink_, {}, [] {}) {}

  v1::Reply::Done run(v1::Command command) {
    std::optional<v1::Reply> answer;
    engine::Submission submission;
    submission.envelope.salt = identity::random_bytes(16);
    submission.envelope.command = std::move(command);
    submission.reply = [&](v1::Reply reply) { answer = std::move(reply); };
    if (const auto refused = engine_.submit(std::move(submission))) {
      throw std::runtime_error("bench: " + refused->to_string());
    }
    while (!answer) {
      if (engine_.step(clock_.now()).failed) throw std::runtime_error("bench: storage failed");
      std::this_thread::yield();
    }
    if (answer->has_refused()) throw std::runtime_error("bench: " + answer->refused().message());
    return answer->done();
  }

 private:
  static core::State recovered(storage::Store& store, const base::HubClock& clock) {
    engine::Genesis genesis;
    genesis.world_id = base::to_hex(identity::random_bytes(16));
    genesis.epoch = base::to_hex(identity::random_bytes(16));
    genesis.center_id = "bench";
    auto state = engine::recover(store, genesis, clock.now());
    if (!state) throw std::runtime_error("bench: " + state.error().to_string());
    return std::move(*state);
  }

  base::BootClock clock_{0};
  NoSink sink_;
  engine::Engine engine_;
};

}  // namespace

v1::PlanChannel everyone_channel(const std::string& key) {
  v1::PlanChannel channel;
  channel.set_key(key);
  channel.set_kind(v1::Channel::KIND_GROUP);
  channel.mutable_name()->set_en(key);
  channel.mutable_name()->set_zh_hans(key);
  channel.set_everyone(true);
  channel.set_posting(v1::Channel::POSTING_MEMBERS);
  channel.set_history(v1::Channel::HISTORY_ALL);
  return channel;
}

v1::PlanChannel members_channel(const std::string& key, std::size_t from, std::size_t count) {
  v1::PlanChannel channel = everyone_channel(key);
  channel.set_everyone(false);
  for (std::size_t i = from; i < from + count; ++i) {
    channel.add_member_accounts("a" + std::to_string(i));
  }
  return channel;
}

v1::Plan make_plan(std::size_t accounts, const std::vector<v1::PlanChannel>& channels) {
  v1::Plan plan;
  plan.set_center_id("bench");
  plan.mutable_name()->set_en("Bench");
  plan.mutable_name()->set_zh_hans("压测");
  plan.set_zone("Asia/Shanghai");
  auto* department = plan.add_departments();
  department->set_key("eoc");
  department->mutable_name()->set_en("EOC");
  department->mutable_name()->set_zh_hans("指挥中心");
  for (std::size_t i = 0; i < accounts; ++i) {
    auto* account = plan.add_accounts();
    account->set_key("a" + std::to_string(i));
    account->mutable_name()->set_en("Account " + std::to_string(i));
    account->mutable_name()->set_zh_hans("账号" + std::to_string(i));
    account->set_kind(v1::Account::KIND_PERSON);
    account->set_department("eoc");
  }
  for (const auto& channel : channels) *plan.add_channels() = channel;
  return plan;
}

Center create_center(const std::string& data, const v1::Plan& plan) {
  auto store = storage::open_rocksdb_store(data, {});
  if (!store) throw std::runtime_error("bench: " + store.error().to_string());
  // Genesis, plan and tokens; ids are read back from a State of the finished log.
  Center center;
  std::vector<std::string> tokens;
  {
    Operator hub(**store);
    v1::Command apply;
    *apply.mutable_apply_plan()->mutable_plan() = plan;
    hub.run(apply);
  }
  base::BootClock clock(0);
  auto state = engine::recover(**store, {}, clock.now());
  if (!state) throw std::runtime_error("bench: " + state.error().to_string());
  Operator hub(**store);
  for (const auto& account : plan.accounts()) {
    const identity::Token token = identity::new_token();
    v1::Command issue;
    issue.mutable_issue_token()->set_account_id(state->account_by_key(account.key())->id());
    issue.mutable_issue_token()->set_token_hash(base::to_bytes(token.hash));
    issue.mutable_issue_token()->set_label("bench");
    hub.run(issue);
    center.tokens.push_back(token.text);
  }
  for (const auto& channel : plan.channels()) {
    center.channel_ids.push_back(state->channel_by_key(channel.key())->id());
  }
  return center;
}

}  // namespace fenghuo::bench
