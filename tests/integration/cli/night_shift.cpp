// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/cli/night_shift.h"

#include "hub/base/types.h"
#include "tests/support/make_center.h"

#include <filesystem>
#include <initializer_list>

namespace fenghuo::testing {
namespace {

// Far above anything that happens; only a defect asks so often.
constexpr int questions_max = 600;

void add_role(v1::Plan& plan, const char* key, const char* hans, const char* en,
              std::initializer_list<v1::Grant::Verb> grants) {
  auto& role = *plan.add_roles();
  role.set_key(key);
  role.set_department(std::string(key).substr(0, std::string(key).find('/')));
  role.mutable_name()->set_zh_hans(hans);
  role.mutable_name()->set_en(en);
  role.set_command_seat(role.department() == "eoc");
  for (const auto verb : grants) {
    auto& grant = *role.add_grants();
    grant.set_verb(verb);
    grant.set_scope(v1::Grant::SCOPE_CENTER);
    grant.set_condition(v1::Grant::CONDITION_APPOINTED);
  }
}

void add_person(v1::Plan& plan, const char* key, const char* hans, const char* role,
                v1::Appointment::Standing standing) {
  auto& account = *plan.add_accounts();
  account.set_key(key);
  account.set_kind(v1::Account::KIND_PERSON);
  account.set_department(std::string(role).substr(0, std::string(role).find('/')));
  account.mutable_name()->set_zh_hans(hans);
  account.mutable_name()->set_en(key);
  account.add_phones()->set_number(std::string("139-") + key);
  auto& appointment = *account.add_appointments();
  appointment.set_role(role);
  appointment.set_standing(standing);
}

v1::Ladder telephone() {
  v1::Ladder ladder;
  ladder.set_key("telephone");
  ladder.mutable_name()->set_en("Telephone");
  ladder.set_accept_within_us(60 * base::us_per_s);
  ladder.set_last_wait_us(60 * base::us_per_s);
  ladder.set_exhausted_repeat_us(60 * base::us_per_s);
  ladder.set_gate_wait_us(60 * base::us_per_s);
  for (const auto standing :
       {v1::Appointment::STANDING_PRIMARY, v1::Appointment::STANDING_DEPUTY}) {
    v1::Rung& rung = *ladder.add_rungs();
    rung.set_after_us(base::us_per_s);
    rung.add_targets()->set_standing(standing);
    rung.add_means(v1::MEANS_CALL);
  }
  for (const auto precedence : {v1::PRECEDENCE_ROUTINE, v1::PRECEDENCE_PRIORITY,
                                v1::PRECEDENCE_IMMEDIATE, v1::PRECEDENCE_FLASH}) {
    ladder.add_precedences(precedence);
  }
  return ladder;
}

v1::ReportRule initial_report() {
  v1::ReportRule rule;
  rule.set_key("initial");
  rule.mutable_name()->set_zh_hans("书面初报");
  rule.mutable_name()->set_en("Initial report");
  rule.set_kind(v1::REPORT_KIND_INITIAL);
  rule.set_medium(v1::REPORT_MEDIUM_WRITTEN);
  rule.set_clock(v1::ReportRule::CLOCK_RECEIVED);
  rule.set_receiver("省值班室");
  for (int level = v1::LEVEL_I; level <= v1::LEVEL_IV; ++level) {
    auto& limit = *rule.add_limits();
    limit.set_level(static_cast<v1::Level>(level));
    limit.set_within_us(3'600 * base::us_per_s);
  }
  for (const char* key : {"place", "cause"}) {
    auto& field = *rule.add_required();
    field.set_key(key);
    field.mutable_name()->set_zh_hans(key[0] == 'p' ? "地点" : "原因");
  }
  return rule;
}

v1::IncidentTemplate leak() {
  v1::IncidentTemplate one;
  one.set_key("leak");
  one.mutable_name()->set_zh_hans("危化品泄漏");
  one.set_category(v1::INCIDENT_CATEGORY_ACCIDENT);
  one.set_reference("预案一");
  auto& group = *one.add_groups();
  group.set_key("rescue");
  group.mutable_name()->set_zh_hans("抢险组");
  group.set_lead("water/liaison");
  auto& order = *one.add_orders();
  order.set_text("关闭下游取水口");
  order.add_to("water/liaison");
  order.set_precedence(v1::PRECEDENCE_IMMEDIATE);
  return one;
}

v1::Configuration rules() {
  v1::Configuration configuration;
  *configuration.add_ladders() = telephone();
  configuration.set_sign_within_us(3'600 * base::us_per_s);
  configuration.set_duty_chief("eoc/chief");
  auto& approval = *configuration.mutable_warnings()->add_approvals();
  approval.set_colour(v1::Warning::COLOUR_RED);
  approval.add_roles("eoc/leader");
  *configuration.add_incident_templates() = leak();
  *configuration.add_report_rules() = initial_report();
  configuration.mutable_incident_rules()->set_confirming_role("eoc/leader");
  configuration.mutable_incident_rules()->set_confirm_within_us(600 * base::us_per_s);
  return configuration;
}

v1::Plan night_plan() {
  v1::Plan plan;
  plan.set_center_id("center");
  plan.mutable_name()->set_en("Test center");
  plan.set_zone("Asia/Shanghai");
  for (const char* key : {"eoc", "water"}) {
    plan.add_departments()->set_key(key);
    plan.mutable_departments(plan.departments_size() - 1)->mutable_name()->set_en(key);
  }
  add_role(plan, "eoc/chief", "值班长", "Duty chief",
           {v1::Grant::VERB_ORDER, v1::Grant::VERB_DECLARE, v1::Grant::VERB_WARN,
            v1::Grant::VERB_ROSTER, v1::Grant::VERB_FLASH});
  add_role(plan, "eoc/leader", "带班领导", "Duty leader",
           {v1::Grant::VERB_ORDER, v1::Grant::VERB_DECLARE, v1::Grant::VERB_WARN});
  add_role(plan, "water/liaison", "水务联络员", "Water liaison", {});
  add_person(plan, "zhang", "张启明", "eoc/chief", v1::Appointment::STANDING_PRIMARY);
  add_person(plan, "zhou", "周卫", "eoc/chief", v1::Appointment::STANDING_DEPUTY);
  add_person(plan, "sun", "孙领", "eoc/leader", v1::Appointment::STANDING_PRIMARY);
  add_person(plan, "li", "李水", "water/liaison", v1::Appointment::STANDING_PRIMARY);
  add_person(plan, "wang", "王闸", "water/liaison", v1::Appointment::STANDING_DEPUTY);
  auto& channel = *plan.add_channels();
  channel.set_key("watch");
  channel.set_kind(v1::Channel::KIND_GROUP);
  channel.mutable_name()->set_en("Watch");
  channel.set_everyone(true);
  channel.set_posting(v1::Channel::POSTING_MEMBERS);
  channel.set_history(v1::Channel::HISTORY_ALL);
  *plan.mutable_configuration() = rules();
  return plan;
}

}  // namespace

NightShift::NightShift() {
  std::string name = ::testing::TempDir() + "night-XXXXXX";
  folder_ = ::mkdtemp(name.data());
  CenterMaker maker(folder_ + "/hub");
  v1::Command command;
  *command.mutable_apply_plan()->mutable_plan() = night_plan();
  maker.run(command);
  for (const char* who : {"zhang", "zhou", "sun", "li", "wang"}) tokens_[who] = maker.token(who);
}

NightShift::~NightShift() { std::filesystem::remove_all(folder_); }

void NightShift::SetUp() {
  hub_ = HubProcess::on(folder_ + "/hub");
  ASSERT_TRUE(hub_->serves()) << hub_->log();
}

int NightShift::run(const std::string& who, const std::vector<std::string>& words,
                    const std::string& input) {
  Terminal terminal(words,
                    {{"FENGHUO_HUB", "http://127.0.0.1:" + std::to_string(hub_->port())},
                     {"FENGHUO_TOKEN", tokens_.at(who)},
                     {"XDG_STATE_HOME", folder_ + "/" + who},
                     {"LC_ALL", "zh_CN.UTF-8"}},
                    input);
  const int code = terminal.wait();
  said_ = terminal.said();
  return code;
}

std::string NightShift::json(const std::string& who, std::vector<std::string> words) {
  words.emplace_back("--json");
  EXPECT_EQ(run(who, words), 0) << said_;
  return said_;
}

bool NightShift::until(const std::string& who, const std::vector<std::string>& words,
                       const std::string& part) {
  for (int i = 0; i < questions_max; ++i) {
    if (run(who, words) == 0 && says(part)) return true;
  }
  return false;
}

std::uint64_t NightShift::number_after(const std::string& part) const {
  const auto at = said_.find(part);
  if (at == std::string::npos) return 0;
  const auto digit = said_.find_first_of("0123456789", at + part.size());
  return digit == std::string::npos ? 0 : std::stoull(said_.substr(digit));
}

}  // namespace fenghuo::testing
