// SPDX-License-Identifier: Apache-2.0
#include "tools/admin/epoch.h"

#include "fenghuo/v1/event.pb.h"
#include "hub/base/sha256.h"
#include "hub/engine/recovery.h"
#include "hub/identity/random.h"

#include <algorithm>
#include <future>

namespace fenghuo::admin {

namespace {

using storage::Batch;
using storage::Head;

constexpr std::size_t name_bytes = 16;

base::Result<Head> append(storage::Store& store, Batch batch) {
  std::promise<storage::AppendOutcome> promise;
  store.log().append(std::move(batch), store.log().head(), {}, {},
                     [&promise](storage::AppendOutcome outcome) { promise.set_value(outcome); });
  const storage::AppendOutcome outcome = promise.get_future().get();
  if (outcome.status == storage::AppendStatus::Committed) return outcome.head;
  return base::Error(v1::ERROR_CODE_STORAGE_FAILED, "cannot write: " + outcome.detail);
}

}  // namespace

base::Result<Head> begin_epoch(storage::Store& store, base::TimeUs now) {
  const base::Result<core::State> state = engine::reload(store);
  if (!state) return state.error();
  const Head head = store.log().head();
  v1::Event event;
  v1::EpochStarted& started = *event.mutable_epoch_started();
  started.set_epoch(identity::random_hex(name_bytes));
  started.set_parent_epoch(state->epoch().epoch());
  started.set_at(head.position);
  started.set_parent_hash(base::to_bytes(head.hash));
  event.set_event_count(1);
  Batch batch;
  batch.id = head.batch_id + 1;
  batch.first = head.position + 1;
  batch.term = head.term;
  batch.time_us = std::max(now, head.time_us);
  batch.prev_hash = head.hash;
  batch.records.push_back({event.SerializeAsString(), {}});
  return append(store, std::move(batch));
}

}  // namespace fenghuo::admin
