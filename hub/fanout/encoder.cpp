// SPDX-License-Identifier: Apache-2.0
#include "hub/fanout/encoder.h"

#include "hub/base/check.h"
#include "hub/core/project.h"

#include <algorithm>
#include <utility>

namespace fenghuo::fanout {

namespace {

constexpr std::size_t headline_characters = 80;

// The beginning of a text on one line, cut between characters.
std::string headline_of(std::string_view text) {
  std::size_t end = 0;
  for (std::size_t characters = 0; end < text.size(); ++end) {
    const bool starts = (static_cast<unsigned char>(text[end]) & 0xC0) != 0x80;
    if (starts && ++characters > headline_characters) break;
  }
  std::string headline(text.substr(0, end));
  std::replace_if(
      headline.begin(), headline.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; },
      ' ');
  return headline;
}

bool rings(const v1::Event& event) {
  return event.kind_case() == v1::Event::kMessagePosted &&
         event.message_posted().precedence() == v1::PRECEDENCE_FLASH;
}

EncodedCommit::Bell bell_for(const core::Record& record) {
  const v1::MessagePosted& posted = record.event.message_posted();
  EncodedCommit::Bell made;
  made.audience = {core::Audience::Kind::Channel, posted.channel_id()};
  made.except_account_id = record.event.account_id();
  made.bell.set_position(record.position);
  made.bell.set_id(record.position);
  made.bell.set_version(1);
  made.bell.set_precedence(posted.precedence());
  made.bell.set_channel_id(posted.channel_id());
  if (record.body != nullptr) made.bell.set_headline(headline_of(record.body->text()));
  return made;
}

}  // namespace

Encoder::Encoder(Publish publish) : publish_(std::move(publish)) {}

void Encoder::applied(const core::State& after, const core::Record& record,
                      const core::Effects& effects) {
  if (!current_) {
    current_ = std::make_shared<EncodedCommit>();
    current_->after = record.position - 1;
    current_->time_us = record.time_us;
  }
  EncodedCommit& commit = *current_;
  core::project(after, record, effects,
                [&commit](const core::Audience& audience, v1::Update&& update) {
                  commit.append(audience, update);
                });
  for (const core::Effects::Membership& m : effects.memberships) {
    commit.memberships.push_back({m.account_id, m.channel_id, record.position, m.joined});
  }
  const auto append = [](auto& to, const auto& from) {
    to.insert(to.end(), from.begin(), from.end());
  };
  append(commit.ended_accounts, effects.ended_accounts);
  append(commit.ended_tokens, effects.ended_tokens);
  if (rings(record.event)) commit.bells.push_back(bell_for(record));
}

void Encoder::published(const core::Commit& commit) {
  FENGHUO_CHECK(current_ != nullptr && current_->after + 1 == commit.first);
  current_->through = commit.last();
  publish_(std::exchange(current_, nullptr));
}

}  // namespace fenghuo::fanout
