// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/command.pb.h"
#include "fenghuo/v1/frame.pb.h"
#include "hub/base/result.h"
#include "hub/base/types.h"

#include <optional>
#include <string>

namespace fenghuo::admin {

// The center the operator works on: a folder that no hub serves, or a running hub. One thread;
// calls block. UNAVAILABLE and STORAGE_FAILED mean that it cannot be reached; every other error is
// a refusal.
class Center {
 public:
  virtual ~Center() = default;

  // What is there now.
  struct Directory {
    v1::Snapshot snapshot;
    std::string center_id;
    v1::LocalizedText name;
    std::string zone;
    // The snapshot holds every channel, not only those the operator belongs to.
    bool all_channels = false;
  };
  virtual base::Result<Directory> directory() = 0;

  // Durable when it returns.
  virtual base::Result<v1::Reply::Done> run(const v1::Command& command) = 0;

  // Whether the account can log in by password; nullopt = cannot be seen from here.
  virtual std::optional<bool> has_password(base::EntityId account_id) = 0;
};

// 3 = not reachable, 1 = refused.
int exit_code_of(const base::Error& error);

}  // namespace fenghuo::admin
