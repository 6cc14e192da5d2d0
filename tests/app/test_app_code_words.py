"""Code words in prose: drawn as code, without the backticks that mark them in the bank."""

from __future__ import annotations

import pytest

from drills.app.widgets.code_words import CODE_STYLE, with_code


@pytest.mark.parametrize(
    ("lines", "plain", "code"),
    [
        (["use `dW` here"], ["use dW here"], ["dW"]),
        (["`a = b` と `c`"], ["a = b と c"], ["a = b", "c"]),
        # A code word that the line break falls into.
        (["first `x @", "W` last"], ["first x @", "W last"], ["x @", "W"]),
        (["a lone ` stays"], ["a lone ` stays"], []),
        (["no code", ""], ["no code", ""], []),
    ],
)
def test_backticks_become_a_style(lines: list[str], plain: list[str], code: list[str]) -> None:
    drawn = list(with_code(lines))

    assert [line.plain for line in drawn] == plain
    styled = [
        line.plain[span.start : span.end]
        for line in drawn
        for span in line.spans
        if span.style == CODE_STYLE and span.start < span.end
    ]
    assert styled == code
