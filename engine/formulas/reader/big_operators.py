"""Sums and products over an index, with limits in scripts or in a call.

``Σ_{s=0}^{T_t} …``, ``sum(s=0..T_t, …)``, ``Σ_s …`` (bounds left open).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from engine.formulas.reader import layout
from engine.formulas.reader.calls import lone_word, reduction
from engine.formulas.reader.indices import to_index
from engine.formulas.reader.limits import Limits
from engine.formulas.tree import BigOperator, Index, Node, Reduce, Span, Symbol, walk
from engine.formulas.trouble import unreadable

if TYPE_CHECKING:
    from engine.formulas.reader.resolver import Bound, Resolver

_FIRST: Final = Index(constant=1)
MAX_NESTING: Final = 3
MAX_CALLS_IN_A_ROW: Final = 12


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
    limits = Limits(resolver, bound)
    for script in big.scripts:
        limits.script(script)
    if big.scripts:
        if limits.low == _FIRST and limits.high is None and resolver.notation.indices_below:
            limits.low = None  # from the first on: over all of them
        if limits.index is None or (limits.low is None) != (limits.high is None):
            raise unreadable("sum-without-index", big.span, expected=("_{s=0}^{T_t}",))
        body = resolver.term(big.body, bound | {limits.index})
        return [("", _operator(big, limits, body))]
    call = _call_group(big)
    if call is None:
        limits.index = _only_index(resolver, big, bound)
        if limits.index is not None:
            return [("", _operator(big, limits, resolver.term(big.body, bound | {limits.index})))]
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


def _operator(big: layout.Big, limits: Limits, body: Node, span: Span | None = None) -> Node:
    assert limits.index is not None
    span = span or big.span
    excluded = tuple(sorted(limits.excluded))
    return BigOperator(big.kind, limits.index, limits.low, limits.high, body, excluded, span=span)


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


def _only_index(resolver: Resolver, big: layout.Big, bound: Bound) -> str | None:
    """``-Σ t_k log y_k`` without steps: the one index that neither the left side nor a sum has."""
    if not resolver.notation.indices_below:
        return None
    body = resolver.term(big.body, bound)
    found: set[str] = set()
    for node in walk(body):
        if isinstance(node, Symbol):
            for index in (node.time, node.outer):
                found.update(index.variables if index is not None else ())
        elif isinstance(node, BigOperator):
            found.discard(node.index)
    found -= {*bound, *resolver.left_indices, *resolver.notation.values - found_letters(found)}
    return found.pop() if len(found) == 1 else None


def found_letters(found: set[str]) -> set[str]:
    """Small letters, which are indices even where they are values too."""
    return {name for name in found if len(name) == 1 and name.islower()}


def _call(
    resolver: Resolver, big: layout.Big, group: layout.Group, limits: Limits, bound: Bound
) -> Node | None:
    """``sum(s=0..T_t, body)``, ``sum(body, s=0..T_t)``, ``sum(s, body)``; None without a body."""
    entries = [entry for entry in group.entries if entry.sign != "!="]
    ranges = [entry for entry in entries if entry.is_equation]
    if len(ranges) == 1 and len(entries) <= 3:
        place = entries.index(ranges[0])
        entries.remove(ranges[0])
        if not limits.reads(ranges[0]):
            raise unreadable("sum-without-index", ranges[0].left.span, expected=("s=0..T_t",))
        if limits.high is None and place == 0 and len(entries) == 2:  # sum(s=0, T_t, body)
            limits.high = to_index(entries.pop(0).left, limits.allowed)
        if limits.high is None:
            raise unreadable("sum-without-index", ranges[0].left.span, expected=("s=0..T_t",))
    elif not ranges and len(entries) == 2 and entries[0].is_plain and limits.reads(entries[0]):
        entries.pop(0)
    for entry in group.entries:
        if entry.sign == "!=" and not limits.reads(entry):
            raise unreadable("sum-without-index", entry.left.span, expected=("s=0..T_t",))
    plain = all(entry.is_plain for entry in entries)
    if limits.index is None and plain and len(entries) == 1 and resolver.notation.indices_below:
        # sum(x): of all its entries, where there are no steps that it could run over
        body = resolver.expr(entries[0].left, bound)
        kind = "sum" if big.kind == "sum" else ""
        if kind:
            return Reduce(kind, body, None, span=(big.span[0], group.span[1]))
    if limits.index is None or len(entries) > 1 or not plain:
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
    if second is None or not second.is_equation or big.kind != "sum":
        return None
    if lone_word(second.left) != "axis":
        return None
    node = reduction(resolver, "sum", group, (big.span[0], group.span[1]), bound)
    assert isinstance(node, Reduce)
    return node
