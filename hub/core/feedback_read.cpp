// SPDX-License-Identifier: Apache-2.0
#include "hub/base/limits.h"
#include "hub/base/sha256.h"
#include "hub/core/kinds.h"
#include "hub/core/listing.h"

#include <utility>

namespace fenghuo::core {
namespace {

using base::EntityId;

bool is_askers(v1::FeedbackEntry::What what) {
  return what == v1::FeedbackEntry::WHAT_OPENED || what == v1::FeedbackEntry::WHAT_ADDED ||
         what == v1::FeedbackEntry::WHAT_CLOSED;
}

}  // namespace

std::optional<FeedbackRef> feedback_for(const State& state, EntityId account_id,
                                        EntityId feedback_id) {
  const State::Rows& rows = state.rows();
  const v1::Feedback* row = rows.feedbacks.find(feedback_id);
  if (row == nullptr) return std::nullopt;
  Viewers viewers = viewers_of(rows, *row);
  if (!may_see(rows, account_id, viewers)) return std::nullopt;
  viewers.accounts.clear();
  const bool answers = may_see(rows, account_id, viewers);
  FeedbackRef ref;
  ref.with_caller = answers || row->asker_id() == account_id;
  for (const v1::FeedbackEntry& entry : row->entries()) {
    const bool reads = answers || !is_askers(entry.what()) || entry.by_id() == account_id;
    ref.texts.push_back(reads ? entry.text_position() : 0);
  }
  ref.row = *row;
  return ref;
}

std::optional<FeedbackRef> feedback_by_receipt(const State& state, std::string_view receipt_code) {
  const State::Rows& rows = state.rows();
  if (receipt_code.size() != base::limits::receipt_code_bytes) return std::nullopt;
  const auto known = rows.feedback_receipts.find(base::to_bytes(base::sha256({receipt_code})));
  if (known == rows.feedback_receipts.end()) return std::nullopt;
  const v1::Feedback* row = rows.feedbacks.find(known->second);
  const bool own = row->merged_into_id() == 0;
  // Nothing is merged into itself, and nothing open into what is over: this ends.
  while (row->merged_into_id() != 0) row = rows.feedbacks.find(row->merged_into_id());
  FeedbackRef ref;
  ref.row = *row;
  for (v1::FeedbackEntry& entry : *ref.row.mutable_entries()) {
    const bool reads = own || !is_askers(entry.what());
    ref.texts.push_back(reads ? entry.text_position() : 0);
    if (is_askers(entry.what())) entry.clear_by_id();
  }
  ref.row.clear_asker_id();
  ref.row.clear_asker_role_id();
  ref.row.clear_merged_asker_ids();
  return ref;
}

}  // namespace fenghuo::core
