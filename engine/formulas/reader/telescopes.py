"""``dh_t/dh_{t-1} dh_{t-1}/dh_{t-2} ... dh_{k+1}/dh_k``: dots between the steps of a product."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from engine.formulas.reader.scanner import Token
from engine.formulas.tree import BigOperator, Derivative, Index, Node, Span, Symbol
from engine.formulas.trouble import unreadable

#: The operator that dots between two fractions become.
DOTS: Final = "..."
_STEP: Final = "step"  # no letter that anyone writes
_MOST_STEPS: Final = 3  # fractions before the dots


def with_telescopes(tokens: list[Token]) -> list[Token]:
    """The tokens with dots between two fractions, and the signs beside them, as one operator."""
    made: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.type != "RANGE" or token.value != DOTS:
            made.append(token)
            at += 1
            continue
        after = at + 1
        if after < len(tokens) and tokens[after].type == "OPERATOR":
            after += 1
        signed = bool(made) and made[-1].type == "OPERATOR"
        before = made[-2:-1] if signed else made[-1:]
        fractions = after < len(tokens) and tokens[after].type == "FRAC"
        if not (fractions and before and before[0].type == "RPAR"):
            made.append(token)
            at += 1
            continue
        if signed:
            made.pop()
        made.append(token._replace(type="OPERATOR"))
        at = after
    return made


def telescope(steps: list[Node], last: Node, span: Span) -> BigOperator:
    """The product of the slopes from the first of ``steps`` down to ``last``.

    Raises ``Unreadable`` where the fractions are no slopes of one signal that follow one another.
    """
    found = [_slope(node) for node in (*steps, last)]
    if any(slope is None for slope in found):
        raise unreadable("unexpected-token", span, DOTS)
    slopes = [slope for slope in found if slope is not None]
    first, end = slopes[0], slopes[-1]
    follow = all(one[1] == other[0] for one, other in pairwise(slopes[:-1]))
    alike = {slope[2] for slope in slopes} == {first[2]}
    by_one = all(slope[0] - 1 == slope[1] for slope in slopes)
    if not (follow and alike and by_one):
        raise unreadable("unexpected-token", span, DOTS)
    now = Index.of(0, **{_STEP: 1})
    body = Derivative(Symbol(first[2], time=now), Symbol(first[2], time=now - 1), span=span)
    return BigOperator("product", _STEP, end[0], first[0], body, span=span)


def _slope(node: Node) -> tuple[Index, Index, str] | None:
    """The later and the earlier step of a slope, and the signal."""
    if not isinstance(node, Derivative):
        return None
    of, by = node.of, node.by
    if not (isinstance(of, Symbol) and isinstance(by, Symbol) and of.name == by.name):
        return None
    return (of.time, by.time, of.name) if of.time is not None and by.time is not None else None


def taken_back(merged: list[tuple[str, Node]], last: Node, span: Span) -> tuple[str, Node]:
    """The slopes at the end of a product joined to ``last``, with the sign before them."""
    steps: list[Node] = []
    sign = ""
    while merged and len(steps) < _MOST_STEPS:
        before, node = merged[-1]
        slope = _slope(node)
        if slope is None or (steps and slope[1] != (_slope(steps[0]) or slope)[0]):
            break
        merged.pop()
        steps.insert(0, node)
        sign = before
    if not steps:
        raise unreadable("unexpected-token", span, DOTS)
    return sign, telescope(steps, last, span)
