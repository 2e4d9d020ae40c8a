// SPDX-License-Identifier: Apache-2.0
#include "tests/support/make_center.h"

#include "hub/base/check.h"
#include "hub/base/sha256.h"
#include "hub/center.h"
#include "hub/engine/recovery.h"
#include "hub/identity/password.h"
#include "hub/identity/random.h"
#include "hub/identity/token.h"
#include "storage/rocksdb/rocksdb_store.h"

#include <cstdio>
#include <future>

namespace fenghuo::testing {
namespace {

v1::Plan plan_of_tests() {
  v1::Plan plan;
  plan.set_center_id("center");
  plan.mutable_name()->set_en("Test center");
  plan.set_zone("Asia/Shanghai");
  auto* department = plan.add_departments();
  department->set_key("eoc");
  department->mutable_name()->set_en("Center");
  for (const char* key : {"ann", "bob", "cat", "den", "root"}) {
    auto* role = plan.add_roles();
    role->set_key(std::string("eoc/") + key);
    role->mutable_name()->set_en(key);
    role->set_department("eoc");
    const std::string_view name = key;
    if (name == "root" || name == "ann") {
      auto* grant = role->add_grants();
      grant->set_verb(name == "root" ? v1::Grant::VERB_ADMINISTER : v1::Grant::VERB_REDACT);
      grant->set_scope(v1::Grant::SCOPE_CENTER);
      grant->set_condition(v1::Grant::CONDITION_APPOINTED);
    }
    if (name == "root") {
      auto* grant = role->add_grants();
      grant->set_verb(v1::Grant::VERB_ROSTER);
      grant->set_scope(v1::Grant::SCOPE_CENTER);
      grant->set_condition(v1::Grant::CONDITION_APPOINTED);
    }
    auto* account = plan.add_accounts();
    account->set_key(key);
    account->mutable_name()->set_en(key);
    account->set_kind(v1::Account::KIND_PERSON);
    account->set_department("eoc");
    auto* appointment = account->add_appointments();
    appointment->set_role(role->key());
    appointment->set_standing(v1::Appointment::STANDING_PRIMARY);
  }
  auto* channel = plan.add_channels();
  channel->set_key("ops");
  channel->set_kind(v1::Channel::KIND_GROUP);
  channel->mutable_name()->set_en("Operations");
  for (const char* key : {"ann", "bob", "cat"}) channel->add_member_accounts(key);
  channel->set_posting(v1::Channel::POSTING_MEMBERS);
  channel->set_history(v1::Channel::HISTORY_ALL);
  return plan;
}

engine::Genesis new_world(v1::WorldCreated::Kind kind) {
  engine::Genesis genesis;
  genesis.kind = kind;
  genesis.world_id = identity::random_hex(16);
  genesis.epoch = identity::random_hex(16);
  return genesis;
}

void must(bool so, const base::Error& error) {
  if (!so) std::fprintf(stderr, "making a center: %s\n", error.to_string().c_str());
  FENGHUO_CHECK(so);
}

}  // namespace

struct CenterMaker::Inside {
  Inside(const std::filesystem::path& folder, v1::WorldCreated::Kind kind) {
    auto opened = storage::open_rocksdb_store(folder);
    must(opened.has_value(), opened.error());
    store = std::move(*opened);
    auto state = engine::recover(*store, new_world(kind), base::BootClock(0).now());
    must(state.has_value(), state.error());
    clock = std::make_unique<base::BootClock>(state->time_us());
    center = std::make_unique<hub::Center>(std::move(*state), *store, *clock, 1.0,
                                           [](std::shared_ptr<const fanout::EncodedCommit>) {});
  }

  v1::Snapshot everything_of(base::EntityId account_id) {
    v1::Query query;
    query.mutable_snapshot();
    std::promise<v1::QueryResult> answered;
    center->services().reader.query(account_id, query, clock->now(), [&](v1::QueryResult result) {
      answered.set_value(std::move(result));
    });
    return answered.get_future().get().snapshot();
  }

  std::unique_ptr<storage::Store> store;
  std::unique_ptr<base::BootClock> clock;
  std::unique_ptr<hub::Center> center;
};

CenterMaker::CenterMaker(const std::filesystem::path& folder, v1::WorldCreated::Kind kind)
    : inside_(std::make_unique<Inside>(folder, kind)) {
  apply(plan());
}

v1::Plan CenterMaker::plan() { return plan_of_tests(); }

void CenterMaker::apply(const v1::Plan& plan) {
  const auto applied = inside_->center->apply(plan);
  must(applied.has_value(), applied.error());
}

CenterMaker::~CenterMaker() {
  inside_->center->finish_commands();
  inside_->center->stop();
}

base::EntityId CenterMaker::run(const v1::Command& command) {
  engine::Submission submission;
  submission.envelope.salt = identity::random_bytes(16);
  submission.envelope.command = command;
  submission.bytes = command.ByteSizeLong();
  std::promise<v1::Reply> answered;
  submission.reply = [&answered](v1::Reply reply) { answered.set_value(std::move(reply)); };
  const auto refused = inside_->center->engine().submit(std::move(submission));
  must(!refused, refused.value_or(base::Error()));
  const v1::Reply reply = answered.get_future().get();
  must(!reply.has_refused(), base::Error(reply.refused().code(), reply.refused().message()));
  return reply.done().id();
}

base::EntityId CenterMaker::account(std::string_view key) const {
  std::promise<base::EntityId> answered;
  inside_->center->services().reader.credential(
      std::string(key), inside_->clock->now(),
      [&](view::Reader::Credential credential) { answered.set_value(credential.account_id); });
  return answered.get_future().get();
}

base::EntityId CenterMaker::channel(std::string_view key) const {
  const v1::Snapshot snapshot = inside_->everything_of(account("ann"));
  for (const auto& one : snapshot.channels()) {
    if (one.channel().key() == key) return one.channel().id();
  }
  return 0;
}

base::EntityId CenterMaker::role(std::string_view key) const {
  const v1::Snapshot snapshot = inside_->everything_of(account("ann"));
  for (const v1::Role& one : snapshot.roles()) {
    if (one.key() == key) return one.id();
  }
  return 0;
}

std::string CenterMaker::token(std::string_view account_key, base::TimeUs expires_us) {
  const identity::Token token = identity::new_token();
  v1::Command command;
  command.mutable_issue_token()->set_account_id(account(account_key));
  command.mutable_issue_token()->set_token_hash(base::to_bytes(token.hash));
  command.mutable_issue_token()->set_expires_us(expires_us);
  run(command);
  return token.text;
}

void CenterMaker::set_password(std::string_view account_key, const std::string& password) {
  v1::Command command;
  command.mutable_set_credential()->set_account_id(account(account_key));
  const auto hash = identity::PasswordHasher().hash(password);
  must(hash.has_value(), hash.error());
  command.mutable_set_credential()->set_password_hash(*hash);
  run(command);
}

base::TimeUs CenterMaker::now() const { return inside_->clock->now(); }

}  // namespace fenghuo::testing
