"""Functions and named calls in mathematics: ``f'(u)``, ``tanh^2(u)``, ``diff(E, W)``."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from engine.formulas.reader import layout
from engine.formulas.reader.components import component, over_index
from engine.formulas.reader.groups import (
    EXTREMA,
    STACKS,
    extremum,
    resolve_group,
    stack_of_arguments,
)
from engine.formulas.reader.indices import index_node
from engine.formulas.reader.scripts import Item
from engine.formulas.tree import (
    Apply,
    Derivative,
    Index,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Reduce,
    Span,
    Stack,
    Symbol,
    Transpose,
)
from engine.formulas.trouble import Unreadable, unreadable

if TYPE_CHECKING:
    from engine.formulas.reader.resolver import Bound, Resolver, Tail

#: Words that are calls rather than functions of a notation.
CALL_WORDS: Final = frozenset({"diff", "outer", "mean", "transpose", "prod", *EXTREMA, *STACKS})
LOSS: Final = "loss"
_MAX_ORDER: Final = 3
MAX_FUNCTIONS_IN_A_ROW: Final = 3


def apply(
    resolver: Resolver,
    function: str,
    order: int,
    items: list[Item],
    factor: layout.Factor,
    following: layout.Factor | None,
    tail: Tail,
    bound: Bound,
) -> tuple[Node, int]:
    """A function and its argument: brackets, or one last factor without them (``tanh u^t``).

    Raises ``Unreadable`` without an argument, or with a script that is neither prime nor power.
    """
    power: Index | None = None
    over: Item | None = None
    for item in items:
        value = item.index.constant if item.index and not item.index.variables else 0
        if (item.kind == "prime" or item.word == "prime") and power is None:
            order += 1
        elif value > 1 and item.mark == "^" and power is None:
            power = item.index
        elif function == "softmax" and item.mark == "_" and item.index and over is None:
            over = item
        else:
            raise unreadable("unexpected-script", item.span, item.word)
    if order > _MAX_ORDER:
        raise unreadable("unexpected-script", factor.span)
    missing = _no_argument(factor, function)
    used = 1
    if following is None:
        raise missing
    if isinstance(following.nucleus, layout.Group) and not following.partial:
        argument = _argument(resolver, following.nucleus, bound)
        scripts = following.scripts
    else:
        argument, used = _bare_argument(resolver, following, tail, bound, missing)
        scripts = ()
    end = argument.span[1] if argument.span else following.span[1]
    span = (factor.span[0], max(end, following.span[1]))
    node: Node = Apply(function, argument, order, span=span)
    if function == "sech":
        if order:
            raise unreadable("unexpected-script", factor.span, function)
        node = Quotient(Number(Fraction(1)), Apply("cosh", argument, span=span), span=span)
    if over is not None and isinstance(node, Apply):
        node = over_index(node, over, bound)
    elif function == "softmax" and not order:
        node = _over_last_index(resolver, node, bound)
    if power is not None:
        node = Power(node, index_node(power), span=span)
    return resolver.scripted(node, scripts, bound), 1 + used


def _bare_argument(
    resolver: Resolver, following: layout.Factor, tail: Tail, bound: Bound, missing: Unreadable
) -> tuple[Node, int]:
    """The rest of the term, where it is one factor: ``tanh u^t``, ``log σ(x)``, ``log P(y)``."""
    if tail is None or resolver.functions_in_a_row >= MAX_FUNCTIONS_IN_A_ROW:
        raise missing
    resolver.functions_in_a_row += 1
    after = tail[0] if tail else None
    argument, used = resolver.factor(following, after, tail[1:] if tail else None, bound)
    resolver.functions_in_a_row -= 1
    if used != 1 + len(tail):
        raise missing
    return argument, used


def _argument(resolver: Resolver, group: layout.Group, bound: Bound) -> Node:
    """What a function is applied to; round brackets hold one expression."""
    if group.kind in "({":
        return resolver.single(group, bound)
    return resolve_group(resolver, group, bound)


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
    elif word in EXTREMA:
        node = extremum(resolver, EXTREMA[word], group, span, bound)
    elif word in STACKS:
        node = stack_of_arguments(resolver, group, span, bound)
    else:
        if len(group.entries) != 2 or not all(entry.is_plain for entry in group.entries):
            raise unreadable("unexpected-token", group.span, word, expected=(",",))
        first, second = (resolver.expr(entry.left, bound) for entry in group.entries)
        if word == "diff":
            node = Derivative(first, second, span=span)
        else:
            operator = "outer" if word == "outer" else "juxtaposed"
            node = Product((first, second), (operator,), span=span)
    return resolver.scripted(node, following.scripts, bound)


def unknown_loss(resolver: Resolver, group: layout.Group, span: Span, bound: Bound) -> Node:
    """``loss(y, d)`` of a loss of which no more is known. Raises for anything but two arguments."""
    if len(group.entries) != 2 or not all(entry.is_plain for entry in group.entries):
        raise unreadable("unexpected-token", group.span, LOSS, expected=(",",))
    parts = tuple(resolver.expr(entry.left, bound) for entry in group.entries)
    return Apply(LOSS, Stack(parts, "rows", span=group.span), span=span)


def reduction(resolver: Resolver, kind: str, group: layout.Group, span: Span, bound: Bound) -> Node:
    """``sum(x, axis=0)``, ``mean(x)``. Raises ``Unreadable`` for another keyword or axis."""
    first, *others = group.entries
    axis: int | None = None
    if not first.is_plain or len(others) > 1 or any(not other.is_equation for other in others):
        raise unreadable("unexpected-token", group.span, kind)
    if others:
        name, value = lone_word(others[0].left), others[0].right
        text = lone_word(value) if value is not None else ""
        if name != "axis" or text not in ("0", "1", "none", "None"):
            raise unreadable("unexpected-token", others[0].left.span, name)
        axis = int(text) if text.isdigit() else None
    return Reduce(kind, resolver.expr(first.left, bound), axis, span=span)


def _over_last_index(resolver: Resolver, node: Node, bound: Bound) -> Node:
    """``softmax(e_{tj})``: of one entry it is the softmax over its last index that is meant."""
    assert isinstance(node, Apply)
    entry = node.argument
    quantity = resolver.notation.by_name.get(entry.name) if isinstance(entry, Symbol) else None
    if not isinstance(entry, Symbol) or quantity is None or quantity.indices != 2:
        return node
    if entry.outer is None or entry.time is None or len(entry.time.variables) != 1:
        return node
    item = Item("index", "_", node.span or (0, 0), index=entry.time)
    return (
        component(resolver.notation, Apply("softmax", entry, span=node.span), item, bound) or node
    )


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
