"""The rule of placeholders: {NAME} is one, unless it stands where LaTeX puts an argument."""

import pytest

from question_bank.placeholders import fill, placeholders, reference, substitute


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("{D} inputs", ["D"]),
        ("({D}, {H})", ["D", "H"]),
        ("{D}×{H}", ["D", "H"]),
        ("{D}{H}", ["D"]),  # a brace after a brace is an argument: write {D}·{H}
        ("入力{D}次元", ["D"]),
        ("T = {T_max}", ["T_max"]),
        ("W_{in}", []),
        ("x^{t}", []),
        ("δ^{t}", []),
        (r"\frac{a}{b}", []),
        (r"\mathrm{in} and {D}", ["D"]),
        (r"\sum_{s}^{T} x", []),
        (r"\{x\}", []),
        ("{1, 2}", []),
        ("{ D }", []),
        ("{x: 1}", []),
        ("{}", []),
        ("{重み}", []),
        ("{2x}", []),
        ("${x}", []),
    ],
)
def test_which_braces_are_placeholders(text, names):
    assert placeholders(text)[0] == names


@pytest.mark.parametrize("text", ["W_{in} x^{t} {D}", r"\frac{D}{H}", "{ D }", "{unknown}"])
def test_filling_changes_placeholders_and_nothing_else(text):
    filled = fill(text, {"D": "4", "in": "?", "t": "?", "H": "?"})
    assert filled == text.replace(" {D}", " 4")


def test_a_filled_value_is_not_filled_again():
    assert fill("{a} {b}", {"a": "{b}", "b": "{a}"}) == "{b} {a}"


def test_filling_a_long_text_of_backslashes_takes_no_time():
    assert fill("\\" * 20_000 + "{D}", {"D": "4"}).endswith("{D}")


@pytest.mark.parametrize(
    ("value", "name"),
    [("$D", "D"), ("$T_max", "T_max"), ("$1", None), ("$", None), ("$D ", None), ("a$D", None)],
)
def test_a_reference_is_a_whole_value(value, name):
    assert reference(value) == name


def test_references_are_replaced_at_any_depth_and_values_are_not_read_again():
    data = {"x": ["$D", {"y": "$H"}], "z": 3}
    assert substitute(data, {"D": "$H", "H": [1]}) == {"x": ["$H", {"y": [1]}], "z": 3}
    with pytest.raises(KeyError):
        substitute("$Q", {})
