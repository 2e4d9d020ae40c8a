// SPDX-License-Identifier: Apache-2.0
#include "storage/verify.h"

#include "fenghuo/v1/event.pb.h"
#include "hub/base/sha256.h"
#include "storage/search.h"
#include "storage/timeline.h"

#include <fmt/format.h>

#include <map>
#include <set>

namespace fenghuo::storage {

namespace {

class Walk {
 public:
  explicit Walk(Store& store) : store_(store) {}

  VerifyReport run() {
    const Head end = store_.log().head();
    const auto reader = store_.log().read(1, true);
    while (is_good() && report_.head.position < end.position) {
      auto batch = reader->next();
      if (!batch) {
        bad("{}", batch.error().message());
      } else if (!*batch) {
        bad("after position {} nothing follows, but the log ends at {}", report_.head.position,
            end.position);
      } else {
        check_batch(**batch);
      }
    }
    if (is_good() && report_.head != end) bad("the log does not end with the head it tells");
    if (is_good()) check_erased();
    if (is_good()) check_timelines();
    if (is_good()) check_index();
    return report_;
  }

 private:
  bool is_good() const { return !report_.first_bad; }

  template <typename... Args>
  void bad(fmt::format_string<Args...> format, Args&&... args) {
    if (is_good()) report_.first_bad = fmt::format(format, std::forward<Args>(args)...);
  }

  void check_batch(const Batch& batch) {
    const Head& before = report_.head;
    if (batch.first != before.position + 1) {
      return bad("position {} is followed by {}", before.position, batch.first);
    }
    if (batch.prev_hash != before.hash) {
      return bad("the batch at {} does not name the hash of the one before", batch.first);
    }
    if (batch.id <= before.batch_id) return bad("the id of the batch at {} repeats", batch.first);
    if (batch.term < before.term) return bad("the term goes back at {}", batch.first);
    if (batch.time_us < before.time_us) return bad("time goes back at {}", batch.first);
    for (std::size_t i = 0; i < batch.records.size() && is_good(); ++i) {
      check_record(batch.first + i, batch.records[i]);
    }
    report_.head = {batch.last(), batch_hash(batch), batch.time_us, batch.id, batch.term};
    ++report_.batches;
    report_.records += batch.records.size();
  }

  void check_record(base::Position position, const LogRecord& record) {
    v1::Event event;
    if (!event.ParseFromString(record.event)) {
      return bad("the event at {} cannot be parsed", position);
    }
    if (record.body.empty()) {
      if (!event.body_hash().empty()) missing_.insert(position);
    } else if (base::to_bytes(base::sha256({record.body})) != event.body_hash()) {
      return bad("the body at {} does not have its hash", position);
    } else {
      ++report_.bodies;
    }
    if (event.has_bodies_erased()) {
      const auto& positions = event.bodies_erased().positions();
      erased_.insert(positions.begin(), positions.end());
    }
    if (event.has_message_posted()) {
      last_seq_[event.message_posted().channel_id()]++;
      check_posted(position, event.message_posted());
    }
  }

  void check_posted(base::Position position, const v1::MessagePosted& posted) {
    if (posted.seq() != last_seq_[posted.channel_id()]) {
      return bad("the message at {} has seq {} in channel {}, not {}", position, posted.seq(),
                 posted.channel_id(), last_seq_[posted.channel_id()]);
    }
    for (const Row& wanted :
         timeline_rows(posted.channel_id(), posted.seq(), position, posted.thread_root_id())) {
      const auto found = store_.rows().get(Family::Timeline, wanted.key);
      if (!found) return bad("{}", found.error().message());
      if (*found != wanted.value) {
        return bad("the message at {} does not stand in the timeline of channel {} at seq {}",
                   position, posted.channel_id(), posted.seq());
      }
      ++timeline_rows_;
    }
  }

  void check_erased() {
    for (const base::Position position : missing_) {
      if (!erased_.contains(position)) {
        return bad("the body at {} is missing, and no record erases it", position);
      }
      ++report_.erased;
    }
    for (const base::Position position : erased_) {
      const auto body = store_.log().body(position);
      if (!body) return bad("{}", body.error().message());
      if (*body) return bad("the body at {} is there, but a record says it was erased", position);
    }
  }

  void check_timelines() {
    std::uint64_t rows = 0;
    const auto scanned = store_.rows().scan(Family::Timeline, "", "", false, [&](auto, auto) {
      ++rows;
      return true;
    });
    if (!scanned) return bad("{}", scanned.error().message());
    if (rows != timeline_rows_) {
      bad("the timelines have {} rows, the messages {}", rows, timeline_rows_);
    }
  }

  void check_index() {
    const auto through = indexed_through(store_.rows());
    if (!through) return bad("{}", through.error().message());
    if (*through > report_.head.position) {
      bad("the search index is at {}, the log ends at {}", *through, report_.head.position);
    }
  }

  Store& store_;
  VerifyReport report_;
  std::set<base::Position> missing_;
  std::set<base::Position> erased_;
  std::map<base::EntityId, std::uint64_t> last_seq_;
  std::uint64_t timeline_rows_ = 0;
};

}  // namespace

VerifyReport verify(Store& store) { return Walk(store).run(); }

}  // namespace fenghuo::storage
