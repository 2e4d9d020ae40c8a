#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Tidiness as a test: what reviewers would otherwise have to say again and again.

usage: tidy.py ROOT
"""

import re
import sys
from pathlib import Path

import layers

COLUMNS_MAX = 100
LINES_MAX = 700
SKIPPED_FOLDERS = {".git", "build", "node_modules", ".cache", "__pycache__"}
# Bytes that other programs made or that stand for bytes on the wire.
NOT_OURS = {".binpb", ".bin", ".png", ".woff2", ".ico"}
CODE = {".h", ".cpp", ".proto", ".py", ".cmake", ".sh"}

# Written in two parts so that this file does not accuse itself.
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK|not imple" r"mented)\b")
MACHINE_PATH = re.compile(r"(?<![\w.])/(wo" r"rk|ro" r"ot|ho" r"me/\w+|Us" r"ers)/")
REGISTRY = re.compile(r"(registry\.np" r"mjs|deb\.deb" r"ian|snapshot\.deb" r"ian|nodeso" r"urce)")
ASLEEP = re.compile(r"\b(sleep_for|sleep_until|usleep|nanosleep)\b")
SWITCHED_OFF = re.compile(r"\b(DISABLED_\w+|GTEST_SKIP)\b")
WAITLESS_TESTS = ("tests/unit/", "tests/contract/", "tests/sim/", "tests/golden/")


def files(root):
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if path.is_file() and not SKIPPED_FOLDERS.intersection(relative.parts):
            yield relative.as_posix()


def is_script(path, text):
    return "." not in Path(path).name and text.startswith("#!")


def is_code(path, text):
    name = Path(path).name
    return Path(path).suffix in CODE or name == "CMakeLists.txt" or is_script(path, text)


def check_text(path, text):
    """Problems of one text file as (line, what)."""
    code = is_code(path, text)
    lines = text.split("\n")
    if code and not any("SPDX-License-Identifier: Apache-2.0" in line for line in lines[:3]):
        yield 1, "no SPDX line"
    if path.endswith(".h") and "#pragma once" not in lines:
        yield 1, "no #pragma once"
    if path.endswith((".h", ".cpp")) and len(lines) > LINES_MAX:
        yield len(lines), f"more than {LINES_MAX} lines: two ideas in one file"
    if code and text and not text.endswith("\n"):
        yield len(lines), "no newline at the end"
    for number, line in enumerate(lines, start=1):
        if code and len(line) > COLUMNS_MAX:
            yield number, f"{len(line)} columns, at most {COLUMNS_MAX}"
        if code and "\t" in line:
            yield number, "a tab"
        if line != line.rstrip() and path != "LICENSE" and not path.endswith(".md"):
            yield number, "space at the end of the line"
        if UNFINISHED.search(line):
            yield number, "a mark of unfinished work: finish it or file an issue"
        if MACHINE_PATH.search(line):
            yield number, "a path of one machine"
        if REGISTRY.search(line):
            yield number, "the name of a package host"
        if path.startswith("tests/") and SWITCHED_OFF.search(line):
            yield number, "a test that is switched off"
        if path.startswith(WAITLESS_TESTS) and ASLEEP.search(line):
            yield number, "a test that sleeps: move its clock instead"


def check_readmes(root):
    """Every folder with a header in it says in a README what it is for."""
    folders = {str(Path(path).parent) for path in layers.sources(root)
               if path.endswith(".h") and not path.startswith("tests/")}
    tops = {top for top in layers.TOP_FOLDERS + ["deploy"] if (root / top).is_dir()}
    for folder in sorted(folders | tops):
        if not (root / folder / "README.md").is_file():
            yield f"{folder}: no README.md"


def check(root):
    problems, seen = list(check_readmes(root)), 0
    for path in files(root):
        if Path(path).suffix in NOT_OURS:
            continue
        try:
            text = (root / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            problems.append(f"{path}:1: not UTF-8")
            continue
        seen += 1
        problems += [f"{path}:{number}: {what}" for number, what in check_text(path, text)]
    return problems, seen


def main():
    problems, seen = check(Path(sys.argv[1]))
    for problem in problems:
        print(problem)
    print(f"{seen} files, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
