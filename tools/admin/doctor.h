// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/types.h"
#include "storage/store.h"
#include "tools/admin/terminal.h"

namespace fenghuo::admin {

// What the doctor sees of the machine.
struct Machine {
  // Wall clock.
  base::TimeUs wall_us = 0;
  // The kernel says that the clock is synchronised.
  bool clock_synchronised = false;
};

Machine look_at_machine();

// One line per check, "green" or "red", each red one with what to do: clock, disk, record, roles
// that nobody is appointed to. Returns 1 when something is red.
int examine(const Terminal& terminal, const Machine& machine, storage::Store& store);

}  // namespace fenghuo::admin
