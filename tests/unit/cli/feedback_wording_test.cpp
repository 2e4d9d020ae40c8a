// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/feedback_wording.h"

#include "clients/cli/receipt.h"

#include <gtest/gtest.h>

namespace fenghuo::cli {
namespace {

v1::Feedback thread() {
  v1::Feedback row;
  row.set_id(42);
  row.set_origin(v1::Feedback::ORIGIN_ANONYMOUS);
  row.set_kind(v1::FEEDBACK_KIND_SUGGESTION);
  row.set_severity(v1::FEEDBACK_SEVERITY_URGENT);
  row.set_state(v1::Feedback::STATE_TRIAGED);
  row.set_opened_us(1'700'000'000'000'000);
  return row;
}

TEST(FeedbackWordingTest, ALineSaysWhatItIsAndWhereItStands) {
  const client::State nobody;
  v1::Feedback row = thread();
  row.set_similar(17);
  row.set_overdue(true);
  const std::string hans = feedback_line(row, nobody, Language::Hans);
  for (const char* word : {"42", "建议", "紧急", "匿名", "+17", "[待答复]", "逾期"}) {
    EXPECT_NE(hans.find(word), std::string::npos) << word << " in " << hans;
  }
  const std::string hant = feedback_line(row, nobody, Language::Hant);
  EXPECT_NE(hant.find("建議"), std::string::npos) << hant;
  const std::string english = feedback_line(row, nobody, Language::En);
  EXPECT_NE(english.find("waits for an answer"), std::string::npos) << english;
}

TEST(FeedbackWordingTest, EveryEntryHasItsWordsAndNothingThatATerminalObeys) {
  v1::FeedbackResult result;
  *result.mutable_feedback() = thread();
  result.mutable_feedback()->add_entries()->set_what(v1::FeedbackEntry::WHAT_OPENED);
  result.mutable_feedback()->add_entries()->set_what(v1::FeedbackEntry::WHAT_ANSWERED);
  result.add_texts("more \x1b[31mlight");
  result.add_texts("it is ordered");
  const auto lines = feedback_lines(result, client::State(), Language::En);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_NE(lines[1].find("light"), std::string::npos);
  EXPECT_EQ(lines[1].find('\x1b'), std::string::npos);
  EXPECT_NE(lines[2].find("answered"), std::string::npos);
  EXPECT_NE(lines[2].find("it is ordered"), std::string::npos);
}

TEST(ReceiptTest, TheCodeTypedIsTheCodeMade) {
  const auto receipt = new_receipt();
  ASSERT_TRUE(receipt);
  EXPECT_EQ(receipt->hash.size(), 32U);
  ASSERT_TRUE(receipt_bytes(receipt->code));
  EXPECT_EQ(receipt_bytes(receipt->code)->size(), 16U);
  EXPECT_NE(new_receipt()->code, receipt->code);
}

TEST(ReceiptTest, OnlyThirtyTwoDigitsAreACode) {
  EXPECT_EQ(receipt_bytes(std::string(32, 'A')), std::string(16, '\xaa'));
  EXPECT_FALSE(receipt_bytes(std::string(31, 'a')));
  EXPECT_FALSE(receipt_bytes(std::string(33, 'a')));
  EXPECT_FALSE(receipt_bytes(std::string(31, 'a') + "g"));
}

}  // namespace
}  // namespace fenghuo::cli
