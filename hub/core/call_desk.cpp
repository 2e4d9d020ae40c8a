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
#include <utility>
#include <vector>

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
  v1::CallItemClosed& event = *work.draft.add().mutable_call_item_closed();
  event.set_call_item_id(item_id);
  if (!item->more().empty()) event.set_order_id(work.order.id());
}

bool is_about(const v1::CallItem& item, EntityId order_id) {
  if (item.order_id() == order_id) return true;
  return std::any_of(
      item.more().begin(), item.more().end(),
      [order_id](const v1::CallItem::More& more) { return more.order_id() == order_id; });
}

// Another addressee of this order joined it in this very decision.
bool joined_here(const OrderDraft& work, EntityId item_id) {
  const auto& drafted = work.draft.events();
  return std::any_of(drafted.begin(), drafted.end(), [item_id](const Drafted& one) {
    return one.event.call_item_joined().call_item_id() == item_id;
  });
}

// A call to this person that began just now and that nobody has made yet; null = none.
const v1::CallItem* find_just_begun(const OrderDraft& work, const v1::Holder& whom) {
  const State::Rows& rows = work.context.rows;
  const TimeUs set = rows.configuration().group_calls_us();
  const TimeUs since = work.context.now - (set == 0 ? limits::group_calls_default_us : set);
  const auto& closed = work.closed_calls;
  for (std::size_t i = rows.call_items.size(); i-- > 0;) {
    const v1::CallItem& item = *(rows.call_items.begin() + static_cast<std::ptrdiff_t>(i))->row;
    if (item.opened_us() < since) return nullptr;
    const bool used = item.closed() || !item.results().empty() ||
                      item.more_size() + 1 >= limits::call_orders_max ||
                      std::find(closed.begin(), closed.end(), item.id()) != closed.end();
    if (!used && same_who(item.whom(), whom) && !is_about(item, work.order.id()) &&
        !joined_here(work, item.id())) {
      return &item;
    }
  }
  return nullptr;
}

// Obligations are never grouped, only the call that tells of them.
void join_call(OrderDraft& work, std::uint32_t number, const v1::CallItem& item) {
  v1::CallItemJoined& event = *work.draft.add().mutable_call_item_joined();
  event.set_call_item_id(item.id());
  event.set_precedence(std::max(item.precedence(), work.order.precedence()));
  v1::CallItem::More& more = *event.mutable_more();
  more.set_order_id(work.order.id());
  more.set_addressee(number);
  more.set_role_id(work.at(number).role_id());
  more.set_script(work.order.number());
}

// How many orders it is still about; the whole item once there are none.
void count_orders(v1::CallItem& item, TimeUs at) {
  std::uint32_t count = item.first_closed() ? 0 : 1;
  for (const v1::CallItem::More& more : item.more()) count += more.closed() ? 0 : 1;
  item.set_count(count);
  if (count != 0) return;
  item.set_closed(true);
  item.set_closed_us(at);
}

void close_in(v1::CallItem& item, EntityId order_id, TimeUs at) {
  if (order_id == 0 || item.order_id() == order_id) item.set_first_closed(true);
  for (v1::CallItem::More& more : *item.mutable_more()) {
    if (order_id == 0 || more.order_id() == order_id) more.set_closed(true);
  }
  count_orders(item, at);
}

// Which order of the call a result is for.
struct CallTarget {
  EntityId order_id = 0;
  std::uint32_t addressee = 0;
};
base::Result<CallTarget> target_of(const v1::CallItem& item, EntityId order_id) {
  std::vector<CallTarget> open;
  if (!item.first_closed()) open.push_back({item.order_id(), item.addressee()});
  for (const v1::CallItem::More& more : item.more()) {
    if (!more.closed()) open.push_back({more.order_id(), more.addressee()});
  }
  if (order_id == 0 && open.size() == 1) return open.front();
  const std::string field = "record_call_result.order_id";
  if (order_id == 0) return bad_argument(field, "the call is about several: say for which order");
  for (const CallTarget& one : open) {
    if (one.order_id == order_id) return one;
  }
  return bad_argument(field, "the call is not about this order, or no longer");
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

void add_result(const v1::RecordCallResult& command, EntityId order_id, Draft& draft) {
  v1::CallResultRecorded& event = *draft.add().mutable_call_result_recorded();
  event.set_call_item_id(command.call_item_id());
  event.set_kind(command.kind());
  event.set_note(command.note());
  event.set_order_id(order_id);
}

}  // namespace

EntityId open_call(OrderDraft& work, std::uint32_t number, const v1::Holder& whom,
                   EntityId role_id) {
  if (const v1::CallItem* begun = find_just_begun(work, whom)) {
    join_call(work, number, *begun);
    return begun->id();
  }
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
  item.set_count(1);
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
  const bool answered = returned || command.kind() == v1::CallItem::KIND_ACCEPTED;
  if (!answered) {
    Draft draft(context);
    add_result(command, 0, draft);
    return draft.finish();
  }
  const base::Result<CallTarget> target = target_of(*item, command.order_id());
  if (!target) return target.error();
  const v1::Order& order = *context.rows.orders.find(target->order_id);
  if (command.seen_revision() != order.revision()) return stale_revision(order.revision());
  Draft draft(context);
  add_result(command, item->more().empty() ? 0 : order.id(), draft);
  const v1::OnBehalf said = said_on_the_phone(context, *item);
  OrderDraft work(context, draft, order);
  if (returned) {
    draft_return(work, target->addressee, giver_of(said), &said, command.note());
  } else {
    draft_acceptance(work, target->addressee, giver_of(said), &said, command.note());
  }
  close_call(work, item->id());
  draft_spoken(context, said, v1::Command::kRecordCallResult, draft);
  return draft.finish();
}

EntityId call_in(const v1::Event& event) {
  if (event.has_call_item_opened()) return event.call_item_opened().item().id();
  if (event.has_call_item_joined()) return event.call_item_joined().call_item_id();
  if (event.has_call_result_recorded()) return event.call_result_recorded().call_item_id();
  return event.call_item_closed().call_item_id();
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
  const EntityId id = call_in(event);
  v1::CallItem& item = *rows.call_items.find(id);
  if (event.has_call_result_recorded()) {
    v1::CallItem::Result& result = *item.add_results();
    result.set_kind(event.call_result_recorded().kind());
    result.set_note(event.call_result_recorded().note());
    result.set_order_id(event.call_result_recorded().order_id());
    result.set_by_id(event.account_id());
    result.set_at_us(record.time_us);
  } else if (event.has_call_item_joined()) {
    *item.add_more() = event.call_item_joined().more();
    item.set_precedence(event.call_item_joined().precedence());
    count_orders(item, record.time_us);
  } else {
    close_in(item, event.call_item_closed().order_id(), record.time_us);
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
