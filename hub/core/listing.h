// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/frame.pb.h"
#include "hub/base/result.h"
#include "hub/core/state.h"

#include <optional>
#include <string_view>
#include <vector>

namespace fenghuo::core {

// The whole directory and every channel, direct ones left out, whoever may see them: for operators
// who hold the record itself. Without cursors and receipts, which belong to accounts.
v1::Snapshot list_all(const State& state);

// What a role is responsible for at an instant, for those appointed to it and for command seats; to
// everybody else the role answers as one that does not exist.
base::Result<v1::OpenItems> open_items_for(const State& state, base::EntityId account_id,
                                           base::EntityId role_id, base::TimeUs at);

// A feedback thread for one reader, and where its words lie: for each entry the record with the
// body, 0 = none, or not his to read. An asker reads his own words and all answers; the words of
// other askers are for those who answer.
struct FeedbackRef {
  v1::Feedback row;
  std::vector<base::Position> texts;
  // Whether he may read who said it for the public, in the first entry's body.
  bool with_caller = false;
};
std::optional<FeedbackRef> feedback_for(const State& state, base::EntityId account_id,
                                        base::EntityId feedback_id);
// For whoever has the receipt code of an anonymous one; also before it is shown to anybody. What
// was merged answers with where it goes on. Says of no asker who he is.
std::optional<FeedbackRef> feedback_by_receipt(const State& state, std::string_view receipt_code);

}  // namespace fenghuo::core
