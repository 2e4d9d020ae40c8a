// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/wording.h"

#include "clients/cli/mentions.h"

#include <gtest/gtest.h>

namespace fenghuo::cli {
namespace {

client::State small_center() {
  v1::Snapshot snapshot;
  auto* account = snapshot.add_accounts();
  account->set_id(5);
  account->set_key("zhang.qiming");
  account->mutable_name()->set_zh_hans("张启明");
  account->mutable_name()->set_en("Zhang Qiming");
  auto* role = snapshot.add_roles();
  role->set_id(6);
  role->set_key("eoc/duty-chief");
  role->mutable_name()->set_zh_hans("值班长");
  role->mutable_name()->set_en("Duty chief");
  auto* channel = snapshot.add_channels();
  channel->mutable_channel()->set_id(7);
  channel->mutable_channel()->set_key("ops-watch");
  client::State state;
  state.reset(snapshot, 5, 10);
  return state;
}

v1::Message sample() {
  v1::Message message;
  message.set_id(20);
  message.set_channel_id(7);
  message.set_seq(3);
  message.set_author_id(5);
  message.set_role_id(6);
  message.set_precedence(v1::PRECEDENCE_IMMEDIATE);
  message.set_text("请核实");
  message.set_version(1);
  return message;
}

TEST(Mentions, FindsRolesPeopleAndAllOnceEach) {
  const auto found =
      find_mentions("@eoc/duty-chief 请看，@zhang.qiming. @all @eoc/duty-chief", small_center())
          .found;
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].role_id(), 6U);
  EXPECT_EQ(found[1].account_id(), 5U);
  EXPECT_TRUE(found[2].everyone());
}

TEST(Mentions, EveryoneHasThreeNames) {
  for (const char* text : {"@all", "@everyone", "请@所有人签收"}) {
    const auto found = find_mentions(text, small_center()).found;
    ASSERT_EQ(found.size(), 1U) << text;
    EXPECT_TRUE(found[0].everyone());
  }
}

TEST(Mentions, LeavesMailAddressesAndStrangersAlone) {
  const auto mentions = find_mentions("mail a@zhang.qiming or @nobody or @", small_center());
  EXPECT_TRUE(mentions.found.empty());
  EXPECT_EQ(mentions.unknown, std::vector<std::string>{"nobody"});
}

TEST(Wording, SaysPrecedenceRoleAndChannelInEachLanguage) {
  const auto state = small_center();
  const std::string zh = message_line(sample(), state, Language::Hans);
  EXPECT_NE(zh.find("ops-watch #3  张启明（值班长） ‖特急‖  请核实"), std::string::npos) << zh;
  const std::string en = message_line(sample(), state, Language::En);
  EXPECT_NE(en.find("Zhang Qiming (Duty chief) ‖IMMEDIATE‖"), std::string::npos) << en;
}

TEST(Wording, NeverShowsTheTextOfAStone) {
  v1::Message message = sample();
  message.mutable_stone()->set_kind(v1::Message::Stone::KIND_RETRACTED);
  message.mutable_stone()->set_reason("发错频道");
  const std::string line = message_line(message, small_center(), Language::Hans);
  EXPECT_NE(line.find("[已撤回: 发错频道]"), std::string::npos) << line;
  EXPECT_EQ(line.find("请核实"), std::string::npos);
}

TEST(Wording, LetsNothingThroughThatATerminalObeys) {
  v1::Message message = sample();
  message.set_text(
      "a\x1b[2Jb\xc2\x9b"
      "c\rd\ne");
  const std::string line = message_line(message, small_center(), Language::En);
  EXPECT_NE(line.find("a\xEF\xBF\xBD[2Jb\xEF\xBF\xBD"
                      "c\xEF\xBF\xBD"
                      "d\n    e  (id 20)"),
            std::string::npos)
      << line;
}

TEST(Wording, SaysWhetherAnEditAsksAgain) {
  v1::Message message = sample();
  message.set_version(2);
  message.set_last_edit(v1::EDIT_KIND_CORRECTION);
  EXPECT_NE(message_line(message, small_center(), Language::Hans).find("[更正 v2]"),
            std::string::npos);
  message.set_last_edit(v1::EDIT_KIND_CHANGE);
  EXPECT_NE(message_line(message, small_center(), Language::En).find("[changed v2]"),
            std::string::npos);
}

TEST(Wording, ChoosesTheLanguageByTag) {
  EXPECT_EQ(language_of("zh_CN.UTF-8"), Language::Hans);
  EXPECT_EQ(language_of("zh_HK.UTF-8"), Language::Hant);
  EXPECT_EQ(language_of("zh-Hant"), Language::Hant);
  EXPECT_EQ(language_of("de_DE"), Language::En);
}

}  // namespace
}  // namespace fenghuo::cli
