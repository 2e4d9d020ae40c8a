// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/frame.pb.h"
#include "hub/base/result.h"
#include "hub/core/apply.h"
#include "hub/core/state.h"

#include <functional>
#include <optional>

namespace fenghuo::core {

// Who sees one rendering of a record. The groups are disjoint for one record and one kind of row.
struct Audience {
  enum class Kind {
    // Persons and bots.
    Staff,
    Guests,
    // The members of channel `id` at this position (those it makes leave are not, those it makes
    // join are told by a row of their own).
    Channel,
    // The one account `id`.
    Account,
  };
  Kind kind = Kind::Staff;
  base::EntityId id = 0;

  bool operator==(const Audience&) const = default;
};

using ProjectSink = std::function<void(const Audience&, v1::Update&&)>;

// All that anybody may see of one record, as updates with position and time set, given the State
// right after it (`after.position() == record.position`) and its effects. A channel somebody leaves
// gets `channel_gone_id` as its last update for him; one he joins, a whole ChannelState.
void project(const State& after, const Record& record, const Effects& effects,
             const ProjectSink& sink);

// The same for one account from a later State (catching up from the log): only what the account
// could see at the record's position *and* may still read now. Rows other than messages show the
// later State's values. Stones replace texts retracted or erased since. `through` is where this run
// of catching up ends (`later.position()` or before).
void project_later(const State& later, const Record& record, base::EntityId account_id,
                   const std::function<void(v1::Update&&)>& sink);

// All the account may see now, for `welcome`.
v1::Snapshot snapshot_for(const State& state, base::EntityId account_id);

// A channel with the account's own counts.
v1::ChannelState channel_state_for(const State& state, base::EntityId channel_id,
                                   base::EntityId account_id);

// One message as the account sees it, without text and attachments; nullopt when not readable now
// or before the channel's first readable seq. `text_position` is the record whose body holds the
// current version's text, 0 = a stone; the stone's reason lies in `reason_position`'s body.
struct MessageRef {
  v1::Message message;
  base::Position text_position = 0;
  base::Position reason_position = 0;
};
std::optional<MessageRef> message_for(const State& state, base::EntityId message_id,
                                      base::EntityId account_id);
std::optional<MessageRef> message_at(const State& state, base::EntityId channel_id,
                                     std::uint64_t seq, base::EntityId account_id);

// Who stands on the roles at an instant (query.at_us, else `now`); nothing for guests.
v1::DutyResult duty_for(const State& state, base::EntityId account_id, const v1::DutyQuery& query,
                        base::TimeUs now);

// Who changes when on a role, as the roster says so far; refused for guests, for a role that is not
// there and for a span that is none.
base::Result<v1::TurnsResult> turns_for(const State& state, base::EntityId account_id,
                                        const v1::TurnsQuery& query, base::TimeUs now);

// Rows of one kind that the account may see, newest first, ended ones too. The limit is the
// query's, capped at limits::list_page_max.
v1::Snapshot list_for(const State& state, base::EntityId account_id, const v1::ListQuery& query);

// Whether the account may read the blob now: it lies in a current, readable message's version.
// (Owners of an upload are known to the blob store.)
bool may_read_blob(const State& state, const std::string& hash, base::EntityId account_id);

}  // namespace fenghuo::core
