"""The decoder of a sequence-to-sequence net in column vectors, given the words before each step.

u^t = W y^{t-1} + U s^{t-1} + b, s^t = f(u^t), o^t = V s^t + b_o, p^t = g(o^t): y^{t-1} is the word
before (teacher forcing: the right one). Where it has a context there is C c more in u^t: one vector
c for all steps (Cho et al. 2014), or c^t for each step (Bahdanau et al. 2015). What c^t is made of
is not a part of the step: dE/dc^t = C^T delta^t whatever it is.
"""

from __future__ import annotations

from dataclasses import replace

from engine.formulas.construction import (
    applied,
    at,
    parameter,
    product,
    replaced,
    signal,
    total,
)
from engine.formulas.models import Model, OutputLoss, rnn
from engine.formulas.tree import Node


def _renamed(node: Node) -> Node:
    """A tree of the simple RNN in the names of the decoder's output."""
    return replaced(replaced(node, signal("y"), signal("p")), signal("v"), signal("o"))


_LOSSES: dict[str, OutputLoss] = {
    name: replace(one, loss=_renamed(one.loss), adjoint=tuple(map(_renamed, one.adjoint)))
    for name, one in rnn.MODEL.output_losses.items()
}
_PAST = (
    product(parameter("W"), signal("y", at(-1))),
    product(parameter("U"), signal("s", at(-1))),
)

PLAIN = Model(
    name="decoder",
    sizes=("D", "H", "K"),
    signals={"y": "D", "d": "K", "u": "H", "s": "H", "o": "K", "p": "K"},
    parameters={
        "W": ("H", "D"),
        "U": ("H", "H"),
        "b": ("H", "1"),
        "V": ("K", "H"),
        "b_o": ("K", "1"),
    },
    equations={
        "u": total(*_PAST, parameter("b")),
        "s": applied("f", signal("u")),
        "o": total(product(parameter("V"), signal("s")), parameter("b_o")),
        "p": applied("g", signal("o")),
    },
    output="p",
    label="d",
    output_losses=_LOSSES,
    adjoints={"delta": "u", "delta_out": "o"},
    biases=("b", "b_o"),
    lagged=("delta",),
)


def _with_context(name: str, context: Node) -> Model:
    """The decoder whose steps see a context, too; the rest is asked of the plain one."""
    seen = product(parameter("C"), context)
    return replace(
        PLAIN,
        name=name,
        sizes=(*PLAIN.sizes, "A"),
        parameters={**PLAIN.parameters, "C": ("H", "A")},
        equations={**PLAIN.equations, "u": total(*_PAST, seen, parameter("b"))},
    )


_each = _with_context("decoder_context", signal("c"))
WITH_CONTEXT = replace(
    _each,
    signals={**_each.signals, "c": "A"},
    stepped=("c",),
    asked=("u", "s", "C.gradient", "C.update", "grad_c"),
)
_one = _with_context("decoder_constant", parameter("c"))
WITH_CONSTANT = replace(
    _one,
    parameters={**_one.parameters, "c": ("A", "1")},
    constants=("c",),
    asked=("u", "s", "C.gradient", "C.update", "c.gradient"),
)
MODELS = (PLAIN, WITH_CONTEXT, WITH_CONSTANT)
