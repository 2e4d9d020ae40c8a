// SPDX-License-Identifier: Apache-2.0
// A disk that fills up, and one that no longer keeps what it is given.
#include "tests/integration/real_hub.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace fenghuo::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsSubsetOf;

class WeakDisk : public RealHub {
 protected:
  void prepare(CenterMaker& maker) override { maker.set_password("bob", "correct horse"); }

  void start_on_weak_disk() {
    ::setenv("FENGHUO_WEAK_DISK", file().c_str(), 1);
    hub_ = std::make_unique<HubProcess>(
        std::vector<std::string>{"--data", folder_.path().string(), "--listen", "127.0.0.1:0"},
        "ready on ", WEAK_DISK_HUB);
    ::unsetenv("FENGHUO_WEAK_DISK");
    ASSERT_TRUE(hub_->serves()) << hub_->log();
  }
  // Replaced as a whole: the hub never reads half a word.
  void disk_becomes(const std::string& what) {
    std::ofstream(file() + ".new") << what;
    std::filesystem::rename(file() + ".new", file());
  }
  std::string file() const { return (files_.path() / "disk").string(); }

  // The hub looks about once a second.
  HttpAnswer wait_until_ready_is(int status) const {
    HttpAnswer answer;
    while (answer.status != status) answer = http(port(), "GET", "/readyz");
    return answer;
  }
  v1::Command post_as(v1::Precedence precedence, const std::string& text) const {
    v1::Command command = post(text);
    command.mutable_post_message()->set_precedence(precedence);
    return command;
  }
  static v1::ErrorCode refusal(Line& line, std::uint64_t n, const v1::Command& command) {
    line.submit(n, command);
    const auto reply = line.reply(n);
    return reply ? reply->refused().code() : v1::ERROR_CODE_INTERNAL;
  }
  std::vector<std::string> texts_of_history() {
    const auto reader = session("cat");
    v1::ClientFrame frame;
    frame.mutable_query()->mutable_history()->set_channel_id(ops_);
    reader->send(frame);
    std::vector<std::string> texts;
    const auto page = reader->next(v1::ServerFrame::kQueryResult);
    if (!page) return texts;
    for (const auto& message : page->query_result().history().messages()) {
      texts.push_back(message.text());
    }
    return texts;
  }

  storage::TemporaryFolder files_;
};

TEST_F(WeakDisk, FillsUpStepByStepAndIsReadOnlyAtTheEnd) {
  start_on_weak_disk();
  const auto ann = session("ann");
  const auto bob = session("bob");
  Follower bob_follows(welcome_.position());
  std::uint64_t n = 0;
  EXPECT_EQ(refusal(*ann, ++n, post("before")), v1::ERROR_CODE_UNSPECIFIED);

  disk_becomes("free 0.04");
  ASSERT_TRUE(hub_->wait_for_line("4.0 % of the disk is free: uploads and routine posts end"));
  EXPECT_EQ(refusal(*ann, ++n, post("routine")), v1::ERROR_CODE_NO_SPACE);
  EXPECT_EQ(refusal(*ann, ++n, post_as(v1::PRECEDENCE_IMMEDIATE, "matters")),
            v1::ERROR_CODE_UNSPECIFIED);
  const HttpAnswer upload = http_as(tokens_.at("ann"), port(), "PUT", "/v1/blobs", "a file");
  EXPECT_EQ(upload.status, 503);
  EXPECT_THAT(upload.body, HasSubstr("ERROR_CODE_NO_SPACE"));
  EXPECT_EQ(http(port(), "GET", "/readyz").status, 200);

  disk_becomes("free 0.005");
  EXPECT_THAT(wait_until_ready_is(503).body, HasSubstr("no space"));
  EXPECT_EQ(refusal(*ann, ++n, post_as(v1::PRECEDENCE_IMMEDIATE, "no more")),
            v1::ERROR_CODE_NO_SPACE);
  EXPECT_TRUE(hub_->wait_for_line("refused: no_space (5006)"));
  // The reserve is for the few that may not wait; and people may still come in and read.
  const HttpAnswer login =
      http(port(), "POST", "/v1/login", {}, R"({"account":"bob","password":"correct horse"})");
  EXPECT_EQ(login.status, 200) << login.body;
  EXPECT_THAT(texts_of_history(), ElementsAre("before", "matters"));

  disk_becomes("free 0.5");
  wait_until_ready_is(200);
  EXPECT_TRUE(hub_->wait_for_line("50.0 % of the disk is free again"));
  EXPECT_EQ(refusal(*ann, ++n, post("after")), v1::ERROR_CODE_UNSPECIFIED);
  ASSERT_TRUE(bob_follows.read_until(*bob, "after"));
  EXPECT_THAT(bob_follows.texts(), ElementsAre("before", "matters", "after"));
}

// Faster than the hub looks at it: the write itself finds no room.
TEST_F(WeakDisk, FullAtOnceRefusesAndLosesNothing) {
  start_on_weak_disk();
  const auto ann = session("ann");
  EXPECT_EQ(refusal(*ann, 1, post("kept")), v1::ERROR_CODE_UNSPECIFIED);
  disk_becomes("free 0");
  EXPECT_EQ(refusal(*ann, 2, post("no room")), v1::ERROR_CODE_NO_SPACE);
  EXPECT_THAT(texts_of_history(), ElementsAre("kept"));
  hub_->kill();

  // It starts on a full disk too, to be read.
  start_on_weak_disk();
  EXPECT_THAT(texts_of_history(), ElementsAre("kept"));
  wait_until_ready_is(503);
  disk_becomes("free 0.5");
  wait_until_ready_is(200);
  const auto again = session("ann");
  // No result: the same number may come again.
  EXPECT_EQ(refusal(*again, 2, post("no room")), v1::ERROR_CODE_UNSPECIFIED);
  EXPECT_THAT(texts_of_history(), ElementsAre("kept", "no room"));
}

TEST_F(WeakDisk, AFailedSyncStopsTheHubAndLosesNothing) {
  start_on_weak_disk();
  const auto ann = session("ann");
  const auto bob = session("bob");
  Follower bob_follows(welcome_.position());
  EXPECT_EQ(refusal(*ann, 1, post("kept")), v1::ERROR_CODE_UNSPECIFIED);
  disk_becomes("no sync");
  ann->submit(2, post("never confirmed"));
  EXPECT_FALSE(ann->reply(2));
  // Nor was anybody told of it.
  EXPECT_FALSE(bob_follows.read_until(*bob, "never confirmed"));
  EXPECT_THAT(bob_follows.texts(), ElementsAre("kept"));
  EXPECT_EQ(hub_->wait(), 4) << hub_->log();
  EXPECT_THAT(hub_->log(), HasSubstr("storage failed, the hub stops"));

  disk_becomes("free 1");
  start_on_weak_disk();
  const std::vector<std::string> texts = texts_of_history();
  ASSERT_FALSE(texts.empty());
  EXPECT_EQ(texts[0], "kept");
  EXPECT_THAT(texts, IsSubsetOf({"kept", "never confirmed"}));
}

}  // namespace
}  // namespace fenghuo::testing
