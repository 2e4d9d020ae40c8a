// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/result.h"
#include "hub/session/codec.h"
#include "hub/view/reader.h"
#include "hub/view/view.h"
#include "storage/store.h"

#include <functional>
#include <memory>
#include <string>

namespace fenghuo::fanout {

// Reads the log for one session that is behind the ring: what the account may see in
// (after, through], as one encoded Batch frame (possibly without updates), from the view's State
// now.
class CatchUp {
 public:
  struct Chunk {
    base::Position after = 0;
    // Above `after`.
    base::Position through = 0;
    std::shared_ptr<const std::string> frame;
  };
  virtual ~CatchUp() = default;
  // `done` is called exactly once. A chunk comes on the thread that publishes commits, so that what
  // was published before it is what it was read with. An error may come on any thread, also during
  // the call: OVERLOADED = ask again later, anything else ends the session.
  virtual void read(base::EntityId account_id, base::Position after, session::Format format,
                    std::function<void(base::Result<Chunk>)> done) = 0;
};

// From the event log: records are read on the pool, projected on the view's thread. At most
// limits::catch_up_records_max records, or about catch_up_bytes_max bytes, a chunk. All three must
// outlive the reads asked for.
std::unique_ptr<CatchUp> make_log_catch_up(view::View& view, storage::Store& store,
                                           view::Pool& pool);

}  // namespace fenghuo::fanout
