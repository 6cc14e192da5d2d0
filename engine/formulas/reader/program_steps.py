"""Time steps that code leaves unsaid: the course's column offsets, and names without an index."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import TypeVar

from engine.formulas.notations import Notation
from engine.formulas.tree import Derivative, Equation, Index, Node, Symbol, walk

_N = TypeVar("_N", bound=Node)


def map_symbols(node: _N, change: Callable[[Symbol], Symbol]) -> _N:
    """The tree with every symbol replaced by ``change(symbol)``. Recurses to the tree's depth."""
    if isinstance(node, Symbol):
        return change(node)  # type: ignore[return-value]
    changes: dict[str, object] = {}
    for slot in fields(node):
        value = getattr(node, slot.name)
        if isinstance(value, Node):
            changes[slot.name] = map_symbols(value, change)
        elif isinstance(value, tuple) and any(isinstance(part, Node) for part in value):
            changes[slot.name] = tuple(map_symbols(part, change) for part in value)
    return replace(node, **changes) if changes else node  # type: ignore[arg-type]


def count_from_one(equation: Equation) -> Equation:
    """Renames the step of a statement of the course's program, so that its left side is at t.

    There column t + 1 of u and z belongs to column t of y and the deltas: the reader has already
    put all of them on one count that starts at 1, where the loop's t is one less than the step.
    """
    left = equation.links[0]
    if isinstance(left, Derivative):
        left = left.by
    shift = 1
    if len(equation.links) > 1 and isinstance(left, Symbol) and left.time is not None:
        if left.time.variables != ("t",):
            return equation
        shift = left.time.constant
    step = Index.of(-shift, t=1)

    def moved(symbol: Symbol) -> Symbol:
        if symbol.time is None:
            return symbol
        return replace(symbol, time=symbol.time.substitute("t", step))

    return map_symbols(equation, moved) if shift else equation


def fill_times(equation: Equation, notation: Notation, named: bool = False) -> Equation:
    """Beside z_prev or z[t-1] a signal without an index is the one of this step.

    ``named``: a step was said by a word. Then h_next of h_prev is the state of this step.
    """
    if named:
        equation = _next_as_now(equation)
    symbols = [node for node in walk(equation) if isinstance(node, Symbol)]
    if not any(symbol.time is not None and "t" in symbol.time.variables for symbol in symbols):
        return equation

    def filled(symbol: Symbol) -> Symbol:
        quantity = notation.by_name.get(symbol.name)
        if quantity is None or quantity.kind != "signal" or symbol.time is not None:
            return symbol
        if quantity.indices != 1:  # a table, or a quantity without steps
            return symbol
        return replace(symbol, time=Index.of(0, t=1))

    return map_symbols(equation, filled)


def _next_as_now(equation: Equation) -> Equation:
    """``h_next = tanh(h_prev W + x U)``: from one step to the one after, not over it."""
    left, now, ahead = equation.links[0], Index.of(0, t=1), Index.of(1, t=1)
    if not isinstance(left, Symbol) or left.time != ahead:
        return equation
    times = {node.time for node in walk(equation) if node != left and isinstance(node, Symbol)}
    own = [n.time for n in walk(equation) if isinstance(n, Symbol) and n.name == left.name]
    if now in times or None in own or Index.of(-1, t=1) not in own:
        return equation

    def moved(symbol: Symbol) -> Symbol:
        return replace(symbol, time=now) if symbol.time == ahead else symbol

    return map_symbols(equation, moved)


def old_value(equation: Equation) -> Equation:
    """``h = np.tanh(x @ U + h @ W)``: on the right stands the value before the assignment.

    That of a state is one step back, that of a delta, which goes backward, one step on.
    """
    left = equation.links[0]
    if not isinstance(left, Symbol) or left.time is not None or len(equation.links) != 2:
        return equation
    symbols = [node for node in walk(equation) if isinstance(node, Symbol)]
    if any(symbol.time is not None for symbol in symbols) or symbols.count(left) < 2:
        return equation
    back = 1 if left.name.startswith("delta") else -1

    def moved(symbol: Symbol) -> Symbol:
        return replace(symbol, time=Index.of(back, t=1)) if symbol == left else symbol

    return replace(equation, links=(left, map_symbols(equation.links[1], moved)))


def renewed_value(equation: Equation, text: str) -> Equation:
    """``h_new = (1 - z) h + z h_bar``: the h on the right is the state before."""
    left = equation.links[0]
    now = Index.of(0, t=1)
    if not isinstance(left, Symbol) or left.time != now or "new" not in text:
        return equation
    bare = replace(left, time=None)

    def moved(symbol: Symbol) -> Symbol:
        return replace(symbol, time=Index.of(-1, t=1)) if symbol == bare else symbol

    return map_symbols(equation, moved)
