"""Code that joins, measures and chooses: concatenate, norm, minimum, clip, where, if-else."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from engine.formulas.reader.groups import EXTREMA, cases, smallest_or_largest
from engine.formulas.tree import Apply, Comparison, Extremum, Node, Power, Stack, Sum

if TYPE_CHECKING:
    from engine.formulas.reader.code_reader import CodeReader

_STACKS: Final = {"concatenate": 0, "concat": 0, "cat": 0, "vstack": 0, "hstack": 1}
_SIGNS: Final[dict[type[ast.cmpop], str]] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "=",
    ast.NotEq: "!=",
}
_ARITHMETIC: Final = {"add": 1, "subtract": -1}
_AXES: Final = {0: "rows", 1: "columns", -1: "columns"}

#: The names of calls that are read here.
SELECTIONS: Final = (*_STACKS, *EXTREMA, *_ARITHMETIC, "norm", "clip", "where", "power", "absolute")


def selection(reader: CodeReader, node: ast.Call, name: str) -> Node | None:
    """The node of one of these calls; None for another name. Raises ``Unreadable``."""
    span, arguments = reader.span(node), node.args
    if name in _STACKS:
        return _stack(reader, node, name)
    if node.keywords or any(isinstance(argument, ast.Starred) for argument in arguments):
        return None
    if name == "where" and len(arguments) == 3:
        return _where(reader, node)
    if name not in SELECTIONS or name == "where":
        return None
    if name == "power" and len(arguments) == 2:
        return Power(reader.value(arguments[0]), reader.exponent(arguments[1]), span=span)
    parts = tuple(reader.value(argument) for argument in arguments)
    if name in EXTREMA and len(parts) > 1:
        return smallest_or_largest(EXTREMA[name], parts, span)
    if name == "clip" and len(parts) == 3:
        largest = smallest_or_largest("max", parts[:2], span)
        return Extremum("min", (largest, parts[2]), span=span)
    if name in _ARITHMETIC and len(parts) == 2:
        return Sum(parts, (1, _ARITHMETIC[name]), span=span)
    if name in ("norm", "absolute") and len(parts) == 1:
        return Apply("abs" if name == "absolute" else "norm", parts[0], span=span)
    raise reader.refuse(node)


def _stack(reader: CodeReader, node: ast.Call, name: str) -> Node:
    axis = _STACKS[name]
    given = [keyword.value for keyword in node.keywords if keyword.arg in ("axis", "dim")]
    given += node.args[1:]
    if len(given) > 1 or len(given) < len(node.keywords) or not node.args:
        raise reader.refuse(node)
    if given:
        chosen = _whole(given[0])
        if chosen not in _AXES or name in ("vstack", "hstack"):
            raise reader.refuse(given[0])
        axis = chosen
    listed = node.args[0]
    if not isinstance(listed, ast.List | ast.Tuple) or len(listed.elts) < 2:
        raise reader.refuse(listed)
    parts = tuple(reader.value(part) for part in listed.elts)
    return Stack(parts, _AXES[axis], span=reader.span(node))


def _whole(node: ast.expr) -> int:
    negative = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
    inner = node.operand if isinstance(node, ast.UnaryOp) else node
    if isinstance(inner, ast.Constant) and type(inner.value) is int:
        return -inner.value if negative else inner.value
    return 99


def _where(reader: CodeReader, node: ast.Call) -> Node:
    condition, one, other = node.args
    missing = isinstance(other, ast.Attribute) and other.attr == "nan"
    otherwise = None if missing else reader.value(other)
    held = comparison(reader, condition)
    return cases((reader.value(one),), (held,), otherwise, reader.span(node))


def conditional(reader: CodeReader, node: ast.IfExp) -> Node:
    """``a if c else b``."""
    if not isinstance(node.test, ast.Compare):
        raise reader.refuse(node)
    held = comparison(reader, node.test)
    other = reader.value(node.orelse)
    return cases((reader.value(node.body),), (held,), other, reader.span(node))


def comparison(reader: CodeReader, node: ast.expr) -> Comparison:
    """One comparison of two values. Raises ``Unreadable`` (unsupported-code) for anything else."""
    if not isinstance(node, ast.Compare) or len(node.ops) != 1 or type(node.ops[0]) not in _SIGNS:
        raise reader.refuse(node)
    left, right = reader.value(node.left), reader.value(node.comparators[0])
    return Comparison(_SIGNS[type(node.ops[0])], left, right, span=reader.span(node))


def left_out(reader: CodeReader, index: str, tests: Sequence[ast.expr]) -> tuple[int, ...]:
    """The values that ``if j != 0`` or ``if j not in (0, 1)`` leaves out of a sum."""
    values: set[int] = set()
    for test in tests:
        simple = isinstance(test, ast.Compare) and len(test.ops) == 1
        if not isinstance(test, ast.Compare) or not simple or not isinstance(test.left, ast.Name):
            raise reader.refuse(test)
        right = test.comparators[0]
        listed = right.elts if isinstance(right, ast.Tuple) else [right]
        sign = ast.NotIn if isinstance(right, ast.Tuple) else ast.NotEq
        found = {_whole(value) for value in listed}
        if test.left.id != index or not isinstance(test.ops[0], sign) or 99 in found:
            raise reader.refuse(test)
        values |= found
    return tuple(sorted(values))
