// SPDX-License-Identifier: Apache-2.0
// The bodies of Asio, Beast, JSON and URL, compiled once for everybody who links fenghuo_boost.
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
#include <boost/json/src.hpp>
#include <boost/url/src.hpp>
