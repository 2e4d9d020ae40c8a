// SPDX-License-Identifier: Apache-2.0
#include "hub/identity/token.h"

#include "hub/base/sha256.h"
#include "hub/identity/random.h"

#include <gtest/gtest.h>

namespace fenghuo::identity {
namespace {

TEST(Token, ShapeAndHash) {
  const Token token = new_token();
  EXPECT_EQ(token.text.size(), 43U);
  EXPECT_TRUE(is_token(token.text));
  EXPECT_EQ(token.hash, token_hash(token.text));
  EXPECT_EQ(token.hash, base::sha256({token.text}));
  EXPECT_NE(token.text, new_token().text);
}

TEST(Token, WhatIsNoToken) {
  const std::string text = new_token().text;
  EXPECT_FALSE(is_token(""));
  EXPECT_FALSE(is_token(text.substr(1)));
  EXPECT_FALSE(is_token(text + "="));
  EXPECT_FALSE(is_token(std::string(42, 'A') + "+"));
  EXPECT_FALSE(is_token(std::string(42, 'A') + "/"));
  EXPECT_FALSE(is_token(std::string(42, 'A') + " "));
  EXPECT_TRUE(is_token(std::string(43, 'A')));
  // The last character carries four bits only: two texts for the same bytes would be two tokens.
  EXPECT_FALSE(is_token(std::string(42, 'A') + "B"));
}

TEST(Random, LengthsAndBounds) {
  EXPECT_EQ(random_bytes(16).size(), 16U);
  EXPECT_NE(random_bytes(16), random_bytes(16));
  EXPECT_EQ(random_hex(16).size(), 32U);
  for (int i = 0; i < 100; ++i) EXPECT_LT(random_below(3), 3U);
  EXPECT_EQ(random_below(1), 0U);
}

}  // namespace
}  // namespace fenghuo::identity
