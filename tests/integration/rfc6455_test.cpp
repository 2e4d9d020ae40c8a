// SPDX-License-Identifier: Apache-2.0
// RFC 6455 against the real daemon, byte by byte. Each bad case is watched by a session that must
// not notice it.
#include "hub/session/codec.h"
#include "tests/integration/real_hub.h"
#include "tests/support/web_peer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fenghuo::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr auto Text = WebPeer::Text;
constexpr auto Binary = WebPeer::Binary;
constexpr auto Continuation = WebPeer::Continuation;
constexpr auto CloseFrame = WebPeer::CloseFrame;
constexpr auto Ping = WebPeer::Ping;
constexpr auto Pong = WebPeer::Pong;

std::string close_payload(int code, std::string_view reason = "") {
  std::string payload{static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)};
  return payload.append(reason);
}

class Rfc6455 : public RealHub {
 protected:
  void SetUp() override {
    RealHub::SetUp();
    start();
    witness = session("bob");
    follows = std::make_unique<Follower>(welcome_.position());
  }
  // A text session that is open, its welcome read.
  WebPeer open_json() {
    WebPeer peer = WebPeer::open(port(), "fenghuo.v1.json");
    peer.send(WebPeer::frame(Text, hello()));
    EXPECT_THAT(message(peer), StartsWith(R"({"welcome":)"));
    return peer;
  }
  std::string hello() const {
    return R"({"hello":{"token":")" + tokens_.at("ann") + R"(","device":"raw"}})";
  }
  // The next text message that is not the record's.
  static std::string message(WebPeer& peer) {
    for (;;) {
      const auto frame = peer.read_frame();
      if (!frame) throw std::runtime_error("closed");
      if (frame->opcode == CloseFrame) {
        throw std::runtime_error("closed with " + std::to_string(frame->close_code()));
      }
      if (frame->opcode == Text && frame->payload.find(R"({"batch")") == std::string::npos) {
        return frame->payload;
      }
    }
  }
  static std::string ping(int nonce) {
    return R"({"ping":{"nonce":")" + std::to_string(nonce) + R"("}})";
  }
  static std::string pong(int nonce) {
    return R"({"pong":{"nonce":")" + std::to_string(nonce) + R"("}})";
  }
  void expect_alive(WebPeer& peer) {
    peer.send(WebPeer::frame(Text, ping(4242)));
    EXPECT_EQ(message(peer), pong(4242));
  }
  // Somebody else's session: a post from there to itself still comes through.
  void expect_witness_unmoved() {
    const std::string text = "still here " + std::to_string(++witness_n);
    witness->submit(witness_n, post(text));
    const auto reply = witness->reply(witness_n);
    ASSERT_TRUE(reply && reply->has_done());
    EXPECT_TRUE(follows->read_until(*witness, text));
  }

  std::unique_ptr<Line> witness;
  std::unique_ptr<Follower> follows;
  std::uint64_t witness_n = 0;
};

TEST_F(Rfc6455, TheHandshakeIsAnsweredAsWritten) {
  for (const char* protocol : {"fenghuo.v1.proto", "fenghuo.v1.json"}) {
    WebPeer peer(port());
    peer.send(
        "GET /ws HTTP/1.1\r\nHost: hub\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Protocol: chat, " +
        std::string(protocol) + "\r\n\r\n");
    const auto response = peer.read_response();
    EXPECT_EQ(response.status, 101);
    // The key of the RFC's own example.
    EXPECT_THAT(response.header, HasSubstr("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo="));
    EXPECT_THAT(response.header,
                HasSubstr("sec-websocket-protocol: " + std::string(protocol) + "\r\n"));
  }
}

TEST_F(Rfc6455, BadHandshakesAreRefused) {
  struct Case {
    const char* what;
    std::string request;
    int status;
  };
  const std::string start = "GET /ws HTTP/1.1\r\nHost: hub\r\n";
  const std::string upgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\n";
  const std::string key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  const std::string version = "Sec-WebSocket-Version: 13\r\n";
  const std::string protocol = "Sec-WebSocket-Protocol: fenghuo.v1.json\r\n";
  const std::vector<Case> cases{
      {"no upgrade", start + protocol, 400},
      {"no sub-protocol", start + upgrade + key + version, 400},
      {"a foreign sub-protocol",
       start + upgrade + key + version + "Sec-WebSocket-Protocol: fenghuo.v9.json\r\n", 400},
      {"no key", start + upgrade + version + protocol, 400},
      {"another version", start + upgrade + key + "Sec-WebSocket-Version: 8\r\n" + protocol, 426},
      {"a post",
       "POST /ws HTTP/1.1\r\nHost: hub\r\nContent-Length: 0\r\n" + upgrade + key + version +
           protocol,
       405},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.what);
    WebPeer peer(port());
    peer.send(one.request + "\r\n");
    EXPECT_EQ(peer.read_response().status, one.status);
  }
  expect_witness_unmoved();
}

