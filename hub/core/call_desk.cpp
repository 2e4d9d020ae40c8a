// SPDX-License-Identifier: Apache-2.0
#include "hub/core/call_desk.h"

#include "hub/base/check.h"
#include "hub/base/limits.h"
#include "hub/core/duty.h"
#include "hub/core/kinds.h"
#include "hub/core/order.h"
#include "hub/core/spoken.h"

#include <algorithm>
#include <string>

namespace fenghuo::core {
namespace {

namespace limits = base::limits;
using base::EntityId;
using base::TimeUs;
using Phones = google::protobuf::RepeatedPtrField<v1::Phone>;

// Of the person, then of the post.
void add_phones(const State::Rows& rows, const v1::Holder& whom, EntityId role_id,
                v1::CallItem& item) {
  const auto add = [&item](const Phones& phones) { item.mutable_phones()->MergeFrom(phones); };
  if (whom.account_id() != 0) add(rows.accounts.find(whom.account_id())->phones());
  if (whom.contact_id() != 0) add(rows.contacts.find(whom.contact_id())->phones());
  const v1::Role* role = rows.roles.find(role_id);
  if (role != nullptr) add(role->phones());
}

void close_call(OrderDraft& work, EntityId item_id) {
  const v1::CallItem* item = work.context.rows.call_items.find(item_id);
  auto& closed = work.closed_calls;
  if (item == nullptr || item->closed() ||
      std::find(closed.begin(), closed.end(), item_id) != closed.end()) {
    return;
  }
  closed.push_back(item_id);
  work.draft.add().mutable_call_item_closed()->set_call_item_id(item_id);
}

v1::OnBehalf said_on_the_phone(const Context& context, const v1::CallItem& item) {
  v1::OnBehalf said;
  if (item.whom().contact_id() != 0) {
    said.set_contact_id(item.whom().contact_id());
  } else {
    said.set_account_id(item.whom().account_id());
  }
  said.set_medium(v1::OnBehalf::MEDIUM_PHONE);
  said.set_stated_at_us(context.now);
  said.set_reference("call " + std::to_string(item.id()));
  return said;
}

void add_result(const v1::RecordCallResult& command, Draft& draft) {
  v1::CallResultRecorded& event = *draft.add().mutable_call_result_recorded();
  event.set_call_item_id(command.call_item_id());
  event.set_kind(command.kind());
  event.set_note(command.note());
}

}  // namespace

EntityId open_call(OrderDraft& work, std::uint32_t number, const v1::Holder& whom,
                   EntityId role_id) {
  const base::Position id = work.draft.next();
  v1::CallItem& item = *work.draft.add().mutable_call_item_opened()->mutable_item();
  item.set_id(id);
  item.set_order_id(work.order.id());
  item.set_addressee(number);
  *item.mutable_whom() = whom;
  item.set_role_id(work.at(number).role_id());
  item.set_opened_us(work.context.now);
  item.set_precedence(work.order.precedence());
  item.set_script(work.order.number());
  add_phones(work.context.rows, whom, role_id, item);
  return id;
}

void close_calls(OrderDraft& work, std::uint32_t number) {
  for (const v1::Notice& one : work.at(number).run().notices()) {
    if (one.call_item_id() != 0) close_call(work, one.call_item_id());
  }
}

void close_calls_to(OrderDraft& work, std::uint32_t number, EntityId account_id) {
  for (const v1::Notice& one : work.at(number).run().notices()) {
    if (one.call_item_id() != 0 && one.whom().account_id() == account_id) {
      close_call(work, one.call_item_id());
    }
  }
}

void close_calls(OrderDraft& work) {
  for (const v1::Addressee& one : work.order.addressees()) {
    if (!is_open(work.order) || !is_pending(one)) close_calls(work, one.number());
  }
}

void use_next_means(OrderDraft& work, std::uint32_t number) {
  const TimeUs now = work.context.now;
  const int count = work.at(number).run().notices_size();
  for (int i = 0; i < count; ++i) {
    const v1::Notice notice = work.at(number).run().notices(i);
    if (notice.due_us() == 0 || notice.due_us() > now) continue;
    const auto means = static_cast<v1::Means>(notice.left(0));
    const EntityId item_id =
        means == v1::MEANS_CALL ? open_call(work, number, notice.whom(), notice.role_id()) : 0;
    work.say([&](v1::Event& said) {
      v1::NotifyStarted& event = *said.mutable_notify_started();
      event.set_order_id(work.order.id());
      event.set_addressee(number);
      event.set_notice(static_cast<std::uint32_t>(i));
      event.set_means(means);
      event.set_call_item_id(item_id);
      if (notice.left_size() > 1) event.set_due_us(now + work.order.ladder().undelivered_us());
    });
  }
}

base::Result<Decision> decide_call_result(const Context& context,
                                          const v1::RecordCallResult& command) {
  const v1::CallItem* item = context.rows.call_items.find(command.call_item_id());
  if (item == nullptr || (!context.is_hub() && !may_see(context.rows, context.actor(),
                                                        viewers_of(context.rows, *item)))) {
    return not_found("record_call_result.call_item_id");
  }
  if (command.kind() == v1::CallItem::KIND_UNSPECIFIED ||
      !v1::CallItem::Kind_IsValid(command.kind())) {
    return bad_argument("record_call_result.kind", "what came of the call");
  }
  const bool returned = command.kind() == v1::CallItem::KIND_RETURNED;
  if (auto problem = check_text(command.note(), returned ? 1 : 0, limits::reason_bytes_max,
                                "record_call_result.note")) {
    return *problem;
  }
  if (item->closed()) return stale_revision(item->revision());
  const v1::Order& order = *context.rows.orders.find(item->order_id());
  const bool answered = returned || command.kind() == v1::CallItem::KIND_ACCEPTED;
  if (answered && command.seen_revision() != order.revision()) {
    return stale_revision(order.revision());
  }
  Draft draft(context);
  add_result(command, draft);
  if (!answered) return draft.finish();
  const v1::OnBehalf said = said_on_the_phone(context, *item);
  OrderDraft work(context, draft, order);
  if (returned) {
    draft_return(work, item->addressee(), giver_of(said), &said, command.note());
  } else {
    draft_acceptance(work, item->addressee(), giver_of(said), &said, command.note());
  }
  close_call(work, item->id());
  draft_spoken(context, said, v1::Command::kRecordCallResult, draft);
  return draft.finish();
}

void apply_call_desk(State::Rows& rows, const Record& record) {
  const v1::Event& event = record.event;
  if (event.has_call_item_opened()) {
    v1::CallItem item = event.call_item_opened().item();
    item.set_revision(record.position);
    rows.unsaved_bytes += item.ByteSizeLong();
    const EntityId id = item.id();
    rows.call_items.put(id, std::move(item));
    return;
  }
  const EntityId id = event.has_call_result_recorded() ? event.call_result_recorded().call_item_id()
                                                       : event.call_item_closed().call_item_id();
  v1::CallItem& item = *rows.call_items.find(id);
  if (event.has_call_result_recorded()) {
    v1::CallItem::Result& result = *item.add_results();
    result.set_kind(event.call_result_recorded().kind());
    result.set_note(event.call_result_recorded().note());
    result.set_by_id(event.account_id());
    result.set_at_us(record.time_us);
  } else {
    item.set_closed(true);
    item.set_closed_us(record.time_us);
  }
  item.set_revision(record.position);
  rows.unsaved_bytes += 128;
  rows.call_items.touch(id);
}

bool is_open(const State::Rows&, const v1::CallItem& row) { return !row.closed(); }

Viewers viewers_of(const State::Rows&, const v1::CallItem&) {
  Viewers viewers;
  viewers.command_seats = true;
  return viewers;
}

}  // namespace fenghuo::core
