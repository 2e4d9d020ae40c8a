// SPDX-License-Identifier: Apache-2.0
#include "hub/plan/entry_checks.h"

#include "hub/base/limits.h"
#include "hub/plan/spelling.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace fenghuo::plan {

namespace {

namespace limits = base::limits;
using Rules = v1::AlarmRules;

// Says what is wrong at the place of one entry.
class Check {
 public:
  Check(const Fields& fields, Problems& problems) : fields_(fields), problems_(problems) {}

  void operator()(const Rules& rules) const;
  void operator()(const Rules::Point& point) const;
  void operator()(const Rules::CombinationRule& rule) const;
  void operator()(const v1::IncidentTemplate& one) const;
  void operator()(const v1::OrderTemplate& order) const;
  void operator()(const v1::LevelAuthority& authority) const;
  void operator()(const v1::IncidentRules& rules) const;
  void operator()(const v1::ReportRule& rule) const;
  void operator()(const v1::FeedbackRules::Call& call) const;

 private:
  // How many is a number that only the raiser of an order can say.
  void check_aggregate(v1::Order::Aggregate aggregate) const {
    if (aggregate != v1::Order::AGGREGATE_AT_LEAST) return;
    say("asks for at least a number of them", "write aggregate = \"all\" or \"any\"");
  }
  void say(std::string_view what, std::string fix) const {
    problems_.add(fields_.place(), fmt::format("{} {}", fields_.what(), what), std::move(fix));
  }

  const Fields& fields_;
  Problems& problems_;
};

// Near enough to say which is greater: thresholds differ by more than a rounding.
double approximate(const v1::Quantity& quantity) {
  return static_cast<double>(quantity.digits()) * std::pow(10.0, quantity.exponent());
}

void Check::operator()(const Rules& rules) const {
  if ((rules.storm_reports() == 0) == (rules.storm_within_us() == 0)) return;
  say("counts a storm by half", "write both storm-reports = 120 and storm-within = \"60 s\"");
}

void Check::operator()(const Rules::Point& point) const {
  for (int i = 1; i < point.thresholds_size(); ++i) {
    const auto& lower = point.thresholds(i - 1);
    const auto& upper = point.thresholds(i);
    const double rise = approximate(upper.value()) - approximate(lower.value());
    if (upper.stage() > lower.stage() && (point.falling() ? rise < 0 : rise > 0)) continue;
    say("has thresholds out of order",
        point.falling() ? "write stage 1 first; each further stage is lower"
                        : "write stage 1 first; each further stage is higher, or add falling = "
                          "true");
    return;
  }
  if (point.hysteresis().digits() < 0) {
    say("has a hysteresis below 0", "write how far the value must come back, like 2");
  }
}

void Check::operator()(const Rules::CombinationRule& rule) const {
  check_aggregate(rule.aggregate());
}

void Check::operator()(const v1::IncidentTemplate& one) const {
  if (static_cast<std::size_t>(one.groups_size()) > limits::incident_groups_max) {
    say(fmt::format("has {} groups", one.groups_size()),
        fmt::format("{} at most", limits::incident_groups_max));
  }
}

void Check::operator()(const v1::OrderTemplate& order) const {
  if (static_cast<std::size_t>(order.to_size()) > limits::addressees_max) {
    say(fmt::format("is addressed to {} roles", order.to_size()),
        fmt::format("{} at most", limits::addressees_max));
  }
  if (order.done_within_us() > 0 && !order.task()) {
    say("is a notice with a time for doing", "add task = true, or remove done-within");
  }
}

void Check::operator()(const v1::LevelAuthority& authority) const {
  const bool is_above = !authority.above_role().empty() || !authority.above_contact().empty();
  if (authority.decides().empty() && !is_above) {
    say("has nobody who decides",
        "add decides = [\"department/role\"], or above-contact = \"...\" if it lies above this "
        "center");
  }
  if (authority.reply_within_us() > 0 && !is_above) {
    say("waits for a reply and asks nobody", "add above-role or above-contact");
  }
}

void Check::operator()(const v1::IncidentRules& rules) const {
  const bool asked = !rules.confirming_role().empty();
  if (asked != (rules.confirm_within_us() != 0)) {
    say("confirms the first level by half",
        "write both confirming-role = \"department/role\" and confirm-within = \"15 min\"");
  }
  if (static_cast<std::size_t>(rules.evaluation_sections_size()) > limits::report_fields_max) {
    say("has too many evaluation-sections", fmt::format("{} at most", limits::report_fields_max));
  }
}

void Check::operator()(const v1::ReportRule& rule) const {
  if (static_cast<std::size_t>(rule.required_size()) > limits::report_fields_max) {
    say(fmt::format("requires {} fields", rule.required_size()),
        fmt::format("{} at most", limits::report_fields_max));
  }
}

void Check::operator()(const v1::FeedbackRules::Call& call) const {
  check_aggregate(call.aggregate());
}

template <typename Entry>
bool check_as(const google::protobuf::Message& entry, const Check& check) {
  if (entry.GetDescriptor() != Entry::descriptor()) return false;
  check(static_cast<const Entry&>(entry));
  return true;
}

template <typename... Entries>
void check_any(const google::protobuf::Message& entry, const Check& check) {
  (void)(check_as<Entries>(entry, check) || ...);
}

void check_authorities(const v1::Configuration& configuration, Place place, Problems& problems) {
  if (configuration.level_authorities().empty()) return;
  for (const auto level : {v1::LEVEL_I, v1::LEVEL_II, v1::LEVEL_III, v1::LEVEL_IV}) {
    const auto& all = configuration.level_authorities();
    const bool found = std::any_of(all.begin(), all.end(), [level](const v1::LevelAuthority& one) {
      return one.level() == level;
    });
    if (found) continue;
    const std::string word = word_of(*v1::Level_descriptor()->FindValueByNumber(level));
    problems.add(place, fmt::format("nobody could decide on level {}", word),
                 fmt::format("add [[level-authority]] with level = \"{}\"", word));
  }
}

// An order along no ladder calls nobody.
void check_precedences(const v1::Configuration& configuration, Place place, Problems& problems) {
  const bool calls = configuration.alarms().combinations_size() > 0 ||
                     configuration.incident_templates_size() > 0 ||
                     configuration.report_rules_size() > 0;
  if (!calls) return;
  const auto& ladders = configuration.ladders();
  const bool found = std::any_of(ladders.begin(), ladders.end(), [](const v1::Ladder& ladder) {
    const auto& taken = ladder.precedences();
    return std::find(taken.begin(), taken.end(), v1::PRECEDENCE_IMMEDIATE) != taken.end();
  });
  if (found) return;
  problems.add(place,
               "no ladder is for immediate: what the center calls by itself would ring nobody",
               "add precedences = [\"immediate\"] to a [[ladder]]");
}

}  // namespace

void check_entry(const google::protobuf::Message& entry, const Fields& fields, Problems& problems) {
  check_any<Rules, Rules::Point, Rules::CombinationRule, v1::IncidentTemplate, v1::OrderTemplate,
            v1::LevelAuthority, v1::IncidentRules, v1::ReportRule, v1::FeedbackRules::Call>(
      entry, Check(fields, problems));
}

void check_configuration(const v1::Configuration& configuration, Place place, Problems& problems) {
  check_authorities(configuration, place, problems);
  check_precedences(configuration, place, problems);
}

}  // namespace fenghuo::plan
