// SPDX-License-Identifier: Apache-2.0
#include "hub/server.h"

#include "hub/base/limits.h"
#include "hub/center.h"
#include "hub/engine/recovery.h"
#include "hub/identity/random.h"
#include "hub/net/front.h"
#include "hub/plan/reader.h"
#include "hub/waking.h"
#include "storage/rocksdb/rocksdb_store.h"

#include <systemd/sd-daemon.h>

#include <signal.h>
#include <sys/resource.h>

#include <chrono>
#include <optional>
#include <thread>
#include <utility>

namespace fenghuo::hub {
namespace {

namespace limits = base::limits;
using Phase = net::Standing::Phase;

// Clients take their close frames and go; who does not is cut off.
constexpr auto leave_at_most = std::chrono::seconds(3);

// What ends the start: the exit code, after it was said why.
struct Refusal {
  int code;
  std::string text;
};

sigset_t ending_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

// Every thread made later inherits it: only the main thread takes these, where it waits for them.
void hold_signals() {
  const sigset_t signals = ending_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
}

// Whether one has come within a second.
bool end_is_asked() {
  const sigset_t signals = ending_signals();
  const timespec second{1, 0};
  return sigtimedwait(&signals, nullptr, &second) > 0;
}

// One descriptor a connection: what the system grants is taken.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

void tell_service_manager(const std::string& state) { sd_notify(0, state.c_str()); }

class Server {
 public:
  explicit Server(const Config& config) : config_(config) {}

  int run();

 private:
  std::optional<Refusal> open();
  std::optional<Refusal> open_front();
  std::optional<Refusal> read_plan();
  std::optional<Refusal> open_record();
  std::optional<Refusal> start_center(core::State state, bool is_new);
  Center::Awakening wake_up(const core::State& state, bool is_new);
  void announce();
  void watch();
  void stop();

