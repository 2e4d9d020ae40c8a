// SPDX-License-Identifier: Apache-2.0
#include "storage/memory/memory_rows.h"

namespace fenghuo::storage {

namespace {

// Keeps copies instead of an iterator: rows may be deleted while it stands on them.
class MemoryRowCursor final : public RowCursor {
 public:
  MemoryRowCursor(const MemoryDisk& disk, Family family) : disk_(disk), family_(family) {}

  void seek(std::string_view key) override {
    const std::lock_guard lock(disk_.mutex);
    const RowMap& rows = rows_of(disk_.live, family_);
    stand_on(rows, rows.lower_bound(key));
  }
  void next() override {
    const std::lock_guard lock(disk_.mutex);
    const RowMap& rows = rows_of(disk_.live, family_);
    stand_on(rows, rows.upper_bound(key_));
  }
  bool valid() const override { return valid_; }
  std::string_view key() const override { return key_; }
  std::string_view value() const override { return value_; }
  base::Result<void> status() const override { return {}; }

 private:
  void stand_on(const RowMap& rows, RowMap::const_iterator row) {
    valid_ = row != rows.end();
    if (!valid_) return;
    key_ = row->first;
    value_ = row->second;
  }

  const MemoryDisk& disk_;
  Family family_;
  bool valid_ = false;
  std::string key_;
  std::string value_;
};

}  // namespace

base::Result<std::optional<std::string>> MemoryOrderedStore::get(Family family,
                                                                 std::string_view key) const {
  const std::lock_guard lock(disk_.mutex);
  const RowMap& rows = rows_of(disk_.live, family);
  const auto found = rows.find(key);
  if (found == rows.end()) return std::optional<std::string>();
  return std::optional(found->second);
}

base::Result<void> MemoryOrderedStore::scan(Family family, std::string_view from,
                                            std::string_view to, bool reverse,
                                            const Visitor& visit) const {
  const std::lock_guard lock(disk_.mutex);
  const RowMap& rows = rows_of(disk_.live, family);
  if (!to.empty() && to <= from) return {};
  auto begin = rows.lower_bound(from);
  auto end = to.empty() ? rows.end() : rows.lower_bound(to);
  if (reverse) {
    while (end != begin) {
      --end;
      if (!visit(end->first, end->second)) break;
    }
  } else {
    for (; begin != end; ++begin) {
      if (!visit(begin->first, begin->second)) break;
    }
  }
  return {};
}

std::unique_ptr<RowCursor> MemoryOrderedStore::cursor(Family family) const {
  return std::make_unique<MemoryRowCursor>(disk_, family);
}

base::Result<void> MemoryOrderedStore::write(const std::vector<Row>& rows) {
  const std::lock_guard lock(disk_.mutex);
  return disk_.write(rows);
}

}  // namespace fenghuo::storage
