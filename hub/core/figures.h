// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/figures.pb.h"
#include "hub/base/result.h"
#include "hub/core/command.h"
#include "hub/core/state.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace fenghuo::core {

// What figures are asked for, and what of them the asker may be told.
struct FiguresScope {
  // 0 = a span of the whole record.
  base::EntityId incident_id = 0;
  // Itself and what was merged into it; their rooms; the orders and alarms they came from.
  std::set<base::EntityId> incident_ids;
  std::set<base::EntityId> channel_ids;
  std::set<base::EntityId> origin_ids;
  // The records to fold, both included.
  base::Position from = 1;
  base::Position through = 0;
  // Roles whose own figures are told; unset = every role's.
  std::optional<std::set<base::EntityId>> role_ids;
};

// NOT_FOUND for who does not see the incident, and for guests; FORBIDDEN for a span to who neither
// sits at a command seat nor audits.
base::Result<FiguresScope> figures_scope(const State& state, base::EntityId account_id,
                                         const v1::FiguresQuery& query);

// Figures from the records of a span, in order; what began before the span is not counted. Holds
// what it needs: it may be fed on another thread than the State's.
class FiguresFold {
 public:
  explicit FiguresFold(FiguresScope scope);

  const FiguresScope& scope() const { return scope_; }
  void add(const Record& record);
  v1::Figures finish() const;

 private:
  // One addressee being asked once.
  struct Asking {
    base::EntityId role_id = 0;
    base::TimeUs asked_us = 0;
    base::TimeUs last_step_us = 0;
    std::set<base::EntityId> account_ids;
    base::TimeUs rang_us = 0;
    bool dropped = false;
    bool accepted = false;
    bool by_substitute = false;
    bool by_phone = false;
    base::TimeUs accepted_us = 0;
    base::TimeUs late_by_us = 0;
    v1::Addressee::LateCause late_cause = v1::Addressee::LATE_CAUSE_UNSPECIFIED;
  };
  struct OrderTold {
    bool task = false;
    bool done = false;
    base::TimeUs done_by_us = 0;
    // By number of the addressee, from 1; of each the current asking is the last.
    std::vector<std::vector<Asking>> askings;
  };
  struct IncidentTold {
    base::TimeUs occurred_us = 0;
    base::TimeUs declared_us = 0;
    base::TimeUs active_us = 0;
    bool over = false;
    std::vector<std::string> level_path;
    // Response level by number of the proposal.
    std::map<std::uint32_t, v1::Level> proposals;
  };

  struct FeedbackTold {
    base::TimeUs opened_us = 0;
    // Adopted or declined; what was merged is handled with the thread it goes on in.
    base::TimeUs handled_us = 0;
    std::vector<base::EntityId> merged_ids;
  };

  bool is_ours(const v1::Order& order) const;
  bool is_ours(base::EntityId incident_id) const;
  bool is_running() const;
  OrderTold* order_of(base::EntityId id);
  void ask(OrderTold& order, std::uint32_t number, base::EntityId role_id, base::TimeUs at);
  void add_order(const Record& record);
  void raise(const v1::Order& order);
  void step(const v1::LadderStepped& event, base::TimeUs at);
  void count_step(const v1::Step& step);
  void answer(const v1::OrderAnswered& event, base::TimeUs at);
  void observe(base::EntityId order_id, base::EntityId account_id, base::TimeUs at);
  void ring(base::EntityId order_id, std::uint32_t number, base::TimeUs at);
  void turn(const v1::OrderTurned& event, base::TimeUs at);
  void add_incident(const Record& record);
  void add_report(const Record& record);
  void add_duty(const Record& record);
  void add_alarm(const Record& record);
  void add_feedback(const Record& record);
  void handle_feedback(base::EntityId id, base::TimeUs at);
  void put_acceptances(v1::Figures& figures) const;
  void put_rings(v1::Figures& figures) const;
  void put_roles(v1::Figures& figures) const;
  void put_alarms(v1::Figures& figures) const;
  void put_incidents(v1::Figures& figures) const;
  void put_feedback(v1::Figures& figures) const;

  FiguresScope scope_;
  // Counts that need nothing but adding; the rest is put in by finish().
  v1::Figures counted_;
  std::map<base::EntityId, OrderTold> orders_;
  std::map<base::EntityId, IncidentTold> incidents_;
  // When each report is due.
  std::map<base::EntityId, base::TimeUs> reports_;
  // Alarms by points, with their channel; alarms by combination; alarms that joined our orders.
  std::map<base::EntityId, base::EntityId> alarms_;
  std::map<base::EntityId, std::vector<base::EntityId>> groups_;
  std::set<base::EntityId> evidence_ids_;
  std::map<base::EntityId, FeedbackTold> feedback_;
};

}  // namespace fenghuo::core
