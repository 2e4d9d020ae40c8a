// SPDX-License-Identifier: Apache-2.0
#include "hub/core/explain.h"

#include "hub/core/duty.h"
#include "hub/core/kinds.h"
#include "hub/core/order_change.h"
#include "hub/core/render.h"
#include "hub/core/rungs.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fenghuo::core {
namespace {

using base::EntityId;
using base::TimeUs;
using Line = v1::ExplainResult::Line;

// The kind of roster row an id names; unspecified = none: an appointment.
v1::RowKind roster_kind(const State::Rows& rows, EntityId id) {
  if (rows.shifts.find(id) != nullptr) return v1::ROW_KIND_SHIFT;
  if (rows.overrides.find(id) != nullptr) return v1::ROW_KIND_OVERRIDE;
  if (rows.handovers.find(id) != nullptr) return v1::ROW_KIND_HANDOVER;
  return v1::ROW_KIND_UNSPECIFIED;
}

bool is_appointed_to(const State::Rows& rows, EntityId account_id, EntityId role_id) {
  return holds(ids_under(rows.appointees, role_id), account_id);
}

// The sentences about one order, for one person, one role or everybody.
class Explanation {
 public:
  Explanation(const State::Rows& rows, const v1::Order& order, const v1::ExplainQuery& query,
              TimeUs now)
      : rows_(rows), order_(order), query_(query), now_(now) {}

  v1::ExplainResult take() && {
    for (const v1::Addressee& one : order_.addressees()) explain(one);
    // What has no known instant comes last.
    const auto key = [](const Line& line) {
      return line.at_us() == 0 ? std::numeric_limits<TimeUs>::max() : line.at_us();
    };
    const auto by_time = [&key](const Line& a, const Line& b) { return key(a) < key(b); };
    std::stable_sort(lines_.begin(), lines_.end(), by_time);
    if (asks_about_one() && lines_.empty() && whys_.empty()) {
      whys_.emplace_back().set_kind(v1::ExplainResult::KIND_NOT_ASKED);
    }
    v1::ExplainResult result;
    result.set_order_id(order_.id());
    result.set_ladder(order_.ladder().key());
    for (Line& line : lines_) *result.add_lines() = std::move(line);
    for (Line& line : whys_) *result.add_lines() = std::move(line);
    return result;
  }

 private:
  bool asks_about_one() const { return query_.account_id() != 0 || query_.role_id() != 0; }

  bool is_about(const v1::Holder& whom, EntityId role_id) const {
    if (query_.account_id() != 0) return whom.account_id() == query_.account_id();
    return query_.role_id() == 0 || query_.role_id() == role_id;
  }
  bool is_about_role(EntityId role_id) const {
    if (query_.account_id() != 0) return is_appointed_to(rows_, query_.account_id(), role_id);
    return query_.role_id() == 0 || query_.role_id() == role_id;
  }

  Line& add(v1::ExplainResult::Kind kind, const v1::Addressee& one, TimeUs at) {
    Line& line = lines_.emplace_back();
    line.set_kind(kind);
    line.set_addressee(one.number());
    line.set_at_us(at);
    return line;
  }
  void set_whom(Line& line, const v1::Holder& whom, EntityId role_id) const {
    *line.mutable_whom() = whom;
    line.set_role_id(role_id);
    line.set_source_kind(roster_kind(rows_, whom.source_id()));
    line.set_source_id(whom.source_id());
  }

  void explain(const v1::Addressee& one) {
    const std::size_t before = lines_.size();
    steps(one);
    notices(one);
    releases(one);
    const bool told =
        lines_.size() > before &&
        std::any_of(lines_.begin() + static_cast<std::ptrdiff_t>(before), lines_.end(),
                    [](const Line& line) {
                      return line.kind() == v1::ExplainResult::KIND_ASKED ||
                             line.kind() == v1::ExplainResult::KIND_ASKED_BY_DUTY_CHANGE;
                    });
    if (asks_about_one() && !told) why_not(one);
    if (!asks_about_one() || told) outcome(one);
  }

  // The notice that a rung gave to a holder; null when a change of the order cleared it.
  static const v1::Notice* notice_of(const v1::Addressee& one, const v1::Holder& whom,
                                     TimeUs step_at) {
    for (const v1::Notice& notice : one.run().notices()) {
      if (same_who(notice.whom(), whom) && notice.started_us() >= step_at) return &notice;
    }
    return nullptr;
  }

