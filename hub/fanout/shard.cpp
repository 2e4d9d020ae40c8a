// SPDX-License-Identifier: Apache-2.0
#include "hub/fanout/shard.h"

#include "hub/base/check.h"
#include "hub/base/limits.h"
#include "hub/fanout/frames.h"
#include "hub/fanout/ring.h"
#include "hub/fanout/roster.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace fenghuo::fanout {

namespace limits = base::limits;

namespace {

using Seat = Roster::Seat;

// A session that catches up is given more while its outbox holds less than this.
constexpr std::size_t room_bytes = limits::outbox_bytes_max - limits::catch_up_bytes_max;
// Slices of the ring looked at in one task for one session; then others get their turn.
constexpr std::size_t scan_max = 8'192;
constexpr std::uint32_t none = ~std::uint32_t{0};

enum class Status {
  // No session sits here.
  Free,
  // Stands at `published`, as far as it can see.
  Live,
  // Behind; goes on when its outbox has room.
  CatchingUp,
  // Behind the ring; a piece of the log is being read for it.
  Reading,
  // Told to end; waits for detach().
  Ended,
};

struct Place {
  Status status = Status::Free;
  session::Format format = session::Format::Binary;
  bool flush = false;
  std::uint64_t session = 0;
  Subscriber* subscriber = nullptr;
  const Roster::Account* account = nullptr;
  base::EntityId token_id = 0;
  // Where the client stands.
  base::Position cursor = 0;
  // Not Live: nothing visible lies in (cursor, scanned].
  base::Position scanned = 0;
  base::TimeUs pushed_us = 0;
  // What it sees of the commit at hand: first and last of a list of nodes.
  std::uint32_t head = none;
  std::uint32_t tail = none;
};

// A run of slices on somebody's list.
struct Node {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::uint32_t next = none;
};

}  // namespace

struct Shard::Inside {
  Inside(CatchUp& catch_up_in, Post post_in) : catch_up(catch_up_in), post(std::move(post_in)) {}

  CatchUp& catch_up;
  Post post;
  // Dies with the shard: what comes back later finds nobody.
  std::shared_ptr<Inside*> self;

  Ring ring;
  base::Position published = 0;
  // Whether there was any commit.
  bool told = false;

  Roster roster;
  std::vector<Place> places;
  std::vector<Seat> free;
  std::unordered_map<std::uint64_t, Seat> seats;
  Frames frames;

  // Scratch of one task.
  std::vector<Node> nodes;
  std::vector<Seat> touched;
  std::vector<Seat> to_flush;
  std::vector<base::EntityId> fresh_channels;
  std::vector<Run> runs;

  Place* find(std::uint64_t session);
  bool seat_account(const Attachment& attachment);
  bool sees(const Roster::Account& account, const EncodedCommit::Slice& slice) const;

  void end(Place& place, v1::CloseCode code, const char* reason);
  void end_those_named(const EncodedCommit& commit);
  void move_members(const EncodedCommit& commit);
  void ring_bells(const EncodedCommit& commit, base::TimeUs now);
  void list(Seat seat, std::uint32_t begin, std::uint32_t end);
  void list_slices(const EncodedCommit& commit);
  void list_alike(const EncodedCommit& commit, std::uint32_t begin, std::uint32_t end);
  void deliver(const EncodedCommit& commit, base::TimeUs now);

  bool push(Seat seat, const Frames::Part& part, base::TimeUs now);
  void flush();
  void advance(Seat seat, base::TimeUs now);
  void read_log(Seat seat, base::TimeUs now);
  void took(std::uint64_t session, base::Result<CatchUp::Chunk> chunk, base::TimeUs now);
  bool read_ring(Seat seat, std::size_t& scans, base::TimeUs now);
  base::Position collect(const Place& place, std::size_t& scans);
  void end_task();
};

Place* Shard::Inside::find(std::uint64_t session) {
  const auto at = seats.find(session);
  return at == seats.end() ? nullptr : &places[at->second];
}

// The account's channels as of now. False = the ring no longer reaches back to where they are from.
bool Shard::Inside::seat_account(const Attachment& attachment) {
  if (roster.find(attachment.account_id) != nullptr) return true;
  if (attachment.as_of < published && !ring.reaches(attachment.as_of)) return false;
  roster.add(attachment.account_id, attachment.guest, attachment.channels);
  for (auto at = ring.behind(attachment.as_of); at != ring.end(); ++at) {
    for (const EncodedCommit::Membership& m : at->commit->memberships) {
      if (m.account_id == attachment.account_id && m.position > attachment.as_of) roster.apply(m);
    }
  }
  return true;
}

