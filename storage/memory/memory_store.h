// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/store.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

namespace fenghuo::storage {

class MemoryDisk;

// A Store on a fake disk, for tests, the simulator and hubs that keep nothing. What is not synced
// is known to be so, and crash() takes it away; every way an append can end can be asked for.
//
// Thread-safe as the contracts say. Completions of appends run in pump() (or, AtOnce, before
// append() returns); readers, cursors and the parts are outlived by the store.
class MemoryStore final : public Store {
 public:
  enum class Completions { Pumped, AtOnce };

  explicit MemoryStore(Completions completions = Completions::Pumped);
  ~MemoryStore() override;

  EventLog& log() override;
  OrderedStore& rows() override;
  BlobStore& blobs() override;
  double free_share() const override;

  // One turn of the disk: writes, syncs and completes the appends that wait and are not delayed.
  // Those made by the completions themselves wait for the next turn. Returns how many completed.
  std::size_t pump();
  std::size_t appends_waiting() const;

  // From now on each append is completed `turns` pumps later than it could be.
  void delay_appends(std::size_t turns);

  // The next append to be completed ends so instead: Conflict, Unavailable, NoSpace, ... (nothing
  // is written), Unknown (written when `written`), or Failed (the sync failed; the batch may or may
  // not survive a crash; nothing is taken any more). Several calls hit several appends.
  void fail_next_append(AppendStatus status, bool written = false);

  // While set, appends end as NoSpace and row writes as NO_SPACE; free_share() is 0.
  void set_no_space(bool full);
  void set_free_share(double share);

  // An orderly end and a new beginning: all that was written is there; appends that wait are
  // completed first. This store is dead.
  std::unique_ptr<MemoryStore> reopen();

  // Power fails: this store is dead (its waiting appends are never completed; writes to it fail),
  // the returned one holds what was synced. With a seed, a first part of what was written or
  // waiting but not synced survives too, as it may on a real disk.
  std::unique_ptr<MemoryStore> crash(std::optional<std::uint64_t> seed = std::nullopt);

 private:
  MemoryStore(std::unique_ptr<MemoryDisk> disk, Completions completions);

  std::unique_ptr<MemoryDisk> disk_;
  std::unique_ptr<EventLog> log_;
  std::unique_ptr<OrderedStore> rows_;
  std::unique_ptr<BlobStore> blobs_;
  Completions completions_;
};

}  // namespace fenghuo::storage
