// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/receipt.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <cstddef>

namespace fenghuo::cli {
namespace {

constexpr std::size_t code_bytes = 16;

int value_of_digit(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

}  // namespace

std::optional<Receipt> new_receipt() {
  std::array<unsigned char, code_bytes> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) return std::nullopt;
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), hash.data(), &size, EVP_sha256(), nullptr) != 1) {
    return std::nullopt;
  }
  Receipt receipt;
  constexpr char digits[] = "0123456789abcdef";
  for (const unsigned char byte : bytes) {
    receipt.code += digits[byte >> 4];
    receipt.code += digits[byte & 0xf];
  }
  receipt.hash.assign(hash.begin(), hash.begin() + size);
  return receipt;
}

std::optional<std::string> receipt_bytes(const std::string& code) {
  if (code.size() != 2 * code_bytes) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < code.size(); i += 2) {
    const int high = value_of_digit(code[i]);
    const int low = value_of_digit(code[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

}  // namespace fenghuo::cli
