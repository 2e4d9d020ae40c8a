// SPDX-License-Identifier: Apache-2.0
// What a broken or hostile peer sends gets a number, a log line, and touches nobody else.
#include "hub/base/limits.h"
#include "hub/session/codec.h"
#include "tests/integration/real_hub.h"

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

  // Waits for the line: the hub logs before it answers, but by another way.
  void expect_logged(const std::string& part) { EXPECT_TRUE(hub_->wait_for_line(part)); }

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
  expect_logged("closed with 4300");
}

TEST_F(BadInput, MalformedFrameInAnOpenSession) {
  const auto ann = session("ann", json);
  ann->send_text("[[[[");
  expect_end(*ann, v1::ERROR_CODE_BAD_FRAME, v1::CLOSE_CODE_BAD_FRAME);
  expect_logged("closed with 4300");
}

TEST_F(BadInput, UnknownKindLeavesTheSessionOpen) {
  const auto ann = session("ann", json);
  ann->send_text(R"({"teleport":{}})");
  const auto error = ann->next(v1::ServerFrame::kError);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->error().code(), v1::ERROR_CODE_UNKNOWN_KIND);
  ann->submit(1, v1::Command());
  EXPECT_EQ(ann->reply(1)->refused().code(), v1::ERROR_CODE_UNKNOWN_KIND);
  v1::ClientFrame no_query;
  no_query.mutable_query()->set_id(7);
  ann->send(no_query);
  EXPECT_EQ(ann->next(v1::ServerFrame::kQueryResult)->query_result().refused().code(),
            v1::ERROR_CODE_UNKNOWN_KIND);
  ann->submit(1, post("goes on"));
  EXPECT_TRUE(ann->reply(1)->has_done());
  expect_logged("a frame of account " + std::to_string(accounts_.at("ann")) +
                " refused: unknown_kind (1003)");
}

TEST_F(BadInput, OversizedMessage) {
  const auto ann = session("ann");
  ann->send_binary(std::string(session::message_bytes_max + 1, 'x'));
  EXPECT_EQ(ann->close_code(), v1::CLOSE_CODE_TOO_LARGE);
  expect_logged("closed with 4301");
}

TEST_F(BadInput, OversizedFrameInAMessageOfAllowedSize) {
  const auto ann = session("ann");
  v1::ClientFrame frame;
  frame.mutable_submit()->set_n(1);
  *frame.mutable_submit()->mutable_command() =
      post(std::string(base::limits::frame_bytes_max, 'x'));
  ASSERT_LT(frame.ByteSizeLong(), session::message_bytes_max);
  ann->send(frame);
  expect_end(*ann, v1::ERROR_CODE_TOO_LARGE, v1::CLOSE_CODE_TOO_LARGE);
  expect_logged("closed with 4301");
}

TEST_F(BadInput, AStrangerSaysNoMoreThanOneFrame) {
  Line stranger(port(), json);
  stranger.send_text(std::string(base::limits::frame_bytes_max + 1, ' '));
  expect_end(stranger, v1::ERROR_CODE_UNSPECIFIED, v1::CLOSE_CODE_TOO_LARGE);
  expect_logged("closed with 4301");
}

TEST_F(BadInput, OversizedTextIsOnlyItsCommandsFault) {
  const auto ann = session("ann");
  const std::string text(base::limits::message_text_bytes_max + 1, 'x');
  EXPECT_EQ(refusal(*ann, 1, post(text)), v1::ERROR_CODE_TOO_LARGE);
  EXPECT_EQ(refusal(*ann, 2, post("shorter")), v1::ERROR_CODE_UNSPECIFIED);
  expect_logged("a command of account " + std::to_string(accounts_.at("ann")) +
                " refused: too_large (1002)");
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
  expect_logged("not a WebSocket peer any more");
  // And in a body.
  const std::string body =
      R"({"postMessage":{"channelId":")" + std::to_string(ops_) + "\",\"text\":\"\xff\"}}";
  const HttpAnswer answer = http_as(tokens_.at("ann"), port(), "POST", "/v1/commands", body);
  EXPECT_EQ(answer.status, 400);
  EXPECT_NE(answer.body.find("ERROR_CODE_BAD_UTF8"), std::string::npos) << answer.body;
  expect_logged("POST /v1/commands refused: bad_utf8 (1004)");
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
  expect_logged("closed with 4200: no hello in time");
}