  void steps(const v1::Addressee& one) {
    for (const v1::Step& step : one.run().steps()) {
      const auto put = [&](Line& line) {
        line.set_rung(step.rung());
        line.set_loop(step.loop());
        line.set_cause(step.cause());
        line.set_late_by_us(step.late_by_us());
      };
      for (const v1::Holder& whom : step.holders()) {
        const v1::Notice* notice = notice_of(one, whom, step.at_us());
        const EntityId role_id = notice != nullptr ? notice->role_id() : one.role_id();
        if (!is_about(whom, role_id)) continue;
        Line& line = add(v1::ExplainResult::KIND_ASKED, one, step.at_us());
        put(line);
        set_whom(line, whom, role_id);
        if (notice != nullptr) line.set_means(notice->means(0));
      }
      for (EntityId role_id : step.vacant_role_ids()) {
        if (!is_about_role(role_id)) continue;
        Line& line = add(v1::ExplainResult::KIND_VACANT, one, step.at_us());
        put(line);
        line.set_role_id(role_id);
        set_vacancy(line, role_id, step.at_us());
      }
      for (EntityId role_id : step.told_role_ids()) {
        if (!is_about_role(role_id)) continue;
        Line& line = add(v1::ExplainResult::KIND_INFORMED, one, step.at_us());
        put(line);
        line.set_role_id(role_id);
      }
    }
  }

  // By which row nobody stood there.
  void set_vacancy(Line& line, EntityId role_id, TimeUs at) const {
    for (const v1::Holder& holder : holders(rows_, role_id, at)) {
      if (holder.who_case() != v1::Holder::kVacant) continue;
      line.set_text(holder.vacant());
      line.set_source_id(holder.source_id());
      line.set_source_kind(roster_kind(rows_, holder.source_id()));
      if (holder.source_id() != 0) return;
    }
  }

  void notices(const v1::Addressee& one) {
    for (const v1::Notice& notice : one.run().notices()) {
      if (!is_about(notice.whom(), notice.role_id())) continue;
      const auto say = [&](v1::ExplainResult::Kind kind, TimeUs at) -> Line& {
        Line& line = add(kind, one, at);
        line.set_rung(notice.rung());
        set_whom(line, notice.whom(), notice.role_id());
        return line;
      };
      if (!by_step(one, notice)) {
        Line& line = say(v1::ExplainResult::KIND_ASKED_BY_DUTY_CHANGE, notice.started_us());
        line.set_cause(v1::Step::CAUSE_DUTY_CHANGE);
        line.set_means(notice.means(0));
      }
      if (notice.means_size() > 1) {
        say(v1::ExplainResult::KIND_MEANS, notice.started_us())
            .set_means(static_cast<v1::Means>(notice.means(notice.means_size() - 1)));
      }
      if (notice.delivered_us() != 0) say(v1::ExplainResult::KIND_DELIVERED, notice.delivered_us());
      if (notice.seen_us() != 0) say(v1::ExplainResult::KIND_SEEN, notice.seen_us());
    }
  }

  // Whether the ladder's own step gave the notice; else a change of duty did.
  static bool by_step(const v1::Addressee& one, const v1::Notice& notice) {
    return std::any_of(
        one.run().steps().begin(), one.run().steps().end(), [&](const v1::Step& step) {
          return step.rung() == notice.rung() && step.at_us() <= notice.started_us() &&
                 std::any_of(step.holders().begin(), step.holders().end(),
                             [&](const v1::Holder& whom) { return same_who(whom, notice.whom()); });
        });
  }

  void releases(const v1::Addressee& one) {
    for (EntityId id : one.run().released_account_ids()) {
      v1::Holder whom;
      whom.set_account_id(id);
      if (is_about(whom, one.role_id())) {
        set_whom(add(v1::ExplainResult::KIND_RELEASED, one, released_at(one, id)), whom,
                 one.role_id());
      }
    }
  }

  // When his successor was told; without one the row does not say: 0.
  static TimeUs released_at(const v1::Addressee& one, EntityId account_id) {
    TimeUs asked = 0;
    TimeUs next = 0;
    for (const v1::Notice& notice : one.run().notices()) {
      if (notice.whom().account_id() == account_id) {
        asked = notice.started_us();
      } else if (asked != 0 && next == 0 && !by_step(one, notice) && notice.started_us() >= asked) {
        next = notice.started_us();
      }
    }
    return next;
  }

  void outcome(const v1::Addressee& one) {
    const auto said = [&](v1::ExplainResult::Kind kind, const v1::Answer& answer) -> Line& {
      Line& line = add(kind, one, answer.at_us());
      if (answer.account_id() != 0) line.mutable_whom()->set_account_id(answer.account_id());
      if (answer.contact_id() != 0) line.mutable_whom()->set_contact_id(answer.contact_id());
      line.set_role_id(answer.role_id());
      line.set_text(answer.text());
      return line;
    };
    for (const v1::Answer& one_return : one.returned()) {
      said(v1::ExplainResult::KIND_RETURNED, one_return);
    }
    if (one.has_accepted()) {
      said(v1::ExplainResult::KIND_ACCEPTED, one.accepted()).set_late_by_us(one.late_by_us());
    }
    if (one.delegated_to_role_id() != 0) {
      add(v1::ExplainResult::KIND_DELEGATED, one, stopped_at(one))
          .set_role_id(one.delegated_to_role_id());
    }
    const v1::Run& run = one.run();
    if (run.gate_since_us() != 0) {
      add(v1::ExplainResult::KIND_GATE, one, run.gate_since_us()).set_rung(run.gate_rung());
    }
    if (run.exhausted_us() != 0) add(v1::ExplainResult::KIND_EXHAUSTED, one, run.exhausted_us());
  }

