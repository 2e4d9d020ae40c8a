// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/client.h"

#include "clients/cpp/line.h"
#include "clients/cpp/sendable.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <random>
#include <thread>
#include <utility>

namespace fenghuo::client {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

struct Loop::Own {
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
  std::thread thread{[this] { io.run(); }};
};

Loop::Loop() : own_(std::make_unique<Own>()), io_(own_->io) {}
Loop::Loop(asio::io_context& io) : io_(io) {}
Loop::~Loop() {
  if (!own_) return;
  own_->work.reset();
  own_->io.stop();
  own_->thread.join();
}

// The thin driver: turns the link's actions into socket calls and handler calls. Everything but the
// part under `mutex_` belongs to the loop's thread.
class Client::Shell : public std::enable_shared_from_this<Shell> {
 public:
  Shell(asio::io_context& io, ClientOptions options, ClientHandlers handlers)
      : io_(io),
        options_(std::move(options)),
        handlers_(std::move(handlers)),
        link_(link_options(options_)),
        come_back_(io),
        wakeup_(io),
        random_(std::random_device{}()) {
    if (options_.store == nullptr) return;
    for (const auto& [n, command] : options_.store->pending()) link_.restore(n, command);
  }

  // Runs on the loop's thread and waits for it.
  template <typename Work>
  auto on_loop(Work work) {
    if (io_.get_executor().running_in_this_thread()) return work();
    std::packaged_task<decltype(work())()> task(std::move(work));
    auto done = task.get_future();
    asio::post(io_, [&task] { task(); });
    return done.get();
  }

  Link& link() { return link_; }

  void start() { perform(link_.start()); }

  void stop() {
    stopping_ = true;
    come_back_.cancel();
    perform(link_.stop());
    wakeup_.cancel();
    fail_waiting(Failure(Failure::Kind::Unreachable, "stopped before the answer"));
    handlers_ = {};
    if (!line_) mark_ended();
  }