// Wrong framing fails the connection with 1002 (or 1007 for text), and nobody else is touched.
TEST_F(Rfc6455, WrongFramesFailTheConnection) {
  struct Case {
    const char* what;
    std::string bytes;
    int code;
  };
  const auto raw = [](std::initializer_list<int> bytes) {
    std::string out;
    for (const int byte : bytes) out.push_back(static_cast<char>(byte));
    return out;
  };
  const std::string fine = ping(1);
  const std::vector<Case> cases{
      {"RSV1", WebPeer::frame(Text, fine, {.rsv = 4}), 1002},
      {"RSV2", WebPeer::frame(Text, fine, {.rsv = 2}), 1002},
      {"RSV3", WebPeer::frame(Text, fine, {.rsv = 1}), 1002},
      {"RSV on ping", WebPeer::frame(Ping, "", {.rsv = 4}), 1002},
      {"not masked", WebPeer::frame(Text, fine, {.mask = false}), 1002},
      {"not masked ping", WebPeer::frame(Ping, "", {.mask = false}), 1002},
      {"opcode 3", WebPeer::frame(3, fine), 1002},
      {"opcode 7", WebPeer::frame(7, ""), 1002},
      {"opcode 11", WebPeer::frame(11, ""), 1002},
      {"opcode 15", WebPeer::frame(15, ""), 1002},
      {"ping in pieces", WebPeer::frame(Ping, "x", {.fin = false}), 1002},
      {"close in pieces", WebPeer::frame(CloseFrame, close_payload(1000), {.fin = false}), 1002},
      {"ping above 125 bytes", WebPeer::frame(Ping, std::string(126, 'x')), 1002},
      {"pong above 125 bytes", WebPeer::frame(Pong, std::string(126, 'x')), 1002},
      {"close above 125 bytes",
       WebPeer::frame(CloseFrame, close_payload(1000, std::string(124, 'x'))), 1002},
      {"a continuation of nothing", WebPeer::frame(Continuation, fine), 1002},
      {"a last continuation of nothing", WebPeer::frame(Continuation, fine, {.fin = false}), 1002},
      {"text inside text", WebPeer::frame(Text, fine, {.fin = false}) + WebPeer::frame(Text, fine),
       1002},
      {"binary inside text",
       WebPeer::frame(Text, fine, {.fin = false}) + WebPeer::frame(Binary, fine), 1002},
      {"16 bits for a short length", raw({0x81, 0x80 | 126, 0, 5, 1, 2, 3, 4}) + "hello", 1002},
      {"64 bits for a short length",
       raw({0x81, 0x80 | 127, 0, 0, 0, 0, 0, 0, 0, 5, 1, 2, 3, 4}) + "hello", 1002},
      {"bad UTF-8", WebPeer::frame(Text, "\xff"), 1007},
      {"an overlong form", WebPeer::frame(Text, "\xc0\xaf"), 1007},
      {"a surrogate", WebPeer::frame(Text, "\xed\xa0\x80"), 1007},
      {"beyond Unicode", WebPeer::frame(Text, "\xf4\x90\x80\x80"), 1007},
      {"half a character at the end", WebPeer::frame(Text, "\"\xe7\x81"), 1007},
      {"bad UTF-8 in the second piece",
       WebPeer::frame(Text, "\"", {.fin = false}) + WebPeer::frame(Continuation, "\xff"), 1007},
      {"one byte of close code", WebPeer::frame(CloseFrame, "x"), 1002},
      {"close code 0", WebPeer::frame(CloseFrame, close_payload(0)), 1002},
      {"close code 999", WebPeer::frame(CloseFrame, close_payload(999)), 1002},
      {"close code 1004", WebPeer::frame(CloseFrame, close_payload(1004)), 1002},
      {"close code 1005", WebPeer::frame(CloseFrame, close_payload(1005)), 1002},
      {"close code 1006", WebPeer::frame(CloseFrame, close_payload(1006)), 1002},
      {"close code 1015", WebPeer::frame(CloseFrame, close_payload(1015)), 1002},
      {"close code 2000", WebPeer::frame(CloseFrame, close_payload(2000)), 1002},
      {"a reason that is not UTF-8", WebPeer::frame(CloseFrame, close_payload(1000, "\xff")), 1002},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.what);
    WebPeer peer = open_json();
    peer.send(one.bytes);
    EXPECT_EQ(peer.read_close(), one.code);
  }
  expect_witness_unmoved();
}

