// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/verbs.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace fenghuo::cli {
namespace {

void print(const Setting& setting, const client::State& state, const v1::Message& message) {
  fmt::print("{}\n",
             setting.json ? json_line(message) : message_line(message, state, setting.language));
}

}  // namespace

int run_channels(const Setting& setting) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const client::State state = opened->client->state();
  std::vector<const v1::ChannelState*> rows;
  for (const auto& [id, row] : state.channels()) rows.push_back(&row);
  std::sort(rows.begin(), rows.end(), [](const auto* a, const auto* b) {
    return std::pair(a->channel().kind(), a->channel().key()) <
           std::pair(b->channel().kind(), b->channel().key());
  });
  for (const auto* row : rows) {
    fmt::print("{}\n", setting.json ? json_line(*row) : channel_line(*row, setting.language));
  }
  return exit_done;
}

int run_history(const Setting& setting, const HistoryArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const client::State state = opened->client->state();
  const auto channel = channel_id(state, arguments.channel);
  if (!channel) return report(channel.error());
  // Pages from the newest back; shown oldest first.
  std::vector<v1::Message> messages;
  std::uint64_t before = arguments.before;
  while (messages.size() < arguments.limit) {
    v1::Query query;
    query.mutable_history()->set_channel_id(*channel);
    query.mutable_history()->set_before_seq(before);
    const std::size_t wanted = arguments.limit - messages.size();
    query.mutable_history()->set_limit(
        static_cast<std::uint32_t>(std::min<std::size_t>(wanted, 200)));
    const auto result = opened->client->ask(query, patience);
    if (!result) return report(result.error());
    if (result->has_refused()) return report(client::Failure(result->refused()));
    const auto& page = result->history();
    if (page.messages_size() == 0) break;
    messages.insert(messages.begin(), page.messages().begin(), page.messages().end());
    before = page.messages(0).seq();
    if (!page.more()) break;
  }
  for (const auto& message : messages) print(setting, state, message);
  return exit_done;
}

int run_search(const Setting& setting, const SearchArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const client::State state = opened->client->state();
  v1::Query query;
  std::string text;
  for (const auto& word : arguments.words) text += (text.empty() ? "" : " ") + word;
  query.mutable_search()->set_text(text);
  query.mutable_search()->set_limit(arguments.limit);
  if (!arguments.channel.empty()) {
    const auto channel = channel_id(state, arguments.channel);
    if (!channel) return report(channel.error());
    query.mutable_search()->set_channel_id(*channel);
  }
  const auto result = opened->client->ask(query, patience);
  if (!result) return report(result.error());
  if (result->has_refused()) return report(client::Failure(result->refused()));
  for (const auto& message : result->search().messages()) print(setting, state, message);
  if (!result->search().next_page_token().empty()) {
    fmt::print(stderr, "fenghuo: there are more; narrow the words or raise --limit\n");
  }
  return exit_done;
}

}  // namespace fenghuo::cli
