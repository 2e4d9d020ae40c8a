// SPDX-License-Identifier: Apache-2.0
#include "storage/rocksdb/rocksdb_store.h"

#include "fenghuo/v1/event.pb.h"
#include "hub/base/sha256.h"
#include "storage/batch.h"
#include "storage/rocksdb/backup.h"
#include "storage/rocksdb/database.h"
#include "storage/rocksdb/head_file.h"
#include "storage/timeline.h"
#include "storage/verify.h"
#include "tests/contract/temporary_folder.h"
#include "tests/contract/unsynced_disk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <future>
#include <limits>

namespace fenghuo::storage {

namespace {

using testing::HasSubstr;

// What only the real store has: a folder, its lock, its HEAD, and a disk that may fail or be full.
class RocksdbStoreTest : public testing::Test {
 protected:
  std::filesystem::path folder() const { return temporary_.path() / "data"; }

  void open(const RocksdbOptions& options = {}) {
    auto opened = open_rocksdb_store(folder(), options);
    ASSERT_TRUE(opened.has_value()) << opened.error().to_string();
    store_ = std::move(*opened);
  }
  std::string refusal() {
    auto opened = open_rocksdb_store(folder());
    return opened ? "opened" : opened.error().message();
  }

  static Batch next_batch(const Head& head, const std::string& event) {
    Batch batch;
    batch.id = head.batch_id + 1;
    batch.first = head.position + 1;
    batch.time_us = static_cast<base::TimeUs>(batch.first);
    batch.prev_hash = head.hash;
    batch.records = {{event, "body of " + event}};
    return batch;
  }
  static AppendStatus append(Store& store, const std::string& event) {
    std::promise<AppendStatus> ended;
    const Head head = store.log().head();
    store.log().append(next_batch(head, event), head, {{Family::Meta, "last", event}}, {},
                       [&](AppendOutcome outcome) { ended.set_value(outcome.status); });
    return ended.get_future().get();
  }
  void grow(int count) {
    for (int i = 0; i < count; ++i) {
      ASSERT_EQ(append(*store_, "event " + std::to_string(i)), AppendStatus::Committed);
    }
  }
  std::filesystem::path newest_wal() const {
    std::filesystem::path newest;
    for (const auto& entry : std::filesystem::directory_iterator(folder() / "db")) {
      if (entry.path().extension() == ".log" && entry.path() > newest) newest = entry.path();
    }
    return newest;
  }

