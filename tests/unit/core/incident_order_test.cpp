// SPDX-License-Identifier: Apache-2.0
#include "hub/core/rows.h"
#include "tests/unit/core/incident_center.h"

#include <string>
#include <vector>

// Where incidents and orders meet: rules 20, 30 to 34.
namespace fenghuo::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

class IncidentOrderTest : public IncidentTest {
 protected:
  std::vector<v1::Order> orders(base::EntityId incident_id) const {
    std::vector<v1::Order> found;
    for (const auto& entry : center.state().rows().orders) {
      if (entry.row->incident_id() == incident_id) found.push_back(*entry.row);
    }
    return found;
  }
  // Declares by the template "flood"; its orders are raised.
  base::EntityId flooded(v1::Level level = v1::LEVEL_III) {
    const auto id = declared(level, "flood");
    center.advance(0);
    return id;
  }
  v1::Command accept(const v1::Order& order) {
    v1::Command command;
    command.mutable_accept_order()->set_order_id(order.id());
    command.mutable_accept_order()->set_seen_revision(order.revision());
    return command;
  }
};

TEST_F(IncidentOrderTest, TheTemplatesOrdersAreRaisedAtOnce) {
  const auto id = flooded();
  ASSERT_THAT(orders(id), SizeIs(1));
  const v1::Order order = orders(id)[0];
  EXPECT_EQ(order.channel_id(), incident(id).channel_id());
  EXPECT_EQ(order.addressees(0).role_id(), post_of("fire/liaison"));
  EXPECT_EQ(order.done_by_us(), center.now() + hour);
  EXPECT_EQ(order.ladder().key(), "calm") << "of the level";
  EXPECT_EQ(text_of(order.id()), "立即到位");
  EXPECT_TRUE(incident(id).waiting_orders().empty()) << "what nobody gets holds up nothing";
}

TEST_F(IncidentOrderTest, APostInTheIncidentIsASignOfWork) {
  const auto id = flooded();
  v1::Order order = orders(id)[0];
  ASSERT_TRUE(does("fang", accept(order)));
  center.advance(10 * minute);
  v1::Command post;
  post.mutable_post_message()->set_channel_id(incident(id).channel_id());
  post.mutable_post_message()->set_text("two pumps are running");
  ASSERT_TRUE(does("second", post)) << "somebody else's says nothing about his order";
  EXPECT_FALSE(orders(id)[0].addressees(0).has_progress());
  ASSERT_TRUE(does("fang", post));
  order = orders(id)[0];
  EXPECT_EQ(order.addressees(0).progress().at_us(), center.now());
  EXPECT_EQ(order.addressees(0).state(), v1::Addressee::STATE_UNDER_WAY);
  const auto said = center.now();
  center.advance(30 * base::us_per_s);
  ASSERT_TRUE(does("fang", post));
  EXPECT_EQ(orders(id)[0].addressees(0).progress().at_us(), said) << "one a minute is enough";
}

TEST_F(IncidentOrderTest, SilenceIsCalled) {
  const auto id = declared(v1::LEVEL_III, "");
  center.advance(20 * minute);
  ASSERT_THAT(orders(id), SizeIs(1));
  const v1::Order call = orders(id)[0];
  EXPECT_EQ(call.kind(), v1::Order::KIND_NOTICE);
  EXPECT_EQ(call.addressees(0).role_id(), post_of("eoc/mayor"));
  EXPECT_EQ(text_of(call.id()), "【澄远化工爆炸】初判级别尚未确认，请确认或提出调整。");
  EXPECT_TRUE(does("mayor", accept(call)));
}

TEST_F(IncidentOrderTest, NoAnswerFromAboveCallsWhoAsked) {
  const auto id = declared(v1::LEVEL_III);
  ASSERT_TRUE(does("fang", propose(id, v1::LEVEL_II)));
  v1::Command command;
  command.mutable_request_level()->set_incident_id(id);
  command.mutable_request_level()->set_proposal(1);
  ASSERT_TRUE(does("mayor", command));
  center.advance(10 * minute);
  ASSERT_THAT(orders(id), SizeIs(1));
  EXPECT_EQ(orders(id)[0].addressees(0).role_id(), post_of("eoc/mayor")) << "our side phones";
}

