"""Functions and named calls in mathematics: ``f'(u)``, ``tanh^2(u)``, ``diff(E, W)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.formulas.reader import layout
from engine.formulas.reader.indices import index_node
from engine.formulas.reader.scripts import Item
from engine.formulas.tree import (
    Apply,
    Derivative,
    Index,
    Node,
    Power,
    Product,
    Reduce,
    Span,
    Transpose,
)
from engine.formulas.trouble import Unreadable, unreadable

if TYPE_CHECKING:
    from engine.formulas.reader.resolver import Bound, Resolver

#: Words that are calls rather than functions of a notation.
CALL_WORDS: Final = frozenset({"diff", "outer", "mean", "transpose"})
_MAX_ORDER: Final = 3


def apply(
    resolver: Resolver,
    function: str,
    order: int,
    items: list[Item],
    factor: layout.Factor,
    following: layout.Factor | None,
    is_last: bool,
    bound: Bound,
) -> tuple[Node, int]:
    """A function and its argument: brackets, or one last factor without them (``tanh u^t``).

    Raises ``Unreadable`` without an argument, or with a script that is neither prime nor power.
    """
    power: Index | None = None
    for item in items:
        value = item.index.constant if item.index and not item.index.variables else 0
        if (item.kind == "prime" or item.word == "prime") and power is None:
            order += 1
        elif value > 1 and item.mark == "^" and power is None:
            power = item.index
        else:
            raise unreadable("unexpected-script", item.span, item.word)
    if order > _MAX_ORDER:
        raise unreadable("unexpected-script", factor.span)
    missing = _no_argument(factor, function)
    if following is None:
        raise missing
    if isinstance(following.nucleus, layout.Group) and not following.partial:
        argument = resolver.single(following.nucleus, bound)
        scripts = following.scripts
    else:
        leaf = following.nucleus
        words = resolver.notation.function_words
        if not is_last or (isinstance(leaf, layout.Leaf) and leaf.text in words):
            raise missing
        argument, _ = resolver.factor(following, None, False, bound)
        scripts = ()
    span = (factor.span[0], following.span[1])
    node: Node = Apply(function, argument, order, span=span)
    if power is not None:
        node = Power(node, index_node(power), span=span)
    return resolver.scripted(node, scripts, bound), 2


def _no_argument(factor: layout.Factor, word: str) -> Unreadable:
    return unreadable("function-without-argument", factor.span, word, expected=("(",))


def call(
    resolver: Resolver, word: str, factor: layout.Factor, following: layout.Factor, bound: Bound
) -> Node:
    """One of ``CALL_WORDS`` with its arguments. Raises ``Unreadable``."""
    group = following.nucleus
    span = (factor.span[0], following.span[1])
    if not isinstance(group, layout.Group):
        raise _no_argument(factor, word)
    node: Node
    if word == "mean":
        node = reduction(resolver, "mean", group, span, bound)
    elif word == "transpose":
        node = Transpose(resolver.single(group, bound), span=span)
    else:
        if len(group.entries) != 2 or any(entry.right is not None for entry in group.entries):
            raise unreadable("unexpected-token", group.span, word, expected=(",",))
        first, second = (resolver.expr(entry.left, bound) for entry in group.entries)
        if word == "diff":
            node = Derivative(first, second, span=span)
        else:
            node = Product((first, second), ("outer",), span=span)
    return resolver.scripted(node, following.scripts, bound)


def reduction(resolver: Resolver, kind: str, group: layout.Group, span: Span, bound: Bound) -> Node:
    """``sum(x, axis=0)``, ``mean(x)``. Raises ``Unreadable`` for another keyword or axis."""
    first, *others = group.entries
    axis: int | None = None
    if first.right is not None or len(others) > 1:
        raise unreadable("unexpected-token", group.span, kind)
    if others:
        name, value = lone_word(others[0].left), others[0].right
        text = lone_word(value) if value is not None else ""
        if name != "axis" or text not in ("0", "1", "none", "None"):
            raise unreadable("unexpected-token", others[0].left.span, name)
        axis = int(text) if text.isdigit() else None
    return Reduce(kind, resolver.expr(first.left, bound), axis, span=span)


def is_letter_capital_t(factor: layout.Factor) -> bool:
    """A bare T straight after another factor: far more often a lost transpose than a length."""
    leaf = factor.nucleus
    return isinstance(leaf, layout.Leaf) and leaf.text == "T" and not factor.scripts


def lone_word(expr: layout.Expr) -> str:
    """The word or number that an expression is, or an empty text."""
    lone = expr.lone_factor
    if lone is None or lone.scripts or not isinstance(lone.nucleus, layout.Leaf):
        return ""
    return lone.nucleus.text
