// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/types.h"
#include "hub/core/command.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace fenghuo::engine {

// Feedback without a name that waits for the full hour, so that no record says when it came. In
// memory alone: a crash loses it, and its sender, who knows by his receipt code, sends it again.
class Held {
 public:
  // When the decision is to be recorded; 0 = at once.
  static base::TimeUs until(const core::Decision& decision);

  // The same receipt waits already.
  bool knows(const core::Drafted& drafted) const;
  bool is_full() const;
  void add(core::Drafted drafted);

  // Nothing waits or is being written.
  bool empty() const { return waiting_.empty(); }
  // When the first of those not being written is due; 0 = none.
  base::TimeUs due_at() const;
  // The next of those due at `now`, in order of their receipts, which says nothing about when they
  // came; nullopt = none. It will get this position, and is kept until that is durable.
  std::optional<core::Drafted> take(base::TimeUs now, base::Position position);
  // Everything up to here is durable.
  void written(base::Position through);
  // What was taken and is not durable was not written: it waits again.
  void not_written();

 private:
  struct Waiting {
    core::Drafted drafted;
    // Where it is being written; 0 = it waits.
    base::Position position = 0;
  };
  // By hour, then by receipt.
  using Queue = std::map<std::pair<base::TimeUs, std::string>, Waiting>;
  Queue waiting_;
  std::set<std::string> receipts_;
};

}  // namespace fenghuo::engine