  bool wait_ended(Timeout timeout) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, timeout, [this] { return ended_; });
  }

  Outcome<std::uint64_t> submit(v1::Command command, ReplyHandler handler) {
    if (auto sendable = check_sendable(command, frame_bytes_max()); !sendable) {
      return sendable.error();
    }
    const std::uint64_t n = link_.next_n();
    if (options_.store != nullptr) {
      if (auto kept = options_.store->append(n, command); !kept) return kept.error();
    }
    if (handler) waiting_[n] = std::move(handler);
    perform(link_.submit(std::move(command)));
    note_unanswered();
    if (link_.line() == LineState::Refused) fail_waiting(refusal_);
    return n;
  }

  // Returns whether it was still unanswered.
  bool abandon(std::uint64_t n) {
    waiting_.erase(n);
    if (!link_.abandon(n)) return false;
    if (options_.store != nullptr) (void)options_.store->answered(n);
    note_unanswered();
    return true;
  }

  using Asked = std::shared_ptr<std::promise<Outcome<v1::QueryResult>>>;
  std::uint64_t ask(v1::Query query, Asked asked) {
    std::uint64_t id = 0;
    if (auto sendable = check_sendable(query, frame_bytes_max()); !sendable) {
      asked->set_value(sendable.error());
      return id;
    }
    auto actions = link_.ask(std::move(query), id);
    asked_[id] = std::move(asked);
    perform(std::move(actions));
    if (link_.line() == LineState::Refused) fail_waiting(refusal_);
    return id;
  }

  Outcome<void> wait_live(Timeout timeout, bool first_try) {
    std::unique_lock lock(mutex_);
    const bool in_time = changed_.wait_for(lock, timeout, [this, first_try] {
      return seen_line_ == LineState::Live || seen_line_ == LineState::Refused ||
             (first_try && failed_to_connect_);
    });
    if (seen_line_ == LineState::Live) return {};
    if (seen_line_ == LineState::Refused) return refusal_;
    return Failure(Failure::Kind::Unreachable, in_time ? why_ : "not reached in time: " + why_);
  }

  Outcome<void> wait_answered(Timeout timeout) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, timeout,
                      [this] { return unanswered_ == 0 || seen_line_ == LineState::Refused; });
    if (unanswered_ == 0) return {};
    if (seen_line_ == LineState::Refused) return refusal_;
    return Failure(Failure::Kind::Unreachable, "no answer in time");
  }

  std::size_t unanswered() {
    const std::scoped_lock lock(mutex_);
    return unanswered_;
  }

  void note_unanswered() {
    const std::scoped_lock lock(mutex_);
    unanswered_ = link_.unanswered();
    changed_.notify_all();
  }

 private:
  std::size_t frame_bytes_max() const {
    const std::size_t said = link_.welcome().max_frame_bytes();
    return said == 0 ? frame_bytes_usual : said;
  }

  static LinkOptions link_options(const ClientOptions& options) {
    LinkOptions link;
    link.token = options.token;
    link.device = options.store != nullptr ? options.store->device() : options.device;
    link.client_name = options.client_name;
    link.world_id = options.world_id;
    link.next_n = options.store != nullptr ? options.store->next_n() : 1;
    link.since = options.since;
    return link;
  }

  static std::int64_t now_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now().time_since_epoch())
        .count();
  }

  // A handler may submit: what that makes is done after what was there before, so that frames keep
  // their order.
  void perform(Actions actions) {
    for (auto& action : actions) actions_.push_back(std::move(action));
    if (performing_) return;
    performing_ = true;
    while (!actions_.empty()) {
      Action action = std::move(actions_.front());
      actions_.pop_front();
      std::visit([this](auto& act) { on(act); }, action);
    }
    performing_ = false;
    arm_wakeup();
  }

  // The answers will not come on this line.
  void fail_waiting(const Failure& failure) {
    for (auto& [n, handler] : std::exchange(waiting_, {})) handler(failure);
    for (auto& [id, asked] : std::exchange(asked_, {})) asked->set_value(failure);
  }

  void on(Connect& connect) {
    come_back_.expires_after(std::chrono::milliseconds(connect.delay_ms));
    come_back_.async_wait([self = shared_from_this()](boost::system::error_code failed) {
      if (!failed) self->open();
    });
  }
  void on(Send& send) {
    if (line_) line_->send(std::move(send.bytes));
  }
  void on(Close&) {
    if (line_) line_->close();
  }
  void on(LineChanged& change) {
    note_line(change);
    if (change.state == LineState::Refused) fail_waiting(refusal_);
    if (handlers_.line) handlers_.line(change);
  }
  void on(Snapshotted& snapshot) {
    if (handlers_.snapshot) handlers_.snapshot(link_.state(), snapshot);
  }
  void on(Updated& updated) {
    if (handlers_.update) handlers_.update(link_.state(), updated.update);
  }
  void on(Advanced& advanced) {
    if (handlers_.advanced) handlers_.advanced(advanced.position);
  }
  void on(Replied& replied) {
    const std::uint64_t n = replied.reply.n();
    if (options_.store != nullptr) (void)options_.store->answered(n);
    note_unanswered();
    const auto at = waiting_.find(n);
    if (at == waiting_.end()) return;
    const auto handler = std::move(at->second);
    waiting_.erase(at);
    if (replied.reply.has_refused()) {
      handler(Failure(replied.reply.refused()));
    } else {
      handler(replied.reply);
    }
  }
  void on(Answered& answered) {
    const auto at = asked_.find(answered.result.id());
    if (at == asked_.end()) return;
    at->second->set_value(std::move(answered.result));
    asked_.erase(at);
  }
  void on(Rang& rang) {
    if (handlers_.bell) handlers_.bell(rang.bell);
  }

  void open() {
    Line::Handlers handlers;
    handlers.opened = [self = shared_from_this()] {
      self->perform(self->link_.connected(now_ms()));
    };
    handlers.received = [self = shared_from_this()](std::string_view message) {
      self->perform(self->link_.received(now_ms(), message));
    };
    handlers.ended = [self = shared_from_this()](const Disconnect& how) { self->on_ended(how); };
    line_ = open_line(io_, options_.address, options_.tls, std::move(handlers));
  }

  void on_ended(const Disconnect& how) {
    line_.reset();
    const bool was_connecting = link_.line() == LineState::Connecting;
    // First what it means: whoever waits for the first try must see a refusal as one.
    perform(link_.disconnected(now_ms(), how, std::uniform_real_distribution<>(0, 1)(random_)));
    note_end(how, was_connecting);
    if (stopping_) mark_ended();
  }

  void arm_wakeup() {
    const auto at = link_.next_wakeup_ms();
    if (!at) return;
    wakeup_.expires_at(Clock::time_point(std::chrono::milliseconds(*at)));
    wakeup_.async_wait([self = shared_from_this()](boost::system::error_code failed) {
      if (!failed) self->perform(self->link_.tick(now_ms()));
    });
  }

  void note_line(const LineChanged& change) {
    const std::scoped_lock lock(mutex_);
    seen_line_ = change.state;
    if (change.state == LineState::Refused) {
      v1::Error error;
      error.set_code(change.refused == RefusedReason::LogIn ? v1::ERROR_CODE_UNAUTHENTICATED
                                                            : v1::ERROR_CODE_BAD_FRAME);
      error.set_name(change.refused == RefusedReason::LogIn ? "unauthenticated" : "refused");
      error.set_message(change.why);
      refusal_ = Failure(error);
    }
    changed_.notify_all();
  }

  void note_end(const Disconnect& how, bool was_connecting) {
    const std::scoped_lock lock(mutex_);
    failed_to_connect_ = failed_to_connect_ || was_connecting;
    why_ = how.reason;
    changed_.notify_all();
  }

  void mark_ended() {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }

  asio::io_context& io_;
  ClientOptions options_;
  ClientHandlers handlers_;
  Link link_;
  asio::steady_timer come_back_;
  asio::steady_timer wakeup_;
  std::mt19937_64 random_;
  std::shared_ptr<Line> line_;
  std::deque<Action> actions_;
  bool performing_ = false;
  bool stopping_ = false;
  std::map<std::uint64_t, ReplyHandler> waiting_;
  std::map<std::uint64_t, Asked> asked_;

  // What waiting threads look at.
  std::mutex mutex_;
  std::condition_variable changed_;
  LineState seen_line_ = LineState::Down;
  bool failed_to_connect_ = false;
  bool ended_ = false;
  std::string why_;
  Failure refusal_;
  std::size_t unanswered_ = 0;
};

