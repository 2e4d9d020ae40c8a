// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cpp/state.h"

#include <google/protobuf/message.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace fenghuo::cli {

enum class Language { Hans, Hant, En };

// "zh", "zh-Hans", "zh-Hant" (also zh_TW, zh_HK), "en"; anything else is English.
Language language_of(std::string_view tag);
// From --lang, else LC_ALL, LC_MESSAGES, LANG.
Language chosen_language(const std::string& flag);

// One text in the language, with the fallbacks of the center.
std::string text_of(const v1::LocalizedText& text, Language language);
// 平急 / 加急 / 特急 / 特提.
std::string_view precedence_word(v1::Precedence precedence, Language language);

// "14:02:07"; another day than today is said.
std::string clock_time(std::int64_t time_us);

// One line (more when the text has line breaks):
//   14:02:07  ops-watch #12  张启明（值班长） ‖特急‖  text  (id 1042)
// Routine has no mark; another day than today is said. Edits, stones, threads and attachments are
// said in words.
std::string message_line(const v1::Message& message, const client::State& state, Language language);

// The line is live (again), or down and coming back by itself.
std::string_view line_word(bool live, Language language);

// Without anything that a terminal would obey; lines after the first are indented.
std::string printable(std::string_view text);

// What `unread` and the kind of a channel look like in a list.
std::string channel_line(const v1::ChannelState& channel, Language language);

// One JSON object in one line, enum names and decimal strings for 64-bit numbers.
std::string json_line(const google::protobuf::Message& message);

// Times are shown in the zone of the center unless TZ says otherwise.
void use_zone(const std::string& zone);

}  // namespace fenghuo::cli
