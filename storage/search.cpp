// SPDX-License-Identifier: Apache-2.0
#include "storage/search.h"

#include "hub/base/sha256.h"
#include "storage/bytes.h"
#include "storage/timeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>
#include <queue>

namespace fenghuo::storage {

namespace {

// In the family of the postings, so that it survives with them; before all terms.
constexpr std::string_view indexed_through_key("\0indexed_through", 16);
constexpr char author_mark = '\x01';
constexpr char term_end = '\0';
// Words that a prefix may stand for.
constexpr std::size_t expansions_max = 32;
// Candidates shown to the caller for one page; then the page ends early, with a token.
constexpr std::size_t candidates_max = 2'000;
// A step is cheaper than a seek: so many are tried first.
constexpr int steps_before_seek = 8;

std::string author_term(base::EntityId author) { return fmt::format("{}{}", author_mark, author); }

std::string key_of(std::string_view term, base::EntityId channel, std::uint64_t seq) {
  std::string key(term);
  key.push_back(term_end);
  put_u64(key, channel);
  put_u64(key, ~seq);
  return key;
}

std::vector<std::string> terms_of(const SearchDocument& document, std::string_view text) {
  if (text.empty()) return {};
  std::vector<std::string> terms = index_terms(text);
  terms.insert(terms.begin(), author_term(document.author));
  return terms;
}

void add_rows(const SearchDocument& document, const std::vector<std::string>& terms, bool keep,
              std::vector<Row>& out) {
  std::optional<std::string> value;
  if (keep) put_u64(value.emplace(), document.position);
  for (const std::string& term : terms) {
    out.push_back({Family::Search, key_of(term, document.channel, document.seq), value});
  }
}

struct Posting {
  std::uint64_t seq = 0;
  base::Position position = 0;
};

// The postings of one term, read by jumping.
class TermPostings {
 public:
  TermPostings(const OrderedStore& rows, std::string term)
      : term_(std::move(term)), cursor_(rows.cursor(Family::Search)) {}

  // The newest in the channel with a seq of at most `at_most`.
  std::optional<Posting> newest(base::EntityId channel, std::uint64_t at_most) {
    const std::string wanted = key_of(term_, channel, at_most);
    go_to(wanted);
    if (!cursor_->valid()) return std::nullopt;
    const std::string_view key = cursor_->key();
    const std::size_t prefix = wanted.size() - 8;
    if (key.size() != wanted.size() || key.substr(0, prefix) != wanted.substr(0, prefix)) {
      return std::nullopt;
    }
    return Posting{~u64_at(key, prefix), u64_at(cursor_->value(), 0)};
  }

  base::Result<void> status() const { return cursor_->status(); }

 private:
  // Keeps: the cursor stands on the first key at or after sought_. So a channel that lies before
  // the current key is known to be empty without a look.
  void go_to(const std::string& wanted) {
    const bool ahead = !sought_.empty() && sought_ <= wanted;
    if (ahead) {
      for (int step = 0; step < steps_before_seek; ++step) {
        if (!cursor_->valid() || cursor_->key() >= wanted) {
          sought_ = wanted;
          return;
        }
        cursor_->next();
      }
    }
    cursor_->seek(wanted);
    sought_ = wanted;
  }

  std::string term_;
  std::string sought_;
  std::unique_ptr<RowCursor> cursor_;
};

// What one place of the query may be: a term, or any of the words with a prefix.
class Leg {
 public:
  Leg(const OrderedStore& rows, const std::vector<std::string>& terms) {
    for (const std::string& term : terms) any_of_.emplace_back(rows, term);
  }

  std::optional<Posting> newest(base::EntityId channel, std::uint64_t at_most) {
    std::optional<Posting> best;
    for (TermPostings& term : any_of_) {
      const auto found = term.newest(channel, at_most);
      if (found && (!best || found->seq > best->seq)) best = found;
    }
    return best;
  }

