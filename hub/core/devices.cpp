// SPDX-License-Identifier: Apache-2.0
#include "hub/core/devices.h"

#include "hub/base/check.h"
#include "hub/base/limits.h"

#include <algorithm>
#include <utility>

namespace fenghuo::core {
namespace {

namespace limits = base::limits;

bool is_forgotten(const DeviceRow& device, std::uint64_t n) {
  return n + limits::results_per_device <= device.highest;
}

// What the reply to the command said besides the first position.
DeviceRow::Result result_of(const State::Rows& rows, const Record& record) {
  DeviceRow::Result result;
  result.n = record.event.n();
  result.first = record.position;
  result.digest = record.event.command_digest();
  base::EntityId message_id = 0;
  if (record.event.has_message_posted()) message_id = record.position;
  if (record.event.has_message_edited()) message_id = record.event.message_edited().message_id();
  if (record.event.has_message_retracted()) {
    message_id = record.event.message_retracted().message_id();
  }
  if (record.event.has_message_acknowledged()) {
    message_id = record.event.message_acknowledged().message_id();
    result.superseded = record.event.message_acknowledged().superseded();
  }
  if (message_id != 0) {
    const auto* place = rows.place(message_id);
    FENGHUO_CHECK(place != nullptr);
    result.seq = place->seq;
    result.version = rows.channel_at(*place).at(place->seq).version;
  }
  return result;
}

// The longest unused goes.
void drop_one_device(AccountRows& account) {
  const auto oldest = std::min_element(
      account.devices.begin(), account.devices.end(),
      [](const DeviceRow& a, const DeviceRow& b) { return a.last_used < b.last_used; });
  account.dropped_devices.push_back(oldest->name);
  account.devices.erase(oldest);
}

DeviceRow& device_for(AccountRows& account, const std::string& name) {
  const auto find = [&] {
    return std::lower_bound(
        account.devices.begin(), account.devices.end(), name,
        [](const DeviceRow& one, const std::string& key) { return one.name < key; });
  };
  auto it = find();
  if (it != account.devices.end() && it->name == name) return *it;
  if (account.devices.size() >= limits::devices_per_account) {
    drop_one_device(account);
    it = find();
  }
  it = account.devices.insert(it, DeviceRow{});
  it->name = name;
  std::erase(account.dropped_devices, name);
  return *it;
}

}  // namespace

std::optional<base::Result<Decision>> find_repeat(const Context& context) {
  const Envelope& envelope = context.envelope;
  if (envelope.device.empty()) return std::nullopt;
  const AccountRows& account = context.rows.of(envelope.account_id);
  const auto device = std::lower_bound(
      account.devices.begin(), account.devices.end(), envelope.device,
      [](const DeviceRow& one, const std::string& name) { return one.name < name; });
  if (device == account.devices.end() || device->name != envelope.device) return std::nullopt;
  if (is_forgotten(*device, envelope.n)) {
    return base::Error(v1::ERROR_CODE_ALREADY_DONE, "answered before, and too old to repeat");
  }
  const auto result =
      std::lower_bound(device->results.begin(), device->results.end(), envelope.n,
                       [](const DeviceRow::Result& one, std::uint64_t n) { return one.n < n; });
  if (result == device->results.end() || result->n != envelope.n) return std::nullopt;
  if (result->digest != envelope.digest) {
    return base::Error(v1::ERROR_CODE_COMMAND_ID_REUSED, "this command id had another content");
  }
  Decision decision;
  decision.done.set_id(result->first);
  decision.done.set_seq(result->seq);
  decision.done.set_version(result->version);
  decision.done.set_superseded(result->superseded);
  decision.done.set_repeated(true);
  return decision;
}

void remember(State::Rows& rows, const Record& record) {
  const v1::Event& event = record.event;
  if (event.device().empty()) return;
  AccountRows& account = rows.of(event.account_id());
  DeviceRow& device = device_for(account, event.device());
  device.last_used = record.position;
  device.highest = std::max(device.highest, event.n());
  const auto at =
      std::lower_bound(device.results.begin(), device.results.end(), event.n(),
                       [](const DeviceRow::Result& one, std::uint64_t n) { return one.n < n; });
  device.results.insert(at, result_of(rows, record));
  const auto keep = std::find_if(device.results.begin(), device.results.end(),
                                 [&](const auto& one) { return !is_forgotten(device, one.n); });
  device.results.erase(device.results.begin(), keep);
  rows.touch(event.account_id(), device);
}

}  // namespace fenghuo::core
