// SPDX-License-Identifier: Apache-2.0
#include "hub/fanout/encoded_commit.h"

#include "hub/base/check.h"

namespace fenghuo::fanout {

namespace {

base::EntityId channel_of(const v1::Update& update) {
  switch (update.kind_case()) {
    case v1::Update::kMessage: return update.message().channel_id();
    case v1::Update::kChannel: return update.channel().channel().id();
    case v1::Update::kCursor: return update.cursor().channel_id();
    case v1::Update::kReceipt: return update.receipt().channel_id();
    default: return 0;
  }
}

// The update inside an `updates` field entry: behind its tag and length.
std::string_view inner(std::string_view entry) {
  std::size_t at = 1;
  while ((static_cast<unsigned char>(entry[at]) & 0x80) != 0) ++at;
  return entry.substr(at + 1);
}

}  // namespace

void EncodedCommit::append(const core::Audience& audience, const v1::Update& update) {
  FENGHUO_CHECK(slices.empty() || slices.back().position <= update.position());
  const std::size_t offset = binary_.size();
  binary_ += session::encode_update(session::Format::Binary, update);
  const bool is_stone = update.message().has_stone();
  const base::EntityId message_id = is_stone ? 0 : update.message().id();
  slices.push_back({audience, channel_of(update), message_id, update.position(), offset,
                    binary_.size() - offset});
  if (is_stone) stones.push_back({update.message().id(), update.position()});
}

std::string_view EncodedCommit::bytes(session::Format format, std::size_t slice) const {
  const auto binary = [this](const Slice& s) {
    return std::string_view(binary_).substr(s.offset, s.length);
  };
  if (format == session::Format::Binary) return binary(slices[slice]);
  std::call_once(json_once_, [&] {
    json_.reserve(slices.size());
    std::size_t total = slices.size() * sizeof(std::string);
    v1::Update update;
    for (const Slice& s : slices) {
      const std::string_view encoded = inner(binary(s));
      FENGHUO_CHECK(update.ParseFromArray(encoded.data(), static_cast<int>(encoded.size())));
      json_.push_back(session::encode_update(session::Format::Json, update));
      total += json_.back().capacity();
    }
    json_bytes_.store(total, std::memory_order_relaxed);
  });
  return json_[slice];
}

std::size_t EncodedCommit::size_bytes() const {
  return sizeof(*this) + binary_.capacity() + slices.capacity() * sizeof(Slice) +
         memberships.capacity() * sizeof(Membership) + bells.capacity() * sizeof(Bell) +
         json_bytes_.load(std::memory_order_relaxed);
}

}  // namespace fenghuo::fanout
