"""Gaussians and the variational autoencoder by hand: KL divergence, sampling, the loss."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from engine.computations import exact
from engine.computations.common import (
    Entry,
    Given,
    Vector,
    alike,
    choice,
    ln,
    numbers,
    positive,
    root,
    weight,
)
from engine.computations.registry import ArgumentError, Arguments, Mistake, Registry
from engine.parameters import Parameter

COMPUTATIONS: Final = Registry()

_KINGMA: Final = "Kingma, Welling (2014)"
_DEVIATIONS: Final = {
    "sigma": Parameter(
        "numbers",
        "σ; or give log_variance",
        minimum=Fraction(1, 1000),
        maximum=1000,
        most=8,
        default=None,
    ),
    "log_variance": Parameter(
        "numbers",
        "ln σ², such as ln 4; or give sigma",
        minimum=-20,
        maximum=20,
        most=8,
        logarithms=True,
        default=None,
    ),
}


def _variances(a: Arguments, like: str = "mu") -> Vector:
    if (a["sigma"] is None) == (a["log_variance"] is None):
        raise ArgumentError("sigma", "or log_variance has to be given, not both", "missing")
    name = "sigma" if a["log_variance"] is None else "log_variance"
    alike(a, like, name)
    if name == "sigma":
        return tuple(sigma * sigma for sigma in a["sigma"])
    return tuple(_exponential(entry) for entry in a["log_variance"])


def _exponential(entry: Given) -> Entry:
    power = exact.exponential(entry)
    return math.exp(float(entry)) if power is None else power


# --- KL divergence -------------------------------------------------------------------------------


def _kl(
    mu: Vector, variances: Vector, *, half: bool = True, one: int = 1, log: Entry = Fraction(1)
) -> Entry:
    total: Entry = sum(
        (m * m + v - one - log * ln(v) for m, v in zip(mu, variances, strict=True)), Fraction(0)
    )
    return total / 2 if half else total


def _kl_mistakes(a: Arguments) -> Iterator[Mistake]:
    mu = a["mu"]
    variances = _variances(a)
    right = _kl(mu, variances)
    yield "sign-flipped", "minus-left-out", -right
    yield "scale-wrong", "half-left-out", _kl(mu, variances, half=False)
    yield "term-dropped", "one-left-out", _kl(mu, variances, one=0)
    if any(m not in (0, 1) for m in mu):
        plain = sum((m - m * m for m in mu), Fraction(0)) / 2
        yield "power-dropped", "mu-not-squared", right + plain
    if any(v != 1 for v in variances):
        deviations = tuple(root(v) for v in variances)
        yield "wrong-parameter", "deviation-for-variance", _kl(mu, deviations)
        half_log = _kl(mu, variances, log=Fraction(1, 2))
        yield "factor-dropped", "logarithm-of-the-deviation", half_log
        yield "activation-dropped", "logarithm-left-out", _kl(mu, variances, log=Fraction(0))
    if len(mu) > 1:
        yield "mean-for-sum", "mean-over-dimensions", right / len(mu)


@COMPUTATIONS.add(
    "vae.kl",
    "KL(N(μ, σ²) ‖ N(0, 1)), summed over the dimensions",
    f"−½ Σ (1 + ln σ² − μ² − σ²) ≥ 0, and 0 for μ = 0, σ = 1; {_KINGMA}, appendix B",
    {"mu": numbers("μ"), **_DEVIATIONS},
    _kl_mistakes,
)
def kl(a: Arguments) -> Entry:
    """½ Σ (μ² + σ² − 1 − ln σ²)."""
    return _kl(a["mu"], _variances(a))


def _between(m1: Fraction, s1: Fraction, m2: Fraction, s2: Fraction) -> Entry:
    return ln(s2 / s1) + (s1 * s1 + (m1 - m2) ** 2) / (2 * s2 * s2) - Fraction(1, 2)


def _between_mistakes(a: Arguments) -> Iterator[Mistake]:
    m1, s1, m2, s2 = (a[name] for name in ("mu1", "sigma1", "mu2", "sigma2"))
    right = _between(m1, s1, m2, s2)
    if s1 != s2:
        yield "left-side-wrong", "the-other-way-round", _between(m2, s2, m1, s1)
        logarithm = ln(s2 / s1)
        yield "sign-flipped", "logarithm-of-the-inverse", right - 2 * logarithm
        yield "activation-dropped", "logarithm-left-out", right - logarithm
    if m1 != m2:
        yield "term-dropped", "means-left-out", _between(m1, s1, m1, s2)
    yield "parentheses-dropped", "half-left-out", right + Fraction(1, 2)


@COMPUTATIONS.add(
    "gaussian.kl",
    "KL(N(μ₁, σ₁²) ‖ N(μ₂, σ₂²)) in one dimension",
    "ln(σ₂/σ₁) + (σ₁² + (μ₁ − μ₂)²)/(2σ₂²) − ½; Bishop (2006), exercise 1.30",
    {
        "mu1": weight("mean of the first"),
        "sigma1": positive("deviation of the first"),
        "mu2": weight("mean of the second", default=0),
        "sigma2": positive("deviation of the second", default=1),
    },
    _between_mistakes,
)
def gaussian_kl(a: Arguments) -> Entry:
    """ln(σ₂/σ₁) + (σ₁² + (μ₁ − μ₂)²)/(2σ₂²) − ½."""
    return _between(a["mu1"], a["sigma1"], a["mu2"], a["sigma2"])


def _slope(a: Arguments, by: str) -> Entry:
    mu, sigma = a["mu"], a["sigma"]
    slopes: dict[str, Entry] = {
        "mu": mu,
        "log_variance": (sigma * sigma - 1) / 2,
        "sigma": sigma - 1 / sigma,
    }
    return slopes[by]


def _slope_mistakes(a: Arguments) -> Iterator[Mistake]:
    by, sigma = a["by"], a["sigma"]
    yield "sign-flipped", "minus", -_slope(a, by)
    if by == "mu":
        yield "scale-wrong", "half-left-out", 2 * a["mu"]
        yield "power-dropped", "divided-by-the-variance", a["mu"] / sigma**2
        return
    other = "sigma" if by == "log_variance" else "log_variance"
    yield "wrong-parameter", f"by-{other}", _slope(a, other)
    if by == "log_variance":
        yield "scale-wrong", "half-left-out", sigma * sigma - 1
        yield "power-dropped", "deviation-for-variance", (sigma - 1) / 2
        yield "term-dropped", "one-left-out", sigma * sigma / 2
    else:
        yield "term-dropped", "logarithm-left-out", sigma
        yield "factor-added", "divided-by-the-variance", sigma - 1 / sigma**2


@COMPUTATIONS.add(
    "vae.kl_gradient",
    "the derivative of KL(N(μ, σ²) ‖ N(0, 1)) by μ, ln σ² or σ",
    f"μ; ½ (σ² − 1); σ − 1/σ; {_KINGMA}, appendix B",
    {
        "mu": weight("μ"),
        "sigma": positive("σ"),
        "by": choice("by which", ("mu", "log_variance", "sigma")),
    },
    _slope_mistakes,
)
def kl_gradient(a: Arguments) -> Entry:
    """μ, ½ (σ² − 1) or σ − 1/σ."""
    return _slope(a, a["by"])


# --- sampling ------------------------------------------------------------------------------------


def _sampled(a: Arguments) -> tuple[Vector, Vector]:
    variances = _variances(a)
    alike(a, "mu", "epsilon")
    return variances, tuple(root(v) for v in variances)


def _sample_mistakes(a: Arguments) -> Iterator[Mistake]:
    variances, sigma = _sampled(a)
    mu, noise = a["mu"], a["epsilon"]
    spread = exact.hadamard(sigma, noise)
    if any(v != 1 for v in variances):
        squared = exact.plus(mu, exact.hadamard(variances, noise))
        yield "factor-added", "variance-for-deviation", squared
        yield "factor-dropped", "deviation-left-out", exact.plus(mu, noise)
    if any(mu):
        yield "term-dropped", "mean-left-out", spread
        yield (
            "parentheses-misplaced",
            "mean-scaled-too",
            exact.hadamard(sigma, exact.plus(mu, noise)),
        )
    yield "sign-flipped", "minus", exact.plus(mu, exact.scaled(-1, spread))
    yield "sum-dropped", "noise-left-out", mu
    if a["log_variance"] is not None:
        raw = tuple(exact.number(entry) for entry in a["log_variance"])
        wrong = exact.plus(mu, exact.hadamard(raw, noise))
        yield "activation-dropped", "logarithm-for-deviation", wrong


@COMPUTATIONS.add(
    "vae.reparameterise",
    "the latent vector from mean, deviation and noise",
    f"z = μ + σ ⊙ ε with ε from N(0, 1), so that gradients reach μ and σ; {_KINGMA}, section 2.4",
    {"mu": numbers("μ"), **_DEVIATIONS, "epsilon": numbers("ε, the noise that was drawn")},
    _sample_mistakes,
)
def reparameterise(a: Arguments) -> Vector:
    """μ + σ ⊙ ε."""
    return exact.plus(a["mu"], exact.hadamard(_sampled(a)[1], a["epsilon"]))


def _sample_slope(a: Arguments, by: str) -> Vector:
    dz, noise = a["dz"], a["epsilon"]
    if by == "mu":
        return tuple(dz)
    sigma = tuple(root(v) for v in _variances(a, "dz"))
    spread = exact.hadamard(dz, noise)
    if by == "sigma":
        return spread
    return exact.scaled(Fraction(1, 2), exact.hadamard(sigma, spread))


def _sample_slope_mistakes(a: Arguments) -> Iterator[Mistake]:
    by = a["by"]
    for other in ("mu", "sigma", "log_variance"):
        if other != by:
            yield "wrong-parameter", f"by-{other}", _sample_slope(a, other)
    yield "sign-flipped", "minus", exact.scaled(-1, _sample_slope(a, by))
    if by == "log_variance":
        yield "scale-wrong", "half-left-out", exact.scaled(2, _sample_slope(a, by))
        squared = exact.hadamard(_sample_slope(a, "sigma"), _variances(a, "dz"))
        yield "power-dropped", "variance-for-half-deviation", squared


@COMPUTATIONS.add(
    "vae.reparameterise_gradient",
    "∂E/∂μ, ∂E/∂σ or ∂E/∂ ln σ² from ∂E/∂z of z = μ + σ ⊙ ε",
    f"dμ = dz; dσ = dz ⊙ ε; d ln σ² = ½ dz ⊙ σ ⊙ ε; {_KINGMA}, section 2.4",
    {
        "dz": numbers("∂E/∂z"),
        **_DEVIATIONS,
        "epsilon": numbers("ε, the noise that was drawn"),
        "by": choice("by which", ("mu", "sigma", "log_variance")),
    },
    _sample_slope_mistakes,
)
def reparameterise_gradient(a: Arguments) -> Vector:
    """dz, dz ⊙ ε or ½ dz ⊙ σ ⊙ ε."""
    alike(a, "dz", "epsilon")
    _variances(a, "dz")
    return _sample_slope(a, a["by"])


# --- loss ----------------------------------------------------------------------------------------


def _loss(a: Arguments, of: str) -> Fraction:
    elbo: Fraction = a["log_likelihood"] - a["kl"]
    return elbo if of == "elbo" else -elbo


def _loss_mistakes(a: Arguments) -> Iterator[Mistake]:
    of, log_likelihood, divergence = a["of"], a["log_likelihood"], a["kl"]
    yield "sign-flipped", "elbo-for-loss" if of == "loss" else "loss-for-elbo", -_loss(a, of)
    sign = 1 if of == "elbo" else -1
    yield (
        "parentheses-dropped",
        "divergence-with-the-other-sign",
        (sign * (log_likelihood + divergence)),
    )
    yield "term-dropped", "divergence-left-out", sign * log_likelihood


@COMPUTATIONS.add(
    "vae.loss",
    "the loss of a variational autoencoder, or the bound that it maximises",
    f"loss = −log-likelihood + KL = −ELBO; {_KINGMA}, equation 3",
    {
        "log_likelihood": weight("log p(x | z), the reconstruction"),
        "kl": Parameter("number", "KL(q(z | x) ‖ p(z))", minimum=0, maximum=1000),
        "of": choice("what is asked for", ("loss", "elbo")),
    },
    _loss_mistakes,
)
def vae_loss(a: Arguments) -> Fraction:
    """−log p(x | z) + KL, or its negative."""
    return _loss(a, a["of"])
