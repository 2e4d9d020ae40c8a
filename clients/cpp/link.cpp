// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/link.h"

#include "clients/cpp/backoff.h"
#include "clients/cpp/frames.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace fenghuo::client {
namespace {

// The hub grants its window in the welcome; these bound it whatever it says.
constexpr std::uint64_t window_max = 64;
constexpr std::size_t queries_sent_max = 16;
// The hub says something at least every 15 s.
constexpr std::int64_t silence_max_ms = 45'000;
// A line that held this long starts its delays anew.
constexpr std::int64_t stable_ms = 10'000;
// How often a command is sent again to a busy hub before its refusal is the answer.
constexpr int busy_refusals_max = 10;

void must(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "fenghuo client: %s\n", what);
  std::abort();
}

bool may_move(LineState from, LineState to) {
  switch (to) {
    case LineState::Down: return true;
    case LineState::Connecting: return from == LineState::Down || from == LineState::Refused;
    case LineState::CatchingUp: return from == LineState::Connecting;
    case LineState::Live: return from == LineState::CatchingUp;
    case LineState::Refused: return true;
  }
  return false;
}

bool is_between(int code, int first, int last) { return code >= first && code <= last; }

}  // namespace

std::string_view name_of(LineState state) {
  switch (state) {
    case LineState::Down: return "down";
    case LineState::Connecting: return "connecting";
    case LineState::CatchingUp: return "catching-up";
    case LineState::Live: return "live";
    case LineState::Refused: return "refused";
  }
  return "unknown";
}

Link::Link(LinkOptions options) : options_(std::move(options)), next_n_(options_.next_n) {}

Actions Link::take() {
  Actions taken;
  taken.swap(actions_);
  return taken;
}

void Link::move_to(LineState to, std::string why, RefusedReason refused) {
  if (line_ == to) return;
  must(may_move(line_, to), "impossible change of the line");
  line_ = to;
  actions_.push_back(LineChanged{to, refused, std::move(why)});
}

Actions Link::start() {
  must(!open_, "start() on an open line");
  stopped_ = false;
  attempts_ = 0;
  last_error_.reset();
  move_to(LineState::Connecting, "connecting");
  actions_.push_back(Connect{0});
  return take();
}

Actions Link::stop() {
  stopped_ = true;
  if (open_ && !closing_) {
    closing_ = true;
    actions_.push_back(Close{});
  }
  if (line_ != LineState::Refused) move_to(LineState::Down, "stopped");
  return take();
}

Actions Link::connected(std::int64_t now_ms) {
  now_ms_ = heard_ms_ = now_ms;
  open_ = true;
  welcomed_ = closing_ = false;
  last_error_.reset();
  for (auto& waiting : outbox_) waiting.sent = false;
  for (auto& [id, asked] : asked_) asked.sent = false;
  if (stopped_) {
    closing_ = true;
    actions_.push_back(Close{});
    return take();
  }
  v1::ClientFrame frame;
  auto* hello = frame.mutable_hello();
  hello->set_token(options_.token);
  hello->set_device(options_.device);
  hello->set_world_id(options_.world_id);
  hello->set_client(options_.client_name);
  if (!epoch_.empty()) {
    hello->mutable_resume()->set_epoch(epoch_);
    hello->mutable_resume()->set_position(position_);
  }
  send(frame);
  return take();
}

Actions Link::received(std::int64_t now_ms, std::string_view message) {
  now_ms_ = heard_ms_ = now_ms;
  if (!open_ || closing_) return take();
  const auto frames = read_frames(message);
  if (!frames) {
    restart_line("the hub sent bytes that are not frames");
    return take();
  }
  for (const auto& frame : *frames) {
    if (closing_) break;
    on_frame(frame);
  }
  if (!closing_) flush();
  return take();
}

void Link::on_frame(const v1::ServerFrame& frame) {
  switch (frame.kind_case()) {
    case v1::ServerFrame::kWelcome: return on_welcome(frame.welcome());
    case v1::ServerFrame::kBatch: return on_batch(frame.batch());
    case v1::ServerFrame::kReply: return on_reply(frame.reply());
    case v1::ServerFrame::kQueryResult: return on_query_result(frame.query_result());
    case v1::ServerFrame::kBell: actions_.push_back(Rang{frame.bell()}); return;
    case v1::ServerFrame::kError: return on_error(frame.error());
    case v1::ServerFrame::kPong:
    case v1::ServerFrame::KIND_NOT_SET: return;
  }
}

