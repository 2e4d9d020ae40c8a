// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/types.h"
#include "hub/core/apply.h"
#include "hub/core/commit.h"
#include "hub/core/state.h"
#include "storage/store.h"

#include <functional>
#include <memory>
#include <string>

namespace fenghuo::view {

// Follows the view record by record, on the view's thread.
class ApplyListener {
 public:
  virtual ~ApplyListener() = default;
  // Right after `record` was applied; everything is valid during the call only.
  virtual void applied(const core::State& after, const core::Record& record,
                       const core::Effects& effects) = 0;
  // All records of the commit were applied.
  virtual void published(const core::Commit& commit) = 0;
};

// The second State, fed only by durable commits through the same apply: what may be shown. It
// answers welcomes and queries, authorises reads, saves entity rows, feeds the search index.
//
// Threads: committed() and ask() from any; step() from the view's own (or the simulator).
class View final : public core::CommitSink {
 public:
  View(core::State state, storage::Store& store, ApplyListener& listener,
       std::function<void()> wake);
  ~View() override;

  void committed(std::shared_ptr<const core::Commit> commit) override;

  // Runs `question` on the view's thread, after every commit handed over before it.
  void ask(std::function<void(const core::State&)> question);

  // Applies what has come, answers what was asked, saves rows when enough has changed or `now` is a
  // second after the last save. Returns whether anything was done.
  bool step(base::TimeUs now);

  // Saves everything unsaved: for an orderly stop.
  void save_all();

  // Any thread: position of the last record applied.
  base::Position applied() const;
  // Any thread: records handed over and not applied yet. The engine waits while this is large.
  std::size_t backlog() const;
  // Called on the view's thread after each step that applied something. Before the first step.
  void on_applied(std::function<void()> tell);
  // Called once, on the view's thread, when saved rows cannot be written for another reason than
  // space: the store has failed. Before the first step.
  void on_failed(std::function<void(std::string detail)> tell);

  // Between two steps, on the view's thread: for tests and the simulator.
  const core::State& state() const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace fenghuo::view
