// SPDX-License-Identifier: Apache-2.0
#include "hub/plan/words.h"

#include "fenghuo/v1/order.pb.h"

#include <fmt/format.h>

namespace fenghuo::plan {

namespace {

const std::vector<Word>& verbs() {
  static const std::vector<Word> words{
      {"administer", v1::Grant::VERB_ADMINISTER},
      {"announce", v1::Grant::VERB_ANNOUNCE},
      {"flash", v1::Grant::VERB_FLASH},
      {"redact", v1::Grant::VERB_REDACT},
      {"moderate", v1::Grant::VERB_MODERATE},
      {"manage-channels", v1::Grant::VERB_MANAGE_CHANNELS},
      {"hold", v1::Grant::VERB_HOLD},
      {"audit", v1::Grant::VERB_AUDIT},
      {"roster", v1::Grant::VERB_ROSTER},
      {"order", v1::Grant::VERB_ORDER},
      {"declare", v1::Grant::VERB_DECLARE},
      {"warn", v1::Grant::VERB_WARN},
      {"feedback", v1::Grant::VERB_FEEDBACK},
  };
  return words;
}

const std::vector<Word>& scopes() {
  static const std::vector<Word> words{
      {"center", v1::Grant::SCOPE_CENTER},
      {"department", v1::Grant::SCOPE_DEPARTMENT},
  };
  return words;
}

const std::vector<Word>& conditions() {
  static const std::vector<Word> words{
      {"appointed", v1::Grant::CONDITION_APPOINTED},
      {"on-duty", v1::Grant::CONDITION_ON_DUTY},
      {"not-proposer", v1::Grant::CONDITION_NOT_PROPOSER},
      {"owner", v1::Grant::CONDITION_OWNER},
  };
  return words;
}

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = text.find(' ');
    if (end != 0) parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return parts;
}

// The number of the word, or 0 with `what` and `fix` filled.
int look_up(std::string_view part, const std::vector<Word>& words, std::string_view role,
            std::string& what, std::string& fix) {
  std::vector<std::string> known;
  for (const Word& word : words) {
    if (word.word == part) return word.value;
    known.emplace_back(word.word);
  }
  what = fmt::format("\"{}\" is no {} of a grant", part, role);
  fix = did_you_mean(part, known, fmt::format("write {}", one_of(known)));
  return 0;
}

}  // namespace

const std::vector<Word>& account_kinds() {
  static const std::vector<Word> words{
      {"person", v1::Account::KIND_PERSON},
      {"bot", v1::Account::KIND_BOT},
      {"guest", v1::Account::KIND_GUEST},
  };
  return words;
}

const std::vector<Word>& channel_kinds() {
  static const std::vector<Word> words{
      {"department", v1::Channel::KIND_DEPARTMENT},     {"role", v1::Channel::KIND_ROLE},
      {"incident", v1::Channel::KIND_INCIDENT},         {"group", v1::Channel::KIND_GROUP},
      {"announcement", v1::Channel::KIND_ANNOUNCEMENT}, {"direct", v1::Channel::KIND_DIRECT},
  };
  return words;
}

const std::vector<Word>& phone_kinds() {
  static const std::vector<Word> words{
      {"duty-line", v1::Phone::KIND_DUTY_LINE},
      {"mobile", v1::Phone::KIND_MOBILE},
      {"satellite", v1::Phone::KIND_SATELLITE},
      {"radio", v1::Phone::KIND_RADIO},
  };
  return words;
}

const std::vector<Word>& standings() {
  static const std::vector<Word> words{
      {"primary", v1::Appointment::STANDING_PRIMARY},
      {"deputy", v1::Appointment::STANDING_DEPUTY},
      {"leader", v1::Appointment::STANDING_LEADER},
      {"member", v1::Appointment::STANDING_MEMBER},
  };
  return words;
}

const std::vector<Word>& postings() {
  static const std::vector<Word> words{
      {"members", v1::Channel::POSTING_MEMBERS},
      {"announcers", v1::Channel::POSTING_ANNOUNCERS},
  };
  return words;
}

const std::vector<Word>& histories() {
  static const std::vector<Word> words{
      {"all", v1::Channel::HISTORY_ALL},
      {"since-joining", v1::Channel::HISTORY_SINCE_JOINING},
  };
  return words;
}

const std::vector<Word>& precedences() {
  static const std::vector<Word> words{
      {"routine", v1::PRECEDENCE_ROUTINE},
      {"priority", v1::PRECEDENCE_PRIORITY},
      {"immediate", v1::PRECEDENCE_IMMEDIATE},
      {"flash", v1::PRECEDENCE_FLASH},
  };
  return words;
}

const std::vector<Word>& means_words() {
  static const std::vector<Word> words{
      {"in-app", v1::MEANS_IN_APP},   {"bell", v1::MEANS_BELL}, {"mail", v1::MEANS_MAIL},
      {"webhook", v1::MEANS_WEBHOOK}, {"call", v1::MEANS_CALL},
  };
  return words;
}

std::string_view word_of(const std::vector<Word>& words, int value) {
  for (const Word& word : words) {
    if (word.value == value) return word.word;
  }
  return "?";
}

std::string grant_text(const v1::Grant& grant) {
  std::string text(word_of(verbs(), grant.verb()));
  if (grant.scope() == v1::Grant::SCOPE_DEPARTMENT) text += " in department";
  if (grant.condition() != v1::Grant::CONDITION_APPOINTED) {
    text += fmt::format(" when {}", word_of(conditions(), grant.condition()));
  }
  return text;
}

bool parse_grant(std::string_view text, v1::Grant& grant, std::string& what, std::string& fix) {
  const std::vector<std::string_view> parts = split(text);
  if (parts.empty()) {
    what = "an empty grant";
    fix = "write a verb, like \"announce\"";
    return false;
  }
  const int verb = look_up(parts[0], verbs(), "verb", what, fix);
  if (verb == 0) return false;
  grant.set_verb(static_cast<v1::Grant::Verb>(verb));
  grant.set_scope(v1::Grant::SCOPE_CENTER);
  grant.set_condition(v1::Grant::CONDITION_APPOINTED);
  std::size_t next = 1;
  if (next + 1 < parts.size() && parts[next] == "in") {
    const int scope = look_up(parts[next + 1], scopes(), "scope", what, fix);
    if (scope == 0) return false;
    grant.set_scope(static_cast<v1::Grant::Scope>(scope));
    next += 2;
  }
  if (next + 1 < parts.size() && parts[next] == "when") {
    const int condition = look_up(parts[next + 1], conditions(), "condition", what, fix);
    if (condition == 0) return false;
    grant.set_condition(static_cast<v1::Grant::Condition>(condition));
    next += 2;
  }
  if (next == parts.size()) return true;
  what = fmt::format("\"{}\" does not belong into a grant", parts[next]);
  fix = "write \"VERB\", \"VERB in department\" or \"VERB in department when on-duty\"";
  return false;
}

}  // namespace fenghuo::plan
