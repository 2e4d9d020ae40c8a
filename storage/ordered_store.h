// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/result.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fenghuo::storage {

// Sorted key-value rows in a few families. Keys are compared as unsigned bytes.
enum class Family : std::uint8_t {
  // (channel, seq) -> position; written with the log batch. See timeline.h.
  Timeline,
  // (term, channel, ~seq) -> position. Derived: see write() and search.h.
  Search,
  // Rows of the view's State and its applied_position. See hub/core/snapshot.h.
  Entity,
  // Small facts of the store itself: indexed_through and the like.
  Meta,
};
inline constexpr int family_count = 4;

struct Row {
  Family family;
  std::string key;
  // nullopt = delete.
  std::optional<std::string> value;
};

// Whether all rows are of Family::Search (derived, see OrderedStore::write) or none is; a mix
// stops.
bool are_derived(const std::vector<Row>& rows);

// Walks the rows of one family by seeking. One thread; outlived by its store. It may or may not see
// rows written after its creation, each at most once.
class RowCursor {
 public:
  virtual ~RowCursor() = default;
  // To the first key at or after `key`.
  virtual void seek(std::string_view key) = 0;
  // To the key after the current one; only when valid().
  virtual void next() = 0;
  // Stands on a row. False at the end and after an error: see status().
  virtual bool valid() const = 0;
  // Valid until the next call of seek() or next().
  virtual std::string_view key() const = 0;
  virtual std::string_view value() const = 0;
  virtual base::Result<void> status() const = 0;
};

// Thread-safe: any thread may read and write. Operating errors are UNAVAILABLE, NO_SPACE or
// STORAGE_FAILED.
class OrderedStore {
 public:
  virtual ~OrderedStore() = default;

  // nullopt = no such key.
  virtual base::Result<std::optional<std::string>> get(Family family,
                                                       std::string_view key) const = 0;

  // Visits keys in [from, to) ascending, or descending from the greatest below `to` when `reverse`;
  // an empty `to` means no upper bound. Stops when the visitor returns false. One consistent cut;
  // the views are valid during the call of the visitor only.
  using Visitor = std::function<bool(std::string_view key, std::string_view value)>;
  virtual base::Result<void> scan(Family family, std::string_view from, std::string_view to,
                                  bool reverse, const Visitor& visit) const = 0;

  // For reads that jump, where scan() would visit too much.
  virtual std::unique_ptr<RowCursor> cursor(Family family) const = 0;

  // All rows or none. Not synced by itself: it becomes durable with the next log append that
  // follows it, and never overtakes one that was completed before it. Writes survive a crash in
  // their order: of those that are not durable yet a first part may be there, never a later one
  // without the earlier.
  //
  // Rows of Family::Search are derived from the log, and ten times as many bytes: syncing them with
  // it would slow every acknowledgement. So they stand alone in a write (a mix is a programmer
  // error) and are durable when the store finds time, at its orderly end at the latest. They too
  // survive a crash as a first part, and never without what was written before them.
  virtual base::Result<void> write(const std::vector<Row>& rows) = 0;
};

}  // namespace fenghuo::storage