  base::Result<void> status() const {
    for (const TermPostings& term : any_of_) {
      if (auto status = term.status(); !status) return status;
    }
    return {};
  }

 private:
  std::vector<TermPostings> any_of_;
};

std::vector<std::string> words_with(const OrderedStore& rows, const std::string& prefix) {
  std::vector<std::string> words;
  const auto cursor = rows.cursor(Family::Search);
  cursor->seek(prefix);
  while (words.size() < expansions_max && cursor->valid() && cursor->key().starts_with(prefix)) {
    const std::string_view key = cursor->key();
    words.emplace_back(key.substr(0, key.find(term_end)));
    cursor->seek(words.back() + static_cast<char>(term_end + 1));
  }
  return words;
}

// All places of the query together.
class Intersection {
 public:
  Intersection(const OrderedStore& rows, const SearchRequest& request) {
    std::vector<std::string> terms = request.text.terms();
    // Longer terms tend to be rarer, and the first leg leads. Any order gives the same answer.
    std::ranges::stable_sort(terms, std::greater<>(), &std::string::size);
    for (const std::string& term : terms) legs_.emplace_back(rows, std::vector{term});
    if (!request.text.prefix().empty()) {
      legs_.emplace_back(rows, words_with(rows, request.text.prefix()));
    }
    if (request.author != 0) legs_.emplace_back(rows, std::vector{author_term(request.author)});
  }

  // The newest message of the channel, at most `at_most` and not before `first`, that all legs
  // have: each leg in turn goes down to where the one before stands, until all stand on the same.
  std::optional<Posting> newest(base::EntityId channel, std::uint64_t at_most,
                                std::uint64_t first) {
    Posting common{at_most, 0};
    std::size_t agreed = 0;
    for (std::size_t leg = 0; agreed < legs_.size(); leg = (leg + 1) % legs_.size()) {
      const auto found = legs_[leg].newest(channel, common.seq);
      if (!found || found->seq < first) return std::nullopt;
      agreed = found->seq == common.seq ? agreed + 1 : 1;
      common = *found;
    }
    return common;
  }

  base::Result<void> status() const {
    for (const Leg& leg : legs_) {
      if (auto status = leg.status(); !status) return status;
    }
    return {};
  }

 private:
  std::vector<Leg> legs_;
};

// The next candidate of one channel.
struct Candidate {
  Posting posting;
  SearchChannel channel;
  bool operator<(const Candidate& other) const { return posting.position < other.posting.position; }
};

std::string token_of(base::Position position) {
  std::string bytes;
  put_u64(bytes, position);
  return base::to_hex(bytes);
}

// The last position that the page may hold; a token names the first one of the page before that it
// may not.
base::Result<base::Position> last_allowed(const SearchRequest& request) {
  const base::Position until =
      request.until == 0 ? std::numeric_limits<base::Position>::max() : request.until;
  if (request.page_token.empty()) return until;
  const std::string bytes = base::from_hex(request.page_token);
  if (bytes.size() != 8 || u64_at(bytes, 0) == 0) {
    return base::Error(base::ErrorCode::ERROR_CODE_BAD_ARGUMENT, "no such page", "page_token");
  }
  return std::min(until, u64_at(bytes, 0) - 1);
}

// One search in work: a heap with the newest candidate of each channel.
class Merge {
 public:
  Merge(const OrderedStore& rows, const SearchRequest& request)
      : rows_(rows), from_(request.from), intersection_(rows, request) {}

  base::Result<void> start(std::vector<SearchChannel> channels, base::Position until) {
    // In the order of their keys: see TermPostings.
    std::ranges::sort(channels, {}, &SearchChannel::channel);
    for (const SearchChannel& channel : channels) {
      auto posting = newest(channel, std::numeric_limits<std::uint64_t>::max());
      if (posting && posting->position > until) {
        const auto at_most = seq_at(rows_, channel.channel, until);
        if (!at_most) return at_most.error();
        posting = newest(channel, *at_most);
      }
      if (posting) heap_.push({*posting, channel});
    }
    return intersection_.status();
  }

