"""word2vec by hand: pairs, tables, the hidden vector, negative sampling."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from engine.computations import exact
from engine.computations.common import (
    Entry,
    Given,
    Vector,
    choice,
    ln,
    matrix,
    mean,
    numbers,
    power,
    size,
    whole,
)
from engine.computations.registry import ArgumentError, Arguments, Mistake, Registry
from engine.parameters import Parameter

COMPUTATIONS: Final = Registry()

_FIRST: Final = "Mikolov, Chen, Corrado, Dean (2013)"
_SECOND: Final = "Mikolov, Sutskever et al. (2013)"

# --- counting ------------------------------------------------------------------------------------


def _pairs(n: int, c: int) -> int:
    return sum(min(i, c) + min(n - 1 - i, c) for i in range(n))


def _pair_mistakes(a: Arguments) -> Iterator[Mistake]:
    n, c = a["n"], a["c"]
    yield "term-dropped", "edges-forgotten", 2 * c * n
    yield "factor-dropped", "one-side-only", _pairs(n, c) // 2
    yield "term-added", "centre-with-itself", _pairs(n, c) + n
    if n > 2 * c:
        yield "sum-shortened", "whole-windows-only", 2 * c * (n - 2 * c)


@COMPUTATIONS.add(
    "word2vec.pair_count",
    "pairs of centre and context word in a text of n words with c words to each side",
    f"2cn − c(c + 1) for n > c: the windows of the first and last words are cut; {_FIRST}",
    {
        "n": Parameter("integer", "words of the text", minimum=2, maximum=4096),
        "c": size("words to each side", maximum=64),
    },
    _pair_mistakes,
)
def pair_count(a: Arguments) -> int:
    """2cn − c(c + 1)."""
    return _pairs(a["n"], a["c"])


def _table(a: Arguments, what: str) -> int:
    V, D = a["V"], a["D"]
    return int({"embedding": V * D, "one-hot": V * V, "both-matrices": 2 * V * D}[what])


def _table_mistakes(a: Arguments) -> Iterator[Mistake]:
    what, V, D = a["what"], a["V"], a["D"]
    for other in ("embedding", "one-hot", "both-matrices"):
        if other != what:
            code = "factor-added" if other == "both-matrices" else "wrong-parameter"
            yield code, other, _table(a, other)
    yield "sum-added", "sum-for-product", V + D if what != "one-hot" else 2 * V
    if what == "embedding":
        yield "power-dropped", "square-of-the-dimension", D * D


@COMPUTATIONS.add(
    "word2vec.table_size",
    "numbers that the vectors of all words take: V · D as embeddings, V² as one-hot vectors",
    f"one row a word; the model has two matrices, W_in (V × D) and W_out (D × V); {_FIRST}",
    {
        "V": size("vocabulary", maximum=1_000_000),
        "D": size("dimension of an embedding"),
        "what": choice("what is counted", ("embedding", "one-hot", "both-matrices")),
    },
    _table_mistakes,
)
def table_size(a: Arguments) -> int:
    """V · D, V² or 2 · V · D."""
    return _table(a, a["what"])


def _cost(a: Arguments, method: str) -> int:
    return int(a["V"] if method == "softmax" else a["k"] + 1)


def _cost_mistakes(a: Arguments) -> Iterator[Mistake]:
    V, k = a["V"], a["k"]
    if a["method"] == "softmax":
        yield "wrong-parameter", "negative-sampling", k + 1
        yield "power-dropped", "squared", V * V
    else:
        yield "term-dropped", "positive-left-out", k
        yield "wrong-parameter", "full-softmax", V
        yield "factor-added", "twice-as-many", 2 * k
        yield "term-added", "besides-the-vocabulary", V + k


@COMPUTATIONS.add(
    "word2vec.output_cost",
    "scalar products at the output for one prediction",
    f"V for the full softmax, k + 1 for negative sampling; {_SECOND}",
    {
        "V": size("vocabulary", maximum=10_000_000),
        "k": size("negative examples for each positive one", maximum=1000),
        "method": choice("how the output is trained", ("negative-sampling", "softmax")),
    },
    _cost_mistakes,
)
def output_cost(a: Arguments) -> int:
    """k + 1, or V."""
    return _cost(a, a["method"])


# --- the hidden vector ---------------------------------------------------------------------------


def _context(a: Arguments) -> tuple[int, ...]:
    return whole(a, "context", below=len(a["W_in"]))


def _hidden_mistakes(a: Arguments) -> Iterator[Mistake]:
    W, ids = a["W_in"], _context(a)
    rows = [W[i] for i in ids]
    if len(ids) > 1:
        yield "normalisation-dropped", "sum-for-mean", exact.plus(*rows)
        yield "sum-dropped", "last-word-only", rows[-1]
        if len(set(ids)) < len(ids):
            yield "not-accumulated", "repeated-words-once", mean([W[i] for i in set(ids)])
    yield "mean-for-sum", "mean-over-the-vocabulary", mean(W)
    if max(ids) < len(W[0]):
        columns = exact.transpose(W)
        yield "transpose-added", "columns-for-rows", mean([columns[i] for i in ids])
    if min(ids) > 0:
        yield "index-shifted", "words-counted-from-1", mean([W[i - 1] for i in ids])


@COMPUTATIONS.add(
    "word2vec.cbow_hidden",
    "the hidden vector of CBOW; for one word, the row that its one-hot vector takes out",
    f"h = (1/C) Σ W_in[c]; {_FIRST}",
    {
        "W_in": matrix("V × D, a row a word"),
        "context": numbers("ids of the context words, counted from 0"),
    },
    _hidden_mistakes,
)
def cbow_hidden(a: Arguments) -> Vector:
    """The mean of the context words' rows."""
    return mean([a["W_in"][i] for i in _context(a)])


