// SPDX-License-Identifier: Apache-2.0
#include "hub/net/api.h"

#include "hub/base/limits.h"
#include "hub/base/sha256.h"
#include "hub/identity/token.h"
#include "hub/net/address.h"
#include "hub/net/embedded.h"
#include "hub/net/submit.h"

#include <fmt/format.h>

namespace fenghuo::net {
namespace {

// A repeat is told from a reuse of its key by what was sent, byte for byte.
std::uint64_t digest_of(std::string_view body) {
  const base::Hash hash = base::sha256({body});
  std::uint64_t digest = 0;
  for (std::size_t i = 0; i < sizeof(digest); ++i) digest = digest << 8 | hash[i];
  return digest;
}

Answer reply_answer(const v1::Reply& reply) {
  Answer answer = json_answer(reply);
  if (!reply.has_refused()) return answer;
  Answer refused = error_answer(reply.refused());
  refused.body = std::move(answer.body);
  return refused;
}

Answer query_answer(const v1::QueryResult& result) {
  switch (result.kind_case()) {
    case v1::QueryResult::kHistory: return json_answer(result.history());
    case v1::QueryResult::kSearch: return json_answer(result.search());
    case v1::QueryResult::kMessage: return json_answer(result.message());
    case v1::QueryResult::kSnapshot: return json_answer(result.snapshot());
    case v1::QueryResult::kList: return json_answer(result.list());
    case v1::QueryResult::kDuty: return json_answer(result.duty());
    case v1::QueryResult::kRoster: return json_answer(result.roster());
    case v1::QueryResult::kTurns: return json_answer(result.turns());
    case v1::QueryResult::kOpenItems: return json_answer(result.open_items());
    case v1::QueryResult::kFeedback: return json_answer(result.feedback());
    case v1::QueryResult::kFigures: return json_answer(result.figures());
    case v1::QueryResult::kKnowledge: return json_answer(result.knowledge());
    case v1::QueryResult::kExplain: return json_answer(result.explain());
    case v1::QueryResult::kRefused: return error_answer(result.refused());
    case v1::QueryResult::KIND_NOT_SET: break;
  }
  return error_answer(base::Error(v1::ERROR_CODE_INTERNAL, "an empty result"));
}

Answer text_answer(std::string content_type, std::string body) {
  Answer answer;
  answer.content_type = std::move(content_type);
  answer.body = std::move(body);
  return answer;
}

}  // namespace

Api::Api(const Standing& standing, std::function<std::string()> metrics)
    : standing_(standing), metrics_(std::move(metrics)) {}

void Api::open(Services& services) {
  login_ = std::make_unique<LoginDesk>(services, identity::PasswordHasher());
  services_.store(&services, std::memory_order_release);
}

void Api::identify(const std::string& token,
                   std::function<void(base::Result<Identity>)> done) const {
  if (standing_.phase() != Standing::Phase::Serving) return done(standing_.refusal());
  if (!identity::is_token(token)) {
    return done(base::Error(v1::ERROR_CODE_UNAUTHENTICATED,
                            "send Authorization: Bearer TOKEN, from POST /v1/login"));
  }
  Services& services = *this->services();
  services.reader.identify(base::to_bytes(identity::token_hash(token)), services.clock.now(),
                           std::move(done));
}

void Api::serve(const Route& route, Request request, const Identity& identity, Respond respond) {
  switch (route.resource) {
    case Resource::Health: return respond(text_answer("text/plain", "alive\n"));
    case Resource::Ready: return respond(standing_.ready_answer());
    case Resource::Metrics:
      return respond(text_answer("text/plain; version=0.0.4; charset=utf-8", metrics_()));
    case Resource::OpenApi:
      return respond(text_answer("application/json", std::string(openapi_json)));
    case Resource::Home:
      return respond(text_answer("text/html; charset=utf-8", std::string(home_html)));
    case Resource::WebSocket:
      return respond(
          error_answer(base::Error(v1::ERROR_CODE_BAD_FRAME, "open /ws with a WebSocket client")));
    case Resource::Login:
    case Resource::Logout:
    case Resource::Commands:
    case Resource::History:
    case Resource::Search:
    case Resource::Figures:
    case Resource::PutBlob:
    case Resource::GetBlob: break;
  }
  if (standing_.phase() != Standing::Phase::Serving) {
    return respond(error_answer(standing_.refusal()));
  }
  Services& services = *this->services();
  switch (route.resource) {
    case Resource::Login:
      return login_->log_in(request.body, sender_name(request.address), std::move(respond));
    case Resource::Logout: return log_out(services, identity, std::move(respond));
    case Resource::Commands:
      return command(services, std::move(request), identity, std::move(respond));
    case Resource::PutBlob:
      return put_blob(services, std::move(request), identity, std::move(respond));
    case Resource::GetBlob: return get_blob(services, route.hash, identity, std::move(respond));
    default: return query(services, route, identity, std::move(respond));
  }
}

void Api::command(Services& services, Request request, const Identity& identity, Respond respond) {
  Incoming incoming;
  const auto read = from_json(request.body, incoming.command);
  if (!read) return respond(error_answer(read.error()));
  if (incoming.command.kind_case() == v1::Command::KIND_NOT_SET) {
    return respond(error_answer(
        base::Error(v1::ERROR_CODE_UNKNOWN_KIND, "a command of a kind this hub does not know")));
  }
  incoming.account_id = identity.account_id;
  incoming.token_id = identity.token_id;
  incoming.bytes = request.body.size();
  if (!request.idempotency_key.empty()) {
    // Each key is a device of its own with one command: keys have no order.
    const std::string hash = base::to_hex(base::sha256({request.idempotency_key}));
    incoming.device = "http-" + hash.substr(0, 16);
    incoming.n = 1;
    incoming.digest = digest_of(request.body);
  }
  incoming.reply = [respond](v1::Reply reply) { respond(reply_answer(reply)); };
  if (const auto refused = submit(services.engine, std::move(incoming))) {
    respond(error_answer(*refused));
  }
}

void Api::query(Services& services, const Route& route, const Identity& identity, Respond respond) {
  services.reader.query(
      identity.account_id, route.query, services.clock.now(),
      [respond = std::move(respond)](v1::QueryResult result) { respond(query_answer(result)); });
}

void Api::put_blob(Services& services, Request request, const Identity& identity, Respond respond) {
  if (standing_.free_share() < base::limits::disk_refuse_share) {
    base::Error error(v1::ERROR_CODE_NO_SPACE, "the disk is nearly full: no uploads");
    return respond(error_answer(error.retry_after(60'000)));
  }
  const auto work = [&services, owner = identity.account_id, body = std::move(request.body),
                     respond] {
    const auto hash = services.blobs.put(body, owner, services.clock.now());
    if (!hash) return respond(error_answer(hash.error()));
    // The same whether it was there before or not: nobody learns what others have stored.
    Answer answer;
    answer.status = 201;
    answer.body =
        fmt::format(R"({{"hash":"{}","sizeBytes":"{}"}})", base::to_hex(*hash), body.size());
    answer.headers.emplace_back("Location", "/v1/blobs/" + base::to_hex(*hash));
    respond(answer);
  };
  if (!services.pool.run(work)) {
    base::Error error(v1::ERROR_CODE_OVERLOADED, "too much waits for the disk");
    respond(error_answer(error.retry_after(1'000)));
  }
}

void Api::get_blob(Services& services, const base::Hash& hash, const Identity& identity,
                   Respond respond) {
  services.reader.blob(
      identity.account_id, hash, [respond = std::move(respond)](base::Result<std::string> content) {
        if (!content) return respond(error_answer(content.error()));
        // Whatever it says it is, a browser must not run it.
        Answer answer = text_answer("application/octet-stream", std::move(*content));
        answer.headers.emplace_back("Content-Disposition", "attachment");
        respond(std::move(answer));
      });
}

void Api::log_out(Services& services, const Identity& identity, Respond respond) {
  Incoming incoming;
  incoming.account_id = identity.account_id;
  incoming.token_id = identity.token_id;
  incoming.command.mutable_revoke_token()->set_token_id(identity.token_id);
  incoming.bytes = incoming.command.ByteSizeLong();
  incoming.reply = [respond](v1::Reply reply) { respond(reply_answer(reply)); };
  if (const auto refused = submit(services.engine, std::move(incoming))) {
    respond(error_answer(*refused));
  }
}

}  // namespace fenghuo::net