  // When the ladder stopped; 0 = it runs, or the row does not say.
  TimeUs stopped_at(const v1::Addressee& one) const {
    if (one.has_accepted()) return one.accepted().at_us();
    if (one.state() == v1::Addressee::STATE_DELEGATED) {
      for (const v1::Addressee& other : order_.addressees()) {
        if (other.delegated_from() == one.number()) return other.queued_us();
      }
    }
    return order_.ended_us();
  }

  bool has_fired(const v1::Addressee& one, std::uint32_t rung) const {
    return std::any_of(one.run().steps().begin(), one.run().steps().end(),
                       [rung](const v1::Step& step) { return step.rung() == rung; });
  }

  // The first rung that would ask him tells most; else the first at which another stood in a post
  // he belongs to.
  void why_not(const v1::Addressee& one) {
    std::optional<Line> weaker;
    for (int i = 0; i < order_.ladder().rungs_size(); ++i) {
      const auto rung = static_cast<std::uint32_t>(i);
      const TimeUs at = fired_at(one, rung, now_);
      const Asked asked = asked_by_rung(rows_, order_, one, rung, at, at);
      const auto me = std::find_if(
          asked.people.begin(), asked.people.end(),
          [&](const Asked::One& person) { return is_about(person.whom, person.role_id); });
      if (me != asked.people.end()) {
        Line line = not_reached(one, rung);
        set_whom(line, me->whom, me->role_id);
        whys_.push_back(std::move(line));
        return;
      }
      if (!weaker) weaker = not_on_duty(one, rung, asked, at);
    }
    if (weaker) whys_.push_back(std::move(*weaker));
  }

  Line why(v1::ExplainResult::Kind kind, const v1::Addressee& one, std::uint32_t rung) const {
    Line line;
    line.set_kind(kind);
    line.set_addressee(one.number());
    line.set_rung(rung);
    return line;
  }

  Line not_reached(const v1::Addressee& one, std::uint32_t rung) const {
    const v1::Run& run = one.run();
    const bool returned =
        std::any_of(one.returned().begin(), one.returned().end(), [&](const v1::Answer& answer) {
          return answer.account_id() != 0 && answer.account_id() == query_.account_id();
        });
    if (returned) return why(v1::ExplainResult::KIND_HAD_RETURNED, one, rung);
    if (!is_open(order_) || !is_pending(one)) {
      Line line = why(v1::ExplainResult::KIND_STOPPED_BEFORE, one, rung);
      line.set_at_us(stopped_at(one));
      return line;
    }
    // Asking, or closed and so exhausted.
    const bool gate = run.gate_since_us() != 0 || run.exhausted_us() != 0;
    if (gate && is_gate(rows_, order_, one, rung, now_)) {
      return why(v1::ExplainResult::KIND_BEHIND_GATE, one, rung);
    }
    Line line = why(v1::ExplainResult::KIND_NOT_YET, one, rung);
    if (rung == run.rung() + 1) line.set_at_us(run.due_us());
    return line;
  }

  std::optional<Line> not_on_duty(const v1::Addressee& one, std::uint32_t rung, const Asked& asked,
                                  TimeUs at) const {
    if (query_.account_id() == 0) return std::nullopt;
    for (const Asked::One& person : asked.people) {
      if (!is_appointed_to(rows_, query_.account_id(), person.role_id)) continue;
      Line line = why(v1::ExplainResult::KIND_NOT_ON_DUTY, one, rung);
      line.set_at_us(has_fired(one, rung) ? at : 0);
      set_whom(line, person.whom, person.role_id);
      return line;
    }
    for (EntityId role_id : asked.vacant_role_ids) {
      if (!is_appointed_to(rows_, query_.account_id(), role_id)) continue;
      Line line = why(v1::ExplainResult::KIND_NOT_ON_DUTY, one, rung);
      line.set_at_us(has_fired(one, rung) ? at : 0);
      line.set_role_id(role_id);
      set_vacancy(line, role_id, at);
      return line;
    }
    return std::nullopt;
  }

  const State::Rows& rows_;
  const v1::Order& order_;
  const v1::ExplainQuery& query_;
  TimeUs now_;
  std::vector<Line> lines_;
  std::vector<Line> whys_;
};

}  // namespace

base::Result<v1::ExplainResult> explain_for(const State& state, EntityId account_id,
                                            const v1::ExplainQuery& query, TimeUs now) {
  const State::Rows& rows = state.rows();
  const v1::Order* order = rows.orders.find(query.order_id());
  if (order == nullptr || is_guest(rows, account_id) ||
      !may_see(rows, account_id, viewers_of(rows, *order))) {
    return not_found("explain.order_id");
  }
  if (query.account_id() != 0 && rows.accounts.find(query.account_id()) == nullptr) {
    return not_found("explain.account_id");
  }
  if (query.role_id() != 0 && rows.roles.find(query.role_id()) == nullptr) {
    return not_found("explain.role_id");
  }
  return Explanation(rows, *order, query, now).take();
}

}  // namespace fenghuo::core
