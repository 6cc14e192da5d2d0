"""Properties of reading: it never raises, it never takes long, and it reads what it writes."""

import string
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.formulas.reading import read
from engine.formulas.rendering import canonical, display
from engine.formulas.tree import (
    Apply,
    BigOperator,
    Derivative,
    Equation,
    Index,
    Number,
    Power,
    Product,
    Quotient,
    Reduce,
    Sum,
    Symbol,
    Transpose,
)
from engine.formulas.trouble import TROUBLE_CODES

QUICK = settings(deadline=None, derandomize=True, max_examples=150)
SIGNALS = ("x", "u", "z", "v", "y", "d", "delta", "delta_out")
LENGTHS = ("T", "T_t")
PARAMETERS = ("W_in", "W", "W_out", "b", "c")
FUNCTIONS = (
    "f",
    "g",
    "sigmoid",
    "tanh",
    "relu",
    "identity",
    "softmax",
    "exp",
    "log",
    "sqrt",
    "cosh",
)
PIECES = (
    *string.printable,
    *"δεΣ∑∂⊙ᵀᵗ⁻ˢ₍ᵢₙ₎−’′（［＾＿ｚ＝￥¥。、→←⊤τσ√∏∇⟨…ー",
    *(r"\frac", r"\partial", r"\sum_{z=0}^{T_t}", r"\delta^{t-z}", "W_{(in)}", "z^{t-1}", "x[t-s]"),
    *("sum(s=0..T_t, ", "np.dot(", "[:,t+1]", ".T", "f'(u^t)", "delta_out", " = ", "$", r"\\"),
)


@st.composite
def trees(draw, style="unicode"):
    """Trees in the form that the reader makes, as far as ``style`` can write them."""
    return Grower(draw, style == "numpy").tree((), 3)


class Grower:
    """Grows one tree; in code every signal has a step and no step is counted from the end."""

    def __init__(self, draw, code):
        self.draw = draw
        self.code = code

    def pick(self, *options):
        return self.draw(st.sampled_from(options))

    def index(self, bound):
        kind = self.pick("moving", "moving", "fixed", "last")
        if kind == "moving" or self.code:
            weights = {name: self.pick(0, 1, -1, 2) for name in bound}
            return Index.of(self.pick(-2, -1, 0, 1), t=self.pick(1, 1, 2, -1), **weights)
        return Index(constant=self.pick(0, 1, 2, 3)) if kind == "fixed" else Index.of(0, T=1)

    def leaf(self, bound):
        kind = self.pick("timed", "timed", "bare", "parameter", "update", "delta", "E", "scalar")
        if kind == "bare" and not self.code:
            return Symbol(self.pick(*(name for name in SIGNALS if name not in bound)))
        if kind in ("timed", "bare"):
            return Symbol(self.pick(*SIGNALS), self.index(bound))
        if kind == "parameter":
            return Symbol(self.pick(*PARAMETERS))
        if kind == "update":
            number = self.pick(
                Index.of(0, t=1), Index.of(1, t=1), Index(constant=0), Index(constant=2)
            )
            return Symbol(self.pick(*PARAMETERS), update=number)
        if kind == "delta":
            return Symbol("delta", self.index(bound), outer=self.index(bound))
        if kind == "E":
            return self.pick(Symbol("E"), Symbol("E", self.index(bound)))
        value = Fraction(self.pick(1, 3, 7), self.pick(1, 2, 8))
        return self.pick(Symbol("eps"), Symbol("T"), Symbol("T_t"), Number(value))

    def tree(self, bound, depth):
        if depth == 0 or self.pick(*range(6)) == 0:
            return self.leaf(bound)
        return getattr(self, self.pick(*self.BRANCHES))(bound, depth - 1)

    BRANCHES = (
        *("product", "product", "sum", "sum", "minus", "outer", "transpose", "quotient"),
        *("power", "apply", "derivative", "reduce", "big", "big"),
    )

    def several(self, bound, depth):
        return tuple(self.tree(bound, depth) for _ in range(self.pick(2, 2, 3, 4)))

    def product(self, bound, depth):
        factors = self.several(bound, depth)
        if self.code:
            factors = factors[:2]
            bare = all(isinstance(factor, Symbol) and factor.time for factor in factors)
            operators = [self.pick("matmul", "hadamard") if bare else "matmul"] * (len(factors) - 1)
        else:
            operators = [self.pick("juxtaposed", "hadamard", "matmul") for _ in factors[1:]]
        if self.code and "hadamard" in operators and any(f.name == "E" for f in factors):
            operators = ["matmul"] * (len(factors) - 1)
        return Product(factors, tuple(operators))

    def outer(self, bound, depth):
        return Product((self.tree(bound, depth), self.tree(bound, depth)), ("outer",))

    def sum(self, bound, depth):
        terms = self.several(bound, depth)
        return Sum(terms, tuple(self.pick(1, -1) for _ in terms))

    def minus(self, bound, depth):
        return Sum((self.tree(bound, depth),), (-1,))

    def transpose(self, bound, depth):
        return Transpose(self.tree(bound, depth))

    def quotient(self, bound, depth):
        return Quotient(self.tree(bound, depth), self.tree(bound, depth))

    def power(self, bound, depth):
        return Power(self.tree(bound, depth), Number(Fraction(self.pick(2, 3, 10))))

    def apply(self, bound, depth):
        order = self.pick(0, 0, 1) if self.code else self.pick(0, 1, 2)
        return Apply(self.pick(*FUNCTIONS), self.tree(bound, depth), order)

    def derivative(self, bound, depth):
        of = self.pick(Symbol("E"), self.tree(bound, depth))
        of = Symbol("E") if isinstance(of, Symbol) and of.name in LENGTHS else of
        by = self.leaf(bound)
        return Derivative(of, by) if isinstance(by, Symbol) and by.name not in LENGTHS else by

    def reduce(self, bound, depth):
        return Reduce(self.pick("sum", "mean"), self.tree(bound, depth), self.pick(0, 1, None))

    def big(self, bound, depth):
        if len(bound) == 2:
            return self.leaf(bound)
        name = self.pick(*(name for name in ("s", "k", "z", "tau", "lag") if name not in bound))
        open_bounds = not self.code and self.pick(True, False)
        limits = (None, None) if open_bounds else (Index(), Index.of(0, T_t=1))
        body = self.tree((*bound, name), depth)
        return BigOperator(self.pick("sum", "product"), name, *limits, body)


