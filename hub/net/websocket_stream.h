// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/net/asio.h"
#include "hub/net/message_stream.h"
#include "hub/session/codec.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace fenghuo::net {

// Header fields of the request that asks for the upgrade.
using Fields = std::vector<std::pair<std::string, std::string>>;

// Answers the upgrade on a stream whose request is already read; null = the peer went away. The
// sub-protocol of `format` is the one answered.
Task<std::unique_ptr<MessageStream>> accept_websocket(Socket stream, Fields fields,
                                                      session::Format format);
Task<std::unique_ptr<MessageStream>> accept_websocket(TlsStream stream, Fields fields,
                                                      session::Format format);

}  // namespace fenghuo::net
