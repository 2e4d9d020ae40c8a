// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/command.pb.h"
#include "fenghuo/v1/event.pb.h"
#include "fenghuo/v1/plan.pb.h"
#include "hub/base/types.h"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fenghuo::testing {

// Writes a center into a data folder before a hub opens it: every account, token and channel that a
// test wants, by the commands of an operator, without sockets and without the cost of a password.
class CenterMaker {
 public:
  // Opens the folder (an empty one becomes a center) and makes what every test needs:
  //
  //   ann, bob, cat   people, members of the group channel "ops"; "den" a person outside it; ann
  //                   may redact
  //   root            a person with the grants to administer and to plan duty
  //
  // all of one department, each with the role "eoc/NAME".
  explicit CenterMaker(const std::filesystem::path& folder,
                       v1::WorldCreated::Kind kind = v1::WorldCreated::KIND_REAL);
  // Closes it again: a hub may open it now.
  ~CenterMaker();
  CenterMaker(const CenterMaker&) = delete;
  CenterMaker& operator=(const CenterMaker&) = delete;

  // That center's plan, to be applied again with more in it.
  static v1::Plan plan();
  void apply(const v1::Plan& plan);
  // Runs a command as the operator and returns the id of what it made. Stops the test program when
  // it is refused.
  base::EntityId run(const v1::Command& command);

  base::EntityId account(std::string_view key) const;
  base::EntityId channel(std::string_view key) const;
  base::EntityId role(std::string_view key) const;
  // A token's text; `expires_us` 0 = no end.
  std::string token(std::string_view account_key, base::TimeUs expires_us = 0);
  void set_password(std::string_view account_key, const std::string& password);
  base::TimeUs now() const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace fenghuo::testing
