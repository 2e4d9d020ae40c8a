// SPDX-License-Identifier: Apache-2.0
#include "hub/net/address.h"

#include <gtest/gtest.h>

namespace fenghuo::net {
namespace {

TEST(Address, ReadsBothFamilies) {
  EXPECT_EQ(*parse_address("127.0.0.1:8600"), (Address{"127.0.0.1", 8600}));
  EXPECT_EQ(*parse_address("[::1]:0"), (Address{"::1", 0}));
  EXPECT_EQ(parse_address("[::]:65535")->to_string(), "[::]:65535");
  EXPECT_EQ(parse_address("0.0.0.0:80")->to_string(), "0.0.0.0:80");
}

TEST(Address, SaysWhatToWriteInstead) {
  for (const char* text : {"", "8600", ":8600", "localhost:8600", "127.0.0.1:", "127.0.0.1:x",
                           "127.0.0.1:65536", "::1:8600", "[::1]", "127.0.0.1:80 "}) {
    const auto address = parse_address(text);
    ASSERT_FALSE(address) << text;
    EXPECT_NE(address.error().message().find("127.0.0.1:8600"), std::string::npos) << text;
  }
}

TEST(Address, CountsAnIpv6SenderByItsNetwork) {
  EXPECT_EQ(sender_name("192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(sender_name("2001:db8:1:2:3:4:5:6"), sender_name("2001:db8:1:2:ffff::1"));
  EXPECT_NE(sender_name("2001:db8:1:2::1"), sender_name("2001:db8:1:3::1"));
  EXPECT_EQ(sender_name("::ffff:192.0.2.7"), "192.0.2.7");
}

TEST(Address, KnowsThisMachine) {
  EXPECT_TRUE(is_loopback("127.0.0.1"));
  EXPECT_TRUE(is_loopback("::1"));
  EXPECT_TRUE(is_loopback("::ffff:127.0.0.1"));
  EXPECT_FALSE(is_loopback("192.0.2.7"));
}

}  // namespace
}  // namespace fenghuo::net
