// SPDX-License-Identifier: Apache-2.0
#include "hub/engine/engine.h"

#include "hub/base/check.h"
#include "hub/base/limits.h"
#include "hub/base/log.h"
#include "hub/base/rate.h"
#include "hub/base/sha256.h"
#include "hub/engine/answers.h"
#include "hub/engine/group.h"
#include "hub/engine/held.h"
#include "hub/engine/inbox.h"
#include "hub/engine/readings.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace fenghuo::engine {

namespace limits = base::limits;

namespace {

// So that completions and urgent arrivals are looked at about every millisecond.
constexpr std::size_t commands_per_step_max = 256;
// After a write that found no room, how long the log is left alone.
constexpr base::TimeUs pause_after_loss_us = base::us_per_s;
// How often to look whether those behind have caught up.
constexpr base::TimeUs look_behind_us = 5 * base::us_per_ms;

// What free disk allows.
enum class Taking { All, NoRoutine, OnlyUrgent };

bool is_reading(const v1::Command& command) {
  return command.kind_case() == v1::Command::kAdvanceCursor ||
         command.kind_case() == v1::Command::kMarkDelivered;
}

bool is_routine_post(const v1::Command& command) {
  return command.kind_case() == v1::Command::kPostMessage &&
         command.post_message().precedence() <= v1::PRECEDENCE_PRIORITY;
}

base::Error no_space() {
  return base::Error(v1::ERROR_CODE_NO_SPACE, "the disk is nearly full").retry_after(5'000);
}

// Where the log's thread leaves what it completed. Shared with it: the log may outlive the engine.
struct Completions {
  std::mutex mutex;
  std::vector<storage::AppendOutcome> outcomes;
  // Empty once the engine is gone.
  std::function<void()> wake;
};

// Rates of one account.
struct Rates {
  base::TokenBucket commands{limits::commands_burst, limits::commands_per_s};
  base::TokenBucket urgent{limits::urgent_burst, limits::urgent_per_s};
};

}  // namespace

struct Engine::Inside {
  Inside(core::State state_in, storage::EventLog& log_in, core::CommitSink& sink_in,
         Options options_in, std::function<void()> wake_in)
      : state(std::move(state_in)),
        log(log_in),
        sink(sink_in),
        options(std::move(options_in)),
        wake(std::move(wake_in)),
        head(log.head()),
        next_batch_id(std::max(options.next_batch_id, head.batch_id + 1)),
        term(std::max(options.term, head.term)),
        answers(head.position) {
    FENGHUO_CHECK(state.position() == head.position);
    completions->wake = wake;
  }
  ~Inside() {
    const std::lock_guard lock(completions->mutex);
    completions->wake = nullptr;
  }

  // Called by any thread.
  std::optional<base::Error> submit(Submission&& submission);

  // The engine's thread.
  void step(base::TimeUs now, Step& out);
  bool take_completions();
  void complete(storage::AppendOutcome outcome);
  void committed(const storage::Head& new_head);
  void discard(base::Error error);
  void fail(std::string detail);
  Inbox::Ring ring_of(const core::Envelope& envelope);
  std::size_t decide_urgent(std::size_t budget);
  std::size_t decide_normal(std::size_t budget);
  void handle(Submission&& submission);
  void handle_reading(Submission&& submission);
  void answer(Submission&& submission, v1::Reply::Done done);
  void refuse(Submission&& submission, const base::Error& error);
  bool note_absence();
  bool fire_deadlines();
  std::string next_salt() const;
  bool flush_readings();
  // Whether the decision waits for the full hour instead of being recorded; says so to its sender.
  bool hold(core::Decision& decision);
  bool flush_held();
  bool add(std::vector<core::Drafted>&& events);
  bool append();
  base::TimeUs decision_time() const;
  base::TimeUs wake_at() const;

  core::State state;
  storage::EventLog& log;
  core::CommitSink& sink;
  Options options;
  std::function<void()> wake;

  Inbox inbox;
  std::atomic<bool> draining = false;
  std::atomic<Taking> taking = Taking::All;
  // A write found no room; until free_share says better.
  std::atomic<bool> full = false;

  std::shared_ptr<Completions> completions = std::make_shared<Completions>();

