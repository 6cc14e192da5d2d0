"""A mock exam in a real terminal: answered, killed in the middle, gone on with, handed in."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path


def test_a_kill_in_the_middle_of_an_exam_loses_nothing(
    open_terminal: Callable, tmp_path: Path
) -> None:
    first = open_terminal("exam", "--count", "3", "--seed", "1", "--lang", "ja")
    first.wait_for("模擬試験 · 1 / 3", "残り 03:2")
    first.press("b", "Enter")
    first.wait_for("模擬試験 · 2 / 3")
    first.press("f", "c")
    first.wait_for("見直し", "> C")
    first.press("p")
    first.type("W is H x H")
    first.wait_for("W is H x H")
    # The clock is kept every second.
    first.read(1.5)
    first.kill()

    again = open_terminal("exam", "--lang", "ja")
    again.wait_for("模擬試験 · 2 / 3", "見直し", "> C")
    assert "03:27" not in again.lines[0]
    again.press("p")
    again.wait_for("W is H x H")
    again.press("Esc", "o")
    again.wait_for("1 B", "2 C*", "3 -")
    again.press("h", "h")
    again.wait_for("得点：3問中", "未解答：1問")
    again.press("Ctrl+Q")

    rows = [
        json.loads(line)
        for file in (tmp_path / "home").glob("reviews-*.jsonl")
        for line in file.read_text("utf-8").splitlines()
    ]
    assert [row["answer"] for row in rows] == ["B", "C"]
