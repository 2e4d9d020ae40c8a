// SPDX-License-Identifier: Apache-2.0
#include "hub/identity/password.h"

#include "hub/base/limits.h"
#include "hub/identity/random.h"

#include <fmt/format.h>
#include <sodium.h>

#include <array>
#include <cstdio>

namespace fenghuo::identity {

namespace {

constexpr std::size_t verify_memory_kib_max = 1024 * 1024;
constexpr unsigned verify_passes_max = 16;

bool fits(std::string_view password) {
  return password.size() >= base::limits::password_bytes_min &&
         password.size() <= base::limits::password_bytes_max;
}

// One derivation at `cost`, its result thrown away.
void burn(const HashingCost& cost, std::string_view password) {
  static const std::string salt = random_bytes(crypto_pwhash_SALTBYTES);
  std::array<unsigned char, 32> out{};
  // An absurdly long password must not cost more than a real one.
  const std::string_view taken = password.substr(0, base::limits::password_bytes_max);
  const int failed = crypto_pwhash(out.data(), out.size(), taken.data(), taken.size(),
                                   reinterpret_cast<const unsigned char*>(salt.data()), cost.passes,
                                   cost.memory_bytes, crypto_pwhash_ALG_ARGON2ID13);
  // Out of memory here means the same for a known account: both answer "wrong".
  static_cast<void>(failed);
}

}  // namespace

base::Result<std::string> PasswordHasher::hash(std::string_view password) const {
  if (!fits(password)) {
    return base::Error(
        v1::ERROR_CODE_BAD_ARGUMENT,
        fmt::format("a password has {} to {} bytes", base::limits::password_bytes_min,
                    base::limits::password_bytes_max),
        "password");
  }
  std::array<char, crypto_pwhash_STRBYTES> text{};
  // Also makes sure that libsodium is initialised.
  random_bytes(1);
  if (crypto_pwhash_str_alg(text.data(), password.data(), password.size(), cost_.passes,
                            cost_.memory_bytes, crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return base::Error(v1::ERROR_CODE_OVERLOADED, "no memory for hashing a password")
        .retry_after(1'000);
  }
  return std::string(text.data());
}

bool PasswordHasher::verify(const std::string& phc, std::string_view password) const {
  if (!fits(password) || !is_password_hash(phc)) return verify_unknown(password);
  return crypto_pwhash_str_verify(phc.c_str(), password.data(), password.size()) == 0;
}

bool PasswordHasher::verify_unknown(std::string_view password) const {
  burn(cost_, password);
  return false;
}

bool PasswordHasher::needs_rehash(const std::string& phc) const {
  return !is_password_hash(phc) ||
         crypto_pwhash_str_needs_rehash(phc.c_str(), cost_.passes, cost_.memory_bytes) != 0;
}

bool is_password_hash(const std::string& text) {
  if (text.size() >= crypto_pwhash_STRBYTES || text.find('\0') != std::string::npos) return false;
  std::size_t memory_kib = 0;
  unsigned passes = 0;
  unsigned lanes = 0;
  int read = 0;
  if (std::sscanf(text.c_str(), "$argon2id$v=19$m=%zu,t=%u,p=%u$%n", &memory_kib, &passes, &lanes,
                  &read) != 3 ||
      read == 0) {
    return false;
  }
  if (memory_kib > verify_memory_kib_max || passes > verify_passes_max || lanes != 1) return false;
  // libsodium says -1 for text that it cannot read at all.
  return crypto_pwhash_str_needs_rehash(text.c_str(), passes, memory_kib * 1024) >= 0;
}

std::string new_password() {
  // Without i, l and o, which look like digits.
  constexpr std::string_view letters = "abcdefghjkmnpqrstuvwxyz";
  std::string password;
  for (int group = 0; group < 4; ++group) {
    if (group > 0) password += '-';
    for (int i = 0; i < 4; ++i) password += letters[random_below(letters.size())];
  }
  return password;
}

}  // namespace fenghuo::identity
