// SPDX-License-Identifier: Apache-2.0
#include "storage/rocksdb/head_file.h"

#include "hub/base/log.h"
#include "hub/base/sha256.h"

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <fstream>
#include <sstream>
#include <system_error>

namespace fenghuo::storage {

namespace {

constexpr std::string_view file_name = "HEAD";
constexpr std::string_view first_line = "fenghuo-head 1";

base::Error storage_failed(std::string text) {
  return base::Error(base::ErrorCode::ERROR_CODE_STORAGE_FAILED, std::move(text));
}

base::Error failed(std::string_view doing, const std::filesystem::path& path) {
  return storage_failed(
      fmt::format("{} {}: {}", doing, path.string(), std::generic_category().message(errno)));
}

// Writes nothing, but makes what was written and renamed in it durable.
bool sync_path(const std::filesystem::path& path, int flags) {
  const int file = ::open(path.c_str(), flags | O_CLOEXEC);
  if (file < 0) return false;
  const bool synced = ::fsync(file) == 0;
  ::close(file);
  return synced;
}

}  // namespace

base::Result<std::optional<DurableMark>> read_head_file(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / file_name;
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return std::optional<DurableMark>();
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  std::string position_word;
  std::string hash_word;
  std::string hex;
  DurableMark mark;
  file >> position_word >> mark.position >> hash_word >> hex;
  const std::string hash = base::from_hex(hex);
  if (!file || line != first_line || position_word != "position" || hash_word != "hash" ||
      hash.size() != mark.hash.size()) {
    return storage_failed(fmt::format("{} is not readable as a durable head", path.string()));
  }
  mark.hash = base::hash_from_bytes(hash);
  return std::optional(mark);
}

base::Result<void> write_head_file(const std::filesystem::path& folder, const DurableMark& mark) {
  const std::filesystem::path path = folder / file_name;
  const std::filesystem::path fresh = folder / "HEAD.new";
  {
    std::ofstream file(fresh, std::ios::trunc);
    file << first_line << "\nposition " << mark.position << "\nhash " << base::to_hex(mark.hash)
         << "\n";
    file.close();
    if (!file) return failed("cannot write", fresh);
  }
  // Content first, then the name, then the folder: after a crash it is the old or the new.
  if (!sync_path(fresh, O_RDWR)) return failed("cannot sync", fresh);
  if (std::rename(fresh.c_str(), path.c_str()) != 0) return failed("cannot rename", fresh);
  if (!sync_path(folder, O_RDONLY | O_DIRECTORY)) return failed("cannot sync", folder);
  return {};
}

base::Result<void> check_against_mark(const EventLog& log, const DurableMark& mark) {
  const Head head = log.head();
  if (head.position < mark.position) {
    return storage_failed(
        fmt::format("the log ends at {} but was durable up to {}: acknowledged records are "
                    "missing. Restore the "
                    "folder, or a backup, before serving",
                    head.position, mark.position));
  }
  if (mark.position == 0) return {};
  auto batch = log.read(mark.position, false)->next();
  if (!batch) return batch.error();
  if (!*batch || (*batch)->last() != mark.position || batch_hash(**batch) != mark.hash) {
    return storage_failed(
        fmt::format("the log has another batch at {} than was durable there: HEAD and db/ do not "
                    "belong together",
                    mark.position));
  }
  return {};
}

HeadKeeper::HeadKeeper(std::filesystem::path folder)
    : folder_(std::move(folder)), thread_([this] { run(); }) {}

HeadKeeper::~HeadKeeper() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void HeadKeeper::note(const DurableMark& mark) {
  const std::lock_guard lock(mutex_);
  pending_ = mark;
}

void HeadKeeper::run() {
  std::unique_lock lock(mutex_);
  bool stop = false;
  while (!stop) {
    stop = changed_.wait_for(lock, std::chrono::seconds(1), [this] { return stopping_; });
    const auto mark = std::exchange(pending_, std::nullopt);
    if (!mark) continue;
    lock.unlock();
    save(*mark);
    lock.lock();
  }
}

void HeadKeeper::save(const DurableMark& mark) {
  if (auto written = write_head_file(folder_, mark); !written) {
    base::log_warn("storage", "{}", written.error().message());
  }
}

}  // namespace fenghuo::storage
