// SPDX-License-Identifier: Apache-2.0
// What a broken or hostile peer sends gets a number, a log line, and touches nobody else.
#include "hub/session/codec.h"
#include "tests/integration/real_hub.h"

#include <functional>

namespace fenghuo::testing {
namespace {

class BadInput : public RealHub {
 protected:
  void SetUp() override {
    RealHub::SetUp();
    start();
    healthy_ = session("bob", json);
    follows_ = std::make_unique<Follower>(welcome_.position());
  }

  // Whatever happened: somebody else's session never noticed.
  void TearDown() override {
    healthy_->submit(1, post("still here"));
    EXPECT_TRUE(healthy_->reply(1)->has_done());
    EXPECT_TRUE(follows_->read_until(*healthy_, "still here"));
  }

  // The error before the end, and the close code.
  void expect_end(Line& line, v1::ErrorCode error, v1::CloseCode close) {
    if (error != v1::ERROR_CODE_UNSPECIFIED) {
      const auto frame = line.next(v1::ServerFrame::kError);
      ASSERT_TRUE(frame);
      EXPECT_EQ(frame->error().code(), error) << frame->error().message();
    }
    EXPECT_EQ(line.close_code(), close);
  }

  v1::ErrorCode refusal(Line& line, std::uint64_t n, const v1::Command& command) {
    line.submit(n, command);
    const auto reply = line.reply(n);
    if (!reply) return v1::ERROR_CODE_INTERNAL;
    return reply->refused().code();
  }

