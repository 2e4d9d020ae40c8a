// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/result.h"

#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <string>

namespace fenghuo::net {

// A server's TLS from PEM files (certificate chain, private key): version 1.2 or later. The error
// names the file that cannot be used. Start-up only.
base::Result<std::shared_ptr<boost::asio::ssl::context>> open_tls(const std::string& certificate,
                                                                  const std::string& key);

}  // namespace fenghuo::net
