// SPDX-License-Identifier: Apache-2.0
#include "storage/search_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fenghuo::storage {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(FoldTest, widths_cases_and_characters_are_alike) {
  EXPECT_EQ(fold("ＡＢＣ１２３ Café ﾎﾞｰﾄ"), fold("abc123 CAFÉ ボート"));
  EXPECT_EQ(fold("緊急疏散學校火災"), "紧急疏散学校火灾");
  EXPECT_EQ(fold("裏面著火後"), "里面着火后");
  EXPECT_EQ(fold("Straße"), "strasse");
}

TEST(FoldTest, bytes_that_are_no_text_do_no_harm) {
  EXPECT_EQ(fold("a\xff"
                 "b"),
            "a\uFFFD"
            "b");
  EXPECT_EQ(fold("\xe7\x81"), "\uFFFD");
  EXPECT_EQ(fold(""), "");
}

TEST(IndexTermsTest, characters_pairs_and_words) {
  EXPECT_THAT(index_terms("火災 Fire"), ElementsAre("fire", "火", "火灾", "灾"));
  EXPECT_THAT(index_terms("A-1042!"), ElementsAre("1042", "a"));
  EXPECT_THAT(index_terms("3號樓"), ElementsAre("3", "号", "号楼", "楼"));
  EXPECT_THAT(index_terms("水，火"), ElementsAre("水", "火"));
  EXPECT_THAT(index_terms("火火火"), ElementsAre("火", "火火"));
  EXPECT_THAT(index_terms("カメラ 카메라"),
              ElementsAre("カ", "カメ", "メ", "メラ", "ラ", "라", "메", "메라", "카", "카메"));
  EXPECT_THAT(index_terms("…！？"), IsEmpty());
}

TEST(IndexTermsTest, characters_beyond_the_first_plane) {
  EXPECT_THAT(index_terms("𠮷野"), ElementsAre("野", "𠮷", "𠮷野"));
}

TEST(IndexTermsTest, long_words_are_cut) {
  const auto terms = index_terms(std::string(1'000, 'x'));
  EXPECT_THAT(terms, ElementsAre(std::string(64, 'x')));
}

TEST(SearchTextTest, takes_pairs_where_there_are_any) {
  EXPECT_THAT(SearchText("人員疏散").terms(), ElementsAre("人员", "员疏", "疏散"));
  EXPECT_THAT(SearchText("火").terms(), ElementsAre("火"));
  EXPECT_TRUE(SearchText(" ，。").empty());
}

TEST(SearchTextTest, the_last_word_is_a_beginning) {
  const SearchText open("gate valv");
  EXPECT_THAT(open.terms(), ElementsAre("gate"));
  EXPECT_EQ(open.prefix(), "valv");
  const SearchText closed("gate valv ");
  EXPECT_THAT(closed.terms(), ElementsAre("gate", "valv"));
  EXPECT_EQ(closed.prefix(), "");
  EXPECT_THAT(SearchText("gate v").terms(), ElementsAre("gate", "v"));
  EXPECT_EQ(SearchText("valve 閥").prefix(), "");
}

TEST(SearchTextTest, has_a_bounded_number_of_terms) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "w" + std::to_string(i) + " ";
  EXPECT_EQ(SearchText(text).terms().size(), 32u);
}

TEST(SearchTextTest, matches_a_run_in_one_piece) {
  const SearchText wanted("人员疏散");
  EXPECT_TRUE(wanted.matches("已通知：人員疏散完畢"));
  EXPECT_FALSE(wanted.matches("人员已到，员疏，疏散"));
  EXPECT_FALSE(wanted.matches(""));
}

TEST(SearchTextTest, matches_words_as_words) {
  EXPECT_TRUE(SearchText("valve 3 ").matches("Valve 3 is open"));
  EXPECT_FALSE(SearchText("valve 3 ").matches("valves 31"));
  EXPECT_TRUE(SearchText("valv").matches("3 VALVES"));
  EXPECT_FALSE(SearchText("alve").matches("valve"));
  EXPECT_TRUE(SearchText("3号 valve").matches("3號樓的 valve"));
}

}  // namespace

}  // namespace fenghuo::storage
