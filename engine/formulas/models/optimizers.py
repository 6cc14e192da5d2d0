"""Optimisers as recurrences over steps: w the parameters, g the gradient, all elementwise.

SGD, momentum (in the form of the textbooks, in PyTorch's, and as an average), AdaGrad (Duchi et al.
2011), RMSProp (Tieleman and Hinton 2012; for both, the small number beside the root or ``inside``
it), Adam (Kingma and Ba 2015, with bias correction). ``counting``: whether
w^t is what step t makes (``after``), or what it starts from, so that step t makes w^{t+1}
(``before``). No g is differentiated here: it is given.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.formulas.construction import (
    applied,
    at,
    minus,
    number,
    parameter,
    product,
    signal,
    squared,
    total,
)
from engine.formulas.models import Model, Variant
from engine.formulas.models.lstm import loss_of_output
from engine.formulas.tree import Index, Node, Power, Quotient, Symbol

_GRADIENT = signal("g")
_RATE, _SMALL = parameter("eta"), parameter("small")


def _average(name: str, weight: str, new: Node) -> Node:
    """weight * old + (1 - weight) * new."""
    share = parameter(weight)
    return total(product(share, signal(name, at(-1))), product(minus(number(1), share), new))


def _corrected(name: str, weight: str) -> Node:
    """The running average over 1 - weight^t: its start at zero corrected."""
    step = Power(parameter(weight), Symbol("t"))
    return Quotient(signal(name), minus(number(1), step))


def _stepped(rate: Node, direction: Node) -> Node:
    return minus(signal("w", at(-1)), product(rate, direction))


def _over_root(average: str, above: Node) -> Node:
    return Quotient(product(_RATE, above), total(applied("sqrt", signal(average)), _SMALL))


def _over_root_with(average: str, above: Node) -> Node:
    """The small number below the root, as some sources have it."""
    return Quotient(product(_RATE, above), applied("sqrt", total(signal(average), _SMALL)))


def _model(
    name: str,
    equations: Mapping[str, Node],
    scalars: tuple[str, ...],
    domains: Mapping[str, str],
) -> Model:
    from engine.formulas.construction import substituted

    # Where step t makes w^{t+1}, what w^t is made of belongs to the step before.
    earlier: dict[str, Node] = {}
    if "w" in equations:
        whole = equations["w"]
        old = signal("w", at(-1))
        earlier["w"] = _replaced_but(whole, old, substituted(whole, "t", Index.of(-1, t=1)))
    return Model(
        name=name,
        sizes=("D",),
        signals={"g": "D", "d": "D"} | dict.fromkeys(equations, "D"),
        parameters=dict.fromkeys(scalars, ("1", "1")),
        equations=dict(equations),
        output="w",
        label="d",
        output_losses={"abstract": loss_of_output("w", "d")},
        variants=(Variant((("counting", "before"),), earlier),),
        domains=domains,
        differentiated=False,
        given_gradient="g",
    )


def _replaced_but(whole: Node, old: Node, shifted: Node) -> Node:
    """The equation with everything one step earlier but the old parameters themselves."""
    from engine.formulas.construction import replaced, substituted

    return replaced(shifted, substituted(old, "t", Index.of(-1, t=1)), old)


SGD = _model("sgd", {"w": _stepped(_RATE, _GRADIENT)}, ("eta",), {"eta": "unit"})

MOMENTUM = _model(
    "momentum",
    {
        "v": minus(product(parameter("mu"), signal("v", at(-1))), product(_RATE, _GRADIENT)),
        "w": total(signal("w", at(-1)), signal("v")),
    },
    ("mu", "eta"),
    {"mu": "unit", "eta": "unit"},
)

HEAVY_BALL = _model(
    "momentum_pytorch",
    {
        "v": total(product(parameter("mu"), signal("v", at(-1))), _GRADIENT),
        "w": _stepped(_RATE, signal("v")),
    },
    ("mu", "eta"),
    {"mu": "unit", "eta": "unit"},
)

# The velocity points uphill, with the rate inside.
UPHILL = _model(
    "momentum_subtracted",
    {
        "v": total(product(parameter("mu"), signal("v", at(-1))), product(_RATE, _GRADIENT)),
        "w": minus(signal("w", at(-1)), signal("v")),
    },
    ("mu", "eta"),
    {"mu": "unit", "eta": "unit"},
)

# Ng's course: the velocity is a running average of the gradients.
AVERAGED = _model(
    "momentum_averaged",
    {"v": _average("v", "mu", _GRADIENT), "w": _stepped(_RATE, signal("v"))},
    ("mu", "eta"),
    {"mu": "unit", "eta": "unit"},
)


def _adagrad(name: str, step: Node) -> Model:
    return _model(
        name,
        {
            "h": total(signal("h", at(-1)), squared(_GRADIENT)),
            "w": minus(signal("w", at(-1)), step),
        },
        ("eta", "small"),
        {"eta": "unit", "small": "unit", "h": "positive"},
    )


def _rmsprop(name: str, step: Node) -> Model:
    return _model(
        name,
        {
            "h": _average("h", "rho", squared(_GRADIENT)),
            "w": minus(signal("w", at(-1)), step),
        },
        ("rho", "eta", "small"),
        {"rho": "unit", "eta": "unit", "small": "unit", "h": "positive"},
    )


ADAGRAD = _adagrad("adagrad", _over_root("h", _GRADIENT))
ADAGRAD_INSIDE = _adagrad("adagrad_inside", _over_root_with("h", _GRADIENT))
RMSPROP = _rmsprop("rmsprop", _over_root("h", _GRADIENT))
RMSPROP_INSIDE = _rmsprop("rmsprop_inside", _over_root_with("h", _GRADIENT))

ADAM = _model(
    "adam",
    {
        "m": _average("m", "beta_1", _GRADIENT),
        "v": _average("v", "beta_2", squared(_GRADIENT)),
        "m_hat": _corrected("m", "beta_1"),
        "v_hat": _corrected("v", "beta_2"),
        "w": minus(signal("w", at(-1)), _over_root("v_hat", signal("m_hat"))),
    },
    ("beta_1", "beta_2", "eta", "small"),
    {
        "beta_1": "unit", "beta_2": "unit", "eta": "unit", "small": "unit",
        "v": "positive", "v_hat": "positive",
    },
)  # fmt: skip

MODELS = (
    SGD,
    MOMENTUM,
    HEAVY_BALL,
    UPHILL,
    AVERAGED,
    RMSPROP,
    RMSPROP_INSIDE,
    ADAGRAD,
    ADAGRAD_INSIDE,
    ADAM,
)