void Link::on_welcome(const v1::Welcome& welcome) {
  if (welcomed_) return restart_line("a second welcome");
  if (welcome.resumed()) {
    // A resumed stream must go on from where this client stands.
    if (welcome.epoch() != epoch_ || welcome.position() != position_) {
      epoch_.clear();
      return restart_line("resumed elsewhere");
    }
    welcome_ = welcome;
  } else if (welcome.has_snapshot()) {
    take_snapshot(welcome);
    if (closing_) return;
  } else {
    epoch_.clear();
    return restart_line("a welcome without snapshot");
  }
  welcomed_ = true;
  next_n_ = std::max(next_n_, welcome.last_n() + 1);
  live_from_ = std::max(live_from_, welcome.published());
  move_to(LineState::CatchingUp, welcome.resumed() ? "resumed" : "snapshot taken");
  live_if_reached();
}

void Link::take_snapshot(const v1::Welcome& welcome) {
  state_.reset(welcome.snapshot(), welcome.account_id(), welcome.position());
  welcome_ = welcome;
  welcome_.clear_snapshot();
  epoch_ = welcome.epoch();
  position_ = live_from_ = welcome.position();
  gap_at_.reset();
  Snapshotted taken{position_, std::nullopt};
  if (welcome.has_forked()) taken.forked_common = welcome.forked().common();
  actions_.push_back(taken);
  if (!options_.since) return;
  // The epoch was not known before: now it is, so come back and stream from the place asked for.
  const auto since = *options_.since;
  options_.since.reset();
  if (since >= position_) return;
  position_ = since;
  restart_line("going back to the position asked for");
}

void Link::on_batch(const v1::Batch& batch) {
  if (!welcomed_) return restart_line("a batch before the welcome");
  if (batch.after() != position_ || batch.through() < position_) {
    // Resuming mends a gap; when it did not, only a snapshot can.
    if (gap_at_ == position_) epoch_.clear();
    gap_at_ = position_;
    return restart_line("a gap in the stream");
  }
  for (const auto& update : batch.updates()) {
    state_.apply(update);
    actions_.push_back(Updated{update});
  }
  if (batch.through() != position_) {
    position_ = batch.through();
    gap_at_.reset();
    actions_.push_back(Advanced{position_});
  }
  live_if_reached();
}

void Link::live_if_reached() {
  if (line_ != LineState::CatchingUp || position_ < live_from_) return;
  live_since_ms_ = now_ms_;
  move_to(LineState::Live, "live");
}

void Link::on_reply(const v1::Reply& reply) {
  const auto at = std::find_if(outbox_.begin(), outbox_.end(),
                               [&reply](const Waiting& w) { return w.n == reply.n(); });
  if (at == outbox_.end() || !at->sent) return;
  const auto& refused = reply.refused();
  // "Not now" is no result: the same command goes again, with the same number.
  if (reply.has_refused() && is_between(refused.code(), 5000, 5999) &&
      refused.retry_after_ms() > 0 && at->refusals < busy_refusals_max) {
    ++at->refusals;
    at->sent = false;
    at->not_before_ms = now_ms_ + refused.retry_after_ms();
    return;
  }
  outbox_.erase(at);
  actions_.push_back(Replied{reply});
}

void Link::on_query_result(const v1::QueryResult& result) {
  if (asked_.erase(result.id()) == 0) return;
  actions_.push_back(Answered{result});
}

void Link::on_error(const v1::Error& error) {
  last_error_ = error;
  // The standing in the record cannot be continued: a fresh snapshot can.
  if (is_between(error.code(), 6000, 6999)) {
    epoch_.clear();
    restart_line(error.name());
  }
}

void Link::restart_line(std::string why) {
  closing_ = true;
  close_why_ = std::move(why);
  actions_.push_back(Close{});
}

Actions Link::disconnected(std::int64_t now_ms, const Disconnect& how, double random) {
  now_ms_ = now_ms;
  open_ = welcomed_ = false;
  if (how.close_code == v1::CLOSE_CODE_CANNOT_RESUME) epoch_.clear();
  const bool was_live = line_ == LineState::Live;
  if (was_live && now_ms - live_since_ms_ >= stable_ms) attempts_ = 0;
  for (auto& waiting : outbox_) waiting.sent = false;
  if (stopped_) {
    move_to(line_ == LineState::Refused ? line_ : LineState::Down, "stopped");
    return take();
  }
  come_back(now_ms, how, random);
  closing_ = false;
  return take();
}

