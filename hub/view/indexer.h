// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/types.h"
#include "hub/view/view.h"
#include "storage/store.h"

#include <atomic>
#include <functional>
#include <memory>

namespace fenghuo::view {

// Tails the log and keeps the search index: text of posted messages, replaced by edits, removed by
// stones; erased texts leave no term behind. Also marks blobs that messages refer to. Works at its
// own pace behind the view; where it stands is `indexed_through` in the store, so it goes on there
// after a restart.
class Indexer {
 public:
  // `wake` is called from any thread when an answer it waited for has come. The view must not run
  // any more when this is destroyed.
  Indexer(View& view, storage::Store& store, std::function<void()> wake);
  ~Indexer();

  // One piece of work, up to a few hundred records; may wait for the disk. Returns whether anything
  // was done: false = it has caught up with the view, or waits for it. One thread.
  bool step();

  // Any thread.
  base::Position indexed_through() const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace fenghuo::view
