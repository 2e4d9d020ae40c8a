// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/clock.h"
#include "storage/memory/memory_store.h"
#include "tools/admin/data_center.h"
#include "tools/admin/terminal.h"

#include <gtest/gtest.h>

#include <memory>
#include <sstream>
#include <string>

namespace fenghuo::admin {

// An empty record in memory that commands work on, each through a center of its own as the program
// does, and what they say.
class CenterTest : public testing::Test {
 protected:
  static constexpr base::TimeUs start = 1'700'000'000 * base::us_per_s;

  const Access& access() { return access_; }
  const Terminal& terminal() { return terminal_; }
  storage::MemoryStore& store() { return store_; }
  base::ManualClock& clock() { return clock_; }

  Center::Directory directory() { return access_.look().value(); }

  // What was said since the last call.
  std::string said() { return take(out_); }
  std::string complained() { return take(err_); }

  static std::string sample() {
    return std::string(FENGHUO_SOURCE) + "/deploy/plans/city-command-center.toml";
  }

 private:
  static std::string take(std::ostringstream& stream) {
    std::string text = stream.str();
    stream.str({});
    return text;
  }

  storage::MemoryStore store_{storage::MemoryStore::Completions::AtOnce};
  base::ManualClock clock_{start};
  std::ostringstream out_;
  std::ostringstream err_;
  Terminal terminal_{out_, err_};
  Access access_{
      [this]() -> base::Result<Center::Directory> {
        Center::Directory empty;
        empty.all_channels = true;
        if (store_.log().head().position == 0) return empty;
        auto center = open_data_center(store_, clock_, {});
        if (!center) return center.error();
        return (*center)->directory();
      },
      [this](const std::string& center_id) { return open_data_center(store_, clock_, center_id); }};
};

}  // namespace fenghuo::admin
