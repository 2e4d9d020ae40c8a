// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/device_store.h"

#include "fenghuo/v1/frame.pb.h"

#include <boost/crc.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

namespace fenghuo::client {
namespace {

constexpr int slots_max = 8;
constexpr int retry_ms = 20;
constexpr std::size_t header_bytes = 8;
constexpr std::uint64_t compact_above_bytes = 64 * 1024;

Failure local(const std::string& what, const std::string& path) {
  return Failure(Failure::Kind::Local, what + " " + path + ": " + std::strerror(errno));
}

std::uint32_t crc_of(std::string_view bytes) {
  boost::crc_32_type crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

void put_u32(std::string& out, std::uint32_t value) {
  for (unsigned shift = 0; shift < 32; shift += 8) {
    out.push_back(static_cast<char>((value >> shift) & 0xFFU));
  }
}

std::uint32_t get_u32(std::string_view bytes) {
  std::uint32_t value = 0;
  for (unsigned i = 0; i < 4; ++i) {
    value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  }
  return value;
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto wrote = ::write(fd, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return true;
}

void sync_folder_of(const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path();
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  ::fsync(fd);
  ::close(fd);
}

}  // namespace

std::string new_device_name(const std::string& prefix) {
  static constexpr char digits[] = "0123456789abcdef";
  unsigned char random[8] = {};
  if (::getrandom(random, sizeof random, 0) != static_cast<ssize_t>(sizeof random)) std::abort();
  std::string name = prefix + "-";
  for (const unsigned char byte : random) {
    name.push_back(digits[byte >> 4]);
    name.push_back(digits[byte & 15]);
  }
  return name;
}

Outcome<void> replace_file(const std::string& path, const std::string& content) {
  const std::string next = path + ".new";
  const int fd = ::open(next.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return local("cannot write", next);
  const bool good = write_all(fd, content) && ::fsync(fd) == 0;
  ::close(fd);
  if (!good || ::rename(next.c_str(), path.c_str()) != 0) return local("cannot write", path);
  sync_folder_of(path);
  return {};
}

Outcome<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream content;
  if (!in || !(content << in.rdbuf() || in.peek() == std::ifstream::traits_type::eof())) {
    return local("cannot read", path);
  }
  return content.str();
}

DeviceStore::DeviceStore(DeviceStore&& other) noexcept
    : folder_(std::move(other.folder_)),
      device_(std::move(other.device_)),
      next_n_(other.next_n_),
      pending_(std::move(other.pending_)),
      lock_fd_(std::exchange(other.lock_fd_, -1)),
      outbox_fd_(std::exchange(other.outbox_fd_, -1)),
      outbox_bytes_(other.outbox_bytes_) {}

DeviceStore::~DeviceStore() {
  if (outbox_fd_ >= 0) ::close(outbox_fd_);
  if (lock_fd_ >= 0) ::close(lock_fd_);
}

Outcome<DeviceStore> DeviceStore::open_free(const std::string& folder, int wait_ms) {
  std::string why;
  for (;; wait_ms -= retry_ms) {
    for (int slot = 0; slot < slots_max; ++slot) {
      auto store = open(folder + "/device-" + std::to_string(slot));
      if (store) return store;
      why = store.error().message();
    }
    if (wait_ms <= 0) return Failure(Failure::Kind::Local, why);
    // A lock file has no queue of several files to wait in.
    ::usleep(retry_ms * 1'000);
  }
}

Outcome<DeviceStore> DeviceStore::open(const std::string& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  ::chmod(folder.c_str(), 0700);
  DeviceStore store(folder);
  const std::string lock = folder + "/lock";
  store.lock_fd_ = ::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (store.lock_fd_ < 0) return local("cannot open", lock);
  if (::flock(store.lock_fd_, LOCK_EX | LOCK_NB) != 0) return local("in use:", folder);
  if (auto loaded = store.load(); !loaded) return loaded.error();
  return store;
}

Outcome<void> DeviceStore::load() {
  if (const auto text = read_file(folder_ + "/device")) {
    std::istringstream in(*text);
    std::string word;
    while (in >> word) {
      if (word == "device") in >> device_;
      if (word == "next_n") in >> next_n_;
    }
  }
  if (auto loaded = load_outbox(); !loaded) return loaded;
  if (!device_.empty()) return {};
  device_ = new_device_name("cli");
  return save_device();
}

Outcome<void> DeviceStore::load_outbox() {
  const std::string path = folder_ + "/outbox";
  outbox_fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (outbox_fd_ < 0) return local("cannot open", path);
  const auto content = read_file(path);
  if (!content) return content.error();
  std::string_view rest = *content;
  while (rest.size() > header_bytes) {
    const std::uint32_t size = get_u32(rest);
    if (size == 0 || size > rest.size() - header_bytes) break;
    const auto record = rest.substr(header_bytes, size);
    if (crc_of(record) != get_u32(rest.substr(4))) break;
    if (record[0] == 'C') {
      v1::Submit submit;
      if (!submit.ParseFromArray(record.data() + 1, static_cast<int>(size - 1))) break;
      next_n_ = std::max(next_n_, submit.n() + 1);
      pending_[submit.n()] = std::move(*submit.mutable_command());
    } else {
      pending_.erase(std::strtoull(std::string(record.substr(1)).c_str(), nullptr, 10));
    }
    rest.remove_prefix(header_bytes + size);
    outbox_bytes_ += header_bytes + size;
  }
  // A torn end was never acknowledged to anybody.
  if (!rest.empty() && ::ftruncate(outbox_fd_, static_cast<off_t>(outbox_bytes_)) != 0) {
    return local("cannot mend", path);
  }
  return {};
}

Outcome<void> DeviceStore::save_device() const {
  return replace_file(folder_ + "/device",
                      "device " + device_ + "\nnext_n " + std::to_string(next_n_) + "\n");
}

Outcome<void> DeviceStore::write_record(char kind, const std::string& payload, bool sync) {
  const std::string record = kind + payload;
  std::string bytes;
  put_u32(bytes, static_cast<std::uint32_t>(record.size()));
  put_u32(bytes, crc_of(record));
  bytes += record;
  const bool good = write_all(outbox_fd_, bytes) && (!sync || ::fdatasync(outbox_fd_) == 0);
  if (!good) return local("cannot write", folder_ + "/outbox");
  outbox_bytes_ += bytes.size();
  return {};
}

Outcome<void> DeviceStore::append(std::uint64_t n, const v1::Command& command) {
  v1::Submit submit;
  submit.set_n(n);
  *submit.mutable_command() = command;
  if (auto written = write_record('C', submit.SerializeAsString(), true); !written) return written;
  next_n_ = std::max(next_n_, n + 1);
  pending_[n] = command;
  return {};
}

Outcome<void> DeviceStore::answered(std::uint64_t n) {
  if (pending_.erase(n) == 0) return {};
  if (auto written = write_record('A', std::to_string(n), false); !written) return written;
  return pending_.empty() && outbox_bytes_ > compact_above_bytes ? compact() : Outcome<void>{};
}

Outcome<void> DeviceStore::compact() {
  // The counter first: a number must never be used twice.
  if (auto saved = save_device(); !saved) return saved;
  if (::ftruncate(outbox_fd_, 0) != 0) return local("cannot shorten", folder_ + "/outbox");
  outbox_bytes_ = 0;
  return {};
}

}  // namespace fenghuo::client
