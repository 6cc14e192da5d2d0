"""What goes wrong along an axis or a run: indices, slices, ranges, the edge, the axis itself.

Operators like those of ``operators``, which gathers them all.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from .rewriting import (
    Context,
    Rewrite,
    called,
    constant,
    is_,
    names,
    shifted,
    steps_back,
    whole,
)


def indices(node: ast.expr, context: Context) -> Iterator[Rewrite]:
    """An index of a loop variable that is off by one."""
    if not context.in_index or not names(node) & context.loop_variables:
        return
    if isinstance(node, ast.Tuple | ast.Slice) or isinstance(
        context.parent, ast.BinOp | ast.UnaryOp
    ):
        return  # only the whole expression of one axis
    base, offset = node, 0
    if isinstance(node, ast.BinOp) and isinstance(node.right, ast.Constant):
        sign = {ast.Add: 1, ast.Sub: -1}.get(type(node.op))
        if sign is not None and isinstance(node.right.value, int):
            base, offset = node.left, sign * node.right.value
    # One step off, or on the other side of the step.
    for moved in dict.fromkeys((offset - 1, offset + 1, -offset)):
        if moved == offset:
            continue
        yield "index-shifted", shifted(base, moved)


# Of those that tell along which axis; a maximum is left out: in a softmax any of them will do.
_ALONG_AXIS: Final = frozenset(
    "sum mean concatenate stack split argmax argmin cumsum repeat flip expand_dims".split()  # noqa: SIM905
)


_OTHER_AXIS: Final[dict[int | None, int]] = {0: 1, 1: 0, 2: 1, -1: 0, -2: -1}


def axes(node: ast.expr, context: Context) -> Iterator[Rewrite]:
    """Sums, joins and cuts along the wrong axis; a turn along one of several axes left out.

    ``[h_f, h_b]`` joined along time instead of the features, ``x[:, ::-1]`` without its turn.
    """
    if isinstance(node, ast.Call) and called(node) in _ALONG_AXIS:
        for place, keyword in enumerate(node.keywords):
            other = _OTHER_AXIS.get(whole(keyword.value)) if keyword.arg == "axis" else None
            if other is not None:
                turned = ast.keyword("axis", constant(other))
                keywords = [*node.keywords[:place], turned, *node.keywords[place + 1 :]]
                yield "axis-wrong", ast.Call(node.func, node.args, keywords)
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple):
        parts = node.slice.elts
        for place, axis in enumerate(parts):
            if ast.unparse(axis) == "::-1":
                kept: list[ast.expr] = [*parts[:place], ast.Slice(), *parts[place + 1 :]]
                turned_back = ast.Subscript(node.value, ast.Tuple(kept, ast.Load()), ast.Load())
                yield "order-swapped", turned_back


_ALL_BUT_ONE: Final = {"1:": ":-1", ":-1": "1:"}


def slices(node: ast.expr, context: Context) -> Iterator[Rewrite]:
    """All but the first for all but the last, and the other way round: ``x[1:]``, ``x[:-1]``."""
    if not isinstance(node, ast.Subscript) or not isinstance(node.ctx, ast.Load):
        return
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    for place, part in enumerate(parts):
        other = _ALL_BUT_ONE.get(ast.unparse(part))
        if other is None:
            continue
        cut = ast.Slice(ast.Constant(1)) if other == "1:" else ast.Slice(upper=constant(-1))
        for changed in (cut, ast.Slice()):
            moved: list[ast.expr] = [*parts[:place], changed, *parts[place + 1 :]]
            several = isinstance(node.slice, ast.Tuple)
            inside = ast.Tuple(moved, ast.Load()) if several else moved[0]
            yield "index-shifted", ast.Subscript(node.value, inside, ast.Load())


def ranges(node: ast.expr, context: Context) -> Iterator[Rewrite]:
    """A loop that is one step short, late or long, or runs the other way."""
    function = called(node)
    if isinstance(node, ast.Call) and function == "range":
        for code, arguments in _bounds(node.args, context):
            yield code, ast.Call(node.func, arguments, [])
    if isinstance(node, ast.Call) and function == "reversed" and len(node.args) == 1:
        yield "order-swapped", node.args[0]
    if isinstance(node, ast.Subscript) and ast.unparse(node.slice) == "::-1":
        yield "order-swapped", node.value


def _bounds(given: list[ast.expr], context: Context) -> Iterator[tuple[str, list[ast.expr]]]:
    """Other arguments of a ``range``: another last step, another first one, the other way round."""
    step = whole(given[2]) if len(given) == 3 else 1
    if step not in (1, -1):
        return  # of a stride, one more or less is no step
    first = given[0] if len(given) > 1 else constant(0)
    last = given[min(1, len(given) - 1)]

    def over(start: ast.expr, end: ast.expr) -> list[ast.expr]:
        return [end] if len(given) == 1 and whole(start) == 0 else [start, end, *given[2:]]

    yield "sum-shortened", over(first, _moved(last, -step))
    yield "sum-starts-late", over(_moved(first, step), last)
    if not isinstance(context.parent, ast.comprehension):
        yield "sum-lengthened", over(first, _moved(last, step))
    if len(given) > 1 and whole(first) != 0:
        wraps = context.steps_back and step == 1
        early = "wraps-to-last-state" if wraps else "sum-lengthened"
        yield early, over(_moved(first, -step), last)
    if step == -1:
        yield "order-swapped", [_moved(last, 1), _moved(first, 1)]


def _moved(bound: ast.expr, by: int) -> ast.expr:
    """A bound of a range, one more or less, as people write it."""
    number = whole(bound)
    if number is not None:
        return constant(number + by)
    if isinstance(bound, ast.BinOp) and isinstance(bound.op, ast.Add | ast.Sub):
        offset = whole(bound.right)
        if offset is not None:
            sign = 1 if isinstance(bound.op, ast.Add) else -1
            return shifted(bound.left, sign * offset + by)
    return shifted(bound, by)


def runs(node: ast.expr, context: Context) -> Iterator[Rewrite]:
    """The edge of a run over time: its first step, and the room for the state before it."""
    if isinstance(node, ast.IfExp) and names(node.test) & context.loop_variables:
        for branch in (node.body, node.orelse):
            if steps_back(branch, context.loop_variables):
                yield "wraps-to-last-state", branch
    if called(node) in ("zeros", "empty", "ones") and isinstance(node, ast.Call) and node.args:
        shape = node.args[0]
        for place, length in enumerate(shape.elts if isinstance(shape, ast.Tuple) else ()):
            if is_(length, ast.Add) and ast.unparse(length).endswith("+ 1"):
                assert isinstance(length, ast.BinOp)
                assert isinstance(shape, ast.Tuple)
                lengths = [*shape.elts[:place], length.left, *shape.elts[place + 1 :]]
                code = "wraps-to-last-state" if context.steps_back else "index-outside-run"
                shorter = ast.Tuple(lengths, ast.Load())
                yield code, ast.Call(node.func, [shorter, *node.args[1:]], node.keywords)


def comparisons(node: ast.expr, context: Context) -> Iterator[Rewrite]:
    """A comparison the wrong way round; at the edge of a loop, one that is off by one."""
    if not isinstance(node, ast.Compare) or len(node.ops) != 1:
        return
    turned = {ast.Gt: ast.Lt, ast.Lt: ast.Gt, ast.GtE: ast.LtE, ast.LtE: ast.GtE}
    wider = {ast.Gt: ast.GtE, ast.Lt: ast.LtE, ast.GtE: ast.Gt, ast.LtE: ast.Lt}
    kind = type(node.ops[0])
    if kind in turned:
        yield "sign-flipped", ast.Compare(node.left, [turned[kind]()], node.comparators)
        if names(node) & context.loop_variables:
            off = ast.Compare(node.left, [wider[kind]()], node.comparators)
            yield "wraps-to-last-state" if context.steps_back else "index-shifted", off
