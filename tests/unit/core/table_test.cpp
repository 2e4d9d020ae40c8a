// SPDX-License-Identifier: Apache-2.0
#include "hub/core/table.h"

#include "fenghuo/v1/order.pb.h"

#include <gtest/gtest.h>

#include <utility>

namespace fenghuo::core {
namespace {

TEST(Table, ARowGoesUnderTheIdItHadBeforeItWasMoved) {
  Table<v1::CallItem> table;
  v1::CallItem row;
  row.set_id(7);
  table.put(row.id(), std::move(row));
  EXPECT_EQ(table.find(0), nullptr);
  ASSERT_NE(table.find(7), nullptr);
  EXPECT_EQ(table.find(7)->id(), 7u);
}

}  // namespace
}  // namespace fenghuo::core