// Also a text that has been taken away must not be sent any more: its stone comes.
bool Shard::Inside::sees(const Roster::Account& account, const EncodedCommit::Slice& slice) const {
  return !ring.is_taken_away(slice) && Roster::sees(account, slice);
}

void Shard::Inside::end(Place& place, v1::CloseCode code, const char* reason) {
  if (place.status == Status::Ended) return;
  place.status = Status::Ended;
  place.subscriber->end(code, reason);
}

void Shard::Inside::end_those_named(const EncodedCommit& commit) {
  for (const base::EntityId account_id : commit.ended_accounts) {
    for (const Seat seat : roster.seats({core::Audience::Kind::Account, account_id})) {
      end(places[seat], v1::CLOSE_CODE_ACCESS_ENDED, "access has ended");
    }
  }
  if (commit.ended_tokens.empty()) return;
  for (Place& place : places) {
    if (place.status == Status::Free) continue;
    const auto& ended = commit.ended_tokens;
    if (std::find(ended.begin(), ended.end(), place.token_id) != ended.end()) {
      end(place, v1::CLOSE_CODE_TOKEN_ENDED, "the token was revoked");
    }
  }
}

void Shard::Inside::move_members(const EncodedCommit& commit) {
  fresh_channels.clear();
  for (const EncodedCommit::Membership& membership : commit.memberships) {
    roster.apply(membership);
    if (membership.joined) fresh_channels.push_back(membership.channel_id);
  }
  std::sort(fresh_channels.begin(), fresh_channels.end());
}

// A bell does not wait for its turn in the record: also those who are catching up hear it. One
// whose outbox is full would not hear it sooner than the message itself.
void Shard::Inside::ring_bells(const EncodedCommit& commit, base::TimeUs now) {
  for (const EncodedCommit::Bell& bell : commit.bells) {
    std::shared_ptr<const std::string> encoded[2];
    EncodedCommit::Slice heard;
    heard.audience = bell.audience;
    heard.message_id = bell.bell.id();
    heard.position = bell.bell.position();
    for (const Seat seat : roster.seats(bell.audience)) {
      Place& place = places[seat];
      if (place.status == Status::Ended || place.account->id == bell.except_account_id) continue;
      if (!sees(*place.account, heard)) continue;
      if (place.subscriber->outbox_bytes() >= limits::outbox_bytes_max) continue;
      auto& frame = encoded[place.format == session::Format::Json ? 1 : 0];
      if (frame == nullptr) {
        v1::ServerFrame made;
        *made.mutable_bell() = bell.bell;
        frame = std::make_shared<const std::string>(session::encode(place.format, made));
      }
      place.subscriber->push(frame);
      place.pushed_us = now;
      if (!std::exchange(place.flush, true)) to_flush.push_back(seat);
    }
  }
}

void Shard::Inside::list(Seat seat, std::uint32_t begin, std::uint32_t end) {
  Place& place = places[seat];
  if (place.status != Status::Live) return;
  if (place.tail != none && nodes[place.tail].end == begin) {
    nodes[place.tail].end = end;
    return;
  }
  const auto node = static_cast<std::uint32_t>(nodes.size());
  nodes.push_back({begin, end, none});
  if (place.head == none) {
    place.head = node;
    touched.push_back(seat);
  } else {
    nodes[place.tail].next = node;
  }
  place.tail = node;
}

// Slices for the same audience that follow each other are handed out together.
void Shard::Inside::list_slices(const EncodedCommit& commit) {
  const auto count = static_cast<std::uint32_t>(commit.slices.size());
  for (std::uint32_t begin = 0; begin < count;) {
    std::uint32_t end = begin + 1;
    while (end < count && commit.slices[end].audience == commit.slices[begin].audience) ++end;
    list_alike(commit, begin, end);
    begin = end;
  }
}

void Shard::Inside::list_alike(const EncodedCommit& commit, std::uint32_t begin,
                               std::uint32_t end) {
  const core::Audience& audience = commit.slices[begin].audience;
  // Being on the list says all, but for channels somebody joined in this very commit, for what
  // tells one account about channels it may have left again, and for texts taken away at once.
  const bool look = !commit.stones.empty() || audience.kind == core::Audience::Kind::Account ||
                    (audience.kind == core::Audience::Kind::Channel &&
                     std::binary_search(fresh_channels.begin(), fresh_channels.end(), audience.id));
  for (const Seat seat : roster.seats(audience)) {
    if (!look) {
      list(seat, begin, end);
      continue;
    }
    for (std::uint32_t i = begin; i < end; ++i) {
      if (sees(*places[seat].account, commit.slices[i])) list(seat, i, i + 1);
    }
  }
}

