// SPDX-License-Identifier: Apache-2.0
#include "hub/view/feedback.h"

#include "hub/view/messages.h"

#include <utility>

namespace fenghuo::view {

base::Result<v1::FeedbackResult> read_feedback(const storage::EventLog& log,
                                               core::FeedbackRef ref) {
  v1::FeedbackResult result;
  for (const base::Position position : ref.texts) {
    base::Result<v1::Body> body = read_body(log, position);
    if (!body) return body.error();
    if (ref.with_caller && body->has_caller()) *result.mutable_caller() = body->caller();
    *result.add_texts() = std::move(*body->mutable_text());
  }
  *result.mutable_feedback() = std::move(ref.row);
  return result;
}

}  // namespace fenghuo::view
