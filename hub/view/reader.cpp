// SPDX-License-Identifier: Apache-2.0
#include "hub/view/reader.h"

#include "hub/base/limits.h"
#include "hub/base/sha256.h"
#include "hub/core/explain.h"
#include "hub/core/figures.h"
#include "hub/core/knowledge.h"
#include "hub/core/listing.h"
#include "hub/core/project.h"
#include "hub/view/feedback.h"
#include "hub/view/log_scan.h"
#include "hub/view/messages.h"
#include "hub/view/opening.h"
#include "hub/view/roster_check.h"
#include "hub/view/search_run.h"
#include "storage/timeline.h"

#include <atomic>
#include <memory>
#include <optional>
#include <utility>

namespace fenghuo::view {

namespace {

base::Error overloaded() {
  return base::Error(v1::ERROR_CODE_OVERLOADED, "too many reads at once").retry_after(500);
}

// A query on its way: who asked, and the answer so far. Shared by the steps of one query.
struct Asked {
  base::EntityId account_id = 0;
  base::TimeUs now = 0;
  v1::Query query;
  v1::QueryResult result;
  std::function<void(v1::QueryResult)> done;

  void finish() { done(std::move(result)); }
  void refuse(const base::Error& error) {
    *result.mutable_refused() = error.to_wire();
    finish();
  }
};
using AskedPtr = std::shared_ptr<Asked>;

}  // namespace

struct Reader::Inside {
  Inside(View& of, storage::Store& from, Pool& by) : view(of), store(from), pool(by) {}

  View& view;
  storage::Store& store;
  Pool& pool;
  // Reads of long stretches of the log under way.
  std::atomic<int> scans{0};

