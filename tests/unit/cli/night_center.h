// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cpp/state.h"

#include <string>

namespace fenghuo::cli {

// Who and what the wording tests talk about: 值班长 (6) 张启明 (5, phone 139), 水务联络员 (16) 李水
// (15), contact 泵站 (25), channel "i-1" (7).
inline client::State night_center() {
  v1::Snapshot snapshot;
  const auto person = [&](std::uint64_t id, const char* key, const char* hans, const char* hant) {
    auto* account = snapshot.add_accounts();
    account->set_id(id);
    account->set_key(key);
    account->mutable_name()->set_zh_hans(hans);
    account->mutable_name()->set_zh_hant(hant);
    account->mutable_name()->set_en(key);
    account->add_phones()->set_number("139-" + std::to_string(id));
  };
  const auto post = [&](std::uint64_t id, const char* key, const char* hans, const char* hant) {
    auto* role = snapshot.add_roles();
    role->set_id(id);
    role->set_key(key);
    role->mutable_name()->set_zh_hans(hans);
    role->mutable_name()->set_zh_hant(hant);
    role->mutable_name()->set_en(key);
  };
  person(5, "zhang", "张启明", "張啟明");
  person(15, "li", "李水", "李水");
  post(6, "eoc/duty-chief", "值班长", "值班長");
  post(16, "water/liaison", "水务联络员", "水務聯絡員");
  auto* contact = snapshot.add_contacts();
  contact->set_id(25);
  contact->set_key("pump");
  contact->mutable_name()->set_zh_hans("泵站");
  auto* channel = snapshot.add_channels()->mutable_channel();
  channel->set_id(7);
  channel->set_key("i-1");
  client::State state;
  state.reset(snapshot, 5, 10);
  return state;
}

}  // namespace fenghuo::cli
