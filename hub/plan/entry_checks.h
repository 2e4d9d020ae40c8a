// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/configuration.pb.h"
#include "hub/plan/fields.h"
#include "hub/plan/problem.h"

#include <google/protobuf/message.h>

namespace fenghuo::plan {

// What must hold between the fields of one entry that was just read from `fields`: a level
// authority has a decider, a point's thresholds rise with the stage. Problems stand at the entry.
void check_entry(const google::protobuf::Message& entry, const Fields& fields, Problems& problems);

// What must hold between the sections. Problems stand at `place`, the first of them.
void check_configuration(const v1::Configuration& configuration, Place place, Problems& problems);

}  // namespace fenghuo::plan
