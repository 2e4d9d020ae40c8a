// SPDX-License-Identifier: Apache-2.0
#include "hub/core/apply.h"
#include "hub/core/decide.h"
#include "hub/engine/engine.h"
#include "hub/engine/recovery.h"
#include "storage/rocksdb/rocksdb_store.h"
#include "tools/bench/center.h"
#include "tools/bench/load_client.h"
#include "tools/bench/workloads.h"

#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

// Orders and their ladders, without sockets: the core by itself, and the engine on a real disk.
namespace fenghuo::bench {
namespace {

constexpr std::size_t roles = 200;
constexpr std::size_t addressees = 20;
constexpr std::size_t open_orders = 10'000;
constexpr base::TimeUs minute_us = 60 * base::us_per_s;
// How often the engine's thread looks when nothing wakes it (see engine_thread.cpp).
constexpr double looks_per_s = 50;

std::string role_key(std::size_t i) { return "eoc/r" + std::to_string(i % roles); }

// Every role has a primary and a deputy; the ladder asks one, five minutes later the other.
v1::Plan plan_with_roles() {
  v1::Plan plan = make_plan(2 * roles, {everyone_channel("all")});
  for (std::size_t i = 0; i < roles; ++i) {
    v1::PlanRole& role = *plan.add_roles();
    role.set_key(role_key(i));
    role.mutable_name()->set_en("Role");
    role.set_department("eoc");
    role.set_command_seat(i == 0);
    for (const auto standing :
         {v1::Appointment::STANDING_PRIMARY, v1::Appointment::STANDING_DEPUTY}) {
      const bool first = standing == v1::Appointment::STANDING_PRIMARY;
      auto& one =
          *plan.mutable_accounts(static_cast<int>(2 * i + (first ? 0 : 1)))->add_appointments();
      one.set_role(role.key());
      one.set_standing(standing);
    }
  }
  plan.mutable_configuration()->set_duty_chief(role_key(0));
  v1::Ladder& ladder = *plan.mutable_configuration()->add_ladders();
  ladder.set_key("standard");
  ladder.add_precedences(v1::PRECEDENCE_ROUTINE);
  ladder.set_exhausted_repeat_us(60 * minute_us);
  ladder.set_gate_wait_us(minute_us);
  ladder.set_last_wait_us(60 * minute_us);
  for (const auto standing :
       {v1::Appointment::STANDING_PRIMARY, v1::Appointment::STANDING_DEPUTY}) {
    v1::Rung& rung = *ladder.add_rungs();
    rung.add_targets()->set_standing(standing);
    rung.add_means(v1::MEANS_IN_APP);
    rung.set_after_us(ladder.rungs_size() == 1 ? 0 : 5 * minute_us);
  }
  return plan;
}

// A center without store or threads; keeps its records on demand.
class Core {
 public:
  Core() {
    apply(core::genesis("w", "e", "bench", v1::WorldCreated::KIND_REAL));
    v1::Command command;
    *command.mutable_apply_plan()->mutable_plan() = plan_with_roles();
    submit(0, std::move(command));
    channel_ = state.channel_by_key("all")->id();
  }

  base::EntityId submit(base::EntityId account_id, v1::Command command) {
    core::Envelope envelope;
    envelope.account_id = account_id;
    envelope.salt = std::string(16, 's');
    envelope.command = std::move(command);
    auto decision = core::decide(state, envelope, now);
    if (!decision) throw std::runtime_error("bench: " + decision.error().to_string());
    apply(std::move(decision->events));
    return decision->done.id();
  }

  void apply(std::vector<core::Drafted> drafts) {
    for (core::Drafted& draft : drafts) {
      if (log != nullptr) log->push_back({now, draft.event.SerializeAsString()});
      core::apply(state, {state.position() + 1, now, draft.event, nullptr}, effects_);
    }
  }

  v1::Command raise(std::size_t first, std::size_t count) const {
    return raise_in(state, channel_, first, count);
  }
  static v1::Command raise_in(const core::State& state, base::EntityId channel, std::size_t first,
                              std::size_t count) {
    v1::Command command;
    v1::RaiseOrder& order = *command.mutable_raise_order();
    order.set_channel_id(channel);
    order.set_text("Close valve 3 and report");
    order.set_kind(v1::Order::KIND_NOTICE);
    for (std::size_t i = 0; i < count; ++i) {
      order.add_to()->set_role_id(state.role_by_key(role_key(first + i))->id());
    }
    return command;
  }

  base::EntityId account(std::size_t i) const {
    return state.account_by_key("a" + std::to_string(i % (2 * roles)))->id();
  }

  struct Stored {
    base::TimeUs time_us = 0;
    std::string event;
  };
  core::State state;
  base::TimeUs now = minute_us;
  std::vector<Stored>* log = nullptr;

