// SPDX-License-Identifier: Apache-2.0
#include "hub/view/opening.h"

#include "hub/base/limits.h"
#include "hub/core/project.h"

#include <algorithm>

namespace fenghuo::view {

namespace limits = base::limits;

namespace {

base::TimeUs earlier_end(base::TimeUs a, base::TimeUs b) {
  if (a == 0 || b == 0) return std::max(a, b);
  return std::min(a, b);
}

v1::Welcome welcome_for(const core::State& state, base::EntityId account_id,
                        const std::string& device, base::TimeUs now) {
  v1::Welcome welcome;
  welcome.set_world_id(state.world_id());
  welcome.set_center_id(state.center_id());
  *welcome.mutable_center_name() = state.center_name();
  welcome.set_world_kind(state.world_kind());
  welcome.set_epoch(state.epoch().epoch());
  welcome.set_published(state.position());
  welcome.set_account_id(account_id);
  welcome.set_max_inflight(limits::inflight_max);
  welcome.set_max_inflight_bytes(limits::inflight_bytes_max);
  welcome.set_max_frame_bytes(limits::frame_bytes_max);
  welcome.set_last_n(state.last_n(account_id, device));
  welcome.set_hub_time_us(now);
  welcome.set_zone(state.zone());
  return welcome;
}

// Sets how the client goes on: from where it stands, or anew.
base::Result<void> set_standing(const core::State& state, const v1::Hello& hello,
                                v1::Welcome& welcome) {
  welcome.set_position(state.position());
  if (!hello.has_resume()) return {};
  const v1::Hello::Resume& resume = hello.resume();
  const v1::EpochStarted& epoch = state.epoch();
  if (resume.epoch() == epoch.epoch()) {
    if (resume.position() > state.position()) {
      return base::Error(v1::ERROR_CODE_FUTURE_POSITION, "the record ends before this position")
          .with("position", std::to_string(state.position()));
    }
    welcome.set_resumed(true);
    welcome.set_position(resume.position());
    return {};
  }
  if (!epoch.parent_epoch().empty() && resume.epoch() == epoch.parent_epoch()) {
    welcome.mutable_forked()->set_parent_epoch(epoch.parent_epoch());
    welcome.mutable_forked()->set_common(std::min(epoch.at(), resume.position()));
    return {};
  }
  return base::Error(v1::ERROR_CODE_UNKNOWN_EPOCH, "this record has another past");
}

}  // namespace

base::Result<void> check_active(const core::State& state, base::EntityId account_id,
                                base::TimeUs now) {
  const v1::Account* account = state.account(account_id);
  if (account == nullptr) {
    return base::Error(v1::ERROR_CODE_UNAUTHENTICATED, "no such account");
  }
  if (account->disabled()) {
    return base::Error(v1::ERROR_CODE_ACCOUNT_DISABLED, "the account is disabled");
  }
  if (!state.is_active(account_id, now)) {
    return base::Error(v1::ERROR_CODE_ACCESS_EXPIRED, "the account's access has ended");
  }
  return {};
}

base::Result<Reader::Identity> identify(const core::State& state, std::string_view token_hash,
                                        base::TimeUs now) {
  const core::TokenRow* token = state.token_by_hash(token_hash);
  if (token == nullptr) return base::Error(v1::ERROR_CODE_UNAUTHENTICATED, "unknown token");
  if (token->expires_us != 0 && token->expires_us <= now) {
    return base::Error(v1::ERROR_CODE_TOKEN_EXPIRED, "the token has ended");
  }
  if (const base::Result<void> active = check_active(state, token->account_id, now); !active) {
    return active.error();
  }
  const v1::Account& account = *state.account(token->account_id);
  return Reader::Identity{token->account_id, token->id,
                          earlier_end(token->expires_us, account.access_until_us())};
}

base::Result<Reader::Opening> open(const core::State& state, const v1::Hello& hello,
                                   std::string_view token_hash, base::TimeUs now) {
  base::Result<Reader::Identity> identity = identify(state, token_hash, now);
  if (!identity) return identity.error();
  if (!hello.world_id().empty() && hello.world_id() != state.world_id()) {
    return base::Error(v1::ERROR_CODE_WRONG_WORLD, "this hub serves another world");
  }
  const base::EntityId account_id = identity->account_id;
  Reader::Opening opening;
  opening.identity = *identity;
  opening.welcome = welcome_for(state, account_id, hello.device(), now);
  if (const base::Result<void> set = set_standing(state, hello, opening.welcome); !set) {
    return set.error();
  }
  if (!opening.welcome.resumed()) {
    *opening.welcome.mutable_snapshot() = core::snapshot_for(state, account_id);
  }
  opening.from = opening.welcome.position();
  opening.as_of = state.position();
  opening.channels = state.channels_of(account_id);
  opening.guest = state.account(account_id)->kind() == v1::Account::KIND_GUEST;
  return opening;
}

}  // namespace fenghuo::view
