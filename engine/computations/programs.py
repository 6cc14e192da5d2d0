"""The course's program, read line by line: shapes, bits, and the loss of knowing nothing."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from engine.computations.common import choice
from engine.computations.registry import ArgumentError, Arguments, Mistake, Registry, Shape
from engine.parameters import Parameter

COMPUTATIONS: Final = Registry()

#: Expression of the loop (states in columns, t from 0) → names of its sizes; "1" is a size of 1.
#: A test evaluates each with NumPy.
EXPRESSIONS: Final[dict[str, tuple[str, ...]]] = {
    "X": ("1", "D"),
    "X.T": ("D", "1"),
    "u": ("H", "T+1"),
    "z": ("H", "T+1"),
    "y": ("K", "T"),
    "delta_out": ("K", "T"),
    "delta": ("H", "T+1"),
    "u[:,t+1]": ("H",),
    "z[:,t]": ("H",),
    "z[:,t].reshape(1,-1)": ("1", "H"),
    "z[:,t].reshape(-1,1)": ("H", "1"),
    "z[:,t+1].reshape(1,-1)": ("1", "H"),
    "z[:,t+1].reshape(-1,1)": ("H", "1"),
    "y[:,t]": ("K",),
    "delta[:,t]": ("H",),
    "delta[:,t+1].T": ("H",),
    "delta[:,t].reshape(1,-1)": ("1", "H"),
    "delta_out[:,t].T": ("K",),
    "delta_out[:,t].reshape(1,-1)": ("1", "K"),
    "W_in": ("D", "H"),
    "W": ("H", "H"),
    "W_out": ("H", "K"),
    "W_out.T": ("K", "H"),
    "np.dot(X, W_in)": ("1", "H"),
    "np.dot(z[:,t].reshape(1,-1), W)": ("1", "H"),
    "np.dot(z[:,t+1].reshape(1,-1), W_out)": ("1", "K"),
    "np.dot(delta[:,t+1].T, W.T)": ("H",),
    "np.dot(delta_out[:,t].T, W_out.T)": ("H",),
    "np.dot(z[:,t+1].reshape(-1,1), delta_out[:,t].reshape(1,-1))": ("H", "K"),
    "np.dot(z[:,t].reshape(-1,1), delta[:,t].reshape(1,-1))": ("H", "H"),
    "np.dot(X.T, delta[:,t].reshape(1,-1))": ("D", "H"),
}


def _code_shape(a: Arguments, names: tuple[str, ...]) -> Shape:
    sizes = {"1": 1, "T+1": a["T"] + 1, **{name: a[name] for name in "DHKT"}}
    return Shape(sizes[name] for name in names)


def _code_shape_mistakes(a: Arguments) -> Iterator[Mistake]:
    names = EXPRESSIONS[a["expression"]]
    right = _code_shape(a, names)
    wrong: dict[str, tuple[str, ...]]
    if len(names) == 1:
        wrong = {"row": ("1", *names), "column": (*names, "1")}
    else:
        wrong = {
            "turned": names[::-1],
            "one-dimensional": tuple(name for name in names if name != "1"),
            "no-column-for-the-start": tuple("T" if n == "T+1" else n for n in names),
            "a-column-for-the-start": tuple("T+1" if n == "T" else n for n in names),
        }
        if names == ("H", "H"):
            wrong["a-number"] = ("1", "1")
    for note, sizes in wrong.items():
        # With one output (1, K) turned is (1, K) again: the course's own sizes, not a rare draw.
        if _code_shape(a, sizes) != right:
            yield "shape-wrong", note, _code_shape(a, sizes)


@COMPUTATIONS.add(
    "bptt.code_shapes",
    "the shape of an expression in the course's training loop",
    "states are columns of (H, T + 1) arrays; a column taken by an index is one-dimensional",
    {
        "expression": choice("as the program has it", tuple(EXPRESSIONS)),
        "D": Parameter("integer", "inputs", minimum=1, maximum=1024, default=2),
        "H": Parameter("integer", "hidden units", minimum=1, maximum=1024, default=16),
        "K": Parameter("integer", "outputs", minimum=1, maximum=1024, default=1),
        "T": Parameter("integer", "bits, the length of the sequence", minimum=1, maximum=1024,
                       default=8),
    },
    _code_shape_mistakes,
)  # fmt: skip
def code_shapes(a: Arguments) -> Shape:
    """What ``.shape`` says."""
    return _code_shape(a, EXPRESSIONS[a["expression"]])


# --- bits ----------------------------------------------------------------------------------------


def _bits(number: int, a: Arguments) -> tuple[int, ...]:
    lowest_first = tuple(number >> place & 1 for place in range(a["width"]))
    return lowest_first if a["order"] == "lowest-first" else lowest_first[::-1]


def _asked_number(a: Arguments) -> int:
    total = {"a": a["a"], "b": a["b"], "sum": a["a"] + a["b"]}[a["of"]]
    if total >= 2 ** a["width"]:
        raise ArgumentError(a["of"] if a["of"] != "sum" else "b", f"does not fit: {total}")
    return int(total)


def _bits_mistakes(a: Arguments) -> Iterator[Mistake]:
    number = _asked_number(a)
    other = "highest-first" if a["order"] == "lowest-first" else "lowest-first"
    yield "order-swapped", "other-end-first", _bits(number, {**a, "order": other})
    if a["of"] == "sum":
        yield "recurrent-path-dropped", "carry-left-out", _bits(a["a"] ^ a["b"], a)


@COMPUTATIONS.add(
    "binary_addition.bits",
    "the bits of a, b or their sum, in the order in which the network sees them",
    "lowest bit first, so that a carry moves forward in time",
    {
        "a": Parameter("integer", "first number", minimum=0, maximum=32767),
        "b": Parameter("integer", "second number", minimum=0, maximum=32767),
        "of": choice("whose bits", ("sum", "a", "b")),
        "width": Parameter("integer", "bits", minimum=1, maximum=16, default=8),
        "order": choice("which bit comes first", ("lowest-first", "highest-first")),
    },
    _bits_mistakes,
)
def bits(a: Arguments) -> tuple[int, ...]:
    """Zeros and ones, ``width`` of them."""
    return _bits(_asked_number(a), a)


def _carry(a: Arguments, t: int) -> int:
    mask = 2**t - 1
    return int(((a["a"] & mask) + (a["b"] & mask)) >> t)


def _carry_mistakes(a: Arguments) -> Iterator[Mistake]:
    # Of a value that is 0 or 1 one wrong way is all that can be told.
    place = a["t"] - 1
    pair = (a["a"] >> place & 1, a["b"] >> place & 1)
    yield "recurrent-path-dropped", "earlier-carry-left-out", int(pair == (1, 1))


@COMPUTATIONS.add(
    "binary_addition.carry",
    "the carry that the state has to hold after step t, lowest bit first",
    "1 if the lowest t bits of a and b add up to 2^t or more",
    {
        "a": Parameter("integer", "first number", minimum=0, maximum=32767),
        "b": Parameter("integer", "second number", minimum=0, maximum=32767),
        "t": Parameter("integer", "step, from 1", minimum=1, maximum=15),
    },
    _carry_mistakes,
)
def carry(a: Arguments) -> int:
    """0 or 1."""
    return _carry(a, a["t"])


def _largest_mistakes(a: Arguments) -> Iterator[Mistake]:
    w = a["width"]
    yield "sum-lengthened", "whole-range", 2 * (2**w - 1)
    yield "index-shifted", "upper-bound-drawn-too", 2**w
    yield "term-dropped", "one-operand", 2 ** (w - 1) - 1
    yield "scale-wrong", "range-of-the-bits", 2**w - 1


@COMPUTATIONS.add(
    "binary_addition.largest_sum",
    "the largest sum that the program can draw",
    "randint(2^width / 2) draws below 2^(width − 1), so that the sum fits into the bits",
    {"width": Parameter("integer", "bits", minimum=2, maximum=16, default=8)},
    _largest_mistakes,
)
def largest_sum(a: Arguments) -> int:
    """2 (2^(width − 1) − 1)."""
    return int(2 * (2 ** (a["width"] - 1) - 1))


def _plateau_mistakes(a: Arguments) -> Iterator[Mistake]:
    each = (a["y"] ** 2 + (1 - a["y"]) ** 2) / 2
    yield "factor-dropped", "half-forgotten", a["width"] * each
    if a["width"] > 1:
        yield "mean-for-sum", "mean-over-bits", each / 2
    if a["y"] != Fraction(1, 2):  # there it is twice the right value, as above
        yield "power-dropped", "not-squared", Fraction(a["width"], 4)


@COMPUTATIONS.add(
    "binary_addition.plateau_loss",
    "the mean loss of a network that puts out the same y for every bit",
    "Σ_t ½(d − y)² with d equally often 0 and 1; 8 · 0.125 = 1 for y = ½",
    {
        "width": Parameter("integer", "bits", minimum=1, maximum=64, default=8),
        "y": Parameter("number", "the output", minimum=0, maximum=1, default=0.5),
    },
    _plateau_mistakes,
)
def plateau_loss(a: Arguments) -> Fraction:
    """width · (y² + (1 − y)²) / 4."""
    y = a["y"]
    return Fraction(a["width"] * (y**2 + (1 - y) ** 2)) / 4


def _floor(width: int, first: int = 1) -> Fraction:
    # The operands have width − 1 free bits; the last step always sees (0, 0).
    leading = sum((Fraction(1, 4**k) for k in range(first, width)), Fraction(0))
    return (leading + Fraction(1, 4 ** (width - 1))) / 8


def _floor_mistakes(a: Arguments) -> Iterator[Mistake]:
    width = a["width"]
    yield "sum-dropped", "first-step-only", Fraction(1, 32)
    yield "term-added", "lag-0-too", _floor(width, first=0)
    yield "factor-dropped", "half-forgotten", 2 * _floor(width)
    yield "power-dropped", "every-step-alike", Fraction(width, 32)


@COMPUTATIONS.add(
    "binary_addition.loss_floor",
    "the mean loss that a tanh or ReLU network without biases can't get below",
    "z⁰ = 0 and inputs (0, 0) leave z = 0 and y = ½, a loss of ⅛ for each leading (0, 0): "
    "Σ ⅛ · 4⁻ᵏ, near 1/24",
    {"width": Parameter("integer", "bits", minimum=3, maximum=16, default=8)},
    _floor_mistakes,
)
def loss_floor(a: Arguments) -> Fraction:
    """⅛ Σ 4^−k over the steps, near 1/24."""
    return _floor(a["width"])
