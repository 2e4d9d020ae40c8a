// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/plan/fields.h"
#include "hub/plan/problem.h"
#include "hub/plan/references.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <string>

namespace fenghuo::plan {

// Reads a table into any message of the protocol, by the names of its fields:
//
//   silent_after_us     silent-after = "5 min"
//   category            category = "public-health"
//   Quantity            value = 0.45
//   LocalizedText       name = { zh-Hans = "...", zh-Hant = "...", en = "..." }
//   a message           a table
//   repeated            a list; of messages a list of tables, [[alarms.sources]]
//
// What a field must be beside its type is said by field_rules.h, what must hold between fields by
// entry_checks.h. Two entries of a list are never for the same key or grading.
void read_message(Fields fields, google::protobuf::Message& to, References& references,
                  Problems& problems);

// How the section of a file is headed that makes up a field of the configuration: "alarms" for
// [alarms], "report-rule" for the tables [[report-rule]].
std::string section_key(const google::protobuf::FieldDescriptor& field);

// Reads that section, or those tables.
void read_section(Fields& root, const google::protobuf::FieldDescriptor& field,
                  google::protobuf::Message& to, References& references, Problems& problems);

}  // namespace fenghuo::plan
