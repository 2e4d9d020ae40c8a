// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/world.h"

#include "storage/memory/memory_store.h"
#include "storage/rocksdb/database.h"
#include "tests/contract/temporary_folder.h"
#include "tests/contract/unsynced_disk.h"

#include <future>
#include <utility>

namespace fenghuo::storage {

namespace {

class MemoryWorld final : public StoreWorld {
 public:
  Store& store() override { return *store_; }
  void settle() override {
    while (store_->appends_waiting() > 0) store_->pump();
  }
  void reopen() override { store_ = store_->reopen(); }
  void crash(std::optional<std::uint64_t> seed) override { store_ = store_->crash(seed); }

 private:
  std::unique_ptr<MemoryStore> store_ = std::make_unique<MemoryStore>();
};

class RocksdbWorld final : public StoreWorld {
 public:
  RocksdbWorld() { open(); }

  Store& store() override { return *store_; }
  // Completions come in order, so that of a batch that cannot commit comes after all others.
  void settle() override {
    std::promise<void> settled;
    Batch batch;
    batch.first = 1'000'001;
    batch.records.resize(1);
    store_->log().append(batch, {.position = 1'000'000}, {}, {},
                         [&settled](AppendOutcome) { settled.set_value(); });
    settled.get_future().wait();
  }
  void reopen() override {
    store_.reset();
    open();
  }
  void crash(std::optional<std::uint64_t> seed) override {
    env_.disk->cut_power();
    const auto survivors = folder_.path() / std::to_string(++lives_);
    env_.disk->survivors(current_, survivors, seed);
    store_.reset();
    env_ = {};
    current_ = survivors;
    open();
  }

 private:
  void open() {
    auto opened = open_rocksdb_store_on(current_, {}, env_.env.get());
    if (!opened) throw std::runtime_error(opened.error().to_string());
    store_ = std::move(*opened);
  }

  TemporaryFolder folder_;
  int lives_ = 0;
  std::filesystem::path current_ = folder_.path() / "0";
  UnsyncedEnv env_;
  std::unique_ptr<Store> store_;
};

}  // namespace

std::vector<WorldKind> all_worlds() {
  return {{"Memory", [] { return std::make_unique<MemoryWorld>(); }},
          {"Rocksdb", [] { return std::make_unique<RocksdbWorld>(); }}};
}

Batch StoreContract::batch_after(const Head& head, const std::vector<std::string>& texts) {
  Batch batch;
  batch.id = head.batch_id + 1;
  batch.first = head.position + 1;
  batch.term = 1;
  batch.time_us = 1'000 * static_cast<base::TimeUs>(batch.first);
  batch.prev_hash = head.hash;
  for (const std::string& text : texts) batch.records.push_back({text, "salt:" + text});
  return batch;
}

Head StoreContract::after(const Batch& batch) {
  return {batch.last(), batch_hash(batch), batch.time_us, batch.id, batch.term};
}

AppendOutcome StoreContract::append(Batch batch, const Head& expected, std::vector<Row> rows,
                                    std::vector<base::Position> erased) {
  std::optional<AppendOutcome> outcome;
  log().append(std::move(batch), expected, std::move(rows), std::move(erased),
               [&](AppendOutcome ended) { outcome = std::move(ended); });
  world_->settle();
  EXPECT_TRUE(outcome.has_value());
  return outcome.value_or(AppendOutcome{});
}

void StoreContract::grow(const std::vector<std::string>& texts, std::vector<Row> rows,
                         std::vector<base::Position> erased) {
  const Head head = log().head();
  const Batch batch = batch_after(head, texts);
  const Head expected_after = after(batch);
  const AppendOutcome outcome = append(batch, head, std::move(rows), std::move(erased));
  ASSERT_EQ(outcome.status, AppendStatus::Committed) << outcome.detail;
  ASSERT_EQ(outcome.head, expected_after);
}

std::vector<std::string> StoreContract::events_from(base::Position from) {
  std::vector<std::string> events;
  auto reader = log().read(from, false);
  while (true) {
    auto batch = reader->next();
    EXPECT_TRUE(batch.has_value());
    if (!batch || !*batch) return events;
    for (const LogRecord& record : (*batch)->records) events.push_back(record.event);
  }
}

std::optional<std::string> StoreContract::row(Family family, const std::string& key) {
  auto value = rows().get(family, key);
  EXPECT_TRUE(value.has_value());
  return value ? *value : std::nullopt;
}

std::vector<std::string> StoreContract::keys(Family family, const std::string& from,
                                             const std::string& to, bool reverse) {
  std::vector<std::string> found;
  EXPECT_TRUE(rows()
                  .scan(family, from, to, reverse,
                        [&](std::string_view key, std::string_view) {
                          found.emplace_back(key);
                          return true;
                        })
                  .has_value());
  return found;
}

}  // namespace fenghuo::storage