 private:
  core::Effects effects_;
  base::EntityId channel_ = 0;
};

double us_per_order_of_20() {
  Core center;
  constexpr std::size_t count = 2'000;
  std::vector<v1::Command> commands;
  for (std::size_t i = 0; i < count; ++i) commands.push_back(center.raise(7 * i, addressees));
  const double started = now_s();
  for (v1::Command& command : commands) center.submit(0, std::move(command));
  return (now_s() - started) * 1e6 / count;
}

// Orders that are raised, seen, and accepted by their addressees; every fourth climbs a rung first.
std::vector<Core::Stored> coordination_record(Core& center, std::size_t records) {
  std::vector<Core::Stored> log;
  log.reserve(records + 64);
  center.log = &log;
  for (std::size_t i = 0; log.size() < records; ++i) {
    const base::EntityId order = center.submit(0, center.raise(2 * i, 2));
    if (i % 4 == 0) {
      center.now += 5 * minute_us;
      while (core::next_deadline(center.state).value_or(center.now + 1) <= center.now) {
        center.apply(core::fire_deadline(center.state, center.now, std::string(16, 's')));
      }
    }
    for (std::uint32_t number = 1; number <= 2; ++number) {
      const base::EntityId holder = center.account(2 * (2 * i + number - 1));
      v1::Command seen;
      seen.mutable_observe_order()->set_order_id(order);
      seen.mutable_observe_order()->set_seen(true);
      center.submit(holder, std::move(seen));
      v1::Command accept;
      accept.mutable_accept_order()->set_order_id(order);
      accept.mutable_accept_order()->set_addressee(number);
      accept.mutable_accept_order()->set_seen_revision(1);
      center.submit(holder, std::move(accept));
    }
    center.now += base::us_per_s;
  }
  center.log = nullptr;
  return log;
}

// Into a State that stands where the record begins.
double us_per_replayed(std::size_t records) {
  Core writer;
  Core reader;
  const std::vector<Core::Stored> log = coordination_record(writer, records);
  core::Effects effects;
  v1::Event event;
  const double started = now_s();
  for (const Core::Stored& stored : log) {
    if (!event.ParseFromString(stored.event)) throw std::runtime_error("bench: unreadable");
    core::apply(reader.state, {reader.state.position() + 1, stored.time_us, event, nullptr},
                effects);
  }
  const double seconds = now_s() - started;
  if (reader.state.digest() != writer.state.digest()) throw std::runtime_error("bench: differs");
  return seconds * 1e6 / static_cast<double>(log.size());
}

class NoSink final : public core::CommitSink {
 public:
  void committed(std::shared_ptr<const core::Commit>) override {}
};

// The engine on a store of its own, with 10,000 orders whose next rung is due at one instant.
class Waiting {
 public:
  explicit Waiting(const std::string& data) {
    auto opened = storage::open_rocksdb_store(data + "/orders", {});
    if (!opened) throw std::runtime_error("bench: " + opened.error().to_string());
    store_ = std::move(*opened);
    engine::Genesis genesis;
    genesis.world_id = std::string(32, 'a');
    genesis.epoch = std::string(32, 'b');
    auto state = engine::recover(*store_, genesis, now);
    if (!state) throw std::runtime_error("bench: " + state.error().to_string());
    engine_ = std::make_unique<engine::Engine>(std::move(*state), store_->log(), sink_,
                                               engine::Engine::Options{}, [] {});
    v1::Command plan;
    *plan.mutable_apply_plan()->mutable_plan() = plan_with_roles();
    submit(std::move(plan));
    finish();
    const core::State& known = engine_->state();
    const base::EntityId channel = known.channel_by_key("all")->id();
    for (std::size_t i = 0; i < open_orders; ++i) {
      submit(Core::raise_in(known, channel, i, 1));
      if (i % 1'000 == 0) finish();
    }
    finish();
  }

  // Share of a core that looking costs while nothing is due.
  double idle_share() {
    constexpr std::size_t count = 100'000;
    const double started = now_s();
    for (std::size_t i = 0; i < count; ++i) engine_->step(now);
    return (now_s() - started) / count * looks_per_s;
  }

  // All of them fire, and are stored.
  double seconds_to_fire() {
    const base::Position before = engine_->state().position();
    now += 5 * minute_us;
    const double started = now_s();
    engine_->step(now);
    finish();
    const double seconds = now_s() - started;
    if (engine_->state().position() < before + open_orders) {
      throw std::runtime_error("bench: not all have fired");
    }
    return seconds;
  }

  base::TimeUs now = minute_us;

 private:
  void submit(v1::Command command) {
    engine::Submission submission;
    submission.envelope.salt = std::string(16, 's');
    submission.envelope.command = std::move(command);
    submission.reply = [](const v1::Reply& reply) {
      if (reply.has_refused()) throw std::runtime_error("bench: " + reply.refused().message());
    };
    if (const auto refused = engine_->submit(std::move(submission))) {
      throw std::runtime_error("bench: " + refused->to_string());
    }
  }
  void finish() {
    for (;;) {
      const engine::Engine::Step step = engine_->step(now);
      if (step.failed) throw std::runtime_error("bench: " + step.detail);
      const bool due = core::next_deadline(engine_->state()).value_or(now + 1) <= now;
      if (!step.progressed && !due && engine_->idle()) return;
      if (!step.progressed) std::this_thread::yield();
    }
  }

  std::unique_ptr<storage::Store> store_;
  NoSink sink_;
  std::unique_ptr<engine::Engine> engine_;
};

}  // namespace

Figures run_coordination(const Setting& setting) {
  Figures figures;
  figures.emplace_back("decide_apply_order_of_20_us", us_per_order_of_20());
  Waiting waiting(setting.data);
  figures.emplace_back("idle_share_10000_orders", waiting.idle_share());
  figures.emplace_back("fire_and_store_10000_s", waiting.seconds_to_fire());
  const double each_us = us_per_replayed(setting.messages);
  figures.emplace_back("replay_us_each", each_us);
  figures.emplace_back("replay_1000000_s", each_us);
  return figures;
}

}  // namespace fenghuo::bench
