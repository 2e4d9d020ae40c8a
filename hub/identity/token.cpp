// SPDX-License-Identifier: Apache-2.0
#include "hub/identity/token.h"

#include "hub/base/check.h"
#include "hub/base/sha256.h"
#include "hub/identity/random.h"

#include <sodium.h>

#include <array>

namespace fenghuo::identity {

namespace {

constexpr std::size_t token_bytes = 32;
constexpr std::size_t token_characters = 43;
constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

}  // namespace

Token new_token() {
  const std::string bytes = random_bytes(token_bytes);
  std::string text(sodium_base64_ENCODED_LEN(token_bytes, variant), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), variant);
  text.pop_back();  // the terminating zero
  FENGHUO_CHECK(text.size() == token_characters);
  const base::Hash hash = token_hash(text);
  return {std::move(text), hash};
}

base::Hash token_hash(std::string_view text) { return base::sha256({text}); }

bool is_token(std::string_view text) {
  if (text.size() != token_characters) return false;
  std::array<unsigned char, token_bytes> bytes{};
  std::size_t length = 0;
  return sodium_base642bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &length,
                           nullptr, variant) == 0 &&
         length == token_bytes;
}

}  // namespace fenghuo::identity