  bool done() const { return heap_.empty(); }

  SearchHit take() {
    const Candidate top = heap_.top();
    heap_.pop();
    if (const auto posting = newest(top.channel, top.posting.seq - 1)) {
      heap_.push({*posting, top.channel});
    }
    return {top.channel.channel, top.posting.seq, top.posting.position};
  }

  base::Result<void> status() const { return intersection_.status(); }

 private:
  std::optional<Posting> newest(const SearchChannel& channel, std::uint64_t at_most) {
    const auto found = intersection_.newest(channel.channel, at_most, channel.first_seq);
    // Positions ascend with seqs: below it there is nothing more.
    if (found && found->position < from_) return std::nullopt;
    return found;
  }

  const OrderedStore& rows_;
  base::Position from_;
  Intersection intersection_;
  std::priority_queue<Candidate> heap_;
};

}  // namespace

void index_rows(const SearchDocument& document, std::string_view text, std::vector<Row>& out) {
  add_rows(document, terms_of(document, text), true, out);
}

void reindex_rows(const SearchDocument& document, std::string_view old_text,
                  std::string_view new_text, std::vector<Row>& out) {
  const std::vector<std::string> old_terms = terms_of(document, old_text);
  const std::vector<std::string> new_terms = terms_of(document, new_text);
  std::vector<std::string> gone;
  std::vector<std::string> come;
  std::ranges::set_difference(old_terms, new_terms, std::back_inserter(gone));
  std::ranges::set_difference(new_terms, old_terms, std::back_inserter(come));
  add_rows(document, gone, false, out);
  add_rows(document, come, true, out);
}

base::Result<void> sweep_rows(const OrderedStore& rows, const SearchDocument& document,
                              std::vector<Row>& out) {
  const auto cursor = rows.cursor(Family::Search);
  // From the first posting of one term to that of the message, and on to the next term.
  cursor->seek(std::string(1, author_mark));
  while (cursor->valid()) {
    const std::string term(cursor->key().substr(0, cursor->key().find(term_end)));
    const std::string key = key_of(term, document.channel, document.seq);
    cursor->seek(key);
    if (cursor->valid() && cursor->key() == key) out.push_back({Family::Search, key, std::nullopt});
    cursor->seek(term + static_cast<char>(term_end + 1));
  }
  return cursor->status();
}

Row indexed_through_row(base::Position position) {
  std::string value;
  put_u64(value, position);
  return {Family::Search, std::string(indexed_through_key), std::move(value)};
}

base::Result<base::Position> indexed_through(const OrderedStore& rows) {
  const auto value = rows.get(Family::Search, indexed_through_key);
  if (!value) return value.error();
  return *value ? u64_at(**value, 0) : 0;
}

base::Result<SearchPage> search(const OrderedStore& rows, const SearchRequest& request,
                                const SearchAccept& accept) {
  if (request.text.empty() && request.author == 0) {
    return base::Error(base::ErrorCode::ERROR_CODE_BAD_ARGUMENT, "nothing to search for", "text");
  }
  const auto until = last_allowed(request);
  if (!until) return until.error();
  Merge merge(rows, request);
  if (auto started = merge.start(request.channels, *until); !started) return started.error();

  SearchPage page;
  std::size_t candidates = 0;
  base::Position last = 0;
  while (!merge.done() && page.hits.size() < request.limit && candidates < candidates_max) {
    const SearchHit hit = merge.take();
    ++candidates;
    last = hit.position;
    if (accept(hit)) page.hits.push_back(hit);
  }
  if (auto status = merge.status(); !status) return status.error();
  if (!merge.done()) page.next_page_token = token_of(last);
  return page;
}

}  // namespace fenghuo::storage
