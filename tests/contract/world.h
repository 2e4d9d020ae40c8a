// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/store.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace fenghuo::storage {

// One implementation of Store under the contract suites: its store, and its power switch.
class StoreWorld {
 public:
  virtual ~StoreWorld() = default;

  virtual Store& store() = 0;
  // Lets the appends asked for so far complete.
  virtual void settle() = 0;
  // Closes the store in order and opens it again.
  virtual void reopen() = 0;
  // Power fails: what was not synced is gone, but with a seed a first part of it; opens again.
  virtual void crash(std::optional<std::uint64_t> seed = std::nullopt) = 0;
};

struct WorldKind {
  std::string name;
  std::function<std::unique_ptr<StoreWorld>()> make;
};

// How GoogleTest names it in a failure.
inline void PrintTo(const WorldKind& kind, std::ostream* out) { *out << kind.name; }

std::vector<WorldKind> all_worlds();

// Base of the suites: one test per implementation.
class StoreContract : public testing::TestWithParam<WorldKind> {
 protected:
  StoreContract() : world_(GetParam().make()) {}

  EventLog& log() { return world_->store().log(); }
  OrderedStore& rows() { return world_->store().rows(); }
  BlobStore& blobs() { return world_->store().blobs(); }

  // A batch that continues `head`, with one record "<text>" per text and the body "salt:<text>".
  static Batch batch_after(const Head& head, const std::vector<std::string>& texts);
  // Where the log stands after that batch.
  static Head after(const Batch& batch);

  // Appends and waits.
  AppendOutcome append(Batch batch, const Head& expected, std::vector<Row> rows = {},
                       std::vector<base::Position> erased = {});
  // Appends at the head; the test fails when that does not commit.
  void grow(const std::vector<std::string>& texts, std::vector<Row> rows = {},
            std::vector<base::Position> erased = {});
  // All events from there on, in order.
  std::vector<std::string> events_from(base::Position from);
  std::optional<std::string> row(Family family, const std::string& key);
  std::vector<std::string> keys(Family family, const std::string& from, const std::string& to,
                                bool reverse);

  std::unique_ptr<StoreWorld> world_;
};

}  // namespace fenghuo::storage

// Runs a suite over every implementation.
#define FENGHUO_CONTRACT_SUITE(suite)                                                     \
  INSTANTIATE_TEST_SUITE_P(All, suite, testing::ValuesIn(fenghuo::storage::all_worlds()), \
                           [](const auto& param) { return param.param.name; })
