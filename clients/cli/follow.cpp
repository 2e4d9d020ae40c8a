// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/verbs.h"

#include <fmt/format.h>

#include <signal.h>

#include <algorithm>
#include <cstdio>
#include <future>

namespace fenghuo::cli {
namespace {

// Prints what comes, on the loop's thread. One line of standard output a message, as it happens.
class Follower {
 public:
  Follower(const Setting& setting, const TailArguments& arguments)
      : setting_(setting), arguments_(arguments) {}

  // Names for a line that starts from a position: it gets no snapshot of its own.
  void know(client::State state) { known_ = std::move(state); }

  client::ClientHandlers handlers() {
    client::ClientHandlers handlers;
    handlers.line = [this](const client::LineChanged& change) { line(change); };
    handlers.update = [this](const client::State& state, const v1::Update& update) {
      known_.apply(update);
      if (update.has_message())
        message(state.channels().empty() ? known_ : state, update.message());
    };
    handlers.snapshot = [](const client::State&, const client::Snapshotted& taken) {
      if (taken.forked_common) {
        fmt::print(stderr, "fenghuo: the record was restored; it is shared up to {}\n",
                   *taken.forked_common);
      }
    };
    return handlers;
  }

  // Ready when the hub refuses the line for good.
  std::future<int> ended() { return ended_.get_future(); }

 private:
  void line(const client::LineChanged& change) {
    // One word when it breaks and one when it is whole again, however many tries lie between.
    if (change.state == client::LineState::Live) {
      say(std::string(line_word(true, setting_.language)));
    } else if (change.state == client::LineState::Down && is_live_) {
      say(fmt::format("{}: {}", line_word(false, setting_.language), change.why));
    } else if (change.state == client::LineState::Refused) {
      say(fmt::format("{}: {}", client::name_of(change.state), change.why));
      ended_.set_value(exit_refused);
    }
    is_live_ = change.state == client::LineState::Live ||
               (is_live_ && change.state != client::LineState::Down);
  }

  static void say(const std::string& text) { fmt::print(stderr, "fenghuo: {}\n", text); }

  void message(const client::State& state, const v1::Message& message) {
    if (!arguments_.channels.empty()) {
      const auto is_wanted = [&](const std::string& name) {
        const auto* row = state.find_channel(name);
        return row != nullptr && row->channel().id() == message.channel_id();
      };
      if (std::none_of(arguments_.channels.begin(), arguments_.channels.end(), is_wanted)) return;
    }
    fmt::print("{}\n", setting_.json ? json_line(message)
                                     : message_line(message, state, setting_.language));
    std::fflush(stdout);
  }

  const Setting& setting_;
  const TailArguments& arguments_;
  client::State known_;
  std::promise<int> ended_;
  bool is_live_ = false;
};

}  // namespace

int run_tail(const Setting& setting, const TailArguments& arguments) {
  Follower follower(setting, arguments);
  {
    // Says at once what is wrong (no hub, no such channel); from then on the line mends itself.
    auto first = open_line(setting);
    if (!first) return report(first.error());
    client::State state = first->client->state();
    for (const auto& name : arguments.channels) {
      const auto channel = channel_id(state, name);
      if (!channel) return report(channel.error());
    }
    follower.know(std::move(state));
  }
  auto ended = follower.ended();
  auto opened = prepare_line(setting, Purpose::Follow, follower.handlers(), arguments.since);
  if (!opened) return report(opened.error());
  const int code = ended.get();
  opened->client->stop();
  return code;
}

}  // namespace fenghuo::cli