  base::TimeUs now = 0;
  // Of the step before; 0 = this is the first.
  base::TimeUs seen_until = 0;
  // What it was before an absence that is not yet written; nothing = none is waiting.
  std::optional<base::TimeUs> seen_before;
  std::atomic<bool> clock_unconfirmed = false;
  storage::Head head;
  std::uint64_t next_batch_id;
  std::uint64_t term;
  Group group;
  // What is being synced: its commit and the id of its batch.
  std::shared_ptr<core::Commit> in_flight;
  std::uint64_t in_flight_id = 0;
  std::size_t in_flight_commands = 0;
  Answers answers;
  Readings readings;
  Held held;
  std::unordered_map<base::EntityId, Rates> rates;
  // Since a group was not written.
  base::TimeUs paused_until = 0;
  base::Error why_paused;
  bool failed = false;
  std::string detail;

  // Taken at the door and not answered yet.
  std::atomic<std::size_t> unanswered = 0;
  std::atomic<bool> busy = false;
  std::atomic<bool> holding = false;
  std::atomic<std::uint64_t> commands = 0;
  std::atomic<std::uint64_t> refused = 0;
  std::atomic<std::uint64_t> records = 0;
  std::atomic<std::uint64_t> groups = 0;
};

Engine::Engine(core::State state, storage::EventLog& log, core::CommitSink& sink, Options options,
               std::function<void()> wake)
    : inside_(std::make_unique<Inside>(std::move(state), log, sink, std::move(options),
                                       std::move(wake))) {}

Engine::~Engine() = default;

std::optional<base::Error> Engine::submit(Submission submission) {
  return inside_->submit(std::move(submission));
}

bool Engine::is_full() const { return inside_->inbox.is_full(); }

Engine::Step Engine::step(base::TimeUs now) {
  Step out;
  inside_->step(now, out);
  return out;
}

void Engine::drain() {
  inside_->draining = true;
  inside_->wake();
}

bool Engine::idle() const {
  const bool keeps = inside_->draining && inside_->holding;
  return inside_->unanswered == 0 && !inside_->busy && !keeps;
}

void Engine::set_free_share(double share) {
  const bool out_of_space = share < limits::disk_read_only_share;
  inside_->taking = out_of_space                        ? Taking::OnlyUrgent
                    : share < limits::disk_refuse_share ? Taking::NoRoutine
                                                        : Taking::All;
  if (!out_of_space) inside_->full = false;
}

Engine::Figures Engine::figures() const {
  return {inside_->commands, inside_->refused, inside_->records, inside_->groups,
          inside_->inbox.size()};
}

bool Engine::clock_unconfirmed() const { return inside_->clock_unconfirmed; }

const core::State& Engine::state() const { return inside_->state; }

std::optional<base::Error> Engine::Inside::submit(Submission&& submission) {
  if (draining) {
    return base::Error(v1::ERROR_CODE_DRAINING, "the hub is going down").retry_after(1'000);
  }
  // The hub's own commands (a login's token) are few and small: they may use the reserve.
  const core::Envelope& envelope = submission.envelope;
  const Taking level = full ? Taking::OnlyUrgent : taking.load();
  if (level != Taking::All && envelope.account_id != 0 && !may_be_urgent(envelope)) {
    if (level == Taking::OnlyUrgent || is_routine_post(envelope.command)) return no_space();
  }
  unanswered.fetch_add(1);
  bool was_empty = false;
  if (std::optional<base::Error> error = inbox.put(std::move(submission), was_empty)) {
    unanswered.fetch_sub(1);
    return error;
  }
  if (was_empty) wake();
  return std::nullopt;
}

void Engine::Inside::step(base::TimeUs at, Step& out) {
  FENGHUO_CHECK(at >= now);
  now = at;
  out.progressed = take_completions();
  if (!failed) {
    // The disk first: while it works on what has been decided, decide more.
    out.progressed |= append();
    out.progressed |= note_absence();
    // A group is what leads to records; a run of refusals is none.
    if (group.empty()) group.urgent = group.normal = 0;
    const bool behind = options.behind && options.behind();
    if (!behind) {
      inbox.take_arrivals([this](const core::Envelope& e) { return ring_of(e); });
      const std::size_t urgent = decide_urgent(commands_per_step_max);
      out.progressed |= fire_deadlines();
      const std::size_t normal = decide_normal(commands_per_step_max - urgent);
      out.progressed |= urgent + normal > 0;
    }
    out.progressed |= flush_readings();
    out.progressed |= flush_held();
    out.progressed |= append();
    out.wake_at = wake_at();
    if (behind && inbox.size() > 0) {
      const base::TimeUs look_again = now + look_behind_us;
      out.wake_at = out.wake_at == 0 ? look_again : std::min(out.wake_at, look_again);
    }
  }
  clock_unconfirmed = state.clock_unconfirmed();
  busy = in_flight != nullptr || !group.empty() || !readings.empty();
  holding = !held.empty();
  out.failed = failed;
  out.detail = detail;
}

bool Engine::Inside::take_completions() {
  std::vector<storage::AppendOutcome> outcomes;
  {
    const std::lock_guard lock(completions->mutex);
    outcomes.swap(completions->outcomes);
  }
  for (storage::AppendOutcome& outcome : outcomes) {
    if (failed) break;
    complete(std::move(outcome));
  }
  return !outcomes.empty();
}

void Engine::Inside::complete(storage::AppendOutcome outcome) {
  using storage::AppendStatus;
  FENGHUO_CHECK(in_flight);
  if (outcome.status == AppendStatus::Unknown) {
    outcome = log.resolve(in_flight_id);
    // Not there and never will be, with the tail where it was: as if it had not been tried.
    if (outcome.status == AppendStatus::Conflict && outcome.head == head) {
      outcome.status = AppendStatus::Unavailable;
    }
  }
  switch (outcome.status) {
    case AppendStatus::Committed: return committed(outcome.head);
    case AppendStatus::NoSpace: full = true; return discard(no_space());
    case AppendStatus::Unavailable:
      return discard(
          base::Error(v1::ERROR_CODE_UNAVAILABLE, "the log cannot be reached").retry_after(1'000));
    case AppendStatus::TooLarge:
      // Alone it is the command's own fault; in company it must be tried again to know.
      if (in_flight_commands == 1) {
        return discard(base::Error(v1::ERROR_CODE_TOO_LARGE, "more than one write of the log"));
      }
      return discard(
          base::Error(v1::ERROR_CODE_UNAVAILABLE, "the group was too large").retry_after(100));
    case AppendStatus::Conflict:
    case AppendStatus::Fenced:
      return fail(fmt::format("another writer appends to this log: its tail is at {}, ours at {}",
                              outcome.head.position, head.position));
    case AppendStatus::Unknown:
    case AppendStatus::Failed: return fail(fmt::format("the log failed: {}", outcome.detail));
  }
}

void Engine::Inside::committed(const storage::Head& new_head) {
  FENGHUO_CHECK(new_head.position == in_flight->last());
  head = new_head;
  records.fetch_add(in_flight->items.size(), std::memory_order_relaxed);
  groups.fetch_add(1, std::memory_order_relaxed);
  for (const core::Commit::Item& item : in_flight->items) {
    if (item.event.has_outage_recorded() || item.event.has_clock_doubted()) seen_before.reset();
    const base::TimeUs step_to = item.event.clock_accepted().step_to_us();
    if (step_to == 0 || !options.step_clock) continue;
    options.step_clock(step_to);
    // Recorded as an outage by the acceptance itself.
    seen_until = std::max(seen_until, step_to);
  }
  sink.committed(std::exchange(in_flight, nullptr));
  unanswered.fetch_sub(answers.release(head.position));
  held.written(head.position);
}

// What was decided and not written is undone: the State is brought back to the log's head, and all
// whose answers depended on it are told to try again. Slow and rare.
void Engine::Inside::discard(base::Error error) {
  base::log_warn("engine", "a group was not written ({}); rebuilding the state from the log",
                 error.to_string());
  in_flight = nullptr;
  if (!group.empty()) group.take();
  if (!options.reload) return fail("a group was not written, and there is no way to rebuild");
  base::Result<core::State> rebuilt = options.reload();
  if (!rebuilt) return fail("cannot rebuild the state: " + rebuilt.error().to_string());
  if (rebuilt->position() != head.position) {
    return fail(
        fmt::format("rebuilt the state at {} instead of {}", rebuilt->position(), head.position));
  }
  state = std::move(*rebuilt);
  // An absence that was not written is found again.
  if (seen_before) seen_until = *std::exchange(seen_before, std::nullopt);
  held.not_written();
  if (base::is_retryable(error.code())) {
    paused_until = now + pause_after_loss_us;
    why_paused = error;
  }
  std::size_t answered = answers.refuse_all(error);
  readings.take_rows();
  for (Readings::Waiting& waiting : readings.take_waiting()) {
    waiting.reply(refusal(waiting.n, head.position, error));
    ++answered;
  }
  refused.fetch_add(answered, std::memory_order_relaxed);
  unanswered.fetch_sub(answered);
}

void Engine::Inside::fail(std::string why) {
  failed = true;
  detail = std::move(why);
  base::log_error("engine", "{}", detail);
}

Inbox::Ring Engine::Inside::ring_of(const core::Envelope& envelope) {
  if (!may_be_urgent(envelope) || !core::is_urgent(state, envelope)) return Inbox::Ring::Normal;
  if (envelope.account_id == 0) return Inbox::Ring::Urgent;
  return rates[envelope.account_id].urgent.take(now) ? Inbox::Ring::Urgent : Inbox::Ring::Normal;
}

std::size_t Engine::Inside::decide_urgent(std::size_t budget) {
  constexpr double urgent_share = 1 - limits::normal_share_min;
  const auto urgent_max =
      static_cast<std::size_t>(urgent_share * static_cast<double>(limits::group_records_max));
  std::size_t done = 0;
  while (done < budget && !group.is_full()) {
    // While normal ones wait, a part of the group is theirs.
    if (inbox.has_normal() && group.urgent >= urgent_max) break;
    std::optional<Submission> next = inbox.next_urgent();
    if (!next) break;
    ++group.urgent;
    ++done;
    handle(std::move(*next));
  }
  // The same share of each step, so that a long run of urgent ones starves nobody meanwhile.
  const auto step_max = static_cast<std::size_t>(urgent_share * static_cast<double>(budget));
  return inbox.has_normal() ? std::min(done, step_max) : done;
}

std::size_t Engine::Inside::decide_normal(std::size_t budget) {
  std::size_t done = 0;
  while (done < budget && !group.is_full()) {
    std::optional<Submission> next = inbox.next_normal();
    if (!next) break;
    ++group.normal;
    ++done;
    handle(std::move(*next));
  }
  return done;
}

base::TimeUs Engine::Inside::decision_time() const {
  return group.empty() ? std::max(now, state.time_us()) : group.time_us();
}

void Engine::Inside::handle(Submission&& submission) {
  commands.fetch_add(1, std::memory_order_relaxed);
  const core::Envelope& envelope = submission.envelope;
  if (envelope.account_id != 0) {
    base::TokenBucket& bucket = rates[envelope.account_id].commands;
    // Counted like any other, but an order is never refused for want of room.
    if (!bucket.take(now) && !core::is_about_orders(envelope.command)) {
      return refuse(std::move(submission),
                    base::Error(v1::ERROR_CODE_RATE_LIMITED, "too many commands from this account")
                        .retry_after(bucket.wait_ms(now)));
    }
  }
  if (now < paused_until) return refuse(std::move(submission), why_paused);
  if (is_reading(envelope.command)) return handle_reading(std::move(submission));
  if (envelope.command.has_accept_clock()) {
    const base::TimeUs ahead = options.wall_difference ? options.wall_difference() : 0;
    submission.envelope.command.mutable_accept_clock()->set_wall_us(decision_time() + ahead);
  }
  base::Result<core::Decision> decision = core::decide(state, envelope, decision_time());
  if (!decision) return refuse(std::move(submission), decision.error());
  if (!hold(*decision)) add(std::move(decision->events));
  answer(std::move(submission), std::move(decision->done));
}

bool Engine::Inside::hold(core::Decision& decision) {
  const base::TimeUs until = Held::until(decision);
  if (until == 0 || draining) return false;
  const bool known = held.knows(decision.events.front());
  if (!known && held.is_full()) return false;
  decision.done.set_id(0);
  decision.done.set_held_until_us(until);
  decision.done.set_repeated(known);
  if (!known) held.add(std::move(decision.events.front()));
  return true;
}

void Engine::Inside::handle_reading(Submission&& submission) {
  const base::Result<std::vector<core::Reading>> changes =
      core::check_reading(state, submission.envelope, decision_time());
  if (!changes) return refuse(std::move(submission), changes.error());
  if (changes->empty()) return answer(std::move(submission), {});
  readings.add(*changes, {submission.envelope.n, std::move(submission.reply)}, now);
}

void Engine::Inside::answer(Submission&& submission, v1::Reply::Done done) {
  v1::Reply reply;
  reply.set_n(submission.envelope.n);
  reply.set_position(state.position());
  *reply.mutable_done() = std::move(done);
  if (reply.position() <= answers.durable()) unanswered.fetch_sub(1);
  answers.hold(std::move(reply), std::move(submission.reply));
}

void Engine::Inside::refuse(Submission&& submission, const base::Error& error) {
  refused.fetch_add(1, std::memory_order_relaxed);
  v1::Reply reply = refusal(submission.envelope.n, state.position(), error);
  if (reply.position() <= answers.durable()) unanswered.fetch_sub(1);
  answers.hold(std::move(reply), std::move(submission.reply));
}

// Nobody who does not know the seed can guess it, and it is never used twice.
std::string Engine::Inside::next_salt() const {
  const std::string counter = std::to_string(state.position() + 1);
  return base::to_bytes(base::sha256({options.salt_seed, counter})).substr(0, 16);
}

// Between two steps much less goes by than an outage: the thread sleeps a second at most.
bool Engine::Inside::note_absence() {
  // After a step of the clock was accepted the old time goes on for this one step.
  if (now < paused_until || now < seen_until) return false;
  const base::TimeUs before = std::exchange(seen_until, now);
  core::Absence absence;
  if (before == 0) absence = options.absence;
  if (before != 0) absence.from_us = before;
  absence.to_us = now;
  const bool away = options.outage_least_us != 0 && absence.from_us != 0 &&
                    absence.to_us - absence.from_us >= options.outage_least_us;
  if (!away) absence.from_us = absence.to_us;
  if (!add(core::record_absence(absence))) return false;
  seen_before = before;
  return true;
}

bool Engine::Inside::fire_deadlines() {
  if (group.is_full() || now < paused_until) return false;
  const std::optional<base::TimeUs> next = core::next_deadline(state);
  if (!next || *next > decision_time()) return false;
  // One after another: each is decided on what the one before did.
  std::size_t fired = 0;
  while (fired < limits::deadlines_per_step_max && !group.is_full()) {
    if (!add(core::fire_deadline(state, decision_time(), next_salt()))) break;
    ++fired;
  }
  return fired > 0;
}

bool Engine::Inside::flush_readings() {
  if (readings.empty() || group.is_full()) return false;
  if (now < readings.due_at() && !readings.is_full() && !draining) return false;
  const base::Position before = state.position();
  add(core::merge_readings(state, readings.take_rows()));
  v1::Reply::Done done;
  done.set_id(state.position() > before ? before + 1 : 0);
  for (Readings::Waiting& waiting : readings.take_waiting()) {
    Submission submission;
    submission.envelope.n = waiting.n;
    submission.reply = std::move(waiting.reply);
    answer(std::move(submission), done);
  }
  return true;
}

// Going down, nothing is kept back: better known a little earlier than lost.
bool Engine::Inside::flush_held() {
  if (held.empty() || group.is_full() || now < paused_until) return false;
  const base::TimeUs due = draining ? held.due_at() : decision_time();
  bool any = false;
  while (!group.is_full()) {
    std::optional<core::Drafted> one = held.take(due, state.position() + 1);
    if (!one) break;
    std::vector<core::Drafted> events;
    events.push_back(std::move(*one));
    any |= add(std::move(events));
  }
  return any;
}

bool Engine::Inside::add(std::vector<core::Drafted>&& events) {
  if (events.empty()) return false;
  if (group.empty()) group.open(state.position() + 1, decision_time());
  for (core::Drafted& drafted : events) group.add(state, std::move(drafted));
  return true;
}

bool Engine::Inside::append() {
  if (in_flight || group.empty()) return false;
  Group::Taken taken = group.take();
  taken.batch.id = next_batch_id++;
  taken.batch.term = term;
  taken.batch.prev_hash = head.hash;
  // The State stands right after the group's last record.
  constexpr base::Position every = core::digest_every_records;
  if (taken.commit->last() / every != (taken.commit->first - 1) / every) {
    taken.commit->digest = state.digest();
  }
  in_flight = std::move(taken.commit);
  in_flight_id = taken.batch.id;
  in_flight_commands = taken.commands;
  log.append(std::move(taken.batch), head, std::move(taken.rows), std::move(taken.erased),
             [box = completions](storage::AppendOutcome outcome) {
               const std::lock_guard lock(box->mutex);
               box->outcomes.push_back(std::move(outcome));
               if (box->wake) box->wake();
             });
  return true;
}

base::TimeUs Engine::Inside::wake_at() const {
  base::TimeUs at = 0;
  const auto earlier = [&at](base::TimeUs candidate) {
    if (at == 0 || candidate < at) at = candidate;
  };
  if (!readings.empty()) earlier(readings.due_at());
  if (held.due_at() != 0) earlier(std::max({held.due_at(), paused_until, now + 1}));
  // An open group has its time already: deadlines after it wait for the next, and its append wakes.
  if (group.empty()) {
    if (const std::optional<base::TimeUs> next = core::next_deadline(state)) {
      earlier(std::max({*next, paused_until, now + 1}));
    }
  }
  return at;
}

}  // namespace fenghuo::engine
