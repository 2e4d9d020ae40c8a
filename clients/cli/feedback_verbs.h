// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cli/sending.h"

#include <cstdint>
#include <string>
#include <vector>

namespace fenghuo::cli {

// 意见建议. One function a verb; each returns the exit code.

struct OpenFeedbackArguments {
  std::vector<std::string> words;
  std::string kind = "problem";
  std::string severity = "routine";
  // What it is about: one at most; none = in general.
  std::string channel;
  std::uint64_t message = 0;
  std::string incident;
  std::string order;
  // Without a name: prints the receipt code, with which alone the answer is read.
  bool anonymous = false;
  // Of the public.
  bool from_public = false;
  std::string caller;
  std::string number;
  std::uint32_t similar = 0;
  Signature signature;
};
int run_feedback_open(const Setting& setting, const OpenFeedbackArguments& arguments);

struct ListFeedbackArguments {
  // Ended ones too, newest first, at most 200.
  bool all = false;
};
// With the incidents after which the reader is asked for his opinion.
int run_feedback_list(const Setting& setting, const ListFeedbackArguments& arguments);

struct ShowFeedbackArguments {
  // An id, or the receipt code of an anonymous one: 32 hex digits.
  std::string name;
};
int run_feedback_show(const Setting& setting, const ShowFeedbackArguments& arguments);

struct TriageArguments {
  std::uint64_t id = 0;
  std::string owner;
  // Empty = it stays.
  std::string severity;
  std::vector<std::string> words;
  Signature signature;
};
int run_feedback_triage(const Setting& setting, const TriageArguments& arguments);

struct FeedbackArguments {
  std::uint64_t id = 0;
  std::vector<std::string> words;
  // Adopt: number or id of the order that came of it.
  std::string order;
  Signature signature;
};
int run_feedback_reply(const Setting& setting, const FeedbackArguments& arguments);
int run_feedback_adopt(const Setting& setting, const FeedbackArguments& arguments);
int run_feedback_decline(const Setting& setting, const FeedbackArguments& arguments);
int run_feedback_close(const Setting& setting, const FeedbackArguments& arguments);

struct MergeFeedbackArguments {
  std::uint64_t id = 0;
  std::uint64_t into_id = 0;
  Signature signature;
};
int run_feedback_merge(const Setting& setting, const MergeFeedbackArguments& arguments);

struct NothingArguments {
  std::uint64_t ask_id = 0;
};
// Has nothing to say about the incident.
int run_feedback_nothing(const Setting& setting, const NothingArguments& arguments);

}  // namespace fenghuo::cli