  TemporaryFolder temporary_;
  std::unique_ptr<Store> store_;
};

TEST_F(RocksdbStoreTest, a_second_hub_is_told_who_has_the_folder) {
  open();
  const auto second = open_rocksdb_store(folder());
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code(), base::ErrorCode::ERROR_CODE_UNAVAILABLE);
  EXPECT_THAT(second.error().message(), HasSubstr("locked by another hub (process "));
  store_.reset();
  open();
}

TEST_F(RocksdbStoreTest, a_folder_that_cannot_be_made_is_refused) {
  std::ofstream(folder()) << "a file";
  EXPECT_THAT(refusal(), HasSubstr("cannot make"));
}

TEST_F(RocksdbStoreTest, nobody_else_may_look_into_what_it_makes) {
  const auto others = [](const std::filesystem::path& path) {
    return std::filesystem::status(path).permissions() &
           (std::filesystem::perms::group_all | std::filesystem::perms::others_all);
  };
  open();
  EXPECT_EQ(others(folder()), std::filesystem::perms::none);
  EXPECT_EQ(others(folder() / "db"), std::filesystem::perms::none);
  grow(1);
  const auto copy = temporary_.path() / "copies" / "first" / "";
  ASSERT_TRUE(copy_rocksdb_store(folder(), copy));
  EXPECT_EQ(others(copy), std::filesystem::perms::none);
  EXPECT_EQ(others(copy / "db"), std::filesystem::perms::none);
}

TEST_F(RocksdbStoreTest, an_orderly_end_leaves_its_head) {
  open();
  grow(3);
  const Head head = store_->log().head();
  store_.reset();
  const auto mark = read_head_file(folder());
  ASSERT_TRUE(mark && *mark);
  EXPECT_EQ((*mark)->position, 3u);
  EXPECT_EQ((*mark)->hash, head.hash);
}

TEST_F(RocksdbStoreTest, a_log_below_its_head_is_refused) {
  open();
  grow(3);
  const Head head = store_->log().head();
  store_.reset();
  ASSERT_TRUE(write_head_file(folder(), {4, head.hash}));
  EXPECT_THAT(refusal(), HasSubstr("the log ends at 3 but was durable up to 4"));
  ASSERT_TRUE(write_head_file(folder(), {3, head.hash}));
  open();
}

TEST_F(RocksdbStoreTest, another_log_than_that_of_its_head_is_refused) {
  open();
  grow(3);
  store_.reset();
  ASSERT_TRUE(write_head_file(folder(), {2, base::sha256({"another"})}));
  EXPECT_THAT(refusal(), HasSubstr("do not belong together"));
}

TEST_F(RocksdbStoreTest, a_lost_database_is_not_a_new_one) {
  open();
  grow(1);
  store_.reset();
  std::filesystem::remove_all(folder() / "db");
  EXPECT_THAT(refusal(), HasSubstr("cannot open the record"));
}

TEST_F(RocksdbStoreTest, an_unreadable_head_is_refused) {
  open();
  store_.reset();
  std::ofstream(folder() / "HEAD") << "fenghuo-head 1\nposition x\n";
  EXPECT_THAT(refusal(), HasSubstr("not readable as a durable head"));
}

TEST_F(RocksdbStoreTest, another_layout_is_refused) {
  open();
  store_.reset();
  {
    auto database = Database::open(folder(), {}, false, rocksdb::Env::Default());
    ASSERT_TRUE(database.has_value());
    rocksdb::WriteBatch batch;
    ASSERT_TRUE(
        batch.Put((*database)->cf(Cf::Default), "layout", std::string(7, '\0') + "\2").ok());
    ASSERT_TRUE((*database)->write({}, batch));
  }
  EXPECT_THAT(refusal(), HasSubstr("another layout"));
}

TEST_F(RocksdbStoreTest, a_disk_full_up_to_the_reserve_takes_nothing) {
  open();
  grow(1);
  store_.reset();
  open({.reserve_bytes = std::numeric_limits<std::uint64_t>::max() / 2});
  EXPECT_EQ(append(*store_, "refused"), AppendStatus::NoSpace);
  EXPECT_EQ(store_->log().head().position, 1u);
  const auto rows = store_->rows().write({{Family::Meta, "k", "v"}});
  ASSERT_FALSE(rows.has_value());
  EXPECT_EQ(rows.error().code(), base::ErrorCode::ERROR_CODE_NO_SPACE);
  const auto blob = store_->blobs().put("photo", 1, 1);
  ASSERT_FALSE(blob.has_value());
  EXPECT_EQ(blob.error().code(), base::ErrorCode::ERROR_CODE_NO_SPACE);
  store_.reset();
  open();
  EXPECT_EQ(append(*store_, "taken"), AppendStatus::Committed);
}

TEST_F(RocksdbStoreTest, tells_how_much_is_free) {
  open();
  EXPECT_GT(store_->free_share(), 0.0);
  EXPECT_LT(store_->free_share(), 1.0);
}

TEST_F(RocksdbStoreTest, a_failed_sync_ends_everything_and_loses_nothing_committed) {
  UnsyncedEnv failing;
  auto opened = open_rocksdb_store_on(folder(), {}, failing.env.get());
  ASSERT_TRUE(opened.has_value());
  store_ = std::move(*opened);
  grow(5);
  failing.disk->fail_syncs();
  EXPECT_EQ(append(*store_, "unsynced"), AppendStatus::Failed);
  EXPECT_EQ(append(*store_, "after"), AppendStatus::Failed);
  EXPECT_EQ(store_->log().head().position, 5u);
  const auto rows = store_->rows().write({{Family::Meta, "k", "v"}});
  ASSERT_FALSE(rows.has_value());
  EXPECT_EQ(rows.error().code(), base::ErrorCode::ERROR_CODE_STORAGE_FAILED);
  failing.disk->cut_power();
  const auto survivors = temporary_.path() / "survivors";
  failing.disk->survivors(folder(), survivors, std::nullopt);
  store_.reset();

  auto reopened = open_rocksdb_store(survivors);
  ASSERT_TRUE(reopened.has_value()) << reopened.error().to_string();
  EXPECT_EQ((*reopened)->log().head().position, 5u);
}

// The tail that was never synced may be torn anywhere; what was committed is there.
TEST_F(RocksdbStoreTest, a_torn_tail_costs_nothing_committed) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    UnsyncedEnv disk;
    const auto before = temporary_.path() / ("before" + std::to_string(seed));
    const auto survivors = temporary_.path() / ("after" + std::to_string(seed));
    auto opened = open_rocksdb_store_on(before, {}, disk.env.get());
    ASSERT_TRUE(opened.has_value());
    store_ = std::move(*opened);
    grow(5);
    for (int i = 0; i < 20; ++i) {
      ASSERT_TRUE(
          store_->rows().write({{Family::Entity, std::to_string(i), std::string(700, 'x')}}));
    }
    disk.disk->cut_power();
    disk.disk->survivors(before, survivors, seed);
    store_.reset();
    auto reopened = open_rocksdb_store(survivors);
    ASSERT_TRUE(reopened.has_value()) << reopened.error().to_string();
    EXPECT_EQ((*reopened)->log().head().position, 5u);
    EXPECT_EQ(append(**reopened, "next"), AppendStatus::Committed);
  }
}

