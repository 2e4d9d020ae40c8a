// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/fanout/shard.h"
#include "hub/net/connection.h"
#include "hub/net/message_stream.h"
#include "hub/session/session.h"
#include "hub/view/reader.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fenghuo::net {

class Shard;

// Drives one session: its actions outwards, what comes back into it, its outbox to the stream. All
// on the shard's thread. Small when idle: half a KiB of buffer, no timer of its own.
//
// The rule of a turn: whatever happens to the session, touch() it; at the end of the turn its
// actions are run and all that waits is sent as one write.
class SocketConnection final : public Connection, public StreamEvents, public fanout::Subscriber {
 public:
  SocketConnection(std::uint64_t id, Shard& shard, session::Format format, std::string peer);

  // After the handshake. Full = too many connections: it is told so.
  void start(std::unique_ptr<MessageStream> stream, bool full);

  // What the session asked for has come.
  void opened(base::Result<view::Reader::Opening> opening);
  void reply(const v1::Reply& reply);
  void result(const v1::QueryResult& result);
  void engine_has_room();
  // See Shard::end_turn().
  void take_turn();

  void tick(base::TimeUs now) override;
  void drain() override;
  void abort() override;

  void on_read(std::size_t bytes, bool done, bool binary) override;
  void on_written() override;
  void on_pong() override;
  void on_ended(std::string_view fault) override;

  std::size_t outbox_bytes() const override;
  void push(std::shared_ptr<const std::string> frame) override;
  void flush() override;
  void end(v1::CloseCode code, std::string reason) override;

 private:
  void touch();
  std::shared_ptr<StreamEvents> events();
  void run_actions();
  void log_refusal(std::string_view what, base::ErrorCode code);
  void act(session::Authenticate action);
  void act(session::SubmitCommand action);
  void act(session::AskQuery action);
  void act(session::Refused action);
  void act(session::Close action);
  void write_outbox();
  void read_on();
  std::size_t message_bytes_max() const;
  void finish();

  Shard& shard_;
  session::Session session_;
  std::unique_ptr<MessageStream> stream_;
  const std::string peer_;
  std::vector<char> incoming_;
  std::size_t incoming_bytes_ = 0;
  std::vector<std::shared_ptr<const std::string>> outgoing_;
  std::size_t outgoing_bytes_ = 0;
  std::unique_ptr<session::Close> close_;
  base::TimeUs heard_us_ = 0;
  base::TimeUs closing_us_ = 0;
  bool touched_ = false;
  bool reading_ = false;
  bool pinging_ = false;
  bool attached_ = false;
  bool waits_for_engine_ = false;
  bool ended_ = false;
};

}  // namespace fenghuo::net
