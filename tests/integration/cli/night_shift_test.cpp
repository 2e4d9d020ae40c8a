// SPDX-License-Identifier: Apache-2.0
// One night at a terminal, through the real daemon: what a duty officer types, and reads.
#include "tests/integration/cli/night_shift.h"

#include "fenghuo/v1/frame.pb.h"

#include <google/protobuf/util/json_util.h>

namespace fenghuo::testing {
namespace {

using Words = std::vector<std::string>;

TEST_F(NightShift, ACallBecomesAnIncidentThatIsLed) {
  ASSERT_EQ(run("zhang", {"intake", "take", "watch", "城东化工园有刺鼻气味", "--caller", "李女士",
                          "--number", "13900000001", "--happened-at", "-20m"}),
            0)
      << said_;
  EXPECT_TRUE(says("待处理")) << said_;
  const std::string intake = std::to_string(number_after("id "));
  ASSERT_EQ(run("zhou", {"intake", "list"}), 0);
  EXPECT_TRUE(says("李女士") && says("13900000001") && says("刺鼻气味")) << said_;

  ASSERT_EQ(run("zhang", {"incident", "declare", "三号罐区泄漏", "--category", "事故灾难",
                          "--level", "III", "--response", "3", "--injured", "2", "--source", "120",
                          "--from", "intake:" + intake}),
            0)
      << said_;
  EXPECT_TRUE(says("I-1") && says("较大 三级响应（初判）") && says("带班领导")) << said_;
  EXPECT_EQ(run("zhang", {"intake", "close", intake}), 2) << said_;
  ASSERT_EQ(run("zhang", {"intake", "close", intake, "--incident", "I-1"}), 0) << said_;
  EXPECT_TRUE(says("转为事件 I-1")) << said_;
  ASSERT_EQ(run("zhou", {"intake", "list"}), 0);
  EXPECT_EQ(said_, "");

  // The declarer does not confirm his own level; the duty leader does.
  EXPECT_EQ(run("zhang", {"incident", "level", "confirm", "I-1"}), 1) << said_;
  EXPECT_TRUE(says("没有改变。现状：")) << said_;
  ASSERT_EQ(run("sun", {"incident", "level", "confirm", "I-1"}), 0) << said_;
  ASSERT_EQ(run("zhang", {"incident", "level", "propose", "I-1", "火势扩大", "--level", "II"}), 0)
      << said_;
  EXPECT_EQ(run("zhang", {"incident", "level", "approve", "I-1"}), 1) << said_;
  EXPECT_TRUE(says("same_person")) << said_;
  ASSERT_EQ(run("sun", {"incident", "level", "approve", "I-1"}), 0) << said_;
  EXPECT_TRUE(says("重大 三级响应")) << said_;

  ASSERT_EQ(run("zhou", {"incident", "casualties", "I-1", "--injured", "13", "--source", "120"}), 0)
      << said_;
  EXPECT_TRUE(says("伤 13 失踪 0 亡 0")) << said_;
  ASSERT_EQ(run("zhang", {"incident", "command", "I-1", "--commander", "eoc/leader", "--on-scene",
                          "account:wang"}),
            0)
      << said_;
  ASSERT_EQ(run("zhang", {"incident", "groups", "I-1", "--key", "water", "--name", "水务组",
                          "--lead", "water/liaison"}),
            0)
      << said_;
  ASSERT_EQ(run("wang", {"incident", "show", "I-1"}), 0) << said_;
  EXPECT_TRUE(says("总指挥: 带班领导") && says("现场指挥官: 王闸") && says("水务组")) << said_;
  ASSERT_EQ(run("wang", {"incident", "show", "I-1", "--lang", "zh-Hant"}), 0) << said_;
  EXPECT_TRUE(says("總指揮") && says("事故災難")) << said_;
  ASSERT_EQ(run("wang", {"incident", "show", "I-1", "--lang", "en"}), 0) << said_;
  EXPECT_TRUE(says("level II, response III") && says("commander: Duty leader")) << said_;
}

TEST_F(NightShift, AReportUpwardIsFiledByItsFieldsAndCopiedOut) {
  ASSERT_EQ(
      run("zhang", {"incident", "declare", "城东积水", "--category", "natural", "--level", "IV"}),
      0)
      << said_;
  ASSERT_EQ(run("zhang", {"incident", "report", "list", "I-1"}), 0);
  EXPECT_TRUE(says("书面初报") && says("省值班室") && says("place=地点, cause=原因")) << said_;
  EXPECT_EQ(run("zhang", {"incident", "report", "file", "I-1", "--field", "place=城东"}), 1);
  EXPECT_TRUE(says("field = cause")) << said_;
  EXPECT_EQ(run("zhang", {"incident", "report", "file", "I-1", "--field", "城东"}), 2) << said_;
  ASSERT_EQ(run("zhang", {"incident", "report", "file", "I-1", "--field", "place=城东", "--pending",
                          "cause"}),
            0)
      << said_;
  EXPECT_TRUE(says("已报")) << said_;
  v1::Report report;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(
                  json("zhou", {"incident", "report", "list", "I-1", "--all"}), &report)
                  .ok())
      << said_;
  ASSERT_EQ(run("zhou", {"incident", "report", "text", std::to_string(report.id())}), 0) << said_;
  EXPECT_TRUE(says("【城东积水】初报") && says("地点：城东") && says("原因：待核")) << said_;
}

TEST_F(NightShift, ATemplateStartsGroupsAndOrdersThatHinderTheStandDown) {
  ASSERT_EQ(run("zhang", {"incident", "templates"}), 0);
  EXPECT_TRUE(says("leak  危化品泄漏  事故灾难  工作组 1  指令 1  预案一")) << said_;
  EXPECT_EQ(run("zhang", {"incident", "declare", "泄漏", "--category", "accident", "--level", "II",
                          "--template", "flood"}),
            1)
      << said_;
  ASSERT_EQ(run("zhang", {"incident", "declare", "泄漏", "--category", "accident", "--level", "II",
                          "--template", "leak", "--missing", "1", "--source", "厂方"}),
            0)
      << said_;
  EXPECT_TRUE(says("工作组: 抢险组")) << said_;
  ASSERT_TRUE(until("li", {"order", "list"}, "A-1")) << said_;

  EXPECT_EQ(run("zhang", {"incident", "stand-down", "I-1", "险情排除"}), 1) << said_;
  EXPECT_TRUE(says("现状") && says("失踪 1")) << said_;
  EXPECT_EQ(
      run("zhang", {"incident", "stand-down", "I-1", "险情排除", "--waive", "A-1=口头已确认"}), 1)
      << said_;
  ASSERT_EQ(run("zhang", {"incident", "stand-down", "I-1", "险情排除", "--waive", "A-1=口头已确认",
                          "--waive", "missing=已联系上"}),
            0)
      << said_;
  EXPECT_TRUE(says("已解除响应")) << said_;
  ASSERT_EQ(run("zhang", {"incident", "show", "I-1"}), 0);
  EXPECT_TRUE(says("例外: 失踪人员: 已联系上")) << said_;
  EXPECT_EQ(run("zhang", {"incident", "phase", "I-1", "归档", "结束"}), 1) << said_;
  ASSERT_EQ(run("zhang", {"incident", "evaluate", "I-1", "响应及时"}), 0) << said_;
  ASSERT_EQ(run("zhang", {"incident", "phase", "I-1", "归档", "结束"}), 0) << said_;
  EXPECT_TRUE(says("已归档")) << said_;
}

TEST_F(NightShift, NobodyAnswersTheLadderClimbsAndASpokenYesIsSigned) {
  ASSERT_EQ(run("zhang", {"order", "raise", "watch", "关闭下游取水口", "--to", "water/liaison",
                          "--notice", "--precedence", "immediate"}),
            0)
      << said_;
  EXPECT_TRUE(says("A-1") && says("未签收")) << said_;
  ASSERT_TRUE(until("zhou", {"call-desk", "list"}, "李水")) << said_;
  EXPECT_TRUE(says("139-li")) << said_;
  const std::string first = std::to_string(number_after(""));
  ASSERT_EQ(run("zhou", {"call-desk", "result", first, "no-answer"}), 0) << said_;
  // That stops nothing: the deputy is next.
  ASSERT_TRUE(until("zhou", {"call-desk", "list"}, "王闸")) << said_;
  ASSERT_EQ(run("zhou", {"order", "accept", "A-1", "马上关", "--on-behalf", "account:wang",
                         "--medium", "phone", "--stated-at", "-1s", "--reference", "T-17"}),
            0)
      << said_;
  EXPECT_TRUE(says("已签收")) << said_;
  ASSERT_EQ(run("zhou", {"call-desk", "list"}), 0);
  EXPECT_EQ(said_, "");

  ASSERT_EQ(run("wang", {"spoken", "list"}), 0) << said_;
  EXPECT_TRUE(says("代录 王闸 电话") && says("#T-17") && says("签收指令") && says("待补签"))
      << said_;
  const std::string spoken = std::to_string(number_after(""));
  EXPECT_EQ(run("zhou", {"spoken", "sign", spoken}), 1) << said_;
  ASSERT_EQ(run("wang", {"spoken", "sign", spoken}), 0) << said_;
  EXPECT_TRUE(says("已补签")) << said_;
  EXPECT_EQ(run("wang", {"spoken", "object", spoken, "不是我"}), 1) << said_;
  EXPECT_TRUE(says("stale_revision") && says("已补签")) << said_;
}

TEST_F(NightShift, AHandoverIsReadBeforeItIsAccepted) {
  ASSERT_EQ(run("zhang", {"intake", "take", "watch", "有人报警后挂断", "--place", "码头"}), 0)
      << said_;
  const std::string red = std::to_string(number_after("id "));
  // He acts in his only role without saying so: the order goes over with its duty.
  ASSERT_EQ(run("zhang", {"order", "raise", "watch", "巡查码头", "--to", "water/liaison"}), 0)
      << said_;
  ASSERT_EQ(run("li", {"order", "accept", "A-1"}), 0) << said_;
  ASSERT_EQ(run("zhang", {"duty", "handover", "eoc/chief", "--to", "zhou", "--note", "注意码头"}),
            0)
      << said_;
  EXPECT_TRUE(says("张启明 → 周卫") && says("待接班") && says("注意码头")) << said_;

  // He reads, and does not take the red item.
  EXPECT_EQ(run("zhou", {"duty", "accept"}, "n\n"), 2) << said_;
  EXPECT_TRUE(says("码头  有人报警后挂断") && says("逐项确认") && says("未接班")) << said_;
  v1::OpenItems items;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(
                  json("zhou", {"duty", "items", "eoc/chief"}), &items)
                  .ok())
      << said_;
  // Something comes in after he read: it cannot be accepted unread.
  ASSERT_EQ(run("zhang", {"intake", "take", "watch", "又一通电话", "--place", "北桥"}), 0) << said_;
  const std::string through = std::to_string(items.through());
  EXPECT_EQ(run("zhou", {"duty", "accept", "eoc/chief", "--through", through, "--red", red}), 1);
  EXPECT_TRUE(says("stale_revision") && says("北桥")) << said_;

