// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/figures.pb.h"

#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace fenghuo::replay {

// The hub's figures under their names; what had nothing to measure is left out.
boost::json::object as_json(const v1::Figures& figures);

// Where they differ from the figures known beforehand, one line each. Names that the hub does not
// compute (releases, rumours) are not compared. Seconds may differ by `tolerance_s`,
// counts and words may not.
std::vector<std::string> differences(const boost::json::object& expected,
                                     const v1::Figures& figures, double tolerance_s);

}  // namespace fenghuo::replay
