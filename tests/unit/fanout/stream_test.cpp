// SPDX-License-Identifier: Apache-2.0
// Seeded runs of a shard under everything that can happen to it, judged by a model that knows who
// belonged where and when: no gap, no duplicate, nothing out of order, nothing that its reader may
// not read, and in the end everybody has all that is theirs.
#include "tests/unit/fanout/fakes.h"

#include <gtest/gtest.h>

#include <random>

namespace fenghuo::fanout {
namespace {

using base::EntityId;
using base::Position;
using test::Draft;
using test::FakeSubscriber;

constexpr EntityId accounts = 5;
constexpr EntityId first_channel = 11;
constexpr EntityId channels = 4;
constexpr Position never = ~Position{0};

// What one record shows, and to whom.
struct Row {
  enum class Kind { Nothing, Post, Join, Leave, Cursor };
  Kind kind = Kind::Nothing;
  EntityId account_id = 0;
  EntityId channel_id = 0;
};

// The whole record, and every stay of every account in every channel.
class Model {
 public:
  struct Stay {
    Position since = 0;
    Position until = never;
  };

  Position end() const { return rows_.size(); }
  const Row& at(Position position) const { return rows_[position - 1]; }
  bool belongs(EntityId account, EntityId channel) const {
    const auto at = stays_.find({account, channel});
    return at != stays_.end() && at->second.back().until == never;
  }
  void add(Row row) {
    rows_.push_back(row);
    const std::pair who{row.account_id, row.channel_id};
    if (row.kind == Row::Kind::Join) stays_[who].push_back({end(), never});
    if (row.kind == Row::Kind::Leave) stays_[who].back().until = end();
  }
  std::vector<core::State::Joined> channels_of(EntityId account) const {
    std::vector<core::State::Joined> joined;
    for (EntityId c = first_channel; c < first_channel + channels; ++c) {
      if (belongs(account, c)) joined.push_back({c, stays_.at({account, c}).back().since});
    }
    return joined;
  }
  // Whether the account saw the row when it happened, and the stay it saw it in has not ended at
  // `now`.
  bool sees(EntityId account, Position position, Position now) const {
    const Row& row = at(position);
    if (row.kind == Row::Kind::Nothing) return false;
    if (row.kind != Row::Kind::Post && row.account_id != account) return false;
    if (row.kind == Row::Kind::Leave) return true;
    const auto stays = stays_.find({account, row.channel_id});
    if (stays == stays_.end()) return false;
    for (const Stay& stay : stays->second) {
      const bool from_there =
          row.kind == Row::Kind::Post ? stay.since < position : stay.since <= position;
      if (from_there && position < stay.until && now < stay.until) return true;
    }
    return false;
  }

 private:
  std::vector<Row> rows_;
  std::map<std::pair<EntityId, EntityId>, std::vector<Stay>> stays_;
};

// One person's client: its place in the record survives its connections.
struct Client {
  EntityId account_id = 0;
  Position start = 0;
  Position position = 0;
  std::set<Position> seen;
  std::uint64_t session = 0;  // 0 = not connected
  std::unique_ptr<FakeSubscriber> line;
};

class World {
 public:
  explicit World(std::uint64_t seed) : random_(seed) {
    for (EntityId id = 1; id <= accounts; ++id) {
      clients_.emplace_back().account_id = id;
      clients_.emplace_back().account_id = id;
    }
    restart();
  }

  void run(int steps) {
    for (int i = 0; i < steps && !testing::Test::HasFailure(); ++i) step();
    settle();
  }
  std::size_t seen() const {
    std::size_t count = 0;
    for (const Client& client : clients_) count += client.seen.size();
    return count;
  }

 private:
  std::size_t below(std::size_t n) { return random_() % n; }
  bool one_in(std::size_t n) { return below(n) == 0; }

  void step() {
    switch (below(12)) {
      case 0:
      case 1:
      case 2: return commit();
      case 3:
      case 4: {
        Client& client = clients_[below(clients_.size())];
        return client.session == 0 ? connect(client) : write(client);
      }
      case 5:
      case 6: return write(clients_[below(clients_.size())]);
      case 7: return answer();
      case 8:
        if (one_in(4)) disconnect(clients_[below(clients_.size())]);
        if (one_in(60)) restart();
        return;
      case 9:
        now_ += static_cast<base::TimeUs>(below(8)) * base::us_per_s;
        return shard_->tick(now_);
      default:
        for (std::size_t i = below(4); i > 0; --i) tasks_.run_one();
    }
  }

