// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/names.h"

#include "clients/cli/terms.h"

#include <fmt/format.h>

namespace fenghuo::cli {
namespace {

template <typename Rows>
std::string name_in(const Rows& rows, std::uint64_t id, Language language) {
  const auto it = rows.find(id);
  return it == rows.end() ? std::to_string(id) : text_of(it->second.name(), language);
}

template <typename Rows>
std::string phones_in(const Rows& rows, std::uint64_t id) {
  std::string text;
  const auto it = rows.find(id);
  if (it == rows.end()) return text;
  for (const v1::Phone& phone : it->second.phones()) text += "  " + phone.number();
  return text;
}

}  // namespace

std::string account_name(const client::State& state, std::uint64_t id, Language language) {
  return name_in(state.accounts(), id, language);
}

std::string role_name(const client::State& state, std::uint64_t id, Language language) {
  return name_in(state.roles(), id, language);
}

std::string contact_name(const client::State& state, std::uint64_t id, Language language) {
  return name_in(state.contacts(), id, language);
}

std::string channel_name(const client::State& state, std::uint64_t id) {
  const auto it = state.channels().find(id);
  return it == state.channels().end() ? std::to_string(id) : it->second.channel().key();
}

std::string holder_name(const v1::Holder& holder, const client::State& state, Language language) {
  if (holder.account_id() != 0) return account_name(state, holder.account_id(), language);
  if (holder.contact_id() != 0) return contact_name(state, holder.contact_id(), language);
  const std::string_view vacant = in({"空岗", "空崗", "vacant"}, language);
  if (holder.vacant().empty()) return std::string(vacant);
  return fmt::format("{}: {}", vacant, holder.vacant());
}

std::string signature(const client::State& state, std::uint64_t account_id, std::uint64_t role_id,
                      Language language) {
  if (account_id == 0) return std::string(in({"系统", "系統", "the hub"}, language));
  const std::string who = account_name(state, account_id, language);
  if (role_id == 0) return who;
  const std::string role = role_name(state, role_id, language);
  return language == Language::En ? fmt::format("{} ({})", who, role)
                                  : fmt::format("{}（{}）", who, role);
}

std::string on_behalf_words(const v1::OnBehalf& said, const client::State& state,
                            Language language) {
  std::string giver;
  if (said.role_id() != 0) giver = role_name(state, said.role_id(), language);
  if (said.contact_id() != 0) giver = contact_name(state, said.contact_id(), language);
  if (said.account_id() != 0) giver = account_name(state, said.account_id(), language);
  if (giver.empty()) return giver;
  std::string text =
      fmt::format("{} {} {} {}", in({"代录", "代錄", "said by"}, language), giver,
                  word_of(media, said.medium(), language), clock_time(said.stated_at_us()));
  if (!said.reference().empty()) text += fmt::format(" #{}", said.reference());
  return text;
}

std::string phones_of(const v1::Holder& holder, const client::State& state) {
  if (holder.account_id() != 0) return phones_in(state.accounts(), holder.account_id());
  return phones_in(state.contacts(), holder.contact_id());
}

}  // namespace fenghuo::cli
