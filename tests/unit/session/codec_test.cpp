// SPDX-License-Identifier: Apache-2.0
#include "hub/session/codec.h"

#include "hub/base/sha256.h"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace fenghuo::session {
namespace {

namespace limits = base::limits;

std::string varint(std::uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>((value & 0x7F) | 0x80));
  out.push_back(static_cast<char>(value));
  return out;
}

std::string delimited(const std::string& bytes) { return varint(bytes.size()) + bytes; }

v1::ClientFrame post(std::uint64_t n, const std::string& text) {
  v1::ClientFrame frame;
  frame.mutable_submit()->set_n(n);
  frame.mutable_submit()->mutable_command()->mutable_post_message()->set_channel_id(7);
  frame.mutable_submit()->mutable_command()->mutable_post_message()->set_text(text);
  return frame;
}

base::ErrorCode error_of(Format format, std::string_view message) {
  const auto frames = decode(format, message);
  return frames ? v1::ERROR_CODE_UNSPECIFIED : frames.error().code();
}

TEST(Subprotocol, IsNamed) {
  EXPECT_EQ(subprotocol(Format::Binary), "fenghuo.v1.proto");
  EXPECT_EQ(subprotocol(Format::Json), "fenghuo.v1.json");
}

TEST(DecodeBinary, ReadsSeveralFrames) {
  const std::string message =
      delimited(post(1, "甲").SerializeAsString()) + delimited(post(2, "乙").SerializeAsString());
  const auto frames = decode(Format::Binary, message);
  ASSERT_TRUE(frames);
  ASSERT_EQ(frames->size(), 2u);
  EXPECT_EQ((*frames)[0].submit().command().post_message().text(), "甲");
  EXPECT_EQ((*frames)[1].submit().n(), 2u);
}

TEST(DecodeBinary, EveryCutIsABadFrame) {
  const std::string message = delimited(post(1, "出发").SerializeAsString());
  for (std::size_t length = 0; length < message.size(); ++length) {
    EXPECT_EQ(error_of(Format::Binary, std::string_view(message).substr(0, length)),
              v1::ERROR_CODE_BAD_FRAME)
        << length;
  }
}