TEST_F(Rfc6455, PingsAreAnsweredWithTheirPayload) {
  WebPeer peer = open_json();
  for (const std::string& payload : {std::string(), std::string("灯"), std::string(125, '\xfe')}) {
    peer.send(WebPeer::frame(Ping, payload));
    for (;;) {
      const auto frame = peer.read_frame();
      ASSERT_TRUE(frame);
      if (frame->opcode != Pong) continue;
      EXPECT_EQ(frame->payload, payload);
      break;
    }
  }
  // A pong nobody asked for is fine.
  peer.send(WebPeer::frame(Pong, "unasked"));
  expect_alive(peer);
}

TEST_F(Rfc6455, MessagesComeInAnyPieces) {
  WebPeer peer = open_json();
  // Each byte in a frame of its own, pings between.
  const std::string text = ping(7);
  for (std::size_t i = 0; i < text.size(); ++i) {
    peer.send(WebPeer::frame(i == 0 ? Text : Continuation, text.substr(i, 1),
                             {.fin = i + 1 == text.size()}));
    if (i % 5 == 0) peer.send(WebPeer::frame(Ping, "between"));
  }
  EXPECT_EQ(message(peer), pong(7));
  // Empty pieces, and a character cut between two.
  const std::string cut = R"({"ping":{"nonce":"8"},"later":"火"})";
  const std::size_t middle = cut.find("火") + 1;
  peer.send(WebPeer::frame(Text, "", {.fin = false}) +
            WebPeer::frame(Continuation, cut.substr(0, middle), {.fin = false}) +
            WebPeer::frame(Continuation, "", {.fin = false}) +
            WebPeer::frame(Continuation, cut.substr(middle)));
  EXPECT_EQ(message(peer), pong(8));
  // A frame whose bytes drip.
  for (const char byte : WebPeer::frame(Text, ping(9))) peer.send(std::string(1, byte));
  EXPECT_EQ(message(peer), pong(9));
  // Several frames in one segment.
  peer.send(WebPeer::frame(Text, ping(10)) + WebPeer::frame(Text, ping(11)));
  const std::string both = message(peer);
  if (both == pong(10)) {
    EXPECT_EQ(message(peer), pong(11));
  } else {
    EXPECT_EQ(both, "[" + pong(10) + "," + pong(11) + "]");
  }
}

TEST_F(Rfc6455, LengthsOfAllThreeKinds) {
  WebPeer peer = open_json();
  for (const std::size_t bytes : {125UL, 126UL, 127UL, 65'535UL, 65'536UL, 100'000UL}) {
    std::string text = ping(5);
    text.insert(0, bytes - text.size(), ' ');
    peer.send(WebPeer::frame(Text, text));
    EXPECT_EQ(message(peer), pong(5)) << bytes;
  }
}

TEST_F(Rfc6455, AnOversizedMessageHasItsOwnCode) {
  const std::string text(session::message_bytes_max + 1, ' ');
  WebPeer whole = open_json();
  whole.send(WebPeer::frame(Text, text));
  EXPECT_EQ(whole.read_close(), v1::CLOSE_CODE_TOO_LARGE);
  // In pieces that are each small enough, and never finished.
  WebPeer pieces = open_json();
  for (int i = 0; i < 100; ++i) {
    pieces.send(
        WebPeer::frame(i == 0 ? Text : Continuation, std::string(8'000, ' '), {.fin = false}));
  }
  EXPECT_EQ(pieces.read_close(), v1::CLOSE_CODE_TOO_LARGE);
  // A length beyond all reason is counted as it comes, not reserved.
  WebPeer endless = open_json();
  endless.send("\x81\xff\x80" + std::string(7, '\0') + "mask" + text);
  EXPECT_EQ(endless.read_close(), v1::CLOSE_CODE_TOO_LARGE);
  expect_witness_unmoved();
}

TEST_F(Rfc6455, ClosesAreEchoed) {
  for (const int code : {1000, 1001, 1003, 1011, 3000, 4999}) {
    WebPeer peer = open_json();
    peer.send(WebPeer::frame(CloseFrame, close_payload(code, "bye")));
    EXPECT_EQ(peer.read_close(), code);
    EXPECT_FALSE(peer.read_frame()) << "the hub hangs up first";
  }
  WebPeer silent = open_json();
  silent.send(WebPeer::frame(CloseFrame, ""));
  const auto answer = silent.read_frame();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->opcode, CloseFrame);
  // What comes behind a close is not read.
  WebPeer more = open_json();
  more.send(WebPeer::frame(CloseFrame, close_payload(1000)) + WebPeer::frame(Text, ping(1)));
  EXPECT_EQ(more.read_close(), 1000);
  expect_witness_unmoved();
}

TEST_F(Rfc6455, APeerThatJustLeavesLeavesNoTrace) {
  for (int i = 0; i < 20; ++i) {
    WebPeer peer = open_json();
    peer.send(WebPeer::frame(Text, ping(1)).substr(0, static_cast<std::size_t>(i)));
  }
  expect_witness_unmoved();
}

}  // namespace
}  // namespace fenghuo::testing
