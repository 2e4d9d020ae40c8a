#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Checks every #include of the tree against the table of rooms. No exceptions, no cycles.

usage: layers.py ROOT
"""

import re
import sys
from pathlib import Path

import rooms

SOURCES = {".h", ".cpp"}
TOP_FOLDERS = ["proto", "hub", "storage", "clients", "tools", "tests"]
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def sources(root):
    for top in TOP_FOLDERS:
        for path in sorted((root / top).rglob("*")):
            if path.suffix in SOURCES and "node_modules" not in path.parts:
                yield path.relative_to(root).as_posix()


def room_of(path, table):
    """The longest listed folder that holds the path. A file in a sub-folder nobody listed belongs
    to no room of the product: a new room is named in the table first."""
    parts = path.split("/")[:-1]
    for length in range(len(parts), 0, -1):
        folder = "/".join(parts[:length])
        if folder in table:
            deeper = length < len(parts)
            return None if deeper and folder not in ("tools", "tests") else folder
    return None


def matches(header, prefixes):
    is_posix = header.endswith(".h") and ("/" not in header or header.split("/")[0] in
                                          ("sys", "netinet", "arpa", "net", "linux", "bits"))
    for prefix in prefixes:
        if prefix == "posix":
            if is_posix:
                return True
        elif header.startswith(prefix):
            return True
    return False


def is_standard(header):
    return "/" not in header and "." not in header


def cycles(edges):
    """Every cycle once, as the list of its nodes; edges maps a node to the nodes it points to."""
    found, done, trail = [], set(), []

    def visit(node):
        if node in trail:
            found.append(trail[trail.index(node):] + [node])
            return
        if node in done:
            return
        trail.append(node)
        for target in edges.get(node, []):
            visit(target)
        trail.pop()
        done.add(node)

    for node in edges:
        visit(node)
    return found


def check_project_include(path, room, header, table):
    target = "proto" if header.startswith("fenghuo/v1/") else room_of(header, table)
    if target is None:
        return f'"{header}" is in no room of the table; write it from the repository root'
    if target != room and target not in table[room].sees:
        return f'{room} may not include {target} ("{header}")'
    return None


def check_foreign_include(path, room, header, table):
    rule = table[room]
    if is_standard(header):
        if header in rule.bans:
            return f"{room} may not include <{header}>"
        return None
    if path.endswith(".h") and matches(header, rooms.NEVER_IN_HEADERS):
        return f"<{header}> may not stand in a header"
    if matches(header, rule.shows):
        return None
    if matches(header, rule.uses):
        if path.endswith(".h"):
            return f"<{header}> may stand in {room}'s .cpp files, not in its headers"
        return None
    return f"{room} may not include <{header}>"


def check(root, table=None):
    """Returns (problems, number of includes seen)."""
    table = table or rooms.ROOMS
    problems = ["the table has a cycle: " + " -> ".join(c)
                for c in cycles({name: room.sees for name, room in table.items()})]
    seen = 0
    file_edges = {}
    for path in sources(root):
        room = room_of(path, table)
        if room is None:
            problems.append(f"{path}:1: folder is in no room of tools/lint/rooms.py")
            continue
        edges = file_edges.setdefault(path, [])
        text = (root / path).read_text(encoding="utf-8")
        for number, line in enumerate(text.splitlines(), start=1):
            match = INCLUDE.match(line)
            if not match:
                continue
            seen += 1
            quoted, header = match.group(1) == '"', match.group(2)
            verify = check_project_include if quoted else check_foreign_include
            problem = verify(path, room, header, table)
            if problem:
                problems.append(f"{path}:{number}: {problem}")
            if quoted:
                edges.append(header)
    problems += ["headers include each other: " + " -> ".join(c) for c in cycles(file_edges)]
    return problems, seen


def main():
    problems, seen = check(Path(sys.argv[1]))
    for problem in problems:
        print(problem)
    print(f"{seen} includes, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
