// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/duty.pb.h"
#include "fenghuo/v1/frame.pb.h"
#include "hub/core/state.h"

#include <set>
#include <string>

namespace fenghuo::view {

// A roster checked against what its sender sees. Made on the view's thread, run on any.
class RosterCheck {
 public:
  // Copies what it needs of the state.
  RosterCheck(const core::State& state, base::EntityId account_id);

  // Whether the account may plan the duty of any role.
  bool may_plan() const { return !planned_roles_.empty(); }

  v1::RosterResult run(const v1::RosterQuery& query, base::TimeUs now) const;

 private:
  v1::Snapshot known_;
  std::set<base::EntityId> planned_roles_;
  std::string zone_;
  base::Position position_;
};

}  // namespace fenghuo::view
