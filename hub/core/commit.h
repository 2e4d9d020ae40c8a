// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/event.pb.h"
#include "fenghuo/v1/model.pb.h"
#include "hub/base/types.h"
#include "hub/core/command.h"

#include <memory>
#include <optional>
#include <vector>

namespace fenghuo::core {

// The States of engine and view are compared about every so many records.
inline constexpr base::Position digest_every_records = 1'000;

// Records that became durable together, decoded. Immutable and shared between threads.
struct Commit {
  struct Item {
    v1::Event event;
    std::optional<v1::Body> body;
  };
  // Position of the first item; the rest follow without gap.
  base::Position first = 0;
  base::TimeUs time_us = 0;
  std::vector<Item> items;
  // Of the engine's State after the last item, in a commit that passes a multiple of
  // digest_every_records: whoever applies it must come to the same.
  std::optional<base::Hash> digest;

  base::Position last() const { return first + items.size() - 1; }
  Record record(std::size_t index) const {
    const Item& item = items[index];
    return Record{first + index, time_us, item.event, item.body ? &*item.body : nullptr};
  }
};

// Takes commits in order of position, without gap. Called from one thread; must not block.
class CommitSink {
 public:
  virtual ~CommitSink() = default;
  virtual void committed(std::shared_ptr<const Commit> commit) = 0;
};

}  // namespace fenghuo::core
