// SPDX-License-Identifier: Apache-2.0
#include "hub/base/limits.h"
#include "hub/core/feedback.h"
#include "hub/core/incident_rules.h"
#include "hub/core/messaging.h"

#include <algorithm>
#include <string>
#include <utility>

namespace fenghuo::core {
namespace {

namespace limits = base::limits;
using base::EntityId;

bool waives(const v1::StandDown& command, v1::Waiver::Kind kind, EntityId order_id) {
  return std::any_of(command.waivers().begin(), command.waivers().end(), [&](const auto& one) {
    return one.kind() == kind && one.order_id() == order_id;
  });
}

base::Error in_the_way(const std::string& what, EntityId order_id) {
  base::Error error = bad_argument("stand_down.waivers", "this stands in the way: " + what);
  error.with("what", what);
  if (order_id != 0) error.with("order", std::to_string(order_id));
  return error;
}

Problem check_waivers(const v1::StandDown& command) {
  const std::string at = "stand_down.waivers";
  if (auto problem =
          check_count(static_cast<std::size_t>(command.waivers_size()), limits::waivers_max, at)) {
    return problem;
  }
  for (const v1::Waiver& one : command.waivers()) {
    if (one.kind() == v1::Waiver::KIND_UNSPECIFIED || !v1::Waiver::Kind_IsValid(one.kind())) {
      return bad_argument(at + ".kind", "unknown");
    }
    if (auto problem = check_reason(one.reason(), at + ".reason")) return problem;
  }
  return std::nullopt;
}

// What must not be left behind, unless somebody signs for it.
Problem check_obstacles(const Context& context, const v1::Incident& incident,
                        const v1::StandDown& command, const std::vector<const v1::Order*>& orders) {
  for (const v1::Order* order : orders) {
    if (order->state() == v1::Order::STATE_OPEN) {
      if (!waives(command, v1::Waiver::KIND_UNACCEPTED_ORDER, order->id())) {
        return in_the_way("an unaccepted order", order->id());
      }
    } else if (order->done_by_us() != 0 && order->done_by_us() < context.now &&
               !waives(command, v1::Waiver::KIND_OVERDUE_ORDER, order->id())) {
      return in_the_way("an overdue order", order->id());
    }
  }
  if (incident.casualties().missing() != 0 &&
      !waives(command, v1::Waiver::KIND_MISSING_PERSONS, 0)) {
    return in_the_way("missing persons without explanation", 0);
  }
  return std::nullopt;
}

// The commander, his deputy, or who decides on the level that is in force.
base::Result<EntityId> check_ends(const Context& context, const v1::Incident& incident) {
  const auto role = check_commands(context, incident);
  const v1::LevelAuthority* authority = nullptr;
  for (const v1::LevelAuthority& one : context.rows.configuration().level_authorities()) {
    if (one.level() == ruling_level(incident)) authority = &one;
  }
  if (context.is_hub() || authority == nullptr) return role;
  RoleKeys keys = authority->decides();
  if (!authority->above_role().empty()) *keys.Add() = authority->above_role();
  if (const EntityId role_id = role_among(context, keys)) return role_id;
  const v1::CommandPosts& posts = incident.posts();
  for (const v1::CommandPost* post : {&posts.commander(), &posts.deputy()}) {
    const bool is_his = post->account_id() != 0 ? gives_as_account(context, post->account_id())
                                                : gives_as(context, post->role_id());
    if (is_his) return post->role_id();
  }
  return forbidden("stand_down", "only who commands the incident or decides on its level");
}

Problem check_sections(const Context& context, const v1::Incident& incident,
                       const v1::FileEvaluation& command, std::string& text) {
  text = "【" + incident.title() + "】总结评估";
  const google::protobuf::RepeatedPtrField<v1::ReportField> none;
  const v1::IncidentRules& rules = context.rows.configuration().incident_rules();
  const bool sentence = incident.level() == v1::LEVEL_IV;
  if (auto problem = word_fields(command.sections(), sentence ? none : rules.evaluation_sections(),
                                 false, "file_evaluation.sections", text)) {
    return problem;
  }
  if (!command.text().empty()) text += "\n" + command.text();
  if (command.sections().empty() && command.text().empty()) {
    return bad_argument("file_evaluation.text", "a sentence at least");
  }
  return check_text(text, 1, limits::message_text_bytes_max, "file_evaluation.text");
}

}  // namespace

std::vector<EntityId> all_merged(const State::Rows& rows, const v1::Incident& incident) {
  std::vector<EntityId> found(incident.merged_ids().begin(), incident.merged_ids().end());
  // No incident is merged twice, so this ends.
  for (std::size_t i = 0; i < found.size(); ++i) {
    const v1::Incident& one = *rows.incidents.find(found[i]);
    found.insert(found.end(), one.merged_ids().begin(), one.merged_ids().end());
  }
  return found;
}

base::Result<Decision> decide_propose_void(const Context& context, const v1::ProposeVoid& command) {
  const auto found = find_incident(context, command.incident_id(), "propose_void.incident_id");
  if (!found) return found.error();
  const v1::Incident& incident = **found;
  const auto role = check_commands(context, incident);
  if (!role) return role.error();
  if (incident.state() != v1::Incident::STATE_OPEN) {
    return bad_argument("propose_void.incident_id", "the response is over");
  }
  if (incident.has_void_proposal()) {
    return base::Error(v1::ERROR_CODE_ALREADY_EXISTS, "it is proposed already",
                       "propose_void.incident_id");
  }
  if (auto problem = check_reason(command.reason(), "propose_void.reason")) return *problem;
  Draft draft(context);
  v1::VoidProposed& event = *add_as(context, draft, *role).mutable_void_proposed();
  event.set_incident_id(incident.id());
  event.set_reason(command.reason());
  return draft.finish();
}

base::Result<Decision> decide_confirm_void(const Context& context, const v1::ConfirmVoid& command) {
  const auto found = find_incident_at(context, command.incident_id(), command.seen_revision(),
                                      "confirm_void.incident_id");
  if (!found) return found.error();
  const v1::Incident& incident = **found;
  const auto role = check_commands(context, incident);
  if (!role) return role.error();
  if (!incident.has_void_proposal() || incident.state() != v1::Incident::STATE_OPEN) {
    return bad_argument("confirm_void.incident_id", "nobody proposed it");
  }
  if (is_involved(context, incident.void_proposal().by_id())) {
    return base::Error(v1::ERROR_CODE_SAME_PERSON, "the second person must be another one");
  }
  Draft draft(context);
  v1::IncidentVoided& event = *add_as(context, draft, *role).mutable_incident_voided();
  event.set_incident_id(incident.id());
  for (EntityId id : owed_reports(context.rows, incident.id(), false)) {
    event.add_dropped_report_ids(id);
  }
  draft_orders_end(context, incident, v1::Order::STATE_CANCELLED,
                   "误报：" + incident.void_proposal().reason(), draft);
  return draft.finish();
}

base::Result<Decision> decide_merge_incidents(const Context& context,
                                              const v1::MergeIncidents& command) {
  const auto found = find_incident_at(context, command.incident_id(), command.seen_revision(),
                                      "merge_incidents.incident_id");
  if (!found) return found.error();
  const auto into = find_incident(context, command.into_id(), "merge_incidents.into_id");
  if (!into) return into.error();
  const v1::Incident& incident = **found;
  if (incident.id() == (*into)->id()) {
    return bad_argument("merge_incidents.into_id", "another incident");
  }
  if (incident.state() != v1::Incident::STATE_OPEN ||
      (*into)->state() != v1::Incident::STATE_OPEN) {
    return bad_argument("merge_incidents.incident_id", "the response is over");
  }
  const auto role = check_commands(context, incident);
  if (!role) return role.error();
  const auto also = check_commands(context, **into);
  if (!also) return also.error();
  if (auto problem = check_reason(command.reason(), "merge_incidents.reason")) return *problem;
  Draft draft(context);
  v1::IncidentsMerged& event = *add_as(context, draft, *role).mutable_incidents_merged();
  event.set_incident_id(incident.id());
  event.set_into_id((*into)->id());
  event.set_reason(command.reason());
  return draft.finish();
}

base::Result<Decision> decide_stand_down(const Context& context, const v1::StandDown& command) {
  const auto found = find_incident_at(context, command.incident_id(), command.seen_revision(),
                                      "stand_down.incident_id");
  if (!found) return found.error();
  const v1::Incident& incident = **found;
  if (incident.state() != v1::Incident::STATE_OPEN) {
    return bad_argument("stand_down.incident_id", "the response is over");
  }
  const auto role = check_ends(context, incident);
  if (!role) return role.error();
  if (auto problem = check_reason(command.reason(), "stand_down.reason")) return *problem;
  if (auto problem = check_waivers(command)) return *problem;
  const std::vector<const v1::Order*> orders = running_orders(context.rows, incident);
  if (auto problem = check_obstacles(context, incident, command, orders)) return *problem;
  Draft draft(context);
  v1::StoodDown& event = *add_as(context, draft, *role).mutable_stood_down();
  event.set_incident_id(incident.id());
  event.set_reason(command.reason());
  *event.mutable_waivers() = command.waivers();
  for (const v1::Order* one : orders) event.add_ended_order_ids(one->id());
  for (EntityId id : owed_reports(context.rows, incident.id(), true)) {
    event.add_dropped_report_ids(id);
  }
  draft_final_reports(context, incident, draft);
  draft_orders_end(context, incident, v1::Order::STATE_ENDED, command.reason(), draft);
  draft_feedback_asks(context, incident, draft);
  return draft.finish();
}

base::Result<Decision> decide_file_evaluation(const Context& context,
                                              const v1::FileEvaluation& command) {
  const auto found = find_incident(context, command.incident_id(), "file_evaluation.incident_id");
  if (!found) return found.error();
  const v1::Incident& incident = **found;
  const auto role = check_commands(context, incident);
  if (!role) return role.error();
  if (incident.state() != v1::Incident::STATE_STOOD_DOWN) {
    return bad_argument("file_evaluation.incident_id", "after the stand-down");
  }
  v1::PostMessage post;
  post.set_channel_id(incident.channel_id());
  if (auto problem = check_sections(context, incident, command, *post.mutable_text())) {
    return *problem;
  }
  Draft draft(context);
  v1::EvaluationFiled& event = *add_as(context, draft, *role).mutable_evaluation_filed();
  event.set_incident_id(incident.id());
  event.set_message_id(draft.next());
  for (const v1::FileReport::Field& one : command.sections()) *event.add_sections() = one.key();
  draft_posted(context, *context.rows.channels.find(incident.channel_id()), post, draft);
  return draft.finish();
}

}  // namespace fenghuo::core
