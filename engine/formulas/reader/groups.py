"""Brackets that hold more than one expression: stacks, cases, bars, smallest and largest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.formulas.reader import layout
from engine.formulas.tree import (
    Apply,
    Cases,
    Comparison,
    Extremum,
    Node,
    Number,
    Span,
    Stack,
)
from engine.formulas.trouble import unreadable

if TYPE_CHECKING:
    from engine.formulas.reader.resolver import Bound, Resolver

# Single bars around a vector mean its length too, and around a number it is the same.
_BARS: Final = frozenset("|‖")
#: Words of calls whose arguments are joined or compared.
EXTREMA: Final = {"min": "min", "max": "max", "minimum": "min", "maximum": "max"}
STACKS: Final = frozenset({"concat", "Concat", "concatenate", "cat"})


def resolve_group(resolver: Resolver, group: layout.Group, bound: Bound) -> Node:
    """The value of what stands in brackets. Raises ``Unreadable`` for a list that means nothing."""
    if group.kind in _BARS:
        return Apply("norm", resolver.single(group, bound), span=group.span)
    if group.kind == "cases":
        return _cases(resolver, group, bound)
    several = len(group.entries) > 1 and all(entry.is_plain for entry in group.entries)
    rows_only = set(group.separators) == {";"}
    if group.kind == "matrix" or (several and (group.kind == "[" or rows_only)):
        return _stack(resolver, group, bound)
    return resolver.single(group, bound)


def _stack(resolver: Resolver, group: layout.Group, bound: Bound) -> Node:
    """``[a; b]``, ``[a, b]``, or rows of several columns each."""
    if not all(entry.is_plain for entry in group.entries):
        raise unreadable("unexpected-token", group.span, group.kind[:1])
    rows: list[list[Node]] = [[]]
    for place, entry in enumerate(group.entries):
        if place and group.separators[place - 1] == ";":
            rows.append([])
        rows[-1].append(resolver.expr(entry.left, bound))
    whole = [_joined(row, "columns", group.span) for row in rows]
    return _joined(whole, "rows", group.span)


def _joined(parts: list[Node], axis: str, span: Span) -> Node:
    return parts[0] if len(parts) == 1 else Stack(tuple(parts), axis, span=span)


def stack_of_arguments(resolver: Resolver, group: layout.Group, span: Span, bound: Bound) -> Node:
    """``concat(a, b)``: features joined, as rows of a column."""
    inner = group.single.lone_factor if group.single is not None else None
    if inner is not None and isinstance(inner.nucleus, layout.Group):
        group = inner.nucleus  # concat([a, b])
    if len(group.entries) < 2 or not all(entry.is_plain for entry in group.entries):
        raise unreadable("unexpected-token", group.span, expected=(",",))
    parts = tuple(resolver.expr(entry.left, bound) for entry in group.entries)
    return Stack(parts, "rows", span=span)


def extremum(resolver: Resolver, kind: str, group: layout.Group, span: Span, bound: Bound) -> Node:
    """``min(1, x)``. The larger of a value and 0 is relu. Raises for fewer than two parts."""
    if len(group.entries) < 2 or not all(entry.is_plain for entry in group.entries):
        raise unreadable("unexpected-token", group.span, kind, expected=(",",))
    parts = tuple(resolver.expr(entry.left, bound) for entry in group.entries)
    return smallest_or_largest(kind, parts, span)


def smallest_or_largest(kind: str, parts: tuple[Node, ...], span: Span) -> Node:
    """An extremum, or relu where it is the larger of one value and 0."""
    zeros = [part for part in parts if isinstance(part, Number) and part.value == 0]
    if kind == "max" and len(parts) == 2 and len(zeros) == 1:
        return Apply("relu", next(part for part in parts if part is not zeros[0]), span=span)
    return Extremum(kind, parts, span=span)


# -- cases


def _cases(resolver: Resolver, group: layout.Group, bound: Bound) -> Node:
    """Rows of a value and a condition, or of a value and ``otherwise``."""
    rows: list[list[layout.Entry]] = [[]]
    for place, entry in enumerate(group.entries):
        if place and group.separators[place - 1] == ";":
            rows.append([])
        if entry.kind != "dots":
            rows[-1].append(entry)
    branches: list[Node] = []
    conditions: list[Comparison] = []
    otherwise: Node | None = None
    for place, row in enumerate(rows):
        if not row or len(row) > 2 or not row[0].is_plain:
            raise unreadable("unexpected-token", group.span, expected=("if",))
        value = resolver.expr(row[0].left, bound)
        last = place == len(rows) - 1
        if len(row) == 1 or row[1].kind == "otherwise":
            if not last:
                raise unreadable("unexpected-token", row[-1].left.span, expected=("if",))
            otherwise = value
        else:
            branches.append(value)
            conditions.append(_condition(resolver, row[1], bound))
    if not branches:
        raise unreadable("unexpected-token", group.span, expected=("if",))
    return cases(tuple(branches), tuple(conditions), otherwise, group.span)


def cases(
    branches: tuple[Node, ...],
    conditions: tuple[Comparison, ...],
    otherwise: Node | None,
    span: Span,
) -> Cases:
    """Cases, with cases in the place of the other case joined to them."""
    if isinstance(otherwise, Cases):
        branches += otherwise.branches
        conditions += otherwise.conditions
        otherwise = otherwise.otherwise
    return Cases(branches, conditions, otherwise, span=span)


def _condition(resolver: Resolver, entry: layout.Entry, bound: Bound) -> Comparison:
    if entry.right is None or entry.upper is not None or entry.sign in ("in", "~"):
        raise unreadable("unexpected-token", entry.left.span, expected=("<", ">", "="))
    left, right = (resolver.expr(side, bound) for side in (entry.left, entry.right))
    span = (entry.left.span[0], entry.right.span[1])
    return Comparison(entry.sign, left, right, span=span)


def comparison(resolver: Resolver, condition: layout.Condition) -> Comparison:
    """The condition of a whole statement."""
    entry = layout.Entry(condition.left, condition.right, sign=condition.sign)
    return _condition(resolver, entry, frozenset())


__all__ = [
    "EXTREMA",
    "STACKS",
    "cases",
    "comparison",
    "extremum",
    "resolve_group",
    "smallest_or_largest",
    "stack_of_arguments",
]
