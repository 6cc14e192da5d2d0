"""The transpose of a formula, written out: for an equation whose left side is transposed."""

from __future__ import annotations

from dataclasses import replace

from engine.formulas.mistakes.codes import is_scalar
from engine.formulas.tree import (
    Apply,
    BigOperator,
    Node,
    Product,
    Sum,
    Symbol,
    Transpose,
    with_children,
)


def turned(node: Node) -> Node:
    """What the formula is when both of its sides are transposed; spans are kept."""
    match node:
        case Transpose(operand=operand):
            return operand
        case Sum() | BigOperator():
            return with_children(node, [turned(child) for child in node.children()])
        case Product(factors=factors, operators=operators):
            kinds = set(operators)
            if kinds == {"hadamard"}:
                return with_children(node, [turned(factor) for factor in factors])
            if kinds <= {"juxtaposed", "matmul"}:
                front = tuple(factor for factor in factors if is_scalar(factor))
                rest = [turned(factor) for factor in reversed(factors) if not is_scalar(factor)]
                return replace(node, factors=(*front, *rest), operators=operators[::-1])
        case Apply(function="diag"):
            return node
    return node if is_scalar(node) else Transpose(node, span=node.span)


def may_be_last_step(left: Transpose) -> bool:
    """``δ^T`` without another index: the transpose, or the delta of the last step."""
    operand = left.operand
    return isinstance(operand, Symbol) and operand.time is None