  std::unique_ptr<Line> healthy_;
  std::unique_ptr<Follower> follows_;
};

TEST_F(BadInput, MalformedFramesBeforeTheHello) {
  Line garbage(port(), binary);
  garbage.send_binary("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff");
  expect_end(garbage, v1::ERROR_CODE_BAD_FRAME, v1::CLOSE_CODE_BAD_FRAME);
  Line cut_off(port(), binary);
  cut_off.send_binary(std::string("\x20\x0a", 2));
  expect_end(cut_off, v1::ERROR_CODE_BAD_FRAME, v1::CLOSE_CODE_BAD_FRAME);
  Line no_json(port(), json);
  no_json.send_text("{\"hello\":");
  expect_end(no_json, v1::ERROR_CODE_BAD_FRAME, v1::CLOSE_CODE_BAD_FRAME);
  Line wrong_type(port(), json);
  wrong_type.send_binary("{}");
  expect_end(wrong_type, v1::ERROR_CODE_BAD_FRAME, v1::CLOSE_CODE_BAD_FRAME);
  EXPECT_TRUE(hub_->wait_for_line("closed with 4300"));
}

TEST_F(BadInput, MalformedFrameInAnOpenSession) {
  const auto ann = session("ann", json);
  ann->send_text("[[[[");
  expect_end(*ann, v1::ERROR_CODE_BAD_FRAME, v1::CLOSE_CODE_BAD_FRAME);
}

TEST_F(BadInput, UnknownKindLeavesTheSessionOpen) {
  const auto ann = session("ann", json);
  ann->send_text(R"({"teleport":{}})");
  const auto error = ann->next(v1::ServerFrame::kError);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->error().code(), v1::ERROR_CODE_UNKNOWN_KIND);
  ann->submit(1, v1::Command());
  EXPECT_EQ(ann->reply(1)->refused().code(), v1::ERROR_CODE_UNKNOWN_KIND);
  ann->submit(1, post("goes on"));
  EXPECT_TRUE(ann->reply(1)->has_done());
}

TEST_F(BadInput, OversizedMessage) {
  const auto ann = session("ann");
  ann->send_binary(std::string(session::message_bytes_max + 1, 'x'));
  EXPECT_EQ(ann->close_code(), v1::CLOSE_CODE_TOO_LARGE);
  EXPECT_TRUE(hub_->wait_for_line("closed with 4301"));
}

TEST_F(BadInput, TextThatIsNotUtf8) {
  const auto ann = session("ann", binary);
  EXPECT_NE(refusal(*ann, 1, post("fine")), v1::ERROR_CODE_INTERNAL);
  // A frame with a post whose text is a single 0xff, made by hand: the library would refuse to.
  v1::ClientFrame frame;
  frame.mutable_submit()->set_n(2);
  *frame.mutable_submit()->mutable_command() = post("?");
  std::string bytes = frame.SerializeAsString();
  bytes.replace(bytes.rfind('?'), 1, "\xff");
  ann->send_binary(std::string(1, static_cast<char>(bytes.size())) + bytes);
  expect_end(*ann, v1::ERROR_CODE_BAD_UTF8, v1::CLOSE_CODE_BAD_FRAME);
  // In a text message WebSocket itself forbids it.
  const auto text = session("ann", json);
  text->send_text("\"\xff\"");
  EXPECT_EQ(text->close_code(), 1007);
  EXPECT_TRUE(hub_->wait_for_line("not a WebSocket peer any more"));
}

TEST_F(BadInput, SecondHelloAndCommandBeforeTheFirst) {
  const auto ann = session("ann");
  ann->hello(tokens_.at("ann"), "again");
  expect_end(*ann, v1::ERROR_CODE_OUT_OF_TURN, v1::CLOSE_CODE_BAD_FRAME);
  Line eager(port(), json);
  eager.submit(1, post("too early"));
  expect_end(eager, v1::ERROR_CODE_OUT_OF_TURN, v1::CLOSE_CODE_BAD_FRAME);
}

TEST_F(BadInput, NoHelloInTime) {
  Line silent(port(), binary);
  ASSERT_TRUE(silent.connected());
  EXPECT_EQ(silent.close_code(), v1::CLOSE_CODE_HELLO_TIMEOUT);
}

TEST_F(BadInput, WrongOrMissingSubprotocol) {
  for (const char* name : {"", "fenghuo.v9.proto", "mqtt"}) {
    const Line line(port(), name);
    EXPECT_FALSE(line.connected());
    EXPECT_EQ(line.handshake_status(), 400) << name;
  }
  const HttpAnswer plain = http(port(), "GET", "/ws");
  EXPECT_EQ(plain.status, 400);
  EXPECT_TRUE(hub_->wait_for_line("unsupported_protocol"));
}

TEST_F(BadInput, TokensThatOpenNothing) {
  Line none(port(), binary);
  none.hello("", "d");
  expect_end(none, v1::ERROR_CODE_UNAUTHENTICATED, v1::CLOSE_CODE_UNAUTHENTICATED);
  Line no_token(port(), json);
  no_token.hello("not-a-token", "d");
  expect_end(no_token, v1::ERROR_CODE_UNAUTHENTICATED, v1::CLOSE_CODE_UNAUTHENTICATED);
  // Of another hub: well formed, unknown here.
  Line foreign(port(), binary);
  foreign.hello(std::string(43, 'A'), "d");
  expect_end(foreign, v1::ERROR_CODE_UNAUTHENTICATED, v1::CLOSE_CODE_UNAUTHENTICATED);
  EXPECT_EQ(http(port(), "GET", "/v1/search?q=a").status, 401);
  EXPECT_EQ(http_as(std::string(43, 'A'), port(), "GET", "/v1/search?q=a").status, 401);
}

TEST_F(BadInput, InvisibleAndMissingThingsAnswerAlike) {
  const auto den = session("den");
  v1::Command invisible = post("let me in");
  v1::Command missing = post("let me in");
  missing.mutable_post_message()->set_channel_id(987'654);
  den->submit(1, invisible);
  den->submit(2, missing);
  v1::Error first = den->reply(1)->refused();
  const v1::Error second = den->reply(2)->refused();
  EXPECT_EQ(first.code(), v1::ERROR_CODE_NOT_FOUND);
  EXPECT_EQ(first.SerializeAsString(), second.SerializeAsString());

  const std::string path = "/v1/channels/";
  const auto history =
      http_as(tokens_.at("den"), port(), "GET", path + std::to_string(ops_) + "/messages");
  const auto nothing = http_as(tokens_.at("den"), port(), "GET", path + "987654/messages");
  EXPECT_EQ(history.status, 404);
  EXPECT_EQ(history.body, nothing.body);
}

TEST_F(BadInput, RepeatedAndReusedCommandIds) {
  const auto ann = session("ann");
  ann->submit(1, post("once"));
  const auto first = ann->reply(1);
  ann->submit(1, post("once"));
  const auto repeated = ann->reply(1);
  ASSERT_TRUE(repeated && repeated->has_done());
  EXPECT_TRUE(repeated->done().repeated());
  EXPECT_EQ(repeated->done().id(), first->done().id());
  EXPECT_EQ(refusal(*ann, 1, post("something else")), v1::ERROR_CODE_COMMAND_ID_REUSED);
  for (std::uint64_t n = 2; n <= 70; ++n) {
    ASSERT_EQ(refusal(*ann, n, post("more")), v1::ERROR_CODE_UNSPECIFIED);
  }
  EXPECT_EQ(refusal(*ann, 1, post("once")), v1::ERROR_CODE_ALREADY_DONE);
}

TEST_F(BadInput, StaleRevision) {
  const auto ann = session("ann");
  ann->submit(1, post("draft"));
  const auto posted = ann->reply(1);
  v1::Command edit;
  edit.mutable_edit_message()->set_message_id(posted->done().id());
  edit.mutable_edit_message()->set_seen_version(1);
  edit.mutable_edit_message()->set_kind(v1::EDIT_KIND_CORRECTION);
  edit.mutable_edit_message()->set_text("better");
  EXPECT_EQ(refusal(*ann, 2, edit), v1::ERROR_CODE_UNSPECIFIED);
  EXPECT_EQ(refusal(*ann, 3, edit), v1::ERROR_CODE_STALE_REVISION);
}

TEST_F(BadInput, ResumeFromElsewhere) {
  const std::string epoch = welcome_.epoch();
  Line other_life(port(), binary);
  other_life.hello(tokens_.at("ann"), "d", {{std::string(32, 'e'), 1}});
  const auto unknown = other_life.next(v1::ServerFrame::kError);
  ASSERT_TRUE(unknown);
  EXPECT_EQ(unknown->error().code(), v1::ERROR_CODE_UNKNOWN_EPOCH);
  EXPECT_GE(other_life.close_code(), 4000);
  Line future(port(), json);
  future.hello(tokens_.at("ann"), "d", {{epoch, 1'000'000}});
  const auto ahead = future.next(v1::ServerFrame::kError);
  ASSERT_TRUE(ahead);
  EXPECT_EQ(ahead->error().code(), v1::ERROR_CODE_FUTURE_POSITION);
}

TEST_F(BadInput, FarAboveTheWindow) {
  const auto ann = session("ann");
  // One message with more commands than the window: those above are refused, nobody is closed.
  v1::ClientFrame frame;
  std::string message;
  for (std::uint64_t n = 1; n <= 100; ++n) {
    frame.mutable_submit()->set_n(n);
    *frame.mutable_submit()->mutable_command() = post("x");
    const std::string bytes = frame.SerializeAsString();
    message += std::string(1, static_cast<char>(bytes.size())) + bytes;
  }
  ann->send_binary(message);
  std::map<v1::ErrorCode, int> outcomes;
  for (int i = 0; i < 100; ++i) {
    const auto reply = ann->next(v1::ServerFrame::kReply);
    ASSERT_TRUE(reply) << i;
    ++outcomes[reply->reply().refused().code()];
  }
  EXPECT_EQ(outcomes[v1::ERROR_CODE_UNSPECIFIED], 64);
  EXPECT_EQ(outcomes[v1::ERROR_CODE_WINDOW_EXCEEDED], 36);
}

}  // namespace
}  // namespace fenghuo::testing
