// SPDX-License-Identifier: Apache-2.0
#include "storage/search.h"

#include "hub/base/limits.h"
#include "tests/unit/view/view_rig.h"

#include <gtest/gtest.h>

namespace fenghuo::view {
namespace {

class SearchTest : public ::testing::Test {
 protected:
  SearchTest() : ann(hub.id("ann")), bob(hub.id("bob")), all(hub.channel("all")) {}

  v1::QueryResult search(base::EntityId account, const v1::SearchQuery& query) {
    v1::Query wrapped;
    *wrapped.mutable_search() = query;
    return hub.query(account, wrapped);
  }
  // The texts found, newest first.
  std::string found(base::EntityId account, std::string text) {
    v1::SearchQuery query;
    query.set_text(std::move(text));
    const v1::QueryResult result = search(account, query);
    if (!result.has_search()) return "refused";
    EXPECT_EQ(result.search().indexed_through(), hub.view->applied());
    std::string joined;
    for (const v1::Message& row : result.search().messages()) {
      joined += (joined.empty() ? "" : "|") + row.text();
    }
    return joined;
  }
  // Whether any key or value of the index has these bytes.
  bool index_holds(std::string_view bytes) {
    bool holds = false;
    EXPECT_TRUE(hub.rig.store->rows().scan(storage::Family::Search, {}, {}, false,
                                           [&](std::string_view key, std::string_view value) {
                                             holds |= key.find(bytes) != std::string_view::npos ||
                                                      value.find(bytes) != std::string_view::npos;
                                             return true;
                                           }));
    return holds;
  }
  void edit(base::EntityId id, std::string text) {
    v1::Command command;
    v1::EditMessage& edit = *command.mutable_edit_message();
    edit.set_message_id(id);
    edit.set_seen_version(1);
    edit.set_kind(v1::EDIT_KIND_CHANGE);
    edit.set_text(std::move(text));
    hub.run(ann, command);
  }

