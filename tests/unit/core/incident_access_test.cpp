// SPDX-License-Identifier: Apache-2.0
#include "hub/core/rows.h"
#include "tests/unit/core/incident_center.h"

#include <map>
#include <set>
#include <string_view>
#include <utility>

// Who may do what to an incident: the whole matrix, as text.
namespace fenghuo::testing {
namespace {

class IncidentAccessTest : public IncidentTest {
 protected:
  IncidentAccessTest() {
    v1::Plan more = plan_with_rules();
    auto& gone = account(more, "gone", {});
    gone.set_kind(v1::Account::KIND_GUEST);
    gone.set_access_until_us(CoreCenter::start + 1);
    gone.add_rooms("fire");
    account(more, "off", {"eoc/chief"});
    v1::Command with_them;
    *with_them.mutable_apply_plan()->mutable_plan() = more;
    FENGHUO_CHECK(does("hub", with_them).has_value());
    v1::Command off;
    *off.mutable_put_account()->mutable_account() = *center.state().account_by_key("off");
    off.mutable_put_account()->mutable_account()->set_disabled(true);
    FENGHUO_CHECK(does("hub", off).has_value());
    center.advance(1);
    // Level IV, raised alone by "second" to III (proposal 1); II requested (2), IV (3) and II (4)
    // proposed by "fang".
    open = declared(v1::LEVEL_IV);
    v1::Command alone;
    set(*alone.mutable_break_glass(), open).set_response_level(v1::LEVEL_III);
    alone.mutable_break_glass()->set_reason("x");
    FENGHUO_CHECK(does("second", alone).has_value());
    for (const v1::Level level : {v1::LEVEL_II, v1::LEVEL_IV, v1::LEVEL_II}) {
      v1::Command command = propose(open, level);
      command.mutable_propose_level()->clear_level();
      FENGHUO_CHECK(does("fang", command).has_value());
    }
    v1::Command request;
    request.mutable_request_level()->set_incident_id(open);
    request.mutable_request_level()->set_proposal(2);
    FENGHUO_CHECK(does("mayor", request).has_value());
    // Called void by "chief".
    doubtful = declared(v1::LEVEL_III);
    v1::Command command;
    command.mutable_propose_void()->set_incident_id(doubtful);
    command.mutable_propose_void()->set_reason("x");
    FENGHUO_CHECK(does("chief", command).has_value());
    over = declared(v1::LEVEL_IV);
    FENGHUO_CHECK(does("chief", stand_down(over)).has_value());
  }

  template <typename T>
  T& set(T& command, base::EntityId id) {
    command.set_incident_id(id);
    command.set_seen_revision(incident(id).revision());
    return command;
  }

  // One command of every kind.
  std::vector<std::pair<std::string, v1::Command>> commands() {
    std::vector<std::pair<std::string, v1::Command>> all;
    const auto add = [&all](const char* name) -> v1::Command& {
      return all.emplace_back(name, v1::Command()).second;
    };
    add("declare") = declare();
    set(*add("confirm level").mutable_confirm_level(), open);
    add("change phase") = phase(open, v1::INCIDENT_PHASE_HANDLING);
    auto& activate = set(*add("activate command").mutable_activate_command(), open);
    activate.mutable_on_scene()->set_account_id(who("fei"));
    auto& form = *add("form groups").mutable_form_groups();
    form.set_incident_id(open);
    form.add_groups()->set_key("experts");
    form.mutable_groups(0)->mutable_name()->set_en("Experts");
    auto& count = *add("change casualties").mutable_change_casualties();
    count.set_incident_id(open);
    count.set_source("120");
    add("propose level") = propose(open, v1::LEVEL_I);
    add("decide level") = decide(open, 3);
    auto& alone = set(*add("break glass").mutable_break_glass(), open);
    alone.set_level(v1::LEVEL_III);
    alone.set_reason("x");
    auto& confirm = *add("confirm glass").mutable_confirm_break_glass();
    confirm.set_incident_id(open);
    confirm.set_proposal(1);
    auto& request = *add("request level").mutable_request_level();
    request.set_incident_id(open);
    request.set_proposal(4);
    auto& answer = *add("answer request").mutable_answer_request();
    answer.set_incident_id(open);
    answer.set_proposal(2);
    answer.set_approve(true);
    auto& file = *add("file report").mutable_file_report();
    file.set_incident_id(open);
    file.set_kind(v1::REPORT_KIND_FOLLOW_UP);
    file.set_medium(v1::REPORT_MEDIUM_PHONE);
    auto& wrong = *add("propose void").mutable_propose_void();
    wrong.set_incident_id(open);
    wrong.set_reason("x");
    set(*add("confirm void").mutable_confirm_void(), doubtful);
    auto& merge = set(*add("merge").mutable_merge_incidents(), doubtful);
    merge.set_into_id(open);
    merge.set_reason("x");
    add("stand down") = stand_down(open);
    add("file evaluation") = evaluate(over, "x");
    return all;
  }

