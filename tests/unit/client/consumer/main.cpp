// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/client.h"

int main() {
  namespace fc = fenghuo::client;
  const auto address = fc::parse_address("http://127.0.0.1:8600");
  if (!address) return 1;
  fc::Loop loop;
  fc::ClientOptions options;
  options.address = *address;
  options.device = "consumer";
  fc::Client client(loop, options);
  return client.unanswered() == 0 ? 0 : 1;
}
