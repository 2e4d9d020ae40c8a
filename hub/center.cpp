// SPDX-License-Identifier: Apache-2.0
#include "hub/center.h"

#include "hub/base/limits.h"
#include "hub/base/log.h"
#include "hub/base/waker.h"
#include "hub/core/snapshot.h"
#include "hub/engine/engine_thread.h"
#include "hub/engine/recovery.h"
#include "hub/identity/random.h"
#include "hub/server.h"
#include "hub/view/indexer.h"
#include "hub/view/indexer_thread.h"
#include "hub/view/thread_pool.h"
#include "hub/view/view_thread.h"

#include <chrono>
#include <cstdlib>
#include <future>
#include <optional>
#include <thread>
#include <utility>

namespace fenghuo::hub {
namespace {

constexpr std::size_t reading_threads = 2;
constexpr std::size_t reads_waiting_max = 1'024;
// Durable records the view has not applied yet; beyond, nothing new is decided until it has.
constexpr std::size_t view_backlog_records_max = 32 * 1024;
constexpr auto finish_at_most = std::chrono::seconds(10);

// Nothing acknowledged is lost, and nothing more may be said: no destructor runs.
[[noreturn]] void storage_failed(const std::string& detail) {
  base::log_error(
      "hub",
      "storage failed, the hub stops; nothing acknowledged is lost, what was not will be "
      "sent again by its clients: {}",
      detail);
  std::_Exit(exit_storage_failed);
}

}  // namespace

struct Center::Inside {
  Inside(core::State state, storage::Store& store, const base::HubClock& clock, double clock_speed,
         fanout::Encoder::Publish publish, Awakening awakening)
      : encoder(std::move(publish)),
        view(core::clone(state), store, encoder, [this] { view_waker.wake(); }),
        indexer(view, store, [this] { indexer_waker.wake(); }),
        engine(std::move(state), store.log(), view,
               engine_options(store, clock, clock_speed, std::move(awakening)),
               [this] { engine_waker.wake(); }),
        pool(reading_threads, reads_waiting_max),
        hashing(std::make_unique<identity::HashingPool>()),
        reader(view, store, pool),
        catch_up(fanout::make_log_catch_up(view, store, pool)),
        services{engine, reader, *catch_up, store.blobs(), pool, *hashing, clock, clock_speed} {
    view.on_applied([this] { indexer_waker.wake(); });
    view.on_failed(storage_failed);
    view_thread.emplace(view, clock, view_waker);
    indexer_thread.emplace(indexer, view, indexer_waker);
    engine_thread.emplace(engine, clock, engine_waker, storage_failed);
  }

  engine::Engine::Options engine_options(storage::Store& store, const base::HubClock& clock,
                                         double clock_speed, Awakening awakening) const {
    engine::Engine::Options options;
    options.reload = [&store] { return engine::reload(store); };
    options.salt_seed = identity::random_bytes(32);
    options.absence = awakening.absence;
    options.outage_least_us =
        static_cast<base::TimeUs>(static_cast<double>(base::limits::outage_least_us) * clock_speed);
    options.wall_difference = [&clock] { return clock.wall_difference(); };
    options.step_clock = std::move(awakening.step_clock);
    options.behind = [this] { return view.backlog() > view_backlog_records_max; };
    return options;
  }

  // In the order in which they hand on work, so that nobody speaks to somebody who has gone.
  void stop() {
    if (!engine_thread) return;
    hashing.reset();
    engine_thread.reset();
    indexer_thread.reset();
    pool.stop();
    view_thread.reset();
  }

  base::Waker engine_waker;
  base::Waker view_waker;
  base::Waker indexer_waker;
  fanout::Encoder encoder;
  view::View view;
  view::Indexer indexer;
  engine::Engine engine;
  view::ThreadPool pool;
  std::unique_ptr<identity::HashingPool> hashing;
  view::Reader reader;
  std::unique_ptr<fanout::CatchUp> catch_up;
  net::Services services;
  std::optional<view::ViewThread> view_thread;
  std::optional<view::IndexerThread> indexer_thread;
  std::optional<engine::EngineThread> engine_thread;
};

Center::Center(core::State state, storage::Store& store, const base::HubClock& clock,
               double clock_speed, fanout::Encoder::Publish publish, Awakening awakening)
    : inside_(std::make_unique<Inside>(std::move(state), store, clock, clock_speed,
                                       std::move(publish), std::move(awakening))) {}

Center::~Center() { stop(); }

net::Services& Center::services() { return inside_->services; }
engine::Engine& Center::engine() { return inside_->engine; }

base::Result<void> Center::apply(const v1::Plan& plan) {
  engine::Submission submission;
  submission.envelope.salt = identity::random_bytes(16);
  *submission.envelope.command.mutable_apply_plan()->mutable_plan() = plan;
  submission.bytes = plan.ByteSizeLong();
  auto answered = std::make_shared<std::promise<v1::Reply>>();
  auto answer = answered->get_future();
  submission.reply = [answered](v1::Reply reply) { answered->set_value(std::move(reply)); };
  if (const auto refused = inside_->engine.submit(std::move(submission))) return *refused;
  const v1::Reply reply = answer.get();
  if (!reply.has_refused()) return {};
  base::Error error(reply.refused().code(), reply.refused().message(), reply.refused().field());
  for (const auto& param : reply.refused().params()) error.with(param.name(), param.value());
  return error;
}

void Center::doubt_clock() {
  engine::Submission submission;
  submission.envelope.salt = identity::random_bytes(16);
  v1::DoubtClock& doubt = *submission.envelope.command.mutable_doubt_clock();
  doubt.set_kind(v1::ClockDoubt::KIND_DISAGREES);
  const base::HubClock& clock = inside_->services.clock;
  doubt.set_wall_us(clock.now() + clock.wall_difference());
  submission.reply = [](const v1::Reply&) {};
  if (const auto refused = inside_->engine.submit(std::move(submission))) {
    base::log_warn("hub", "the clock's disagreement is not recorded: {}", refused->to_string());
  }
}

void Center::finish_commands() {
  inside_->engine.drain();
  const auto give_up = std::chrono::steady_clock::now() + finish_at_most;
  while (!inside_->engine.idle() && std::chrono::steady_clock::now() < give_up) {
    inside_->engine_waker.wake();
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

void Center::stop() { inside_->stop(); }

}  // namespace fenghuo::hub