  ViewRig hub;
  const base::EntityId ann;
  const base::EntityId bob;
  const base::EntityId all;
};

TEST_F(SearchTest, FindsChineseAndEnglishInReadableChannelsOnly) {
  hub.post(ann, all, "銅鑼灣水浸, please evacuate");
  hub.post(ann, hub.channel("news"), "evacuate quietly");
  EXPECT_EQ(found(bob, "水浸"), "銅鑼灣水浸, please evacuate");
  EXPECT_EQ(found(bob, "EVACUATE"), "銅鑼灣水浸, please evacuate");
  EXPECT_EQ(found(ann, "evacuate"), "evacuate quietly|銅鑼灣水浸, please evacuate");
  v1::SearchQuery query;
  query.set_text("evacuate");
  query.set_channel_id(hub.channel("news"));
  EXPECT_EQ(search(bob, query).refused().code(), v1::ERROR_CODE_NOT_FOUND);
  EXPECT_EQ(search(ann, query).search().messages_size(), 1);
}

TEST_F(SearchTest, EditsReplaceAndStonesRemove) {
  const base::EntityId id = hub.post(ann, all, "pumphouse").id();
  edit(id, "reservoir");
  EXPECT_EQ(found(bob, "pumphouse"), "");
  EXPECT_EQ(found(bob, "reservoir"), "reservoir");
  EXPECT_FALSE(index_holds("pumphouse"));
  v1::Command command;
  command.mutable_retract_message()->set_message_id(id);
  command.mutable_retract_message()->set_reason("wrong");
  hub.run(ann, command);
  EXPECT_EQ(found(bob, "reservoir"), "");
  EXPECT_FALSE(index_holds("reservoir"));
}

TEST_F(SearchTest, ErasedTextsLeaveNoTermBehind) {
  const base::EntityId id = hub.post(ann, all, "passportnumber").id();
  hub.post(ann, all, "passport office");
  ASSERT_TRUE(index_holds("passportnumber"));
  v1::Command propose;
  propose.mutable_propose_redaction()->set_message_id(id);
  propose.mutable_propose_redaction()->set_rule("identity data");
  propose.mutable_propose_redaction()->set_reason("leaked");
  const base::EntityId proposal = hub.run(hub.id("chief"), propose).id();
  v1::Command confirm;
  confirm.mutable_confirm_redaction()->set_proposal_id(proposal);
  hub.run(0, confirm);
  EXPECT_FALSE(index_holds("passportnumber"));
  EXPECT_EQ(found(bob, "passport office"), "passport office");
}

TEST_F(SearchTest, PagesGoOnWhereTheLastEnded) {
  for (int i = 0; i < 5; ++i) hub.post(ann, all, "report " + std::to_string(i));
  v1::SearchQuery query;
  query.set_text("report");
  query.set_limit(2);
  std::string seen;
  for (int pages = 0; pages < 10; ++pages) {
    const v1::QueryResult result = search(bob, query);
    ASSERT_TRUE(result.has_search());
    for (const v1::Message& row : result.search().messages()) seen += row.text().back();
    query.set_page_token(result.search().next_page_token());
    if (query.page_token().empty()) break;
  }
  EXPECT_EQ(seen, "43210");
}

TEST_F(SearchTest, AuthorAndTimeNarrowIt) {
  hub.post(ann, all, "report one");
  const base::TimeUs first = hub.rig.now;
  hub.rig.now += base::us_per_s;
  hub.post(bob, all, "report two");
  v1::SearchQuery query;
  query.set_text("report");
  query.set_author_id(ann);
  ASSERT_EQ(search(bob, query).search().messages_size(), 1);
  EXPECT_EQ(search(bob, query).search().messages(0).text(), "report one");
  query.clear_author_id();
  query.set_from_us(first + 1);
  ASSERT_EQ(search(bob, query).search().messages_size(), 1);
  EXPECT_EQ(search(bob, query).search().messages(0).text(), "report two");
  query.clear_from_us();
  query.set_until_us(first);
  ASSERT_EQ(search(bob, query).search().messages_size(), 1);
  EXPECT_EQ(search(bob, query).search().messages(0).text(), "report one");
  query.set_until_us(1);
  EXPECT_EQ(search(bob, query).search().messages_size(), 0);
}

TEST_F(SearchTest, BadQueriesAreRefused) {
  v1::SearchQuery query;
  EXPECT_EQ(search(bob, query).refused().code(), v1::ERROR_CODE_BAD_ARGUMENT);
  query.set_text(std::string(base::limits::search_text_bytes_max + 1, 'x'));
  EXPECT_EQ(search(bob, query).refused().code(), v1::ERROR_CODE_TOO_LARGE);
  query.set_text("fine");
  query.set_page_token("not a token");
  EXPECT_EQ(search(bob, query).refused().code(), v1::ERROR_CODE_BAD_ARGUMENT);
  hub.pool.full = true;
  EXPECT_EQ(search(bob, query).refused().code(), v1::ERROR_CODE_OVERLOADED);
}

TEST_F(SearchTest, TheIndexGoesOnWhereItStoodAfterARestart) {
  hub.post(ann, all, "before");
  const base::Position through = hub.indexer->indexed_through();
  EXPECT_EQ(through, hub.view->applied());
  hub.indexer = nullptr;
  ASSERT_FALSE(hub.rig.submit(ann, testing::post(all, "after"), 1));
  hub.rig.settle();
  hub.view->step(hub.rig.now);
  hub.indexer = std::make_unique<Indexer>(*hub.view, *hub.rig.store, [] {});
  EXPECT_EQ(hub.indexer->indexed_through(), through);
  hub.settle();
  EXPECT_EQ(found(bob, "after"), "after");
  EXPECT_EQ(found(bob, "before"), "before");
}

}  // namespace
}  // namespace fenghuo::view
