"""Notations of the optimisers: one table a model and source, with the letters of that source.

Parameters are w, θ, x or W, the gradient g. Saito's books, Kingma and Ba (2015) with α as the rate,
Goodfellow et al. (2016) with ε as the rate and α as the momentum, Dive into Deep Learning,
PyTorch's documentation. A step may be left out, as in programs.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.formulas.models.optimizers import MODELS
from engine.formulas.notations import COMMON_FUNCTIONS, Kind, Notation, Quantity
from engine.formulas.spelling import bare_name

_PARAMETERS = "w|theta|W|x|p|param|params"
_GRADIENTS = "g|grad|grads|dW|dw|dx|db|G|dtheta"
_LOSS = "E|L|J|f|ell"

# Source -> quantity -> spellings; what a source leaves out has its letters from the first one.
_USUAL: Mapping[str, str] = {
    "w": _PARAMETERS,
    "g": _GRADIENTS,
    "eta": "eta|alpha|lr|learning rate|gamma|eta t|alpha t",
    "small": "epsilon|eps|delta",
    "mu": "mu|momentum|beta|gamma|rho",
    "rho": "rho|beta|gamma|decay|decay rate|beta 2|alpha",
    "beta_1": "beta 1|beta1|rho 1",
    "beta_2": "beta 2|beta2|rho 2",
    "E": _LOSS,
}
_SOURCES: Mapping[str, Mapping[str, str]] = {
    "usual": {
        **_USUAL,
        "mu": "mu|momentum|beta|gamma",
        "rho": "rho|beta|gamma|decay|decay rate|beta 2",
        "eta": "eta|alpha|lr|learning rate|eta t|alpha t",
    },
    "goodfellow": {
        **_USUAL,
        "eta": "epsilon|eps",
        "small": "delta",
        "mu": "alpha",
        "rho": "rho",
        "beta_1": "rho 1",
        "beta_2": "rho 2",
        "w": "theta|W|w|x",
    },
    "pytorch": {**_USUAL, "eta": "gamma|lr", "mu": "mu", "rho": "alpha", "w": "theta|p"},
    "saito": {
        **_USUAL,
        "mu": "alpha|momentum",
        "rho": "rho|decay rate",
        "eta": "eta|lr",
        "w": "W|params|w|theta",
    },
}
_STATES: Mapping[str, Mapping[str, str]] = {
    "sgd": {},
    "momentum": {"v": "v|velocity|m|b|V"},
    "momentum_pytorch": {"v": "v|velocity|m|b|buf|V"},
    "momentum_subtracted": {"v": "v|velocity|m|V"},
    "momentum_averaged": {"v": "v|velocity|m|V|v dW|V dW|VdW|vdW"},
    "adagrad": {"h": "h|s|r|G|cache|v|state sum"},
    "adagrad_inside": {"h": "h|s|r|G|cache|v"},
    "rmsprop": {"h": "h|s|r|v|cache|S|s dW|S dW|SdW|sdW|E"},
    "rmsprop_inside": {"h": "h|s|r|v|cache|S|s dW|S dW|SdW|sdW"},
    "adam": {
        "m": "m|s|v dW|V dW",
        "v": "v|r|s dW|S dW",
        "m_hat": "mhat|shat|m unbias|m corrected|mb|v corrected,dW",
        "v_hat": "vhat|rhat|v unbias|v corrected|vb",
    },
}
_D2L_ADAM = {
    "m": "v",
    "v": "s",
    "m_hat": "vhat|vprime|v bias corr",
    "v_hat": "shat|sprime|s bias corr",
}


def _quantity(name: str, kind: Kind, words: str) -> Quantity:
    first, *others = (tuple(word.replace(",", " ").split()) for word in words.split("|"))
    letter, label = (*first, "")[:2]
    unicode, latex = bare_name(letter, "unicode"), bare_name(letter, "latex")
    if letter in ("mhat", "vhat"):
        unicode, latex = letter[0] + "\u0302", rf"\hat{{{letter[0]}}}"
    indices = 2 if name == "g" else 1
    return Quantity(name, kind, letter, label, False, unicode, latex, tuple(others), indices)


def _notations(model: str) -> tuple[Notation, ...]:
    made = []
    scalars = next(one for one in MODELS if one.name == model).parameters
    tables = [(source, words, _STATES[model]) for source, words in _SOURCES.items()]
    if model == "adam":
        hats = {**_STATES["adam"], "m_hat": "mt", "v_hat": "vt"}
        tables.append(("cs231n", _SOURCES["usual"], hats))
        tables.append(("d2l", {**_SOURCES["usual"], "g": "g|grad"}, _D2L_ADAM))
    for source, words, states in tables:
        own = states
        if source == "goodfellow" and model == "adam":
            own = {**states, "m": "s", "v": "r", "m_hat": "shat", "v_hat": "rhat"}
        taken = {word.split()[0] for spelt in own.values() for word in spelt.split("|")}
        rows: list[tuple[str, Kind, str]] = [
            ("w", "signal", words["w"]),
            ("g", "signal", _without(words["g"], taken)),
            *((name, "signal", spelt) for name, spelt in own.items()),
            *((name, "scalar", words[name]) for name in scalars),
            ("E", "loss", _without(words["E"], taken)),
        ]
        quantities = tuple(_quantity(*row) for row in rows)
        made.append(Notation(source, "column", quantities, COMMON_FUNCTIONS, independent=True))
    return tuple(made)


def _without(words: str, taken: set[str]) -> str:
    """The spellings whose letter is no state of the model."""
    return "|".join(word for word in words.split("|") if word.split()[0] not in taken)


NOTATIONS: Mapping[str, tuple[Notation, ...]] = {
    model.name: _notations(model.name) for model in MODELS
}
