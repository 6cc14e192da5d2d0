"""Gradients before the update: how they grow and shrink, deviations of weights, losses."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from engine.computations import exact
from engine.computations.common import (
    HIDDEN_ACTIVATIONS,
    Entry,
    Matrix,
    choice,
    fitting,
    mask_of,
    matrix,
    numbers,
    positive,
    root,
    size,
    weight,
    whole,
)
from engine.computations.registry import Arguments, Mistake, Registry
from engine.parameters import Parameter

COMPUTATIONS: Final = Registry()

#: The greatest slope γ of each activation.
GREATEST_SLOPE: Final = {
    "sigmoid": Fraction(1, 4),
    "tanh": Fraction(1),
    "relu": Fraction(1),
    "identity": Fraction(1),
}
_PASCANU: Final = "Pascanu, Mikolov, Bengio (2013)"

# --- vanishing and exploding ---------------------------------------------------------------------

_STEPS: Final = Parameter("integer", "how many steps back", minimum=1, maximum=60)


def _bound_mistakes(a: Arguments) -> Iterator[Mistake]:
    gamma, w, T = GREATEST_SLOPE[a["f"]], abs(a["w"]), a["T"]
    if gamma != 1:
        yield "derivative-dropped", "slope-left-out", w**T
        if T > 1:
            yield "parentheses-misplaced", "slope-once", gamma * w**T
    else:
        yield "activation-wrong", "slope-of-the-sigmoid", (w / 4) ** T
    yield "factor-dropped", "weight-left-out", gamma**T
    if T > 1:
        yield "power-dropped", "times-the-steps", gamma * w * T
        yield "power-dropped", "one-step", gamma * w
    yield "product-lengthened", "one-factor-more", (gamma * w) ** (T + 1)


@COMPUTATIONS.add(
    "gradient.factor_bound",
    "the bound of the factor that a gradient gets on its way back over T steps",
    f"‖∂zᵗ/∂zᵏ‖ ≤ (γ ‖W‖)^(t−k), γ = 1/4 for the sigmoid, 1 for tanh and relu; {_PASCANU}",
    {
        "f": choice("activation", HIDDEN_ACTIVATIONS, default="sigmoid"),
        "w": weight("the recurrent weight, or the largest singular value of W"),
        "T": _STEPS,
    },
    _bound_mistakes,
)
def factor_bound(a: Arguments) -> Fraction:
    """(γ |w|)^T."""
    return Fraction(GREATEST_SLOPE[a["f"]] * abs(a["w"])) ** int(a["T"])


def _linear_mistakes(a: Arguments) -> Iterator[Mistake]:
    w, T, z0 = a["w"], a["T"], a["z0"]
    yield "product-lengthened", "one-factor-more", w ** (T + 1) * z0
    if T > 1:
        yield "power-dropped", "times-the-steps", w * T * z0
        yield "power-dropped", "one-step", w * z0
    if w < 0 and T % 2:
        yield "sign-flipped", "sign-lost", -(w**T) * z0
    if z0 != 1:
        yield "factor-dropped", "initial-state-left-out", w**T


@COMPUTATIONS.add(
    "gradient.linear_factor",
    "zᵀ of a linear RNN of one unit without input, or ∂zᵀ/∂z⁰ with z⁰ = 1",
    "zᵗ = w zᵗ⁻¹, so zᵀ = wᵀ z⁰: it vanishes for |w| < 1 and explodes for |w| > 1",
    {
        "w": Parameter("number", "recurrent weight", minimum=-10, maximum=10),
        "T": _STEPS,
        "z0": weight("initial state", default=1),
    },
    _linear_mistakes,
)
def linear_factor(a: Arguments) -> Fraction:
    """wᵀ z⁰."""
    return Fraction(a["w"]) ** int(a["T"]) * Fraction(a["z0"])


def _slope_mistakes(a: Arguments) -> Iterator[Mistake]:
    if a["f"] == "sigmoid":
        yield "activation-wrong", "slope-of-tanh", Fraction(1)
        yield "derivative-dropped", "value-at-0", Fraction(1, 2)
    else:
        yield "activation-wrong", "slope-of-the-sigmoid", Fraction(1, 4)
        yield "derivative-dropped", "value-at-0", Fraction(0)


@COMPUTATIONS.add(
    "activation.greatest_slope",
    "the greatest value of f′, which it takes at 0",
    "σ′ = σ (1 − σ) ≤ 1/4; tanh′ = 1 − tanh² ≤ 1",
    {"f": choice("activation", ("sigmoid", "tanh"))},
    _slope_mistakes,
)
def greatest_slope(a: Arguments) -> Fraction:
    """1/4 or 1."""
    return GREATEST_SLOPE[a["f"]]


# --- deviations of initial weights ---------------------------------------------------------------


def _radius_mistakes(a: Arguments) -> Iterator[Mistake]:
    s, H = a["s"], a["H"]
    yield "power-dropped", "root-forgotten", s * H
    yield "factor-dropped", "width-left-out", s
    yield "normalisation-dropped", "divided-by-the-root", s / root(Fraction(H))
    if s != 1:
        yield "factor-added", "variance-for-deviation", s * s * root(Fraction(H))


@COMPUTATIONS.add(
    "initialization.spectral_radius",
    "what the spectral radius of a random H × H matrix comes to",
    "circular law: entries of mean 0 and deviation s give s √H (Girko, 1984)",
    {"s": positive("deviation of an entry"), "H": size("hidden units")},
    _radius_mistakes,
)
def spectral_radius(a: Arguments) -> Entry:
    """s √H."""
    return Fraction(a["s"]) * root(Fraction(a["H"]))


_SCHEMES: Final = ("xavier-fan-in", "glorot", "he")


def _variance(a: Arguments, scheme: str) -> Fraction:
    n_in, n_out = a["n_in"], a["n_out"]
    if scheme == "glorot":
        return Fraction(2, n_in + n_out)
    return Fraction(2 if scheme == "he" else 1, n_in)


def _deviation_mistakes(a: Arguments) -> Iterator[Mistake]:
    scheme = a["scheme"]
    right = _variance(a, scheme)
    yield "power-dropped", "variance-for-deviation", right
    for other in _SCHEMES:
        # Where both sides are equally wide, Glorot's rule is the one over the inputs alone.
        if other != scheme and _variance(a, other) != right:
            yield "scale-wrong", f"rule-of-{other}", root(_variance(a, other))
    if scheme != "glorot" and a["n_in"] != a["n_out"]:
        turned = {**a, "n_in": a["n_out"], "n_out": a["n_in"]}
        yield "wrong-signal", "outputs-for-inputs", root(_variance(turned, scheme))


@COMPUTATIONS.add(
    "initialization.deviation",
    "the deviation of initial weights by a named rule",
    "√(1/n_in), called Xavier in many courses; √(2/(n_in + n_out)), Glorot, Bengio (2010); "
    "√(2/n_in), He et al. (2015)",
    {
        "scheme": choice("the rule", _SCHEMES),
        "n_in": size("units that feed one"),
        "n_out": size("units that one feeds"),
    },
    _deviation_mistakes,
)
def deviation(a: Arguments) -> Entry:
    """√(1/n_in), √(2/(n_in + n_out)) or √(2/n_in)."""
    return root(_variance(a, a["scheme"]))


# --- softmax with cross entropy ------------------------------------------------------------------


def _delta(a: Arguments, mask: tuple[int, ...], divisor: int) -> Matrix:
    V = len(a["v"][0])
    classes = whole(a, "classes", below=V)
    return tuple(
        tuple((y - (k == t)) * m / divisor for k, y in enumerate(exact.softmax(row)))
        for row, t, m in zip(a["v"], classes, mask, strict=True)
    )


def _divisor(a: Arguments, mask: tuple[int, ...]) -> int:
    return sum(mask) if a["reduction"] == "mean" else 1


def _delta_mistakes(a: Arguments) -> Iterator[Mistake]:
    N, V = len(a["v"]), len(a["v"][0])
    mask = mask_of(a, "mask", N)
    divisor = _divisor(a, mask)
    right = _delta(a, mask, divisor)
    yield "sign-flipped", "t-minus-y", tuple(exact.scaled(-1, row) for row in right)
    everything = tuple(exact.softmax(row) for row in a["v"])
    yield (
        "term-dropped",
        "target-left-out",
        tuple(exact.scaled(Fraction(m, divisor), y) for y, m in zip(everything, mask, strict=True)),
    )
    slopes = (exact.hadamard(y, [1 - p for p in y]) for y in everything)
    damped = tuple(exact.hadamard(d, s) for d, s in zip(right, slopes, strict=True))
    yield "factor-added", "squared-error-habit", damped
    if sum(mask) > 1:
        other = 1 if a["reduction"] == "mean" else sum(mask)
        yield "mean-for-sum", "sum-for-mean" if other == 1 else "mean-taken", _delta(a, mask, other)
    if sum(mask) < N:
        if a["reduction"] == "mean":
            yield "mask-misplaced", "divided-by-all", _delta(a, mask, N)
        yield "term-added", "padding-counted", _delta(a, (1,) * N, 1 if divisor == 1 else N)
    if N > 1 and V > 1:
        columns = exact.transpose(tuple(exact.softmax(c) for c in exact.transpose(a["v"])))
        of_columns = tuple(
            tuple(c - y + d * divisor for c, y, d in zip(cs, ys, ds, strict=True))
            for cs, ys, ds in zip(columns, everything, right, strict=True)
        )
        yield (
            "axis-wrong",
            "softmax-over-the-batch",
            tuple(
                exact.scaled(Fraction(m, divisor), row)
                for row, m in zip(of_columns, mask, strict=True)
            ),
        )


@COMPUTATIONS.add(
    "softmax_cross_entropy.delta",
    "∂E/∂v of a batch, E being the mean or the sum of the cross entropies",
    "(y − t)/N with y = softmax(v); with a mask m: m (y − t)/Σm",
    {
        "v": matrix("scores, one row a sample; may be written as ln 3", logarithms=True),
        "classes": numbers("the right class of each sample, counted from 0"),
        "mask": numbers("1 where a sample counts, 0 where not; all if not given", default=None),
        "reduction": choice("what E is", ("mean", "sum")),
    },
    _delta_mistakes,
)
def delta(a: Arguments) -> Matrix:
    """m (y − one_hot(t)) / Σ m, one row a sample."""
    fitting(a, "classes", len(a["v"]))
    mask = mask_of(a, "mask", len(a["v"]))
    return _delta(a, mask, _divisor(a, mask))
