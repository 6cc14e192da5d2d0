"""Calls in NumPy code: the white list of functions and methods, and what they mean in the tree."""

from __future__ import annotations

import ast
from fractions import Fraction
from typing import TYPE_CHECKING

from engine.formulas.reader.big_operators import MAX_NESTING
from engine.formulas.reader.code_names import code_index, code_name
from engine.formulas.reader.code_selections import SELECTIONS, left_out, selection
from engine.formulas.reader.indices import allowed_in_script
from engine.formulas.tree import (
    Apply,
    BigOperator,
    Derivative,
    Index,
    Node,
    Number,
    Power,
    Quotient,
    Reduce,
    Sum,
    Transpose,
)
from engine.formulas.trouble import Candidates, unreadable

if TYPE_CHECKING:
    from engine.formulas.reader.code_reader import CodeReader

_MODULES = frozenset({"np", "numpy", "functions", "F", "math", "torch", "tf"})
_ROOMS = frozenset({"linalg", "nn", "functional", "special"})
_PRODUCTS = {"dot": "matmul", "matmul": "matmul", "multiply": "hadamard", "outer": "outer"}
_LARGEST = 10**6


def call(reader: CodeReader, node: ast.Call) -> Node:
    """The node of a call. Raises ``Unreadable`` (unsupported-code) for what is not listed."""
    function = node.func
    if isinstance(function, ast.Name):
        return _named(reader, node, function.id)
    if isinstance(function, ast.Attribute):
        if _is_module(function.value):
            return _named(reader, node, function.attr)
        return _method(reader, node, function)
    raise reader.refuse(node)


def _is_module(node: ast.expr) -> bool:
    """``np``, ``np.linalg``, ``torch.nn.functional``."""
    if isinstance(node, ast.Attribute):
        return node.attr in _ROOMS and _is_module(node.value)
    return isinstance(node, ast.Name) and node.id in _MODULES


def _named(reader: CodeReader, node: ast.Call, name: str) -> Node:
    span, arguments = reader.span(node), node.args
    selected = selection(reader, node, name)
    if selected is not None:
        return selected
    if name in ("sum", "mean", "prod"):
        return _reduction(reader, node, name, arguments)
    softmax = reader.notation.function_words.get(name) == "softmax"
    if node.keywords and not (softmax and {k.arg for k in node.keywords} <= {"axis", "dim"}):
        raise reader.refuse(node.keywords[0].value)
    if name in _PRODUCTS and len(arguments) == 2:
        parts = [reader.convert(argument) for argument in arguments]
        return reader.multiply(parts, _PRODUCTS[name], span)
    if name == "diff" and len(arguments) == 2:
        return Derivative(reader.value(arguments[0]), reader.value(arguments[1]), span=span)
    if name == "d_mean_squared_error" and len(arguments) == 2:
        target, output = (reader.value(argument) for argument in arguments)
        return Sum((output, target), (1, -1), span=span)
    if name == "divide" and len(arguments) == 2:
        return Quotient(reader.value(arguments[0]), reader.value(arguments[1]), span=span)
    if len(arguments) != 1 or isinstance(arguments[0], ast.Starred):
        raise reader.refuse(node)
    if name == "square":
        return Power(reader.value(arguments[0]), Number(Fraction(2), span=span), span=span)
    if name == "transpose":
        return Transpose(reader.value(arguments[0]), span=span)
    applied = _function(reader, name)
    if applied is None and name in (*_PRODUCTS, *SELECTIONS, "diff", "divide"):
        raise reader.refuse(node)
    if applied is None:
        known = (*reader.notation.function_words, *_PRODUCTS, *SELECTIONS)
        place = reader.span(node.func)
        raise unreadable("unknown-name", place, name, names=Candidates((name,), known))
    argument = reader.value(arguments[0])
    if softmax and reader.notation.paired and any(_integer(k.value) == 0 for k in node.keywords):
        # Over the first axis: over the rows, one column by itself.
        turned = Apply(applied[0], Transpose(argument, span=argument.span), applied[1], span=span)
        return Transpose(turned, span=span)
    return Apply(applied[0], argument, applied[1], span=span)


def _function(reader: CodeReader, name: str) -> tuple[str, int] | None:
    """The function and its order: ``d_sigmoid`` and ``df`` are first derivatives."""
    words = reader.notation.function_words
    if name in words:
        return words[name], 0
    for prefix, suffix in (("d_", ""), ("d", ""), ("", "_prime"), ("", "_grad")):
        bare = name.removeprefix(prefix).removesuffix(suffix)
        if bare != name and bare in words:
            return words[bare], 1
    return None