  ASSERT_EQ(run("zhou", {"duty", "accept", "eoc/chief"}, "y\ny\ny\n"), 0) << said_;
  EXPECT_TRUE(says("下达的指令") && says("A-1  巡查码头")) << said_;
  EXPECT_TRUE(says("已接班")) << said_;
  ASSERT_EQ(run("sun", {"duty", "show", "eoc/chief"}), 0);
  EXPECT_TRUE(says("主班  周卫")) << said_;
  ASSERT_EQ(run("sun", {"duty", "board"}), 0);
  EXPECT_FALSE(says("待接班")) << said_;
}

TEST_F(NightShift, ARedWarningNeedsTwoAndEveryRoleIsCalledByName) {
  ASSERT_EQ(run("zhang", {"warning", "issue", "--colour", "red", "--kind", "暴雨", "--area",
                          "城东区", "--until", "+6h", "--measures", "停工停课"}),
            0)
      << said_;
  EXPECT_TRUE(says("红色 暴雨预警") && says("待批准")) << said_;
  const std::string warning = std::to_string(number_after("id "));
  EXPECT_EQ(run("zhang", {"warning", "approve", warning}), 1) << said_;
  ASSERT_EQ(run("sun", {"warning", "approve", warning}), 0) << said_;
  EXPECT_TRUE(says("停工停课") && says("生效")) << said_;
  ASSERT_EQ(run("zhang", {"warning", "change", warning, "--colour", "orange", "--until", "+2h"}), 0)
      << said_;
  EXPECT_TRUE(says("橙色 暴雨预警  城东区")) << said_;
  ASSERT_EQ(run("zhang", {"warning", "lift", warning, "降雨结束"}), 0) << said_;
  EXPECT_TRUE(says("已解除") && says("降雨结束")) << said_;

  ASSERT_EQ(
      run("zhang", {"duty", "rollcall", "start", "water/liaison", "eoc/leader", "--until", "+10m"}),
      0)
      << said_;
  ASSERT_EQ(run("sun", {"duty", "rollcall", "answer", "eoc/leader"}), 0) << said_;
  EXPECT_TRUE(says("已应答 1/2") && says("✗ 水务联络员  李水  139-li") && says("✓ 带班领导"))
      << said_;
  ASSERT_EQ(run("zhang", {"duty", "override", "water/liaison", "病假", "--to", "account:wang",
                          "--until", "+8h"}),
            0)
      << said_;
  EXPECT_TRUE(says("水务联络员 主班  王闸")) << said_;
}

