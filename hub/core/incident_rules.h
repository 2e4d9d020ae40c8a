// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/core/incident.h"

#include <optional>
#include <string>
#include <vector>

namespace fenghuo::core {

// What the commands on incidents share. Private to this folder.

using RoleKeys = google::protobuf::RepeatedPtrField<std::string>;

base::Result<Decision> decide_declare_incident(const Context& context,
                                               const v1::DeclareIncident& command);
base::Result<Decision> decide_confirm_level(const Context& context,
                                            const v1::ConfirmLevel& command);
base::Result<Decision> decide_change_phase(const Context& context, const v1::ChangePhase& command);
base::Result<Decision> decide_activate_command(const Context& context,
                                               const v1::ActivateCommand& command);
base::Result<Decision> decide_form_groups(const Context& context, const v1::FormGroups& command);
base::Result<Decision> decide_change_casualties(const Context& context,
                                                const v1::ChangeCasualties& command);
base::Result<Decision> decide_propose_level(const Context& context,
                                            const v1::ProposeLevel& command);
base::Result<Decision> decide_decide_level(const Context& context, const v1::DecideLevel& command);
base::Result<Decision> decide_break_glass(const Context& context, const v1::BreakGlass& command);
base::Result<Decision> decide_confirm_break_glass(const Context& context,
                                                  const v1::ConfirmBreakGlass& command);
base::Result<Decision> decide_request_level(const Context& context,
                                            const v1::RequestLevel& command);
base::Result<Decision> decide_answer_request(const Context& context,
                                             const v1::AnswerRequest& command);
base::Result<Decision> decide_file_report(const Context& context, const v1::FileReport& command);
base::Result<Decision> decide_propose_void(const Context& context, const v1::ProposeVoid& command);
base::Result<Decision> decide_confirm_void(const Context& context, const v1::ConfirmVoid& command);
base::Result<Decision> decide_merge_incidents(const Context& context,
                                              const v1::MergeIncidents& command);
base::Result<Decision> decide_stand_down(const Context& context, const v1::StandDown& command);
base::Result<Decision> decide_file_evaluation(const Context& context,
                                              const v1::FileEvaluation& command);

void fire_report(const Context& context, base::EntityId report_id, Draft& draft);

// Whether an account may see it, by channels and command seats.
bool sees_incident(const State::Rows& rows, base::EntityId account_id,
                   const v1::Incident& incident);

// The incident, if the actor sees it; else not_found. An ended one (void, merged, archived) is
// refused unless `ended_too`.
base::Result<const v1::Incident*> find_incident(const Context& context, base::EntityId id,
                                                const std::string& field, bool ended_too = false);
// The same, and seen in its current revision.
base::Result<const v1::Incident*> find_incident_at(const Context& context, base::EntityId id,
                                                   std::uint64_t seen_revision,
                                                   const std::string& field);

// Whose word the command is: the sender's, or that of the role, account or contact it is recorded
// for. Authority is the giver's; seeing and writing are the sender's.
bool gives_as(const Context& context, base::EntityId role_id);
bool gives_as_account(const Context& context, base::EntityId account_id);
// Whether this person speaks here, or writes it down: a second person must be neither.
bool is_involved(const Context& context, base::EntityId account_id);

// A role the giver has: the one acted in if it is among them, else the first; 0 = none.
base::EntityId role_among(const Context& context, const RoleKeys& keys);
base::EntityId role_of_key(const State::Rows& rows, const std::string& key);

// In what the giver commands: a command seat, or a post of the incident. 0 when only by name.
std::optional<base::EntityId> command_role(const Context& context, const v1::Incident& incident);
// A refusal, or the role.
base::Result<base::EntityId> check_commands(const Context& context, const v1::Incident& incident);

Problem check_reason(const std::string& reason, const std::string& field);
Problem check_level(v1::Level level, const std::string& field, bool may_be_unset);

// The graver of two; unspecified counts as none.
v1::Level graver(v1::Level a, v1::Level b);
// The level that limits and authorities go by: the response level, else the incident's.
v1::Level ruling_level(const v1::Incident& incident);

// A key nobody has yet, like the wanted one: nothing urgent is refused because of a name.
std::string free_channel_key(const State& state, std::string wanted);

// Every incident that goes on in this one, directly or by another.
std::vector<base::EntityId> all_merged(const State::Rows& rows, const v1::Incident& incident);

// An event of the actor in this role, unless he said another.
v1::Event& add_as(const Context& context, Draft& draft, base::EntityId role_id);

// Opens the reports that the configuration asks for at the declaration. `incident` as it will be.
void draft_first_reports(const Context& context, const v1::Incident& incident,
                         base::EntityId incident_id, Draft& draft);
// After a change of level: reports newly asked are opened, raised levels shorten what runs.
void draft_report_levels(const Context& context, const v1::Incident& before,
                         const v1::Incident& after, Draft& draft);
// Final reports, when it was stood down.
void draft_final_reports(const Context& context, const v1::Incident& incident, Draft& draft);
// Reports still owed of the incident; only follow-ups, if asked.
std::vector<base::EntityId> owed_reports(const State::Rows& rows, base::EntityId incident_id,
                                         bool follow_ups_only);

// Orders of the incident, and of those that go on in it, which still run.
std::vector<const v1::Order*> running_orders(const State::Rows& rows, const v1::Incident& incident);
// Running ladders that go by the level take those of the new one.
void draft_order_levels(const Context& context, const v1::Incident& before,
                        const v1::Incident& after, Draft& draft);

void draft_orders_end(const Context& context, const v1::Incident& incident, v1::Order::State state,
                      const std::string& reason, Draft& draft);
// Something about the incident is overdue: its roles are called by an order, as far as the
// configuration has a ladder; what is overdue is shown all the same.
void draft_call(const Context& context, const v1::Incident& incident, const RoleKeys& roles,
                const std::string& text, Draft& draft);
void draft_call(const Context& context, const v1::Incident& incident,
                const std::vector<base::EntityId>& role_ids, const std::string& text, Draft& draft);
// The next of the template's orders.
void fire_template_order(const Context& context, const v1::Incident& incident, Draft& draft);

// Adds one `field：value` line for each; refuses what is too long, unknown twice, or missing.
Problem word_fields(const google::protobuf::RepeatedPtrField<v1::FileReport::Field>& fields,
                    const google::protobuf::RepeatedPtrField<v1::ReportField>& required,
                    bool may_be_pending, const std::string& field, std::string& text);

}  // namespace fenghuo::core
