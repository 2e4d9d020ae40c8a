// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/frames.h"

#include "clients/cpp/address.h"
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
