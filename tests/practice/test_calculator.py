"""The calculator of the exam: real numbers, five functions, and nothing else is ever read."""

from __future__ import annotations

import math

import pytest

from drills.calculator import LONGEST, CalculatorError, calculate, shown


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1+2*3", 7),
        ("(1+2)*3", 9),
        ("2**-1", 0.5),
        ("2^10", 1024),
        ("-2**2", -4),
        ("+3 - -4", 7),
        ("7÷2×2", 7),
        ("１２＋３", 15),
        ("exp(0)+log(exp(2))", 3),
        ("sqrt(16)", 4),
        ("tanh(0.5)", math.tanh(0.5)),
        ("sigmoid(0)", 0.5),
        ("sigmoid(-800)", 0),
        ("1e-3", 0.001),
    ],
)
def test_it_computes(typed, value):
    assert calculate(typed) == pytest.approx(value)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "numbers"),
        ("1+", "numbers"),
        ("'a'*3", "numbers"),
        ("True", "numbers"),
        ("[1][0]", "numbers"),
        ("(1).real", "numbers"),
        ("1 if 1 else 2", "numbers"),
        ("1 < 2", "numbers"),
        ("7 % 2", "numbers"),
        ("exp(1, 2)", "numbers"),
        ("exp(x=1)", "numbers"),
        ("exp(*[1])", "numbers"),
        ("(lambda: 1)()", "numbers"),
        ("1j", "numbers"),
        ("1\0", "numbers"),
        ("1+" * LONGEST + "1", "numbers"),
        ("(" * 99 + "1", "numbers"),
        ("pow(2, 3)", "numbers"),
        ("cos(1)", "cos"),
        ("__import__('os')", "__import__"),
        ("e", "does not know e"),
        ("1/0", "zero"),
        ("log(-1)", "real"),
        ("(-8)**0.5", "real"),
        ("0**-1", "real"),
        ("9**9**9", "large"),
        ("1e308*10", "large"),
        ("9" * 190 + "**2", "large"),
    ],
)
def test_anything_else_is_refused_with_a_reason_in_both_languages(typed, said):
    with pytest.raises(CalculatorError, match=said) as caught:
        calculate(typed)
    assert caught.value.message.ja


@pytest.mark.parametrize(
    ("value", "read"), [(7.0, "7"), (1 / 3, "0.3333333333"), (0.1 + 0.2, "0.3"), (1e20, "1e+20")]
)
def test_it_shows_ten_digits(value, read):
    assert shown(value) == read
