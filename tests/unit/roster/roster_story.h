// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/roster/local_time.h"
#include "hub/roster/roster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace fenghuo::testing {

// A center with the roles "eoc/desk" (ids 1; zhang, li and wang belong to it) and "fire/liaison"
// (2; fang), both planned by whoever asks, and "water/liaison" (3), which he may not plan. Two
// people are called 张伟; "pump" is a contact. Now is 2026-01-01 00:00 UTC.
class RosterStory : public ::testing::Test {
 protected:
  RosterStory() {
    role(1, "eoc/desk", "值班席", true);
    role(2, "fire/liaison", "联络员", true);
    role(3, "water/liaison", "联络员", false);
    account(11, "zhang", "张启明", 1);
    account(12, "li", "李静", 1);
    account(13, "wang", "王磊", 1);
    account(14, "fang", "方敏", 2);
    account(15, "zhang.wei", "张伟", 1);
    account(16, "zhang.wei.2", "张伟", 1);
    account(17, "gone", "何去", 1).set_disabled(true);
    v1::Contact& contact = contacts.emplace_back();
    contact.set_id(21);
    contact.set_key("pump");
    contact.mutable_name()->set_zh_hans("泵站");
    directory.add(contact);
  }

  void role(base::EntityId id, const char* key, const char* name, bool may_plan) {
    v1::Role& one = roles.emplace_back();
    one.set_id(id);
    one.set_key(key);
    one.mutable_name()->set_zh_hans(name);
    directory.add(one, may_plan);
  }
  v1::Account& account(base::EntityId id, const char* key, const char* name,
                       base::EntityId role_id) {
    v1::Account& one = accounts.emplace_back();
    one.set_id(id);
    one.set_key(key);
    one.mutable_name()->set_zh_hans(name);
    directory.add(one);
    v1::Appointment appointment;
    appointment.set_account_id(id);
    appointment.set_role_id(role_id);
    directory.add(appointment);
    return one;
  }
  // A shift that is planned already, in UTC.
  v1::Shift& planned(base::EntityId account_id, const char* from, const char* to) {
    v1::Shift& one = shifts.emplace_back();
    one.set_id(100 + shifts.size());
    one.set_revision(one.id());
    one.set_role_id(1);
    one.set_standing(v1::Appointment::STANDING_PRIMARY);
    one.set_account_id(account_id);
    one.set_start_us(at(from));
    one.set_end_us(at(to));
    directory.add(one);
    return one;
  }

  static base::TimeUs at(const char* utc) {
    return *roster::parse_local(utc).local * base::us_per_s;
  }
  v1::RosterResult read(const v1::RosterQuery& query) const {
    return roster::read_roster(query, directory, zone, now);
  }
  v1::RosterResult read(std::string_view table) const {
    v1::RosterQuery query;
    query.set_table(std::string(table));
    return read(query);
  }

  // "desk primary zhang 2026-11-30 00:00 2026-11-30 12:00" in UTC, one a shift; "-" before those
  // that are dropped. Problems instead, when there are any.
  std::vector<std::string> lines(const v1::RosterResult& result) const {
    std::vector<std::string> all = problems(result);
    for (const v1::Shift& one : result.put().shifts()) {
      all.push_back((one.cancelled() ? "-" : "") + directory.role_key(one.role_id()) + " " +
                    std::to_string(one.standing()) + " " +
                    directory.key_of(one.account_id(), one.contact_id()) + " " +
                    roster::to_text(one.start_us() / base::us_per_s) + " " +
                    roster::to_text(one.end_us() / base::us_per_s));
    }
    return all;
  }
  // "2:5 what; fix".
  static std::vector<std::string> problems(const v1::RosterResult& result) {
    std::vector<std::string> all;
    for (const auto& one : result.problems()) {
      all.push_back(std::to_string(one.line()) + ":" + std::to_string(one.column()) + " " +
                    one.what() + "; " + one.fix());
    }
    return all;
  }

  // Their addresses are referred to.
  std::deque<v1::Role> roles;
  std::deque<v1::Account> accounts;
  std::deque<v1::Contact> contacts;
  std::deque<v1::Shift> shifts;
  roster::Directory directory;
  std::string zone = "Asia/Shanghai";
  base::TimeUs now = at("2026-01-01 00:00");
};

}  // namespace fenghuo::testing
