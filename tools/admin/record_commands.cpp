// SPDX-License-Identifier: Apache-2.0
#include "tools/admin/record_commands.h"

#include "fenghuo/v1/event.pb.h"
#include "hub/base/sha256.h"
#include "hub/engine/recovery.h"
#include "storage/verify.h"
#include "tools/admin/instant.h"

#include <google/protobuf/util/json_util.h>

#include <map>
#include <string>

namespace fenghuo::admin {

namespace {

constexpr std::size_t salt_bytes = 16;

base::Result<std::string> to_json(const google::protobuf::Message& message) {
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(message, &json);
  if (status.ok()) return json;
  return base::Error(v1::ERROR_CODE_STORAGE_FAILED, status.ToString());
}

// `{"position":"12","time":"...","event":{...},"body":{...}}`.
base::Result<std::string> line_of(base::Position position, base::TimeUs time_us,
                                  const storage::LogRecord& record) {
  v1::Event event;
  if (!event.ParseFromString(record.event)) {
    return base::Error(v1::ERROR_CODE_STORAGE_FAILED,
                       fmt::format("record {} cannot be read", position));
  }
  // A dump is passed on; what somebody could try passwords against is not part of it.
  if (!event.credential_set().password_hash().empty()) {
    event.mutable_credential_set()->set_password_hash("(left out)");
  }
  const base::Result<std::string> event_json = to_json(event);
  if (!event_json) return event_json.error();
  std::string line = fmt::format(R"({{"position":"{}","time":"{}","event":{})", position,
                                 format_instant(time_us), *event_json);
  if (record.body.size() > salt_bytes) {
    v1::Body body;
    if (!body.ParseFromString(record.body.substr(salt_bytes))) {
      return base::Error(v1::ERROR_CODE_STORAGE_FAILED,
                         fmt::format("the body of record {} cannot be read", position));
    }
    const base::Result<std::string> body_json = to_json(body);
    if (!body_json) return body_json.error();
    line += R"(,"body":)" + *body_json;
  } else if (!event.body_hash().empty()) {
    line += R"(,"erased":true)";
  }
  return line + "}";
}

// "message_posted", or "unknown" for kinds of a newer hub.
std::string kind_name(const v1::Event& event) {
  const auto* field = event.kind_case() == v1::Event::KIND_NOT_SET
                          ? nullptr
                          : event.GetDescriptor()->FindFieldByNumber(event.kind_case());
  return field == nullptr ? "unknown" : field->name();
}

base::Result<std::map<std::string, std::uint64_t>> count_kinds(storage::Store& store) {
  std::map<std::string, std::uint64_t> counts;
  const auto reader = store.log().read(1, false);
  for (;;) {
    const base::Result<std::optional<storage::Batch>> batch = reader->next();
    if (!batch) return batch.error();
    if (!*batch) return counts;
    for (const storage::LogRecord& record : (*batch)->records) {
      v1::Event event;
      if (!event.ParseFromString(record.event)) {
        return base::Error(v1::ERROR_CODE_STORAGE_FAILED, "a record cannot be read: run verify");
      }
      ++counts[kind_name(event)];
    }
  }
}

}  // namespace

int verify_record(const Terminal& terminal, storage::Store& store) {
  const storage::VerifyReport report = storage::verify(store);
  if (report.first_bad) {
    terminal.complain("bad: {}", *report.first_bad);
    return exit_refused;
  }
  terminal.say("good: {} batches, {} records, {} bodies ({} erased)", report.batches,
               report.records, report.bodies, report.erased);
  terminal.say("head: position {}, hash {}", report.head.position, base::to_hex(report.head.hash));
  return exit_done;
}

int dump_record(const Terminal& terminal, storage::Store& store, base::Position from,
                std::uint64_t count) {
  const auto reader = store.log().read(from == 0 ? 1 : from, true);
  std::uint64_t left = count == 0 ? UINT64_MAX : count;
  while (left > 0) {
    const base::Result<std::optional<storage::Batch>> batch = reader->next();
    if (!batch) return terminal.fail(batch.error());
    if (!*batch) break;
    for (std::size_t i = 0; i < (*batch)->records.size() && left > 0; ++i) {
      const base::Position position = (*batch)->first + i;
      if (position < from) continue;
      const auto line = line_of(position, (*batch)->time_us, (*batch)->records[i]);
      if (!line) return terminal.fail(line.error());
      terminal.say("{}", *line);
      --left;
    }
  }
  return exit_done;
}

int record_stats(const Terminal& terminal, storage::Store& store) {
  const storage::Head head = store.log().head();
  terminal.say("position {}", head.position);
  if (head.position == 0) return exit_done;
  const base::Result<core::State> state = engine::reload(store);
  if (!state) return terminal.fail(state.error());
  terminal.say("last record {}", format_instant(head.time_us));
  terminal.say("world {} of center {} ({})", state->world_id(), state->center_id(),
               state->world_kind() == v1::WorldCreated::KIND_DRILL ? "drill" : "real");
  terminal.say("epoch {}", state->epoch().epoch());
  terminal.say("format {}", state->format());
  terminal.say("accounts {}", state->account_count());
  terminal.say("channels {}", state->channel_count());
  terminal.say("messages {}", state->message_count());
  terminal.say("disk free {:.1f} %", store.free_share() * 100);
  const auto counts = count_kinds(store);
  if (!counts) return terminal.fail(counts.error());
  for (const auto& [kind, count] : *counts) terminal.say("records.{} {}", kind, count);
  return exit_done;
}

}  // namespace fenghuo::admin