TEST_F(BadInput, WrongOrMissingSubprotocol) {
  for (const char* name : {"", "fenghuo.v9.proto", "mqtt"}) {
    const Line line(port(), name);
    EXPECT_FALSE(line.connected());
    EXPECT_EQ(line.handshake_status(), 400) << name;
  }
  const HttpAnswer plain = http(port(), "GET", "/ws");
  EXPECT_EQ(plain.status, 400);
  expect_logged("GET /ws refused: unsupported_protocol (1007)");
}

TEST_F(BadInput, TokensThatOpenNothing) {
  Line none(port(), binary);
  none.hello("", "d");
  expect_end(none, v1::ERROR_CODE_UNAUTHENTICATED, v1::CLOSE_CODE_UNAUTHENTICATED);
  Line no_token(port(), json);
  no_token.hello("not-a-token", "d");
  expect_end(no_token, v1::ERROR_CODE_UNAUTHENTICATED, v1::CLOSE_CODE_UNAUTHENTICATED);
  expect_logged("closed with 4201");
  EXPECT_EQ(http(port(), "GET", "/v1/search?q=a").status, 401);
  expect_logged("GET /v1/search refused: unauthenticated (2001)");
}

TEST_F(BadInput, ATokenOfAnotherHub) {
  const storage::TemporaryFolder elsewhere;
  const std::string token = CenterMaker(elsewhere.path()).token("ann");
  Line foreign(port(), binary);
  foreign.hello(token, "d");
  expect_end(foreign, v1::ERROR_CODE_UNAUTHENTICATED, v1::CLOSE_CODE_UNAUTHENTICATED);
  expect_logged("hello refused: unauthenticated");
  EXPECT_EQ(http_as(token, port(), "GET", "/v1/search?q=a").status, 401);
}

TEST_F(BadInput, ARevokedToken) {
  const std::string token = tokens_.at("ann");
  const auto open = session("ann");
  ASSERT_EQ(http_as(token, port(), "POST", "/v1/logout").status, 200);
  EXPECT_EQ(open->close_code(), v1::CLOSE_CODE_TOKEN_ENDED);
  expect_logged("closed with 4202");
  Line again(port(), json);
  again.hello(token, "d");
  expect_end(again, v1::ERROR_CODE_UNAUTHENTICATED, v1::CLOSE_CODE_UNAUTHENTICATED);
  EXPECT_EQ(http_as(token, port(), "GET", "/v1/search?q=a").status, 401);
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
  expect_logged("refused: command_id_reused (4008)");
  expect_logged("refused: already_done (4002)");
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
  expect_logged("refused: stale_revision (4001)");
}

TEST_F(BadInput, ResumeFromElsewhere) {
  const std::string epoch = welcome_.epoch();
  Line other_life(port(), binary);
  other_life.hello(tokens_.at("ann"), "d", {{std::string(32, 'e'), 1}});
  expect_end(other_life, v1::ERROR_CODE_UNKNOWN_EPOCH, v1::CLOSE_CODE_CANNOT_RESUME);
  expect_logged("hello refused: unknown_epoch");
  Line future(port(), json);
  future.hello(tokens_.at("ann"), "d", {{epoch, 1'000'000}});
  expect_end(future, v1::ERROR_CODE_FUTURE_POSITION, v1::CLOSE_CODE_CANNOT_RESUME);
  expect_logged("hello refused: future_position");
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