TEST_F(NightShift, VerbsSayWhatIsMissingAndHelpHasAnExample) {
  const std::vector<Words> wrong = {
      {"incident", "show", "I-99"},
      {"incident", "declare", "无类别", "--level", "II"},
      {"incident", "declare", "错级别", "--category", "natural", "--level", "V"},
      {"duty", "handover", "eoc/nobody", "--to", "zhou"},
      {"warning", "issue", "--colour", "pink", "--kind", "雨", "--area", "城", "--until", "+1h"},
      {"alarm", "show", "7"},
      {"spoken", "object", "7"},
  };
  for (const Words& words : wrong) {
    EXPECT_EQ(run("zhang", words), 2) << words.front() << " " << said_;
    EXPECT_NE(said_, "");
  }
  for (const Words& words : std::vector<Words>{{"incident", "declare"},
                                               {"incident", "level", "propose"},
                                               {"duty", "accept"},
                                               {"duty", "rollcall", "start"},
                                               {"warning", "issue"},
                                               {"intake", "take"},
                                               {"spoken", "sign"},
                                               {"alarm", "close"}}) {
    Words asked = words;
    asked.emplace_back("--help");
    EXPECT_EQ(run("zhang", asked), 0) << said_;
    EXPECT_TRUE(says("Example:\n  fenghuo " + words.front())) << said_;
  }
}

}  // namespace
}  // namespace fenghuo::testing
