// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/feedback_verbs.h"

#include "clients/cli/feedback_wording.h"
#include "clients/cli/finding.h"
#include "clients/cli/receipt.h"

#include <fmt/format.h>

#include <optional>

namespace fenghuo::cli {
namespace {

using Lines = std::vector<std::string>;

client::Outcome<v1::FeedbackResult> ask_for(Opened& opened, const v1::Query& query) {
  const auto result = opened.client->ask(query, patience);
  if (!result) return result.error();
  if (result->has_refused()) return client::Failure(result->refused());
  return result->feedback();
}

client::Outcome<v1::FeedbackResult> find_feedback(Opened& opened, std::uint64_t id) {
  v1::Query query;
  query.mutable_feedback()->set_feedback_id(id);
  return ask_for(opened, query);
}

About about_feedback(const Setting& setting, Opened& opened, std::uint64_t feedback_id) {
  About about;
  about.now = [&setting, &opened, feedback_id](std::uint64_t id) {
    const auto found = find_feedback(opened, feedback_id != 0 ? feedback_id : id);
    if (!found) return Lines();
    return Lines{feedback_line(found->feedback(), opened.client->state(), setting.language)};
  };
  return about;
}

std::optional<client::Failure> set_subject(Opened& opened, const OpenFeedbackArguments& arguments,
                                           v1::FeedbackSubject& subject) {
  const int named =
      static_cast<int>(!arguments.channel.empty()) + static_cast<int>(arguments.message != 0) +
      static_cast<int>(!arguments.incident.empty()) + static_cast<int>(!arguments.order.empty());
  if (named > 1) return usage("one of --channel, --message, --incident or --order");
  if (!arguments.channel.empty()) {
    const auto channel = channel_id(opened.client->state(), arguments.channel);
    if (!channel) return channel.error();
    subject.set_channel_id(*channel);
  } else if (arguments.message != 0) {
    subject.set_message_id(arguments.message);
  } else if (!arguments.incident.empty()) {
    const auto incident = find_incident(opened, arguments.incident);
    if (!incident) return incident.error();
    subject.set_incident_id(incident->id());
  } else if (!arguments.order.empty()) {
    const auto order = find_order(opened, arguments.order);
    if (!order) return order.error();
    subject.set_order_id(order->id());
  }
  return std::nullopt;
}

// The code is said before anything is sent: whoever is cut off can send the same again with it.
int send_unnamed(const Setting& setting, Opened& opened, v1::Command command) {
  const std::optional<Receipt> receipt = new_receipt();
  if (!receipt) return report(usage("this machine has no random source: open it with your name"));
  command.mutable_open_feedback()->set_receipt_hash(receipt->hash);
  const auto reply = opened.client->call(command, patience, true);
  if (!reply) return report(reply.error());
  if (setting.json) {
    fmt::print("{{\"receiptCode\":\"{}\",\"reply\":{}}}\n", receipt->code, json_line(*reply));
    return exit_done;
  }
  const v1::Reply::Done& done = reply->done();
  if (done.held_until_us() != 0) {
    fmt::print("{}\n", fmt::format(fmt::runtime(in({"已收下，{} 与其他意见一并记录",
                                                    "已收下，{} 與其他意見一併記錄",
                                                    "taken; recorded with others at {}"},
                                                   setting.language)),
                                   clock_time(done.held_until_us())));
  } else {
    fmt::print("{} (id {})\n", in({"已存盘", "已存檔", "stored"}, setting.language), done.id());
  }
  fmt::print(
      "{} {}\n",
      in({"回执码（只有您有）：", "回執碼（只有您有）：", "Receipt code, which only you have:"},
         setting.language),
      receipt->code);
  return exit_done;
}

// One that is seen, at the revision that was shown.
template <typename Fill>
int change(const Setting& setting, std::uint64_t id, const Signature& signature, Fill fill) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const auto found = find_feedback(*opened, id);
  if (!found) return report(found.error());
  v1::Command command;
  auto& one = fill(command);
  one.set_feedback_id(id);
  one.set_seen_revision(found->feedback().revision());
  return send(setting, *opened, signature, command, about_feedback(setting, *opened, id));
}

}  // namespace

int run_feedback_open(const Setting& setting, const OpenFeedbackArguments& arguments) {
  if (arguments.anonymous && (arguments.from_public || !arguments.signature.role.empty() ||
                              !arguments.signature.spoken.giver.empty())) {
    return report(usage("--anonymous goes with no --as, --on-behalf or --public"));
  }
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  v1::Command command;
  v1::OpenFeedback& open = *command.mutable_open_feedback();
  open.set_text(joined(arguments.words));
  open.set_kind(value_of(feedback_kinds, arguments.kind).value_or(v1::FEEDBACK_KIND_UNSPECIFIED));
  open.set_severity(value_of(feedback_severities, arguments.severity)
                        .value_or(v1::FEEDBACK_SEVERITY_UNSPECIFIED));
  if (const auto failure = set_subject(*opened, arguments, *open.mutable_subject())) {
    return report(*failure);
  }
  if (arguments.anonymous) return send_unnamed(setting, *opened, std::move(command));
  open.set_from_public(arguments.from_public);
  open.set_similar(arguments.similar);
  if (!arguments.caller.empty() || !arguments.number.empty()) {
    open.mutable_caller()->set_name(arguments.caller);
    open.mutable_caller()->set_number(arguments.number);
  }
  return send(setting, *opened, arguments.signature, command, about_feedback(setting, *opened, 0));
}

