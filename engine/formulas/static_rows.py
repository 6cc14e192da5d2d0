"""Answers of static models in rows: vectors and parameters transposed, matrices of items not."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from engine.formulas.construction import product, transposed
from engine.formulas.conventions import Convention
from engine.formulas.evaluation.elaboration import ElaborationError
from engine.formulas.evaluation.shapes import SCALAR, Layout, Shape
from engine.formulas.evaluation.static_layout import StaticElaborator, StaticLayout, layout_of
from engine.formulas.models.static import StaticModel
from engine.formulas.tree import (
    Apply,
    BigOperator,
    Derivative,
    Node,
    Product,
    Reduce,
    Symbol,
    Transpose,
    walk,
    with_children,
)

WHOLE = frozenset({"norm", "diag"})


def in_rows(node: Node, model: StaticModel) -> Node:
    """A column formula as it is written with rows; its value is turned where its shape is."""
    layout = StaticLayout.of(model, Convention())
    turner = _Turner(layout)
    shape = turner.shape(node)
    vector = "1" in shape and shape != SCALAR
    return turner.write(node, vector or _is_of_parameter(shape, model))


def _is_of_parameter(shape: Shape, model: StaticModel) -> bool:
    """Whether an answer of this shape is a gradient of a parameter, which is turned."""
    return any(
        own == shape and model.is_turned(name) for name, own in model.parameters.items()
    ) and shape not in {own for name, own in model.signals.items() if not model.is_turned(name)}


def shape_of(node: Node, model: StaticModel, layout: str = "column") -> Shape | None:
    """The shape of a formula in columns or rows, or None where it has none."""
    return _shape(node, layout_of(model, layout))


def _shape(node: Node, layout: StaticLayout) -> Shape | None:
    names = {part.index for part in walk(node) if isinstance(part, BigOperator)}
    for part in walk(node):
        if isinstance(part, Symbol):
            names.add(part.name)  # a letter of an index may stand as a value
            for index in (part.time, part.outer):
                names |= set(index.variables) if index else set()
    elaborator = StaticElaborator(cast(Layout, layout), frozenset(names))
    try:
        shape = elaborator.visit(node).shape
    except ElaborationError:
        return None
    return None if elaborator.errors else shape


class _Turner:
    """Writes formulas so that their value in rows is that in columns, or its transpose."""

    def __init__(self, layout: StaticLayout) -> None:
        self.layout = layout

    def shape(self, node: Node) -> Shape:
        return _shape(node, self.layout) or SCALAR

    def write(self, node: Node, turned: bool) -> Node:
        if self.shape(node) == SCALAR:
            turned = False
        match node:
            case Symbol():
                return self._leaf(node, node, turned)
            case Derivative(by=Symbol() as by):
                return self._leaf(node, by, turned)
            case Transpose(operand=operand):
                return self.write(operand, not turned)
            case Product():
                return self._product(node, turned)
            case Reduce(operand=operand):
                kept = replace(node, operand=self.write(operand, False))
                return transposed(kept) if turned else kept
            case Apply(function=function, argument=argument) if function in WHOLE:
                # Of a vector they are the same, standing or lying.
                lying = "1" in self.shape(argument)
                return replace(node, argument=self.write(argument, lying))
            case Apply(function="softmax", argument=argument):
                if "1" in self.shape(argument):
                    return replace(node, argument=self.write(argument, turned))
                kept_rows = replace(node, argument=self.write(argument, False))
                return transposed(kept_rows) if turned else kept_rows
        children = list(node.children())
        if not children:
            return node
        return with_children(node, [self.write(child, turned) for child in children])

    def _leaf(self, node: Node, named: Symbol, turned: bool) -> Node:
        if self.shape(node) == SCALAR:
            return node
        model = self.layout.model
        item = named.time is not None and named.name not in model.families
        is_turned = item or model.is_turned(named.name)
        return node if is_turned == turned else Transpose(node)

    def _product(self, node: Product, turned: bool) -> Node:
        if not turned:
            parts = [self.write(factor, False) for factor in node.factors]
            return replace(node, factors=tuple(parts))
        if "hadamard" in node.operators and set(node.operators) != {"hadamard"}:
            groups: list[list[Node]] = [[node.factors[0]]]
            for operator, factor in zip(node.operators, node.factors[1:], strict=True):
                if operator == "hadamard":
                    groups.append([factor])
                else:
                    groups[-1].append(factor)
            written = [self.write(product(*group), True) for group in groups]
            return product(*written, operator="hadamard")
        parts = [self.write(factor, True) for factor in node.factors]
        if set(node.operators) == {"hadamard"}:
            return replace(node, factors=tuple(parts))
        scalar = [self.shape(factor) == SCALAR for factor in node.factors]
        front = [part for part, alone in zip(parts, scalar, strict=True) if alone]
        rest = [part for part, alone in zip(parts, scalar, strict=True) if not alone]
        return product(*front, *reversed(rest))
