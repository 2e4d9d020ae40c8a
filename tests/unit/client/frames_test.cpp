// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/frames.h"

#include "clients/cpp/address.h"
#include "clients/cpp/sendable.h"
#include "tests/unit/client/hub_bytes.h"

#include <gtest/gtest.h>

namespace fenghuo::client {
namespace {

TEST(Frames, ManyInOneMessageAndNoneInAnEmptyOne) {
  const auto frames =
      read_frames(test::bytes_of(test::done(1, 5)) + test::bytes_of(test::done(2, 6)));
  ASSERT_TRUE(frames.has_value());
  ASSERT_EQ(frames->size(), 2U);
  EXPECT_EQ((*frames)[1].reply().done().id(), 6U);
  EXPECT_TRUE(read_frames("")->empty());
}

TEST(Frames, CutAnywhereIsNoMessage) {
  const auto whole = test::bytes_of(test::batch(1, 300));
  for (std::size_t size = 1; size < whole.size(); ++size) {
    EXPECT_FALSE(read_frames(std::string_view(whole).substr(0, size)).has_value()) << size;
  }
}

TEST(Frames, WhatIsWrittenIsRead) {
  v1::ClientFrame frame;
  frame.mutable_hello()->set_token("t");
  std::string bytes;
  append_frame(frame, bytes);
  append_frame(frame, bytes);
  EXPECT_EQ(test::client_frames(bytes).size(), 2U);
}

TEST(Sendable, TakesUtf8AndNothingElse) {
  for (const char* good :
       {"", "plain", "烽火", "\xF0\x9F\x94\xA5", "\xED\x9F\xBF", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(is_utf8(good)) << good;
  }
  for (const char* bad :
       {"\xFF", "\x80", "\xC0\x80", "\xC3", "\xE4\xB8", "\xE0\x80\x80", "\xED\xA0\x80",
        "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "a\xE4\xB8\x41"}) {
    EXPECT_FALSE(is_utf8(bad));
  }
}

TEST(Sendable, LooksIntoPartsAndRepeatedTexts) {
  v1::Command command;
  auto& plan = *command.mutable_apply_plan()->mutable_plan();
  plan.mutable_name()->set_en("fine");
  EXPECT_TRUE(check_sendable(command, frame_bytes_usual));
  plan.add_roles()->mutable_name()->set_zh_hans("\xE4");
  EXPECT_EQ(check_sendable(command, frame_bytes_usual).error().message(),
            "zh_hans is not UTF-8; nothing was sent");
}

TEST(Sendable, RefusesWhatIsLongerThanAFrame) {
  v1::Command command;
  command.mutable_post_message()->set_text(std::string(1000, 'a'));
  EXPECT_TRUE(check_sendable(command, 2000));
  EXPECT_FALSE(check_sendable(command, 1000));
}

TEST(Address, UnderstandsTheUsualForms) {
  const auto plain = parse_address("http://127.0.0.1:8600");
  ASSERT_TRUE(plain.has_value());
  EXPECT_FALSE(plain->tls);
  EXPECT_EQ(plain->host, "127.0.0.1");
  EXPECT_EQ(plain->port, "8600");
  EXPECT_EQ(plain->authority(), "127.0.0.1:8600");
  const auto secure = parse_address("wss://hub.example/center/");
  ASSERT_TRUE(secure.has_value());
  EXPECT_TRUE(secure->tls);
  EXPECT_EQ(secure->port, "443");
  EXPECT_EQ(secure->prefix, "/center");
  EXPECT_EQ(secure->authority(), "hub.example");
  EXPECT_EQ(parse_address("http://[::1]:8600")->authority(), "[::1]:8600");
}

TEST(Address, RefusesWhatIsNone) {
  for (const char* wrong : {"", "127.0.0.1:8600", "ftp://x", "http://", "no url at all"}) {
    EXPECT_FALSE(parse_address(wrong).has_value()) << wrong;
  }
}

}  // namespace
}  // namespace fenghuo::client
