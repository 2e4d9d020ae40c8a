// SPDX-License-Identifier: Apache-2.0
#include "hub/core/handover.h"
#include "hub/core/kinds.h"
#include "hub/core/listing.h"

#include <string>
#include <utility>

namespace fenghuo::core {
namespace {

using base::EntityId;
using Group = v1::OpenItem::Group;

// The list of one role, in the making.
class Items {
 public:
  Items(const State::Rows& rows, EntityId role_id, base::TimeUs at)
      : rows_(rows), role_id_(role_id), at_(at) {
    const v1::Role* role = rows.roles.find(role_id);
    command_seat_ = role != nullptr && role->command_seat();
  }

  std::vector<v1::OpenItem> take() && {
    orders();
    incidents();
    reports();
    alarms();
    warnings();
    intakes();
    calls();
    feedback();
    return std::move(items_);
  }

 private:
  v1::OpenItem& add(Group group, EntityId id, base::Position changed, bool red, std::string title) {
    v1::OpenItem& item = items_.emplace_back();
    item.set_group(group);
    item.set_id(id);
    item.set_changed(changed);
    item.set_red(red);
    item.set_title(std::move(title));
    return item;
  }

  bool is_to_us(const v1::Order& order) const {
    for (const v1::Addressee& one : order.addressees()) {
      if (one.role_id() == role_id_ && one.state() != v1::Addressee::STATE_DONE &&
          one.state() != v1::Addressee::STATE_NOT_NEEDED) {
        return true;
      }
    }
    return false;
  }

  // Nobody has taken it in time, or its work is late.
  bool is_red(const v1::Order& order) const {
    const bool late = order.done_by_us() != 0 && order.done_by_us() <= at_;
    const bool unaccepted = order.state() == v1::Order::STATE_OPEN && order.accept_by_us() != 0 &&
                            order.accept_by_us() <= at_;
    return late || unaccepted;
  }

  void orders() {
    for (const bool to_us : {true, false}) {
      for (const auto& entry : rows_.orders) {
        const v1::Order& order = *entry.row;
        if (!is_open(rows_, order)) continue;
        if (to_us ? !is_to_us(order) : order.issuer_role_id() != role_id_) continue;
        add(to_us ? v1::OpenItem::GROUP_ORDERS_TO_US : v1::OpenItem::GROUP_ORDERS_BY_US, entry.id,
            order.changed(), is_red(order), order.number())
            .set_due_us(order.state() == v1::Order::STATE_OPEN ? order.accept_by_us()
                                                               : order.done_by_us());
      }
    }
  }

  // Of no single post: the command seats keep incidents, reports, alarms and calls.
  void incidents() {
    if (!command_seat_) return;
    for (const auto& entry : rows_.incidents) {
      const v1::Incident& incident = *entry.row;
      if (!is_open(rows_, incident)) continue;
      add(v1::OpenItem::GROUP_INCIDENTS, entry.id, incident.changed(), incident.confirm_overdue(),
          incident.number() + " " + incident.title());
    }
  }

  void reports() {
    if (!command_seat_) return;
    for (const auto& entry : rows_.reports) {
      const v1::Report& report = *entry.row;
      if (!is_open(rows_, report)) continue;
      add(v1::OpenItem::GROUP_REPORTS, entry.id, report.changed(), report.overdue(),
          report.rule().key())
          .set_due_us(report.due_us());
    }
  }

  void alarms() {
    if (!command_seat_) return;
    for (const auto& entry : rows_.alarms) {
      const v1::Alarm& alarm = *entry.row;
      if (!is_open(rows_, alarm)) continue;
      add(v1::OpenItem::GROUP_ALARMS, entry.id, alarm.listed_revision(), alarm.stage() >= 2,
          alarm.key().empty() ? alarm.source() : alarm.source() + " " + alarm.key());
    }
  }

  void warnings() {
    for (const auto& entry : rows_.warnings) {
      const v1::Warning& warning = *entry.row;
      if (!is_open(rows_, warning) || warning.issuer_role_id() != role_id_) continue;
      const v1::Warning::Content& content =
          warning.has_content() ? warning.content() : warning.pending().content();
      add(v1::OpenItem::GROUP_WARNINGS, entry.id, warning.revision(),
          content.colour() == v1::Warning::COLOUR_RED, content.kind() + " " + content.area())
          .set_due_us(content.until_us());
    }
  }

  void intakes() {
    for (const auto& entry : rows_.intakes) {
      const v1::Intake& intake = *entry.row;
      if (!is_open(rows_, intake)) continue;
      if (!command_seat_ && intake.recorder_role_id() != role_id_) continue;
      add(v1::OpenItem::GROUP_INTAKE, entry.id, intake.revision(), true, intake.place());
    }
  }

  void calls() {
    if (!command_seat_) return;
    for (const auto& entry : rows_.call_items) {
      if (!is_open(rows_, *entry.row)) continue;
      add(v1::OpenItem::GROUP_CALLS, entry.id, entry.row->revision(), false, entry.row->script());
    }
  }

  // What the role answers, and at a command seat what nobody does yet; red when it is late.
  void feedback() {
    for (const auto& entry : rows_.feedbacks) {
      const v1::Feedback& thread = *entry.row;
      if (!is_open(rows_, thread) || thread.handled_us() != 0 || thread.shown_us() != 0) continue;
      const bool unowned = thread.owner_role_id() == 0;
      if (thread.owner_role_id() != role_id_ && !(unowned && command_seat_)) continue;
      const bool red = thread.overdue() || thread.severity() == v1::FEEDBACK_SEVERITY_LIFE;
      add(v1::OpenItem::GROUP_FEEDBACK, entry.id, thread.changed(), red, "")
          .set_due_us(thread.answered_us() == 0 ? thread.answer_by_us() : 0);
    }
  }

  const State::Rows& rows_;
  EntityId role_id_;
  base::TimeUs at_;
  bool command_seat_ = false;
  std::vector<v1::OpenItem> items_;
};

}  // namespace

std::vector<v1::OpenItem> open_items(const State::Rows& rows, EntityId role_id, base::TimeUs at) {
  return Items(rows, role_id, at).take();
}

base::Result<v1::OpenItems> open_items_for(const State& state, EntityId account_id,
                                           EntityId role_id, base::TimeUs at) {
  const State::Rows& rows = state.rows();
  Viewers viewers;
  viewers.command_seats = true;
  viewers.roles.push_back(role_id);
  if (state.role(role_id) == nullptr || !may_see(rows, account_id, viewers)) {
    return not_found("open_items.role_id");
  }
  v1::OpenItems found;
  found.set_through(state.position());
  for (v1::OpenItem& item : open_items(rows, role_id, at)) *found.add_items() = std::move(item);
  return found;
}

}  // namespace fenghuo::core
