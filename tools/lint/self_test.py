#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The checks are checked: each rule is broken once in a small tree and must be caught there."""

import tempfile
import unittest
from pathlib import Path

import layers
import rooms
import tidy

HEADER = "// SPDX-License-Identifier: Apache-2.0\n#pragma once\n"
SOURCE = "// SPDX-License-Identifier: Apache-2.0\n"


class Tree(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = Path(self.folder.name)

    def tearDown(self):
        self.folder.cleanup()

    def write(self, path, text):
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


class Layers(Tree):
    def problems(self, path, include):
        self.write(path, SOURCE + f"#include {include}\n")
        found, seen = layers.check(self.root)
        self.assertEqual(seen, 1)
        return found

    def test_allowed_includes_pass(self):
        for path, include in [
                ("hub/core/state.h", '"hub/base/ids.h"'),
                ("hub/core/state.cpp", '"fenghuo/v1/event.pb.h"'),
                ("hub/core/state.cpp", "<vector>"),
                ("hub/net/shard.h", "<boost/asio/io_context.hpp>"),
                ("hub/net/connection.cpp", "<boost/beast/websocket.hpp>"),
                ("storage/rocksdb/families.h", "<rocksdb/db.h>"),
                ("hub/main.cpp", '"storage/rocksdb/event_log.h"'),
                ("clients/cli/main.cpp", '"clients/cpp/link.h"'),
                ("tests/unit/core/post_test.cpp", '"tests/support/world.h"')]:
            with self.subTest(path=path, include=include):
                self.assertEqual(self.problems(path, include), [])
            (self.root / path).unlink()

    def test_forbidden_includes_are_caught(self):
        for path, include, words in [
                ("hub/core/state.h", '"hub/engine/engine.h"', "core may not include hub/engine"),
                ("hub/core/state.h", '"storage/event_log.h"', "hub/core may not include storage"),
                ("hub/core/state.cpp", "<chrono>", "may not include <chrono>"),
                ("hub/core/state.cpp", "<random>", "may not include <random>"),
                ("hub/core/state.cpp", "<unistd.h>", "may not include <unistd.h>"),
                ("hub/session/a.cpp", "<boost/asio/buffer.hpp>", "hub/session may not include"),
                ("hub/session/codec.cpp", '"hub/core/state.h"', "may not include hub/core"),
                ("hub/engine/engine.cpp", "<rocksdb/db.h>", "hub/engine may not include"),
                ("hub/engine/engine.cpp", '"hub/view/view.h"', "may not include hub/view"),
                ("storage/event_log.h", "<rocksdb/db.h>", "storage may not include"),
                ("storage/memory/log.h", '"storage/rocksdb/log.h"', "may not include"),
                ("hub/main.cpp", "<boost/asio/io_context.hpp>", "hub may not include"),
                ("hub/main.cpp", '"tools/admin/plan.h"', "may not include tools"),
                ("clients/cpp/link.cpp", '"hub/base/result.h"', "may not include hub/base"),
                ("hub/plan/document.h", "<toml++/toml.h>", "not in its headers"),
                ("hub/net/shard.h", "<boost/beast/core.hpp>", "may not stand in a header"),
                ("tests/support/peer.h", "<boost/beast/core.hpp>", "may not stand in a header"),
                ("hub/net/shard.cpp", '"shard.h"', "in no room"),
                ("hub/net/shard.cpp", '"../core/state.h"', "in no room")]:
            with self.subTest(path=path, include=include):
                found = self.problems(path, include)
                self.assertEqual(len(found), 1, found)
                self.assertIn(words, found[0])
            (self.root / path).unlink()

    def test_unlisted_folder_is_caught(self):
        self.write("hub/helpers/strings.h", HEADER)
        found, _ = layers.check(self.root)
        self.assertIn("in no room", found[0])

    def test_headers_that_include_each_other_are_caught(self):
        self.write("hub/core/a.h", HEADER + '#include "hub/core/b.h"\n')
        self.write("hub/core/b.h", HEADER + '#include "hub/core/a.h"\n')
        found, _ = layers.check(self.root)
        self.assertEqual(found, ["headers include each other: hub/core/a.h -> hub/core/b.h -> "
                                 "hub/core/a.h"])

    def test_cycle_in_the_table_is_caught(self):
        table = {"a": rooms.Room(["b"]), "b": rooms.Room(["c"]), "c": rooms.Room(["a"])}
        found, _ = layers.check(self.root, table)
        self.assertEqual(found, ["the table has a cycle: a -> b -> c -> a"])

    def test_table_names_only_rooms_that_it_lists(self):
        for name, room in rooms.ROOMS.items():
            for seen in room.sees:
                self.assertIn(seen, rooms.ROOMS, name)
            self.assertFalse(name not in ("tools", "tests") and
                             {"tools", "tests"}.intersection(room.sees), name)


class Tidy(Tree):
    def problems(self, path, text):
        self.write(path, text)
        if Path(path).suffix in (".h", ".cpp"):
            self.write(str(Path(path).parent / "README.md"), "A room.\n")
        for top in {path.split("/")[0], "hub"}:
            self.write(top + "/README.md", "A floor.\n")
        found, _ = tidy.check(self.root)
        return found

    def test_a_tidy_file_passes(self):
        self.assertEqual(self.problems("hub/core/state.h", HEADER + "struct State {};\n"), [])

    def test_each_untidiness_is_caught(self):
        for path, text, words in [
                ("hub/core/a.h", "#pragma once\n", "no SPDX"),
                ("hub/core/a.h", SOURCE, "no #pragma once"),
                ("hub/core/a.cpp", SOURCE + "// " + "x" * 98 + "\n", "101 columns"),
                ("hub/core/a.cpp", SOURCE + "\tint a;\n", "a tab"),
                ("hub/core/a.cpp", SOURCE + "int a; \n", "space at the end"),
                ("hub/core/a.cpp", SOURCE + "int a;", "no newline"),
                ("hub/core/a.cpp", SOURCE + "// TO" + "DO later\n", "unfinished"),
                ("hub/core/a.cpp", SOURCE + "\n" * tidy.LINES_MAX, "two ideas"),
                ("hub/notes.md", "see /wo" + "rk/main\n", "a path of one machine"),
                ("tests/unit/core/a_test.cpp", SOURCE + "sleep_for(1s);\n", "a test that sleeps"),
                ("tests/unit/core/a_test.cpp", SOURCE + "TEST(A, DISABLED" + "_B) {}\n",
                 "switched off")]:
            with self.subTest(words=words):
                found = self.problems(path, text)
                self.assertEqual(len(found), 1, found)
                self.assertIn(words, found[0])
            (self.root / path).unlink()

    def test_room_without_readme_is_caught(self):
        self.write("hub/README.md", "A floor.\n")
        self.write("hub/core/state.h", HEADER)
        found, _ = tidy.check(self.root)
        self.assertEqual(found, ["hub/core: no README.md"])


if __name__ == "__main__":
    unittest.main()
