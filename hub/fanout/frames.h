// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/types.h"
#include "hub/fanout/encoded_commit.h"
#include "hub/session/codec.h"

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace fenghuo::fanout {

// Slices [begin, end) of one commit.
struct Run {
  const EncodedCommit* commit = nullptr;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

// Builds Batch frames, and shares one frame among all sessions that stand at the same position and
// see the same slices. One thread.
class Frames {
 public:
  struct Part {
    base::Position through = 0;
    std::shared_ptr<const std::string> frame;
  };

  // Frames that take a client from `after` to `through` by the slices in `runs` (in order, possibly
  // none): one, or several of about limits::catch_up_bytes_max; the slices of one position are
  // never parted. Valid until the next call.
  const std::vector<Part>& build(session::Format format, base::Position after,
                                 base::Position through, const std::vector<Run>& runs);

  // Ends a task: what nobody holds any more is forgotten.
  void release();

 private:
  // A run without its commit, which may be gone.
  struct RunName {
    base::Position commit_after = 0;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
  };
  struct Key {
    session::Format format = session::Format::Binary;
    base::Position after = 0;
    base::Position through = 0;
    std::vector<RunName> runs;

    bool names(session::Format format_in, base::Position after_in, base::Position through_in,
               const std::vector<Run>& runs_in) const;
  };
  struct Entry {
    Key key;
    std::vector<std::pair<base::Position, std::weak_ptr<const std::string>>> parts;
  };

  bool take(const Entry& entry);
  void make(session::Format format, base::Position after, base::Position through,
            const std::vector<Run>& runs);

  // The last answer, held while a task runs.
  Key last_key_;
  std::vector<Part> last_;
  std::unordered_multimap<std::uint64_t, Entry> known_;
  std::size_t sweep_at_ = 0;
};

}  // namespace fenghuo::fanout
