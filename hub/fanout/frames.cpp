// SPDX-License-Identifier: Apache-2.0
#include "hub/fanout/frames.h"

#include "hub/base/limits.h"

#include <algorithm>
#include <string_view>

namespace fenghuo::fanout {

namespace {

namespace limits = base::limits;

// Remembered frames are swept for dead ones when they have doubled, but not below this.
constexpr std::size_t swept_min = 256;

void mix(std::uint64_t& hash, std::uint64_t value) {
  hash ^= value + 0x9E3779B97F4A7C15ULL + (hash << 6) + (hash >> 2);
  hash *= 0xFF51AFD7ED558CCDULL;
}

std::uint64_t hash_of(session::Format format, base::Position after, base::Position through,
                      const std::vector<Run>& runs) {
  auto hash = static_cast<std::uint64_t>(format);
  mix(hash, after);
  mix(hash, through);
  for (const Run& run : runs) {
    mix(hash, run.commit->after);
    mix(hash, std::uint64_t{run.begin} << 32 | run.end);
  }
  return hash;
}

}  // namespace

bool Frames::Key::names(session::Format format_in, base::Position after_in,
                        base::Position through_in, const std::vector<Run>& runs_in) const {
  return format == format_in && after == after_in && through == through_in &&
         std::equal(runs.begin(), runs.end(), runs_in.begin(), runs_in.end(),
                    [](const RunName& name, const Run& run) {
                      return name.begin == run.begin && name.end == run.end &&
                             name.commit_after == run.commit->after;
                    });
}

const std::vector<Frames::Part>& Frames::build(session::Format format, base::Position after,
                                               base::Position through,
                                               const std::vector<Run>& runs) {
  if (!last_.empty() && last_key_.names(format, after, through, runs)) return last_;
  last_key_.format = format;
  last_key_.after = after;
  last_key_.through = through;
  last_key_.runs.clear();
  for (const Run& run : runs) last_key_.runs.push_back({run.commit->after, run.begin, run.end});
  const std::uint64_t hash = hash_of(format, after, through, runs);
  const auto [from, to] = known_.equal_range(hash);
  for (auto at = from; at != to; ++at) {
    if (!at->second.key.names(format, after, through, runs)) continue;
    if (take(at->second)) return last_;
    known_.erase(at);
    break;
  }
  make(format, after, through, runs);
  Entry entry{last_key_, {}};
  for (const Part& part : last_) entry.parts.emplace_back(part.through, part.frame);
  known_.emplace(hash, std::move(entry));
  return last_;
}

bool Frames::take(const Entry& entry) {
  last_.clear();
  for (const auto& [through, weak] : entry.parts) {
    last_.push_back({through, weak.lock()});
    if (last_.back().frame == nullptr) return false;
  }
  return true;
}

void Frames::make(session::Format format, base::Position after, base::Position through,
                  const std::vector<Run>& runs) {
  last_.clear();
  base::Position position = 0;
  std::size_t bytes = 0;
  std::vector<std::string_view> pieces;
  const auto cut = [&](base::Position end) {
    last_.push_back({end, std::make_shared<const std::string>(
                              session::encode_batch(format, after, end, pieces))});
    after = end;
    bytes = 0;
    pieces.clear();
  };
  for (const Run& run : runs) {
    for (std::uint32_t i = run.begin; i < run.end; ++i) {
      const std::string_view piece = run.commit->bytes(format, i);
      const base::Position at = run.commit->slices[i].position;
      if (bytes != 0 && at != position && bytes + piece.size() > limits::catch_up_bytes_max) {
        cut(at - 1);
      }
      const bool adjacent = format == session::Format::Binary && i != run.begin &&
                            !pieces.empty() &&
                            pieces.back().data() + pieces.back().size() == piece.data();
      if (adjacent) {
        pieces.back() = {pieces.back().data(), pieces.back().size() + piece.size()};
      } else {
        pieces.push_back(piece);
      }
      position = at;
      bytes += piece.size();
    }
  }
  cut(through);
}

void Frames::release() {
  last_.clear();
  if (known_.size() <= sweep_at_) return;
  std::erase_if(known_, [](const auto& known) {
    const auto& parts = known.second.parts;
    return std::any_of(parts.begin(), parts.end(),
                       [](const auto& part) { return part.second.expired(); });
  });
  sweep_at_ = std::max(swept_min, 2 * known_.size());
}

}  // namespace fenghuo::fanout
