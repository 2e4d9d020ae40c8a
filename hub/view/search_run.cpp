// SPDX-License-Identifier: Apache-2.0
#include "hub/view/search_run.h"

#include "hub/base/limits.h"
#include "hub/view/messages.h"
#include "storage/position_at.h"

#include <algorithm>
#include <utility>

namespace fenghuo::view {

namespace limits = base::limits;

namespace {

// Hits that the asker may not see any more, or whose current version no longer matches, cost a
// further round; after so many the page stays short and the token goes on.
constexpr int rounds_max = 8;

}  // namespace

SearchRun::SearchRun(View& view, storage::Store& store, Pool& pool, base::EntityId account_id,
                     v1::SearchQuery query, Done done)
    : view_(view),
      store_(store),
      pool_(pool),
      account_id_(account_id),
      query_(std::move(query)),
      done_(std::move(done)) {}

void SearchRun::start(const core::State& state) {
  if (query_.text().size() > limits::search_text_bytes_max) {
    return done_(base::Error(v1::ERROR_CODE_TOO_LARGE, "the text is too long", "search.text")
                     .with("max_bytes", std::to_string(limits::search_text_bytes_max)));
  }
  if (!choose_channels(state)) {
    return done_(base::Error(v1::ERROR_CODE_NOT_FOUND, "no such channel", "search.channel_id"));
  }
  limit_ = std::min(query_.limit() == 0 ? limits::search_page_default : query_.limit(),
                    limits::search_page_max);
  request_.text = storage::SearchText(query_.text());
  request_.author = query_.author_id();
  request_.page_token = query_.page_token();
  on_pool(&SearchRun::set_times);
}

bool SearchRun::choose_channels(const core::State& state) {
  for (const core::State::Joined& joined : state.channels_of(account_id_)) {
    if (query_.channel_id() != 0 && joined.channel_id != query_.channel_id()) continue;
    request_.channels.push_back(
        {joined.channel_id, state.first_seq(account_id_, joined.channel_id)});
  }
  return query_.channel_id() == 0 || !request_.channels.empty();
}

void SearchRun::on_pool(void (SearchRun::*work)()) {
  if (pool_.run([self = shared_from_this(), work] { (self.get()->*work)(); })) return;
  done_(base::Error(v1::ERROR_CODE_OVERLOADED, "too many reads at once").retry_after(500));
}

void SearchRun::set_times() {
  const base::Result<base::Position> through = storage::indexed_through(store_.rows());
  if (!through) return done_(through.error());
  result_.set_indexed_through(*through);
  if (query_.from_us() > 0) {
    const base::Result<base::Position> from = storage::position_at(store_.log(), query_.from_us());
    if (!from) return done_(from.error());
    request_.from = *from;
  }
  if (query_.until_us() > 0) {
    const base::Result<base::Position> end =
        storage::position_at(store_.log(), query_.until_us() + 1);
    if (!end) return done_(end.error());
    // Nothing is that old.
    if (*end <= 1) return finish();
    request_.until = *end - 1;
  }
  look_up();
}

void SearchRun::look_up() {
  request_.limit = limit_ - static_cast<std::size_t>(result_.messages_size());
  base::Result<storage::SearchPage> page =
      storage::search(store_.rows(), request_, [](const storage::SearchHit&) { return true; });
  if (!page) return done_(page.error());
  hits_ = std::move(page->hits);
  request_.page_token = std::move(page->next_page_token);
  if (hits_.empty()) return finish();
  view_.ask([self = shared_from_this()](const core::State& state) { self->authorise(state); });
}

void SearchRun::authorise(const core::State& state) {
  refs_.clear();
  for (const storage::SearchHit& hit : hits_) {
    std::optional<core::MessageRef> ref = core::message_for(state, hit.position, account_id_);
    if (ref && !ref->message.has_stone()) refs_.push_back(std::move(*ref));
  }
  on_pool(&SearchRun::compare);
}

void SearchRun::compare() {
  for (core::MessageRef& ref : refs_) {
    base::Result<v1::Message> message = read_message(store_.log(), std::move(ref));
    if (!message) return done_(message.error());
    const bool matches = request_.text.empty() || request_.text.matches(message->text());
    if (matches) *result_.add_messages() = std::move(*message);
  }
  const bool is_short = static_cast<std::size_t>(result_.messages_size()) < limit_;
  if (is_short && !request_.page_token.empty() && ++rounds_ < rounds_max) return look_up();
  finish();
}

void SearchRun::finish() {
  result_.set_next_page_token(request_.page_token);
  done_(std::move(result_));
}

}  // namespace fenghuo::view