# --- negative sampling ---------------------------------------------------------------------------


def _noise(counts: Sequence[Fraction], exponent: Fraction) -> Vector:
    raised = [power(entry, exponent) for entry in counts]
    total = sum(raised, Fraction(0))
    return tuple(entry / total for entry in raised)


def _noise_mistakes(a: Arguments) -> Iterator[Mistake]:
    counts, exponent = a["counts"], a["power"]
    shares = _noise(counts, Fraction(1))
    if exponent != 1:
        yield "power-dropped", "not-raised", shares
        raised = tuple(power(p, exponent) for p in shares)
        yield "normalisation-dropped", "not-divided-by-the-sum", raised
        yield "wrong-parameter", "inverse-exponent", _noise(counts, 1 / exponent)
    yield "factor-dropped", "uniform", (Fraction(1, len(counts)),) * len(counts)


@COMPUTATIONS.add(
    "word2vec.noise_distribution",
    "the distribution that negative examples are drawn from",
    f"P(w) ∝ count(w)^0.75, which favours rare words; (.70, .29, .01) → (.642, .332, .027); "
    f"{_SECOND}",
    {
        "counts": Parameter(
            "numbers", "counts or shares", minimum=Fraction(1, 10**6), maximum=10**9, most=8
        ),
        "power": Parameter("number", "exponent", minimum=Fraction(1, 10), maximum=2, default="3/4"),
    },
    _noise_mistakes,
)
def noise_distribution(a: Arguments) -> Vector:
    """counts^0.75 / Σ counts^0.75."""
    if len(a["counts"]) < 2:
        raise ArgumentError("counts", "has to have two words or more")
    return _noise(a["counts"], a["power"])


_SCORES: Final = {
    "positive": Parameter(
        "number", "u·v of the right word", minimum=-100, maximum=100, logarithms=True
    ),
    "negatives": Parameter(
        "numbers",
        "u·v of each negative example, such as −ln 2",
        minimum=-100,
        maximum=100,
        most=8,
        logarithms=True,
    ),
}


def _log_likelihood(positive: Given, negatives: Sequence[Given], sign: int = -1) -> Entry:
    scores = (positive, *(n if sign > 0 else -n for n in negatives))
    return sum((ln(exact.activate("sigmoid", s)) for s in scores), Fraction(0))


def _loss_mistakes(a: Arguments) -> Iterator[Mistake]:
    positive, negatives = a["positive"], a["negatives"]
    right = _log_likelihood(positive, negatives)
    yield "sign-flipped", "minus-left-out", right
    yield "label-sign", "negatives-as-positives", -_log_likelihood(positive, negatives, 1)
    turned = -_log_likelihood(-positive, [-n for n in negatives])
    yield "label-sign", "everything-turned", turned
    yield "sum-dropped", "positive-only", -_log_likelihood(positive, ())
    yield "mean-for-sum", "mean-over-examples", -right / (len(negatives) + 1)


@COMPUTATIONS.add(
    "word2vec.negative_sampling_loss",
    "the loss of one positive example with its negative ones",
    f"L = −ln σ(u_o·v) − Σ ln σ(−u_k·v); {_SECOND}",
    _SCORES,
    _loss_mistakes,
)
def negative_sampling_loss(a: Arguments) -> Entry:
    """−ln σ(positive) − Σ ln σ(−negative)."""
    return -_log_likelihood(a["positive"], a["negatives"])


def _errors_mistakes(a: Arguments) -> Iterator[Mistake]:
    y = exact.activated("sigmoid", (a["positive"], *a["negatives"]))
    right = (y[0] - 1, *y[1:])
    yield "sign-flipped", "label-minus-y", exact.scaled(-1, right)
    yield "label-sign", "label-1-for-all", tuple(entry - 1 for entry in y)
    yield "term-dropped", "labels-left-out", y
    slopes = [entry * (1 - entry) for entry in y]
    yield "factor-added", "squared-error-habit", exact.hadamard(right, slopes)


@COMPUTATIONS.add(
    "word2vec.negative_sampling_errors",
    "∂L/∂(u_k·v) of the positive example and of each negative one",
    f"σ(u_k·v) − label, the label being 1 for the right word and 0 for the others; {_SECOND}",
    _SCORES,
    _errors_mistakes,
)
def negative_sampling_errors(a: Arguments) -> Vector:
    """(σ(positive) − 1, σ(negative), …)."""
    y = exact.activated("sigmoid", (a["positive"], *a["negatives"]))
    return (y[0] - 1, *y[1:])
