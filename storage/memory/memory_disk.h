// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/batch.h"
#include "storage/event_log.h"
#include "storage/ordered_store.h"
#include "storage/row_blob_store.h"

#include <array>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace fenghuo::storage {

using RowMap = std::map<std::string, std::string, std::less<>>;
using RowMaps = std::array<RowMap, family_count>;

inline RowMap& rows_of(RowMaps& maps, Family family) {
  return maps[static_cast<std::size_t>(family)];
}
inline const RowMap& rows_of(const RowMaps& maps, Family family) {
  return maps[static_cast<std::size_t>(family)];
}

void apply_rows(RowMaps& maps, const std::vector<Row>& rows);

// An append as it was asked for.
struct WaitingAppend {
  Batch batch;
  Head expected;
  std::vector<Row> rows;
  std::vector<base::Position> erased;
  EventLog::Completion done;
  std::size_t turns_left = 0;
};

// What a sync has reached: survives a crash.
struct DurablePart {
  // By first position; the values are those of encode_batch.
  std::map<base::Position, std::string> log;
  std::map<base::Position, std::string> bodies;
  std::map<base::Hash, std::string> blobs;
  RowMaps rows;
  Head head;

  void append(const WaitingAppend& append);
};

// The fake disk under a MemoryStore: a durable part, the rows as they read now, and in order what
// was written since the last sync. Its members are used under its mutex, by the store's parts only.
class MemoryDisk final : public BlobMedium {
 public:
  struct Fault {
    AppendStatus status;
    bool written;
  };

  // One turn; see MemoryStore::pump. Returns the completions, to be called without the mutex.
  std::vector<std::pair<EventLog::Completion, AppendOutcome>> turn(bool ignore_delay);
  base::Result<void> write(const std::vector<Row>& rows);
  // Everything written is durable: derived rows too.
  void sync_all();
  // Moves the durable part out, with a first part of the rest when there is a seed.
  DurablePart take_after_crash(std::optional<std::uint64_t> seed);

  base::Result<std::optional<std::string>> load(const base::Hash& hash) const override;
  base::Result<void> store(const base::Hash& hash, std::string_view bytes,
                           const std::vector<Row>& rows) override;
  base::Result<void> remove(const base::Hash& hash, const std::vector<Row>& rows) override;

  // Recursive: a visitor of a scan may read.
  mutable std::recursive_mutex mutex;
  DurablePart durable;
  RowMaps live;
  std::deque<WaitingAppend> waiting;
  std::deque<Fault> faults;
  std::size_t delay_turns = 0;
  double free_share = 1.0;
  bool no_space = false;
  // A sync failed, or the power: nothing is taken any more.
  bool dead = false;

 private:
  AppendOutcome commit(WaitingAppend& append);
  // As syncing the log does: derived rows stay behind.
  void sync();
  base::Result<void> may_write() const;

  struct Unsynced {
    std::vector<Row> rows;
    // An append whose sync failed.
    std::optional<WaitingAppend> append;
    std::optional<base::Hash> removed_blob;
    // See OrderedStore::write.
    bool derived = false;
  };
  static void survive(DurablePart& part, const Unsynced& write);

  std::vector<Unsynced> unsynced_;
  std::set<base::Hash> removed_blobs_;
};

}  // namespace fenghuo::storage
