// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/types.h"

#include <string>
#include <string_view>

namespace fenghuo::identity {

// A secret that stands for a login. The hub keeps only the hash; the text is shown once.
struct Token {
  // 32 random bytes as base64url without padding: 43 characters.
  std::string text;
  base::Hash hash;
};

Token new_token();

// SHA-256 of the token's text: what TokenIssued records and what a login looks up. 256 random bits
// need no slow hash.
base::Hash token_hash(std::string_view text);

// Whether the text can be a token at all; others are refused without a look-up.
bool is_token(std::string_view text);

}  // namespace fenghuo::identity