int run_feedback_list(const Setting& setting, const ListFeedbackArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const client::State state = opened->client->state();
  const auto print = [&](const auto& row, const std::string& line) {
    fmt::print("{}\n", setting.json ? json_line(row) : line);
  };
  for (const auto& [key, update] : state.rows()) {
    if (!update.has_feedback_ask()) continue;
    print(update.feedback_ask(), ask_line(update.feedback_ask(), state, setting.language));
  }
  if (arguments.all) {
    const auto found = list(*opened, v1::ROW_KIND_FEEDBACK, 0);
    if (!found) return report(found.error());
    for (const v1::Feedback& row : found->feedbacks()) {
      print(row, feedback_line(row, state, setting.language));
    }
    return exit_done;
  }
  for (const auto& [key, update] : state.rows()) {
    if (!update.has_feedback()) continue;
    print(update.feedback(), feedback_line(update.feedback(), state, setting.language));
  }
  return exit_done;
}

int run_feedback_show(const Setting& setting, const ShowFeedbackArguments& arguments) {
  v1::Query query;
  if (const auto code = receipt_bytes(arguments.name)) {
    query.mutable_receipt()->set_receipt_code(*code);
  } else if (is_number(arguments.name)) {
    query.mutable_feedback()->set_feedback_id(std::stoull(arguments.name));
  } else {
    return report(usage(arguments.name + " is neither an id nor a receipt code of 32 digits"));
  }
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const auto found = ask_for(*opened, query);
  if (!found) return report(found.error());
  if (setting.json) {
    fmt::print("{}\n", json_line(*found));
    return exit_done;
  }
  for (const auto& line : feedback_lines(*found, opened->client->state(), setting.language)) {
    fmt::print("{}\n", line);
  }
  return exit_done;
}

int run_feedback_triage(const Setting& setting, const TriageArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const auto found = find_feedback(*opened, arguments.id);
  if (!found) return report(found.error());
  const auto owner = role_id(opened->client->state(), arguments.owner);
  if (!owner) return report(owner.error());
  v1::Command command;
  v1::TriageFeedback& triage = *command.mutable_triage_feedback();
  triage.set_feedback_id(arguments.id);
  triage.set_seen_revision(found->feedback().revision());
  triage.set_owner_role_id(*owner);
  triage.set_severity(value_of(feedback_severities, arguments.severity)
                          .value_or(v1::FEEDBACK_SEVERITY_UNSPECIFIED));
  triage.set_text(joined(arguments.words));
  return send(setting, *opened, arguments.signature, command,
              about_feedback(setting, *opened, arguments.id));
}

int run_feedback_reply(const Setting& setting, const FeedbackArguments& arguments) {
  return change(setting, arguments.id, arguments.signature,
                [&](v1::Command& command) -> v1::ReplyFeedback& {
                  command.mutable_reply_feedback()->set_text(joined(arguments.words));
                  return *command.mutable_reply_feedback();
                });
}

int run_feedback_adopt(const Setting& setting, const FeedbackArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const auto found = find_feedback(*opened, arguments.id);
  if (!found) return report(found.error());
  v1::Command command;
  v1::AdoptFeedback& adopt = *command.mutable_adopt_feedback();
  adopt.set_feedback_id(arguments.id);
  adopt.set_seen_revision(found->feedback().revision());
  adopt.set_change(joined(arguments.words));
  if (!arguments.order.empty()) {
    const auto order = find_order(*opened, arguments.order);
    if (!order) return report(order.error());
    adopt.set_order_id(order->id());
  }
  return send(setting, *opened, arguments.signature, command,
              about_feedback(setting, *opened, arguments.id));
}

int run_feedback_decline(const Setting& setting, const FeedbackArguments& arguments) {
  return change(setting, arguments.id, arguments.signature,
                [&](v1::Command& command) -> v1::DeclineFeedback& {
                  command.mutable_decline_feedback()->set_reason(joined(arguments.words));
                  return *command.mutable_decline_feedback();
                });
}

int run_feedback_close(const Setting& setting, const FeedbackArguments& arguments) {
  return change(setting, arguments.id, arguments.signature,
                [&](v1::Command& command) -> v1::CloseFeedback& {
                  command.mutable_close_feedback()->set_text(joined(arguments.words));
                  return *command.mutable_close_feedback();
                });
}

int run_feedback_merge(const Setting& setting, const MergeFeedbackArguments& arguments) {
  return change(setting, arguments.id, arguments.signature,
                [&](v1::Command& command) -> v1::MergeFeedback& {
                  command.mutable_merge_feedback()->set_into_id(arguments.into_id);
                  return *command.mutable_merge_feedback();
                });
}

int run_feedback_nothing(const Setting& setting, const NothingArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  v1::Command command;
  command.mutable_answer_feedback_ask()->set_ask_id(arguments.ask_id);
  return send(setting, *opened, {}, command);
}

}  // namespace fenghuo::cli
