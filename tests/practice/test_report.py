"""A report on a wrong item says all that is needed to see the same question again."""

from __future__ import annotations

from pathlib import Path

import pytest

from drills.grading.base import Block, View
from drills.report import About, item_text, report, save_report, task_text, verdict_text
from drills.verdict import Mistake, Verdict
from question_bank.text import Text

ABOUT = About(
    "rnn-forward", "numeric", "typed", "a1b2", 7, {"D": 3, "f": "σ"}, (2, 0), "items/rnn.yaml:3:3"
)
VIEW = View(
    "How many?",
    options=(("A", "one"), ("B", "two")),
    code="x = `y`\nprint(x)",
    shared=(Block("prose", "A set."),),
)
VERDICT = Verdict(
    "wrong", Text("An index.", "添字です。"), (Mistake("index-shifted"),), reading="x^t"
)


def test_the_report_names_item_version_seed_numbers_answer_and_verdict() -> None:
    said = report(ABOUT, VIEW, "4\n5", VERDICT, "en")
    for part in (
        "# Wrong item: rnn-forward",
        "rnn-forward (numeric, typed)",
        "a1b2",
        "Seed: 7",
        '{"D": 3, "f": "σ"}',
        "[2, 0]",
        "items/rnn.yaml:3:3",
        "A set.\n\nHow many?",
        "- A: one\n- B: two",
        "```\n4\n5\n```",
        "Named mistakes: index-shifted",
        "Read as: x^t",
        "An index.",
        "(please write here)",
    ):
        assert part in said, part


def test_it_is_written_in_the_language_of_the_screen_and_leaves_out_what_is_not_there() -> None:
    said = report(About("rnn.u", "formula"), View("式を書け。"), " ", None, "ja")
    assert "# 問題の誤り：rnn.u" in said
    assert "（なし）" in said
    assert "（まだ判定されていません）" in said
    assert not any(word in said for word in ("シード", "バージョン", "数値", "ファイル"))


def test_code_with_backticks_stays_inside_its_fence() -> None:
    assert "````\na ``` b\n````" in task_text(View("q"), "a ``` b", None, "en")
    assert "```\nx = `y`\nprint(x)\n```" in item_text(VIEW)


def test_item_answer_and_verdict_are_what_is_copied() -> None:
    copied = task_text(VIEW, "4", VERDICT, "ja")
    assert copied.index("How many?") < copied.index("```\n4\n```") < copied.index("添字です。")
    assert verdict_text(VERDICT, "ja").splitlines()[1] == "特定された誤り：index-shifted"


def test_a_saved_report_never_overwrites_another_and_stays_in_its_folder(tmp_path: Path) -> None:
    first = save_report(tmp_path, "rnn/../../x", "20261124", "one")
    second = save_report(tmp_path, "rnn/../../x", "20261124", "two")
    assert first != second
    assert first.parent == second.parent == tmp_path / "reports"
    assert (first.read_text(), second.read_text()) == ("one", "two")
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        save_report(tmp_path / "file", "a", "1", "three")