def _method(reader: CodeReader, node: ast.Call, function: ast.Attribute) -> Node:
    from engine.formulas.reader.code_reader import Shaped

    span, name = reader.span(node), function.attr
    if name in ("sum", "mean"):
        return _reduction(reader, node, name, [function.value, *node.args])
    if node.keywords:
        raise reader.refuse(node.keywords[0].value)
    if name == "dot" and len(node.args) == 1:
        parts = [reader.convert(function.value), reader.convert(node.args[0])]
        return reader.multiply(parts, "matmul", span)
    if name == "transpose" and not node.args:
        return Transpose(reader.value(function.value), span=span)
    if name == "copy" and not node.args:
        return reader.value(function.value)
    if name == "reshape":
        arguments = node.args
        if len(arguments) == 1 and isinstance(arguments[0], ast.Tuple):
            arguments = arguments[0].elts
        turned = _sizes(arguments)
        if turned:
            return Shaped(reader.value(function.value), turned, span=span)
    raise reader.refuse(node)


def _sizes(arguments: list[ast.expr]) -> str:
    """What ``reshape`` with these sizes makes of a signal; empty when it is not on the list."""
    sizes = [_integer(argument) for argument in arguments]
    return "row" if sizes == [1, -1] else "column" if sizes == [-1, 1] else ""


def _integer(node: ast.expr) -> int | None:
    """A whole number, perhaps negative; None for anything else."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = _integer(node.operand)
        return None if value is None else -value
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return node.value if abs(node.value) <= _LARGEST else None
    return None


def _reduction(reader: CodeReader, node: ast.Call, name: str, arguments: list[ast.expr]) -> Node:
    """A sum over a generator is a big operator; any other reduces an array's axis."""
    axis: int | None = None
    given = list(arguments[1:])
    for keyword in node.keywords:
        if keyword.arg == "axis":
            given.append(keyword.value)
        elif keyword.arg != "keepdims":
            raise reader.refuse(keyword.value)
    if not arguments or len(given) > 1:
        raise reader.refuse(node)
    if given:
        axis = _integer(given[0])
        empty = isinstance(given[0], ast.Constant) and given[0].value is None
        if axis not in (0, 1) and not empty:
            raise reader.refuse(given[0])
    first = arguments[0]
    if isinstance(first, ast.GeneratorExp | ast.ListComp):
        if name == "mean" or axis == 1:
            raise reader.refuse(node)
        return _generator(reader, node, "product" if name == "prod" else name, first)
    if name == "prod":
        raise reader.refuse(node)
    return Reduce(name, reader.value(first), axis, span=reader.span(node))


def _generator(
    reader: CodeReader, node: ast.Call, kind: str, body: ast.GeneratorExp | ast.ListComp
) -> Node:
    loop = body.generators[0]
    iterated = loop.iter
    simple = len(body.generators) == 1 and isinstance(loop.target, ast.Name)
    if not simple or not isinstance(iterated, ast.Call) or not isinstance(iterated.func, ast.Name):
        raise reader.refuse(node)
    if iterated.func.id != "range" or len(iterated.args) not in (1, 2) or iterated.keywords:
        raise reader.refuse(iterated)
    assert isinstance(loop.target, ast.Name)
    limits = [index_of(reader, argument) for argument in iterated.args]
    low = limits[0] if len(limits) == 2 else Index()
    if reader.sums >= MAX_NESTING:
        raise unreadable("sums-too-nested", reader.span(node))
    outer = reader.bound
    reader.sums += 1
    reader.bound = outer | {loop.target.id}
    inner = reader.value(body.elt)
    reader.bound = outer
    reader.sums -= 1
    span = reader.span(node)
    excluded = left_out(reader, loop.target.id, loop.ifs)
    return BigOperator(kind, loop.target.id, low, limits[-1] - 1, inner, excluded, span=span)


def index_of(reader: CodeReader, node: ast.expr, depth: int = 0) -> Index:
    """A time step in code: names, whole numbers, +, - and a whole multiple."""
    if depth > 20:
        raise unreadable("too-deep", reader.span(node))
    match node:
        case ast.Name() if allowed_in_script(reader.bound, reader.notation)(node.id):
            return code_index({node.id: 1})
        case ast.Constant() if _integer(node) is not None:
            return Index(constant=_integer(node) or 0)
        case ast.UnaryOp(op=ast.USub()):
            return -index_of(reader, node.operand, depth + 1)
        case ast.BinOp(op=ast.Add()):
            return index_of(reader, node.left, depth + 1) + index_of(reader, node.right, depth + 1)
        case ast.BinOp(op=ast.Mult()) if (weight := _integer(node.left)) is not None:
            inner = index_of(reader, node.right, depth + 1)
            pairs = {name: weight * old for name, old in inner.coefficients}
            return code_index(pairs, weight * inner.constant)
        case ast.BinOp(op=ast.Sub()):
            return index_of(reader, node.left, depth + 1) - index_of(reader, node.right, depth + 1)
    raise unreadable("unexpected-script", reader.span(node), ast.unparse(node)[:40])


__all__ = ["call", "code_name", "index_of"]
