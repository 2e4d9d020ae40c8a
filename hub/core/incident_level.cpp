// SPDX-License-Identifier: Apache-2.0
#include "hub/base/check.h"
#include "hub/base/limits.h"
#include "hub/core/incident_rules.h"

#include <algorithm>
#include <string>
#include <utility>

namespace fenghuo::core {
namespace {

namespace limits = base::limits;
using base::EntityId;

base::Error same_person() {
  return base::Error(v1::ERROR_CODE_SAME_PERSON, "the second person must be another one");
}

bool has_authorities(const Context& context) {
  return !context.rows.configuration().level_authorities().empty();
}

// Raising needs the authority over the level to come, lowering that over the level that is.
const v1::LevelAuthority* authority_over(const Context& context, const v1::Incident& incident,
                                         v1::Level level, v1::Level response_level) {
  const v1::Level gravest =
      graver(graver(incident.level(), incident.response_level()), graver(level, response_level));
  // A level that does not change needs nobody.
  v1::Level decisive = v1::LEVEL_UNSPECIFIED;
  if (level != incident.level()) decisive = graver(level, incident.level());
  if (response_level != incident.response_level()) {
    decisive = graver(decisive, graver(response_level, incident.response_level()));
  }
  if (decisive == v1::LEVEL_UNSPECIFIED) decisive = gravest;
  for (const v1::LevelAuthority& one : context.rows.configuration().level_authorities()) {
    if (one.level() == decisive) return &one;
  }
  return nullptr;
}

bool is_above(const v1::LevelAuthority& authority) {
  return !authority.above_role().empty() || !authority.above_contact().empty();
}

// The role by which the actor decides on such a change.
base::Result<EntityId> check_decides(const Context& context, const v1::Incident& incident,
                                     v1::Level level, v1::Level response_level) {
  if (!has_authorities(context)) return check_commands(context, incident);
  const v1::LevelAuthority* authority = authority_over(context, incident, level, response_level);
  if (authority == nullptr) return forbidden("decide_level", "nobody here has this authority");
  if (context.is_hub()) return EntityId{0};
  RoleKeys keys = authority->decides();
  if (!authority->above_role().empty()) *keys.Add() = authority->above_role();
  const EntityId role_id = role_among(context, keys);
  if (role_id != 0) return role_id;
  return forbidden("decide_level", is_above(*authority) ? "it lies above this center: request it"
                                                        : "another role has the authority");
}

const v1::LevelProposal* find_proposal(const v1::Incident& incident, std::uint32_t number) {
  if (number == 0 || number > static_cast<std::uint32_t>(incident.proposals_size())) return nullptr;
  return &incident.proposals(static_cast<int>(number) - 1);
}

bool is_waiting(const v1::LevelProposal& proposal) {
  return proposal.state() == v1::LevelProposal::STATE_OPEN ||
         proposal.state() == v1::LevelProposal::STATE_REQUESTED;
}

base::Result<const v1::LevelProposal*> find_waiting(const v1::Incident& incident,
                                                    std::uint32_t number,
                                                    const std::string& field) {
  const v1::LevelProposal* proposal = find_proposal(incident, number);
  if (proposal == nullptr) return not_found(field);
  if (!is_waiting(*proposal)) return bad_argument(field, "it is decided already");
  return proposal;
}

// What a proposal would make of the incident; refuses what changes nothing.
template <typename T>
base::Result<v1::Incident> proposed(const v1::Incident& incident, const T& command,
                                    const std::string& at) {
  if (auto problem = check_level(command.level(), at + ".level", true)) return *problem;
  if (auto problem = check_level(command.response_level(), at + ".response_level", true)) {
    return *problem;
  }
  if (auto problem = check_reason(command.reason(), at + ".reason")) return *problem;
  if (static_cast<std::size_t>(incident.proposals_size()) >= limits::level_proposals_max) {
    return limit_reached("level proposals", limits::level_proposals_max);
  }
  if (incident.state() != v1::Incident::STATE_OPEN) {
    return bad_argument(at + ".incident_id", "the response is over");
  }
  v1::Incident after = incident;
  if (command.level() != v1::LEVEL_UNSPECIFIED) after.set_level(command.level());
  if (command.response_level() != v1::LEVEL_UNSPECIFIED) {
    after.set_response_level(command.response_level());
  }
  if (after.level() == incident.level() && after.response_level() == incident.response_level()) {
    return bad_argument(at, "this is the level already");
  }
  return after;
}

void draft_proposed(const v1::Incident& incident, const v1::Incident& after,
                    const std::string& reason, v1::Event& to) {
  v1::LevelProposed& event = *to.mutable_level_proposed();
  event.set_incident_id(incident.id());
  event.set_proposal(static_cast<std::uint32_t>(incident.proposals_size()) + 1);
  event.set_level(after.level());
  event.set_response_level(after.response_level());
  event.set_reason(reason);
}

// The decision and all that follows from it.
void draft_decided(const Context& context, const v1::Incident& before, const v1::Incident& after,
                   EntityId role_id, v1::LevelDecided decided, Draft& draft) {
  v1::Event& event = add_as(context, draft, role_id);
  decided.set_incident_id(before.id());
  const bool approved = decided.approved();
  *event.mutable_level_decided() = std::move(decided);
  if (!approved) return;
  draft_report_levels(context, before, after, draft);
  draft_order_levels(context, before, after, draft);
}

v1::LevelDecided decision(std::uint32_t number, bool approved, const std::string& reason) {
  v1::LevelDecided decided;
  decided.set_proposal(number);
  decided.set_approved(approved);
  decided.set_reason(reason);
  return decided;
}

v1::Incident as_proposed(const v1::Incident& incident, const v1::LevelProposal& proposal) {
  v1::Incident after = incident;
  after.set_level(proposal.level());
  after.set_response_level(proposal.response_level());
  return after;
}

EntityId contact_of_key(const State::Rows& rows, const std::string& key) {
  const auto found = rows.contact_keys.find(key);
  return found == rows.contact_keys.end() ? 0 : found->second;
}

// The answer comes from whom was asked, by himself or recorded for him.
base::Result<EntityId> check_answers(const Context& context, const v1::LevelProposal& proposal) {
  const EntityId role_id = proposal.above_role_id();
  if (context.is_hub()) return role_id;
  const bool by_contact =
      proposal.above_contact_id() != 0 &&
      context.envelope.command.on_behalf().contact_id() == proposal.above_contact_id();
  if (!by_contact && !gives_as(context, role_id)) {
    return forbidden("answer", "only who was asked, or recorded for them");
  }
  if (is_involved(context, proposal.by_id())) return same_person();
  return role_id;
}

}  // namespace

base::Result<Decision> decide_propose_level(const Context& context,
                                            const v1::ProposeLevel& command) {
  const auto found = find_incident_at(context, command.incident_id(), command.seen_revision(),
                                      "propose_level.incident_id");
  if (!found) return found.error();
  const v1::Account* actor = context.state.account(context.actor());
  if (actor != nullptr && actor->kind() != v1::Account::KIND_PERSON) {
    return forbidden("propose_level", "only staff");
  }
  const auto after = proposed(**found, command, "propose_level");
  if (!after) return after.error();
  Draft draft(context);
  draft_proposed(**found, *after, command.reason(), add_as(context, draft, 0));
  return draft.finish();
}

base::Result<Decision> decide_decide_level(const Context& context, const v1::DecideLevel& command) {
  const auto found = find_incident_at(context, command.incident_id(), command.seen_revision(),
                                      "decide_level.incident_id");
  if (!found) return found.error();
  const v1::Incident& incident = **found;
  const auto waiting = find_waiting(incident, command.proposal(), "decide_level.proposal");
  if (!waiting) return waiting.error();
  const v1::LevelProposal& proposal = **waiting;
  if (!command.approve() || !command.reason().empty()) {
    if (auto problem = check_reason(command.reason(), "decide_level.reason")) return *problem;
  }
  const auto role = check_decides(context, incident, proposal.level(), proposal.response_level());
  if (!role) return role.error();
  if (command.approve() && is_involved(context, proposal.by_id())) return same_person();
  Draft draft(context);
  draft_decided(context, incident, as_proposed(incident, proposal), *role,
                decision(proposal.number(), command.approve(), command.reason()), draft);
  return draft.finish();
}

base::Result<Decision> decide_break_glass(const Context& context, const v1::BreakGlass& command) {
  const auto found = find_incident_at(context, command.incident_id(), command.seen_revision(),
                                      "break_glass.incident_id");
  if (!found) return found.error();
  const v1::Incident& incident = **found;
  const auto role = check_commands(context, incident);
  if (!role) return role.error();
  const auto after = proposed(incident, command, "break_glass");
  if (!after) return after.error();
  if (has_authorities(context)) {
    const v1::LevelAuthority* authority =
        authority_over(context, incident, after->level(), after->response_level());
    if (authority == nullptr || is_above(*authority)) {
      return forbidden("break_glass", "it lies above this center: request it");
    }
  }
  Draft draft(context);
  const auto number = static_cast<std::uint32_t>(incident.proposals_size()) + 1;
  draft_proposed(incident, *after, command.reason(), add_as(context, draft, *role));
  v1::LevelDecided decided = decision(number, true, command.reason());
  const base::TimeUs within =
      context.rows.configuration().incident_rules().break_glass_confirm_within_us();
  decided.set_break_glass(true);
  decided.set_confirm_by_us(context.now +
                            (within == 0 ? limits::break_glass_confirm_default_us : within));
  draft_decided(context, incident, *after, *role, std::move(decided), draft);
  return draft.finish();
}

base::Result<Decision> decide_confirm_break_glass(const Context& context,
                                                  const v1::ConfirmBreakGlass& command) {
  const std::string field = "confirm_break_glass.proposal";
  const auto found =
      find_incident(context, command.incident_id(), "confirm_break_glass.incident_id");
  if (!found) return found.error();
  const v1::Incident& incident = **found;
  const v1::LevelProposal* proposal = find_proposal(incident, command.proposal());
  if (proposal == nullptr) return not_found(field);
  if (!proposal->break_glass() || proposal->confirmed_by_id() != 0) {
    return bad_argument(field, "there is nothing to confirm");
  }
  if (is_involved(context, proposal->by_id())) return same_person();
  const auto role = check_commands(context, incident);
  if (!role) return role.error();
  Draft draft(context);
  v1::BreakGlassConfirmed& event = *add_as(context, draft, *role).mutable_break_glass_confirmed();
  event.set_incident_id(incident.id());
  event.set_proposal(command.proposal());
  return draft.finish();
}

base::Result<Decision> decide_request_level(const Context& context,
                                            const v1::RequestLevel& command) {
  const auto found = find_incident(context, command.incident_id(), "request_level.incident_id");
  if (!found) return found.error();
  const v1::Incident& incident = **found;
  const auto role = check_commands(context, incident);
  if (!role) return role.error();
  const auto waiting = find_waiting(incident, command.proposal(), "request_level.proposal");
  if (!waiting) return waiting.error();
  if ((*waiting)->state() == v1::LevelProposal::STATE_REQUESTED) {
    return bad_argument("request_level.proposal", "it is requested already");
  }
  const v1::LevelAuthority* authority =
      authority_over(context, incident, (*waiting)->level(), (*waiting)->response_level());
  if (authority == nullptr || !is_above(*authority)) {
    return bad_argument("request_level.proposal", "this center decides it itself");
  }
  Draft draft(context);
  v1::LevelRequested& event = *add_as(context, draft, *role).mutable_level_requested();
  event.set_incident_id(incident.id());
  event.set_proposal(command.proposal());
  event.set_above_role_id(role_of_key(context.rows, authority->above_role()));
  event.set_above_contact_id(contact_of_key(context.rows, authority->above_contact()));
  event.set_reply_by_us(context.now + (authority->reply_within_us() == 0
                                           ? limits::level_reply_default_us
                                           : authority->reply_within_us()));
  return draft.finish();
}

base::Result<Decision> decide_answer_request(const Context& context,
                                             const v1::AnswerRequest& command) {
  const auto found = find_incident(context, command.incident_id(), "answer_request.incident_id");
  if (!found) return found.error();
  const v1::Incident& incident = **found;
  const auto waiting = find_waiting(incident, command.proposal(), "answer_request.proposal");
  if (!waiting) return waiting.error();
  const v1::LevelProposal& proposal = **waiting;
  if (proposal.state() != v1::LevelProposal::STATE_REQUESTED) {
    return bad_argument("answer_request.proposal", "it was not requested");
  }
  if (auto problem = check_text(command.reason(), command.approve() ? 0 : 1,
                                limits::reason_bytes_max, "answer_request.reason")) {
    return *problem;
  }
  const auto role = check_answers(context, proposal);
  if (!role) return role.error();
  Draft draft(context);
  draft_decided(context, incident, as_proposed(incident, proposal), *role,
                decision(proposal.number(), command.approve(), command.reason()), draft);
  return draft.finish();
}

void fire_incident(const Context& context, const Deadlines::Due& due, Draft& draft) {
  if (due.key.kind == DeadlineKind::ReportClock) return fire_report(context, due.key.id, draft);
  const v1::Incident* incident = context.rows.incidents.find(due.key.id);
  FENGHUO_CHECK(incident != nullptr);
  if (due.key.kind == DeadlineKind::IncidentConfirm) {
    draft.add().mutable_level_confirmation_overdue()->set_incident_id(incident->id());
    draft_call(context, *incident, std::vector<EntityId>{incident->confirming_role_id()},
               "初判级别尚未确认，请确认或提出调整。", draft);
    return;
  }
  if (due.key.kind == DeadlineKind::IncidentOrders) {
    return fire_template_order(context, *incident, draft);
  }
  FENGHUO_CHECK(due.key.kind == DeadlineKind::IncidentProposal);
  const v1::LevelProposal* proposal = find_proposal(*incident, due.key.sub);
  FENGHUO_CHECK(proposal != nullptr);
  if (proposal->state() == v1::LevelProposal::STATE_REQUESTED) {
    v1::LevelReplyReminded& event = *draft.add().mutable_level_reply_reminded();
    event.set_incident_id(incident->id());
    event.set_proposal(proposal->number());
    event.set_remind_us(context.now + (proposal->reply_by_us() - proposal->requested_us()));
    // Once; the reminders go on being shown.
    if (proposal->reminders() == 0 && proposal->requested_role_id() != 0) {
      draft_call(context, *incident, std::vector<EntityId>{proposal->requested_role_id()},
                 "向上级的请示尚未得到答复，请电话催办。", draft);
    }
    return;
  }
  v1::BreakGlassOverdue& event = *draft.add().mutable_break_glass_overdue();
  event.set_incident_id(incident->id());
  event.set_proposal(proposal->number());
  if (incident->confirming_role_id() != 0) {
    draft_call(context, *incident, std::vector<EntityId>{incident->confirming_role_id()},
               "单人破例决定的级别尚待第二人确认。", draft);
  }
}

}  // namespace fenghuo::core
