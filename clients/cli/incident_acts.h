// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cli/finding.h"
#include "clients/cli/incident_verbs.h"

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fenghuo::cli {

using Problem = std::optional<client::Failure>;

// How the incident stands: now, or one that was just made (incident_id 0).
About about_incident(const Setting& setting, Opened& opened, std::uint64_t incident_id);

// Fetches the incident, shows it, and sends what `fill` makes of it with the revision that was
// shown.
int act_on(const Setting& setting, const IncidentActArguments& arguments,
           const std::function<Problem(Opened&, const v1::Incident&, v1::Command&)>& fill);

// "key=value"; Usage failure when there is no "=" or no key.
client::Outcome<std::pair<std::string, std::string>> split_field(const std::string& field);

}  // namespace fenghuo::cli
