// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/frame.pb.h"
#include "hub/base/result.h"
#include "hub/core/project.h"
#include "hub/view/reader.h"
#include "storage/search.h"

#include <functional>
#include <memory>

namespace fenghuo::view {

// One search: the index is read on the pool, each hit is authorised on the view's thread, its text
// is read and compared on the pool, and so on until the page is full. `done` is called once.
class SearchRun : public std::enable_shared_from_this<SearchRun> {
 public:
  using Done = std::function<void(base::Result<v1::SearchResult>)>;
  SearchRun(View& view, storage::Store& store, Pool& pool, base::EntityId account_id,
            v1::SearchQuery query, Done done);

  // On the view's thread, with the State now.
  void start(const core::State& state);

 private:
  bool choose_channels(const core::State& state);
  void on_pool(void (SearchRun::*work)());
  void set_times();
  void look_up();
  void authorise(const core::State& state);
  void compare();
  void finish();

  View& view_;
  storage::Store& store_;
  Pool& pool_;
  const base::EntityId account_id_;
  const v1::SearchQuery query_;
  Done done_;
  std::size_t limit_ = 0;
  int rounds_ = 0;
  storage::SearchRequest request_;
  std::vector<storage::SearchHit> hits_;
  std::vector<core::MessageRef> refs_;
  v1::SearchResult result_;
};

}  // namespace fenghuo::view
