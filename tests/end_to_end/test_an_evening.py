"""One evening in a real terminal of 80 by 24 cells, in both languages.

A section with one item of each kind is picked and answered; a formula is typed in full width,
wrong, then mended; a program is filled in; the adder learns. In the middle the program is killed
without warning, and goes on at the same item with the same numbers.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
BANK = Path(__file__).with_name("bank")
WRONG = "Ｗ － ε Σ_{ｓ＝０}^{Ｔ_ｔ} δ^{ｔ－ｓ}［ｘ^{ｔ－ｓ－１}］^Ｔ"
MENDED = "Ｗ － ε Σ_{ｓ＝０}^{Ｔ_ｔ} δ^{ｔ－ｓ}［ｚ^{ｔ－ｓ－１}］^Ｔ"
WORDS: dict[str, dict[str, str]] = {
    "en": {
        "first": "Which letter is right?",
        "right": "right",
        "right one": "the right one",
        "wrong": "wrong",
        "numbers": r"T_t = (\d+)",
        "order": "Put in order.",
        "steps": "first step,second step,third step",
        "match": "Match.",
        "W_in": "input side",
        "W_out": "output side",
        "formula": "Write the update of W.",
        "signal": "Another signal",
        "code": "Fill the blanks.",
        "resume": "resume at 2/7",
    },
    "ja": {
        "first": "正しいものとして",
        "right": "正解",
        "right one": "正しい選択肢",
        "wrong": "不正解",
        "numbers": r"T_t = (\d+)",
        "order": "正しい順に並べよ。",
        "steps": "最初の手順,次の手順,最後の手順",
        "match": "対応するものを選べ。",
        "W_in": "入力側",
        "W_out": "出力側",
        "formula": "Wの更新式を書け。",
        "signal": "信号の取り違え",
        "code": "空欄を埋めよ。",
        "resume": "2/7",
    },
}


def label_of(shown: str, text: str) -> str:
    """The letter or number that stands before ``text`` on the screen."""
    found = re.search(rf"\b([A-Z0-9])\s+{re.escape(text)}", shown)
    assert found, shown
    return found[1]


def command(home: Path, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """A command of the program beside the app, on a pipe."""
    return subprocess.run(
        [sys.executable, "-m", "drills", *arguments],
        cwd=home,
        env={**os.environ, "BPTT_HOME": str(home), "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"},
        input=typed,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("language", ["en", "ja"])
def test_an_evening_at_the_screen(
    open_terminal: Callable[..., Any], tmp_path: Path, language: str
) -> None:
    words = WORDS[language]
    home = tmp_path / "home"
    arguments = ["--bank", str(BANK), "--lang", language]

    # The first run asks three questions.
    app = open_terminal(*arguments)
    app.wait_for("1 / 3")
    app.press("Enter")
    app.wait_for("2 / 3")
    app.type("２０９９年２月１９日")
    app.wait_for("2099-02-19")
    app.press("Enter")
    app.wait_for("3 / 3")
    app.press("Enter")

    # Pick the section of one's own, the last one, and answer the first question.
    app.wait_for("bptt-dojo", "BPTT", "bank")
    app.press("End", "Enter")
    shown = app.wait_for(words["first"], "1 / 7")
    app.press(label_of(shown, words["right one"]).lower())
    app.wait_for("✓ " + words["right"])
    app.press("Enter")
    drawn = re.search(words["numbers"], app.wait_for("T_t =", "2 / 7"))
    assert drawn

    # Something is typed, and the process is killed without warning.
    app.type("１")
    app.read(0.6)
    app.kill()

    # Started again, it goes on at the same item with the same numbers and the draft.
    app = open_terminal(*arguments)
    app.wait_for("bptt-dojo", words["resume"])
    app.press("Enter")
    shown = app.wait_for(f"T_t = {drawn[1]}", "2 / 7", "１")
    app.press("Backspace")
    app.type(str(int(drawn[1]) + 1))
    app.press("Enter")
    app.wait_for("✓ " + words["right"])
    app.press("Enter")

    app.wait_for("3 / 7")
    app.type("ｔｒｕｎｃａｔｅｄ ＢＰＴＴ" if language == "en" else "打ち切りＢＰＴＴ")
    app.press("Enter")
    app.wait_for("✓ " + words["right"])
    app.press("Enter")

    shown = app.wait_for(words["order"], "4 / 7")
    for step in words["steps"].split(","):
        app.press(label_of(shown, step).lower())
    app.press("Enter")
    app.wait_for("✓ " + words["right"])
    app.press("Enter")

    shown = app.wait_for(words["match"], "5 / 7")
    # The left column may lie either way round; the row with the mark takes the number typed.
    for weight in sorted(("W_in", "W_out"), key=lambda name: shown.index(f" {name}")):
        app.press(label_of(shown, words[weight]))
    app.press("Enter")
    app.wait_for("✓ " + words["right"])
    app.press("Enter")

    # The formula, in full width: wrong, then mended.
    app.wait_for(words["formula"], "6 / 7")
    app.type(WRONG)
    app.wait_for("T_t", "s=0")
    app.press("Enter")
    app.wait_for("✗ " + words["wrong"], words["signal"])
    app.press("Ctrl+U")
    app.type(MENDED)
    app.press("Enter")
    app.wait_for("✓ " + words["right"])
    app.press("Enter")

    # The program: the first blank is selected, F6 goes to the next one, F5 runs.
    app.wait_for(words["code"], "7 / 7", "____")
    app.type("x @ W_in + z_prev @ W + b")
    app.press("F6")
    app.type("z @ W_out + c")
    app.press("F5")
    app.wait_for("✓ " + words["right"])
    app.press("F5")
    app.press("Ctrl+Q")

    # All of it is in the statistics.
    found = json.loads(command(home, "--bank", str(BANK), "stats", "--json").stdout)
    kinds = {row["key"]: row["reviews"] for row in found["kinds"]}
    assert {kind: kinds[kind] for kind in kinds if kinds[kind]} == {
        "choice": 1, "numeric": 1, "term": 1, "order": 1, "match": 1, "formula": 1, "code": 1,
    }  # fmt: skip
    assert found["right"] == 6
    assert [row["key"] for row in found["mistakes"]] == ["wrong-signal"]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_adder_learns_before_ones_eyes(
    open_terminal: Callable[..., Any], language: str
) -> None:
    app = open_terminal("lab", "--lang", language)
    app.wait_for("[sigmoid]", " 0")
    app.press("Space")
    shown = app.wait_for("✓", "10000", seconds=60)
    assert re.search(r"[⡀-⣿]", shown)

    app.press("r")
    app.wait_for("seed 1" if language == "en" else "シード 1")
    app.press("F8")
    app.wait_for("日本語" if language == "ja" else "English")
    app.press("Ctrl+Q")


def answer_to(shown: dict[str, Any]) -> str:
    """The right answer to an item of the evening, as it was presented."""

    def label(side: str, text: str) -> str:
        return next(str(o["label"]) for o in shown[side] if o["text"] == text)

    match shown["item"]:
        case "evening-choice":
            return label("options", "the right one")
        case "evening-numeric":
            return str(int(re.findall(r"T_t = (\d+)", shown["stem"])[0]) + 1)
        case "evening-term":
            return "ＴＲＵＮＣＡＴＥＤ　ＢＰＴＴ"
        case "evening-order":
            steps = ("first step", "second step", "third step")
            return " ".join(label("options", step) for step in steps)
        case "evening-match":
            pairs = {"W_in": "input side", "W_out": "output side"}
            return " ".join(
                f"{label('options', left)}={label('right', right)}" for left, right in pairs.items()
            )
        case "evening-formula":
            return f"{WRONG}\n{MENDED}"
        case _:
            return "x @ W_in + z_prev @ W + b\nz @ W_out + c"


def test_the_same_evening_line_by_line(tmp_path: Path, make_home: Callable[[Path], Path]) -> None:
    """With ``quiz --plain``: the input ends after each item, and the next run goes on there."""
    home = make_home(tmp_path / "home")
    plain = ["--bank", str(BANK), "quiz", "--plain", "--json"]

    started = command(home, *plain, "--section", "bank")
    shown = first_shown(started.stdout)
    asked, outcomes = [], []
    for _ in range(7):
        asked.append(shown["item"])
        ran = command(home, *plain, typed=answer_to(shown) + "\n")
        assert first_shown(ran.stdout) == shown
        lines = [json.loads(line) for line in ran.stdout.splitlines()]
        outcomes += [line["outcome"] for line in lines if "outcome" in line]
        last = [line for line in lines if "position" in line][-1]
        shown = last if last != shown else shown

    assert asked == [
        "evening-choice", "evening-numeric", "evening-term", "evening-order", "evening-match",
        "evening-formula", "evening-code",
    ]  # fmt: skip
    assert outcomes == ["correct"] * 5 + ["wrong"] + ["correct"] * 2
    found = json.loads(command(home, "--bank", str(BANK), "stats", "--json").stdout)
    assert (found["reviews"], found["right"], found["answers"]) == (7, 6, 8)


def first_shown(output: str) -> dict[str, Any]:
    """The first item that a run presented."""
    lines = [json.loads(line) for line in output.splitlines()]
    found: dict[str, Any] = next(line for line in lines if "position" in line)
    return found
