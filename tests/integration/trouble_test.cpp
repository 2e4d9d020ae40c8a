// SPDX-License-Identifier: Apache-2.0
// More that goes wrong on the wire: whom it ends, and whom it does not slow down.
#include "hub/base/limits.h"
#include "tests/integration/real_hub.h"

namespace fenghuo::testing {
namespace {

std::string delimited(const v1::ClientFrame& frame) {
  std::string bytes;
  std::size_t length = frame.ByteSizeLong();
  for (; length >= 0x80; length >>= 7) bytes += static_cast<char>((length & 0x7F) | 0x80);
  bytes += static_cast<char>(length);
  return bytes + frame.SerializeAsString();
}

class Trouble : public RealHub {
 protected:
  void SetUp() override {
    RealHub::SetUp();
    start();
  }
  void prepare(CenterMaker& maker) override {
    // A guest whose access ended before the hub starts.
    v1::Command guest;
    v1::Account& account = *guest.mutable_put_account()->mutable_account();
    account.set_key("expert");
    account.mutable_name()->set_en("expert");
    account.set_kind(v1::Account::KIND_GUEST);
    account.add_room_ids(maker.channel("ops"));
    account.set_access_until_us(maker.now() + base::us_per_s / 4);
    maker.run(guest);
    tokens_["expert"] = maker.token("expert");
    ended_token_ = maker.token("ann", account.access_until_us());
    while (maker.now() < account.access_until_us()) {
    }
  }
  v1::ClientFrame submit(std::uint64_t n, const v1::Command& command) const {
    v1::ClientFrame frame;
    frame.mutable_submit()->set_n(n);
    *frame.mutable_submit()->mutable_command() = command;
    return frame;
  }

  std::string ended_token_;
};

TEST_F(Trouble, AWholeWindowOfLongPostsFitsInOneMessage) {
  const auto ann = session("ann");
  const std::string text(base::limits::message_text_bytes_max, 'x');
  std::string message;
  const std::uint64_t count = base::limits::inflight_bytes_max / (text.size() + 64);
  for (std::uint64_t n = 1; n <= count; ++n) message += delimited(submit(n, post(text)));
  ASSERT_GT(message.size(), base::limits::frame_bytes_max);
  ann->send_binary(message);
  for (std::uint64_t n = 1; n <= count; ++n) EXPECT_TRUE(ann->reply(n)->has_done()) << n;
}

TEST_F(Trouble, AboveTheWindowCommandsAreRefusedAndMayComeAgain) {
  const auto ann = session("ann");
  const std::uint64_t count = base::limits::inflight_max + 6;
  std::string message;
  for (std::uint64_t n = 1; n <= count; ++n) message += delimited(submit(n, post("x")));
  // In one message: nothing of it can be answered before all of it is read.
  ann->send_binary(message);
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto frame = ann->next(v1::ServerFrame::kReply);
    ASSERT_TRUE(frame);
    const v1::Reply& reply = frame->reply();
    if (reply.n() <= base::limits::inflight_max) {
      EXPECT_TRUE(reply.has_done()) << reply.n();
    } else {
      EXPECT_EQ(reply.refused().code(), v1::ERROR_CODE_WINDOW_EXCEEDED) << reply.n();
      EXPECT_GT(reply.refused().retry_after_ms(), 0u);
    }
  }
  ann->submit(count, post("again"));
  EXPECT_TRUE(ann->reply(count)->has_done());
}

TEST_F(Trouble, ATokenWhoseTimeIsOverOpensNothing) {
  Line line(port(), json);
  line.hello(ended_token_, "tablet");
  const auto error = line.next(v1::ServerFrame::kError);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->error().code(), v1::ERROR_CODE_TOKEN_EXPIRED);
  EXPECT_EQ(line.close_code(), v1::CLOSE_CODE_TOKEN_ENDED);
  EXPECT_TRUE(hub_->wait_for_line("hello refused: token_expired"));
  EXPECT_EQ(http_as(ended_token_, port(), "GET", "/v1/search?q=a").status, 401);
  EXPECT_TRUE(hub_->wait_for_line("GET /v1/search refused: token_expired (2002)"));
}

TEST_F(Trouble, AGuestWhoseTimeIsOverStaysOutside) {
  Line line(port(), binary);
  line.hello(tokens_.at("expert"), "tablet");
  const auto error = line.next(v1::ServerFrame::kError);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->error().code(), v1::ERROR_CODE_ACCESS_EXPIRED);
  EXPECT_EQ(line.close_code(), v1::CLOSE_CODE_ACCESS_ENDED);
}

TEST_F(Trouble, AnotherWorldIsNotServed) {
  Line line(port(), binary);
  v1::ClientFrame frame;
  frame.mutable_hello()->set_token(tokens_.at("ann"));
  frame.mutable_hello()->set_device("tablet");
  frame.mutable_hello()->set_world_id(std::string(32, 'f'));
  line.send(frame);
  const auto error = line.next(v1::ServerFrame::kError);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->error().code(), v1::ERROR_CODE_WRONG_WORLD);
  EXPECT_EQ(line.close_code(), v1::CLOSE_CODE_WRONG_WORLD);
}

TEST_F(Trouble, DisablingAnAccountEndsItsSessionsAtOnce) {
  const auto bob = session("bob");
  const auto other = session("bob", json);
  const auto root = session("root");
  v1::Command disable;
  v1::Account& account = *disable.mutable_put_account()->mutable_account();
  for (const auto& known : welcome_.snapshot().accounts()) {
    if (known.id() == accounts_.at("bob")) account = known;
  }
  account.set_disabled(true);
  root->submit(1, disable);
  ASSERT_TRUE(root->reply(1)->has_done());
  EXPECT_EQ(bob->close_code(), v1::CLOSE_CODE_ACCESS_ENDED);
  EXPECT_EQ(other->close_code(), v1::CLOSE_CODE_ACCESS_ENDED);
  Line again(port(), binary);
  again.hello(tokens_.at("bob"), "again");
  EXPECT_EQ(again.next(v1::ServerFrame::kError)->error().code(), v1::ERROR_CODE_ACCOUNT_DISABLED);
}

}  // namespace
}  // namespace fenghuo::testing
