// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/clock.h"
#include "hub/engine/engine.h"
#include "hub/fanout/catch_up.h"
#include "hub/identity/hashing_pool.h"
#include "hub/view/reader.h"
#include "storage/blob_store.h"

namespace fenghuo::net {

// What the net hands its work to. All of it is thread-safe and outlives the shards' last task.
struct Services {
  engine::Engine& engine;
  view::Reader& reader;
  fanout::CatchUp& catch_up;
  storage::BlobStore& blobs;
  // For what waits for the disk.
  view::Pool& pool;
  // For what waits for a password.
  identity::HashingPool& hashing;
  const base::HubClock& clock;
  // How many times as fast as real time the hub clock runs.
  double clock_speed = 1.0;
};

}  // namespace fenghuo::net
