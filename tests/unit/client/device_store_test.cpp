// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/device_store.h"

#include "tests/unit/client/hub_bytes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace fenghuo::client {
namespace {

using test::post;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class DeviceStoreTest : public ::testing::Test {
 protected:
  DeviceStoreTest() {
    std::string name = ::testing::TempDir() + "device-XXXXXX";
    folder_ = ::mkdtemp(name.data());
  }
  ~DeviceStoreTest() override { std::filesystem::remove_all(folder_); }

  static std::vector<std::uint64_t> numbers(const DeviceStore& store) {
    std::vector<std::uint64_t> all;
    for (const auto& [n, command] : store.pending()) all.push_back(n);
    return all;
  }
  DeviceStore open() {
    auto store = DeviceStore::open(folder_);
    EXPECT_TRUE(store.has_value());
    return std::move(*store);
  }

  std::string folder_;
};

TEST_F(DeviceStoreTest, KeepsNameNumbersAndUnansweredCommands) {
  std::string device;
  {
    auto store = open();
    device = store.device();
    ASSERT_TRUE(store.append(store.next_n(), post("a")));
    ASSERT_TRUE(store.append(store.next_n(), post("b")));
    ASSERT_TRUE(store.append(store.next_n(), post("c")));
    ASSERT_TRUE(store.answered(2));
  }
  const auto store = open();
  EXPECT_EQ(store.device(), device);
  EXPECT_EQ(store.next_n(), 4U);
  EXPECT_THAT(numbers(store), ElementsAre(1, 3));
  EXPECT_EQ(store.pending().at(3).post_message().text(), "c");
}

TEST_F(DeviceStoreTest, ATornEndIsCutOffAtEveryByte) {
  std::uintmax_t first_bytes = 0;
  {
    auto store = open();
    ASSERT_TRUE(store.append(1, post("first")));
    first_bytes = std::filesystem::file_size(folder_ + "/outbox");
    ASSERT_TRUE(store.append(2, post("second")));
  }
  const auto whole = *read_file(folder_ + "/outbox");
  for (auto cut = first_bytes; cut < whole.size(); ++cut) {
    std::ofstream(folder_ + "/outbox", std::ios::binary)
        .write(whole.data(), static_cast<long>(cut));
    {
      auto store = open();
      ASSERT_THAT(numbers(store), ElementsAre(1)) << cut;
      ASSERT_EQ(store.next_n(), 2U);
      ASSERT_TRUE(store.append(2, post("again")));
    }
    ASSERT_THAT(numbers(open()), ElementsAre(1, 2)) << cut;
  }
}

TEST_F(DeviceStoreTest, ADamagedRecordIsNotTaken) {
  {
    auto store = open();
    ASSERT_TRUE(store.append(1, post("first")));
  }
  auto bytes = *read_file(folder_ + "/outbox");
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  std::ofstream(folder_ + "/outbox", std::ios::binary) << bytes;
  EXPECT_THAT(numbers(open()), IsEmpty());
}

TEST_F(DeviceStoreTest, NeverUsesANumberTwiceAfterShortening) {
  {
    auto store = open();
    const std::string text(4'000, 'x');
    for (std::uint64_t n = 1; n <= 30; ++n) ASSERT_TRUE(store.append(n, post(text)));
    for (std::uint64_t n = 1; n <= 30; ++n) ASSERT_TRUE(store.answered(n));
    EXPECT_EQ(std::filesystem::file_size(folder_ + "/outbox"), 0U);
  }
  const auto store = open();
  EXPECT_EQ(store.next_n(), 31U);
  EXPECT_THAT(numbers(store), IsEmpty());
}

TEST_F(DeviceStoreTest, OneProcessHoldsAFolderAndOthersTakeTheNext) {
  const auto held = open();
  EXPECT_FALSE(DeviceStore::open(folder_).has_value());
  auto first = DeviceStore::open_free(folder_);
  auto second = DeviceStore::open_free(folder_);
  ASSERT_TRUE(first.has_value());
  ASSERT_TRUE(second.has_value());
  EXPECT_NE(first->device(), second->device());
}

TEST_F(DeviceStoreTest, IsReadableForItsOwnerOnly) {
  auto store = open();
  ASSERT_TRUE(store.append(1, post("secret")));
  for (const char* name : {"/device", "/outbox"}) {
    struct stat about = {};
    ASSERT_EQ(::stat((folder_ + name).c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777U, 0600U) << name;
  }
}

}  // namespace
}  // namespace fenghuo::client
