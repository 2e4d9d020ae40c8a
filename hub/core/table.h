// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/types.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace fenghuo::core {

// Entities by id, ascending. Ids grow with time, so a new one is nearly always appended. Addresses
// of rows stay valid until the row itself is replaced as a whole table. Private to this folder.
template <typename T>
class Table {
 public:
  struct Entry {
    base::EntityId id = 0;
    std::unique_ptr<T> row;
    bool dirty = false;
    // Cached by digest(); 0 = not known.
    mutable std::uint64_t digest = 0;

    Entry(base::EntityId entry_id, T value)
        : id(entry_id), row(std::make_unique<T>(std::move(value))) {}
    Entry(const Entry& other)
        : id(other.id),
          row(std::make_unique<T>(*other.row)),
          dirty(other.dirty),
          digest(other.digest) {}
    Entry& operator=(const Entry&) = delete;
    Entry(Entry&&) noexcept = default;
    Entry& operator=(Entry&&) noexcept = default;
    ~Entry() = default;
  };

  const T* find(base::EntityId id) const {
    const auto it = lower(id);
    return it != entries_.end() && it->id == id ? it->row.get() : nullptr;
  }
  T* find(base::EntityId id) { return const_cast<T*>(std::as_const(*this).find(id)); }

  // Inserts or replaces, and marks as changed. By reference, so that `put(row.id(),
  // std::move(row))` has read the id before anything is moved.
  T& put(base::EntityId id, T&& value) {
    auto it = entries_.begin() + (lower(id) - entries_.begin());
    if (it == entries_.end() || it->id != id) {
      it = entries_.emplace(it, id, std::move(value));
    } else {
      *it->row = std::move(value);
    }
    mark(*it);
    return *it->row;
  }

  // Marks as changed: to be saved, and digested anew.
  void touch(base::EntityId id) {
    auto it = entries_.begin() + (lower(id) - entries_.begin());
    if (it != entries_.end() && it->id == id) mark(*it);
  }

  // Place in the order of ids; the id must be there.
  std::size_t index_of(base::EntityId id) const {
    return static_cast<std::size_t>(lower(id) - entries_.begin());
  }

  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }

  // Ids changed since the last clear_marks(), in order of their first change.
  const std::vector<base::EntityId>& changed() const { return changed_; }
  void clear_marks() {
    for (base::EntityId id : changed_) {
      auto it = entries_.begin() + (lower(id) - entries_.begin());
      it->dirty = false;
    }
    changed_.clear();
  }

 private:
  typename std::vector<Entry>::const_iterator lower(base::EntityId id) const {
    if (!entries_.empty() && entries_.back().id < id) return entries_.end();
    return std::lower_bound(entries_.begin(), entries_.end(), id,
                            [](const Entry& entry, base::EntityId key) { return entry.id < key; });
  }
  void mark(Entry& entry) {
    entry.digest = 0;
    if (entry.dirty) return;
    entry.dirty = true;
    changed_.push_back(entry.id);
  }

  std::vector<Entry> entries_;
  std::vector<base::EntityId> changed_;
};

}  // namespace fenghuo::core
