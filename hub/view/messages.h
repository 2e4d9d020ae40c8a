// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/frame.pb.h"
#include "hub/base/result.h"
#include "hub/core/project.h"
#include "hub/core/state.h"
#include "storage/event_log.h"

#include <vector>

namespace fenghuo::view {

// Choosing messages happens on the view's thread, with the rights of now; reading their bodies on
// the pool. These are the two halves.

// A page of a channel, ascending.
struct Page {
  std::vector<core::MessageRef> refs;
  bool more = false;
};
// NOT_FOUND when the account does not belong to the channel.
base::Result<Page> choose_page(const core::State& state, base::EntityId account_id,
                               const v1::HistoryQuery& query);
std::size_t page_limit(std::uint32_t asked);

// One message, what its author may know, and where the texts of its versions lie.
struct Whole {
  core::MessageRef ref;
  std::vector<core::State::Version> versions;
  std::vector<v1::Receipt> receipts;
};
base::Result<Whole> choose_message(const core::State& state, base::EntityId account_id,
                                   base::EntityId message_id);

// The body at a position; an empty one when there is none or it was erased.
base::Result<v1::Body> read_body(const storage::EventLog& log, base::Position position);
// The message with its text and attachments, or its stone with its reason.
base::Result<v1::Message> read_message(const storage::EventLog& log, core::MessageRef ref);
base::Result<v1::MessageResult> read_whole(const storage::EventLog& log, Whole whole);

}  // namespace fenghuo::view
