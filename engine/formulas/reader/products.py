"""Flat products, fractions, and the differentials that fractions of ∂ and d are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import Final

from engine.formulas.notations import Quantity
from engine.formulas.reader import layout
from engine.formulas.reader.naming import gradient_of_loss
from engine.formulas.reader.telescopes import DOTS, taken_back
from engine.formulas.tree import (
    BigOperator,
    Derivative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Span,
    Sum,
    Symbol,
    walk,
)
from engine.formulas.trouble import unreadable

MAX_DEPTH: Final = 60
MAX_EXPONENT: Final = 64


@dataclass(frozen=True)
class Differential(Node):
    """``∂W`` or ``dW`` before its fraction is found; ``style`` is the sign. Stays in here."""

    node: Node
    style: str = "∂"


def quotient(above: Node, below: Node, span: Span) -> Node:
    """A fraction: the derivative if both parts are differentials. Raises if only one is."""
    if isinstance(above, Differential) and isinstance(below, Differential):
        if "Δ" in (above.style, below.style):
            raise unreadable("unexpected-token", above.span, "Δ")
        return Derivative(above.node, below.node, span=span)
    if isinstance(below, Differential):
        raise unreadable("unexpected-token", below.span, below.style)
    return Quotient(settled(above), below, span=span)


def product(parts: list[tuple[str, Node]], span: Span, dots: bool = False) -> Node:
    """A flat product; a slash takes the one factor on each side of it.

    ``dots``: a dot between two quantities may be their inner product.
    """
    merged: list[tuple[str, Node]] = []
    at = 0
    while at < len(parts):
        sign, node = parts[at]
        if sign == DOTS:
            merged.append(taken_back(merged, node, node.span or span))
            at += 1
            continue
        if sign == "/":
            before, left = merged.pop()
            here = (_start(left, span), node.span[1] if node.span else span[1])
            spaced = merged and _letter_d(node) and _letter_d(merged[-1][1]) and before == ""
            if spaced and at + 1 < len(parts) and parts[at + 1][0] == "":  # d E / d W
                merged[-1] = (merged[-1][0], Derivative(left, parts[at + 1][1], span=here))
                at += 2
                continue
            node, sign = quotient(left, node, here), before
        merged.append((sign, node))
        at += 1
    if len(merged) == 1:
        return merged[0][1]
    operators = tuple(
        _operator(sign, before, after, dots) for (_, before), (sign, after) in pairwise(merged)
    )
    return Product(tuple(settled(node) for _, node in merged), operators, span=span)


def _operator(sign: str, before: Node, after: Node, dots: bool) -> str:
    above = after.numerator if isinstance(after, Quotient) else after
    plain = isinstance(before, Symbol | Derivative) and isinstance(above, Symbol | Derivative)
    if sign == "dot" and not (dots and plain):
        return "juxtaposed"
    return sign or "juxtaposed"


def _start(node: Node, span: Span) -> int:
    return node.span[0] if node.span else span[0]


def _letter_d(node: Node) -> bool:
    return isinstance(node, Symbol) and node.name == "d" and node.time is None


def settled(node: Node) -> Node:
    """``dW`` without a fraction line is the gradient of the loss by W. Raises for a lone ``∂W``."""
    if not isinstance(node, Differential):
        return node
    if node.style != "d" or (isinstance(node.node, Symbol) and node.node.name == "E"):
        raise unreadable("unexpected-token", node.span, node.style, expected=("/",))
    return gradient_of_loss(node.node, node.span or (0, 0))


def increments(
    links: tuple[Node, ...], quantities: Mapping[str, Quantity]
) -> tuple[tuple[Node, ...], bool]:
    """The checked links; ``ΔW = -ε dE/dW`` as ``W <- W - ε dE/dW``, and whether it was one.

    Raises ``Unreadable`` as ``check_tree`` does.
    """
    left = links[0]
    grows = False
    match left:
        case Differential(node=Symbol(name=name) as symbol, style="Δ") if len(links) > 1:
            # In an optimiser the parameters are what changes from step to step.
            grows = quantities[name].kind == "parameter" or name == "w"
            old = replace(symbol, span=left.span)
            links = (old, *(_added(old, link) for link in links[1:])) if grows else links
    return tuple(check_tree(link) for link in links), grows


def added_to(sides: tuple[Node, ...], chain: layout.Chain) -> tuple[Node, ...]:
    """``dE/dW += a`` in a loop over the steps as a sum over them; ``h += a`` as h <- h + a.

    Raises ``Unreadable`` where more than one value is added.
    """
    if chain.relations != ("+=",):
        raise unreadable("unexpected-token", chain.links[-1].span, "+=", expected=("=",))
    left, step = (settled(side) for side in sides)
    if isinstance(left, Derivative):
        return left, BigOperator("sum", "t", None, None, step, span=step.span)
    return left, _added(left, step)


def _added(old: Node, step: Node) -> Node:
    if isinstance(step, Sum):
        return Sum((old, *step.terms), (1, *step.signs), span=step.span)
    return Sum((old, step), (1, 1), span=step.span)


def check_tree(node: Node) -> Node:
    """The tree without differentials. Raises ``Unreadable`` if too deep or with a vast exponent."""
    level = [node]
    for _ in range(MAX_DEPTH):
        level = [child for parent in level for child in parent.children()]
        if not level:
            break
    else:
        raise unreadable("too-deep", node.span)
    left_over = False
    for part in walk(node):
        left_over = left_over or isinstance(part, Differential)
        if isinstance(part, Power):
            _check_exponent(part)
    return _settle_all(node) if left_over else node


def _check_exponent(power: Power) -> None:
    for part in walk(power.exponent):
        if isinstance(part, Power) or (isinstance(part, Number) and abs(part.value) > MAX_EXPONENT):
            raise unreadable("number-too-large", part.span or power.span)


def _settle_all(node: Node) -> Node:
    changes: dict[str, object] = {}
    for slot in fields(node):
        value = getattr(node, slot.name)
        if isinstance(value, Node):
            changes[slot.name] = _settle_all(value)
        elif isinstance(value, tuple) and any(isinstance(part, Node) for part in value):
            changes[slot.name] = tuple(_settle_all(part) for part in value)
    return settled(replace(node, **changes) if changes else node)  # type: ignore[arg-type]
