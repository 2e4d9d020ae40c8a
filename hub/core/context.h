// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/result.h"
#include "hub/core/command.h"
#include "hub/core/rows.h"
#include "hub/core/state.h"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace fenghuo::core {

// What earlier parts of the same command have drafted, for one that is decided in parts.
struct Earlier {
  std::size_t events = 0;
  // Orders they changed, as they are then.
  std::map<base::EntityId, v1::Order> orders;
};

// What every decision of one command sees. Private to this folder.
struct Context {
  const State& state;
  const State::Rows& rows;
  const Envelope& envelope;
  base::TimeUs now;
  // Null unless this is a later part of a command.
  const Earlier* earlier = nullptr;

  base::EntityId actor() const { return envelope.account_id; }
  // The hub itself, or an operator with the data folder.
  bool is_hub() const { return envelope.account_id == 0; }
};

// The events of one command, in the making. Knows the position each will get.
class Draft {
 public:
  explicit Draft(const Context& context);

  // Position of the event that add() makes next.
  base::Position next() const;
  bool empty() const { return decision_.events.empty(); }
  std::size_t size() const { return decision_.events.size(); }
  const std::vector<Drafted>& events() const { return decision_.events; }

  // A further event, said by the actor in the role acted in.
  v1::Event& add();
  // An event of a part that was decided for itself.
  void absorb(Drafted drafted);
  // Whether further events are the hub's own: what follows from a command by rule.
  void hub_speaks(bool speaks) { hub_speaks_ = speaks; }
  // Gives the last event its body: stored with the envelope's salt, hashed in the event.
  void set_body(const v1::Body& body);

  // Stamps the command id on the first event; `done.id` becomes its position.
  Decision finish(v1::Reply::Done done);
  Decision finish() { return finish({}); }

 private:
  const Context& context_;
  Decision decision_;
  bool hub_speaks_ = false;
};

// A refusal, or nothing wrong.
using Problem = std::optional<base::Error>;

// What does not exist and what may not be seen answer with these very bytes.
base::Error not_found(std::string field);
// Seen, but not allowed: which verb, and what is missing.
base::Error forbidden(std::string verb, std::string_view missing);
// The sender saw another revision than the current one.
base::Error stale_revision(std::uint64_t current);
base::Error bad_argument(std::string field, std::string message);
base::Error limit_reached(std::string what, std::size_t limit);

// Text of `least` to `most` bytes of UTF-8.
Problem check_text(std::string_view text, std::size_t least, std::size_t most,
                   const std::string& field);
// 1 to 64 bytes of a-z, 0-9, "-", "_", "/"; account keys also ".".
Problem check_key(std::string_view key, const std::string& field, bool account = false);
// Every language within the limit; at least one present unless `may_be_empty`.
Problem check_name(const v1::LocalizedText& name, const std::string& field,
                   bool may_be_empty = false);
Problem check_phones(const google::protobuf::RepeatedPtrField<v1::Phone>& phones,
                     const std::string& field);
// A list no longer than its limit.
Problem check_count(std::size_t count, std::size_t most, const std::string& field);

// Whether two entities say the same (revisions included).
template <typename T>
bool same(const T& a, const T& b) {
  return a.SerializeAsString() == b.SerializeAsString();
}

}  // namespace fenghuo::core
