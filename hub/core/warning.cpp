// SPDX-License-Identifier: Apache-2.0
#include "hub/core/warning.h"

#include "hub/base/check.h"
#include "hub/base/limits.h"
#include "hub/core/access.h"
#include "hub/core/incident_rules.h"
#include "hub/core/kinds.h"

#include <algorithm>
#include <string>
#include <utility>

namespace fenghuo::core {
namespace {

namespace limits = base::limits;
using base::EntityId;
using Content = v1::Warning::Content;

Problem check_may_warn(const Context& context) {
  Object object;
  const v1::Role* role = context.state.role(context.envelope.command.acting_role_id());
  if (role != nullptr) object.department_id = role->department_id();
  const Verdict verdict = allows(context.state, context.actor(), v1::Grant::VERB_WARN, object);
  if (verdict.allowed) return std::nullopt;
  return forbidden(verb_name(v1::Grant::VERB_WARN), verdict.reason);
}

Problem check_content(const Context& context, const Content& content, const std::string& field) {
  if (!v1::Warning::Colour_IsValid(content.colour()) ||
      content.colour() == v1::Warning::COLOUR_UNSPECIFIED) {
    return bad_argument(field + ".colour", "red, orange, yellow or blue");
  }
  if (auto problem = check_text(content.kind(), 1, limits::name_bytes_max, field + ".kind")) {
    return problem;
  }
  if (auto problem = check_text(content.area(), 1, limits::reason_bytes_max, field + ".area")) {
    return problem;
  }
  if (auto problem =
          check_text(content.area_code(), 0, limits::key_bytes_max, field + ".area_code")) {
    return problem;
  }
  for (const std::string* text : {&content.text(), &content.measures()}) {
    if (auto problem = check_text(*text, 0, limits::warning_text_bytes_max, field + ".text")) {
      return problem;
    }
  }
  if (auto problem =
          check_text(content.hotline(), 0, limits::phone_bytes_max, field + ".hotline")) {
    return problem;
  }
  if (content.start_us() < 0 || content.until_us() <= context.now ||
      content.until_us() <= content.start_us()) {
    return bad_argument(field + ".until_us", "it must end after it starts, and after now");
  }
  return std::nullopt;
}

// Who may approve a colour: the rule of the worst colour that still covers it. Empty = nobody
// needs to.
std::vector<std::string> approvers(const Context& context, v1::Warning::Colour colour) {
  const v1::WarningRules::Approval* found = nullptr;
  for (const auto& one : context.rows.configuration().warnings().approvals()) {
    const bool covers = colour <= one.colour();
    if (covers && (found == nullptr || one.colour() < found->colour())) found = &one;
  }
  if (found == nullptr) return {};
  return {found->roles().begin(), found->roles().end()};
}

// In force at once, or a proposal where a second person must approve.
void draft_content(const Context& context, EntityId warning_id, const Content& content,
                   Draft& draft) {
  const std::vector<std::string> roles = approvers(context, content.colour());
  if (roles.empty()) {
    v1::WarningIssued& event = *draft.add().mutable_warning_issued();
    event.set_warning_id(warning_id);
    *event.mutable_content() = content;
    event.set_listed_us(context.rows.configuration().warnings().listed_us());
    return;
  }
  v1::WarningProposed& event = *draft.add().mutable_warning_proposed();
  event.set_warning_id(warning_id);
  *event.mutable_content() = content;
  event.mutable_approver_roles()->Assign(roles.begin(), roles.end());
}

base::Result<const v1::Warning*> seen_warning(const Context& context, EntityId id,
                                              std::uint64_t seen_revision,
                                              const std::string& field) {
  const v1::Warning* warning = context.rows.warnings.find(id);
  const bool sees = warning != nullptr &&
                    (context.is_hub() ||
                     may_see(context.rows, context.actor(), viewers_of(context.rows, *warning)));
  if (!sees) return not_found(field);
  if (warning->revision() != seen_revision) return stale_revision(warning->revision());
  if (!is_open(context.rows, *warning)) return bad_argument(field, "the warning is over");
  return warning;
}

base::Result<Decision> decide_issue(const Context& context, const v1::IssueWarning& command) {
  if (auto problem = check_may_warn(context)) return *problem;
  if (auto problem = check_content(context, command.content(), "issue_warning.content")) {
    return *problem;
  }
  Draft draft(context);
  draft_content(context, 0, command.content(), draft);
  return draft.finish();
}

base::Result<Decision> decide_change(const Context& context, const v1::ChangeWarning& command) {
  if (auto problem = check_may_warn(context)) return *problem;
  const auto seen = seen_warning(context, command.warning_id(), command.seen_revision(),
                                 "change_warning.warning_id");
  if (!seen) return seen.error();
  const std::string id = "change_warning.warning_id";
  if ((*seen)->has_pending()) return bad_argument(id, "a proposal waits for approval already");
  if ((*seen)->state() != v1::Warning::STATE_IN_FORCE) return bad_argument(id, "not in force");
  if (auto problem = check_content(context, command.content(), "change_warning.content")) {
    return *problem;
  }
  Draft draft(context);
  draft_content(context, command.warning_id(), command.content(), draft);
  return draft.finish();
}

base::Result<Decision> decide_approve(const Context& context, const v1::ApproveWarning& command) {
  const std::string id = "approve_warning.warning_id";
  const auto seen = seen_warning(context, command.warning_id(), command.seen_revision(), id);
  if (!seen) return seen.error();
  const v1::Warning& warning = **seen;
  if (!warning.has_pending()) return bad_argument(id, "nothing waits for approval");
  const auto& roles = warning.pending().approver_roles();
  const bool approver = std::any_of(roles.begin(), roles.end(), [&](const std::string& key) {
    const v1::Role* role = context.state.role_by_key(key);
    return role != nullptr && gives_as(context, role->id());
  });
  if (!approver) return forbidden("approve", "only for the roles that approve this colour");
  // Neither gives it nor writes down that another gave it.
  if (is_involved(context, warning.pending().by_id())) {
    return base::Error(v1::ERROR_CODE_SAME_PERSON, "the second person must be another one");
  }
  if (warning.pending().content().until_us() <= context.now) {
    return bad_argument(id, "its validity has passed");
  }
  Draft draft(context);
  v1::WarningIssued& event = *draft.add().mutable_warning_issued();
  event.set_warning_id(warning.id());
  event.set_approved(true);
  *event.mutable_content() = warning.pending().content();
  event.set_listed_us(context.rows.configuration().warnings().listed_us());
  return draft.finish();
}

base::Result<Decision> decide_refuse(const Context& context, const v1::RefuseWarning& command) {
  const std::string id = "refuse_warning.warning_id";
  const auto seen = seen_warning(context, command.warning_id(), command.seen_revision(), id);
  if (!seen) return seen.error();
  const v1::Warning& warning = **seen;
  if (!warning.has_pending()) return bad_argument(id, "nothing waits for approval");
  const auto& roles = warning.pending().approver_roles();
  const bool approver = std::any_of(roles.begin(), roles.end(), [&](const std::string& key) {
    const v1::Role* role = context.state.role_by_key(key);
    return role != nullptr && gives_as(context, role->id());
  });
  if (!approver && !gives_as_account(context, warning.pending().by_id())) {
    return forbidden("refuse", "only for its proposer and the roles that approve this colour");
  }
  if (auto problem =
          check_text(command.reason(), 1, limits::reason_bytes_max, "refuse_warning.reason")) {
    return *problem;
  }
  Draft draft(context);
  v1::WarningRefused& event = *draft.add().mutable_warning_refused();
  event.set_warning_id(warning.id());
  event.set_reason(command.reason());
  return draft.finish();
}

base::Result<Decision> decide_lift(const Context& context, const v1::LiftWarning& command) {
  if (auto problem = check_may_warn(context)) return *problem;
  const std::string id = "lift_warning.warning_id";
  const auto seen = seen_warning(context, command.warning_id(), command.seen_revision(), id);
  if (!seen) return seen.error();
  if ((*seen)->state() == v1::Warning::STATE_PROPOSED) {
    return bad_argument(id, "it is not in force yet");
  }
  if (auto problem =
          check_text(command.reason(), 1, limits::reason_bytes_max, "lift_warning.reason")) {
    return *problem;
  }
  Draft draft(context);
  v1::WarningLifted& event = *draft.add().mutable_warning_lifted();
  event.set_warning_id(command.warning_id());
  event.set_reason(command.reason());
  return draft.finish();
}

void end_warning(v1::Warning& warning, v1::Warning::State state, const std::string& reason,
                 const Record& record) {
  warning.set_state(state);
  warning.set_reason(reason);
  warning.set_ended_us(record.time_us);
  warning.set_ended_by_id(record.event.account_id());
  warning.clear_pending();
}

void propose(v1::Warning& warning, const Record& record) {
  const v1::WarningProposed& event = record.event.warning_proposed();
  v1::Warning::Proposal& pending = *warning.mutable_pending();
  *pending.mutable_content() = event.content();
  pending.set_by_id(record.event.account_id());
  pending.set_by_role_id(record.event.role_id());
  pending.set_at_us(record.time_us);
  *pending.mutable_approver_roles() = event.approver_roles();
  if (warning.state() == v1::Warning::STATE_UNSPECIFIED) {
    warning.set_state(v1::Warning::STATE_PROPOSED);
    warning.set_issuer_id(record.event.account_id());
    warning.set_issuer_role_id(record.event.role_id());
  }
}

void issue(v1::Warning& warning, const Record& record) {
  const v1::WarningIssued& event = record.event.warning_issued();
  if (event.approved()) {
    warning.set_issuer_id(warning.pending().by_id());
    warning.set_issuer_role_id(warning.pending().by_role_id());
    // Recorded for another: he approved it, not the recorder.
    const bool spoken = record.event.has_on_behalf();
    const v1::OnBehalf& said = record.event.on_behalf();
    warning.set_approved_by_id(spoken ? said.account_id() : record.event.account_id());
    warning.set_approved_by_role_id(spoken ? said.role_id() : record.event.role_id());
  } else {
    warning.set_issuer_id(record.event.account_id());
    warning.set_issuer_role_id(record.event.role_id());
    warning.clear_approved_by_id();
    warning.clear_approved_by_role_id();
  }
  *warning.mutable_content() = event.content();
  warning.clear_pending();
  warning.set_state(v1::Warning::STATE_IN_FORCE);
  warning.set_issued_us(record.time_us);
  warning.set_version(warning.version() + 1);
  warning.set_listed_us(event.listed_us());
}

void apply_to(v1::Warning& warning, const Record& record) {
  const v1::Event& event = record.event;
  if (event.has_warning_proposed()) return propose(warning, record);
  if (event.has_warning_issued()) return issue(warning, record);
  if (event.has_warning_lifted()) {
    return end_warning(warning, v1::Warning::STATE_LIFTED, event.warning_lifted().reason(), record);
  }
  if (event.has_warning_refused()) {
    if (warning.state() == v1::Warning::STATE_PROPOSED) {
      return end_warning(warning, v1::Warning::STATE_REFUSED, event.warning_refused().reason(),
                         record);
    }
    // A change was refused: what is in force stays.
    warning.clear_pending();
    warning.set_reason(event.warning_refused().reason());
    return;
  }
  if (event.has_warning_expired()) {
    end_warning(warning, v1::Warning::STATE_EXPIRED, "", record);
    warning.set_listed_until_us(warning.listed_us() == 0 ? 0
                                                         : record.time_us + warning.listed_us());
    return;
  }
  FENGHUO_CHECK(event.has_warning_filed());
  warning.set_state(v1::Warning::STATE_FILED);
}

}  // namespace

base::Result<Decision> decide_warning(const Context& context) {
  const v1::Command& command = context.envelope.command;
  if (command.has_issue_warning()) return decide_issue(context, command.issue_warning());
  if (command.has_change_warning()) return decide_change(context, command.change_warning());
  if (command.has_approve_warning()) return decide_approve(context, command.approve_warning());
  if (command.has_refuse_warning()) return decide_refuse(context, command.refuse_warning());
  FENGHUO_CHECK(command.has_lift_warning());
  return decide_lift(context, command.lift_warning());
}

void fire_warning(const Context& context, const Deadlines::Due& due, Draft& draft) {
  const v1::Warning& warning = *context.rows.warnings.find(due.key.id);
  if (warning.state() == v1::Warning::STATE_EXPIRED) {
    draft.add().mutable_warning_filed()->set_warning_id(warning.id());
  } else {
    draft.add().mutable_warning_expired()->set_warning_id(warning.id());
  }
}

void apply_warning(State::Rows& rows, const Record& record) {
  const EntityId id = warning_in(record);
  if (id == record.position) {
    v1::Warning made;
    made.set_id(id);
    rows.warnings.put(id, std::move(made));
  }
  v1::Warning* warning = rows.warnings.find(id);
  FENGHUO_CHECK(warning != nullptr);
  apply_to(*warning, record);
  warning->set_revision(record.position);
  rows.warnings.touch(id);
  rows.unsaved_bytes += warning->ByteSizeLong();
  index_row(rows, *warning);
}

EntityId warning_in(const Record& record) {
  const v1::Event& event = record.event;
  const auto id_or_here = [&](EntityId id) { return id == 0 ? record.position : id; };
  if (event.has_warning_proposed()) return id_or_here(event.warning_proposed().warning_id());
  if (event.has_warning_issued()) return id_or_here(event.warning_issued().warning_id());
  if (event.has_warning_refused()) return event.warning_refused().warning_id();
  if (event.has_warning_lifted()) return event.warning_lifted().warning_id();
  if (event.has_warning_expired()) return event.warning_expired().warning_id();
  return event.has_warning_filed() ? event.warning_filed().warning_id() : 0;
}

// A proposal that nobody approved in its own validity has expired as well.
void index_row(State::Rows& rows, const v1::Warning& warning) {
  base::TimeUs at = 0;
  if (warning.state() == v1::Warning::STATE_IN_FORCE) at = warning.content().until_us();
  if (warning.state() == v1::Warning::STATE_PROPOSED) at = warning.pending().content().until_us();
  if (warning.state() == v1::Warning::STATE_EXPIRED) at = warning.listed_until_us();
  rows.deadlines.set({DeadlineKind::WarningEnds, warning.id()}, at);
}

bool is_open(const State::Rows&, const v1::Warning& row) {
  return row.state() == v1::Warning::STATE_PROPOSED || row.state() == v1::Warning::STATE_IN_FORCE ||
         row.state() == v1::Warning::STATE_EXPIRED;
}

}  // namespace fenghuo::core
