// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/result.h"
#include "hub/base/types.h"
#include "storage/ordered_store.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fenghuo::storage {

// One record as it is stored: the bytes of a fenghuo.v1.Event, and its erasable body.
struct LogRecord {
  std::string event;
  // 16 bytes of salt, then the bytes of a fenghuo.v1.Body; empty = none, or erased. The event holds
  // SHA-256 of all of it.
  std::string body;
};

// What is appended in one synced write. Positions are first, first+1, ...
struct Batch {
  // Chosen by the caller, unique, ascending: asked for by resolve().
  std::uint64_t id = 0;
  base::Position first = 0;
  // Of the writer; a lower one than seen before is fenced.
  std::uint64_t term = 0;
  base::TimeUs time_us = 0;
  // Chain hash of the batch before; all zeros at genesis.
  base::Hash prev_hash{};
  std::vector<LogRecord> records;

  base::Position last() const { return first + records.size() - 1; }
};

// hash = SHA-256(prev_hash ‖ header ‖ Merkle root of the events). The header is id, first, count,
// term and time_us, eight bytes each, big-endian. Leaves are SHA-256(0x00 ‖ event), inner nodes
// SHA-256(0x01 ‖ left ‖ right); an odd node moves up unchanged. Bodies are covered by their hash in
// the event, so erasing one leaves the chain whole.
base::Hash batch_hash(const Batch& batch);

// The end of the log.
struct Head {
  // 0 = empty.
  base::Position position = 0;
  base::Hash hash{};
  base::TimeUs time_us = 0;
  std::uint64_t batch_id = 0;
  std::uint64_t term = 0;

  bool operator==(const Head&) const = default;
};

enum class AppendStatus {
  // Durable.
  Committed,
  // The tail was not the expected one; nothing was written.
  Conflict,
  // Nothing was written; may be tried again.
  Unavailable,
  // May or may not have been written: only resolve(id) tells. For replicated logs.
  Unknown,
  // The batch exceeds what the log takes.
  TooLarge,
  // The disk is full; nothing was written.
  NoSpace,
  // A writer with a higher term exists.
  Fenced,
  // The write or its sync failed: the process must stop (exit code 4).
  Failed,
};

struct AppendOutcome {
  AppendStatus status = AppendStatus::Failed;
  // The tail after the append (Committed), or the actual tail (Conflict).
  Head head;
  // English, for the log.
  std::string detail;
};

// Reads batches in order. One thread.
class LogReader {
 public:
  virtual ~LogReader() = default;
  // The next durable batch, or nullopt at the end (call again later). Bodies are filled in when the
  // reader was opened with them. STORAGE_FAILED when a stored batch cannot be read or its position
  // does not follow.
  virtual base::Result<std::optional<Batch>> next() = 0;
};

// The one ordered record. Everything read from it is durable. Threads: append() and resolve() from
// one thread (the engine's); reads from any.
class EventLog {
 public:
  virtual ~EventLog() = default;

  // Durable tail.
  virtual Head head() const = 0;

  using Completion = std::function<void(AppendOutcome)>;

  // Compare-and-append: writes and syncs `batch`, the `rows` (none of Family::Search) and the
  // deletion of the `erased` bodies in one atomic step if the log ends at `expected` (position and
  // hash). Returns at once; the completion is called exactly once, in order of append, from the
  // log's own thread (or from pump() of a twin). Several may be in flight; when one does not
  // commit, those after it conflict.
  virtual void append(Batch batch, const Head& expected, std::vector<Row> rows,
                      std::vector<base::Position> erased, Completion done) = 0;

  // After Unknown: the batch is there (Committed), or is not and never will be (Conflict).
  virtual AppendOutcome resolve(std::uint64_t batch_id) = 0;

  // Reads from the batch that holds `from` on (its earlier records included).
  virtual std::unique_ptr<LogReader> read(base::Position from, bool with_bodies) const = 0;

  // Stored body of one record, salt included; nullopt = none or erased.
  virtual base::Result<std::optional<std::string>> body(base::Position position) const = 0;
};

}  // namespace fenghuo::storage
