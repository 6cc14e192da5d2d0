"""Sets on the screen: the shared code before each question, blanks and marked words by style."""

from __future__ import annotations

from pathlib import Path

import pytest

from drills.app.widgets.code_words import MARK_STYLE, with_code
from drills.app.widgets.material import BLANK_STYLE, Material
from drills.grading import grader_for
from question_bank.loader import load

SET = """\
- set: step
  stem: {en: "Read the code.", ja: "コードを読め。"}
  code: |
    u = （あ）

    if u > 0:
        z = f(u)
  items:
"""
QUESTION = """\
    - id: {id}
      kind: choice
      fact: rnn.{id}
      objectives: [A05]
      level: 1
      seconds: 40
      source: "a book"
      stem: {{en: "Which is **not** right for (a)?", ja: "（あ）に**不適切なもの**を選べ。"}}
      options:
        - {{text: "`{id} @ W`", right: true}}
        - {{text: "`W @ {id}`", why: {{en: "No.", ja: "違います。"}}}}
      explanation: {{en: "Rows.", ja: "行です。"}}
"""


@pytest.fixture
def bank(tmp_path: Path):
    file = tmp_path / "bank" / "items" / "rnn" / "set.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(SET + "".join(QUESTION.format(id=id) for id in ("one", "two", "three")))
    return load((tmp_path / "bank",))


async def test_each_question_stands_under_what_the_set_shares(make_app, until, frame):
    app = make_app("ja")

    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "Enter" in frame(app))
        for id in ("one", "two", "three"):
            await pilot.press("enter")
            await until(pilot, lambda id=id: f"{id} @ W" in frame(app))
            shown = frame(app)
            assert "    if u > 0:\n        z = f(u)\n" in shown.replace(
                "      if", "    if", 1
            ).replace("          z", "        z", 1)
            assert "u = （あ）" in shown
            assert "（あ）に不適切なものを選べ。" in shown
            await pilot.press("a" if f"A  {id} @ W" in shown else "b")
            await until(pilot, lambda: "✓" in frame(app))


def test_a_marked_word_needs_no_colour():
    (line,) = with_code(["Which is **not** right?"])

    assert line.plain == "Which is not right?"
    assert [line.plain[s.start : s.end] for s in line.spans if s.style == MARK_STYLE] == ["not"]
    assert "$" not in MARK_STYLE


def test_a_mark_may_run_on_to_the_next_line():
    first, second = with_code(["… **does not", "apply** here"])

    assert (first.plain, second.plain) == ("… does not", "apply here")


def test_blanks_stand_out_and_code_keeps_its_lines(bank):
    item = bank.items["one"]
    grader = grader_for("choice", bank)
    view = grader.view(item, grader.present(item, "choice", 0), "ja")
    material = Material()
    material._blocks = view.material

    lines = list(material._lines(80))

    assert [line.plain for line in lines] == [
        "コードを読め。",
        "",
        "  u = （あ）",
        "  ",
        "  if u > 0:",
        "      z = f(u)",
        "",
        "（あ）に不適切なものを選べ。",
    ]
    blanks = [s for s in lines[2].spans if s.style == BLANK_STYLE]
    assert [lines[2].plain[s.start : s.end] for s in blanks] == ["（あ）"]


@pytest.mark.parametrize("width", [8, 9, 40])
def test_a_line_wider_than_the_screen_loses_nothing(bank, width):
    item = bank.items["one"]
    grader = grader_for("choice", bank)
    view = grader.view(item, grader.present(item, "choice", 0), "en")
    material = Material()
    material._blocks = view.shared[1:]

    lines = [line.plain for line in material._lines(width)]

    assert all(len(line) <= width for line in lines)
    assert "".join(line[2:] for line in lines) == view.shared[1].text.replace("\n", "")
