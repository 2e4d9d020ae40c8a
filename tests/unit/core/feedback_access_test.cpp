// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/core/feedback_center.h"

#include <map>
#include <set>
#include <utility>

// Who may do what to feedback: the whole matrix, as text.
namespace fenghuo::testing {
namespace {

class FeedbackAccessTest : public FeedbackTest {
 protected:
  FeedbackAccessTest() {
    // All asked by "fei" and owned by "fire/liaison" (fang): one triaged, two answered.
    for (base::EntityId* id : {&triaged, &answered, &other}) {
      *id = opened("fei");
      FENGHUO_CHECK(does("chief", triage(*id)).has_value());
    }
    FENGHUO_CHECK(does("fang", reply(answered)).has_value());
    const auto incident_id = declared(v1::LEVEL_IV);
    FENGHUO_CHECK(does("chief", stand_down(incident_id)).has_value());
    ask = center.state().rows().feedback_asks.begin()->id;
  }

  // One command of every kind, and of openings all three.
  std::vector<std::pair<std::string, v1::Command>> commands() const {
    v1::Command ends;
    ends.mutable_answer_feedback_ask()->set_ask_id(ask);
    return {{"open", open()},
            {"open unnamed", open_unnamed('a')},
            {"open for public", open_for_public()},
            {"triage", triage(triaged)},
            {"reply", reply(triaged)},
            {"adopt", adopt(answered)},
            {"decline", decline(answered)},
            {"close", close(answered)},
            {"merge", merge(other, triaged)},
            {"answer ask", ends}};
  }

  base::EntityId triaged = 0;
  base::EntityId answered = 0;
  base::EntityId other = 0;
  base::EntityId ask = 0;
};

// Columns: the hub; "chief" and "second", command seats, chief with every grant and asked after an
// incident; "fang", who owns; "fei", who asked; "shui", of another department; the bots "hotline"
// (may open for the public) and "sensor"; a guest; "nobody", without a role.
constexpr std::string_view matrix = R"(
                 hub chief second fang fei shui hotline sensor guest nobody
open             yes yes yes yes yes yes no no no yes
open unnamed     yes yes yes yes yes yes no no no yes
open for public  yes yes no no no no yes no no no
triage           yes yes yes yes no none none none none none
reply            yes yes yes yes yes none none none none none
adopt            yes yes yes yes no none none none none none
decline          yes yes yes yes no none none none none none
close            yes no no no yes none none none none none
merge            yes yes yes yes no none none none none none
answer ask       yes yes none none none none none none none none
)";

std::string word(const base::Result<core::Decision>& decision) {
  if (decision) return "yes";
  const v1::ErrorCode code = decision.error().code();
  if (code == v1::ERROR_CODE_FORBIDDEN) return "no";
  if (code == v1::ERROR_CODE_NOT_FOUND) return "none";
  return decision.error().to_string();
}

TEST_F(FeedbackAccessTest, TheMatrix) {
  constexpr const char* actors[] = {"hub",  "chief",   "second", "fang",  "fei",
                                    "shui", "hotline", "sensor", "guest", "nobody"};
  std::string text = "\n" + std::string(16, ' ');
  for (const char* actor : actors) text += std::string(" ") + actor;
  text += "\n";
  for (const auto& [name, command] : commands()) {
    text += name + std::string(16 - name.size(), ' ');
    for (const char* actor : actors) {
      const base::EntityId id = std::string_view(actor) == "hub" ? 0 : who(actor);
      text += " " + word(core::decide(center.state(), center.envelope(id, command), center.now()));
    }
    text += "\n";
  }
  EXPECT_EQ(text, matrix);
}

TEST_F(FeedbackAccessTest, EveryCommandOnFeedbackIsInTheMatrix) {
  const auto* oneof = v1::Command::descriptor()->FindOneofByName("kind");
  std::set<int> seen;
  for (const auto& [name, command] : commands()) seen.insert(command.kind_case());
  for (int i = 0; i < oneof->field_count(); ++i) {
    const int number = oneof->field(i)->number();
    if (number < 190 || number >= 210) continue;
    EXPECT_TRUE(seen.contains(number)) << oneof->field(i)->name();
  }
}

}  // namespace
}  // namespace fenghuo::testing
