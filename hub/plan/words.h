// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/model.pb.h"
#include "hub/plan/fields.h"

#include <string>
#include <string_view>
#include <vector>

namespace fenghuo::plan {

// The closed words of plan files and account lists, with their numbers in the protocol.
const std::vector<Word>& account_kinds();
const std::vector<Word>& channel_kinds();
const std::vector<Word>& phone_kinds();
const std::vector<Word>& standings();
const std::vector<Word>& postings();
const std::vector<Word>& histories();
const std::vector<Word>& precedences();
const std::vector<Word>& means_words();

// The word of a number, or "?".
std::string_view word_of(const std::vector<Word>& words, int value);

// A grant as a plan says it: VERB [in center|in department] [when appointed|on-duty|not-proposer|
// owner], e.g. "moderate in department when on-duty". Left out: in center, when appointed.
std::string grant_text(const v1::Grant& grant);

// False when the text is none; then `what` and `fix` say why.
bool parse_grant(std::string_view text, v1::Grant& grant, std::string& what, std::string& fix);

}  // namespace fenghuo::plan
