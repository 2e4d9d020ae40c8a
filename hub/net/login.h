// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/identity/password.h"
#include "hub/identity/throttle.h"
#include "hub/net/request.h"
#include "hub/net/services.h"

#include <memory>
#include <mutex>
#include <string>

namespace fenghuo::net {

// From account and password to a token. Every step is somewhere else: the account on the view's
// thread, the password on the hashing pool, the token in the record. A name that does not exist
// costs and answers what a wrong password does. Thread-safe.
class LoginDesk {
 public:
  LoginDesk(Services& services, identity::PasswordHasher hasher)
      : services_(services), hasher_(hasher) {}

  // `sender`: see sender_name().
  void log_in(const std::string& body, const std::string& sender, Respond respond);

 private:
  struct Attempt;
  void look_at_password(std::shared_ptr<Attempt> attempt,
                        const view::Reader::Credential& credential);
  void let_in(std::shared_ptr<Attempt> attempt, const view::Reader::Credential& credential);

  Services& services_;
  const identity::PasswordHasher hasher_;
  // Logins are rare: one brake for all shards, so that it cannot be dodged by reconnecting.
  std::mutex mutex_;
  identity::LoginThrottle throttle_;
};

}  // namespace fenghuo::net
