"""The scanner: plain signs with their places, names kept whole, damaged spellings mended."""

import pytest

from engine.formulas.notations import notation
from engine.formulas.reader.characters import characters
from engine.formulas.reader.parser import grammar
from engine.formulas.reader.scanner import scan
from engine.formulas.trouble import Unreadable

COURSE = notation("course")


def tokens(text, latex=True):
    return scan(characters(text), COURSE, latex).tokens


def values(text, latex=True):
    return [token.value for token in tokens(text, latex)]


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Ｗ＿ｉｎ", "W_in"),
        ("xᵗ⁻ˢ", "x^{t-s}"),
        ("W₍ᵢₙ₎", "W_{(in)}"),
        ("Wᵀ", "W^{T}"),
        ("¥delta", "\\delta"),
        ("￥delta", "\\delta"),
        ("f’(u)", "f'(u)"),
        ("f″(u)", "f''(u)"),
        ("a − b – c ー d", "a - b - c - d"),
        ("𝛿 𝐖 ϵ", "δ W ε"),
        ("a\u200bb", "ab"),
    ],
)
def test_characters_are_folded_to_plain_signs(typed, folded):
    assert "".join(character.sign for character in characters(typed)) == folded


def test_every_folded_sign_keeps_its_place_in_the_text_as_typed():
    for text in ("Ｗ ε xᵗ⁻ˢ", "ﬁ½x", "W₍ᵢₙ₎xᵗ", "x\u0302y"):
        places = [(c.start, c.end) for c in characters(text)]
        assert all(0 <= start <= end <= len(text) for start, end in places)
        assert places == sorted(places)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Wz", ["W", "z"]),
        ("WWx", ["W", "W", "x"]),
        ("εδ", ["epsilon", "delta"]),
        ("Wtanh", ["W", "tanh"]),
        ("delta", ["delta"]),
        ("sigmoid", ["sigmoid"]),
        ("zy", ["zy"]),
        ("bug", ["bug"]),
        ("Winx", ["Winx"]),
    ],
)
def test_a_run_is_cut_only_where_the_kind_of_letter_changes_and_all_parts_are_names(text, names):
    assert values(text) == names


def test_an_unbraced_script_takes_one_character_in_latex_and_a_word_in_ascii():
    assert values(r"x^tW \delta", latex=True)[:4] == ["x", "^", "t", "W"]
    assert values("W_in x", latex=False) == ["W", "_", "in", "x"]


def test_label_words_stay_whole_in_latex_and_are_listed_as_repairs():
    result = scan(characters(r"W_in \delta^t"), COURSE, latex=True)
    assert [token.value for token in result.tokens][:3] == ["W", "_", "in"]
    assert [(repair.found, repair.meant) for repair in result.repairs] == [("in", "{in}")]


@pytest.mark.parametrize(
    ("text", "start"),
    [(r"W*{(in)}", 1), (r"\sum*{z=0}", 4), ("z*1 = x", 1)],
)
def test_underscores_that_a_markdown_formatter_spoilt_are_mended(text, start):
    result = scan(characters(text), COURSE, latex=True)
    assert "SUB" in [token.type for token in result.tokens]
    assert [(r.start, r.end, r.found, r.meant) for r in result.repairs] == [
        (start, start + 1, "*", "_")
    ]


@pytest.mark.parametrize(
    "text",
    [
        r"\left[ x^t \right]",
        r"\big[ x^t \big]",
        r"[\mathbf{x}^t]",
        r"[\displaystyle x^{t}]\tag{4}",
        r"[\,x^t\;]",
        r"[x^t]\label{eq:1}.",
    ],
)
def test_decoration_leaves_no_token(text):
    assert [v for v in values(text) if v not in "{}"] == ["[", "x", "^", "t", "]"]


@pytest.mark.parametrize(
    ("text", "code", "span"),
    [
        ("(x", "unbalanced-bracket", (0, 1)),
        ("(x]", "unbalanced-bracket", (2, 3)),
        ("x)", "unbalanced-bracket", (1, 2)),
        (r"x + \delt", "unknown-command", (4, 9)),
        ("x + ☃", "unexpected-character", (4, 5)),
        ("x\\", "unexpected-end", (1, 2)),
        ("9" * 31, "number-too-large", (0, 31)),
        ("W1 x", "unknown-name", (0, 2)),
        ("(" * 41, "too-deep", (40, 41)),
    ],
)
def test_what_has_no_meaning_is_refused_at_its_place(text, code, span):
    with pytest.raises(Unreadable) as caught:
        tokens(text)
    assert (caught.value.trouble.code, caught.value.trouble.span) == (code, span)


@pytest.mark.parametrize("text", ["x^t-s", "z_t-1", "W z^t-1 + b"])
def test_an_unbraced_script_that_may_run_on_is_refused_outside_latex(text):
    with pytest.raises(Unreadable) as caught:
        tokens(text, latex=False)
    assert caught.value.trouble.code == "ambiguous-script"


def test_the_grammar_has_no_conflict():
    grammar(strict=True)