TEST(DecodeBinary, RefusesBadLengths) {
  EXPECT_EQ(error_of(Format::Binary, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
            v1::ERROR_CODE_BAD_FRAME);
  EXPECT_EQ(error_of(Format::Binary, varint(limits::frame_bytes_max + 1)),
            v1::ERROR_CODE_TOO_LARGE);
  EXPECT_EQ(error_of(Format::Binary, varint(limits::frame_bytes_max)), v1::ERROR_CODE_BAD_FRAME);
  EXPECT_EQ(error_of(Format::Binary, std::string(message_bytes_max + 1, '\0')),
            v1::ERROR_CODE_TOO_LARGE);
}

TEST(DecodeBinary, TakesAFrameOfExactlyTheLimit) {
  v1::ClientFrame frame = post(1, std::string(limits::frame_bytes_max - 64, 'x'));
  const std::size_t short_by = limits::frame_bytes_max - frame.ByteSizeLong();
  frame = post(1, std::string(limits::frame_bytes_max - 64 + short_by, 'x'));
  ASSERT_EQ(frame.ByteSizeLong(), limits::frame_bytes_max);
  EXPECT_TRUE(decode(Format::Binary, delimited(frame.SerializeAsString())));
}

TEST(DecodeBinary, TellsBadTextFromBadStructure) {
  EXPECT_EQ(error_of(Format::Binary, delimited(post(1, "\xff").SerializeAsString())),
            v1::ERROR_CODE_BAD_UTF8);
  EXPECT_EQ(error_of(Format::Binary, delimited(post(1, "\xed\xa0\x80").SerializeAsString())),
            v1::ERROR_CODE_BAD_UTF8);
  // A submit that says it is longer than the frame.
  EXPECT_EQ(error_of(Format::Binary, delimited("\x12\x05")), v1::ERROR_CODE_BAD_FRAME);
  // Field number 0, and a group that never ends.
  EXPECT_EQ(error_of(Format::Binary, delimited(std::string("\0\0", 2))), v1::ERROR_CODE_BAD_FRAME);
  EXPECT_EQ(error_of(Format::Binary, delimited("\x0b")), v1::ERROR_CODE_BAD_FRAME);
}

TEST(DecodeBinary, AFrameWithoutKnownKindIsUnknown) {
  EXPECT_EQ(error_of(Format::Binary, std::string(1, '\0')), v1::ERROR_CODE_UNKNOWN_KIND);
  // Field 99, two bytes.
  EXPECT_EQ(error_of(Format::Binary, delimited("\x9a\x06\x02hi")), v1::ERROR_CODE_UNKNOWN_KIND);
  // One good frame does not save the message.
  EXPECT_EQ(error_of(Format::Binary,
                     delimited(post(1, "x").SerializeAsString()) + delimited("\x9a\x06\x02hi")),
            v1::ERROR_CODE_UNKNOWN_KIND);
}

TEST(DecodeBinary, IgnoresUnknownFields) {
  const auto frames =
      decode(Format::Binary, delimited(post(3, "x").SerializeAsString() + "\x9a\x06\x02hi"));
  ASSERT_TRUE(frames);
  EXPECT_EQ(frames->front().submit().n(), 3u);
}

TEST(DecodeBinary, CountsFrames) {
  const std::string ping = delimited(std::string("\x22\x00", 2));
  std::string message;
  for (std::size_t i = 0; i < limits::frames_per_message_max; ++i) message += ping;
  EXPECT_TRUE(decode(Format::Binary, message));
  EXPECT_EQ(error_of(Format::Binary, message + ping), v1::ERROR_CODE_BAD_FRAME);
}

TEST(DecodeJson, ReadsOneFrameOrAnArray) {
  const auto one = decode(Format::Json, R"({"ping":{"nonce":"18446744073709551615"}})");
  ASSERT_TRUE(one);
  EXPECT_EQ(one->front().ping().nonce(), 18446744073709551615u);
  const auto two = decode(Format::Json, R"([{"ping":{"nonce":1}},
        {"submit":{"n":"2","command":{"post_message":{"channelId":"7","text":"甲"}}}}])");
  ASSERT_TRUE(two);
  ASSERT_EQ(two->size(), 2u);
  EXPECT_EQ((*two)[1].submit().command().post_message().channel_id(), 7u);
}

TEST(DecodeJson, RefusesWhatIsNotStrictJson) {
  for (const char* message : {"",
                              " ",
                              "{",
                              "[",
                              "]",
                              "{}}",
                              "[{\"ping\":{}},]",
                              "{'ping':{}}",
                              "{ping:{}}",
                              "ping",
                              "null",
                              "1",
                              "\"ping\"",
                              "[]",
                              "[1]",
                              "[[{\"ping\":{}}]]",
                              "{\"ping\":{}} {\"ping\":{}}",
                              "{\"ping\":1}",
                              "{\"ping\":{\"nonce\":-1}}",
                              "{\"ping\":{\"nonce\":1.5}}",
                              "{\"ping\":{\"nonce\":18446744073709551616}}",
                              "{\"ping\":{\"nonce\":\"x\"}}",
                              "{\"ping\":{},\"query\":{}}",
                              "{\"ping\":{\"nonce\":NaN}}",
                              "// x\n{\"ping\":{}}",
                              "{\"hello\":{\"token\":\"\\ud800\"}}"}) {
    EXPECT_EQ(error_of(Format::Json, message), v1::ERROR_CODE_BAD_FRAME) << message;
  }
}

TEST(DecodeJson, RefusesBadUtf8) {
  EXPECT_EQ(error_of(Format::Json, "{\"hello\":{\"token\":\"\xc0\x80\"}}"),
            v1::ERROR_CODE_BAD_UTF8);
}

