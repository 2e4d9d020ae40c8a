// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/contract/temporary_folder.h"
#include "tests/support/hub_process.h"
#include "tests/support/line.h"
#include "tests/support/make_center.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

namespace fenghuo::testing {

// The real daemon on a small center; see CenterMaker for who is in it.
class RealHub : public ::testing::Test {
 protected:
  // Names of the two sub-protocols.
  static constexpr const char* binary = "fenghuo.v1.proto";
  static constexpr const char* json = "fenghuo.v1.json";

  void SetUp() override {
    CenterMaker maker(folder_.path());
    for (const char* key : {"ann", "bob", "cat", "den", "root"}) {
      accounts_[key] = maker.account(key);
      tokens_[key] = maker.token(key);
    }
    ops_ = maker.channel("ops");
    prepare(maker);
  }

  // What one test wants besides, before the hub has the folder.
  virtual void prepare(CenterMaker&) {}

  void start(const std::vector<std::string>& more = {}) {
    hub_ = HubProcess::on(folder_.path().string(), more);
    ASSERT_TRUE(hub_->serves()) << hub_->log();
  }
  std::uint16_t port() const { return hub_->port(); }

  // A session that has its welcome.
  std::unique_ptr<Line> session(const std::string& who, const std::string& subprotocol = binary) {
    auto line = std::make_unique<Line>(port(), subprotocol);
    EXPECT_TRUE(line->connected()) << line->handshake_status();
    line->hello(tokens_.at(who), who + "-device");
    const auto welcome = line->next(v1::ServerFrame::kWelcome);
    EXPECT_TRUE(welcome) << hub_->log();
    if (welcome) welcome_ = welcome->welcome();
    return line;
  }

  v1::Command post(const std::string& text) const {
    v1::Command command;
    command.mutable_post_message()->set_channel_id(ops_);
    command.mutable_post_message()->set_text(text);
    return command;
  }

  storage::TemporaryFolder folder_;
  std::map<std::string, base::EntityId> accounts_;
  std::map<std::string, std::string> tokens_;
  base::EntityId ops_ = 0;
  std::unique_ptr<HubProcess> hub_;
  // Of the last session().
  v1::Welcome welcome_;
};

// Follows a stream as a client does: checks that nothing is missing between two batches.
class Follower {
 public:
  explicit Follower(base::Position position) : position_(position) {}

  // Reads on until a message with this text came; false = the line ended.
  bool read_until(Line& line, const std::string& text) {
    while (texts_.empty() || texts_.back() != text) {
      const auto frame = line.next(v1::ServerFrame::kBatch);
      if (!frame) return false;
      EXPECT_EQ(frame->batch().after(), position_);
      position_ = frame->batch().through();
      for (const auto& update : frame->batch().updates()) {
        if (update.has_message()) texts_.push_back(update.message().text());
      }
    }
    return true;
  }

  base::Position position() const { return position_; }
  const std::vector<std::string>& texts() const { return texts_; }

 private:
  base::Position position_;
  std::vector<std::string> texts_;
};

}  // namespace fenghuo::testing
