// SPDX-License-Identifier: Apache-2.0
// Sessions by script: bytes in, actions and frames out; then the same script failed at each step.
#include "hub/session/session.h"

#include "hub/base/limits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

namespace fenghuo::session {
namespace {

namespace limits = base::limits;
using base::us_per_s;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

v1::ClientFrame hello(const std::string& device = "pc-1") {
  v1::ClientFrame frame;
  frame.mutable_hello()->set_token("secret");
  frame.mutable_hello()->set_device(device);
  return frame;
}

v1::ClientFrame post(std::uint64_t n, std::size_t bytes = 10) {
  v1::ClientFrame frame;
  frame.mutable_submit()->set_n(n);
  frame.mutable_submit()->mutable_command()->mutable_post_message()->set_text(
      std::string(bytes, 'x'));
  return frame;
}

v1::ClientFrame ping(std::uint64_t nonce) {
  v1::ClientFrame frame;
  frame.mutable_ping()->set_nonce(nonce);
  return frame;
}

v1::ClientFrame history(std::uint64_t id) {
  v1::ClientFrame frame;
  frame.mutable_query()->set_id(id);
  frame.mutable_query()->mutable_history()->set_channel_id(7);
  return frame;
}

v1::Reply done(std::uint64_t n) {
  v1::Reply reply;
  reply.set_n(n);
  reply.set_position(100 + n);
  reply.mutable_done()->set_id(100 + n);
  return reply;
}

v1::QueryResult answered(std::uint64_t id, std::size_t bytes = 10) {
  v1::QueryResult result;
  result.set_id(id);
  result.mutable_history()->add_messages()->set_text(std::string(bytes, 'x'));
  return result;
}

// Both formats, one script. Actions and frames are read as short words.
class Wire {
 public:
  explicit Wire(Format format = Format::Binary, base::TimeUs now = us_per_s)
      : format_(format), now_(now), session_(format, now) {}

  Session& session() { return session_; }
  base::TimeUs now() const { return now_; }
  void advance(base::TimeUs by) {
    now_ += by;
    session_.tick(now_);
  }

  void send(const std::vector<v1::ClientFrame>& frames) {
    std::string message;
    for (const auto& frame : frames) message += bytes(frame, frames.size() > 1);
    if (format_ == Format::Json && frames.size() > 1) message.back() = ']', message = "[" + message;
    raw(message);
  }
  void raw(std::string_view message) { session_.receive(message, is_binary(), now_); }
  bool is_binary() const { return format_ == Format::Binary; }

  void open(base::TimeUs access_until = 0) {
    send({hello()});
    EXPECT_THAT(actions(), ElementsAre("authenticate pc-1"));
    session_.authenticated(opened(access_until), now_);
    EXPECT_THAT(frames(), ElementsAre("welcome"));
  }
  static Session::Opened opened(base::TimeUs access_until = 0) {
    return {.account_id = 5, .token_id = 6, .access_until_us = access_until, .welcome = {}};
  }

  std::vector<std::string> actions() {
    std::vector<std::string> words;
    while (std::optional<Action> action = session_.next_action()) {
      if (const auto* a = std::get_if<Authenticate>(&*action)) {
        words.push_back("authenticate " + a->hello.device());
      } else if (const auto* s = std::get_if<SubmitCommand>(&*action)) {
        words.push_back("submit " + std::to_string(s->n));
      } else if (const auto* q = std::get_if<AskQuery>(&*action)) {
        words.push_back("ask " + std::to_string(q->query.id()));
      } else if (const auto* r = std::get_if<Refused>(&*action)) {
        refused_.push_back(base::error_name(r->code));
      } else {
        words.push_back("close " + std::to_string(std::get<Close>(*action).code));
      }
    }
    return words;
  }

  // What the actions until now told for the log.
  std::vector<std::string> refused() { return std::exchange(refused_, {}); }

