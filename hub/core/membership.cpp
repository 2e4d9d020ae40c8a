// SPDX-License-Identifier: Apache-2.0
#include "hub/core/membership.h"

#include "hub/base/check.h"

#include <algorithm>

namespace fenghuo::core {
namespace {

using base::EntityId;

void sort_unique(std::vector<EntityId>& ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

bool is_staff(const v1::Account& account) { return account.kind() != v1::Account::KIND_GUEST; }

void add_appointees(const State::Rows& rows, EntityId role_id, std::vector<EntityId>& to) {
  if (!role_lives(rows, role_id)) return;
  const auto& ids = ids_under(rows.appointees, role_id);
  to.insert(to.end(), ids.begin(), ids.end());
}

void add_department(const State::Rows& rows, EntityId department_id, std::vector<EntityId>& to) {
  for (EntityId role_id : ids_under(rows.department_roles, department_id)) {
    add_appointees(rows, role_id, to);
  }
}

Membership& membership_for(AccountRows& account, EntityId channel_id) {
  auto& all = account.memberships;
  auto it =
      std::lower_bound(all.begin(), all.end(), channel_id,
                       [](const Membership& one, EntityId id) { return one.channel_id < id; });
  if (it == all.end() || it->channel_id != channel_id) {
    it = all.insert(it, Membership{});
    it->channel_id = channel_id;
  }
  return *it;
}

// What happened before joining, or while away, is background and not unread.
void join(State::Rows& rows, EntityId account_id, ChannelRows& channel, base::Position at) {
  Membership& one = membership_for(rows.of(account_id), channel.channel.id());
  const std::uint32_t last = channel.last_seq();
  one.intervals.push_back({at, 0, last});
  one.read_seq = std::max(one.read_seq, last);
  for (Membership::Thread& thread : one.threads) thread.seq = std::max(thread.seq, last);
  insert_id(channel.members, account_id);
  rows.touch(account_id, one);
}

void leave(State::Rows& rows, EntityId account_id, ChannelRows& channel, base::Position at) {
  Membership* one = rows.membership(account_id, channel.channel.id());
  FENGHUO_CHECK(one != nullptr && one->is_open());
  one->intervals.back().until = at;
  erase_id(channel.members, account_id);
  rows.touch(account_id, *one);
}

void change(State::Rows& rows, EntityId account_id, ChannelRows& channel, base::Position at,
            bool joined, Effects& effects) {
  if (joined) {
    join(rows, account_id, channel, at);
  } else {
    leave(rows, account_id, channel, at);
  }
  effects.memberships.push_back({account_id, channel.channel.id(), joined});
}

// Calls `change` for what is in only one of the two ascending lists.
template <typename Change>
void difference(const std::vector<EntityId>& is, const std::vector<EntityId>& wanted,
                Change&& change) {
  std::size_t i = 0;
  std::size_t w = 0;
  while (i < is.size() || w < wanted.size()) {
    if (w == wanted.size() || (i < is.size() && is[i] < wanted[w])) {
      change(is[i++], false);
    } else if (i == is.size() || wanted[w] < is[i]) {
      change(wanted[w++], true);
    } else {
      ++i;
      ++w;
    }
  }
}

void edit_index(State::Rows& rows, const v1::Channel& channel, bool add) {
  const EntityId id = channel.id();
  const auto edit = [id, add](std::vector<EntityId>& ids) {
    if (add) {
      insert_id(ids, id);
    } else {
      erase_id(ids, id);
    }
  };
  if (channel.kind() == v1::Channel::KIND_DEPARTMENT) {
    edit(rows.own_department_channels[channel.department_id()]);
  }
  if (channel.kind() == v1::Channel::KIND_ROLE) edit(rows.role_channels[channel.role_id()]);
  for (EntityId one : channel.members().department_ids()) edit(rows.department_channels[one]);
  for (EntityId one : channel.members().role_ids()) {
    if (channel.kind() == v1::Channel::KIND_ROLE && one == channel.role_id()) continue;
    edit(rows.role_channels[one]);
  }
  for (EntityId one : channel.members().account_ids()) edit(rows.account_channels[one]);
  if (channel.members().everyone()) edit(rows.everyone_channels);
  if (channel.kind() == v1::Channel::KIND_DIRECT) {
    std::vector<EntityId> people(channel.members().account_ids().begin(),
                                 channel.members().account_ids().end());
    if (add) {
      rows.directs.emplace(std::move(people), id);
    } else {
      rows.directs.erase(people);
    }
  }
}

}  // namespace

bool is_within(const State::Rows& rows, EntityId department_id, EntityId above) {
  // The bound keeps a damaged chain of parents from going round for ever.
  for (std::size_t steps = 0; department_id != 0 && steps <= rows.departments.size(); ++steps) {
    if (department_id == above) return true;
    const v1::Department* department = rows.departments.find(department_id);
    if (department == nullptr) return false;
    department_id = department->parent_id();
  }
  return false;
}

bool role_lives(const State::Rows& rows, EntityId role_id) {
  const v1::Role* role = rows.roles.find(role_id);
  if (role == nullptr || role->retired()) return false;
  const v1::Department* department = rows.departments.find(role->department_id());
  return department == nullptr || !department->retired();
}

std::vector<EntityId> departments_below(const State::Rows& rows, EntityId department_id) {
  std::vector<EntityId> found = {department_id};
  for (std::size_t i = 0; i < found.size() && found.size() <= rows.departments.size(); ++i) {
    const auto& below = ids_under(rows.department_children, found[i]);
    found.insert(found.end(), below.begin(), below.end());
  }
  return found;
}

std::vector<EntityId> wanted_members(const State::Rows& rows, const ChannelRows& row) {
  const v1::Channel& channel = row.channel;
  std::vector<EntityId> ids;
  if (channel.members().everyone()) {
    for (const auto& entry : rows.accounts) ids.push_back(entry.id);
  } else {
    if (channel.kind() == v1::Channel::KIND_DEPARTMENT) {
      add_department(rows, channel.department_id(), ids);
    }
    if (channel.kind() == v1::Channel::KIND_ROLE) add_appointees(rows, channel.role_id(), ids);
    for (EntityId top : channel.members().department_ids()) {
      for (EntityId one : departments_below(rows, top)) add_department(rows, one, ids);
    }
    for (EntityId role_id : channel.members().role_ids()) add_appointees(rows, role_id, ids);
    ids.insert(ids.end(), channel.members().account_ids().begin(),
               channel.members().account_ids().end());
  }
  std::erase_if(ids, [&rows](EntityId id) {
    const v1::Account* account = rows.accounts.find(id);
    return account == nullptr || !is_staff(*account) || !counts_as_member(rows, *account);
  });
  for (EntityId guest : ids_under(rows.room_guests, channel.id())) {
    if (counts_as_member(rows, *rows.accounts.find(guest))) ids.push_back(guest);
  }
  sort_unique(ids);
  return ids;
}

std::vector<EntityId> wanted_channels(const State::Rows& rows, EntityId account_id) {
  std::vector<EntityId> ids;
  const v1::Account* account = rows.accounts.find(account_id);
  if (account == nullptr || !counts_as_member(rows, *account)) return ids;
  const auto add = [&ids](const std::vector<EntityId>& more) {
    ids.insert(ids.end(), more.begin(), more.end());
  };
  if (!is_staff(*account)) {
    // Rooms may be named before they exist.
    for (EntityId id : account->room_ids()) {
      if (rows.channels.find(id) != nullptr) ids.push_back(id);
    }
    sort_unique(ids);
    return ids;
  }
  add(rows.everyone_channels);
  add(ids_under(rows.account_channels, account_id));
  for (const v1::Appointment& appointment : rows.of(account_id).appointments) {
    if (appointment.ended() || !role_lives(rows, appointment.role_id())) continue;
    add(ids_under(rows.role_channels, appointment.role_id()));
    EntityId department_id = rows.roles.find(appointment.role_id())->department_id();
    add(ids_under(rows.own_department_channels, department_id));
    for (std::size_t steps = 0; department_id != 0 && steps <= rows.departments.size(); ++steps) {
      add(ids_under(rows.department_channels, department_id));
      const v1::Department* department = rows.departments.find(department_id);
      department_id = department == nullptr ? 0 : department->parent_id();
    }
  }
  sort_unique(ids);
  return ids;
}

void refresh_channel(State::Rows& rows, ChannelRows& channel, base::Position at, Effects& effects) {
  const std::vector<EntityId> is = channel.members;
  difference(is, wanted_members(rows, channel), [&](EntityId account_id, bool joined) {
    change(rows, account_id, channel, at, joined, effects);
  });
}

void refresh_account(State::Rows& rows, EntityId account_id, base::Position at, Effects& effects) {
  std::vector<EntityId> is;
  for (const Membership& one : rows.of(account_id).memberships) {
    if (one.is_open()) is.push_back(one.channel_id);
  }
  difference(is, wanted_channels(rows, account_id), [&](EntityId channel_id, bool joined) {
    change(rows, account_id, *rows.channels.find(channel_id), at, joined, effects);
  });
}

void index_channel(State::Rows& rows, const v1::Channel& channel) {
  edit_index(rows, channel, true);
}

void unindex_channel(State::Rows& rows, const v1::Channel& channel) {
  edit_index(rows, channel, false);
}

}  // namespace fenghuo::core