  const Config& config_;
  net::Standing standing_;
  std::optional<v1::Plan> plan_;
  std::unique_ptr<net::Front> front_;
  std::unique_ptr<storage::Store> store_;
  std::unique_ptr<base::BootClock> clock_;
  std::unique_ptr<Center> center_;
  bool clock_disagreed_ = false;
  bool space_was_short_ = false;
};

int Server::run() {
  hold_signals();
  raise_descriptor_limit();
  if (const auto refusal = open()) {
    base::log_error("hub", "{}", refusal->text);
    stop();
    return refusal->code;
  }
  announce();
  while (!end_is_asked()) watch();
  base::log_info("hub", "stopping: no new work, clients are told to come back");
  stop();
  base::log_info("hub", "stopped");
  return exit_clean;
}

std::optional<Refusal> Server::open() {
  if (auto refusal = read_plan()) return refusal;
  if (auto refusal = open_front()) return refusal;
  return open_record();
}

std::optional<Refusal> Server::read_plan() {
  if (config_.plan.empty()) return std::nullopt;
  plan::PlanFile file = plan::read_plan_file(config_.plan);
  if (!file.plan) return Refusal{exit_bad_usage, "the plan is not usable:\n" + file.problem_text()};
  plan_ = std::move(file.plan);
  return std::nullopt;
}

std::optional<Refusal> Server::open_front() {
  net::Front::Options options;
  options.listen = config_.listen;
  options.metrics = config_.metrics_listen;
  options.tls_certificate = config_.tls_cert;
  options.tls_key = config_.tls_key;
  options.shards = config_.shards;
  auto front = net::Front::open(options, standing_);
  if (!front) {
    return Refusal{exit_bad_usage, front.error().message() +
                                       "; give another with --listen, port 0 takes any free "
                                       "one"};
  }
  front_ = std::move(*front);
  tell_service_manager("STATUS=reading the record");
  return std::nullopt;
}

std::optional<Refusal> Server::open_record() {
  auto store = storage::open_rocksdb_store(config_.data);
  if (!store) {
    return Refusal{exit_bad_folder,
                   "data folder " + config_.data + " cannot be used: " + store.error().to_string()};
  }
  store_ = std::move(*store);

  const bool runs_fast = config_.clock_speed > 1;
  engine::Genesis genesis;
  genesis.world_id = identity::random_hex(16);
  genesis.epoch = identity::random_hex(16);
  if (plan_ && !plan_->center_id().empty()) genesis.center_id = plan_->center_id();
  // Time that runs faster is for drills, and a new folder becomes one.
  if (runs_fast) genesis.kind = v1::WorldCreated::KIND_DRILL;
  const bool is_new = store_->log().head().position == 0;
  const base::BootClock wall(0);
  auto state = engine::recover(*store_, genesis, wall.now());
  if (!state) {
    return Refusal{exit_bad_folder,
                   "data folder " + config_.data + " cannot be read: " + state.error().to_string()};
  }
  if (runs_fast && state->world_kind() != v1::WorldCreated::KIND_DRILL) {
    return Refusal{exit_bad_usage, "--clock-speed is for drills, and " + config_.data +
                                       " holds a real center; leave it out or give another --data"};
  }
  return start_center(std::move(*state), is_new);
}

// Sets the clock. A drill's time has its own pace, and a new record no past: no doubt about either.
Center::Awakening Server::wake_up(const core::State& state, bool is_new) {
  Center::Awakening awakening;
  awakening.step_clock = [this](base::TimeUs at) { clock_->step_to(at); };
  if (is_new || config_.clock_speed > 1) {
    clock_ = std::make_unique<base::BootClock>(state.hub_time_us(), config_.clock_speed);
    return awakening;
  }
  const Machine machine = look_at_machine();
  const Waking waking = wake(state.hub_time_us(), read_life_mark(config_.data), machine);
  clock_ = std::make_unique<base::BootClock>(base::BootClock::StartAt{waking.start_us});
  awakening.absence.from_us = waking.alive_until_us;
  awakening.absence.doubt = waking.doubt;
  awakening.absence.wall_us = machine.wall_us;
  const base::TimeUs away_us = waking.start_us - waking.alive_until_us;
  if (away_us >= limits::outage_least_us) {
    base::log_warn("hub", "the hub was away for {} s: recorded as an outage",
                   away_us / base::us_per_s);
  }
  if (waking.doubt != v1::ClockDoubt::KIND_UNSPECIFIED) {
    base::log_warn("hub",
                   "the wall clock after this reboot is in doubt ({}): what the hub does by itself "
                   "is marked until somebody at a command seat accepts the clock",
                   v1::ClockDoubt::Kind_Name(waking.doubt));
  }
  return awakening;
}

std::optional<Refusal> Server::start_center(core::State state, bool is_new) {
  base::log_info("hub", "record of {} read: position {}, {} accounts, {} channels, {} messages",
                 config_.data, state.position(), state.account_count(), state.channel_count(),
                 state.message_count());
  Center::Awakening awakening = wake_up(state, is_new);
  center_ = std::make_unique<Center>(std::move(state), *store_, *clock_, config_.clock_speed,
                                     front_->publisher(), std::move(awakening));
  front_->serve(center_->services());
  watch();
  if (!plan_) return std::nullopt;
  const auto applied = center_->apply(*plan_);
  if (!applied) {
    return Refusal{exit_bad_usage, config_.plan +
                                       " cannot be applied: " + applied.error().to_string() +
                                       "; see fenghuo-admin plan diff"};
  }
  return std::nullopt;
}

void Server::announce() {
  standing_.set_phase(Phase::Serving);
  const std::string address =
      (config_.tls_cert.empty() ? "http://" : "https://") + front_->address().to_string();
  if (const auto metrics = front_->metrics_address()) {
    base::log_info("hub", "metrics on http://{}/metrics", metrics->to_string());
  }
  base::log_info("hub", "ready on {}", address);
  tell_service_manager("READY=1\nSTATUS=serving on " + address);
}

// About once a second.
void Server::watch() {
  tell_service_manager("WATCHDOG=1");
  const double free_share = store_->free_share();
  center_->engine().set_free_share(free_share);
  standing_.set_free_share(free_share);
  const bool is_short = free_share < limits::disk_warn_share;
  if (is_short != space_was_short_) {
    space_was_short_ = is_short;
    base::log_warn(
        "hub", "{:.1f} % of the disk is free{}", free_share * 100,
        is_short ? ": uploads and routine posts end at 5 %, all writing at 1 %" : " again");
  }
  // A drill's clock is meant to run away from the wall.
  if (config_.clock_speed > 1) return;
  const Machine machine = look_at_machine();
  write_life_mark(config_.data, {clock_->now(), machine.boot_us, machine.boot_id});
  standing_.set_clock_unconfirmed(center_->engine().clock_unconfirmed());
  standing_.set_wall_difference(clock_->wall_difference());
  const bool disagrees = standing_.clock_disagrees();
  if (disagrees != clock_disagreed_) {
    clock_disagreed_ = disagrees;
    base::log_warn("hub", "wall clock minus hub clock is {} ms{}",
                   standing_.wall_difference() / base::us_per_ms,
                   disagrees ? ": the hub keeps its own time" : ", they agree again");
    if (disagrees) center_->doubt_clock();
  }
}

// Also after half a start.
void Server::stop() {
  standing_.set_phase(Phase::Draining);
  tell_service_manager("STOPPING=1\nSTATUS=stopping");
  if (center_) {
    center_->finish_commands();
    front_->drain();
    const auto give_up = std::chrono::steady_clock::now() + leave_at_most;
    while (front_->connection_count() > 0 && std::chrono::steady_clock::now() < give_up) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  if (front_) front_->stop();
  if (center_) center_->stop();
  // The net's unfinished tasks refer to the center, the center to the store.
  front_.reset();
  center_.reset();
  store_.reset();
}

}  // namespace

int run_server(const Config& config) { return Server(config).run(); }

}  // namespace fenghuo::hub