  std::vector<v1::ServerFrame> take(std::size_t max_bytes = SIZE_MAX) {
    std::string message;
    for (const auto& piece : session_.take_outbox(max_bytes, now_)) message += *piece;
    std::vector<v1::ServerFrame> frames;
    if (format_ == Format::Json) {
      if (message.empty()) return frames;
      if (message[0] != '[') message = "[" + message + "]";
      std::string object;
      int depth = 0;
      // Our own texts hold no braces.
      for (const char c : message) {
        if (c == '{') ++depth;
        if (depth > 0) object += c;
        if (c == '}' && --depth == 0) {
          EXPECT_TRUE(from_json(object, frames.emplace_back()));
          object.clear();
        }
      }
      return frames;
    }
    std::string_view rest = message;
    while (!rest.empty()) {
      std::size_t length = 0;
      int shift = 0;
      for (;; shift += 7) {
        const auto byte = static_cast<unsigned char>(rest[0]);
        rest.remove_prefix(1);
        length |= static_cast<std::size_t>(byte & 0x7F) << shift;
        if (byte < 0x80) break;
      }
      EXPECT_TRUE(frames.emplace_back().ParseFromArray(rest.data(), static_cast<int>(length)));
      rest.remove_prefix(length);
    }
    return frames;
  }

  std::vector<std::string> frames(std::size_t max_bytes = SIZE_MAX) {
    std::vector<std::string> words;
    for (const auto& frame : take(max_bytes)) words.push_back(word(frame));
    return words;
  }

 private:
  static std::string word(const v1::ServerFrame& frame) {
    switch (frame.kind_case()) {
      case v1::ServerFrame::kWelcome: return "welcome";
      case v1::ServerFrame::kBatch: return "batch " + std::to_string(frame.batch().through());
      case v1::ServerFrame::kReply:
        return "reply " + std::to_string(frame.reply().n()) +
               (frame.reply().has_refused() ? " " + frame.reply().refused().name() : "");
      case v1::ServerFrame::kQueryResult:
        return "result " + std::to_string(frame.query_result().id()) +
               (frame.query_result().has_refused() ? " " + frame.query_result().refused().name()
                                                   : "");
      case v1::ServerFrame::kBell: return "bell";
      case v1::ServerFrame::kError: return "error " + frame.error().name();
      case v1::ServerFrame::kPong: return "pong " + std::to_string(frame.pong().nonce());
      case v1::ServerFrame::KIND_NOT_SET: return "nothing";
    }
    return "nothing";
  }

  std::string bytes(const v1::ClientFrame& frame, bool in_array) const {
    if (format_ == Format::Json) return to_json(frame) + (in_array ? "," : "");
    std::string out;
    std::size_t length = frame.ByteSizeLong();
    for (; length >= 0x80; length >>= 7) out.push_back(static_cast<char>((length & 0x7F) | 0x80));
    out.push_back(static_cast<char>(length));
    return out + frame.SerializeAsString();
  }

