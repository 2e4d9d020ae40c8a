// SPDX-License-Identifier: Apache-2.0
#include "tools/admin/hub_center.h"

#include "clients/cpp/client.h"
#include "clients/cpp/http.h"

#include <chrono>
#include <memory>
#include <utility>

namespace fenghuo::admin {

namespace {

constexpr std::chrono::seconds patience{15};

base::Error to_error(const client::Failure& failure) {
  if (failure.kind() != client::Failure::Kind::Refused) {
    return base::Error(v1::ERROR_CODE_UNAVAILABLE, failure.message());
  }
  const v1::Error& wire = failure.error();
  base::Error error(wire.code(), wire.message(), wire.field());
  for (const auto& param : wire.params()) error.with(param.name(), param.value());
  return error;
}

class HubCenter final : public Center {
 public:
  HubCenter(client::Address address, client::TlsOptions tls, std::string token)
      : address_(std::move(address)), tls_(std::move(tls)), token_(std::move(token)) {}

  base::Result<Directory> directory() override {
    client::Loop loop;
    client::ClientOptions options;
    options.address = address_;
    options.tls = tls_;
    options.token = token_;
    options.device = "fenghuo-admin";
    options.client_name = "fenghuo-admin";
    client::Client line(loop, options);
    line.start();
    if (const auto live = line.wait_live(patience, true); !live) return not_reached(live.error());
    v1::Query query;
    query.mutable_snapshot();
    const client::Outcome<v1::QueryResult> answer = line.ask(query, patience);
    if (!answer) return to_error(answer.error());
    if (answer->has_refused()) return to_error(client::Failure(answer->refused()));
    const v1::Welcome welcome = line.welcome();
    return Directory{answer->snapshot(), welcome.center_id(), welcome.center_name(), welcome.zone(),
                     false};
  }

  base::Result<v1::Reply::Done> run(const v1::Command& command) override {
    // Without a key: the operator's commands say what shall be, so that again changes nothing, and
    // each key would take the place of a device whose last answers the hub remembers.
    const client::Outcome<v1::Reply> reply =
        client::post_command(address_, tls_, token_, {}, command);
    if (!reply) return not_reached(reply.error());
    if (reply->has_refused()) return to_error(client::Failure(reply->refused()));
    return reply->done();
  }

  std::optional<bool> has_password(base::EntityId) override { return std::nullopt; }

 private:
  base::Error not_reached(const client::Failure& failure) const {
    if (failure.kind() != client::Failure::Kind::Unreachable) return to_error(failure);
    return base::Error(v1::ERROR_CODE_UNAVAILABLE,
                       "no hub answers at " + address_.authority() + ": " + failure.message());
  }

  client::Address address_;
  client::TlsOptions tls_;
  std::string token_;
};

base::Result<std::unique_ptr<Center>> open(const std::string& url, const std::string& token,
                                           const std::string& ca_file) {
  client::Outcome<client::Address> address = client::parse_address(url);
  if (!address) return base::Error(v1::ERROR_CODE_UNAVAILABLE, address.error().message());
  return std::unique_ptr<Center>(
      std::make_unique<HubCenter>(*address, client::TlsOptions{ca_file}, token));
}

}  // namespace

Access access_to_hub(const std::string& url, const std::string& token, const std::string& ca_file) {
  return {[=]() -> base::Result<Center::Directory> {
            auto center = open(url, token, ca_file);
            if (!center) return center.error();
            return (*center)->directory();
          },
          [=](const std::string&) { return open(url, token, ca_file); }};
}

}  // namespace fenghuo::admin