@pytest.mark.parametrize("style", ["unicode", "latex", "ascii", "numpy"])
def test_what_is_written_is_read_back_as_the_same_tree(style):
    @QUICK
    @given(trees(style))
    def check(tree):
        text = canonical(tree, "course", style)
        reading = read(text, "course")
        assert reading.trouble is None, (text, reading.trouble)
        assert reading.equations == (Equation((tree,)),), text

    check()


FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}


@pytest.mark.parametrize("style", ["unicode", "ascii", "numpy"])
def test_full_width_characters_read_as_plain_ones(style):
    @QUICK
    @given(trees(style))
    def check(tree):
        text = canonical(tree, "course", style).translate(FULL_WIDTH)
        assert read(text, "course").equations == (Equation((tree,)),), text

    check()


DECORATIONS = {
    "x^": r"\mathbf{x}^",
    "(": r"\left(",
    ")": r"\right)",
    "[": r"\bigl[",
    "]": r"\bigr]",
    " ": r"\, ",
    "\\": "¥",
}


@QUICK
@given(trees("latex"), st.sets(st.sampled_from(sorted(DECORATIONS))))
def test_decoration_changes_nothing(tree, chosen):
    text = canonical(tree, "course", "latex")
    for bare, decorated in DECORATIONS.items():
        if bare in chosen:
            text = text.replace(bare, decorated)
    assert read(text, "course").equations == (Equation((tree,)),), text


@QUICK
@given(trees("unicode"), st.one_of(st.none(), st.integers(1, 100)))
def test_two_dimensional_text_has_lines_of_equal_width(tree, width):
    lines = display(tree, width)
    assert len({len(line) for line in lines}) == 1


@QUICK
@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=40).map("".join)))
def test_no_text_makes_reading_raise_and_every_place_lies_in_the_text(text):
    reading = read(text)
    if reading.trouble is None:
        assert reading.equations
        for equation in reading.equations:
            start, end = equation.span
            assert 0 <= start <= end <= len(text)
            for style in ("unicode", "latex", "ascii", "numpy"):
                canonical(equation, "course", style)
    else:
        start, end = reading.trouble.span
        assert 0 <= start <= end <= len(text)
        assert reading.trouble.code in TROUBLE_CODES


@QUICK
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_what_was_understood_means_the_same_after_writing_and_reading_again(text):
    reading = read(text, "course")
    for equation in reading.equations:
        written = canonical(equation, "course", "unicode")
        again = read(written, "course")
        assert again.equations == (equation,), (text, written, again.trouble)
