// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/net/asio.h"
#include "hub/net/connection.h"
#include "hub/net/shard.h"

#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <string>

namespace fenghuo::net {

// An accepted socket as the HTTP connection every socket starts as: requests one after the other,
// until one asks for a WebSocket or either side has enough. `tls` null = without. `peer` is the
// client's address.
std::shared_ptr<HttpConnection> make_http_connection(std::uint64_t id, Shard& shard, Socket socket,
                                                     asio::ssl::context* tls, std::string peer,
                                                     Shard::Access access);

}  // namespace fenghuo::net