TEST_F(RocksdbStoreTest, garbage_at_the_end_of_the_wal_is_passed_over) {
  open();
  grow(5);
  store_.reset();
  std::ofstream(newest_wal(), std::ios::app) << std::string(100, '\x5a');
  open();
  EXPECT_EQ(store_->log().head().position, 5u);
  grow(1);
}

TEST_F(RocksdbStoreTest, damage_below_the_durable_head_is_refused) {
  open();
  grow(50);
  store_.reset();
  const auto wal = newest_wal();
  std::fstream file(wal, std::ios::in | std::ios::out);
  file.seekp(static_cast<std::streamoff>(std::filesystem::file_size(wal) / 2));
  file.put('\x5a').put('\x5a').put('\x5a');
  file.close();
  EXPECT_THAT(refusal(), HasSubstr("acknowledged records are missing"));
}

// Somebody with a tool for RocksDB changes one letter of an old record.
TEST_F(RocksdbStoreTest, a_changed_record_breaks_the_chain) {
  open();
  for (int i = 0; i < 3; ++i) {
    v1::Event event;
    event.set_account_id(7);
    const Head head = store_->log().head();
    Batch batch = next_batch(head, event.SerializeAsString());
    batch.records[0].body.clear();
    std::promise<void> ended;
    store_->log().append(batch, head, {}, {}, [&](AppendOutcome) { ended.set_value(); });
    ended.get_future().wait();
  }
  EXPECT_EQ(verify(*store_).first_bad, std::nullopt);
  store_.reset();
  {
    auto database = Database::open(folder(), {}, false, rocksdb::Env::Default());
    ASSERT_TRUE(database.has_value());
    auto value = (*database)->get(Cf::Log, position_key(2)).value();
    ASSERT_TRUE(value.has_value());
    value->back() ^= 1;
    rocksdb::WriteBatch batch;
    ASSERT_TRUE(batch.Put((*database)->cf(Cf::Log), position_key(2), *value).ok());
    ASSERT_TRUE((*database)->write({}, batch));
  }
  open();
  EXPECT_EQ(verify(*store_).first_bad, "the batch at 3 does not name the hash of the one before");
}

TEST_F(RocksdbStoreTest, can_be_read_while_a_hub_runs_on_it) {
  open();
  grow(3);
  auto reader = open_rocksdb_read_only(folder());
  ASSERT_TRUE(reader.has_value()) << reader.error().to_string();
  grow(2);
  EXPECT_EQ((*reader)->log().head().position, 3u);
  EXPECT_EQ((*reader)->log().body(3).value(), "body of event 2");
  EXPECT_EQ(append(**reader, "no"), AppendStatus::Failed);
  EXPECT_FALSE((*reader)->rows().write({{Family::Meta, "k", "v"}}).has_value());
  EXPECT_EQ(store_->log().head().position, 5u);
}

TEST_F(RocksdbStoreTest, is_copied_while_a_hub_writes) {
  open();
  grow(20);
  const auto blob = store_->blobs().put(std::string(50'000, 'b'), 7, 1);
  ASSERT_TRUE(blob.has_value());
  std::promise<void> writing;
  std::atomic<bool> stop = false;
  auto writer = std::async(std::launch::async, [&] {
    for (int i = 0; !stop; ++i) {
      append(*store_, "meanwhile");
      if (i == 10) writing.set_value();
    }
  });
  writing.get_future().wait();
  const auto copied = copy_rocksdb_store(folder(), temporary_.path() / "copy");
  stop = true;
  writer.wait();
  ASSERT_TRUE(copied.has_value()) << copied.error().to_string();
  EXPECT_GE(copied->position, 30u);
  store_.reset();

  auto copy = open_rocksdb_store(temporary_.path() / "copy");
  ASSERT_TRUE(copy.has_value()) << copy.error().to_string();
  EXPECT_EQ((*copy)->log().head(), *copied);
  EXPECT_EQ((*copy)->rows().get(Family::Meta, "last").value(), "meanwhile");
  EXPECT_EQ((*copy)->blobs().get(*blob).value(), std::string(50'000, 'b'));
  EXPECT_TRUE((*copy)->blobs().is_owner(*blob, 7));
}

TEST_F(RocksdbStoreTest, a_copy_does_not_overwrite) {
  open();
  EXPECT_FALSE(copy_rocksdb_store(folder(), folder()).has_value());
  EXPECT_FALSE(copy_rocksdb_store(temporary_.path() / "nothing", temporary_.path() / "copy"));
}

TEST_F(RocksdbStoreTest, tools_check_the_head_too) {
  open();
  grow(2);
  EXPECT_TRUE(check_head_file(folder(), store_->log()).has_value());
  store_.reset();
  ASSERT_TRUE(write_head_file(folder(), {9, {}}));
  const auto reader = open_rocksdb_read_only(folder());
  ASSERT_TRUE(reader.has_value());
  EXPECT_FALSE(check_head_file(folder(), (*reader)->log()).has_value());
}

}  // namespace

}  // namespace fenghuo::storage
