// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/feedback_parsing.h"
#include "clients/cli/figures_verbs.h"
#include "clients/cli/hub_time_parsing.h"
#include "clients/cli/incident_parsing.h"
#include "clients/cli/order_parsing.h"
#include "clients/cli/verbs.h"
#include "clients/cli/watch_parsing.h"

#include <CLI/CLI.hpp>

#include <functional>
#include <memory>

namespace {

using namespace fenghuo::cli;

void add_account_verbs(CLI::App& app, Chosen& chosen) {
  auto login = std::make_shared<LoginArguments>();
  auto* verb = add_verb(app, "login", "Log in; keeps a token (0600) in the state folder",
                        "fenghuo login --hub http://127.0.0.1:8600 --account zhang.qiming");
  verb->add_option("--hub", login->hub,
                   "Address of the hub (FENGHUO_HUB; default http://127.0.0.1:8600)");
  verb->add_option("--account", login->account, "Account name")->required();
  verb->add_flag("--password-stdin", login->password_stdin, "Password from standard input");
  verb->callback([&chosen, login] {
    chosen = [login](const Setting& setting) { return run_login(setting, *login); };
  });
  verb = add_verb(app, "logout", "Revoke the token and forget it", "fenghuo logout");
  verb->callback([&chosen] { chosen = run_logout; });
  verb = add_verb(app, "whoami", "The account logged in, and its roles", "fenghuo whoami --json");
  verb->callback([&chosen] { chosen = run_whoami; });
}

void add_talk_verbs(CLI::App& app, Chosen& chosen) {
  auto post = std::make_shared<PostArguments>();
  auto* verb = add_verb(app, "post", "Post a message; done means synced to the hub's disk",
                        "fenghuo post ops-watch 三号罐区硫化氢二级报警 @fire/liaison "
                        "--precedence immediate");
  verb->add_option("channel", post->channel, "Key or id of the channel")->required();
  verb->add_option("text", post->words, "The text; - = standard input")->required();
  verb->add_option("--precedence", post->precedence, "routine, priority, immediate or flash")
      ->check(one_of(precedences));
  verb->add_option("--thread", post->thread_id, "Reply in the thread of this message");
  verb->add_flag("--ask-receipt", post->ask_receipt, "Ask everyone addressed to acknowledge");
  verb->add_option("--as", post->role, "The role acted in, for example eoc/duty-chief");
  verb->add_flag("--queue", post->queue, "Hub away: keep here, send once later (exit code 3)");
  verb->callback([&chosen, post] {
    chosen = [post](const Setting& setting) { return run_post(setting, *post); };
  });

  auto edit = std::make_shared<EditArguments>();
  verb = add_verb(app, "edit", "A new version of an own message",
                  "fenghuo edit 1042 --version 1 伤者更新为13人 --change");
  verb->add_option("message", edit->message_id, "Id of the message")->required();
  verb->add_option("text", edit->words, "The new text; - = standard input")->required();
  verb->add_option("--version", edit->version, "The version you saw")->required();
  verb->add_flag("--change", edit->change, "变更: acknowledgements are asked again");
  verb->callback([&chosen, edit] {
    chosen = [edit](const Setting& setting) { return run_edit(setting, *edit); };
  });

  auto message = std::make_shared<std::uint64_t>(0);
  auto reason = std::make_shared<std::string>();
  auto version = std::make_shared<std::uint32_t>(1);
  verb = add_verb(app, "retract", "Withdraw a message; a stone with the reason stays",
                  "fenghuo retract 1042 --reason 发错频道");
  verb->add_option("message", *message, "Id of the message")->required();
  verb->add_option("--reason", *reason, "Why")->required();
  verb->callback([&chosen, message, reason] {
    chosen = [=](const Setting& setting) { return run_retract(setting, *message, *reason); };
  });
  verb = add_verb(app, "ack", "收到: acknowledge the version you read",
                  "fenghuo ack 1042 --version 1");
  verb->add_option("message", *message, "Id of the message")->required();
  verb->add_option("--version", *version, "The version read")->capture_default_str();
  verb->callback([&chosen, message, version] {
    chosen = [=](const Setting& setting) { return run_acknowledge(setting, *message, *version); };
  });

  auto name = std::make_shared<std::string>();
  auto json = std::make_shared<std::string>("{}");
  verb = add_verb(app, "call", "Any command of the protocol, by name",
                  "fenghuo call open_direct '{\"accountIds\": [\"57\"]}'");
  verb->add_option("command", *name, "Name as in command.proto")->required();
  verb->add_option("json", *json, "Its fields as protobuf JSON");
  std::string commands = "Commands (their fields are in proto/fenghuo/v1/command.proto):\n";
  for (const auto& command : command_names()) commands += "  " + command + "\n";
  verb->footer(commands + verb->get_footer());
  verb->callback([&chosen, name, json] {
    chosen = [=](const Setting& setting) { return run_call(setting, *name, *json); };
  });
}

void add_read_verbs(CLI::App& app, Chosen& chosen) {
  auto* verb = add_verb(app, "channels", "The channels you belong to, with what is unread",
                        "fenghuo channels --json");
  verb->callback([&chosen] { chosen = run_channels; });

  auto history = std::make_shared<HistoryArguments>();
  verb = add_verb(app, "history", "What was said in a channel, oldest first",
                  "fenghuo history ops-watch --limit 20");
  verb->add_option("channel", history->channel, "Key or id of the channel")->required();
  verb->add_option("--limit", history->limit, "At most this many")
      ->capture_default_str()
      ->check(CLI::Range(1, 100'000));
  verb->add_option("--before", history->before, "Only before this number of the channel");
  verb->callback([&chosen, history] {
    chosen = [history](const Setting& setting) { return run_history(setting, *history); };
  });

  auto search = std::make_shared<SearchArguments>();
  verb = add_verb(app, "search", "Find messages, Chinese or English, in all you may read",
                  "fenghuo search 硫化氢 R-201 --channel ops-watch");
  verb->add_option("text", search->words, "Words; all must occur")->required();
  verb->add_option("--channel", search->channel, "Only in this channel");
  verb->add_option("--limit", search->limit, "At most this many")
      ->capture_default_str()
      ->check(CLI::Range(1, 100));
  verb->callback([&chosen, search] {
    chosen = [search](const Setting& setting) { return run_search(setting, *search); };
  });

  auto knew = std::make_shared<KnewArguments>();
  verb = add_verb(app, "knew", "Who had which version of a message or order at an instant",
                  "fenghuo knew A-7 --version 1 --at 02:05");
  verb->add_option("message", knew->message, "Id of a message, or an order (A-7)")->required();
  verb->add_option("--version", knew->version, "Default: the one current then");
  verb->add_option("--at", knew->at, "HH:MM, YYYY-MM-DDTHH:MM or -20m; default now");
  on_choice(*verb, chosen, knew, run_knew);

  auto tail = std::make_shared<TailArguments>();
  auto since = std::make_shared<std::uint64_t>(0);
  verb = add_verb(app, "tail", "Follow channels; resumes by itself after any break",
                  "fenghuo tail ops-watch --since 1200");
  verb->add_option("channels", tail->channels, "Keys or ids; none = all");
  auto* option = verb->add_option("--since", *since, "From this position of the record on");
  verb->callback([&chosen, tail, since, option] {
    if (option->count() > 0) tail->since = *since;
    chosen = [tail](const Setting& setting) { return run_tail(setting, *tail); };
  });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "fenghuo: talk to a Fenghuo hub from a terminal.\n"
      "Exit codes: 0 done and durable, 1 refused, 2 usage, 3 hub unreachable."};
  app.footer(
      "Example:\n  fenghuo login --hub http://127.0.0.1:8600 --account zhang.qiming\n"
      "  fenghuo tail");
  app.set_version_flag("--version", "fenghuo 0.1.0");
  app.require_subcommand(1);
  app.fallthrough();
  Setting setting;
  std::string language;
  app.add_flag("--json", setting.json, "One JSON object a line");
  app.add_option("--lang", language, "zh-Hans, zh-Hant or en; default: as LANG says");
  app.add_option("--ca-file", setting.ca_file, "Authorities for https hubs (PEM)");
  Chosen chosen;
  add_account_verbs(app, chosen);
  add_talk_verbs(app, chosen);
  add_read_verbs(app, chosen);
  add_order_verbs(app, chosen);
  add_call_desk_verbs(app, chosen);
  add_duty_verbs(app, chosen);
  add_watch_verbs(app, chosen);
  add_incident_verbs(app, chosen);
  add_feedback_verbs(app, chosen);
  add_hub_time_verbs(app, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? exit_done : exit_usage;
  }
  setting.language = chosen_language(language);
  return chosen(setting);
}
