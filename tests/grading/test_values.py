"""Values as people type them, and when two of them agree."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drills.grading.values import (
    NotUnderstoodError,
    Number,
    agreement,
    apart,
    entries,
    parse,
    parse_literal,
    show,
    structure,
)
from question_bank.kinds.numeric import ANSWERS


def plain(typed):
    if isinstance(typed, Number):
        return typed.value
    return tuple(plain(part) for part in typed)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        # integers, separators, widths, signs
        ("80400", 80400),
        ("80,400", 80400),
        ("８０，４００", 80400),
        ("1,234,567", 1234567),
        ("80 400", 80400),
        ("80_400", 80400),
        ("80400.0", 80400),
        ("5.", 5),
        ("5。", 5),
        ("+5", 5),
        ("-5", -5),
        ("−5", -5),
        ("－５", -5),
        ("ー5", -5),
        ("- 5", -5),
        # decimals and powers of ten
        ("0.25", Fraction(1, 4)),
        (".25", Fraction(1, 4)),
        ("０．２５", Fraction(1, 4)),
        ("2.5e-1", Fraction(1, 4)),
        ("2.5E-1", Fraction(1, 4)),
        ("2.5×10^-1", Fraction(1, 4)),
        ("2.5 × 10⁻¹", Fraction(1, 4)),
        ("2.5*10^(-1)", Fraction(1, 4)),
        (r"2.5 \times 10^{-1}", Fraction(1, 4)),
        # fractions
        ("2/3", Fraction(2, 3)),
        ("２／３", Fraction(2, 3)),
        ("-2/3", Fraction(-2, 3)),
        ("2 / 3", Fraction(2, 3)),
        ("2/-3", Fraction(-2, 3)),
        ("⅔", Fraction(2, 3)),
        ("1⅔", Fraction(5, 3)),
        ("1 2/3", Fraction(5, 3)),
        ("-1 2/3", Fraction(-5, 3)),
        (r"\frac{2}{3}", Fraction(2, 3)),
        (r"$\dfrac{2}{3}$", Fraction(2, 3)),
        ("0.5/2", Fraction(1, 4)),
        # decoration
        ("= 5", 5),
        ("x = 5", 5),
        ("dE/dw = 5", 5),
        ("約5", 5),
        ("≈ 5", 5),
        ("(5)", 5),
        ("[[5]]", 5),
        ("25 %", 25),
        ("80400個", 80400),
        ("12 parameters", 12),
        ("0.25…", Fraction(1, 4)),
        ("２５％", 25),
    ],
)
@pytest.mark.parametrize("form", ["integer", "fraction", "decimal"])
def test_a_number_is_read_exactly(text, value, form):
    assert plain(parse(text, form)) == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("=", "empty"),
        ("abc", "not-a-number"),
        ("5 + 3", "not-a-number"),
        ("5*3", "not-a-number"),
        ("10²", "not-a-number"),
        ("2^3", "not-a-number"),
        ("1,23", "not-a-number"),
        ("1.2.3", "not-a-number"),
        ("1/2/3", "not-a-number"),
        ("--5", "not-a-number"),
        ("5 6", "not-a-number"),
        ("nan", "not-a-number"),
        ("inf", "not-a-number"),
        ("0x10", "not-a-number"),
        ("٣", "not-a-number"),
        ("__import__('os')", "not-a-number"),
        ("sqrt(2)", "not-a-number"),
        ("1/0", "zero-denominator"),
        ("0/0.0", "zero-denominator"),
        ("1e999", "too-large"),
        ("1e-999", "too-large"),
        ("9" * 61, "not-a-number"),
        ("9" * 2000, "too-long"),
        ("(3, 4)", "not-a-number"),
        ("[[1,2],[3,4]]", "number-wanted"),
        ("(5", "number-wanted"),
    ],
)
def test_what_is_no_number_is_not_understood(text, code):
    with pytest.raises(NotUnderstoodError) as caught:
        parse(text, "integer")
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("(3, 4)", (3, 4)),
        ("[3,4]", (3, 4)),
        ("3, 4", (3, 4)),
        ("3×4", (3, 4)),
        ("3 x 4", (3, 4)),
        ("3 by 4", (3, 4)),
        ("3*4*5", (3, 4, 5)),
        ("（３，４）", (3, 4)),
        ("（3、4）", (3, 4)),
        ("(3,400)", (3, 400)),
        ("(16,)", (16,)),
        ("16", (16,)),
        ("torch.Size([3, 4])", (3, 4)),
        ("tuple((3, 4))", (3, 4)),
    ],
)
def test_a_shape_is_a_list_of_numbers_in_any_brackets(text, shape):
    assert plain(parse(text, "shape")) == shape


@pytest.mark.parametrize(
    ("text", "vector"),
    [
        ("(1, 2)", (1, 2)),
        ("[1 2]", (1, 2)),
        ("[1. -2.]", (1, -2)),
        ("{1, 2}", (1, 2)),
        ("1/2, 0.5", (Fraction(1, 2), Fraction(1, 2))),
        ("[[1], [2]]", (1, 2)),
        ("[[1, 2]]", (1, 2)),
        ("(1; 2)", (1, 2)),
        ("np.array([1, 2])", (1, 2)),
        (r"\begin{pmatrix} 1 \\ 2 \end{pmatrix}", (1, 2)),
    ],
)
def test_a_vector_may_be_written_as_a_row_or_a_column(text, vector):
    assert plain(parse(text, "vector")) == vector


@pytest.mark.parametrize(
    "text",
    [
        "[[1, 2], [3, 4]]",
        "((1,2),(3,4))",
        "[1,2],[3,4]",
        "1 2; 3 4",
        "1, 2\n3, 4",
        "[1 2\n 3 4]",
        "[[1. 2.]\n [3. 4.]]",
        "【[1、2]、[3、4]】",
        "np.array([[1, 2], [3, 4]])",
        r"\begin{bmatrix}1 & 2 \\ 3 & 4\end{bmatrix}",
        r"\left( \begin{matrix}1 & 2 \\ 3 & 4\end{matrix} \right)",
    ],
)
def test_a_matrix_is_read_row_by_row(text):
    assert plain(parse(text, "matrix")) == ((1, 2), (3, 4))


@pytest.mark.parametrize(
    ("text", "form", "code"),
    [
        ("[1, 2", "vector", "brackets"),
        ("1, 2]", "vector", "brackets"),
        ("[1, 2)", "vector", "brackets"),
        ("[1 - 2]", "vector", "not-a-number"),
        ("[1, x]", "vector", "not-a-number"),
        ("[]", "vector", "empty"),
        ("[[1, 2], [3]]", "matrix", "ragged"),
        ("[[1, 2], 3]", "matrix", "ragged"),
        ("[[[1], [2]], [[3], [4]]]", "matrix", "too-many-dimensions"),
        ("[[1,2],[3,4]]", "vector", "list-wanted"),
        ("[[1,2],[3,4]]", "shape", "list-wanted"),
        ("[" * 400, "matrix", "brackets"),
    ],
)
def test_what_is_no_list_is_not_understood(text, form, code):
    with pytest.raises(NotUnderstoodError) as caught:
        parse(text, form)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "truth", "agreed"),
    [
        # whole numbers are exact
        ("80400", 80400, "yes"),
        ("8.04e4", 80400, "yes"),
        ("80401", 80400, "no"),
        ("80400.4", 80400, "no"),
        ("0", 0, "yes"),
        ("-0", 0, "yes"),
        # fractions: exact as a fraction, rounded as a decimal
        ("2/3", Fraction(2, 3), "yes"),
        ("4/6", Fraction(2, 3), "yes"),
        ("66/100", Fraction(2, 3), "no"),
        ("667/1000", Fraction(2, 3), "no"),
        ("0.667", Fraction(2, 3), "yes"),
        ("0.6667", Fraction(2, 3), "yes"),
        ("0.67", Fraction(2, 3), "coarse"),
        ("0.7", Fraction(2, 3), "no"),
        ("0.66", Fraction(2, 3), "no"),
        ("1", Fraction(2, 3), "no"),
        ("0.1", Fraction(1, 10), "yes"),
        ("0.125", Fraction(1, 8), "yes"),
        ("66.7 %", Fraction(2, 3), "yes"),
        ("50%", Fraction(1, 2), "yes"),
        ("50%", 50, "yes"),
        ("50%", Fraction(1, 3), "no"),
        # decimals: relative tolerance, or three significant digits rounded
        ("1.414", 2**0.5, "yes"),
        ("1.41", 2**0.5, "yes"),
        ("1.4", 2**0.5, "coarse"),
        ("1.42", 2**0.5, "no"),
        ("99/70", 2**0.5, "yes"),
        ("0.100", 0.1004, "yes"),
        ("0.10", 0.1004, "coarse"),
        ("-0.25", -0.25, "yes"),
        ("0.25", -0.25, "no"),
        ("1e-9", 0.0, "no"),
        ("0", 0.0, "yes"),
    ],
)
def test_when_a_number_agrees(text, truth, agreed):
    assert agreement(parse(text, "decimal"), truth, 1e-3) == agreed


@pytest.mark.parametrize(
    ("text", "form", "truth", "agreed"),
    [
        ("(2, 3)", "shape", (2, 3), "yes"),
        ("(3, 2)", "shape", (2, 3), "no"),
        ("(2, 3, 1)", "shape", (2, 3), "no"),
        ("16", "shape", (16,), "yes"),
        ("16", "shape", 16, "yes"),
        ("(16,)", "shape", 16, "yes"),
        ("(1, 16)", "shape", 16, "no"),
        ("(0.5, 0.333)", "vector", (Fraction(1, 2), Fraction(1, 3)), "yes"),
        ("(0.5, 0.33)", "vector", (Fraction(1, 2), Fraction(1, 3)), "coarse"),
        ("(1, 0)", "vector", (1.0, 1e-17), "yes"),
        ("[[1, 2], [3, 4]]", "matrix", ((1, 2), (3, 4)), "yes"),
        ("[[1, 3], [2, 4]]", "matrix", ((1, 2), (3, 4)), "no"),
        ("[1, 2]", "matrix", ((1,), (2,)), "no"),
        ("[[1], [2]]", "matrix", ((1,), (2,)), "yes"),
        ("[[1, 2]]", "matrix", ((1,), (2,)), "no"),
        ("[[1], [2]]", "vector", ((1,), (2,)), "yes"),
        ("[1, 2]", "vector", ((1, 2),), "yes"),
    ],
)
def test_when_a_list_agrees(text, form, truth, agreed):
    assert agreement(parse(text, form), truth, 1e-3) == agreed


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        (3, 4, True),
        (3, 3, False),
        (80400, 80401, True),
        (Fraction(2, 3), 0.667, False),
        (0.5, 0.52, True),
        (0.5, 0.502, False),
        (0.0, 0.0, False),
        ((1, 2), (2, 1), True),
        ((1, 2), (1, 2), False),
        ((1, 2), ((1, 2),), True),
        ((1.0, 1e-18), (1.0, 0.0), False),
        (3, 3.0, False),
    ],
)
def test_values_are_apart_when_no_rounded_answer_could_pass_for_both(one, other, told):
    assert apart(one, other, 1e-3) is told
    assert apart(other, one, 1e-3) is told


scalars = st.one_of(
    st.integers(-(10**9), 10**9),
    st.fractions(min_value=-100, max_value=100, max_denominator=60),
    st.floats(1e-3, 1e4).flatmap(lambda x: st.sampled_from([x, -x])),
)
vectors = st.lists(scalars, min_size=2, max_size=5).map(tuple)
matrices = st.integers(2, 4).flatmap(
    lambda n: st.lists(
        st.lists(scalars, min_size=n, max_size=n).map(tuple), min_size=2, max_size=4
    ).map(tuple)
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.one_of(scalars, vectors, matrices))
def test_a_value_as_shown_is_understood_and_right(value):
    form = ["decimal", "vector", "matrix"][len(structure(value))]
    assert agreement(parse(show(value), form), value, 1e-3) == "yes"


@settings(max_examples=200, deadline=None, derandomize=True)
@given(scalars, scalars)
def test_no_answer_passes_for_two_values_that_are_apart(one, other):
    if apart(one, other, 1e-3):
        for shown in (show(one), f"{float(one):.3g}", f"{float(one):.6f}"):
            typed = parse(shown, "decimal")
            passed = [agreement(typed, value, 1e-3) == "yes" for value in (one, other)]
            assert not all(passed), shown


@settings(max_examples=400, deadline=None, derandomize=True)
@given(
    st.text("0123456789.,/-+eE%()[]{};= \n×x*^²½⅔約、。−\\frac&np" + "あ", max_size=40)
    | st.text(max_size=40),
    st.sampled_from(ANSWERS),
)
def test_any_text_is_read_or_not_understood(text, form):
    try:
        typed = parse(text, form)
    except NotUnderstoodError:
        return
    assert all(isinstance(entry, Number) for entry in entries(typed))
    show(typed)


@pytest.mark.parametrize(
    ("literal", "like", "agreed"),
    [
        (37, 37, "yes"),
        (0.25, Fraction(1, 4), "yes"),
        ("2/3", Fraction(2, 3), "yes"),
        ([2, 16], (2, 16), "yes"),
        ([[1, 2], [3, 4]], ((1, 2), (3, 4)), "yes"),
        ([16], 16, "yes"),
        (5, (5, 6), "no"),
        ([1, 2], 1, "no"),
        (1e-3, 0.001, "yes"),
    ],
)
def test_what_an_author_wrote_in_yaml_is_compared_alike(literal, like, agreed):
    assert agreement(parse_literal(literal, like), like, 1e-3) == agreed


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Fraction(2, 3), "2/3"),
        (Fraction(9, 10) ** 20, "0.1216"),
        (80_400, "80,400"),
        ((2, 3), "(2, 3)"),
    ],
)
def test_a_value_is_shown_as_one_would_write_it(value: object, shown: str) -> None:
    assert show(value) == shown
