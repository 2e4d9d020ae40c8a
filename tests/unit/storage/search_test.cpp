// SPDX-License-Identifier: Apache-2.0
#include "storage/search.h"

#include "hub/base/sha256.h"
#include "storage/memory/memory_store.h"
#include "storage/timeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

namespace fenghuo::storage {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class SearchTest : public testing::Test {
 protected:
  // Posts as `author`; returns the message's position.
  base::Position post(base::EntityId channel, std::string text, base::EntityId author = 1) {
    const SearchDocument document{channel, ++last_seq_[channel], ++position_, author};
    EXPECT_TRUE(store_.rows().write(timeline_rows(channel, document.seq, document.position, 0)));
    std::vector<Row> out;
    index_rows(document, text, out);
    EXPECT_TRUE(store_.rows().write(out));
    documents_[document.position] = document;
    texts_[document.position] = std::move(text);
    return document.position;
  }
  void edit(base::Position message, std::string text) {
    std::vector<Row> out;
    reindex_rows(documents_[message], texts_[message], text, out);
    EXPECT_TRUE(store_.rows().write(out));
    texts_[message] = std::move(text);
  }
  SearchRequest ask(std::string_view text, const std::vector<base::EntityId>& channels) {
    SearchRequest request;
    request.text = SearchText(text);
    for (const base::EntityId channel : channels) request.channels.push_back({channel, 1});
    return request;
  }
  std::vector<base::Position> find(const SearchRequest& request) {
    auto page = search(store_.rows(), request, [&](const SearchHit& hit) {
      ++candidates_;
      return request.text.matches(texts_[hit.position]);
    });
    EXPECT_TRUE(page.has_value());
    std::vector<base::Position> found;
    for (const SearchHit& hit : page->hits) {
      EXPECT_EQ(hit.channel, documents_[hit.position].channel);
      EXPECT_EQ(hit.seq, documents_[hit.position].seq);
      found.push_back(hit.position);
    }
    token_ = page->next_page_token;
    return found;
  }
  std::vector<base::Position> find(std::string_view text,
                                   const std::vector<base::EntityId>& channels) {
    return find(ask(text, channels));
  }