Client::Client(Loop& loop, ClientOptions options, ClientHandlers handlers)
    : shell_(std::make_shared<Shell>(loop.io(), std::move(options), std::move(handlers))) {
  shell_->note_unanswered();
}

Client::~Client() { stop(); }

void Client::start() {
  shell_->on_loop([this] { shell_->start(); });
}

void Client::stop() {
  shell_->on_loop([this] { shell_->stop(); });
  // A hub that does not answer the close is left after Beast's own timeout.
  (void)shell_->wait_ended(std::chrono::seconds(15));
}

Outcome<void> Client::wait_live(Timeout timeout, bool first_try) {
  return shell_->wait_live(timeout, first_try);
}

Outcome<std::uint64_t> Client::submit(v1::Command command, ReplyHandler handler) {
  return shell_->on_loop([this, &command, &handler] {
    return shell_->submit(std::move(command), std::move(handler));
  });
}

Outcome<v1::Reply> Client::call(v1::Command command, Timeout timeout, bool abandon) {
  auto promise = std::make_shared<std::promise<Outcome<v1::Reply>>>();
  auto answer = promise->get_future();
  const auto n = submit(std::move(command),
                        [promise](const Outcome<v1::Reply>& reply) { promise->set_value(reply); });
  if (!n) return n.error();
  const bool in_time = answer.wait_for(timeout) == std::future_status::ready;
  // In time may also be the end of the line, which leaves the command unanswered.
  const bool open =
      shell_->on_loop([this, &n, abandon] { return !abandon || shell_->abandon(*n); });
  if (in_time) return answer.get();
  // The answer may have come between.
  if (!open && answer.wait_for(Timeout(0)) == std::future_status::ready) return answer.get();
  return Failure(Failure::Kind::Unreachable, "no answer in time");
}

std::size_t Client::unanswered() const { return shell_->unanswered(); }

Outcome<void> Client::wait_answered(Timeout timeout) { return shell_->wait_answered(timeout); }

Outcome<v1::QueryResult> Client::ask(v1::Query query, Timeout timeout) {
  auto asked = std::make_shared<std::promise<Outcome<v1::QueryResult>>>();
  auto answer = asked->get_future();
  shell_->on_loop([this, &query, &asked] { shell_->ask(std::move(query), asked); });
  if (answer.wait_for(timeout) != std::future_status::ready) {
    return Failure(Failure::Kind::Unreachable, "no answer in time");
  }
  auto result = answer.get();
  if (result && result->has_refused()) return Failure(result->refused());
  return result;
}

State Client::state() const {
  return shell_->on_loop([this] { return shell_->link().state(); });
}

v1::Welcome Client::welcome() const {
  return shell_->on_loop([this] { return shell_->link().welcome(); });
}

std::uint64_t Client::position() const {
  return shell_->on_loop([this] { return shell_->link().position(); });
}

}  // namespace fenghuo::client