void Shard::Inside::deliver(const EncodedCommit& commit, base::TimeUs now) {
  for (const Seat seat : touched) {
    Place& place = places[seat];
    runs.clear();
    for (std::uint32_t node = place.head; node != none; node = nodes[node].next) {
      runs.push_back({&commit, nodes[node].begin, nodes[node].end});
    }
    place.head = place.tail = none;
    for (const Frames::Part& part :
         frames.build(place.format, place.cursor, commit.through, runs)) {
      if (push(seat, part, now)) continue;
      place.status = Status::CatchingUp;
      place.scanned = std::max(place.cursor, commit.after);
      break;
    }
  }
  touched.clear();
  nodes.clear();
}

// False = the outbox has no room.
bool Shard::Inside::push(Seat seat, const Frames::Part& part, base::TimeUs now) {
  Place& place = places[seat];
  const std::size_t waiting = place.subscriber->outbox_bytes();
  if (waiting != 0 && waiting + part.frame->size() > limits::outbox_bytes_max) return false;
  place.subscriber->push(part.frame);
  place.cursor = part.through;
  place.pushed_us = now;
  if (!std::exchange(place.flush, true)) to_flush.push_back(seat);
  return true;
}

void Shard::Inside::flush() {
  for (const Seat seat : to_flush) {
    places[seat].flush = false;
    if (places[seat].status != Status::Ended) places[seat].subscriber->flush();
  }
  to_flush.clear();
}

void Shard::Inside::advance(Seat seat, base::TimeUs now) {
  std::size_t scans = 0;
  while (places[seat].status == Status::CatchingUp) {
    Place& place = places[seat];
    if (place.scanned == published) {
      place.status = Status::Live;
      return;
    }
    if (place.subscriber->outbox_bytes() > room_bytes) return;
    if (!ring.reaches(place.scanned)) return read_log(seat, now);
    if (scans >= scan_max) {
      post([self_weak = std::weak_ptr(self), session = place.session, now] {
        const auto alive = self_weak.lock();
        if (alive == nullptr) return;
        const auto at = (*alive)->seats.find(session);
        if (at != (*alive)->seats.end()) (*alive)->advance(at->second, now);
        (*alive)->end_task();
      });
      return;
    }
    if (!read_ring(seat, scans, now)) return;
  }
}

void Shard::Inside::read_log(Seat seat, base::TimeUs now) {
  Place& place = places[seat];
  if (place.cursor < place.scanned) {
    push(seat, frames.build(place.format, place.cursor, place.scanned, {}).front(), now);
  }
  place.status = Status::Reading;
  catch_up.read(place.account->id, place.cursor, place.format,
                [posted = post, self_weak = std::weak_ptr(self), session = place.session,
                 now](base::Result<CatchUp::Chunk> chunk) {
                  posted([self_weak, session, now, chunk = std::move(chunk)] {
                    const auto alive = self_weak.lock();
                    if (alive == nullptr) return;
                    (*alive)->took(session, chunk, now);
                    (*alive)->end_task();
                  });
                });
}

void Shard::Inside::took(std::uint64_t session, base::Result<CatchUp::Chunk> chunk,
                         base::TimeUs now) {
  const auto at = seats.find(session);
  if (at == seats.end() || places[at->second].status != Status::Reading) return;
  Place& place = places[at->second];
  if (!chunk) {
    // tick() asks again.
    if (chunk.error().code() == v1::ERROR_CODE_OVERLOADED) {
      place.status = Status::CatchingUp;
      return;
    }
    return end(place, v1::CLOSE_CODE_UNAVAILABLE, "the record cannot be read now");
  }
  FENGHUO_CHECK(chunk->after == place.cursor && chunk->through > chunk->after &&
                chunk->through <= published);
  place.status = Status::CatchingUp;
  if (!push(at->second, {chunk->through, chunk->frame}, now)) return;
  place.scanned = place.cursor;
  advance(at->second, now);
}

// What the session may see of the ring behind `scanned`, into `runs`: about one frame's worth.
// Returns how far it looked.
base::Position Shard::Inside::collect(const Place& place, std::size_t& scans) {
  runs.clear();
  std::size_t bytes = 0;
  base::Position through = place.scanned;
  auto at = ring.behind(place.scanned);
  for (; at != ring.end() && scans < scan_max; ++at) {
    const EncodedCommit& commit = *at->commit;
    const auto first = std::partition_point(
        commit.slices.begin(), commit.slices.end(),
        [&](const EncodedCommit::Slice& slice) { return slice.position <= place.scanned; });
    const auto count = static_cast<std::uint32_t>(commit.slices.size());
    auto i = static_cast<std::uint32_t>(first - commit.slices.begin());
    for (++scans; i < count; ++i) {
      const EncodedCommit::Slice& slice = commit.slices[i];
      const bool new_position = i == 0 || commit.slices[i - 1].position != slice.position;
      if (new_position && (bytes >= limits::catch_up_bytes_max || scans >= scan_max)) {
        return std::max(through, slice.position - 1);
      }
      ++scans;
      if (!sees(*place.account, slice)) continue;
      bytes += slice.length;
      if (!runs.empty() && runs.back().commit == &commit && runs.back().end == i) {
        ++runs.back().end;
      } else {
        runs.push_back({&commit, i, i + 1});
      }
    }
    through = commit.through;
    if (bytes >= limits::catch_up_bytes_max) break;
  }
  return through;
}