TEST(DecodeJson, KnowsItsDepth) {
  const auto nested = [](int depth) {
    std::string text = R"({"ping":{},"later":)";
    for (int i = 1; i < depth; ++i) text += '[';
    for (int i = 1; i < depth; ++i) text += ']';
    return text + "}";
  };
  EXPECT_TRUE(decode(Format::Json, nested(limits::json_depth_max)));
  EXPECT_EQ(error_of(Format::Json, nested(limits::json_depth_max + 1)), v1::ERROR_CODE_BAD_FRAME);
  EXPECT_EQ(error_of(Format::Json, std::string(100'000, '[')), v1::ERROR_CODE_BAD_FRAME);
}

TEST(DecodeJson, IgnoresUnknownFieldsButNotUnknownKinds) {
  EXPECT_TRUE(decode(Format::Json, R"({"ping":{"nonce":"1","later":[1,2]},"more":{}})"));
  EXPECT_EQ(error_of(Format::Json, R"({"dance":{}})"), v1::ERROR_CODE_UNKNOWN_KIND);
  EXPECT_EQ(error_of(Format::Json, R"({})"), v1::ERROR_CODE_UNKNOWN_KIND);
  EXPECT_EQ(error_of(Format::Json, R"({"hello":null})"), v1::ERROR_CODE_UNKNOWN_KIND);
}

TEST(DecodeJson, KnowsItsLimits) {
  std::string frame = R"({"submit":{"n":"1","command":{"post_message":{"text":")";
  frame += std::string(limits::frame_bytes_max, 'x') + R"("}}}})";
  EXPECT_EQ(error_of(Format::Json, frame), v1::ERROR_CODE_TOO_LARGE);
  EXPECT_EQ(error_of(Format::Json, std::string(message_bytes_max + 1, ' ')),
            v1::ERROR_CODE_TOO_LARGE);
  std::string many = "[";
  for (std::size_t i = 0; i <= limits::frames_per_message_max; ++i) {
    many += i == 0 ? R"({"ping":{}})" : R"(,{"ping":{}})";
  }
  EXPECT_EQ(error_of(Format::Json, many + "]"), v1::ERROR_CODE_BAD_FRAME);
}

// Any bytes are either refused with one of four codes, or frames with a kind.
TEST(Decode, SurvivesDamage) {
  std::mt19937 random(20240511);
  const std::string binary = delimited(post(1, "汽油罐区冒烟").SerializeAsString());
  const std::string json =
      R"([{"submit":{"n":"1","command":{"post_message":{"channel_id":"7","text":"火"}}}}])";
  for (int round = 0; round < 20'000; ++round) {
    const Format format = round % 2 == 0 ? Format::Binary : Format::Json;
    std::string message = format == Format::Binary ? binary : json;
    for (int hits = 1 + round % 3; hits > 0; --hits) {
      message[random() % message.size()] = static_cast<char>(random());
    }
    const auto frames = decode(format, message);
    if (!frames) {
      EXPECT_THAT(frames.error().code(),
                  testing::AnyOf(v1::ERROR_CODE_BAD_FRAME, v1::ERROR_CODE_TOO_LARGE,
                                 v1::ERROR_CODE_BAD_UTF8, v1::ERROR_CODE_UNKNOWN_KIND));
      continue;
    }
    ASSERT_FALSE(frames->empty());
    for (const auto& frame : *frames) EXPECT_NE(frame.kind_case(), v1::ClientFrame::KIND_NOT_SET);
  }
}

