// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/waker.h"
#include "hub/view/indexer.h"

#include <atomic>
#include <thread>

namespace fenghuo::view {

// Runs an indexer's step() on a thread of its own. `waker` is what the indexer's `wake` rings, and
// view.on_applied() should. While posts pour in it gives way: people wait for messages, not for the
// index.
class IndexerThread {
 public:
  // Everything must outlive this.
  IndexerThread(Indexer& indexer, const View& view, base::Waker& waker);
  // Stops.
  ~IndexerThread();
  IndexerThread(const IndexerThread&) = delete;
  IndexerThread& operator=(const IndexerThread&) = delete;

  // Ends after the current piece of work. Before the view stops.
  void stop();

 private:
  void run();

  Indexer& indexer_;
  const View& view_;
  base::Waker& waker_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace fenghuo::view
