// SPDX-License-Identifier: Apache-2.0
#include "hub/net/submit.h"

#include "hub/identity/password.h"
#include "hub/identity/random.h"

namespace fenghuo::net {

std::optional<base::Error> submit(engine::Engine& engine, Incoming incoming) {
  if (incoming.command.has_set_credential()) {
    const std::string& hash = incoming.command.set_credential().password_hash();
    if (!hash.empty() && !identity::is_password_hash(hash)) {
      return base::Error(v1::ERROR_CODE_BAD_ARGUMENT, "not an argon2id hash this hub would verify",
                         "set_credential.password_hash");
    }
  }
  engine::Submission submission;
  submission.session = incoming.session;
  submission.envelope.account_id = incoming.account_id;
  submission.envelope.token_id = incoming.token_id;
  submission.envelope.device = std::move(incoming.device);
  submission.envelope.n = incoming.n;
  submission.envelope.digest = incoming.digest;
  submission.envelope.salt = identity::random_bytes(16);
  submission.envelope.command = std::move(incoming.command);
  submission.bytes = incoming.bytes;
  submission.reply = std::move(incoming.reply);
  return engine.submit(std::move(submission));
}

}  // namespace fenghuo::net
