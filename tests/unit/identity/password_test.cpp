// SPDX-License-Identifier: Apache-2.0
#include "hub/identity/password.h"

#include "hub/base/limits.h"

#include <gtest/gtest.h>

namespace fenghuo::identity {
namespace {

const HashingCost cheap{8 * 1024, 1};

TEST(Password, HashIsPhcAndVerifies) {
  const PasswordHasher hasher(cheap);
  const std::string phc = hasher.hash("烽火台 secret").value();
  EXPECT_EQ(phc.rfind("$argon2id$v=19$m=8,t=1,p=1$", 0), 0U) << phc;
  EXPECT_TRUE(hasher.verify(phc, "烽火台 secret"));
  EXPECT_FALSE(hasher.verify(phc, "烽火台 Secret"));
  EXPECT_TRUE(is_password_hash(phc));
}

TEST(Password, SamePasswordHashesDifferently) {
  const PasswordHasher hasher(cheap);
  EXPECT_NE(hasher.hash("correct horse").value(), hasher.hash("correct horse").value());
}

TEST(Password, LengthLimits) {
  const PasswordHasher hasher(cheap);
  using namespace base::limits;
  EXPECT_TRUE(hasher.hash(std::string(password_bytes_min, 'x')));
  EXPECT_TRUE(hasher.hash(std::string(password_bytes_max, 'x')));
  for (const std::size_t size : {password_bytes_min - 1, password_bytes_max + 1}) {
    const auto refused = hasher.hash(std::string(size, 'x'));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), v1::ERROR_CODE_BAD_ARGUMENT);
    EXPECT_EQ(refused.error().field(), "password");
  }
}

TEST(Password, RehashWhenTheCostChanged) {
  const PasswordHasher old_hasher(cheap);
  const PasswordHasher new_hasher({16 * 1024, 2});
  const std::string phc = old_hasher.hash("correct horse").value();
  EXPECT_FALSE(old_hasher.needs_rehash(phc));
  EXPECT_TRUE(new_hasher.needs_rehash(phc));
  EXPECT_TRUE(new_hasher.verify(phc, "correct horse"));
}

TEST(Password, UnknownAccountsAndBrokenHashesNeverVerify) {
  const PasswordHasher hasher(cheap);
  EXPECT_FALSE(hasher.verify_unknown("correct horse"));
  EXPECT_FALSE(hasher.verify("", "correct horse"));
  EXPECT_FALSE(hasher.verify("$argon2id$nonsense", "correct horse"));
  EXPECT_FALSE(hasher.verify(hasher.hash("correct horse").value(), std::string(100'000, 'x')));
}

TEST(Password, ForeignHashesAreBounded) {
  const std::string tail = "$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g";
  EXPECT_TRUE(is_password_hash("$argon2id$v=19$m=65536,t=2,p=1" + tail));
  EXPECT_FALSE(is_password_hash("$argon2id$v=19$m=99999999,t=2,p=1" + tail));
  EXPECT_FALSE(is_password_hash("$argon2id$v=19$m=65536,t=99,p=1" + tail));
  EXPECT_FALSE(is_password_hash("$argon2i$v=19$m=65536,t=3,p=1" + tail));
  EXPECT_FALSE(is_password_hash("$argon2id$v=19$m=65536,t=2,p=1$"));
  EXPECT_FALSE(is_password_hash("plain text"));
}

TEST(Password, NewPasswordsCanBeReadAloud) {
  const std::string password = new_password();
  ASSERT_EQ(password.size(), 19U);
  for (std::size_t i = 0; i < password.size(); ++i) {
    if (i % 5 == 4) {
      EXPECT_EQ(password[i], '-');
    } else {
      EXPECT_NE(std::string_view("abcdefghjkmnpqrstuvwxyz").find(password[i]),
                std::string_view::npos);
    }
  }
  EXPECT_NE(password, new_password());
}

}  // namespace
}  // namespace fenghuo::identity
