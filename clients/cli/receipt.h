// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

namespace fenghuo::cli {

// Of feedback without a name: only its sender has the code, the hub learns the hash.
struct Receipt {
  // 32 hex digits.
  std::string code;
  // SHA-256 of the 16 bytes.
  std::string hash;
};

// A new one from the machine's random source; nullopt = it has none.
std::optional<Receipt> new_receipt();

// The 16 bytes of a code as typed; nullopt = it is none.
std::optional<std::string> receipt_bytes(const std::string& code);

}  // namespace fenghuo::cli
