// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/frame.pb.h"
#include "hub/base/result.h"
#include "hub/view/view.h"
#include "storage/store.h"

#include <functional>
#include <memory>
#include <string>

namespace fenghuo::view {

// Runs work that may wait for the disk; bounded. A simulator's runs it at once.
class Pool {
 public:
  virtual ~Pool() = default;
  // False = full: answer OVERLOADED.
  virtual bool run(std::function<void()> work) = 0;
};

// Reads with what the account may read now. Each answer comes exactly once, on the view's or a pool
// thread. Authorisation happens on the view's thread, disk reads on the pool.
class Reader {
 public:
  Reader(View& view, storage::Store& store, Pool& pool);
  ~Reader();

  // Who a token is at `now`: UNAUTHENTICATED, TOKEN_EXPIRED, ACCOUNT_DISABLED, ACCESS_EXPIRED.
  // (A revoked token is unknown.)
  struct Identity {
    base::EntityId account_id = 0;
    base::EntityId token_id = 0;
    // The earlier of the token's and the account's end; 0 = none.
    base::TimeUs access_until_us = 0;
  };
  void identify(std::string token_hash, base::TimeUs now,
                std::function<void(base::Result<Identity>)> done);

  // What login needs: the account and its password hash (empty: no such account, or no password).
  struct Credential {
    base::EntityId account_id = 0;
    std::string password_hash;
    bool active = false;
  };
  void credential(std::string account_key, base::TimeUs now, std::function<void(Credential)> done);

  // Opens a session: who the token is, and the welcome (snapshot, or resumed from where the client
  // stands). `from` is the position the stream goes on from.
  struct Opening {
    Identity identity;
    v1::Welcome welcome;
    base::Position from = 0;
    // Where the State stands: `channels` are those visible there.
    base::Position as_of = 0;
    std::vector<core::State::Joined> channels;
    bool guest = false;
  };
  // WRONG_WORLD, UNKNOWN_EPOCH, FUTURE_POSITION and identify()'s errors.
  void open(v1::Hello hello, std::string token_hash, base::TimeUs now,
            std::function<void(base::Result<Opening>)> done);

  // History, search, message, snapshot, lists, figures and the like; `refused` inside the result
  // when not readable.
  void query(base::EntityId account_id, v1::Query query, base::TimeUs now,
             std::function<void(v1::QueryResult)> done);

  // Content of a blob the account may read (its owner, or a reader of a message that refers to it),
  // else NOT_FOUND.
  void blob(base::EntityId account_id, base::Hash hash,
            std::function<void(base::Result<std::string>)> done);

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace fenghuo::view
