// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/mentions.h"
#include "clients/cli/verbs.h"

#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>

#include <iostream>
#include <iterator>

namespace fenghuo::cli {
namespace {

using Kind = client::Failure::Kind;

// Words joined by spaces; a single "-" is all of stdin without its last line break.
std::string joined_text(const std::vector<std::string>& words) {
  if (words.size() == 1 && words[0] == "-") {
    std::string text((std::istreambuf_iterator<char>(std::cin)), {});
    if (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
  }
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

v1::Precedence precedence_of(const std::string& word) {
  if (word == "priority" || word == "加急") return v1::PRECEDENCE_PRIORITY;
  if (word == "immediate" || word == "特急") return v1::PRECEDENCE_IMMEDIATE;
  if (word == "flash" || word == "特提") return v1::PRECEDENCE_FLASH;
  return v1::PRECEDENCE_ROUTINE;
}

int finish(const Setting& setting, const v1::Command& command,
           const client::Outcome<v1::Reply>& reply) {
  if (!reply) return report(reply.error());
  const auto& done = reply->done();
  if (setting.json) {
    fmt::print("{}\n", json_line(*reply));
  } else if (done.superseded()) {
    fmt::print("stored, but a newer version asks again (position {})\n", reply->position());
  } else if (command.has_post_message()) {
    fmt::print("stored: message {} (#{}, position {})\n", done.id(), done.seq(), reply->position());
  } else if (command.has_edit_message()) {
    fmt::print("stored: version {} (position {})\n", done.version(), reply->position());
  } else if (done.id() == 0) {
    fmt::print("nothing had to change (position {})\n", reply->position());
  } else {
    fmt::print("stored (id {}, position {})\n", done.id(), reply->position());
  }
  return exit_done;
}

// The mentions of a text; a name that is nobody's is said, since who wrote it counts on it.
template <typename Post>
void mention(Post& post, const client::State& state) {
  const Mentions mentions = find_mentions(post.text(), state);
  for (const auto& found : mentions.found) *post.add_mentions() = found;
  for (const auto& key : mentions.unknown) {
    fmt::print(stderr, "fenghuo: nobody here is @{}: sent as plain words, nobody is called by it\n",
               printable(key));
  }
}

int run_command(const Setting& setting, const v1::Command& command) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  return finish(setting, command, opened->client->call(command, patience, true));
}

// The hub is away: the command stays on this machine's disk, and goes out once with the next verb
// that reaches the hub.
int queue_post(const Setting& setting, const PostArguments& arguments, v1::Command command) {
  auto opened = prepare_line(setting, Purpose::Command, {}, std::nullopt);
  if (!opened) return report(opened.error());
  const auto channel = kept_channel_id(opened->login, arguments.channel);
  if (!channel) return report(channel.error());
  command.mutable_post_message()->set_channel_id(*channel);
  const auto number = opened->client->submit(command, [](const client::Outcome<v1::Reply>&) {});
  if (!number) return report(number.error());
  fmt::print(stderr, "fenghuo: hub unreachable; kept here, not sent (number {})\n", *number);
  return exit_unreachable;
}

}  // namespace

int run_post(const Setting& setting, const PostArguments& arguments) {
  v1::Command command;
  auto& post = *command.mutable_post_message();
  post.set_text(joined_text(arguments.words));
  post.set_precedence(precedence_of(arguments.precedence));
  post.set_thread_root_id(arguments.thread_id);
  post.set_ask_receipt(arguments.ask_receipt);
  auto opened = open_line(setting);
  if (!opened) {
    if (arguments.queue && opened.error().kind() == Kind::Unreachable) {
      return queue_post(setting, arguments, command);
    }
    return report(opened.error());
  }
  const client::State state = opened->client->state();
  const auto channel = channel_id(state, arguments.channel);
  if (!channel) return report(channel.error());
  post.set_channel_id(*channel);
  if (!arguments.role.empty()) {
    const auto* role = state.find_role(arguments.role);
    if (role == nullptr) return report(client::Failure(Kind::Usage, "no such role"));
    command.set_acting_role_id(role->id());
  }
  mention(post, state);
  return finish(setting, command, opened->client->call(command, patience, !arguments.queue));
}

int run_edit(const Setting& setting, const EditArguments& arguments) {
  v1::Command command;
  auto& edit = *command.mutable_edit_message();
  edit.set_message_id(arguments.message_id);
  edit.set_seen_version(arguments.version);
  edit.set_kind(arguments.change ? v1::EDIT_KIND_CHANGE : v1::EDIT_KIND_CORRECTION);
  edit.set_text(joined_text(arguments.words));
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  mention(edit, opened->client->state());
  return finish(setting, command, opened->client->call(command, patience, true));
}

int run_retract(const Setting& setting, std::uint64_t message_id, const std::string& reason) {
  v1::Command command;
  command.mutable_retract_message()->set_message_id(message_id);
  command.mutable_retract_message()->set_reason(reason);
  return run_command(setting, command);
}

int run_acknowledge(const Setting& setting, std::uint64_t message_id, std::uint32_t version) {
  v1::Command command;
  command.mutable_acknowledge_message()->set_message_id(message_id);
  command.mutable_acknowledge_message()->set_version(version);
  return run_command(setting, command);
}

std::vector<std::string> command_names() {
  std::vector<std::string> names;
  const auto* commands = v1::Command::descriptor()->FindOneofByName("kind");
  for (int i = 0; i < commands->field_count(); ++i) names.push_back(commands->field(i)->name());
  return names;
}

int run_call(const Setting& setting, const std::string& name, const std::string& json) {
  const auto* field = v1::Command::descriptor()->FindFieldByName(name);
  if (field == nullptr) field = v1::Command::descriptor()->FindFieldByCamelcaseName(name);
  if (field == nullptr || field->containing_oneof() == nullptr) {
    return report(client::Failure(
        Kind::Usage, fmt::format("no command \"{}\": fenghuo call --help lists them", name)));
  }
  v1::Command command;
  const auto status = google::protobuf::util::JsonStringToMessage(
      fmt::format("{{\"{}\": {}}}", name, json), &command);
  if (!status.ok()) {
    const std::string why(status.message());
    return report(client::Failure(Kind::Usage, fmt::format("{} cannot be read as {}: {}", json,
                                                           name, why.substr(0, why.find('\n')))));
  }
  return run_command(setting, command);
}

}  // namespace fenghuo::cli