  // The view's side: the record grows at once, the shard hears of it when its task runs.
  void commit() {
    Draft draft(model_.end());
    for (std::size_t i = 1 + below(6); i > 0; --i) {
      const EntityId account = 1 + below(accounts);
      const EntityId channel = first_channel + below(channels);
      const bool belongs = model_.belongs(account, channel);
      if (one_in(5)) {
        model_.add({belongs ? Row::Kind::Leave : Row::Kind::Join, account, channel});
        belongs ? draft.leave(account, channel) : draft.join(account, channel);
      } else if (one_in(8)) {
        if (belongs) draft.cursor(account, channel);
        if (!belongs) draft.record();
        model_.add({belongs ? Row::Kind::Cursor : Row::Kind::Nothing, account, channel});
      } else {
        draft.post(channel, one_in(3) ? below(200'000) : below(200));
        model_.add({Row::Kind::Post, 0, channel});
      }
    }
    tasks_.post()([this, made = draft.commit(), shard = shard_] {
      shard->on_commit(made, now_);
      if (shard == shard_) told_ = made->through;
    });
  }

  void connect(Client& client) {
    const bool fresh = client.start == 0 || one_in(6);
    if (fresh) {
      client.start = client.position = model_.end();
      client.seen.clear();
    }
    client.session = ++sessions_;
    client.line = std::make_unique<FakeSubscriber>();
    client.line->on_push = [this, &client](const std::string& bytes) { judge(client, bytes); };
    Shard::Attachment attachment;
    attachment.session = client.session;
    attachment.account_id = client.account_id;
    attachment.from = client.position;
    attachment.as_of = model_.end();
    attachment.channels = model_.channels_of(client.account_id);
    tasks_.post()([this, &client, attachment, shard = shard_] {
      if (client.session != attachment.session || shard != shard_) return;
      told_ = std::max(told_, attachment.as_of);
      shard->attach(attachment, *client.line, now_);
    });
  }

  void disconnect(Client& client) {
    if (client.session == 0) return;
    shard_->detach(client.session);
    client.session = 0;
    client.line.reset();
  }

  // The hub starts again: an empty ring, everybody comes back.
  void restart() {
    for (Client& client : clients_) disconnect(client);
    log_.asked.clear();
    told_ = 0;
    shard_ = std::make_shared<Shard>(log_, tasks_.post());
    // What was on its way belongs to the old one.
    tasks_.run_all();
  }

  // What is pushed must be readable by what the shard has been told.
  void judge(const Client& client, const std::string& bytes) {
    const Position now = std::max(told_, shard_->published());
    for (const auto& frame : test::frames_of(bytes)) {
      for (const auto& update : frame.batch().updates()) {
        ASSERT_LE(update.position(), now);
        EXPECT_TRUE(model_.sees(client.account_id, update.position(), now))
            << "account " << client.account_id << " was sent " << update.position() << " at "
            << now;
      }
    }
  }

  void write(Client& client) {
    if (client.session == 0) return;
    EXPECT_LE(client.line->outbox_bytes(), base::limits::outbox_bytes_max);
    for (const auto& bytes : client.line->drain()) {
      for (const auto& frame : test::frames_of(*bytes)) take(client, frame.batch());
    }
    shard_->on_drained(client.session, now_);
  }

  void take(Client& client, const v1::Batch& batch) {
    ASSERT_EQ(batch.after(), client.position) << "a gap, or a duplicate";
    ASSERT_GE(batch.through(), batch.after());
    Position last = batch.after();
    for (const auto& update : batch.updates()) {
      ASSERT_GT(update.position(), last);
      ASSERT_LE(update.position(), batch.through());
      last = update.position();
      client.seen.insert(last);
    }
    client.position = batch.through();
  }

  // The view reads a piece of the log for somebody.
  void answer() {
    if (log_.asked.empty()) return;
    const auto asked = log_.take();
    if (one_in(8)) return asked.done(base::Error(v1::ERROR_CODE_OVERLOADED));
    const Position through = std::min(model_.end(), asked.after + 1 + below(5));
    std::vector<std::string> updates;
    for (Position p = asked.after + 1; p <= through; ++p) {
      if (!model_.sees(asked.account_id, p, model_.end())) continue;
      v1::Update update;
      update.set_position(p);
      updates.push_back(session::encode_update(asked.format, update));
    }
    asked.done(CatchUp::Chunk{asked.after, through,
                              std::make_shared<const std::string>(session::encode_batch(
                                  asked.format, asked.after, through,
                                  std::vector<std::string_view>(updates.begin(), updates.end())))});
  }

  void settle() {
    for (Client& client : clients_) {
      if (client.session == 0) connect(client);
    }
    for (int i = 0; i < 100'000 && !testing::Test::HasFailure(); ++i) {
      tasks_.run_all();
      for (Client& client : clients_) write(client);
      while (!log_.asked.empty()) answer();
      if (i % 8 == 7) shard_->tick(now_ += base::limits::keepalive_us);
      bool done = true;
      for (const Client& client : clients_) done = done && client.position == model_.end();
      if (done) break;
    }
    for (const Client& client : clients_) {
      ASSERT_EQ(client.position, model_.end()) << "account " << client.account_id;
      for (Position p = client.start + 1; p <= model_.end(); ++p) {
        if (model_.sees(client.account_id, p, model_.end())) {
          EXPECT_TRUE(client.seen.contains(p))
              << "account " << client.account_id << " misses " << p;
        }
      }
    }
  }

  std::mt19937_64 random_;
  Model model_;
  test::FakeCatchUp log_;
  test::Tasks tasks_;
  std::shared_ptr<Shard> shard_;
  std::deque<Client> clients_;
  std::uint64_t sessions_ = 0;
  // How far the shard of now has been told.
  Position told_ = 0;
  base::TimeUs now_ = base::us_per_s;
};

class StreamTest : public testing::TestWithParam<std::uint64_t> {};

TEST_P(StreamTest, EverybodyGetsWhatIsTheirsOnceAndInOrder) {
  World world(GetParam());
  world.run(1'500);
  EXPECT_GT(world.seen(), 100u);
}

INSTANTIATE_TEST_SUITE_P(Seeds, StreamTest, testing::Range<std::uint64_t>(1, 41));

}  // namespace
}  // namespace fenghuo::fanout
