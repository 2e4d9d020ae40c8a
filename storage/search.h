// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/result.h"
#include "hub/base/types.h"
#include "storage/ordered_store.h"
#include "storage/search_text.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

// The search index: (term, channel, ~seq) -> position, rows of Family::Search. It follows the log;
// how far it has come is a row of its own, written with the postings. Keys are in FORMAT.md.
//
// Who may read what is not decided here: the caller names the channels, and accepts each message.
namespace fenghuo::storage {

// A message as the index knows it. The postings of an edited message stay at its place.
struct SearchDocument {
  base::EntityId channel = 0;
  std::uint64_t seq = 0;
  // Of the event that posted it: also the message's id.
  base::Position position = 0;
  base::EntityId author = 0;
};

// Appends to `out` the rows that make a posted message findable by its text and by its author.
void index_rows(const SearchDocument& document, std::string_view text, std::vector<Row>& out);

// The rows that turn the postings of `old_text` into those of `new_text`; an empty new text (a
// stone, an erased body) takes the message out of the index, its author included.
void reindex_rows(const SearchDocument& document, std::string_view old_text,
                  std::string_view new_text, std::vector<Row>& out);

// The rows that take a message out of the index when its text is not known any more (an erased
// body). Jumps through every term there is: for a background thread.
base::Result<void> sweep_rows(const OrderedStore& rows, const SearchDocument& document,
                              std::vector<Row>& out);

// Everything up to that position is indexed. Write it with the rows of that position.
Row indexed_through_row(base::Position position);
base::Result<base::Position> indexed_through(const OrderedStore& rows);

struct SearchChannel {
  base::EntityId channel = 0;
  // Nothing below it is given (history since joining).
  std::uint64_t first_seq = 1;
};

struct SearchRequest {
  SearchText text;
  // Where the asker may read.
  std::vector<SearchChannel> channels;
  // 0 = any.
  base::EntityId author = 0;
  // Only messages posted at positions in [from, until]; until 0 = the newest. See position_at().
  base::Position from = 0;
  base::Position until = 0;
  std::size_t limit = 20;
  // Of the page before; empty = the first.
  std::string page_token;
};

struct SearchHit {
  base::EntityId channel = 0;
  std::uint64_t seq = 0;
  base::Position position = 0;
};

struct SearchPage {
  // Newest first, over all channels.
  std::vector<SearchHit> hits;
  // Empty = that was all.
  std::string next_page_token;
};

// Whether this candidate is one: the caller reads the message's current version, and usually asks
// SearchText::matches (terms may stand apart in a text; and postings may be ahead or behind by an
// edit). Called for candidates in order, newest first.
using SearchAccept = std::function<bool(const SearchHit&)>;

// Jumps over what cannot match, so its cost follows the rarest term, not the length of the record.
// BAD_ARGUMENT: no term in the text and no author, or a page token that is none.
base::Result<SearchPage> search(const OrderedStore& rows, const SearchRequest& request,
                                const SearchAccept& accept);

}  // namespace fenghuo::storage
