// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/feedback.pb.h"
#include "hub/base/result.h"
#include "hub/core/listing.h"
#include "storage/event_log.h"

namespace fenghuo::view {

// The thread with its words from the log. May be called from any thread.
base::Result<v1::FeedbackResult> read_feedback(const storage::EventLog& log, core::FeedbackRef ref);

}  // namespace fenghuo::view
