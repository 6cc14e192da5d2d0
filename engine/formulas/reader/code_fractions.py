"""Division in code: a quotient, or a derivative written as ``dE/dW``."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from engine.formulas.reader.code_names import code_name
from engine.formulas.reader.products import Differential, quotient
from engine.formulas.tree import Node, Sum

if TYPE_CHECKING:
    from engine.formulas.reader.code_reader import CodeReader


def fraction(reader: CodeReader, node: ast.BinOp) -> Node:
    """A quotient, or a written derivative such as ``dE/dW``. Raises ``Unreadable``."""
    span = reader.span(node)
    below = _differential(reader, node.right)
    if below is not None:
        parts = _parts_of_fraction(reader, node.left, node)
        above = None if parts is None else _differential(reader, parts[-1])
        if parts is not None and above is not None:
            return _derivative_product(reader, parts[0], node, quotient(above, below, span))
    value, sign = reader.pulled(reader.value(node.left), node.left, node)
    result = quotient(value, reader.value(node.right), span)
    return result if sign > 0 else Sum((result,), (-1,), span=span)


def _parts_of_fraction(
    reader: CodeReader, above: ast.expr, whole: ast.BinOp
) -> tuple[ast.BinOp | ast.UnaryOp | None, ast.expr] | None:
    """What stands before ``dE`` in ``lr * dE/dW`` or ``-dE/dW``, and ``dE``.

    To Python ``lr * dE`` is divided by ``dW``; whoever wrote it means lr times a derivative.
    """
    if reader.offsets(above)[0] != reader.offsets(whole)[0]:
        return None  # brackets say otherwise
    if isinstance(above, ast.BinOp) and isinstance(above.op, ast.Mult | ast.MatMult):
        return above, above.right
    if isinstance(above, ast.UnaryOp) and isinstance(above.op, ast.USub):
        return above, above.operand
    return None, above


def _derivative_product(
    reader: CodeReader, before: ast.BinOp | ast.UnaryOp | None, node: ast.BinOp, fraction: Node
) -> Node:
    if before is None:
        return fraction
    span = reader.span(node)
    if isinstance(before, ast.UnaryOp):
        return Sum((fraction,), (-1,), span=span)
    first, sign = reader.pulled(reader.convert(before.left), before.left, node)
    name = "matmul" if isinstance(before.op, ast.MatMult) else "hadamard"
    result = reader.multiply([first, fraction], name, span)
    return result if sign > 0 else Sum((result,), (-1,), span=span)


def _differential(reader: CodeReader, node: ast.expr) -> Node | None:
    """``dE`` or ``du[t]`` as a part of a written derivative."""
    name = node.value if isinstance(node, ast.Subscript) else node
    if not isinstance(name, ast.Name) or not name.id.startswith("d") or len(name.id) < 2:
        return None
    if name.id in reader.notation.function_words:
        return None
    found = code_name(reader.notation, name.id, reader.span(name), reader.bound)
    if not found.differential:
        return None
    _, inner = reader.indexed(node) if isinstance(node, ast.Subscript) else reader.named(name)
    return Differential(inner, "d", span=reader.span(node))
