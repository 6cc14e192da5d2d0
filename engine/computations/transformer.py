"""The Transformer's sizes and positions: score entries, parameters, heads, shapes, encodings."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Final, TypeAlias

from engine.computations.common import Entry, at_most, choice, flag, root, size, width_of_head
from engine.computations.registry import ArgumentError, Arguments, Mistake, Registry, Shape
from engine.parameters import Parameter

COMPUTATIONS: Final = Registry()

_VASWANI: Final = "Vaswani et al. (2017)"
_Function: TypeAlias = Callable[[float], float]

# --- counting ------------------------------------------------------------------------------------


def _entries_mistakes(a: Arguments) -> Iterator[Mistake]:
    n_q, n_k, h, N = (a[name] for name in ("n_q", "n_k", "h", "N"))
    if h > 1:
        yield "factor-dropped", "one-head", n_q * n_k * N
    if N > 1:
        yield "factor-dropped", "one-sequence", n_q * n_k * h
    if n_q != n_k:
        yield "wrong-signal", "queries-squared", n_q * n_q * h * N
        yield "shape-wrong", "keys-squared", n_k * n_k * h * N
    else:
        yield "power-dropped", "linear-in-the-length", n_q * h * N
    yield "sum-added", "sum-for-product", (n_q + n_k) * h * N


@COMPUTATIONS.add(
    "attention.score_entries",
    "how many scores multi-head attention computes",
    f"n_q · n_k for each head and sequence; {_VASWANI}, section 3.2",
    {
        "n_q": size("queries"),
        "n_k": size("keys"),
        "h": size("heads", maximum=128, default=1),
        "N": size("sequences in the batch", default=1),
    },
    _entries_mistakes,
)
def score_entries(a: Arguments) -> int:
    """N · h · n_q · n_k."""
    return int(a["n_q"] * a["n_k"] * a["h"] * a["N"])


def _multi_head(a: Arguments, matrices: int, biased: bool) -> int:
    d = a["d"]
    return int(matrices * (d * d + (d if biased else 0)))


def _multi_head_mistakes(a: Arguments) -> Iterator[Mistake]:
    d, h, biased = a["d"], a["h"], a["bias"] == "True"
    right = _multi_head(a, 4, biased)
    yield "output-path-dropped", "no-output-matrix", _multi_head(a, 3, biased)
    yield "sum-dropped", "one-matrix", _multi_head(a, 1, biased)
    if biased:
        yield "bias-dropped", "no-biases", _multi_head(a, 4, False)
    else:
        yield "term-added", "biases-counted", _multi_head(a, 4, True)
    if h > 1:
        yield "factor-added", "once-a-head", right * h
        head = d // h
        narrow = _multi_head({**a, "d": head}, 4, biased)
        yield "shape-wrong", "one-head-of-its-size", narrow


@COMPUTATIONS.add(
    "attention.parameter_count",
    "parameters of multi-head attention: 4d² + 4d, however many heads",
    f"W_Q, W_K, W_V and W_O, each d × d with a bias of d; {_VASWANI}, section 3.2.2",
    {
        "d": size("d_model"),
        "h": size("heads, which the count does not depend on", maximum=128, default=1),
        "bias": flag("whether the four maps have biases", default="True"),
    },
    _multi_head_mistakes,
)
def parameter_count(a: Arguments) -> int:
    """4d² + 4d."""
    width_of_head(a, "d")
    return _multi_head(a, 4, a["bias"] == "True")


def _head_mistakes(a: Arguments) -> Iterator[Mistake]:
    d, h = a["d"], a["h"]
    if h > 1:
        yield "factor-dropped", "whole-width", d
        yield "factor-added", "multiplied", d * h
        yield "wrong-parameter", "number-of-heads", h
        yield "power-dropped", "root-of-the-head-size", root(Fraction(d, h))


@COMPUTATIONS.add(
    "attention.head_size",
    "the width of the queries and keys of one head",
    f"d_k = d_model / h; 512 / 8 = 64; {_VASWANI}, section 3.2.2",
    {"d": size("d_model"), "h": size("heads", maximum=128)},
    _head_mistakes,
)
def head_size(a: Arguments) -> int:
    """d / h."""
    return width_of_head(a, "d")


def _variance_mistakes(a: Arguments) -> Iterator[Mistake]:
    d, scaled = a["d_k"], a["scaled"] == "True"
    deviation = a["measure"] == "deviation"
    if scaled:
        other = root(Fraction(d)) if deviation else Fraction(d)
        yield "normalisation-dropped", "not-scaled", other
        by_d = Fraction(1, d)
        yield "power-dropped", "divided-by-d", root(by_d) if deviation else by_d
    else:
        yield "power-dropped", "other-measure", Fraction(d) if deviation else root(Fraction(d))
        yield "normalisation-dropped", "of-one-product", 1
        if not deviation:
            yield "factor-added", "squared", d * d


@COMPUTATIONS.add(
    "attention.score_variance",
    "variance or deviation of a score q·k, the entries being independent with mean 0, variance 1",
    f"Var(q·k) = d_k, so q·k/√d_k has variance 1; {_VASWANI}, section 3.2.1, footnote",
    {
        "d_k": Parameter("integer", "width of query and key", minimum=2, maximum=4096),
        "scaled": flag("whether the score is divided by √d_k"),
        "measure": choice("what is asked for", ("variance", "deviation")),
    },
    _variance_mistakes,
)
def score_variance(a: Arguments) -> Entry:
    """d_k or √d_k; 1 if scaled."""
    if a["scaled"] == "True":
        return Fraction(1)
    return root(Fraction(a["d_k"])) if a["measure"] == "deviation" else Fraction(a["d_k"])


# --- shapes --------------------------------------------------------------------------------------

_SHAPES: Final = {
    "Q": ("n_q", "d_k"),
    "K": ("n_k", "d_k"),
    "V": ("n_k", "d_v"),
    "S": ("n_q", "n_k"),
    "O": ("n_q", "d_v"),
}


def _shape(a: Arguments, quantity: str) -> Shape:
    return Shape(a[name] for name in _SHAPES[quantity])


def _shape_mistakes(a: Arguments) -> Iterator[Mistake]:
    right = _shape(a, a["quantity"])
    if right[0] != right[1]:
        yield "transpose-added", "turned", Shape(reversed(right))
    for other in _SHAPES:
        if _shape(a, other) not in (right, Shape(reversed(right))):
            yield "shape-wrong", f"of-{other}", _shape(a, other)


@COMPUTATIONS.add(
    "attention.shape",
    "the shape of queries, keys, values, scores or output of one head",
    f"S = Q Kᵀ (n_q × n_k), O = softmax(S/√d_k) V (n_q × d_v); {_VASWANI}, section 3.2.1",
    {
        "quantity": choice("whose shape", tuple(_SHAPES), default="O"),
        "n_q": size("queries"),
        "n_k": size("keys, and values"),
        "d_k": size("width of a query or key"),
        "d_v": size("width of a value"),
    },
    _shape_mistakes,
)
def shape(a: Arguments) -> Shape:
    """(n_q, d_v) for the output."""
    return _shape(a, a["quantity"])


# --- positions -----------------------------------------------------------------------------------


def in_pairs(a: Arguments) -> None:
    """Refuse an odd width."""
    if a["d"] % 2:
        raise ArgumentError("d", f"has to be even, a sine and a cosine a pair; it is {a['d']}")


def _encoded(a: Arguments, *, pos: int | None = None, exponent: float | None = None) -> float:
    pos = a["pos"] if pos is None else pos
    return _angle_function(a["j"])(_angle(a, pos, exponent))


def _angle(a: Arguments, pos: int, exponent: float | None) -> float:
    j, d = a["j"], a["d"]
    return float(pos / a["base"] ** ((j - j % 2) / d if exponent is None else exponent))


def _angle_function(j: int) -> _Function:
    return math.cos if j % 2 else math.sin


def _encoding_mistakes(a: Arguments) -> Iterator[Mistake]:
    pos, j, d = a["pos"], a["j"], a["d"]
    other = _angle_function(j + 1)(_angle(a, pos, None))
    yield "activation-wrong", "sine-and-cosine-exchanged", other
    if j % 2:
        yield "wrong-parameter", "exponent-j", _encoded(a, exponent=j / d)
    if j > 1:
        yield "factor-dropped", "exponent-of-the-pair", _encoded(a, exponent=(j // 2) / d)
        yield "term-dropped", "no-frequency", _encoded(a, exponent=0.0)
    yield "index-shifted", "positions-from-1", _encoded(a, pos=pos + 1)
    yield "activation-dropped", "angle", _angle(a, pos, None)


@COMPUTATIONS.add(
    "positional_encoding.entry",
    "an entry of the sinusoidal positional encoding",
    f"PE(pos, 2i) = sin(pos/10000^(2i/d)), PE(pos, 2i + 1) = cos of the same; {_VASWANI}, "
    "section 3.5",
    {
        "pos": Parameter("integer", "position, from 0", minimum=0, maximum=10_000),
        "j": Parameter("integer", "dimension, from 0", minimum=0, maximum=4095),
        "d": size("d_model, even"),
        "base": Parameter("integer", "10000 in the paper", minimum=2, maximum=10**6, default=10000),
    },
    _encoding_mistakes,
)
def entry(a: Arguments) -> float:
    """sin or cos of pos / base^(2⌊j/2⌋/d)."""
    in_pairs(a)
    at_most(a, "j", a["d"] - 1)
    return _encoded(a)
