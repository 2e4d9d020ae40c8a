// SPDX-License-Identifier: Apache-2.0
#include "hub/view/indexer_thread.h"

#include <chrono>

namespace fenghuo::view {

namespace {

// More new records than this during one piece of work: a flood.
constexpr base::Position flood_records = 512;
constexpr std::chrono::milliseconds give_way{50};

}  // namespace

IndexerThread::IndexerThread(Indexer& indexer, const View& view, base::Waker& waker)
    : indexer_(indexer), view_(view), waker_(waker), thread_([this] { run(); }) {}

IndexerThread::~IndexerThread() { stop(); }

void IndexerThread::stop() {
  if (!thread_.joinable()) return;
  stopping_ = true;
  waker_.wake();
  thread_.join();
}

void IndexerThread::run() {
  base::Position applied = view_.applied();
  while (!stopping_) {
    const bool done = indexer_.step();
    const base::Position applied_now = view_.applied();
    const bool flood = applied_now - applied > flood_records || view_.backlog() > flood_records;
    if (!done) {
      waker_.wait(std::chrono::seconds(1));
    } else if (flood && !stopping_) {
      std::this_thread::sleep_for(give_way);
    }
    applied = view_.applied();
  }
}

}  // namespace fenghuo::view
