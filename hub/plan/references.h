// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/plan/fields.h"
#include "hub/plan/problem.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace fenghuo::plan {

// Keys defined and mentioned anywhere in one file, checked when all of it has been read: order in
// the file does not matter.
class References {
 public:
  enum class Kind { Department, Role, Account, Contact, Channel, Ladder, Unit };

  // A second definition of the same key is a problem.
  void define(Kind kind, const Placed& key, Problems& problems);
  // What is defined by being written, as often as it is: the unit of a point.
  void offer(Kind kind, const Placed& key);
  // Where the key is defined; nullopt = nowhere yet.
  std::optional<Place> place_of(Kind kind, const std::string& key) const;
  // `by` names who mentions it: `channel "ops-watch"`.
  void mention(Kind kind, const Placed& key, const std::string& by);
  // The department above; cycles are a problem.
  void define_parent(const std::string& department, const Placed& parent);
  // Every department has exactly one channel of its own.
  void define_department_channel(const Placed& department, const std::string& channel,
                                 Problems& problems);

  void check(Problems& problems) const;

 private:
  struct Mention {
    Kind kind;
    Placed key;
    std::string by;
  };

  void check_mentions(Problems& problems) const;
  void check_cycles(Problems& problems) const;
  void check_department_channels(Problems& problems) const;

  std::map<Kind, std::map<std::string, Place>> defined_;
  std::vector<Mention> mentions_;
  std::map<std::string, Placed> parents_;
  std::map<std::string, std::string> department_channels_;
};

}  // namespace fenghuo::plan
