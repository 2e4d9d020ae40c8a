// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/core/duty.h"
#include "tests/unit/core/fixture.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fenghuo::testing {

// The command center of CoreTest with a duty desk: "eoc/desk" (a command seat) with li and zhang
// and lin as primaries by appointment, he as deputy, chen as leader. Time is told in hours after
// `t0`, where the story begins.
class DutyStory : public CoreTest {
 protected:
  static constexpr base::TimeUs minute = 60 * base::us_per_s;
  static constexpr base::TimeUs hour = 60 * minute;
  static constexpr auto Primary = v1::Appointment::STANDING_PRIMARY;
  static constexpr auto Deputy = v1::Appointment::STANDING_DEPUTY;
  static constexpr auto Leader = v1::Appointment::STANDING_LEADER;

  DutyStory() { apply_plan(duty_plan()); }

  static v1::Plan duty_plan() {
    v1::Plan plan = CoreTest::plan();
    role(plan, "eoc/desk", "eoc").set_command_seat(true);
    const auto person = [&plan](const char* key, v1::Appointment::Standing standing) {
      account(plan, key, {"eoc/desk"}).mutable_appointments(0)->set_standing(standing);
    };
    person("li", Primary);
    person("zhang", Primary);
    person("lin", Primary);
    person("he", Deputy);
    person("chen", Leader);
    v1::DutyRules& rules = *plan.mutable_configuration()->mutable_duty();
    rules.set_handover_overdue_us(15 * minute);
    rules.set_roster_gap_lead_us(2 * hour);
    return plan;
  }
  void apply_plan(v1::Plan plan) {
    v1::Command command;
    *command.mutable_apply_plan()->mutable_plan() = std::move(plan);
    const auto done = center.submit(0, command);
    FENGHUO_CHECK(done.has_value());
  }

  const core::State::Rows& rows() const { return std::as_const(center.state()).rows(); }
  base::TimeUs at(double hours) const {
    return t0 + static_cast<base::TimeUs>(hours * static_cast<double>(hour));
  }
  void until(double hours) { center.advance(at(hours) - center.now()); }

  // Who stands there now: keys with commas between them, or "-" and the reason.
  std::string standing(std::string_view role_key, v1::Appointment::Standing which,
                       base::TimeUs when) const {
    std::string text;
    for (const v1::Holder& one : core::holders(rows(), post_of(role_key), which, when)) {
      if (!text.empty()) text += ",";
      text += name_of(one);
    }
    return text;
  }
  std::string on_desk(v1::Appointment::Standing which = Primary) const {
    return standing("eoc/desk", which, center.now());
  }
  std::string name_of(const v1::Holder& one) const {
    if (one.account_id() != 0) return center.state().account(one.account_id())->key();
    if (one.contact_id() != 0) return "contact";
    return "- " + one.vacant();
  }

  v1::Shift shift(std::string_view account, double from, double to,
                  v1::Appointment::Standing standing = Primary) const {
    v1::Shift one;
    one.set_role_id(post_of("eoc/desk"));
    one.set_standing(standing);
    one.set_account_id(who(account));
    one.set_start_us(at(from));
    one.set_end_us(at(to));
    return one;
  }
  static v1::Command put(const std::vector<v1::Shift>& shifts) {
    v1::Command command;
    command.mutable_put_shifts();
    for (const v1::Shift& one : shifts) *command.mutable_put_shifts()->add_shifts() = one;
    return command;
  }
  static v1::Command cancel(const v1::Shift& shift) {
    v1::Command command;
    command.mutable_cancel_shift()->set_shift_id(shift.id());
    command.mutable_cancel_shift()->set_seen_revision(shift.revision());
    return command;
  }
  // Empty account = explicitly nobody.
  v1::Command override_by(std::string_view account, double from, double to,
                          const std::string& reason = "ill") const {
    v1::Command command;
    v1::DutyOverride& one = *command.mutable_put_override()->mutable_override();
    one.set_role_id(post_of("eoc/desk"));
    one.mutable_holder()->set_standing(Primary);
    if (account.empty()) {
      one.mutable_holder()->set_vacant("");
    } else {
      one.mutable_holder()->set_account_id(who(account));
    }
    one.set_start_us(at(from));
    one.set_end_us(at(to));
    one.set_reason(reason);
    return command;
  }
  const v1::Shift& last_shift() const { return *(rows().shifts.end() - 1)->row; }
  const v1::DutyOverride& last_override() const { return *(rows().overrides.end() - 1)->row; }

  // How often the record says an event of this kind since the story began.
  int told(v1::Event::KindCase kind) const {
    int count = 0;
    for (std::size_t i = begin; i < center.log().size(); ++i) {
      if (CoreCenter::decode(center.log()[i]).event.kind_case() == kind) ++count;
    }
    return count;
  }

  base::TimeUs t0 = CoreCenter::start;
  std::size_t begin = center.log().size();
};

}  // namespace fenghuo::testing