v1::Update message_update(base::Position position, const std::string& text) {
  v1::Update update;
  update.set_position(position);
  update.set_time_us(1'700'000'000'000'000);
  update.mutable_message()->set_id(position);
  update.mutable_message()->set_channel_id(7);
  update.mutable_message()->set_text(text);
  return update;
}

v1::ServerFrame whole_batch(base::Position after, base::Position through,
                            const std::vector<v1::Update>& updates) {
  v1::ServerFrame frame;
  frame.mutable_batch()->set_after(after);
  frame.mutable_batch()->set_through(through);
  for (const auto& update : updates) *frame.mutable_batch()->add_updates() = update;
  return frame;
}

TEST(EncodeBatch, BinaryEqualsTheWholeFrame) {
  const std::vector<v1::Update> updates{message_update(11, "甲"), message_update(12, "乙"),
                                        message_update(300, std::string(300, 'x'))};
  for (const auto& [after, through] : {std::pair<base::Position, base::Position>{0, 300},
                                       {10, 300},
                                       {0, 0},
                                       {1ULL << 52, (1ULL << 52) + 7}}) {
    for (std::size_t count = 0; count <= updates.size(); ++count) {
      const std::vector<v1::Update> some(updates.begin(), updates.begin() + count);
      std::vector<std::string> parts;
      for (const auto& update : some) parts.push_back(encode_update(Format::Binary, update));
      const std::vector<std::string_view> views(parts.begin(), parts.end());
      const v1::ServerFrame whole = whole_batch(after, through, some);
      EXPECT_EQ(encode_batch(Format::Binary, after, through, views), encode(Format::Binary, whole));
      // Slices that follow each other are one piece.
      std::string joined;
      for (const auto& part : parts) joined += part;
      EXPECT_EQ(encode_batch(Format::Binary, after, through, {joined}),
                encode(Format::Binary, whole));
    }
  }
}

TEST(EncodeBatch, JsonEqualsTheWholeFrame) {
  const std::vector<v1::Update> updates{message_update(11, "甲\"\n"), message_update(12, "乙")};
  for (std::size_t count = 0; count <= updates.size(); ++count) {
    for (const base::Position after : {base::Position{0}, base::Position{10}}) {
      const std::vector<v1::Update> some(updates.begin(), updates.begin() + count);
      std::vector<std::string> parts;
      for (const auto& update : some) parts.push_back(encode_update(Format::Json, update));
      const std::string batch = encode_batch(
          Format::Json, after, 12, std::vector<std::string_view>(parts.begin(), parts.end()));
      EXPECT_EQ(boost::json::parse(batch),
                boost::json::parse(encode(Format::Json, whole_batch(after, 12, some))));
    }
  }
  EXPECT_EQ(encode_batch(Format::Json, 0, 0, {}), R"({"batch":{}})");
}

TEST(Json, WritesProtoNamesAndNumbersAsText) {
  v1::ServerFrame frame;
  *frame.mutable_error() =
      base::Error(v1::ERROR_CODE_OVERLOADED, "full").retry_after(250).to_wire();
  EXPECT_EQ(encode(Format::Json, frame),
            R"({"error":{"code":"ERROR_CODE_OVERLOADED","name":"overloaded",)"
            R"("message":"full","retry_after_ms":250}})");
  v1::Ping ping;
  ping.set_nonce(1ULL << 60);
  EXPECT_EQ(to_json(ping), R"({"nonce":"1152921504606846976"})");
}

TEST(Json, ReadsWhatItWrites) {
  const v1::ClientFrame frame = post(9, "撤离 \u0001 \"now\" 🔥");
  v1::ClientFrame back;
  ASSERT_TRUE(from_json(to_json(frame), back));
  EXPECT_EQ(back.SerializeAsString(), frame.SerializeAsString());
  EXPECT_EQ(from_json("[]", back).error().code(), v1::ERROR_CODE_BAD_FRAME);
  EXPECT_EQ(from_json("\xff", back).error().code(), v1::ERROR_CODE_BAD_UTF8);
}

TEST(Digest, IsTheSameHoweverTheCommandCame) {
  const v1::ClientFrame frame = post(9, "撤离");
  const auto binary = decode(Format::Binary, delimited(frame.SerializeAsString()));
  const auto json = decode(Format::Json, to_json(frame));
  v1::Command http;
  ASSERT_TRUE(from_json(R"({"postMessage":{"text":"撤离","channelId":7}})", http));
  const std::uint64_t digest = command_digest(frame.submit().command());
  EXPECT_EQ(command_digest(binary->front().submit().command()), digest);
  EXPECT_EQ(command_digest(json->front().submit().command()), digest);
  EXPECT_EQ(command_digest(http), digest);
  EXPECT_NE(command_digest(post(9, "撤回").submit().command()), digest);
  const std::string hash = base::to_hex(base::sha256({http.SerializeAsString()}));
  EXPECT_EQ(digest, std::stoull(hash.substr(0, 16), nullptr, 16));
}

}  // namespace
}  // namespace fenghuo::session