// False = the outbox has no room.
bool Shard::Inside::read_ring(Seat seat, std::size_t& scans, base::TimeUs now) {
  Place& place = places[seat];
  const base::Position through = collect(place, scans);
  if (runs.empty()) {
    place.scanned = through;
    return true;
  }
  for (const Frames::Part& part : frames.build(place.format, place.cursor, through, runs)) {
    if (!push(seat, part, now)) return false;
    place.scanned = place.cursor;
  }
  return true;
}

void Shard::Inside::end_task() {
  flush();
  frames.release();
}

Shard::Shard(CatchUp& catch_up, Post post)
    : inside_(std::make_unique<Inside>(catch_up, std::move(post))) {
  inside_->self = std::make_shared<Inside*>(inside_.get());
}
Shard::~Shard() = default;

void Shard::attach(Attachment attachment, Subscriber& subscriber, base::TimeUs now) {
  Inside& in = *inside_;
  FENGHUO_CHECK(!in.seats.contains(attachment.session));
  if (!in.told) in.published = std::max(in.published, attachment.as_of);
  FENGHUO_CHECK(attachment.as_of <= in.published && attachment.from <= in.published);
  if (!in.seat_account(attachment)) {
    return subscriber.end(v1::CLOSE_CODE_UNAVAILABLE, "opened too slowly");
  }
  if (in.free.empty()) {
    in.free.push_back(static_cast<Seat>(in.places.size()));
    in.places.emplace_back();
  }
  const Seat seat = in.free.back();
  in.free.pop_back();
  Place& place = in.places[seat];
  place = {};
  place.status = Status::CatchingUp;
  place.format = attachment.format;
  place.session = attachment.session;
  place.subscriber = &subscriber;
  place.account = in.roster.find(attachment.account_id);
  place.token_id = attachment.token_id;
  place.cursor = place.scanned = attachment.from;
  place.pushed_us = now;
  in.roster.seat(attachment.account_id, seat);
  in.seats.emplace(attachment.session, seat);
  in.advance(seat, now);
  in.end_task();
}

void Shard::detach(std::uint64_t session) {
  Inside& in = *inside_;
  const auto at = in.seats.find(session);
  if (at == in.seats.end()) return;
  Place& place = in.places[at->second];
  in.roster.unseat(place.account->id, at->second);
  place = {};
  in.free.push_back(at->second);
  in.seats.erase(at);
}

void Shard::on_commit(std::shared_ptr<const EncodedCommit> commit, base::TimeUs now) {
  Inside& in = *inside_;
  FENGHUO_CHECK(commit->after == in.published || in.published == 0);
  FENGHUO_CHECK(commit->through > commit->after);
  const EncodedCommit& made = *commit;
  in.published = made.through;
  in.told = true;
  in.ring.keep(std::move(commit));
  in.end_those_named(made);
  in.move_members(made);
  in.ring_bells(made, now);
  in.list_slices(made);
  in.deliver(made, now);
  in.end_task();
}

void Shard::on_drained(std::uint64_t session, base::TimeUs now) {
  Place* place = inside_->find(session);
  if (place == nullptr || place->status != Status::CatchingUp) return;
  inside_->advance(static_cast<Seat>(place - inside_->places.data()), now);
  inside_->end_task();
}

void Shard::tick(base::TimeUs now) {
  Inside& in = *inside_;
  for (Seat seat = 0; seat < in.places.size(); ++seat) {
    Place& place = in.places[seat];
    if (place.status == Status::CatchingUp) in.advance(seat, now);
    if (place.status != Status::Live || now - place.pushed_us < limits::keepalive_us) continue;
    if (place.subscriber->outbox_bytes() != 0) continue;
    in.push(seat, in.frames.build(place.format, place.cursor, in.published, {}).front(), now);
  }
  in.end_task();
}

base::Position Shard::published() const { return inside_->published; }
std::size_t Shard::session_count() const { return inside_->seats.size(); }

}  // namespace fenghuo::fanout
