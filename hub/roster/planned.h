// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/duty.pb.h"
#include "hub/plan/problem.h"
#include "hub/roster/directory.h"
#include "hub/roster/local_time.h"

#include <optional>
#include <string>
#include <string_view>

namespace fenghuo::roster {

// One shift that a roster asks for, and where it stands in the file.
struct Planned {
  v1::Shift shift;
  // The zone its times were written in.
  Zone zone;
  plan::Place place;
};

// Reads what a roster says of one shift, word by word. A word that is wrong gives nothing and one
// problem at its place. Refers to what it was given.
class Words {
 public:
  Words(const Directory& directory, plan::Problems& problems)
      : directory_(directory), problems_(problems) {}

  // A role by key or name whose duty may be planned by whoever asks.
  const v1::Role* role(const std::string& word, plan::Place place);

  // A person who belongs to the role (contacts belong to none and may stand anywhere). A null role
  // is not asked for.
  std::optional<Directory::Person> person(const std::string& word, const v1::Role* role,
                                          plan::Place place);

  std::optional<Zone> zone(const std::string& word, plan::Place place);
  std::optional<LocalS> local(const std::string& word, plan::Place place);

  // "primary", "主班"; empty = primary.
  std::optional<v1::Appointment::Standing> standing(const std::string& word, plan::Place place);

  // Whether the shift, written as from one local time to another, ends after it starts and is no
  // longer than a shift may be.
  bool fits(LocalS from, LocalS to, const v1::Shift& shift, plan::Place place);

 private:
  // A likely slip, `did you mean "x"?`, else the other words. Only for the first wrong words: a
  // file where all are wrong must not keep others waiting.
  template <typename Candidates>
  std::string suggestion(const std::string& word, Candidates candidates, std::string otherwise);

  const Directory& directory_;
  plan::Problems& problems_;
  int suggestions_left_ = 50;
};

void set_person(const Directory::Person& person, v1::Shift& shift);

}  // namespace fenghuo::roster
