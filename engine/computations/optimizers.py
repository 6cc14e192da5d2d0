"""The first steps of the optimisers by hand, for one weight."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias

from engine.computations.common import Entry, choice, numbers, positive, root, share, weight
from engine.computations.registry import ArgumentError, Arguments, Mistake, Registry
from engine.parameters import Parameter

COMPUTATIONS: Final = Registry()

Numbers: TypeAlias = dict[str, Entry]

_COMMON: Final = {
    "w": weight("the weight before the first step", default=0),
    "gradients": numbers("∂E/∂w, one a step"),
    "learning_rate": positive("η"),
}
_EPSILON: Final = Parameter(
    "number", "ε in the divisor; 0 if it is neglected", minimum=0, maximum=1, default=0
)


@dataclass(frozen=True, slots=True)
class _Rule:
    """One step: memory before, gradient, number of the step → memory after and the change of w."""

    step: Callable[[Arguments, Numbers, Fraction, int], tuple[Numbers, Entry]]
    remembers: tuple[str, ...]

    def run(self, a: Arguments) -> Numbers:
        """w and the memory after the last step, and the last ``change``."""
        w: Entry = a["w"]
        memory: Numbers = dict.fromkeys(self.remembers, Fraction(0))
        memory |= {name: a[f"{name}0"] for name in self.remembers if f"{name}0" in a}
        change: Entry = Fraction(0)
        for t, g in enumerate(a["gradients"], start=1):
            memory, change = self.step(a, memory, g, t)
            w = w + change
        return {**memory, "w": w, "change": change}


def _scaled_by(rate: Fraction, above: Entry, squares: Entry, epsilon: Fraction) -> Entry:
    below = root(squares) + epsilon
    # Without ε a weight that never had a gradient stays.
    return Fraction(0) if below == 0 else -rate * above / below


def _common_mistakes(a: Arguments, rule: _Rule) -> Iterator[Mistake]:
    right = rule.run(a)
    if a["quantity"] != "w":
        return
    yield "sign-flipped", "uphill", rule.run({**a, "learning_rate": -a["learning_rate"]})["w"]
    if a["w"] != 0:
        yield "left-side-wrong", "change-for-new-value", right["w"] - a["w"]
    if a["learning_rate"] != 1:
        yield "learning-rate-dropped", "rate-1", rule.run({**a, "learning_rate": Fraction(1)})["w"]


def _plain(a: Arguments) -> Entry:
    change: Entry = a["w"] - a["learning_rate"] * sum(a["gradients"], Fraction(0))
    return change


# --- momentum ------------------------------------------------------------------------------------


def _momentum_step(a: Arguments, m: Numbers, g: Fraction, t: int) -> tuple[Numbers, Entry]:
    v = a["mu"] * m["v"] - a["learning_rate"] * g
    return {"v": v}, v


_MOMENTUM: Final = _Rule(_momentum_step, ("v",))


def _momentum_mistakes(a: Arguments) -> Iterator[Mistake]:
    yield from _common_mistakes(a, _MOMENTUM)
    quantity = a["quantity"]
    if quantity == "v":
        turned = {**a, "learning_rate": -a["learning_rate"]}
        yield "sign-flipped", "plus", _MOMENTUM.run(turned)["v"]
        yield (
            "learning-rate-dropped",
            "rate-1",
            _MOMENTUM.run({**a, "learning_rate": Fraction(1)})["v"],
        )
    if len(a["gradients"]) > 1 or a["v0"] != 0:
        if quantity == "w":
            yield "recurrent-path-dropped", "plain-sgd", _plain(a)
        else:
            last = -a["learning_rate"] * a["gradients"][-1]
            yield "recurrent-path-dropped", "last-gradient-only", last
        yield "factor-dropped", "mu-left-out", _MOMENTUM.run({**a, "mu": Fraction(1)})[quantity]
    averaged = {**a, "learning_rate": a["learning_rate"] * (1 - a["mu"])}
    if a["mu"] != 1:
        yield "factor-added", "running-mean", _MOMENTUM.run(averaged)[quantity]


@COMPUTATIONS.add(
    "momentum.steps",
    "the weight or the velocity after some steps of SGD with momentum",
    "v ← μ v − η g, w ← w + v; Polyak (1964)",
    {
        **_COMMON,
        "mu": share("μ", default="9/10"),
        "v0": weight("velocity before the first step", default=0),
        "quantity": choice("what is asked for", ("w", "v")),
    },
    _momentum_mistakes,
)
def momentum(a: Arguments) -> Entry:
    """w or v."""
    return _MOMENTUM.run(a)[a["quantity"]]


# --- AdaGrad and RMSProp -------------------------------------------------------------------------


def _adagrad_step(a: Arguments, m: Numbers, g: Fraction, t: int) -> tuple[Numbers, Entry]:
    h = m["h"] + g * g
    return {"h": h}, _scaled_by(a["learning_rate"], g, h, a["epsilon"])


def _rmsprop_step(a: Arguments, m: Numbers, g: Fraction, t: int) -> tuple[Numbers, Entry]:
    h = a["rho"] * m["h"] + (1 - a["rho"]) * g * g
    return {"h": h}, _scaled_by(a["learning_rate"], g, h, a["epsilon"])


def _unrooted(step: _Rule) -> _Rule:
    """The same rule without the root."""

    def changed(a: Arguments, m: Numbers, g: Fraction, t: int) -> tuple[Numbers, Entry]:
        memory, _ = step.step(a, m, g, t)
        return memory, _scaled_by(a["learning_rate"], g, memory["h"] ** 2, a["epsilon"])

    return _Rule(changed, step.remembers)


def _forgetful(a: Arguments, m: Numbers, g: Fraction, t: int) -> tuple[Numbers, Entry]:
    return {"h": g * g}, _scaled_by(a["learning_rate"], g, g * g, a["epsilon"])


def _of_gradients(a: Arguments, m: Numbers, g: Fraction, t: int) -> tuple[Numbers, Entry]:
    h = m["h"] + abs(g)
    return {"h": h}, _scaled_by(a["learning_rate"], g, h * h, a["epsilon"])


_ADAGRAD: Final = _Rule(_adagrad_step, ("h",))
_RMSPROP: Final = _Rule(_rmsprop_step, ("h",))


def _adagrad_mistakes(a: Arguments) -> Iterator[Mistake]:
    yield from _common_mistakes(a, _ADAGRAD)
    quantity = a["quantity"]
    if quantity == "w":
        yield "power-dropped", "root-forgotten", _unrooted(_ADAGRAD).run(a)["w"]
        yield "normalisation-dropped", "plain-sgd", _plain(a)
    else:
        yield "left-side-wrong", "root-taken", root(_ADAGRAD.run(a)["h"])
    if len(a["gradients"]) > 1:
        yield "not-accumulated", "last-square-only", _Rule(_forgetful, ("h",)).run(a)[quantity]
        sizes = _Rule(_of_gradients, ("h",)).run(a)
        yield "parentheses-misplaced", "sum-of-sizes", sizes["h" if quantity == "h" else "w"]


@COMPUTATIONS.add(
    "adagrad.steps",
    "the weight or the sum of squares after some steps of AdaGrad",
    "h ← h + g², w ← w − η g/(√h + ε); Duchi, Hazan, Singer (2011)",
    {**_COMMON, "epsilon": _EPSILON, "quantity": choice("what is asked for", ("w", "h"))},
    _adagrad_mistakes,
)
def adagrad(a: Arguments) -> Entry:
    """w or h."""
    return _ADAGRAD.run(a)[a["quantity"]]


def _rmsprop_mistakes(a: Arguments) -> Iterator[Mistake]:
    yield from _common_mistakes(a, _RMSPROP)
    quantity = a["quantity"]
    exchanged = {**a, "rho": 1 - a["rho"]}
    if exchanged["rho"] != a["rho"]:
        yield "wrong-parameter", "rho-for-its-rest", _RMSPROP.run(exchanged)[quantity]
    yield "normalisation-dropped", "sum-of-squares", _ADAGRAD.run(a)[quantity]
    if quantity == "w":
        yield "power-dropped", "root-forgotten", _unrooted(_RMSPROP).run(a)["w"]
    if len(a["gradients"]) > 1:
        yield "not-accumulated", "last-square-only", _Rule(_forgetful, ("h",)).run(a)[quantity]


@COMPUTATIONS.add(
    "rmsprop.steps",
    "the weight or the mean square after some steps of RMSProp",
    "h ← ρ h + (1 − ρ) g², w ← w − η g/(√h + ε); Tieleman, Hinton (2012, lecture 6.5)",
    {
        **_COMMON,
        "rho": share("ρ", default="9/10"),
        "epsilon": _EPSILON,
        "quantity": choice("what is asked for", ("w", "h")),
    },
    _rmsprop_mistakes,
)
def rmsprop(a: Arguments) -> Entry:
    """w or h."""
    return _RMSPROP.run(a)[a["quantity"]]


# --- Adam ----------------------------------------------------------------------------------------


def _adam(corrected: bool = True, growing: bool = True, rooted: bool = True) -> _Rule:
    """Adam, or one of its misreadings: no correction, β in place of βᵗ, no root."""

    def step(a: Arguments, memory: Numbers, g: Fraction, t: int) -> tuple[Numbers, Entry]:
        m = a["beta1"] * memory["m"] + (1 - a["beta1"]) * g
        v = a["beta2"] * memory["v"] + (1 - a["beta2"]) * g * g
        n = t if growing else 1
        m_hat = m / (1 - a["beta1"] ** n) if corrected else m
        v_hat = v / (1 - a["beta2"] ** n) if corrected else v
        below = v_hat if rooted else v_hat**2
        change = _scaled_by(a["learning_rate"], m_hat, below, a["epsilon"])
        return {"m": m, "v": v, "m_hat": m_hat, "v_hat": v_hat}, change

    return _Rule(step, ("m", "v"))


def _adam_mistakes(a: Arguments) -> Iterator[Mistake]:
    quantity = a["quantity"]
    yield from _common_mistakes(a, _adam())
    if quantity in ("w", "m_hat", "v_hat"):
        yield (
            "bias-correction-dropped",
            "m-and-v-as-they-are",
            _adam(corrected=False).run(a)[quantity],
        )
    if quantity in ("m", "v"):
        yield "left-side-wrong", "corrected", _adam().run(a)[f"{quantity}_hat"]
    if len(a["gradients"]) > 1:
        if quantity in ("w", "m_hat", "v_hat"):
            yield "power-dropped", "beta-not-raised", _adam(growing=False).run(a)[quantity]
            exchanged = {**a, "beta1": a["beta2"], "beta2": a["beta1"]}
            yield "wrong-parameter", "betas-exchanged", _adam().run(exchanged)[quantity]
        if quantity == "w":
            yield "normalisation-dropped", "plain-sgd", _plain(a)
    elif quantity in ("m", "v"):
        exchanged = {**a, "beta1": a["beta2"], "beta2": a["beta1"]}
        yield "wrong-parameter", "betas-exchanged", _adam().run(exchanged)[quantity]
    if quantity == "w" and abs(a["gradients"][0]) != 1:
        yield "factor-dropped", "root-forgotten", _adam(rooted=False).run(a)["w"]
    if quantity in ("v", "v_hat"):
        signs = {**a, "beta1": a["beta2"]}
        unsquared = _adam().run(signs)["m" if quantity == "v" else "m_hat"]
        yield "power-dropped", "gradient-not-squared", unsquared


def _beta(meaning: str, default: str) -> Parameter:
    return Parameter("number", meaning, minimum=0, maximum=Fraction(9999, 10000), default=default)


@COMPUTATIONS.add(
    "adam.steps",
    "the weight or a moment after some steps of Adam with bias correction",
    "m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², w ← w − η m̂/(√v̂ + ε), m̂ = m/(1 − β₁ᵗ), "
    "v̂ = v/(1 − β₂ᵗ); the first step is η · sign(g); Kingma, Ba (2015), algorithm 1",
    {
        **_COMMON,
        "beta1": _beta("β₁", "9/10"),
        "beta2": _beta("β₂", "999/1000"),
        "epsilon": _EPSILON,
        "quantity": choice("what is asked for", ("w", "m", "v", "m_hat", "v_hat")),
    },
    _adam_mistakes,
)
def adam(a: Arguments) -> Entry:
    """w, m, v, m̂ or v̂."""
    if a["beta1"] == a["beta2"]:
        raise ArgumentError("beta2", "has to differ from beta1")
    return _adam().run(a)[a["quantity"]]