  Format format_;
  base::TimeUs now_;
  Session session_;
  std::vector<std::string> refused_;
};

class BothFormats : public testing::TestWithParam<Format> {};
INSTANTIATE_TEST_SUITE_P(Session, BothFormats, testing::Values(Format::Binary, Format::Json),
                         [](const auto& test) {
                           return test.param == Format::Binary ? "Binary" : "Json";
                         });

TEST_P(BothFormats, FirstConversation) {
  Wire wire(GetParam());
  EXPECT_TRUE(wire.session().wants_read());
  wire.open();
  EXPECT_EQ(wire.session().account_id(), 5u);
  EXPECT_EQ(wire.session().token_id(), 6u);
  EXPECT_EQ(wire.session().device(), "pc-1");

  wire.send({post(1), ping(77), history(3), post(2)});
  EXPECT_THAT(wire.actions(), ElementsAre("submit 1", "submit 2", "ask 3"));
  EXPECT_THAT(wire.frames(), ElementsAre("pong 77"));
  wire.session().reply(done(1));
  wire.session().push(std::make_shared<const std::string>(encode_batch(GetParam(), 100, 101, {})));
  wire.session().result(answered(3));
  EXPECT_THAT(wire.frames(), ElementsAre("reply 1", "batch 101", "result 3"));
  wire.session().reply(done(2));
  EXPECT_THAT(wire.frames(), ElementsAre("reply 2"));
  EXPECT_THAT(wire.frames(), IsEmpty());
}

// The happy script, each step followed by one thing that goes wrong: the session says the number,
// closes once, and takes and gives nothing afterwards.
TEST_P(BothFormats, FailsAtEachStepTheSameWay) {
  using Step = std::function<void(Wire&)>;
  const std::vector<Step> script{
      [](Wire& w) { w.send({hello()}); },
      [](Wire& w) { w.actions(); },
      [](Wire& w) { w.session().authenticated(Wire::opened(100 * us_per_s), w.now()); },
      [](Wire& w) { w.send({post(1), history(1)}); },
      [](Wire& w) { w.actions(); },
      [](Wire& w) { w.frames(); },
      [](Wire& w) { w.session().reply(done(1)); },
      [](Wire& w) { w.session().result(answered(1)); },
  };
  struct Failure {
    Step act;
    std::string close;
    bool says_error;
    std::size_t from_step;
  };
  const std::vector<Failure> failures{
      {[](Wire& w) { w.raw("}"); }, "close 4300", true, 0},
      {[](Wire& w) { w.session().receive("x", !w.is_binary(), w.now()); }, "close 4300", true, 0},
      {[](Wire& w) { w.raw(std::string(message_bytes_max + 1, ' ')); }, "close 4301", true, 0},
      {[](Wire& w) { w.session().close(v1::CLOSE_CODE_RESTART, "1000"); }, "close 4000", false, 0},
      {[](Wire& w) { w.session().close(v1::CLOSE_CODE_ACCESS_ENDED, ""); }, "close 4203", false, 0},
      {[](Wire& w) { w.advance(limits::idle_timeout_us); }, "close 4002", false, 1},
      {[](Wire& w) { w.send({hello()}); }, "close 4300", true, 3},
      {[](Wire& w) { w.advance(200 * us_per_s); }, "close 4202", false, 3},
  };
  for (const Failure& failure : failures) {
    for (std::size_t steps = failure.from_step; steps <= script.size(); ++steps) {
      SCOPED_TRACE(failure.close + " after step " + std::to_string(steps));
      Wire wire(GetParam());
      for (std::size_t i = 0; i < steps; ++i) script[i](wire);
      wire.actions();
      failure.act(wire);
      EXPECT_EQ(wire.session().status(), Session::Status::Closed);
      EXPECT_FALSE(wire.session().wants_read());
      EXPECT_THAT(wire.actions(), ElementsAre(failure.close));
      const auto frames = wire.frames();
      if (failure.says_error) {
        ASSERT_FALSE(frames.empty());
        EXPECT_THAT(frames.back(), HasSubstr("error "));
      }
      // Late answers, pushes and bytes change nothing.
      wire.session().reply(done(1));
      wire.session().result(answered(1));
      wire.session().push(std::make_shared<const std::string>("x"));
      wire.session().authenticated(Wire::opened(), wire.now());
      wire.send({ping(1)});
      wire.session().close(v1::CLOSE_CODE_IDLE, "");
      wire.advance(1'000 * us_per_s);
      EXPECT_THAT(wire.actions(), IsEmpty());
      EXPECT_TRUE(wire.session().outbox_empty());
      EXPECT_EQ(wire.session().outbox_bytes(), 0u);
    }
  }
}

TEST_P(BothFormats, HoldsWhatIsSentBehindTheHello) {
  Wire wire(GetParam());
  wire.send({hello(), post(1), history(2)});
  EXPECT_THAT(wire.actions(), ElementsAre("authenticate pc-1"));
  EXPECT_FALSE(wire.session().wants_read());
  wire.session().authenticated(Wire::opened(), wire.now());
  EXPECT_THAT(wire.actions(), ElementsAre("submit 1", "ask 2"));
  EXPECT_THAT(wire.frames(), ElementsAre("welcome"));
}

TEST(Session, FloodBeforeTheWelcomeCloses) {
  Wire wire;
  wire.send({hello()});
  const std::vector<v1::ClientFrame> pings(limits::frames_per_message_max, ping(1));
  wire.send(pings);
  EXPECT_EQ(wire.session().status(), Session::Status::Authenticating);
  wire.send({ping(1)});
  EXPECT_THAT(wire.actions(), ElementsAre("authenticate pc-1", "close 4102"));
}

TEST_P(BothFormats, TheFirstFrameMustBeAHello) {
  Wire wire(GetParam());
  wire.send({ping(1)});
  EXPECT_THAT(wire.frames(), ElementsAre("error out_of_turn"));
  EXPECT_THAT(wire.actions(), ElementsAre("close 4300"));
}

TEST(Session, AnUnknownFirstFrameIsOutOfTurn) {
  Wire wire(Format::Json);
  wire.raw(R"({"dance":{}})");
  EXPECT_THAT(wire.frames(), ElementsAre("error out_of_turn"));
  EXPECT_THAT(wire.actions(), ElementsAre("close 4300"));
}

TEST_P(BothFormats, UnknownKindsAreAnsweredAndSurvived) {
  Wire wire(GetParam());
  wire.open();
  wire.raw(GetParam() == Format::Json ? R"({"dance":{}})" : std::string(1, '\0'));
  EXPECT_THAT(wire.frames(), ElementsAre("error unknown_kind"));
  v1::ClientFrame no_command;
  no_command.mutable_submit()->set_n(1);
  v1::ClientFrame no_query;
  no_query.mutable_query()->set_id(4);
  wire.send({no_command, no_query, post(0), post(2)});
  EXPECT_THAT(wire.frames(),
              ElementsAre("reply 1 unknown_kind", "result 4 unknown_kind", "reply 0 bad_argument"));
  EXPECT_THAT(wire.actions(), ElementsAre("submit 2"));
  EXPECT_THAT(wire.refused(),
              ElementsAre("unknown_kind", "unknown_kind", "unknown_kind", "bad_argument"));
}

TEST(Session, BadTextCloses) {
  Wire wire(Format::Json);
  wire.open();
  wire.raw("{\"ping\":{\"nonce\":\"\xff\"}}");
  EXPECT_THAT(wire.frames(), ElementsAre("error bad_utf8"));
  EXPECT_THAT(wire.actions(), ElementsAre("close 4300"));
}

TEST(Session, ChecksTheDeviceName) {
  for (const std::string& good : {std::string("a"), std::string(64, 'Z'), std::string("A.b_c-9")}) {
    Wire wire;
    wire.send({hello(good)});
    EXPECT_EQ(wire.session().status(), Session::Status::Authenticating) << good;
  }
  for (const std::string& bad : {std::string(), std::string(65, 'a'), std::string("a b"),
                                 std::string("机"), std::string("a/b"), std::string("a\n")}) {
    Wire wire;
    wire.send({hello(bad)});
    const auto frames = wire.take();
    ASSERT_EQ(frames.size(), 1u);
    EXPECT_EQ(frames[0].error().code(), v1::ERROR_CODE_BAD_ARGUMENT);
    EXPECT_EQ(frames[0].error().field(), "hello.device");
    EXPECT_THAT(wire.actions(), ElementsAre("close 4300"));
  }
}

TEST(Session, AHelloWithoutTokenIsNobody) {
  Wire wire;
  v1::ClientFrame frame = hello();
  frame.mutable_hello()->clear_token();
  wire.send({frame});
  EXPECT_THAT(wire.frames(), ElementsAre("error unauthenticated"));
  EXPECT_THAT(wire.actions(), ElementsAre("close 4201"));
}

TEST(Session, EachRefusalAtTheDoorHasItsCloseCode) {
  const std::vector<std::pair<base::ErrorCode, v1::CloseCode>> expected{
      {v1::ERROR_CODE_UNAUTHENTICATED, v1::CLOSE_CODE_UNAUTHENTICATED},
      {v1::ERROR_CODE_TOKEN_EXPIRED, v1::CLOSE_CODE_TOKEN_ENDED},
      {v1::ERROR_CODE_TOKEN_REVOKED, v1::CLOSE_CODE_TOKEN_ENDED},
      {v1::ERROR_CODE_ACCOUNT_DISABLED, v1::CLOSE_CODE_ACCESS_ENDED},
      {v1::ERROR_CODE_ACCESS_EXPIRED, v1::CLOSE_CODE_ACCESS_ENDED},
      {v1::ERROR_CODE_WRONG_WORLD, v1::CLOSE_CODE_WRONG_WORLD},
      {v1::ERROR_CODE_UNKNOWN_EPOCH, v1::CLOSE_CODE_CANNOT_RESUME},
      {v1::ERROR_CODE_FUTURE_POSITION, v1::CLOSE_CODE_CANNOT_RESUME},
      {v1::ERROR_CODE_OVERLOADED, v1::CLOSE_CODE_UNAVAILABLE},
      {v1::ERROR_CODE_RECOVERING, v1::CLOSE_CODE_UNAVAILABLE},
      {v1::ERROR_CODE_DRAINING, v1::CLOSE_CODE_RESTART},
      {v1::ERROR_CODE_INTERNAL, v1::CLOSE_CODE_UNAVAILABLE},
  };
  for (const auto& [code, close] : expected) {
    Wire wire;
    wire.send({hello()});
    wire.actions();
    wire.session().authenticated(base::Error(code, "no"), wire.now());
    EXPECT_THAT(wire.frames(), ElementsAre("error " + base::error_name(code)));
    EXPECT_THAT(wire.actions(), ElementsAre("close " + std::to_string(close)));
    EXPECT_EQ(wire.session().account_id(), 0u);
  }
}

TEST(Session, GrantsTheWindowInTheWelcome) {
  Wire wire;
  wire.send({hello()});
  wire.session().authenticated(Wire::opened(), wire.now());
  const auto frames = wire.take();
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].welcome().max_inflight(), limits::inflight_max);
  EXPECT_EQ(frames[0].welcome().max_inflight_bytes(), limits::inflight_bytes_max);
  EXPECT_EQ(frames[0].welcome().max_frame_bytes(), limits::frame_bytes_max);
}

TEST(Session, StopsReadingAtTheWindow) {
  Wire wire;
  wire.open();
  for (std::uint64_t n = 1; n <= limits::inflight_max; ++n) {
    EXPECT_TRUE(wire.session().wants_read());
    wire.send({post(n)});
  }
  EXPECT_FALSE(wire.session().wants_read());
  EXPECT_EQ(wire.actions().size(), limits::inflight_max);
  wire.session().reply(done(1));
  EXPECT_TRUE(wire.session().wants_read());
}

TEST(Session, RefusesAboveTheWindow) {
  Wire wire;
  wire.open();
  std::vector<v1::ClientFrame> frames;
  for (std::uint64_t n = 1; n <= limits::inflight_max + 1; ++n) frames.push_back(post(n));
  wire.send(frames);
  EXPECT_EQ(wire.actions().size(), limits::inflight_max);
  EXPECT_THAT(wire.refused(), ElementsAre("window_exceeded"));
  const auto refused = wire.take();
  ASSERT_EQ(refused.size(), 1u);
  EXPECT_EQ(refused[0].reply().n(), limits::inflight_max + 1);
  EXPECT_EQ(refused[0].reply().refused().code(), v1::ERROR_CODE_WINDOW_EXCEEDED);
  EXPECT_GT(refused[0].reply().refused().retry_after_ms(), 0u);
  // Sent again once there is room, it is taken.
  wire.session().reply(done(1));
  wire.send({post(limits::inflight_max + 1)});
  EXPECT_THAT(wire.actions(), ElementsAre("submit 65"));
}

TEST(Session, CountsBytesOfTheWindow) {
  Wire wire;
  wire.open();
  const std::size_t half = limits::inflight_bytes_max / 2 - 100;
  wire.send({post(1, half)});
  wire.send({post(2, half)});
  EXPECT_TRUE(wire.session().wants_read());
  wire.send({post(3, 10'000)});
  EXPECT_THAT(wire.frames(), ElementsAre("reply 3 window_exceeded"));
  wire.send({post(3, 10)});
  EXPECT_THAT(wire.actions(), ElementsAre("submit 1", "submit 2", "submit 3"));
  wire.session().reply(done(1));
  wire.send({post(4, 10'000)});
  EXPECT_THAT(wire.actions(), ElementsAre("submit 4"));
}

TEST(Session, RunsNoFurtherThanTheWindowPastTheOldest) {
  Wire wire;
  wire.open();
  wire.send({post(10)});
  wire.send({post(10 + limits::inflight_max), post(11 + limits::inflight_max), post(4)});
  EXPECT_THAT(wire.actions(), ElementsAre("submit 10", "submit 74", "submit 4"));
  EXPECT_THAT(wire.frames(), ElementsAre("reply 75 window_exceeded"));
  for (const std::uint64_t n : {4, 10, 74}) wire.session().reply(done(n));
  wire.send({post(1'000'000)});
  EXPECT_THAT(wire.actions(), ElementsAre("submit 1000000"));
}

TEST(Session, FarAboveTheWindowIsFlooding) {
  Wire wire;
  wire.open();
  std::vector<v1::ClientFrame> frames;
  for (std::uint64_t n = 1; n <= 3 * limits::inflight_max; ++n) frames.push_back(post(n));
  wire.send(frames);
  EXPECT_EQ(wire.session().status(), Session::Status::Open);
  wire.send({post(3 * limits::inflight_max + 1)});
  const auto actions = wire.actions();
  ASSERT_EQ(actions.size(), limits::inflight_max + 1);
  EXPECT_EQ(actions.back(), "close 4102");
}

TEST(Session, TheSameNumberTwiceIsTheEnginesBusiness) {
  Wire wire;
  wire.open();
  wire.send({post(1), post(1)});
  EXPECT_THAT(wire.actions(), ElementsAre("submit 1", "submit 1"));
  wire.session().reply(done(1));
  wire.session().reply(done(1));
  EXPECT_THAT(wire.frames(), ElementsAre("reply 1", "reply 1"));
}

TEST(Session, AnswersItNeverAskedForAreDefects) {
  EXPECT_DEATH(
      {
        Wire wire;
        wire.open();
        wire.session().reply(done(1));
      },
      "release");
  EXPECT_DEATH(
      {
        Wire wire;
        wire.open();
        wire.session().result(answered(1));
      },
      "query_out");
}

TEST(Session, AsksQueriesOneAtATime) {
  Wire wire;
  wire.open();
  for (std::uint64_t id = 1; id <= limits::queries_waiting_max; ++id) wire.send({history(id)});
  EXPECT_FALSE(wire.session().wants_read());
  wire.send({history(99)});
  EXPECT_THAT(wire.frames(), ElementsAre("result 99 rate_limited"));
  EXPECT_THAT(wire.actions(), ElementsAre("ask 1"));
  EXPECT_TRUE(wire.session().wants_read());
  wire.session().result(answered(1));
  EXPECT_THAT(wire.actions(), ElementsAre("ask 2"));
  EXPECT_THAT(wire.frames(), ElementsAre("result 1"));
}

TEST_P(BothFormats, AFullOutboxHoldsBackQueriesAndReading) {
  Wire wire(GetParam());
  wire.open();
  wire.send({history(1), history(2)});
  EXPECT_THAT(wire.actions(), ElementsAre("ask 1"));
  wire.session().result(answered(1, limits::outbox_bytes_max));
  EXPECT_FALSE(wire.session().wants_read());
  EXPECT_THAT(wire.actions(), IsEmpty());
  EXPECT_THAT(wire.frames(), ElementsAre("result 1"));
  EXPECT_TRUE(wire.session().wants_read());
  EXPECT_THAT(wire.actions(), ElementsAre("ask 2"));
}

TEST_P(BothFormats, TakesTheOutboxInPieces) {
  Wire wire(GetParam());
  wire.open();
  for (std::uint64_t nonce = 1; nonce <= 5; ++nonce) wire.send({ping(nonce)});
  const std::size_t one = wire.session().outbox_bytes() / 5;
  EXPECT_THAT(wire.frames(2 * one), ElementsAre("pong 1", "pong 2"));
  EXPECT_EQ(wire.session().outbox_bytes(), 3 * one);
  EXPECT_THAT(wire.frames(1), ElementsAre("pong 3"));
  EXPECT_THAT(wire.frames(), ElementsAre("pong 4", "pong 5"));
  EXPECT_TRUE(wire.session().outbox_empty());
}

TEST(Session, SharesPushedFrames) {
  Wire wire;
  wire.open();
  const auto frame = std::make_shared<const std::string>(encode_batch(Format::Binary, 1, 2, {}));
  wire.session().push(frame);
  EXPECT_EQ(wire.session().take_outbox(SIZE_MAX, wire.now()).front().get(), frame.get());
}

TEST(Session, NoHelloInTime) {
  Wire wire;
  wire.advance(limits::hello_timeout_us - 1);
  EXPECT_THAT(wire.actions(), IsEmpty());
  wire.advance(1);
  EXPECT_THAT(wire.actions(), ElementsAre("close 4200"));
}

TEST(Session, AnythingHeardKeepsItFromIdling) {
  Wire wire;
  wire.open();
  wire.advance(limits::idle_timeout_us - 1);
  wire.session().heard(wire.now());
  wire.advance(limits::idle_timeout_us - 1);
  wire.send({ping(1)});
  wire.advance(limits::idle_timeout_us - 1);
  EXPECT_THAT(wire.actions(), IsEmpty());
  wire.advance(1);
  EXPECT_THAT(wire.actions(), ElementsAre("close 4002"));
}

TEST(Session, NothingIsWrittenOnceAccessHasEnded) {
  Wire wire;
  wire.open(50 * us_per_s);
  wire.session().push(std::make_shared<const std::string>(encode_batch(Format::Binary, 1, 2, {})));
  EXPECT_THAT(wire.session().take_outbox(SIZE_MAX, 50 * us_per_s), IsEmpty());
  EXPECT_EQ(wire.session().outbox_bytes(), 0u);
  EXPECT_THAT(wire.actions(), ElementsAre("close 4202"));
}

TEST(Session, NothingIsTakenOnceAccessHasEnded) {
  Wire wire;
  wire.open(2 * us_per_s);
  wire.session().receive("garbage", true, 2 * us_per_s);
  EXPECT_THAT(wire.actions(), ElementsAre("close 4202"));
  EXPECT_THAT(wire.frames(), IsEmpty());
}

TEST(Session, ACloseForAnotherReasonDoesNotOutliveAccess) {
  Wire wire;
  wire.open(50 * us_per_s);
  wire.session().push(std::make_shared<const std::string>(encode_batch(Format::Binary, 1, 2, {})));
  wire.session().close(v1::CLOSE_CODE_RESTART, "");
  EXPECT_THAT(wire.session().take_outbox(SIZE_MAX, 60 * us_per_s), IsEmpty());
  EXPECT_THAT(wire.actions(), ElementsAre("close 4000"));
}

TEST(Session, SubmitCarriesDigestAndSize) {
  Wire wire;
  wire.open();
  wire.send({post(1)});
  const auto action = wire.session().next_action();
  ASSERT_TRUE(action);
  const auto& submit = std::get<SubmitCommand>(*action);
  EXPECT_EQ(submit.digest, command_digest(post(1).submit().command()));
  EXPECT_EQ(submit.bytes, post(1).submit().command().ByteSizeLong());
}

}  // namespace
}  // namespace fenghuo::session