TEST_F(IncidentOrderTest, ARaisedLevelMakesRunningLaddersFaster) {
  const auto id = flooded(v1::LEVEL_III);
  const auto raised = center.now();
  EXPECT_EQ(orders(id)[0].addressees(0).run().due_us(), raised + 10 * minute);
  center.advance(minute);
  ASSERT_TRUE(does("fang", propose(id, v1::LEVEL_II)));
  ASSERT_TRUE(does("hub", decide(id, 1)));
  EXPECT_EQ(orders(id)[0].addressees(0).run().due_us(), raised + 3 * minute)
      << "from the last step, not from now";
  EXPECT_EQ(orders(id)[0].ladder().key(), "quick");
  ASSERT_TRUE(does("fang", propose(id, v1::LEVEL_III)));
  ASSERT_TRUE(does("hub", decide(id, 2)));
  EXPECT_EQ(orders(id)[0].addressees(0).run().due_us(), raised + 3 * minute)
      << "lowering keeps the stricter";
}

TEST_F(IncidentOrderTest, StandDownWaitsForEveryUnacceptedOrderOrASignature) {
  const auto id = flooded();
  EXPECT_THAT(does("mayor", stand_down(id)), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  v1::Command waived = stand_down(id);
  auto& waiver = *waived.mutable_stand_down()->add_waivers();
  waiver.set_kind(v1::Waiver::KIND_UNACCEPTED_ORDER);
  waiver.set_order_id(orders(id)[0].id());
  waiver.set_reason("已电话告知撤收");
  ASSERT_TRUE(does("mayor", waived));
  EXPECT_EQ(orders(id)[0].state(), v1::Order::STATE_ENDED);
}

TEST_F(IncidentOrderTest, AcceptedOrdersAreListedAndEnded) {
  const auto id = flooded();
  ASSERT_TRUE(does("fang", accept(orders(id)[0])));
  ASSERT_TRUE(does("mayor", stand_down(id)));
  EXPECT_EQ(orders(id)[0].state(), v1::Order::STATE_ENDED);
  EXPECT_THAT(incident(id).stand_down().ended_order_ids(), ElementsAre(orders(id)[0].id()));
}

TEST_F(IncidentOrderTest, AnOverdueTaskStandsInTheWayToo) {
  const auto id = flooded();
  ASSERT_TRUE(does("fang", accept(orders(id)[0])));
  // The confirming role has answered, so that nobody is called.
  v1::Command confirm;
  confirm.mutable_confirm_level()->set_incident_id(id);
  confirm.mutable_confirm_level()->set_seen_revision(incident(id).revision());
  ASSERT_TRUE(does("mayor", confirm));
  center.advance(hour + minute);
  EXPECT_THAT(does("mayor", stand_down(id)), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  v1::Command waived = stand_down(id);
  auto& waiver = *waived.mutable_stand_down()->add_waivers();
  waiver.set_kind(v1::Waiver::KIND_OVERDUE_ORDER);
  waiver.set_order_id(orders(id)[0].id());
  waiver.set_reason("转入善后");
  EXPECT_TRUE(does("mayor", waived));
}

TEST_F(IncidentOrderTest, AVoidIncidentCancelsItsOrders) {
  const auto id = flooded();
  v1::Command command;
  command.mutable_propose_void()->set_incident_id(id);
  command.mutable_propose_void()->set_reason("误报");
  ASSERT_TRUE(does("chief", command));
  v1::Command confirm;
  confirm.mutable_confirm_void()->set_incident_id(id);
  confirm.mutable_confirm_void()->set_seen_revision(incident(id).revision());
  ASSERT_TRUE(does("second", confirm));
  EXPECT_EQ(orders(id)[0].state(), v1::Order::STATE_CANCELLED);
  EXPECT_EQ(orders(id)[0].addressees(0).run().due_us(), 0) << "nobody is called any more";
}

TEST_F(IncidentOrderTest, ADecisionByPhoneIsRecordedForItsGiver) {
  const auto id = declared(v1::LEVEL_IV);
  ASSERT_TRUE(does("fang", propose(id, v1::LEVEL_III)));
  v1::Command spoken = decide(id, 1);
  EXPECT_THAT(does("second", spoken), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  spoken.mutable_on_behalf()->set_role_id(post_of("eoc/mayor"));
  spoken.mutable_on_behalf()->set_medium(v1::OnBehalf::MEDIUM_PHONE);
  spoken.mutable_on_behalf()->set_stated_at_us(center.now());
  EXPECT_THAT(does("fang", spoken), IsRefused(v1::ERROR_CODE_FORBIDDEN)) << "not his to record";
  ASSERT_TRUE(does("second", spoken));
  EXPECT_EQ(incident(id).level(), v1::LEVEL_III) << "it counts at once";
  EXPECT_EQ(incident(id).level_path(1).on_behalf().role_id(), post_of("eoc/mayor"));
  EXPECT_EQ(incident(id).level_path(1).by_id(), who("second"));
}

}  // namespace
}  // namespace fenghuo::testing
