// SPDX-License-Identifier: Apache-2.0
#include "hub/view/indexer.h"

#include "hub/base/check.h"
#include "hub/base/log.h"
#include "hub/base/sha256.h"
#include "hub/view/messages.h"
#include "storage/search.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fenghuo::view {

namespace {

constexpr std::size_t records_per_step_max = 256;
constexpr std::size_t salt_bytes = 16;

// What one record means for the index.
struct Job {
  enum class Kind { Post, Replace, Remove, Sweep };
  Kind kind = Kind::Post;
  base::Position position = 0;
  base::EntityId message_id = 0;
  // The new text.
  std::string text;
  // Of a post; else read from the message's own record.
  storage::SearchDocument document;
  // Where the text that it replaces lies; found by the view.
  base::Position old_position = 0;
};

struct Chunk {
  std::vector<Job> jobs;
  std::vector<std::string> blob_hashes;
  base::Position through = 0;

  bool needs_view() const {
    return std::any_of(jobs.begin(), jobs.end(), [](const Job& job) {
      return job.kind == Job::Kind::Replace || job.kind == Job::Kind::Remove;
    });
  }
};

// On the view's thread. The State is later than the record: versions after it are left out.
void find_old_texts(const core::State& state, Chunk& chunk) {
  for (Job& job : chunk.jobs) {
    if (job.kind != Job::Kind::Replace && job.kind != Job::Kind::Remove) continue;
    for (const core::State::Version& version : state.versions(job.message_id)) {
      if (version.position < job.position) job.old_position = version.position;
    }
  }
}

std::string text_of(const std::string& stored) {
  v1::Body body;
  if (stored.size() < salt_bytes ||
      !body.ParseFromArray(stored.data() + salt_bytes,
                           static_cast<int>(stored.size() - salt_bytes))) {
    return {};
  }
  return std::move(*body.mutable_text());
}

void collect(base::Position position, const storage::LogRecord& record, Chunk& chunk) {
  v1::Event event;
  FENGHUO_CHECK(event.ParseFromString(record.event));
  const auto keep_blobs = [&chunk](const auto& hashes) {
    chunk.blob_hashes.insert(chunk.blob_hashes.end(), hashes.begin(), hashes.end());
  };
  if (event.has_message_posted()) {
    const v1::MessagePosted& posted = event.message_posted();
    keep_blobs(posted.blob_hashes());
    chunk.jobs.push_back({Job::Kind::Post,
                          position,
                          position,
                          text_of(record.body),
                          {posted.channel_id(), posted.seq(), position, event.account_id()}});
  } else if (event.has_message_edited()) {
    keep_blobs(event.message_edited().blob_hashes());
    chunk.jobs.push_back({Job::Kind::Replace,
                          position,
                          event.message_edited().message_id(),
                          text_of(record.body),
                          {}});
  } else if (event.has_message_retracted()) {
    chunk.jobs.push_back(
        {Job::Kind::Remove, position, event.message_retracted().message_id(), {}, {}});
  } else if (event.has_bodies_erased()) {
    chunk.jobs.push_back({Job::Kind::Sweep, position, event.bodies_erased().message_id(), {}, {}});
  }
}

}  // namespace

struct Indexer::Inside {
  Inside(View& view_in, storage::Store& store_in, std::function<void()> wake_in)
      : view(view_in), store(store_in), wake(std::move(wake_in)) {
    const base::Result<base::Position> known = storage::indexed_through(store.rows());
    through = known ? *known : 0;
  }

  bool step();
  bool next_batch();
  Chunk next_chunk();
  base::Result<storage::SearchDocument> document_of(base::EntityId message_id) const;
  base::Result<void> add_rows(const Job& job, std::vector<storage::Row>& rows) const;
  base::Result<void> write(const Chunk& chunk);
  void start_again();

  View& view;
  storage::Store& store;
  std::function<void()> wake;

  std::unique_ptr<storage::LogReader> reader;
  std::optional<storage::Batch> batch;
  // The next record of the batch.
  std::size_t next = 0;
  // Read, and with the view or ready to be written.
  std::shared_ptr<Chunk> chunk;
  std::atomic<bool> with_view = false;
  std::atomic<base::Position> through = 0;
};

