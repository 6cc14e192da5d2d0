"""Notations of the optimisers: one table a model, with the letters of the usual sources.

Parameters are w, θ, x or W, the gradient g; the rate is η, α or lr, the small number ε or δ
(Saito's books, Goodfellow et al. 2016, Kingma and Ba 2015, Dive into Deep Learning, PyTorch).
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.formulas.models.optimizers import MODELS
from engine.formulas.notations import COMMON_FUNCTIONS, Notation, Quantity

_W = Quantity(
    "w", "signal", "w", unicode="w", latex="w",
    also=(("theta",), ("W",), ("x",), ("p",), ("param",), ("params",)),
)  # fmt: skip
_G = Quantity(
    "g", "signal", "g", unicode="g", latex="g",
    also=(("grad",), ("grads",), ("dW",), ("dw",), ("dx",), ("G",)),
)  # fmt: skip
_RATE = Quantity(
    "eta", "scalar", "eta", unicode="η", latex=r"\eta",
    also=(("alpha",), ("lr",), ("learning", "rate")),
)  # fmt: skip
_SMALL = Quantity(
    "small", "scalar", "eps", unicode="ε", latex=r"\epsilon", also=(("epsilon",), ("delta",))
)
_LOSS = Quantity("E", "loss", "E", unicode="E", latex="E", also=(("L",), ("J",), ("f",)))


def _scalar(name: str, letter: str, unicode: str, *also: tuple[str, ...]) -> Quantity:
    word, _, label = letter.partition("_")
    latex = "\\" + word
    return Quantity(name, "scalar", word, label, False, unicode, latex, also)


def _signal(name: str, letter: str, *also: tuple[str, ...]) -> Quantity:
    return Quantity(name, "signal", letter, unicode=letter, latex=letter, also=also)


_HATS = {
    "m_hat": Quantity(
        "m_hat", "signal", "mhat", unicode="m̂", latex=r"\hat{m}",
        also=(("m", "hat"), ("mt", "hat"), ("m", "corrected"), ("m", "unbias"), ("mtilde",)),
    ),
    "v_hat": Quantity(
        "v_hat", "signal", "vhat", unicode="v̂", latex=r"\hat{v}",
        also=(("v", "hat"), ("vt", "hat"), ("v", "corrected"), ("v", "unbias"), ("shat",)),
    ),
}  # fmt: skip
_MOMENTUM = (_signal("v", "v", ("velocity",), ("m",), ("b",)),)
_OWN: Mapping[str, tuple[Quantity, ...]] = {
    "sgd": (),
    "momentum": (*_MOMENTUM, _scalar("mu", "mu", "μ", ("momentum",), ("beta",), ("gamma",))),
    "momentum_pytorch": (
        *_MOMENTUM,
        _scalar("mu", "mu", "μ", ("momentum",), ("beta",), ("gamma",)),
    ),
    "adagrad": (_signal("h", "h", ("s",), ("r",), ("G",), ("cache",)),),
    "rmsprop": (
        _signal("h", "h", ("s",), ("r",), ("v",), ("cache",)),
        _scalar("rho", "rho", "ρ", ("beta",), ("gamma",), ("decay",), ("decay", "rate")),
    ),
    "adam": (
        _signal("m", "m", ("s",)),
        _signal("v", "v", ("r",)),
        *_HATS.values(),
        _scalar("beta_1", "beta_1", "β", ("beta1",), ("rho", "1")),
        _scalar("beta_2", "beta_2", "β", ("beta2",), ("rho", "2")),
    ),
}


def _notation(model: str) -> Notation:
    quantities = (_W, _G, *_OWN[model], _RATE, _SMALL, _LOSS)
    if model == "adagrad":  # G is the sum of squares there
        plain = Quantity("g", "signal", "g", unicode="g", latex="g", also=_G.also[:-1])
        quantities = tuple(plain if one is _G else one for one in quantities)
    return Notation("optimizers", "column", quantities, COMMON_FUNCTIONS)


NOTATIONS: Mapping[str, tuple[Notation, ...]] = {
    model.name: (_notation(model.name),) for model in MODELS
}
