// SPDX-License-Identifier: Apache-2.0
#include "hub/core/redaction.h"

#include "hub/base/check.h"
#include "hub/base/limits.h"
#include "hub/core/access.h"
#include "hub/core/messaging.h"

#include <string>
#include <utility>

namespace fenghuo::core {
namespace {

namespace limits = base::limits;
using base::EntityId;

constexpr auto redact = v1::Grant::VERB_REDACT;

Problem check_may_redact(const Context& context, const SeenMessage& seen, EntityId proposer_id) {
  Object object = object_of(context.state, seen.channel->channel);
  object.proposer_id = proposer_id;
  object.owner_id = seen.row().author_id;
  const Verdict verdict = allows(context.state, context.actor(), redact, object);
  if (!verdict.allowed) return forbidden(verb_name(redact), verdict.reason);
  if (seen.channel->held) {
    return base::Error(v1::ERROR_CODE_LEGAL_HOLD, "nothing of this channel may be redacted");
  }
  const MessageExtra* extra = context.rows.extra(seen.row());
  if (extra != nullptr && extra->stone && extra->stone->kind == v1::Message::Stone::KIND_REDACTED) {
    return base::Error(v1::ERROR_CODE_RETRACTED, "the message is redacted already");
  }
  return std::nullopt;
}

void end_proposal(State::Rows& rows, EntityId id) {
  const auto it = rows.proposals.find(id);
  FENGHUO_CHECK(it != rows.proposals.end());
  rows.deadlines.set({DeadlineKind::RedactionLapses, id}, 0);
  rows.proposals.erase(it);
  rows.dirty_proposals.insert(id);
  rows.unsaved_bytes += 16;
}

}  // namespace

base::Result<Decision> decide_propose_redaction(const Context& context,
                                                const v1::ProposeRedaction& command) {
  const SeenMessage seen = visible_message(context, command.message_id());
  if (seen.channel == nullptr) return not_found("propose_redaction.message_id");
  if (auto problem = check_may_redact(context, seen, 0)) return *problem;
  if (auto problem =
          check_text(command.rule(), 1, limits::name_bytes_max, "propose_redaction.rule")) {
    return *problem;
  }
  if (auto problem =
          check_text(command.reason(), 1, limits::reason_bytes_max, "propose_redaction.reason")) {
    return *problem;
  }
  if (context.rows.proposals.size() >= limits::open_redactions_max) {
    return limit_reached("open redactions", limits::open_redactions_max);
  }
  Draft draft(context);
  v1::RedactionProposed& event = *draft.add().mutable_redaction_proposed();
  event.set_message_id(command.message_id());
  event.set_rule(command.rule());
  const base::TimeUs window = context.rows.redaction_window_us == 0
                                  ? limits::redaction_window_default_us
                                  : context.rows.redaction_window_us;
  event.set_until_us(context.now + window);
  v1::Body body;
  body.set_reason(command.reason());
  draft.set_body(body);
  return draft.finish();
}

base::Result<Decision> decide_confirm_redaction(const Context& context,
                                                const v1::ConfirmRedaction& command) {
  const std::string field = "confirm_redaction.proposal_id";
  const auto it = context.rows.proposals.find(command.proposal_id());
  if (it == context.rows.proposals.end() || it->second.until_us <= context.now) {
    return not_found(field);
  }
  const Proposal& proposal = it->second;
  const SeenMessage seen = visible_message(context, proposal.message_id);
  if (seen.channel == nullptr) return not_found(field);
  if (proposal.proposed_by_id == context.actor()) {
    return base::Error(v1::ERROR_CODE_SAME_PERSON, "the second person must be another one");
  }
  if (auto problem = check_may_redact(context, seen, proposal.proposed_by_id)) return *problem;
  Draft draft(context);
  v1::BodiesErased& event = *draft.add().mutable_bodies_erased();
  event.set_proposal_id(command.proposal_id());
  event.set_message_id(proposal.message_id);
  for (const State::Version& version : context.state.versions(proposal.message_id)) {
    event.add_positions(version.position);
  }
  // What somebody wrote as the reason of a retraction may hold the very secret.
  const MessageExtra* extra = context.rows.extra(seen.row());
  if (extra != nullptr && extra->retracted_at != 0) event.add_positions(extra->retracted_at);
  event.set_rule(proposal.rule);
  event.set_proposed_by_id(proposal.proposed_by_id);
  event.set_confirmed_by_id(context.actor());
  return draft.finish();
}

void apply_redaction_proposed(State::Rows& rows, const Record& record) {
  const v1::RedactionProposed& event = record.event.redaction_proposed();
  rows.proposals[record.position] = {event.message_id(), record.event.account_id(),
                                     event.until_us(), event.rule()};
  rows.deadlines.set({DeadlineKind::RedactionLapses, record.position}, event.until_us());
  rows.dirty_proposals.insert(record.position);
  rows.unsaved_bytes += 64;
}

void apply_redaction_lapsed(State::Rows& rows, const v1::RedactionLapsed& event) {
  end_proposal(rows, event.proposal_id());
}

void apply_bodies_erased(State::Rows& rows, const Record& record, Effects& effects) {
  const v1::BodiesErased& event = record.event.bodies_erased();
  end_proposal(rows, event.proposal_id());
  MessageExtra::Stone stone;
  stone.kind = v1::Message::Stone::KIND_REDACTED;
  stone.by_id = event.proposed_by_id();
  stone.confirmed_by_id = event.confirmed_by_id();
  stone.at_us = record.time_us;
  stone.rule = event.rule();
  make_stone(rows, message_at(rows, event.message_id()), std::move(stone), record.position,
             effects);
  effects.erased.assign(event.positions().begin(), event.positions().end());
}

}  // namespace fenghuo::core
