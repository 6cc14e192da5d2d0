"""Wrapping prose for a grid of cells: what a reader of Japanese and of English expects."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drills.typography import (
    NEVER_FIRST,
    NEVER_LAST,
    cell_width,
    normalise,
    pad,
    shorten,
    wrap,
)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("the state of the step before", 12, ["the state of", "the step", "before"]),
        ("重みは時刻で共有される。", 10, ["重みは時刻", "で共有され", "る。"]),
        # A stop that would begin a line takes the letter before it along.
        ("勾配を求める。次に", 12, ["勾配を求め", "る。次に"]),
        # An opening bracket never ends a line.
        ("これは（重み）です", 8, ["これは", "（重み）", "です"]),
        # Latin runs stay whole among Japanese.
        ("重みW_inの更新", 8, ["重みW_in", "の更新"]),
        ("long-vowel エンコーダー", 20, ["long-vowel エンコー", "ダー"]),
        ("one\n\ntwo", 10, ["one", "", "two"]),
        ("", 10, [""]),
        ("    x = 1", 20, ["    x = 1"]),
    ],
)
def test_prose_breaks_where_a_reader_expects(text: str, width: int, lines: list[str]) -> None:
    assert wrap(text, width) == lines


japanese = st.text(alphabet="重み勾配のを更新。、（）「」ーっｗabc W_in=δ ", max_size=60)


@given(japanese, st.integers(6, 40))
@settings(deadline=None, derandomize=True, max_examples=300)
def test_no_line_is_too_wide_and_no_letter_is_lost(text: str, width: int) -> None:
    lines = wrap(text, width)

    assert all(cell_width(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(st.text(alphabet="重み勾配の更新。、「」（）", min_size=1, max_size=60))
@settings(deadline=None, derandomize=True, max_examples=300)
def test_rules_of_line_ends_hold_wherever_two_letters_may_be_parted(text: str) -> None:
    lines = wrap(text, 24)
    for before, after in pairwise(lines):
        run = before[-1] + after[0]
        unbreakable = all(letter in NEVER_FIRST | NEVER_LAST for letter in before + after[:1])
        assert unbreakable or cell_width(before) > 20 or run[1] not in NEVER_FIRST
        assert unbreakable or before[-1] not in NEVER_LAST or cell_width(before) >= 23


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("Ａ", "A"), ("２／３", "2/3"), ("ｓｕｍ（ｓ＝０）", "sum(s=0)"), ("ﾍﾞｸﾄﾙ", "ベクトル")],
)
def test_full_width_typing_is_folded(typed: str, meant: str) -> None:
    assert normalise(typed) == meant


def test_columns_align_with_wide_letters() -> None:
    rows = [pad("重み", 10) + "|", pad("weight", 10) + "|"]

    assert {cell_width(row) for row in rows} == {11}
    assert pad("重み", 6, "right") == "  重み"
    assert shorten("勾配消失問題", 7) == "勾配消…"