void Link::come_back(std::int64_t now_ms, const Disconnect& how, double random) {
  auto next = after_close(how.close_code, last_error_ ? last_error_->code() : 0);
  if (closing_) next = ComeBack::AtOnce;
  std::string why = closing_ ? close_why_ : how.reason;
  // Its reason is a delay, for machines.
  if (!closing_ && how.close_code == v1::CLOSE_CODE_RESTART) why = "the hub restarts";
  if (why.empty() && last_error_) why = last_error_->message();
  if (why.empty()) why = "connection lost";
  if (how.close_code != 0) why += " (close " + std::to_string(how.close_code) + ")";
  last_error_.reset();
  if (next == ComeBack::LogIn || next == ComeBack::Never) {
    stopped_ = true;
    move_to(LineState::Refused, std::move(why),
            next == ComeBack::LogIn ? RefusedReason::LogIn : RefusedReason::Never);
    return;
  }
  const auto delay_ms =
      std::max(reconnect_delay_ms(next, attempts_, random), asked_delay_ms(how, random));
  ++attempts_;
  now_ms_ = now_ms;
  move_to(LineState::Down, std::move(why));
  move_to(LineState::Connecting, "connecting");
  actions_.push_back(Connect{delay_ms});
}

Actions Link::tick(std::int64_t now_ms) {
  now_ms_ = now_ms;
  if (open_ && !closing_) {
    if (now_ms - heard_ms_ >= silence_max_ms) {
      restart_line("nothing heard from the hub");
    } else {
      flush();
    }
  }
  return take();
}

std::optional<std::int64_t> Link::next_wakeup_ms() const {
  if (!open_ || closing_) return std::nullopt;
  std::int64_t at = heard_ms_ + silence_max_ms;
  for (const auto& waiting : outbox_) {
    if (!waiting.sent && waiting.not_before_ms > now_ms_) at = std::min(at, waiting.not_before_ms);
  }
  return at;
}

Actions Link::submit(v1::Command command) {
  restore(next_n_, std::move(command));
  flush();
  return take();
}

void Link::restore(std::uint64_t n, v1::Command command) {
  must(outbox_.empty() || outbox_.back().n < n, "command numbers must rise");
  next_n_ = std::max(next_n_, n + 1);
  Waiting waiting;
  waiting.n = n;
  waiting.bytes = command.ByteSizeLong();
  waiting.command = std::move(command);
  outbox_.push_back(std::move(waiting));
}

bool Link::abandon(std::uint64_t n) {
  return std::erase_if(outbox_, [n](const Waiting& waiting) { return waiting.n == n; }) > 0;
}

Actions Link::ask(v1::Query query, std::uint64_t& id) {
  id = next_query_++;
  query.set_id(id);
  asked_.emplace(id, Asked{std::move(query), false});
  flush();
  return take();
}

bool Link::fits_window(const Waiting& waiting, std::size_t inflight_bytes) const {
  const std::uint64_t granted = std::min<std::uint64_t>(welcome_.max_inflight(), window_max);
  if (waiting.n - outbox_.front().n >= std::max<std::uint64_t>(granted, 1)) return false;
  // One command always fits, whatever its size.
  return inflight_bytes == 0 || inflight_bytes + waiting.bytes <= welcome_.max_inflight_bytes();
}

void Link::flush() {
  if (!open_ || closing_ || !welcomed_) return;
  std::size_t inflight_bytes = 0;
  for (const auto& waiting : outbox_) inflight_bytes += waiting.sent ? waiting.bytes : 0;
  for (auto& waiting : outbox_) {
    if (waiting.sent) continue;
    // Order: nothing passes a command that the hub asked to hold back.
    if (waiting.not_before_ms > now_ms_ || !fits_window(waiting, inflight_bytes)) break;
    v1::ClientFrame frame;
    frame.mutable_submit()->set_n(waiting.n);
    *frame.mutable_submit()->mutable_command() = waiting.command;
    send(frame);
    waiting.sent = true;
    inflight_bytes += waiting.bytes;
  }
  std::size_t queries_sent = 0;
  for (const auto& [id, asked] : asked_) queries_sent += asked.sent ? 1 : 0;
  for (auto& [id, asked] : asked_) {
    if (asked.sent || queries_sent >= queries_sent_max) continue;
    v1::ClientFrame frame;
    *frame.mutable_query() = asked.query;
    send(frame);
    asked.sent = true;
    ++queries_sent;
  }
}

void Link::send(const v1::ClientFrame& frame) {
  // Frames of one step travel in one message.
  if (!actions_.empty()) {
    if (auto* last = std::get_if<Send>(&actions_.back()); last != nullptr) {
      append_frame(frame, last->bytes);
      return;
    }
  }
  Send message;
  append_frame(frame, message.bytes);
  actions_.push_back(std::move(message));
}

}  // namespace fenghuo::client
