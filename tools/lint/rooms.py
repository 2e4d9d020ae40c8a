# SPDX-License-Identifier: Apache-2.0
"""Who may include whom: the table of rooms, and nothing else.

A room is a folder; a file belongs to the longest folder listed here. A room may include itself, the
rooms it names, the C++ standard library less what it bans, and the third-party headers it names.
"""

from dataclasses import dataclass, field

# Names of third-party and system headers that rooms refer to.
RESULT = ["boost/system/"]
PROTOBUF = ["google/protobuf/"]
ASIO = ["boost/asio/", "boost/asio.hpp"]
BEAST = ["boost/beast/", "boost/beast.hpp"]
TLS = ["openssl/"]
POSIX = ["posix"]  # every <name.h> and <sys/...>, <netinet/...> of the operating system

# What the deterministic core may not even name: clocks, random, threads, files, environment.
IMPURE = [
    "atomic", "chrono", "condition_variable", "cstdio", "cstdlib", "ctime", "filesystem", "fstream",
    "future", "iostream", "mutex", "random", "semaphore", "shared_mutex", "stop_token",
    "syncstream", "thread",
]
# What a protocol without sockets has no use for.
INPUT_OUTPUT = ["condition_variable", "cstdio", "filesystem", "fstream", "future", "iostream",
                "mutex", "random", "thread"]


@dataclass(frozen=True)
class Room:
    """sees: rooms it may include; uses: third-party prefixes allowed in its .cpp files;
    shows: those allowed in its headers as well; bans: standard headers it may not include."""

    sees: list = field(default_factory=list)
    uses: list = field(default_factory=list)
    shows: list = field(default_factory=list)
    bans: list = field(default_factory=list)


FLOOR_1 = ["proto", "hub/base"]
CONTRACTS = FLOOR_1 + ["storage"]
PRODUCT = CONTRACTS + ["storage/memory", "storage/rocksdb", "hub/core", "hub/session",
                       "hub/identity", "hub/plan", "hub/roster", "hub/engine", "hub/view",
                       "hub/fanout", "hub/net", "hub"]
CLIENTS = ["clients/cpp", "clients/cli"]

ROOMS = {
    "proto": Room(),
    "hub/base": Room(
        ["proto"],
        uses=["spdlog/", "sodium.h", "date/", "prometheus/"] + POSIX,
        shows=RESULT + PROTOBUF + ["fmt/"]),
    "hub/core": Room(FLOOR_1, shows=RESULT + PROTOBUF + ["fmt/"], bans=IMPURE),
    "hub/session": Room(FLOOR_1, uses=["boost/json"], shows=RESULT + PROTOBUF + ["fmt/"],
                        bans=INPUT_OUTPUT),
    "hub/identity": Room(FLOOR_1, uses=["sodium.h"], shows=RESULT + PROTOBUF + ["fmt/"]),
    "hub/plan": Room(FLOOR_1, uses=["date/", "toml++/"], shows=RESULT + PROTOBUF + ["fmt/"]),
    "hub/roster": Room(FLOOR_1 + ["hub/plan"], uses=["date/"], shows=RESULT + PROTOBUF + ["fmt/"]),
    "storage": Room(FLOOR_1, uses=["unicode/"], shows=RESULT + PROTOBUF + ["fmt/"]),
    "storage/memory": Room(CONTRACTS, shows=RESULT + PROTOBUF + ["fmt/"]),
    "storage/rocksdb": Room(CONTRACTS, uses=POSIX,
                            shows=RESULT + PROTOBUF + ["fmt/", "rocksdb/"]),
    "hub/engine": Room(CONTRACTS + ["hub/core"], shows=RESULT + PROTOBUF + ["fmt/"]),
    "hub/view": Room(CONTRACTS + ["hub/core", "hub/roster"], shows=RESULT + PROTOBUF + ["fmt/"]),
    "hub/fanout": Room(CONTRACTS + ["hub/core", "hub/view", "hub/session"],
                       shows=RESULT + PROTOBUF + ["fmt/"]),
    "hub/net": Room(
        CONTRACTS + ["hub/core", "hub/session", "hub/identity", "hub/engine", "hub/view",
                     "hub/fanout"],
        uses=BEAST + ["boost/json", "boost/url", "prometheus/"] + POSIX,
        shows=RESULT + PROTOBUF + ASIO + TLS + ["fmt/"]),
    # config, server, main: the place where the rooms meet
    "hub": Room(
        [room for room in PRODUCT if room != "hub"],
        uses=["CLI/", "toml++/", "systemd/", "spdlog/"] + POSIX,
        shows=RESULT + PROTOBUF + ["fmt/"]),
    "clients/cpp": Room(["proto"],
                        uses=BEAST + POSIX + ["boost/crc.hpp", "boost/json", "boost/url"],
                        shows=RESULT + PROTOBUF + ASIO + TLS),
    "clients/cli": Room(["proto", "clients/cpp"],
                        uses=ASIO + BEAST + TLS + POSIX + ["CLI/", "boost/json", "boost/url",
                                                           "fmt/"],
                        shows=RESULT + PROTOBUF),
    "tools": Room(PRODUCT + CLIENTS, shows=[""]),
    "tests": Room(PRODUCT + CLIENTS + ["tools"], shows=[""]),
}

# Beast takes minutes to compile and leaks everywhere: no header may include it, in any room.
NEVER_IN_HEADERS = BEAST
