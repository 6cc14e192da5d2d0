"""Sequences and their probabilities: products, logarithms, perplexity, masks, temperature."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from engine.computations import exact
from engine.computations.common import (
    Entry,
    Given,
    Vector,
    at_most,
    choice,
    divided,
    ln,
    mask_of,
    numbers,
    positive,
    power,
    probabilities,
    product,
    root,
)
from engine.computations.registry import Arguments, Mistake, Registry
from engine.parameters import Parameter

COMPUTATIONS: Final = Registry()

_STEPWISE: Final = probabilities("p(w_t | w_1 … w_{t−1}) of each token, the end sign among them")
_CHAIN: Final = "log p(w_1 … w_n) = Σ log p(w_t | w_1 … w_{t−1}); Sutskever, Vinyals, Le (2014)"


def _mean(entries: Vector) -> Entry:
    return sum(entries, Fraction(0)) / len(entries)


# --- probability of a sequence -------------------------------------------------------------------


def _probability_mistakes(a: Arguments) -> Iterator[Mistake]:
    p = a["p"]
    if len(p) > 1:
        yield "sum-added", "sum-for-product", sum(p, Fraction(0))
        yield "mean-for-sum", "mean-for-product", _mean(p)
        yield "factor-dropped", "last-token-only", p[-1]
        yield "factor-dropped", "least-probability", min(p)
    if len(p) > 2:
        yield "sum-starts-late", "first-token-left-out", product(p[1:])


@COMPUTATIONS.add(
    "sequence.probability",
    "the probability of a sequence from those of its tokens",
    _CHAIN,
    {"p": _STEPWISE},
    _probability_mistakes,
)
def probability(a: Arguments) -> Entry:
    """Π p."""
    return product(a["p"])


def _log_mistakes(a: Arguments) -> Iterator[Mistake]:
    p = a["p"]
    right = ln(product(p))
    yield "sign-flipped", "negative-log-likelihood", -right
    yield "activation-dropped", "probability-for-its-logarithm", product(p)
    if len(p) > 1:
        yield "mean-for-sum", "mean-over-tokens", right / len(p)
        yield "parentheses-misplaced", "logarithm-of-the-sum", ln(sum(p, Fraction(0)))
        yield "factor-dropped", "last-token-only", ln(p[-1])


@COMPUTATIONS.add(
    "sequence.log_likelihood",
    "the natural logarithm of a sequence's probability",
    _CHAIN,
    {"p": _STEPWISE},
    _log_mistakes,
)
def log_likelihood(a: Arguments) -> Entry:
    """Σ ln p."""
    return ln(product(a["p"]))


def _perplexity(p: Vector, n: int) -> Entry:
    return root(1 / product(p), n)


def _perplexity_mistakes(a: Arguments) -> Iterator[Mistake]:
    p = a["p"]
    n = len(p)
    yield "activation-dropped", "loss-for-its-exponential", -ln(product(p)) / n
    yield "sign-flipped", "exponential-of-minus-the-loss", 1 / _perplexity(p, n)
    if n > 1:
        yield "mean-for-sum", "sum-in-the-exponent", 1 / product(p)
        yield "parentheses-misplaced", "inverse-of-the-mean", 1 / _mean(p)


@COMPUTATIONS.add(
    "sequence.perplexity",
    "the perplexity of a sequence: exp of the mean cross entropy",
    "exp(−(1/n) Σ ln p) = (Π p)^(−1/n); a uniform guess among V words has V",
    {"p": _STEPWISE},
    _perplexity_mistakes,
)
def perplexity(a: Arguments) -> Entry:
    """(Π p)^(−1/n)."""
    return _perplexity(a["p"], len(a["p"]))


# --- masked loss ---------------------------------------------------------------------------------


def _measured(a: Arguments, p: Vector, count: int) -> Entry:
    if a["measure"] == "perplexity":
        return root(1 / product(p), count)
    return -ln(product(p)) / count


def _counting(a: Arguments) -> tuple[Fraction, ...]:
    mask = mask_of(a, "mask", len(a["p"]))
    return tuple(p for p, m in zip(a["p"], mask, strict=True) if m)


def _masked_mistakes(a: Arguments) -> Iterator[Mistake]:
    p, N = _counting(a), len(a["p"])
    right = _measured(a, p, len(p))
    if len(p) < N:
        yield "mask-misplaced", "divided-by-all", _measured(a, p, N)
        yield "term-added", "padding-counted", _measured(a, a["p"], N)
        yield "normalisation-dropped", "padding-counted-in-the-sum", _measured(a, a["p"], len(p))
    if len(p) > 1:
        yield "mean-for-sum", "sum-over-positions", _measured(a, p, 1)
    if a["measure"] == "loss":
        yield "sign-flipped", "minus-left-out", -right
        yield "activation-dropped", "one-minus-p", 1 - _mean(p)
        yield "left-side-wrong", "perplexity", root(1 / product(p), len(p))
    else:
        yield "left-side-wrong", "loss", -ln(product(p)) / len(p)


@COMPUTATIONS.add(
    "sequence.masked_cross_entropy",
    "the mean cross entropy of a padded sequence, or its perplexity",
    "E = −Σ m ln p / Σ m: padding more does not change it",
    {
        "p": probabilities("the probability of the right class at each position"),
        "mask": numbers("1 where a position counts, 0 for padding", default=None, most=12),
        "measure": choice("what is asked for", ("loss", "perplexity")),
    },
    _masked_mistakes,
)
def masked_cross_entropy(a: Arguments) -> Entry:
    """−Σ m ln p / Σ m, or exp of it."""
    p = _counting(a)
    return _measured(a, p, len(p))


# --- length normalisation ------------------------------------------------------------------------

PENALTY_SOURCE: Final = "Wu et al. (2016), section 7, has the latter"
NORMALISATION: Final = {
    "alpha": Parameter("number", "α", minimum=Fraction(1, 10), maximum=2, default=1),
    "penalty": choice("what Σ ln p is divided by: n^α, or ((5 + n)/6)^α", ("length", "gnmt")),
}


def length_penalty(n: int, alpha: Fraction, kind: str) -> Entry:
    """n^α, or ((5 + n)/6)^α."""
    return power(Fraction(n) if kind == "length" else Fraction(5 + n, 6), alpha)


def _normalised_mistakes(a: Arguments) -> Iterator[Mistake]:
    p, alpha, kind = a["p"], a["alpha"], a["penalty"]
    n, total = len(p), ln(product(p))
    divisor = length_penalty(n, alpha, kind)
    yield "sign-flipped", "positive-score", -total / divisor
    if n > 1:
        yield "normalisation-dropped", "sum-of-logarithms", total
        yield "factor-added", "multiplied", total * divisor
        if alpha != 1:
            yield "power-dropped", "alpha-left-out", total / length_penalty(n, Fraction(1), kind)
        if kind == "gnmt":
            plain = length_penalty(n, alpha, "length")
            yield "wrong-parameter", "divided-by-the-length", total / plain
        yield "activation-dropped", "probability-normalised", product(p) / divisor


@COMPUTATIONS.add(
    "sequence.length_normalised",
    "a sequence's score with length normalisation",
    "Σ ln p / n^α, or divided by ((5 + n)/6)^α: without it short sequences are favoured; α = 1 in "
    f"the first is the mean; {PENALTY_SOURCE}",
    {"p": _STEPWISE, **NORMALISATION},
    _normalised_mistakes,
)
def length_normalised(a: Arguments) -> Entry:
    """Σ ln p / n^α, or / ((5 + n)/6)^α."""
    divisor = length_penalty(len(a["p"]), a["alpha"], a["penalty"])
    return ln(product(a["p"])) / divisor


# --- temperature ---------------------------------------------------------------------------------


def _asked(a: Arguments, y: Vector) -> Vector | Entry:
    if a["entry"] is None:
        return y
    at_most(a, "entry", len(y))
    return y[int(a["entry"]) - 1]


def _tempered(v: tuple[Given, ...], tau: Fraction) -> Vector:
    return exact.softmax([divided(entry, tau) for entry in v])


def _temperature_mistakes(a: Arguments) -> Iterator[Mistake]:
    v, tau = a["v"], a["tau"]
    plain = exact.softmax(v)
    if tau != 1:
        yield "factor-dropped", "temperature-left-out", _asked(a, plain)
        yield "wrong-parameter", "multiplied-by-tau", _asked(a, _tempered(v, 1 / tau))
        over = exact.scaled(1 / tau, plain)
        yield "parentheses-misplaced", "divided-after-the-softmax", _asked(a, over)
        raised = tuple(power(p, 1 / tau) for p in plain)
        yield "normalisation-dropped", "powers-not-normalised", _asked(a, raised)
    values = [exact.number(entry) for entry in v]
    if (total := sum(values, Fraction(0))) > 0 and min(values) >= 0:
        shares = exact.scaled(1 / total, values)
        yield "activation-dropped", "scores-over-their-sum", _asked(a, shares)


@COMPUTATIONS.add(
    "softmax.temperature",
    "softmax of scores divided by a temperature; all of it or one entry",
    "p_i = exp(v_i/τ) / Σ exp(v_j/τ): τ < 1 sharpens, τ > 1 flattens",
    {
        "v": numbers("scores, such as 1.5 or ln 3", logarithms=True),
        "tau": positive("τ", minimum=Fraction(1, 20), maximum=20, default=1),
        "entry": Parameter(
            "integer", "which entry, from 1; all if not given", minimum=1, maximum=8, default=None
        ),
    },
    _temperature_mistakes,
)
def temperature(a: Arguments) -> Vector | Entry:
    """softmax(v / τ)."""
    return _asked(a, _tempered(a["v"], a["tau"]))
