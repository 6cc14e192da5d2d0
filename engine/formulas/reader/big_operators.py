"""Sums and products over an index, with limits in scripts or in a call.

``Σ_{s=0}^{T_t} …``, ``sum(s=0..T_t, …)``, ``Σ_s …`` (bounds left open).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from engine.formulas.reader import layout
from engine.formulas.reader.calls import lone_word, reduction
from engine.formulas.reader.indices import (
    allowed_in_script,
    factor_index,
    index_name,
    is_letter_t,
    to_index,
)
from engine.formulas.tree import BigOperator, Index, Node, Reduce, Span
from engine.formulas.trouble import unreadable

if TYPE_CHECKING:
    from engine.formulas.reader.resolver import Bound, Resolver

MAX_NESTING: Final = 3
MAX_CALLS_IN_A_ROW: Final = 12


class _Limits:
    """What is known of the index and its bounds while scripts are read."""

    def __init__(self) -> None:
        self.index: str | None = None
        self.low: Index | None = None
        self.high: Index | None = None


def resolve_big(resolver: Resolver, big: layout.Big, bound: Bound) -> list[tuple[str, Node]]:
    """The operator, and what follows it when its body stood in the brackets of a call.

    Raises ``Unreadable`` when no index is named (sum-without-index) or too many sums are nested.
    """
    if resolver.nesting >= MAX_NESTING:
        raise unreadable("sums-too-nested", big.span)
    resolver.nesting += 1
    parts = _resolve(resolver, big, bound)
    resolver.nesting -= 1
    return parts


def _resolve(resolver: Resolver, big: layout.Big, bound: Bound) -> list[tuple[str, Node]]:
    limits = _Limits()
    for script in big.scripts:
        _script(limits, script, bound)
    if big.scripts:
        if limits.index is None or (limits.low is None) != (limits.high is None):
            raise unreadable("sum-without-index", big.span, expected=("_{s=0}^{T_t}",))
        body = resolver.term(big.body, bound | {limits.index})
        return [("", _operator(big, limits, body))]
    call = _call_group(big)
    if call is None:
        raise unreadable("sum-without-index", big.span, expected=("_{s=0}^{T_t}", "(s=0..T_t, )"))
    reduced = _reduction(resolver, big, call, bound)
    inner = reduced or _call(resolver, big, call, limits, bound)
    if inner is None:  # sum(s=0..T_t) and the body outside the brackets
        assert limits.index is not None
        rest = _without_first(big.body)
        if rest is None:
            raise unreadable("unexpected-end", big.span, expected=(",",))
        return [("", _operator(big, limits, resolver.term(rest, bound | {limits.index})))]
    node = resolver.scripted(inner, big.body.factors[0].scripts, bound)
    rest = _without_first(big.body)
    if rest is None:
        return [("", node)]
    sign = big.body.operators[0] if big.body.factors[1:] else big.body.last
    return [("", node), *_following(resolver, rest, sign, bound)]


def _following(
    resolver: Resolver, rest: layout.Term, sign: str, bound: Bound
) -> list[tuple[str, Node]]:
    # The grammar nests what follows a call in it: no deeper sum, but deeper recursion.
    if resolver.calls_in_a_row >= MAX_CALLS_IN_A_ROW:
        raise unreadable("sums-too-nested", rest.span)
    resolver.calls_in_a_row += 1
    resolver.nesting -= 1
    parts = resolver.parts(rest, bound)
    resolver.nesting += 1
    resolver.calls_in_a_row -= 1
    return [(sign, parts[0][1]), *parts[1:]]


def _operator(big: layout.Big, limits: _Limits, body: Node, span: Span | None = None) -> Node:
    assert limits.index is not None
    span = span or big.span
    return BigOperator(big.kind, limits.index, limits.low, limits.high, body, span=span)


def _without_first(term: layout.Term) -> layout.Term | None:
    if len(term.factors) == 1 and term.big is None:
        return None
    start = term.factors[1].span[0] if term.factors[1:] else term.span[0]
    return replace(
        term,
        factors=term.factors[1:],
        operators=term.operators[1:],
        span=(start, term.span[1]),
    )


def _call_group(big: layout.Big) -> layout.Group | None:
    if not big.body.factors:
        return None
    group = big.body.factors[0].nucleus
    if not isinstance(group, layout.Group) or big.body.factors[0].partial:
        return None
    return group if group.kind in "([" else None


def _index_of_name(expr: layout.Expr) -> str | None:
    """The name of an index that is about to be bound, or None for anything else."""
    lone = expr.lone_factor
    if lone is None or lone.scripts or lone.partial or not isinstance(lone.nucleus, layout.Leaf):
        return None
    name = index_name(lone.nucleus.text)
    if lone.nucleus.kind != "NAME":
        return None
    word = name.isascii() and name.isalpha() and name.islower() and len(name) <= 8
    return name if word or allowed_in_script(frozenset())(name) else None


def _bound_by(limits: _Limits, entry: layout.Entry, bound: Bound) -> bool:
    """Reads ``s``, ``s=0`` or ``s=0..T_t`` into ``limits``; False when it is none of them."""
    name = _index_of_name(entry.left)
    if name is None:
        return False
    allowed = allowed_in_script(bound)
    low = to_index(entry.right, allowed) if entry.right else None
    high = to_index(entry.upper, allowed) if entry.upper else None
    if (entry.right and low is None) or (entry.upper and high is None):
        return False
    limits.index = name
    limits.low = low if low is not None else limits.low
    limits.high = high if high is not None else limits.high
    return True


def _script(limits: _Limits, script: layout.Script, bound: Bound) -> None:
    content = script.content
    if content is None:
        raise unreadable("unexpected-script", script.span)
    allowed = allowed_in_script(bound)
    if script.kind == "_":
        if limits.high == Index.of(0, T=1) and limits.index and is_letter_t(script):
            limits.high = Index.of(0, T_t=1)  # Σ_{s=0}^T_t without braces
            return
        if isinstance(content, layout.Group):
            if len(content.entries) == 1 and _bound_by(limits, content.entries[0], bound):
                return
        elif _bound_by(limits, layout.Entry(_as_expr(content)), bound):
            return
        raise unreadable("unexpected-script", script.span)
    if isinstance(content, layout.Group):
        high = to_index(content.single, allowed) if content.single else None
    else:
        high = factor_index(layout.Factor(content, (), content.span), allowed)
    if high is None or limits.high is not None or script.negative:
        raise unreadable("unexpected-script", script.span)
    limits.high = high


def _as_expr(nucleus: layout.Nucleus) -> layout.Expr:
    factor = layout.Factor(nucleus, (), nucleus.span)
    return layout.Expr((layout.Term((factor,), (), None, "", nucleus.span),), (1,), nucleus.span)


def _call(
    resolver: Resolver, big: layout.Big, group: layout.Group, limits: _Limits, bound: Bound
) -> Node | None:
    """``sum(s=0..T_t, body)``, ``sum(body, s=0..T_t)``, ``sum(s, body)``; None without a body."""
    entries = list(group.entries)
    ranges = [e for e in entries if e.right is not None]
    if len(ranges) == 1 and len(entries) <= 3:
        place = entries.index(ranges[0])
        entries.remove(ranges[0])
        if not _bound_by(limits, ranges[0], bound):
            raise unreadable("sum-without-index", ranges[0].left.span, expected=("s=0..T_t",))
        if limits.high is None and place == 0 and len(entries) == 2:  # sum(s=0, T_t, body)
            limits.high = to_index(entries.pop(0).left, allowed_in_script(bound))
        if limits.high is None:
            raise unreadable("sum-without-index", ranges[0].left.span, expected=("s=0..T_t",))
    elif not ranges and len(entries) == 2 and _bound_by(limits, entries[0], bound):
        entries.pop(0)
    if limits.index is None or len(entries) > 1:
        raise unreadable("sum-without-index", group.span, expected=("s=0..T_t",))
    if not entries:
        return None
    span = (big.span[0], group.span[1])
    body = resolver.expr(entries[0].left, bound | {limits.index})
    return _operator(big, limits, body, span)


def _reduction(
    resolver: Resolver, big: layout.Big, group: layout.Group, bound: Bound
) -> Node | None:
    """``sum(x, axis=0)``, or None."""
    second = group.entries[1] if len(group.entries) == 2 else None
    if second is None or second.right is None or big.kind != "sum":
        return None
    if lone_word(second.left) != "axis":
        return None
    node = reduction(resolver, "sum", group, (big.span[0], group.span[1]), bound)
    assert isinstance(node, Reduce)
    return node
