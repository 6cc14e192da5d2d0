"""What the mutation operators are made of: where an expression stands, and pieces of syntax."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TypeAlias

from .dimensions import Axes
from .specification import MutationSpec

Rewrite: TypeAlias = tuple[str, ast.expr]


@dataclass(frozen=True)
class Context:
    """Where an expression stands."""

    spec: MutationSpec
    helpers: frozenset[str]
    loop_variables: frozenset[str]
    parent: ast.AST
    # Number of axes of the function's arrays, as far as its text tells.
    axes: Axes
    in_index: bool = False
    in_derivative: bool = False
    # Whether the function reads some array one step back: an index that can become -1.
    steps_back: bool = False

    def role(self, name: str) -> frozenset[str]:
        return frozenset(self.spec.roles.get(name, ()))


def names(node: ast.AST) -> set[str]:
    """Every name that occurs below a node."""
    return {child.id for child in ast.walk(node) if isinstance(child, ast.Name)}


def called(node: ast.AST) -> str:
    """The bare name of the function that a call calls: "tanh" for ``np.tanh(u)``; else ""."""
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Name):
            return node.func.id
        if isinstance(node.func, ast.Attribute):
            return node.func.attr
    return ""


def is_derivative(node: ast.AST) -> bool:
    """Whether a factor is f'(...): ``d_sigmoid(u)``, ``1 - z ** 2``, a sigmoid's ``1 - y``."""
    if called(node).startswith("d_"):
        return True
    return (
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Sub)
        and isinstance(node.left, ast.Constant)
        and node.left.value in (1, 1.0)
    )


def binary(left: ast.expr, op: ast.operator, right: ast.expr) -> ast.BinOp:
    """``left op right``."""
    return ast.BinOp(left=left, op=op, right=right)


def is_(node: ast.AST, *kinds: type[ast.operator]) -> bool:
    """Whether a node is one of these operations on two values."""
    return isinstance(node, ast.BinOp) and isinstance(node.op, kinds)


def shifted(base: ast.expr, offset: int) -> ast.expr:
    """``base + offset``, as people write it."""
    if offset == 0:
        return base
    op = ast.Add() if offset > 0 else ast.Sub()
    return binary(base, op, ast.Constant(abs(offset)))


def whole(node: ast.expr) -> int | None:
    """The whole number that stands there, if one does."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = whole(node.operand)
        return None if inner is None else -inner
    return node.value if isinstance(node, ast.Constant) and type(node.value) is int else None


def constant(number: int) -> ast.expr:
    """A whole number as an expression."""
    plain = ast.Constant(abs(number))
    return ast.UnaryOp(ast.USub(), plain) if number < 0 else plain


def steps_back(node: ast.AST, loop_variables: frozenset[str]) -> bool:
    """Whether something is read at an index like ``t - 1``."""
    return any(
        isinstance(index, ast.BinOp)
        and isinstance(index.op, ast.Sub)
        and bool(names(index.left) & loop_variables)
        for child in ast.walk(node)
        if isinstance(child, ast.Subscript)
        for index in ast.walk(child.slice)
    )
