// SPDX-License-Identifier: Apache-2.0
#include "hub/net/login.h"

#include "hub/base/limits.h"
#include "hub/base/sha256.h"
#include "hub/identity/random.h"
#include "hub/identity/token.h"

namespace fenghuo::net {
namespace {

namespace limits = base::limits;

base::Error too_long(const char* field, std::size_t bytes_max) {
  base::Error error(v1::ERROR_CODE_TOO_LARGE, "longer than the limit", field);
  error.with("limit_bytes", std::to_string(bytes_max));
  return error;
}

base::Result<void> check(const v1::LoginRequest& request) {
  if (request.account().size() > limits::key_bytes_max) {
    return too_long("account", limits::key_bytes_max);
  }
  if (request.password().size() > limits::password_bytes_max) {
    return too_long("password", limits::password_bytes_max);
  }
  if (request.label().size() > limits::token_label_bytes_max) {
    return too_long("label", limits::token_label_bytes_max);
  }
  return {};
}

}  // namespace

struct LoginDesk::Attempt {
  v1::LoginRequest request;
  std::string sender;
  Respond respond;
};

void LoginDesk::log_in(const std::string& body, const std::string& sender, Respond respond) {
  auto attempt = std::make_shared<Attempt>();
  attempt->sender = sender;
  attempt->respond = std::move(respond);
  const auto read = from_json(body, attempt->request);
  if (!read) return attempt->respond(error_answer(read.error()));
  const auto checked = check(attempt->request);
  if (!checked) return attempt->respond(error_answer(checked.error()));

  const base::TimeUs now = services_.clock.now();
  std::uint32_t wait_ms = 0;
  {
    const std::lock_guard lock(mutex_);
    wait_ms = throttle_.attempt(attempt->request.account(), sender, now);
  }
  if (wait_ms > 0) {
    base::Error error(v1::ERROR_CODE_RATE_LIMITED, "too many attempts to log in");
    error.retry_after(wait_ms);
    return attempt->respond(error_answer(error));
  }
  services_.reader.credential(attempt->request.account(), now,
                              [this, attempt](view::Reader::Credential credential) {
                                look_at_password(attempt, credential);
                              });
}

void LoginDesk::look_at_password(std::shared_ptr<Attempt> attempt,
                                 const view::Reader::Credential& credential) {
  const auto taken = services_.hashing.submit([this, attempt, credential] {
    const std::string& password = attempt->request.password();
    const bool right = credential.password_hash.empty()
                           ? hasher_.verify_unknown(password)
                           : hasher_.verify(credential.password_hash, password);
    if (!right) {
      return attempt->respond(error_answer(
          base::Error(v1::ERROR_CODE_BAD_CREDENTIALS, "account or password is wrong")));
    }
    {
      const std::lock_guard lock(mutex_);
      throttle_.succeeded(attempt->request.account(), attempt->sender);
    }
    if (!credential.active) {
      return attempt->respond(error_answer(
          base::Error(v1::ERROR_CODE_ACCOUNT_DISABLED, "the account's access has ended")));
    }
    let_in(attempt, credential);
  });
  if (!taken) attempt->respond(error_answer(taken.error()));
}

void LoginDesk::let_in(std::shared_ptr<Attempt> attempt,
                       const view::Reader::Credential& credential) {
  const identity::Token token = identity::new_token();
  engine::Submission submission;
  submission.envelope.salt = identity::random_bytes(16);
  auto& issue = *submission.envelope.command.mutable_issue_token();
  issue.set_account_id(credential.account_id);
  issue.set_token_hash(base::to_bytes(token.hash));
  const double real_us = static_cast<double>(limits::token_lifetime_us);
  issue.set_expires_us(services_.clock.now() +
                       static_cast<base::TimeUs>(real_us * services_.clock_speed));
  issue.set_label(attempt->request.label());
  submission.bytes = submission.envelope.command.ByteSizeLong();

  v1::LoginResponse response;
  response.set_token(token.text);
  response.set_account_id(credential.account_id);
  response.set_expires_us(issue.expires_us());
  submission.reply = [attempt, response](v1::Reply reply) mutable {
    if (reply.has_refused()) return attempt->respond(error_answer(reply.refused()));
    response.set_token_id(reply.done().id());
    attempt->respond(json_answer(response));
  };
  if (const auto refused = services_.engine.submit(std::move(submission))) {
    return attempt->respond(error_answer(*refused));
  }
}

}  // namespace fenghuo::net