Indexer::Indexer(View& view, storage::Store& store, std::function<void()> wake)
    : inside_(std::make_unique<Inside>(view, store, std::move(wake))) {}

Indexer::~Indexer() = default;

bool Indexer::step() { return inside_->step(); }

base::Position Indexer::indexed_through() const { return inside_->through; }

bool Indexer::Inside::step() {
  if (with_view) return false;
  if (!chunk) {
    if (!next_batch()) return false;
    chunk = std::make_shared<Chunk>(next_chunk());
    if (chunk->needs_view()) {
      with_view = true;
      view.ask([this, asked = chunk](const core::State& state) {
        find_old_texts(state, *asked);
        with_view = false;
        wake();
      });
      return true;
    }
  }
  if (const base::Result<void> written = write(*chunk); !written) {
    base::log_warn("view", "the search index waits: {}", written.error().to_string());
    start_again();
    return false;
  }
  through = chunk->through;
  chunk = nullptr;
  return true;
}

// Whether there is a batch with records left that the view has applied.
bool Indexer::Inside::next_batch() {
  if (batch && next == batch->records.size()) batch.reset();
  if (!batch) {
    if (through >= view.applied()) return false;
    if (!reader) reader = store.log().read(through + 1, true);
    base::Result<std::optional<storage::Batch>> read = reader->next();
    if (!read) {
      base::log_error("view", "the search index cannot go on: {}", read.error().to_string());
      return false;
    }
    if (!*read) return false;
    batch = std::move(**read);
    next = through + 1 > batch->first ? static_cast<std::size_t>(through + 1 - batch->first) : 0;
  }
  return batch->last() <= view.applied();
}

Chunk Indexer::Inside::next_chunk() {
  Chunk made;
  const std::size_t end = std::min(batch->records.size(), next + records_per_step_max);
  for (; next < end; ++next) collect(batch->first + next, batch->records[next], made);
  made.through = batch->first + end - 1;
  return made;
}

// From the message's own record: channel, seq and author never change.
base::Result<storage::SearchDocument> Indexer::Inside::document_of(
    base::EntityId message_id) const {
  const base::Result<std::optional<storage::Batch>> read =
      store.log().read(message_id, false)->next();
  if (!read) return read.error();
  FENGHUO_CHECK(*read && (*read)->first <= message_id && message_id <= (*read)->last());
  v1::Event event;
  FENGHUO_CHECK(event.ParseFromString((*read)->records[message_id - (*read)->first].event));
  const v1::MessagePosted& posted = event.message_posted();
  return storage::SearchDocument{posted.channel_id(), posted.seq(), message_id, event.account_id()};
}

base::Result<void> Indexer::Inside::add_rows(const Job& job,
                                             std::vector<storage::Row>& rows) const {
  if (job.kind == Job::Kind::Post) {
    storage::index_rows(job.document, job.text, rows);
    return {};
  }
  const base::Result<storage::SearchDocument> document = document_of(job.message_id);
  if (!document) return document.error();
  if (job.kind == Job::Kind::Sweep) return storage::sweep_rows(store.rows(), *document, rows);
  const base::Result<v1::Body> old = read_body(store.log(), job.old_position);
  if (!old) return old.error();
  storage::reindex_rows(*document, old->text(), job.text, rows);
  return {};
}

base::Result<void> Indexer::Inside::write(const Chunk& done) {
  for (const std::string& hash : done.blob_hashes) {
    const base::Result<void> marked = store.blobs().mark_referenced(base::hash_from_bytes(hash));
    if (!marked) return marked.error();
  }
  std::vector<storage::Row> rows;
  for (const Job& job : done.jobs) {
    // A sweep reads what is stored: what was collected before it must be there.
    if (job.kind == Job::Kind::Sweep && !rows.empty()) {
      if (const auto written = store.rows().write(rows); !written) return written.error();
      rows.clear();
    }
    if (const auto added = add_rows(job, rows); !added) return added.error();
  }
  rows.push_back(storage::indexed_through_row(done.through));
  return store.rows().write(rows);
}

void Indexer::Inside::start_again() {
  reader = nullptr;
  batch.reset();
  chunk = nullptr;
}

}  // namespace fenghuo::view
