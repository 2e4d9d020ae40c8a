// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/fanout/encoded_commit.h"
#include "hub/view/view.h"

#include <functional>
#include <memory>

namespace fenghuo::fanout {

// Listens to the view and makes one EncodedCommit of each commit. On the view's thread.
class Encoder final : public view::ApplyListener {
 public:
  using Publish = std::function<void(std::shared_ptr<const EncodedCommit>)>;
  // `publish` hands it to every shard, in order (posts to the shard's thread).
  explicit Encoder(Publish publish);

  void applied(const core::State& after, const core::Record& record,
               const core::Effects& effects) override;
  void published(const core::Commit& commit) override;

 private:
  Publish publish_;
  std::shared_ptr<EncodedCommit> current_;
};

}  // namespace fenghuo::fanout
