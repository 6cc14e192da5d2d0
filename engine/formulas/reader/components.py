"""Components of functions: ``softmax(o)_j``, ``softmax_j(e_j)``, ``σ(z)_j``."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from engine.formulas.notations import Notation
from engine.formulas.reader.program_steps import map_symbols
from engine.formulas.reader.scripts import Item
from engine.formulas.tree import (
    Apply,
    BigOperator,
    Index,
    Node,
    Quotient,
    Symbol,
    walk,
)
from engine.formulas.trouble import unreadable

_FRESH: Final = ("k", "l", "m", "n", "p", "q", "i", "j", "r", "s")


def component(notation: Notation, node: Node, item: Item, bound: frozenset[str]) -> Node | None:
    """The component that an index below a function's value names, or None for anything else.

    An elementwise function has it from its argument; softmax sums over all of them.
    """
    if not isinstance(node, Apply) or item.mark != "_" or item.index is None:
        return None
    if node.function in ("norm", "diag"):
        return None
    entry = node.argument
    if not isinstance(entry, Symbol) or entry.name not in notation.by_name:
        return None
    quantity = notation.by_name[entry.name]
    if quantity.kind not in ("signal", "parameter") or not quantity.indices:
        return None
    if entry.time is None:
        chosen = replace(entry, time=item.index)
    elif entry.outer is None and quantity.indices == 2:
        chosen = replace(entry, time=item.index, outer=entry.time)
    elif entry.time == item.index:
        chosen = entry
    else:
        return None
    if node.function != "softmax":
        return replace(node, argument=chosen)
    if node.order:
        return None
    fresh = _fresh(chosen, bound)
    return _ratio(chosen, replace(chosen, time=Index.of(0, **{fresh: 1})), fresh, node)


def over_index(node: Apply, item: Item, bound: frozenset[str]) -> Node:
    """``softmax_j(e_{t,j})``: the exponential over the sum of those of all j.

    Raises ``Unreadable`` (unexpected-script) for an index that isn't a lone letter.
    """
    index = item.index
    if index is None or node.order or len(index.variables) != 1 or index.constant:
        raise unreadable("unexpected-script", item.span)
    name = index.variables[0]
    fresh = _fresh(node.argument, bound | {name})
    other = Index.of(0, **{fresh: 1})

    def moved(symbol: Symbol) -> Symbol:
        time = symbol.time.substitute(name, other) if symbol.time else None
        outer = symbol.outer.substitute(name, other) if symbol.outer else None
        return replace(symbol, time=time, outer=outer)

    return _ratio(node.argument, map_symbols(node.argument, moved), fresh, node)


def _ratio(one: Node, other: Node, index: str, node: Apply) -> Node:
    span = node.span
    below = BigOperator("sum", index, None, None, Apply("exp", other, span=span), span=span)
    return Quotient(Apply("exp", one, span=span), below, span=span)


def _fresh(node: Node, bound: frozenset[str]) -> str:
    """An index that nothing uses yet."""
    used = set(bound)
    for part in walk(node):
        if isinstance(part, Symbol):
            indices = (part.time, part.outer, part.update)
            used |= {name for index in indices if index is not None for name in index.variables}
        elif isinstance(part, BigOperator):
            used.add(part.index)
    return next(name for name in _FRESH if name not in used)
