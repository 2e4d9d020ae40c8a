// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/wording.h"

#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>

#include <array>
#include <cstdlib>
#include <ctime>

namespace fenghuo::cli {
namespace {

std::string_view pick(Language language, std::string_view hans, std::string_view hant,
                      std::string_view en) {
  switch (language) {
    case Language::Hans: return hans;
    case Language::Hant: return hant;
    case Language::En: return en;
  }
  return en;
}

std::string author_of(const v1::Message& message, const client::State& state, Language language) {
  std::string who = fmt::format("{}", message.author_id());
  if (const auto it = state.accounts().find(message.author_id()); it != state.accounts().end()) {
    who = text_of(it->second.name(), language);
  }
  if (const auto it = state.roles().find(message.role_id()); it != state.roles().end()) {
    const std::string role = text_of(it->second.name(), language);
    who += language == Language::En ? fmt::format(" ({})", role) : fmt::format("（{}）", role);
  }
  return who;
}

std::string stone_words(const v1::Message& message, Language language) {
  const bool redacted = message.stone().kind() == v1::Message::Stone::KIND_REDACTED;
  const std::string_view what = redacted ? pick(language, "已删除", "已刪除", "redacted")
                                         : pick(language, "已撤回", "已撤回", "retracted");
  return fmt::format("[{}: {}]", what, message.stone().reason());
}

}  // namespace

Language language_of(std::string_view tag) {
  const auto begins = [&](std::string_view with) { return tag.substr(0, with.size()) == with; };
  if (begins("zh-Hant") || begins("zh_TW") || begins("zh_HK") || begins("zh_MO")) {
    return Language::Hant;
  }
  return begins("zh") ? Language::Hans : Language::En;
}

Language chosen_language(const std::string& flag) {
  if (!flag.empty()) return language_of(flag);
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return language_of(value);
  }
  return Language::En;
}

std::string text_of(const v1::LocalizedText& text, Language language) {
  const auto first = [](const std::string& a, const std::string& b, const std::string& c) {
    return !a.empty() ? a : !b.empty() ? b : c;
  };
  switch (language) {
    case Language::Hans: return first(text.zh_hans(), text.zh_hant(), text.en());
    case Language::Hant: return first(text.zh_hant(), text.zh_hans(), text.en());
    case Language::En: return first(text.en(), text.zh_hans(), text.zh_hant());
  }
  return text.en();
}

std::string_view precedence_word(v1::Precedence precedence, Language language) {
  if (precedence == v1::PRECEDENCE_FLASH) return pick(language, "特提", "特提", "FLASH");
  if (precedence == v1::PRECEDENCE_IMMEDIATE) return pick(language, "特急", "特急", "IMMEDIATE");
  if (precedence == v1::PRECEDENCE_PRIORITY) return pick(language, "加急", "加急", "PRIORITY");
  return pick(language, "平急", "平急", "ROUTINE");
}

std::string clock_time(std::int64_t time_us) {
  const std::time_t seconds = static_cast<std::time_t>(time_us / 1'000'000);
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  std::tm today{};
  ::localtime_r(&seconds, &parts);
  ::localtime_r(&now, &today);
  const auto time = fmt::format("{:02}:{:02}:{:02}", parts.tm_hour, parts.tm_min, parts.tm_sec);
  if (parts.tm_year == today.tm_year && parts.tm_yday == today.tm_yday) return time;
  return fmt::format("{}-{:02}-{:02} {}", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                     time);
}

std::string message_line(const v1::Message& message, const client::State& state,
                         Language language) {
  std::string channel = fmt::format("{}", message.channel_id());
  if (const auto it = state.channels().find(message.channel_id()); it != state.channels().end()) {
    const auto& row = it->second.channel();
    channel = row.key().empty() ? std::string(pick(language, "私信", "私信", "direct")) : row.key();
  }
  std::string line = fmt::format("{}  {} #{}  {}", clock_time(message.posted_us()), channel,
                                 message.seq(), author_of(message, state, language));
  if (message.precedence() > v1::PRECEDENCE_ROUTINE) {
    line += fmt::format(" ‖{}‖", precedence_word(message.precedence(), language));
  }
  if (message.thread_root_id() != 0) {
    line += fmt::format(" ↳{} {}", pick(language, "回复", "回覆", "reply to"),
                        message.thread_root_id());
  }
  line += "  ";
  line += message.has_stone() ? stone_words(message, language) : message.text();
  if (message.version() > 1 && !message.has_stone()) {
    const bool change = message.last_edit() == v1::EDIT_KIND_CHANGE;
    line += fmt::format(" [{} v{}]",
                        change ? pick(language, "变更", "變更", "changed")
                               : pick(language, "更正", "更正", "corrected"),
                        message.version());
  }
  for (const auto& file : message.attachments()) {
    line += fmt::format(" [{}, {} KiB]", file.name(), (file.size_bytes() + 1023) / 1024);
  }
  return printable(line) + fmt::format("  (id {})", message.id());
}

std::string_view line_word(bool live, Language language) {
  return live ? pick(language, "线路已连通", "線路已連通", "line: live")
              : pick(language, "线路中断，自动重连", "線路中斷，自動重連",
                     "line: down, coming back by itself");
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    // The controls of Unicode's second block are two bytes: C2 80 to C2 9F.
    const bool second =
        byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (second) ++i;
    if (byte == '\n') {
      out += "\n    ";
    } else if (byte == '\t') {
      out += ' ';
    } else if (second || byte < 0x20 || byte == 0x7F) {
      out += "\xEF\xBF\xBD";
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string channel_line(const v1::ChannelState& channel, Language language) {
  const auto& row = channel.channel();
  std::uint32_t unread = 0;
  std::uint32_t mentions = 0;
  if (channel.cursors_size() > 0) {
    unread = channel.cursors(0).unread();
    mentions = channel.cursors(0).mentions();
  }
  std::string line =
      fmt::format("{:<28} {:>5}", row.key().empty() ? std::to_string(row.id()) : row.key(),
                  unread == 0 ? std::string("-") : std::to_string(unread));
  line += mentions == 0 ? std::string("     ") : fmt::format(" @{:<3}", mentions);
  line += " " + printable(text_of(row.name(), language));
  if (row.archived()) line += pick(language, " [已归档]", " [已歸檔]", " [archived]");
  if (!channel.can_post()) line += pick(language, " [只读]", " [唯讀]", " [read only]");
  return line;
}

std::string json_line(const google::protobuf::Message& message) {
  std::string out;
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = false;
  const auto status = google::protobuf::util::MessageToJsonString(message, &out, options);
  return status.ok() ? out : "{}";
}

void use_zone(const std::string& zone) {
  if (zone.empty() || std::getenv("TZ") != nullptr) return;
  ::setenv("TZ", zone.c_str(), 0);
  ::tzset();
}

}  // namespace fenghuo::cli