  MemoryStore store_;
  base::Position position_ = 0;
  std::map<base::EntityId, std::uint64_t> last_seq_;
  std::map<base::Position, SearchDocument> documents_;
  std::map<base::Position, std::string> texts_;
  std::size_t candidates_ = 0;
  std::string token_;
};

TEST_F(SearchTest, finds_chinese_mixed_and_english) {
  const auto a = post(1, "3號反應罐溫度過高，人員疏散");
  const auto b = post(1, "Tank 3 temperature HIGH");
  const auto c = post(1, "3号反应罐 valve 已关");
  EXPECT_THAT(find("反应罐", {1}), ElementsAre(c, a));
  EXPECT_THAT(find("反應罐 3", {1}), ElementsAre(c, a));
  EXPECT_THAT(find("ｔａｎｋ　ｈｉｇｈ", {1}), ElementsAre(b));
  EXPECT_THAT(find("罐", {1}), ElementsAre(c, a));
  EXPECT_THAT(find("valve 反应", {1}), ElementsAre(c));
  EXPECT_THAT(find("不在", {1}), IsEmpty());
  EXPECT_EQ(token_, "");
}

TEST_F(SearchTest, gives_only_the_channels_named_newest_first) {
  const auto a = post(3, "fire one");
  const auto b = post(1, "fire two");
  post(2, "fire secret");
  const auto d = post(3, "fire four");
  EXPECT_THAT(find("fire", {1, 3}), ElementsAre(d, b, a));
  EXPECT_THAT(find("fire", {}), IsEmpty());
}

TEST_F(SearchTest, gives_nothing_before_the_first_readable) {
  post(1, "fire one");
  const auto second = post(1, "fire two");
  SearchRequest request = ask("fire", {1});
  request.channels[0].first_seq = 2;
  EXPECT_THAT(find(request), ElementsAre(second));
}

TEST_F(SearchTest, words_are_found_by_their_beginning_while_typing) {
  const auto a = post(1, "evacuate");
  const auto b = post(1, "evacuation begun");
  post(1, "eva");
  EXPECT_THAT(find("evacua", {1}), ElementsAre(b, a));
  EXPECT_THAT(find("begun evac", {1}), ElementsAre(b));
  EXPECT_THAT(find("evacua ", {1}), IsEmpty());
}

TEST_F(SearchTest, an_edit_moves_the_message) {
  const auto a = post(1, "valve open 甲");
  const auto b = post(1, "valve open 乙");
  edit(a, "valve closed 丙");
  EXPECT_THAT(find("open ", {1}), ElementsAre(b));
  EXPECT_THAT(find("closed ", {1}), ElementsAre(a));
  EXPECT_THAT(find("甲", {1}), IsEmpty());
  EXPECT_THAT(find("valve", {1}), ElementsAre(b, a));
  edit(a, "");
  EXPECT_THAT(find("valve", {1}), ElementsAre(b));
}

TEST_F(SearchTest, an_erased_text_leaves_no_row) {
  const auto a = post(1, "秘密 password hunter2", 7);
  edit(a, "");
  std::size_t left = 0;
  ASSERT_TRUE(store_.rows().scan(Family::Search, "", "", false, [&](auto, auto) {
    ++left;
    return true;
  }));
  EXPECT_EQ(left, 0u);
}

TEST_F(SearchTest, a_sweep_needs_no_text) {
  const auto a = post(1, "秘密 password hunter2", 7);
  const auto b = post(1, "秘密 password", 7);
  std::vector<Row> out;
  ASSERT_TRUE(sweep_rows(store_.rows(), documents_[a], out));
  EXPECT_EQ(out.size(), 6u);
  ASSERT_TRUE(store_.rows().write(out));
  EXPECT_THAT(find("秘密", {1}), ElementsAre(b));
  EXPECT_THAT(find("hunter2", {1}), IsEmpty());
  SearchRequest request = ask("", {1});
  request.author = 7;
  EXPECT_THAT(find(request), ElementsAre(b));
}

TEST_F(SearchTest, by_author) {
  const auto a = post(1, "fire one", 7);
  post(1, "fire two", 77);
  const auto c = post(2, "water", 7);
  SearchRequest request = ask("", {1, 2});
  request.author = 7;
  EXPECT_THAT(find(request), ElementsAre(c, a));
  request.text = SearchText("fire");
  EXPECT_THAT(find(request), ElementsAre(a));
}

TEST_F(SearchTest, between_two_positions) {
  std::vector<base::Position> posted;
  for (int i = 0; i < 10; ++i)
    posted.push_back(post(1 + static_cast<base::EntityId>(i % 2), "fire"));
  SearchRequest request = ask("fire", {1, 2});
  request.from = posted[3];
  request.until = posted[5];
  EXPECT_THAT(find(request), ElementsAre(posted[5], posted[4], posted[3]));
  request.until = 0;
  EXPECT_EQ(find(request).size(), 7u);
}

TEST_F(SearchTest, pages_follow_each_other_without_gap_or_repetition) {
  std::vector<base::Position> posted;
  for (int i = 0; i < 50; ++i) {
    posted.insert(posted.begin(), post(1 + static_cast<base::EntityId>(i % 7), "fire 火"));
  }
  SearchRequest request = ask("火", {1, 2, 3, 4, 5, 6, 7});
  request.limit = 8;
  std::vector<base::Position> found;
  int pages = 0;
  do {
    const auto page = find(request);
    EXPECT_LE(page.size(), 8u);
    found.insert(found.end(), page.begin(), page.end());
    request.page_token = token_;
    // A newcomer does not disturb the pages that follow.
    post(3, "火");
    ++pages;
  } while (!token_.empty());
  EXPECT_EQ(found, posted);
  EXPECT_EQ(pages, 7);
}

TEST_F(SearchTest, refuses_what_is_no_question) {
  const auto accept = [](const SearchHit&) { return true; };
  const auto nothing = search(store_.rows(), ask("，", {1}), accept);
  ASSERT_FALSE(nothing.has_value());
  EXPECT_EQ(nothing.error().field(), "text");
  for (const char* token : {"x", "00", "0000000000000000", "zzzzzzzzzzzzzzzz"}) {
    SearchRequest request = ask("fire", {1});
    request.page_token = token;
    const auto refused = search(store_.rows(), request, accept);
    ASSERT_FALSE(refused.has_value()) << token;
    EXPECT_EQ(refused.error().field(), "page_token");
  }
}

TEST_F(SearchTest, a_page_of_refused_candidates_ends_and_goes_on) {
  const auto wanted = post(1, "火灾 灾情");
  for (int i = 0; i < 2'500; ++i) post(1, "火灾，灾情");
  texts_[wanted] = "火灾情";
  SearchRequest request = ask("火灾情", {1});
  EXPECT_THAT(find(request), IsEmpty());
  EXPECT_EQ(candidates_, 2'000u);
  ASSERT_NE(token_, "");
  request.page_token = token_;
  EXPECT_THAT(find(request), ElementsAre(wanted));
  EXPECT_EQ(token_, "");
}

TEST_F(SearchTest, equals_a_plain_look_at_every_message) {
  std::mt19937 random(20'240'601);
  const std::vector<std::string> words = {"火",   "水",   "疏",    "散", "火灾",
                                          "疏散", "fire", "fires", " "};
  for (int i = 0; i < 600; ++i) {
    std::string text;
    for (int n = 0; n < 5; ++n) text += words[random() % words.size()];
    const auto message = post(1 + random() % 5, text, 1 + random() % 3);
    if (random() % 10 == 0) edit(message, words[random() % words.size()]);
  }
  for (int i = 0; i < 300; ++i) {
    std::string text;
    for (std::size_t n = 0; n <= random() % 3; ++n) text += words[random() % words.size()];
    SearchRequest request = ask(text, {});
    if (request.text.empty()) continue;
    request.limit = 10'000;
    request.author = random() % 4;
    for (base::EntityId channel = 1; channel <= 5; ++channel) {
      if (random() % 2 == 0) request.channels.push_back({channel, 1 + random() % 50});
    }
    std::vector<base::Position> plain;
    for (const auto& [position, document] : documents_) {
      const bool readable = std::ranges::any_of(request.channels, [&](const auto& channel) {
        return channel.channel == document.channel && document.seq >= channel.first_seq;
      });
      const bool by_author = request.author == 0 || request.author == document.author;
      if (readable && by_author && request.text.matches(texts_[position])) {
        plain.insert(plain.begin(), position);
      }
    }
    EXPECT_EQ(find(request), plain) << text;
  }
}

TEST_F(SearchTest, remembers_how_far_it_came) {
  EXPECT_EQ(indexed_through(store_.rows()).value(), 0u);
  ASSERT_TRUE(store_.rows().write({indexed_through_row(1'234)}));
  EXPECT_EQ(indexed_through(store_.rows()).value(), 1'234u);
}

// Golden bytes: FORMAT.md says the same.
TEST_F(SearchTest, the_keys_are_as_written_down) {
  std::vector<Row> out;
  index_rows({5, 3, 120, 42}, "火", out);
  ASSERT_EQ(out.size(), 2u);
  EXPECT_EQ(base::to_hex(out[0].key),
            "013432"
            "00"
            "0000000000000005"
            "fffffffffffffffc");
  EXPECT_EQ(base::to_hex(out[1].key),
            "e781ab"
            "00"
            "0000000000000005"
            "fffffffffffffffc");
  EXPECT_EQ(base::to_hex(*out[1].value), "0000000000000078");
}

}  // namespace

}  // namespace fenghuo::storage
