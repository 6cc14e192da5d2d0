"""Edits of one quantity: another parameter or signal in its place, another step, a transpose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.formulas.construction import applied, hadamard, signal
from engine.formulas.mistakes.codes import code_of_exchange
from engine.formulas.models import Model
from engine.formulas.tree import Apply, Index, Node, Symbol, Transpose, walk

# Functions that are put around a product of which they belong to one factor: tanh(o c).
ROUND_PRODUCTS = frozenset({"tanh", "sigmoid"})


def symbol_edits(node: Symbol, model: Model) -> Iterator[tuple[str, Node, str]]:
    """Another name or step, a transpose, a function around it, a slope counted twice."""
    name = node.name
    if name in model.parameters:
        for other, shape in model.parameters.items():
            if other != name and (shape[1] == "1") == (model.parameters[name][1] == "1"):
                yield "wrong-parameter", replace(node, name=other), f"{name}>{other}"
        if node.update is not None:
            for shift in (1, -1):
                yield "index-shifted", replace(node, update=node.update + shift), f"{shift:+d}"
        if model.parameters[name][1] != "1":
            yield "transpose-added", Transpose(node), name
        return
    if name not in model.signals and name not in model.gradients:
        return
    if node.time is not None:
        for shift in (1, -1):
            yield "index-shifted", replace(node, time=node.time + shift), f"{name}{shift:+d}"
    pool = [*model.signals] if name in model.signals else [*model.adjoint_of.values()]
    for other in pool:
        if other not in {name, model.label}:
            code = code_of_exchange(name, other, model)
            yield code, replace(node, name=other), f"{name}>{other}"
    yield "transpose-added", Transpose(node), name
    if name in model.signals:
        for function in sorted(ROUND_PRODUCTS & model.functions):
            yield "activation-added", applied(function, node), function
    yield from _companions(node, model)
    of = model.gradients.get(name)
    if of in model.recurrent() and node.time is not None:
        for reader, equation in model.equations.items():
            if isinstance(equation, Apply) and equation.argument == signal(of or ""):
                slope = applied(equation.function, Symbol(of or "", time=node.time), 1)
                yield "factor-added", hadamard(node, slope), f"{reader}: slope counted twice"


def _companions(node: Symbol, model: Model) -> Iterator[tuple[str, Node, str]]:
    """x^t for z^{t-1}: the signal of another weight of the same equation, with its own step."""
    for equation in model.equations.values():
        read = {
            part.name: part.time
            for part in walk(equation)
            if isinstance(part, Symbol) and part.name in model.signals and part.time is not None
        }
        own = read.get(node.name)
        for other, time in read.items():
            if other != node.name and own is not None and time != own:
                moved = (node.time or Index.of(0, t=1)) + (time.constant - own.constant)
                code = code_of_exchange(node.name, other, model)
                yield code, replace(node, name=other, time=moved), f"{other} for it"


def lag_edits(node: Symbol, model: Model, bound: frozenset[str]) -> Iterator[tuple[str, Node, str]]:
    """δ^t for δ^{t-s} below a sum over s, and back."""
    if node.time is None or node.name in model.parameters or "t" in bound:
        return
    for name in sorted(bound):
        weight = dict(node.time.coefficients).get(name, 0)
        lag = Index.of(0, **{name: weight or 1})
        yield "index-shifted", replace(node, time=node.time - lag), f"{name} left out or put in"
