// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cpp/outcome.h"
#include "fenghuo/v1/command.pb.h"

#include <cstdint>
#include <map>
#include <string>

namespace fenghuo::client {

// A device's name, its command counter and its unanswered commands, kept in a folder (0700, files
// 0600). What append() returned for survives a crash, and keeps its number. One process at a time
// holds a folder; one thread.
//
//   device   text: "device NAME" and "next_n N", replaced as a whole
//   outbox   append-only records [u32 length][u32 crc][kind 'C'|'A'][payload], little-endian; a
//   torn
//            end is cut off. C = v1.Submit, A = the number of an answered command, decimal.
class DeviceStore {
 public:
  // Creates the folder if it is missing. Failure: held by another process, or not usable.
  static Outcome<DeviceStore> open(const std::string& folder);
  // The first of folder/device-0 … device-7 that no other process holds: a few devices serve any
  // number of short programs side by side. Waits up to `wait_ms` for one of them.
  static Outcome<DeviceStore> open_free(const std::string& folder, int wait_ms = 10'000);

  DeviceStore(DeviceStore&& other) noexcept;
  DeviceStore& operator=(DeviceStore&&) = delete;
  ~DeviceStore();

  const std::string& device() const { return device_; }
  std::uint64_t next_n() const { return next_n_; }
  // Unanswered, by number.
  const std::map<std::uint64_t, v1::Command>& pending() const { return pending_; }

  // Keeps the command; on disk when it returns. `n` is at least next_n().
  Outcome<void> append(std::uint64_t n, const v1::Command& command);
  // The command needs no further sending. Not synced: a lost mark only repeats a command, and the
  // hub answers repeats with the first result.
  Outcome<void> answered(std::uint64_t n);

 private:
  explicit DeviceStore(std::string folder) : folder_(std::move(folder)) {}
  Outcome<void> load();
  Outcome<void> load_outbox();
  Outcome<void> save_device() const;
  Outcome<void> write_record(char kind, const std::string& payload, bool sync);
  // Drops answered records once nothing is pending and the file has grown.
  Outcome<void> compact();

  std::string folder_;
  std::string device_;
  std::uint64_t next_n_ = 1;
  std::map<std::uint64_t, v1::Command> pending_;
  int lock_fd_ = -1;
  int outbox_fd_ = -1;
  std::uint64_t outbox_bytes_ = 0;
};

// "PREFIX-" and 16 random hex digits.
std::string new_device_name(const std::string& prefix);

// Writes a whole file (0600) so that either the old or the new content survives a crash.
Outcome<void> replace_file(const std::string& path, const std::string& content);

// The whole file; Failure when it cannot be read.
Outcome<std::string> read_file(const std::string& path);

}  // namespace fenghuo::client
