// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>

// The Asio types of this room, all on the concrete executor of one io_context: an any_io_executor
// would cost every idle connection memory and every operation an indirect call.
namespace fenghuo::net {

namespace asio = boost::asio;

using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using TlsStream = asio::ssl::stream<Socket>;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, Executor>;

template <typename T>
using Task = asio::awaitable<T, Executor>;

// Every co_await binds the error first and looks at it on the next line.
inline constexpr auto as_result = asio::as_tuple(asio::use_awaitable_t<Executor>());

}  // namespace fenghuo::net
