// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/figures.pb.h"
#include "hub/base/result.h"
#include "hub/core/command.h"
#include "hub/core/state.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace fenghuo::core {

// Whose knowledge of which text is asked for, and what of it the asker may be told.
struct KnowledgeScope {
  v1::KnowledgeQuery query;
  base::EntityId channel_id = 0;
  std::uint64_t seq = 0;
  // The thread whose reading counts; 0 = the main timeline.
  base::EntityId thread_root_id = 0;
  // Whose knowledge may be told, each with since when (0 = from the start) it counts.
  std::map<base::EntityId, base::Position> accounts;
  // The records to fold, both included.
  base::Position from = 0;
  base::Position through = 0;
};

// NOT_FOUND for who may not read the message, and for guests; BAD_ARGUMENT for a version that does
// not exist.
base::Result<KnowledgeScope> knowledge_scope(const State& state, base::EntityId account_id,
                                             const v1::KnowledgeQuery& query, base::TimeUs now);

// Who knew a version at an instant, from the records since the message, in order. Holds what it
// needs: it may be fed on another thread than the State's.
class KnowledgeFold {
 public:
  explicit KnowledgeFold(KnowledgeScope scope);

  const KnowledgeScope& scope() const { return scope_; }
  // False = what comes after is later than the instant asked for.
  bool add(const Record& record);
  // BAD_ARGUMENT when the version came later than the instant.
  base::Result<v1::KnowledgeResult> finish() const;

 private:
  // What one account is known to have, by version.
  struct Facts {
    std::map<std::uint32_t, base::TimeUs> delivered;
    std::map<std::uint32_t, base::TimeUs> seen;
    std::map<std::uint32_t, base::TimeUs> acknowledged;
    bool has_read_past = false;
  };

  Facts* facts_of(base::EntityId account_id);
  void note_read(base::EntityId account_id, base::TimeUs at);
  void add_order(const Record& record);

  KnowledgeScope scope_;
  std::map<base::EntityId, Facts> facts_;
  // When each version came, from 1.
  std::vector<base::TimeUs> versions_;
  base::Position last_ = 0;
};

}  // namespace fenghuo::core