  base::Result<core::Decision> decided(std::string_view actor, v1::Command command);

  base::EntityId open = 0;
  base::EntityId doubtful = 0;
  base::EntityId over = 0;
};

// Columns: the hub; "chief" (may declare, decides IV) and "second", command seats; "mayor", the
// commander, who decides III and confirms; "fang", a member of the room; "fei" and "nobody", who
// are not; "province", which decides II and was asked; "sensor", a bot; "guest"; "off",
// disabled; "gone", expired; "room", a contact, as the chief records him.
constexpr std::string_view matrix = R"(
                  hub chief second mayor fang fei province nobody sensor guest off gone room
declare           yes yes no no no no no no no no off gone never
confirm level     yes no no yes no none no none none none off gone no
change phase      yes yes yes yes no none no none none none off gone no
activate command  yes yes yes yes no none no none none none off gone no
form groups       yes yes yes yes no none no none none none off gone no
change casualties yes yes yes yes yes none yes none none none off gone no
propose level     yes yes yes yes yes none yes none none none off gone no
decide level      yes no no yes no none no none none none off gone no
break glass       yes yes yes yes no none no none none none off gone no
confirm glass     yes yes same yes no none no none none none off gone no
request level     yes yes yes yes no none no none none none off gone no
answer request    yes no no no no none yes none none none off gone no
file report       yes yes yes yes no none no none none none off gone no
propose void      yes yes yes yes no none no none none none off gone no
confirm void      yes same yes yes no none none none none none off gone no
merge             yes yes yes yes no none none none none none off gone no
stand down        yes no no yes no none no none none none off gone no
file evaluation   yes yes yes yes no none none none none none off gone no
)";

std::string word(const base::Result<core::Decision>& decision) {
  if (decision) return "yes";
  const v1::ErrorCode code = decision.error().code();
  if (code == v1::ERROR_CODE_FORBIDDEN) return "no";
  if (code == v1::ERROR_CODE_NOT_FOUND) return "none";
  if (code == v1::ERROR_CODE_SAME_PERSON) return "same";
  if (code == v1::ERROR_CODE_ACCOUNT_DISABLED) return "off";
  if (code == v1::ERROR_CODE_ACCESS_EXPIRED) return "gone";
  // Of what is done, never of what is said.
  if (decision.error().field() == "on_behalf") return "never";
  return decision.error().to_string();
}

// "room": the chief records what the duty room of the province said by telephone.
base::Result<core::Decision> IncidentAccessTest::decided(std::string_view actor,
                                                         v1::Command command) {
  const base::EntityId id = actor == "hub" ? 0 : who(actor == "room" ? "chief" : actor);
  if (actor == "room") {
    v1::OnBehalf& said = *command.mutable_on_behalf();
    said.set_contact_id(center.state().rows().contact_keys.at("province-room"));
    said.set_medium(v1::OnBehalf::MEDIUM_PHONE);
    said.set_stated_at_us(center.now());
  }
  return core::decide(center.state(), center.envelope(id, std::move(command)), center.now());
}

TEST_F(IncidentAccessTest, TheMatrix) {
  constexpr const char* actors[] = {"hub", "chief",    "second", "mayor",  "fang",
                                    "fei", "province", "nobody", "sensor", "guest",
                                    "off", "gone",     "room"};
  std::string text = "\n" + std::string(17, ' ');
  for (const char* actor : actors) text += std::string(" ") + actor;
  text += "\n";
  for (const auto& [name, command] : commands()) {
    text += name + std::string(17 - name.size(), ' ');
    for (const char* actor : actors) {
      text += " " + word(decided(actor, command));
    }
    text += "\n";
  }
  EXPECT_EQ(text, matrix);
}

TEST_F(IncidentAccessTest, EveryCommandOnIncidentsIsInTheMatrix) {
  const auto* oneof = v1::Command::descriptor()->FindOneofByName("kind");
  std::set<int> seen;
  for (const auto& [name, command] : commands()) seen.insert(command.kind_case());
  for (int i = 0; i < oneof->field_count(); ++i) {
    const int number = oneof->field(i)->number();
    if (number < 150 || number >= 190) continue;
    EXPECT_TRUE(seen.contains(number)) << oneof->field(i)->name();
  }
}

}  // namespace
}  // namespace fenghuo::testing
