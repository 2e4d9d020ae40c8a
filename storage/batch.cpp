// SPDX-License-Identifier: Apache-2.0
#include "storage/batch.h"

#include "hub/base/check.h"
#include "hub/base/sha256.h"
#include "storage/bytes.h"

#include <fmt/format.h>

namespace fenghuo::storage {

namespace {

constexpr std::uint8_t value_version = 1;

std::string_view view_of(const base::Hash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

void put_header(std::string& out, const Batch& batch) {
  put_u64(out, batch.id);
  put_u64(out, batch.first);
  put_u64(out, batch.records.size());
  put_u64(out, batch.term);
  put_u64(out, static_cast<std::uint64_t>(batch.time_us));
}

base::Hash merkle_root(const std::vector<LogRecord>& records) {
  std::vector<base::Hash> level;
  level.reserve(records.size());
  // The leading byte keeps a leaf from being read as an inner node.
  for (const LogRecord& record : records) {
    level.push_back(base::sha256({std::string_view("\0", 1), record.event}));
  }
  while (level.size() > 1) {
    std::size_t kept = 0;
    for (std::size_t left = 0; left < level.size(); left += 2) {
      level[kept++] = left + 1 == level.size()
                          ? level[left]
                          : base::sha256({"\1", view_of(level[left]), view_of(level[left + 1])});
    }
    level.resize(kept);
  }
  return level.empty() ? base::Hash{} : level.front();
}

std::size_t bytes_of(const Batch& batch) {
  std::size_t bytes = 0;
  for (const LogRecord& record : batch.records) bytes += record.event.size() + record.body.size();
  return bytes;
}

base::Error bad_batch(std::string_view why) {
  return base::Error(base::ErrorCode::ERROR_CODE_STORAGE_FAILED,
                     fmt::format("stored batch cannot be read: {}", why));
}

}  // namespace

base::Hash batch_hash(const Batch& batch) {
  std::string header;
  put_header(header, batch);
  const base::Hash root = merkle_root(batch.records);
  return base::sha256({view_of(batch.prev_hash), header, view_of(root)});
}

std::string encode_batch(const Batch& batch, const base::Hash& hash) {
  std::string value;
  std::size_t bytes = 1 + 5 * 8 + 2 * 32;
  for (const LogRecord& record : batch.records) bytes += 4 + record.event.size();
  value.reserve(bytes);
  value.push_back(static_cast<char>(value_version));
  put_header(value, batch);
  value += view_of(batch.prev_hash);
  value += view_of(hash);
  for (const LogRecord& record : batch.records) {
    put_u32(value, static_cast<std::uint32_t>(record.event.size()));
    value += record.event;
  }
  return value;
}

base::Result<StoredBatch> decode_batch(std::string_view value) {
  ByteReader reader(value);
  if (const int version = reader.u8(); version != value_version) {
    return bad_batch(fmt::format("version {} of its bytes is not {}", version, value_version));
  }
  StoredBatch stored;
  Batch& batch = stored.batch;
  batch.id = reader.u64();
  batch.first = reader.u64();
  const std::uint64_t count = reader.u64();
  batch.term = reader.u64();
  batch.time_us = static_cast<base::TimeUs>(reader.u64());
  batch.prev_hash = reader.hash();
  stored.hash = reader.hash();
  // A record takes four bytes at least: a wrong count must not ask for memory.
  if (!reader.ok() || count == 0 || count > value.size() / 4) return bad_batch("header");
  batch.records.reserve(count);
  for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
    const std::uint32_t bytes = reader.u32();
    batch.records.push_back({std::string(reader.take(bytes)), {}});
  }
  if (!reader.ok()) return bad_batch("cut off");
  if (!reader.at_end()) return bad_batch("bytes after the last record");
  return stored;
}

std::string position_key(base::Position position) {
  std::string key;
  put_u64(key, position);
  return key;
}

Head head_after(const Batch& batch, const base::Hash& hash) {
  return {batch.last(), hash, batch.time_us, batch.id, batch.term};
}

std::optional<AppendOutcome> refuse_append(const Head& head, const Batch& batch,
                                           const Head& expected) {
  FENGHUO_CHECK(!batch.records.empty());
  FENGHUO_CHECK(batch.first == expected.position + 1);
  FENGHUO_CHECK(batch.prev_hash == expected.hash);
  if (bytes_of(batch) > batch_bytes_max) {
    return AppendOutcome{AppendStatus::TooLarge, head,
                         fmt::format("batch {} has more than {} bytes", batch.id, batch_bytes_max)};
  }
  if (batch.term < head.term) {
    return AppendOutcome{AppendStatus::Fenced, head,
                         fmt::format("term {} is over, the log is at {}", batch.term, head.term)};
  }
  if (expected.position != head.position || expected.hash != head.hash) {
    return AppendOutcome{
        AppendStatus::Conflict, head,
        fmt::format("the log ends at {}, not at {}", head.position, expected.position)};
  }
  FENGHUO_CHECK(batch.id > head.batch_id);
  return std::nullopt;
}

}  // namespace fenghuo::storage