  void start(const AskedPtr& asked, const core::State& state);
  void history(const AskedPtr& asked, const core::State& state);
  void thread(const AskedPtr& asked, const core::State& state);
  void thread_page(const AskedPtr& asked, std::uint64_t first_seq);
  void read_page(const AskedPtr& asked, Page page);
  void message(const AskedPtr& asked, const core::State& state);
  void search(const AskedPtr& asked, const core::State& state);
  void feedback(const AskedPtr& asked, std::optional<core::FeedbackRef> ref);
  void roster(const AskedPtr& asked, const core::State& state);
  void figures(const AskedPtr& asked, const core::State& state);
  void knowledge(const AskedPtr& asked, const core::State& state);
  void scan(const AskedPtr& asked, base::Position from, base::Position through, LogScan::Add add,
            std::function<void()> finish);
  void run(const AskedPtr& asked, std::function<void()> work) {
    if (!pool.run(std::move(work))) asked->refuse(overloaded());
  }
};

Reader::Reader(View& view, storage::Store& store, Pool& pool)
    : inside_(std::make_unique<Inside>(view, store, pool)) {}

Reader::~Reader() = default;

void Reader::identify(std::string token_hash, base::TimeUs now,
                      std::function<void(base::Result<Identity>)> done) {
  inside_->view.ask(
      [token_hash = std::move(token_hash), now, done = std::move(done)](const core::State& state) {
        done(view::identify(state, token_hash, now));
      });
}

void Reader::credential(std::string account_key, base::TimeUs now,
                        std::function<void(Credential)> done) {
  inside_->view.ask([account_key = std::move(account_key), now,
                     done = std::move(done)](const core::State& state) {
    Credential credential;
    if (const v1::Account* account = state.account_by_key(account_key)) {
      credential.account_id = account->id();
      credential.password_hash = state.password_hash(account->id());
      credential.active = state.is_active(account->id(), now);
    }
    done(std::move(credential));
  });
}

void Reader::open(v1::Hello hello, std::string token_hash, base::TimeUs now,
                  std::function<void(base::Result<Opening>)> done) {
  inside_->view.ask([hello = std::move(hello), token_hash = std::move(token_hash), now,
                     done = std::move(done)](const core::State& state) {
    done(view::open(state, hello, token_hash, now));
  });
}

void Reader::query(base::EntityId account_id, v1::Query query, base::TimeUs now,
                   std::function<void(v1::QueryResult)> done) {
  auto asked = std::make_shared<Asked>();
  asked->account_id = account_id;
  asked->now = now;
  asked->query = std::move(query);
  asked->done = std::move(done);
  inside_->view.ask([this, asked, now](const core::State& state) {
    asked->result.set_id(asked->query.id());
    asked->result.set_position(state.position());
    if (const auto active = check_active(state, asked->account_id, now); !active) {
      return asked->refuse(active.error());
    }
    inside_->start(asked, state);
  });
}

void Reader::Inside::start(const AskedPtr& asked, const core::State& state) {
  switch (asked->query.kind_case()) {
    case v1::Query::kHistory:
      return asked->query.history().thread_root_id() == 0 ? history(asked, state)
                                                          : thread(asked, state);
    case v1::Query::kSearch: return search(asked, state);
    case v1::Query::kMessage: return message(asked, state);
    case v1::Query::kSnapshot:
      *asked->result.mutable_snapshot() = core::snapshot_for(state, asked->account_id);
      return asked->finish();
    case v1::Query::kList:
      *asked->result.mutable_list() = core::list_for(state, asked->account_id, asked->query.list());
      return asked->finish();
    case v1::Query::kDuty:
      *asked->result.mutable_duty() =
          core::duty_for(state, asked->account_id, asked->query.duty(), asked->now);
      return asked->finish();
    case v1::Query::kFeedback:
      return feedback(asked, core::feedback_for(state, asked->account_id,
                                                asked->query.feedback().feedback_id()));
    case v1::Query::kReceipt:
      return feedback(asked,
                      core::feedback_by_receipt(state, asked->query.receipt().receipt_code()));
    case v1::Query::kRoster: return roster(asked, state);
    case v1::Query::kTurns: {
      auto turns = core::turns_for(state, asked->account_id, asked->query.turns(), asked->now);
      if (!turns) return asked->refuse(turns.error());
      *asked->result.mutable_turns() = *std::move(turns);
      return asked->finish();
    }
    case v1::Query::kOpenItems: {
      auto items = core::open_items_for(state, asked->account_id,
                                        asked->query.open_items().role_id(), asked->now);
      if (!items) return asked->refuse(items.error());
      *asked->result.mutable_open_items() = *std::move(items);
      return asked->finish();
    }
    case v1::Query::kFigures: return figures(asked, state);
    case v1::Query::kKnowledge: return knowledge(asked, state);
    case v1::Query::kExplain: {
      auto lines = core::explain_for(state, asked->account_id, asked->query.explain(), asked->now);
      if (!lines) return asked->refuse(lines.error());
      *asked->result.mutable_explain() = *std::move(lines);
      return asked->finish();
    }
    case v1::Query::KIND_NOT_SET:
      return asked->refuse(base::Error(v1::ERROR_CODE_UNKNOWN_KIND, "no such query"));
  }
}

void Reader::Inside::history(const AskedPtr& asked, const core::State& state) {
  base::Result<Page> page = choose_page(state, asked->account_id, asked->query.history());
  if (!page) return asked->refuse(page.error());
  read_page(asked, std::move(*page));
}

void Reader::Inside::thread(const AskedPtr& asked, const core::State& state) {
  const v1::HistoryQuery& query = asked->query.history();
  const auto root = core::message_for(state, query.thread_root_id(), asked->account_id);
  if (!root || root->message.channel_id() != query.channel_id()) {
    return asked->refuse(base::Error(v1::ERROR_CODE_NOT_FOUND, "no such thread"));
  }
  const std::uint64_t first_seq = state.first_seq(asked->account_id, query.channel_id());
  run(asked, [this, asked, first_seq] { thread_page(asked, first_seq); });
}

void Reader::Inside::thread_page(const AskedPtr& asked, std::uint64_t first_seq) {
  const v1::HistoryQuery& query = asked->query.history();
  storage::TimelineQuery timeline;
  timeline.channel = query.channel_id();
  timeline.thread_root = query.thread_root_id();
  timeline.before_seq = query.before_seq();
  if (query.has_after_seq()) timeline.after_seq = query.after_seq();
  timeline.first_seq = first_seq;
  timeline.limit = page_limit(query.limit());
  base::Result<storage::TimelinePage> rows = storage::read_timeline(store.rows(), timeline);
  if (!rows) return asked->refuse(rows.error());
  view.ask([this, asked, rows = std::move(*rows)](const core::State& state) {
    Page page;
    page.more = rows.more;
    for (const storage::TimelineRow& row : rows.rows) {
      // Rows may be ahead of the view: what it does not know yet is not there yet.
      if (auto ref = core::message_for(state, row.position, asked->account_id)) {
        page.refs.push_back(std::move(*ref));
      }
    }
    asked->result.set_position(state.position());
    read_page(asked, std::move(page));
  });
}

void Reader::Inside::read_page(const AskedPtr& asked, Page page) {
  auto shared = std::make_shared<Page>(std::move(page));
  run(asked, [this, asked, shared] {
    v1::HistoryResult history;
    history.set_more(shared->more);
    for (core::MessageRef& ref : shared->refs) {
      base::Result<v1::Message> read = read_message(store.log(), std::move(ref));
      if (!read) return asked->refuse(read.error());
      *history.add_messages() = std::move(*read);
    }
    *asked->result.mutable_history() = std::move(history);
    asked->finish();
  });
}

void Reader::Inside::message(const AskedPtr& asked, const core::State& state) {
  base::Result<Whole> whole =
      choose_message(state, asked->account_id, asked->query.message().message_id());
  if (!whole) return asked->refuse(whole.error());
  auto shared = std::make_shared<Whole>(std::move(*whole));
  run(asked, [this, asked, shared] {
    base::Result<v1::MessageResult> result = read_whole(store.log(), std::move(*shared));
    if (!result) return asked->refuse(result.error());
    *asked->result.mutable_message() = std::move(*result);
    asked->finish();
  });
}

void Reader::Inside::feedback(const AskedPtr& asked, std::optional<core::FeedbackRef> ref) {
  if (!ref) return asked->refuse(base::Error(v1::ERROR_CODE_NOT_FOUND, "no such feedback"));
  auto shared = std::make_shared<core::FeedbackRef>(std::move(*ref));
  run(asked, [this, asked, shared] {
    base::Result<v1::FeedbackResult> result = read_feedback(store.log(), std::move(*shared));
    if (!result) return asked->refuse(result.error());
    *asked->result.mutable_feedback() = std::move(*result);
    asked->finish();
  });
}

void Reader::Inside::search(const AskedPtr& asked, const core::State& state) {
  const auto run =
      std::make_shared<SearchRun>(view, store, pool, asked->account_id, asked->query.search(),
                                  [asked](base::Result<v1::SearchResult> result) {
                                    if (!result) return asked->refuse(result.error());
                                    *asked->result.mutable_search() = std::move(*result);
                                    asked->finish();
                                  });
  run->start(state);
}

// Reading a table takes a while: the view only gives what it may name.
void Reader::Inside::roster(const AskedPtr& asked, const core::State& state) {
  auto check = std::make_shared<RosterCheck>(state, asked->account_id);
  if (!check->may_plan()) {
    return asked->refuse(base::Error(v1::ERROR_CODE_FORBIDDEN,
                                     "planning duty needs the verb roster, for some role"));
  }
  run(asked, [asked, check] {
    *asked->result.mutable_roster() = check->run(asked->query.roster(), asked->now);
    asked->finish();
  });
}

void Reader::Inside::scan(const AskedPtr& asked, base::Position from, base::Position through,
                          LogScan::Add add, std::function<void()> finish) {
  if (scans.fetch_add(1) >= base::limits::log_scans_max) {
    scans.fetch_sub(1);
    return asked->refuse(overloaded());
  }
  const auto done = [this, asked, finish = std::move(finish)](std::optional<base::Error> error) {
    scans.fetch_sub(1);
    if (error) return asked->refuse(*error);
    finish();
  };
  std::make_shared<LogScan>(store.log(), pool, from, through, std::move(add), done)->start();
}

void Reader::Inside::figures(const AskedPtr& asked, const core::State& state) {
  auto scope = core::figures_scope(state, asked->account_id, asked->query.figures());
  if (!scope) return asked->refuse(scope.error());
  auto fold = std::make_shared<core::FiguresFold>(*std::move(scope));
  const auto add = [fold](const core::Record& record) {
    fold->add(record);
    return true;
  };
  scan(asked, fold->scope().from, fold->scope().through, add, [asked, fold] {
    *asked->result.mutable_figures() = fold->finish();
    asked->finish();
  });
}

void Reader::Inside::knowledge(const AskedPtr& asked, const core::State& state) {
  auto scope =
      core::knowledge_scope(state, asked->account_id, asked->query.knowledge(), asked->now);
  if (!scope) return asked->refuse(scope.error());
  auto fold = std::make_shared<core::KnowledgeFold>(*std::move(scope));
  const auto add = [fold](const core::Record& record) { return fold->add(record); };
  scan(asked, fold->scope().from, fold->scope().through, add, [asked, fold] {
    auto result = fold->finish();
    if (!result) return asked->refuse(result.error());
    *asked->result.mutable_knowledge() = *std::move(result);
    asked->finish();
  });
}

void Reader::blob(base::EntityId account_id, base::Hash hash,
                  std::function<void(base::Result<std::string>)> done) {
  inside_->view.ask(
      [inside = inside_.get(), account_id, hash, done = std::move(done)](const core::State& state) {
        const bool referred = core::may_read_blob(state, base::to_bytes(hash), account_id);
        const bool taken = inside->pool.run([inside, account_id, hash, referred, done] {
          storage::BlobStore& blobs = inside->store.blobs();
          const base::Error none(v1::ERROR_CODE_NOT_FOUND, "no such blob");
          if (!referred && !blobs.is_owner(hash, account_id)) return done(none);
          base::Result<std::optional<std::string>> bytes = blobs.get(hash);
          if (!bytes) return done(bytes.error());
          if (!*bytes) return done(none);
          done(std::move(**bytes));
        });
        if (!taken) done(overloaded());
      });
}

}  // namespace fenghuo::view
