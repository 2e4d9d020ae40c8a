// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/feedback_parsing.h"

#include "clients/cli/feedback_verbs.h"
#include "clients/cli/feedback_wording.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace fenghuo::cli {
namespace {

void add_open(CLI::App& group, Chosen& chosen) {
  auto open = std::make_shared<OpenFeedbackArguments>();
  auto* verb = add_verb(group, "open", "A problem, a suggestion, a correction or praise",
                        "fenghuo feedback open 罐区背面对讲盲区 --incident I-7 --severity urgent\n"
                        "  fenghuo feedback open 夜班人手不足 --kind suggestion --anonymous");
  verb->add_option("text", open->words, "What you have to say")->required();
  verb->add_option("--kind", open->kind, "What it is")
      ->check(one_of(feedback_kinds))
      ->capture_default_str();
  verb->add_option("--severity", open->severity, "life becomes an order at once")
      ->check(one_of(feedback_severities))
      ->capture_default_str();
  verb->add_option("--channel", open->channel, "About a channel");
  verb->add_option("--message", open->message, "About a message, by id");
  verb->add_option("--incident", open->incident, "About an incident, by number or id");
  verb->add_option("--order", open->order, "About an order, by number or id");
  verb->add_flag("--anonymous", open->anonymous,
                 "Without your name: recorded with others at the next full hour (life: at once); "
                 "prints the code that alone reads the answer");
  verb->add_flag("--public", open->from_public, "For somebody of the public");
  verb->add_option("--caller", open->caller, "Of the public: the name");
  verb->add_option("--number", open->number, "Of the public: number to ring back");
  verb->add_option("--similar", open->similar, "Of the public: how many more said the same");
  add_signature(*verb, open->signature);
  on_choice(*verb, chosen, open, run_feedback_open);
}

void add_triage(CLI::App& group, Chosen& chosen) {
  auto triage = std::make_shared<TriageArguments>();
  auto* verb = add_verb(group, "triage", "分派: names the role that answers",
                        "fenghuo feedback triage 1042 fire/liaison");
  verb->add_option("id", triage->id, "Its id, from the list")->required();
  verb->add_option("role", triage->owner, "The role that answers")->required();
  verb->add_option("text", triage->words, "A word to it");
  verb->add_option("--severity", triage->severity, "Another severity than was said")
      ->check(one_of(feedback_severities));
  add_signature(*verb, triage->signature);
  on_choice(*verb, chosen, triage, run_feedback_triage);
}

void add_words(CLI::App& group, const char* name, Chosen& chosen, const char* what,
               const char* example, bool needs_words,
               int (*run)(const Setting&, const FeedbackArguments&)) {
  auto arguments = std::make_shared<FeedbackArguments>();
  auto* verb = add_verb(group, name, what, example);
  verb->add_option("id", arguments->id, "Its id, from the list")->required();
  auto* text = verb->add_option("text", arguments->words, "In words");
  if (needs_words) text->required();
  if (run == run_feedback_adopt) {
    verb->add_option("--order", arguments->order, "Number or id of the order that came of it");
  }
  add_signature(*verb, arguments->signature);
  on_choice(*verb, chosen, arguments, run);
}

}  // namespace

void add_feedback_verbs(CLI::App& app, Chosen& chosen) {
  auto* group = add_group(app, "feedback", "意见建议: opinions and problems, each with an answer",
                          "fenghuo feedback list");
  add_open(*group, chosen);

  auto all = std::make_shared<ListFeedbackArguments>();
  auto* verb = add_verb(*group, "list", "Open ones that you see, and what you are asked about",
                        "fenghuo feedback list --all");
  verb->add_flag("--all", all->all, "Ended ones too, newest first, at most 200");
  on_choice(*verb, chosen, all, run_feedback_list);

  auto show = std::make_shared<ShowFeedbackArguments>();
  verb = add_verb(*group, "show", "One with all that was said",
                  "fenghuo feedback show 1042\n"
                  "  fenghuo feedback show 9f86d081884c7d659a2feaa0c55ad015");
  verb->add_option("id", show->name, "Its id, or the receipt code of your own")->required();
  on_choice(*verb, chosen, show, run_feedback_show);

  add_triage(*group, chosen);
  add_words(*group, "reply", chosen, "答复: an answer, or a further word of its asker",
            "fenghuo feedback reply 1042 应急通信车 20 分钟后到位", true, run_feedback_reply);
  add_words(*group, "adopt", chosen, "采纳: what changes, or the order that came of it",
            "fenghuo feedback adopt 1042 --order A-7", false, run_feedback_adopt);
  add_words(*group, "decline", chosen, "不采纳, with the reason",
            "fenghuo feedback decline 1042 现有车辆不足", true, run_feedback_decline);
  add_words(*group, "close", chosen, "Closes one's own", "fenghuo feedback close 1042", false,
            run_feedback_close);

  auto merge = std::make_shared<MergeFeedbackArguments>();
  verb = add_verb(*group, "merge", "合并: the same said twice goes on in one",
                  "fenghuo feedback merge 1050 1042");
  verb->add_option("id", merge->id, "The one that ends")->required();
  verb->add_option("into", merge->into_id, "The one it goes on in")->required();
  add_signature(*verb, merge->signature);
  on_choice(*verb, chosen, merge, run_feedback_merge);

  auto nothing = std::make_shared<NothingArguments>();
  verb = add_verb(*group, "nothing", "Nothing to say about an incident, or said without a name",
                  "fenghuo feedback nothing 1060");
  verb->add_option("ask", nothing->ask_id, "Id of the asking, from the list")->required();
  on_choice(*verb, chosen, nothing, run_feedback_nothing);
}

}  // namespace fenghuo::cli
