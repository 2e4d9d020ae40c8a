// SPDX-License-Identifier: Apache-2.0
#include "hub/core/context.h"

#include "hub/base/limits.h"
#include "hub/base/sha256.h"
#include "hub/base/utf8.h"
#include "hub/core/spoken.h"

#include <algorithm>
#include <utility>

namespace fenghuo::core {

namespace limits = base::limits;

Draft::Draft(const Context& context) : context_(context) {}

base::Position Draft::next() const {
  const std::size_t earlier = context_.earlier == nullptr ? 0 : context_.earlier->events;
  return context_.state.position() + 1 + earlier + decision_.events.size();
}

v1::Event& Draft::add() {
  v1::Event& event = decision_.events.emplace_back().event;
  if (hub_speaks_) return event;
  event.set_account_id(context_.envelope.account_id);
  event.set_role_id(context_.envelope.command.acting_role_id());
  if (context_.envelope.command.has_on_behalf()) {
    *event.mutable_on_behalf() = context_.envelope.command.on_behalf();
  }
  return event;
}

void Draft::absorb(Drafted drafted) {
  // Only the first event of the whole command says how many there are.
  drafted.event.clear_event_count();
  decision_.events.push_back(std::move(drafted));
}

void Draft::set_body(const v1::Body& body) {
  Drafted& last = decision_.events.back();
  last.body.reserve(context_.envelope.salt.size() + body.ByteSizeLong());
  last.body = context_.envelope.salt;
  body.AppendToString(&last.body);
  last.event.set_body_hash(base::to_bytes(base::sha256({last.body})));
}

Decision Draft::finish(v1::Reply::Done done) {
  if (!decision_.events.empty()) {
    const v1::Command& command = context_.envelope.command;
    if (command.has_on_behalf()) {
      draft_spoken(context_, command.on_behalf(), static_cast<std::uint32_t>(command.kind_case()),
                   *this);
    }
    v1::Event& first = decision_.events.front().event;
    first.set_event_count(static_cast<std::uint32_t>(decision_.events.size()));
    if (!context_.envelope.device.empty()) {
      first.set_device(context_.envelope.device);
      first.set_n(context_.envelope.n);
      first.set_command_digest(context_.envelope.digest);
    }
    done.set_id(context_.state.position() + 1);
  }
  decision_.done = std::move(done);
  return std::move(decision_);
}

base::Error not_found(std::string field) {
  return base::Error(v1::ERROR_CODE_NOT_FOUND, "no such thing, or not yours to see",
                     std::move(field));
}

base::Error forbidden(std::string verb, std::string_view missing) {
  base::Error error(v1::ERROR_CODE_FORBIDDEN, "not allowed: " + std::string(missing));
  error.with("verb", std::move(verb)).with("missing", std::string(missing));
  return error;
}

base::Error stale_revision(std::uint64_t current) {
  base::Error error(v1::ERROR_CODE_STALE_REVISION, "it has changed since");
  error.with("current", std::to_string(current));
  return error;
}

base::Error bad_argument(std::string field, std::string message) {
  return base::Error(v1::ERROR_CODE_BAD_ARGUMENT, std::move(message), std::move(field));
}

base::Error limit_reached(std::string what, std::size_t limit) {
  base::Error error(v1::ERROR_CODE_LIMIT_REACHED, "no more " + what + " than the limit");
  error.with("what", std::move(what)).with("limit", std::to_string(limit));
  return error;
}

Problem check_text(std::string_view text, std::size_t least, std::size_t most,
                   const std::string& field) {
  if (text.size() > most) {
    base::Error error(v1::ERROR_CODE_TOO_LARGE, "too long", field);
    error.with("limit", std::to_string(most)).with("size", std::to_string(text.size()));
    return error;
  }
  if (text.size() < least) return bad_argument(field, "too short");
  if (!base::is_utf8(text)) return base::Error(v1::ERROR_CODE_BAD_UTF8, "not UTF-8", field);
  return std::nullopt;
}

Problem check_key(std::string_view key, const std::string& field, bool account) {
  if (auto problem = check_text(key, 1, limits::key_bytes_max, field)) return problem;
  const bool fine = std::all_of(key.begin(), key.end(), [account](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '/' ||
           (account && c == '.');
  });
  if (!fine) return bad_argument(field, "a key is made of a-z, 0-9, '-', '_' and '/'");
  return std::nullopt;
}

Problem check_name(const v1::LocalizedText& name, const std::string& field, bool may_be_empty) {
  for (const std::string* text : {&name.zh_hans(), &name.zh_hant(), &name.en()}) {
    if (auto problem = check_text(*text, 0, limits::name_bytes_max, field)) return problem;
  }
  if (!may_be_empty && name.zh_hans().empty() && name.zh_hant().empty() && name.en().empty()) {
    return bad_argument(field, "a name in one language at least");
  }
  return std::nullopt;
}

Problem check_phones(const google::protobuf::RepeatedPtrField<v1::Phone>& phones,
                     const std::string& field) {
  if (auto problem = check_count(phones.size(), limits::phones_max, field)) return problem;
  for (const v1::Phone& phone : phones) {
    if (auto problem = check_text(phone.number(), 1, limits::phone_bytes_max, field)) {
      return problem;
    }
    if (auto problem = check_text(phone.note(), 0, limits::name_bytes_max, field)) return problem;
  }
  return std::nullopt;
}

Problem check_count(std::size_t count, std::size_t most, const std::string& field) {
  if (count <= most) return std::nullopt;
  base::Error error(v1::ERROR_CODE_TOO_LARGE, "too many", field);
  error.with("limit", std::to_string(most)).with("size", std::to_string(count));
  return error;
}

}  // namespace fenghuo::core
