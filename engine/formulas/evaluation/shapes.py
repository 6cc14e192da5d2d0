"""Symbolic shapes of a model's quantities: columns, rows, or numerator layout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias, cast

from engine.formulas.conventions import Convention
from engine.formulas.models import Model
from engine.formulas.models.static import StaticModel, is_static
from engine.formulas.tree import (
    BigOperator,
    Derivative,
    Index,
    Node,
    Symbol,
)

Shape: TypeAlias = tuple[str, str]
SCALAR: Shape = ("1", "1")
SCALARS = frozenset({"eps", "N"})
# Layouts in which a batch of samples is written as a matrix, one sample a row or a column.
BATCHED = ("row", "column")


@dataclass(frozen=True)
class Layout:
    """The shapes of a model's quantities under a convention; ``batch`` adds a sample dimension."""

    model_sizes: tuple[tuple[str, str], ...]
    parameter_shapes: tuple[tuple[str, Shape], ...]
    adjoints: tuple[tuple[str, str], ...]
    layout: str
    scalar: bool
    batch: bool
    # How a Jacobian lies, where one is asked for; else "".
    jacobian: str = ""

    @staticmethod
    def of(
        model: Model, convention: Convention, batch: bool = False, jacobian: bool = False
    ) -> Layout:
        """The layout of a convention; ``jacobian``: derivatives of states by states have values."""
        if is_static(model):
            return static_layout(model, convention.layout)
        return _layout(
            tuple(model.signals.items()),
            tuple(model.parameters.items()),
            tuple(model.gradients.items()),
            convention.layout,
            convention.scalar == "yes",
            batch and convention.layout in BATCHED,
            convention.jacobian if jacobian else "",
        )

    @property
    def elementwise(self) -> bool:
        """Whether nothing is differentiated: then a number may be added to every component."""
        return not self.adjoints

    def shape(self, name: str) -> Shape | None:
        """The shape of a quantity, or None for a name that is none."""
        return _shapes(self).get(name)

    def derivative_shape(self, by: str) -> Shape | None:
        """The shape of dE/d(by)."""
        adjoint_of = {signal: name for name, signal in self.adjoints}
        if by in adjoint_of:
            return self.shape(adjoint_of[by])
        if by in dict(self.model_sizes):
            size = "1" if self.scalar else dict(self.model_sizes)[by]
            return self._signal(size, adjoint=True)
        shape = self.shape(by)
        if shape is None or by not in dict(self.parameter_shapes):
            return None
        return shape[::-1] if self.layout == "numerator" else shape

    def _signal(self, size: str, adjoint: bool) -> Shape:
        samples = "N" if self.batch else "1"
        if self.layout == "row" or (adjoint and self.layout == "numerator"):
            return (samples, size)
        return (size, samples)


def static_layout(model: Model, layout: str) -> Layout:
    """The layout of a model without time steps, which answers to the same questions."""
    from engine.formulas.evaluation.static_layout import layout_of

    return cast(Layout, layout_of(cast(StaticModel, model), layout))


@lru_cache(maxsize=128)
def _layout(
    signals: tuple[tuple[str, str], ...],
    parameters: tuple[tuple[str, Shape], ...],
    adjoints: tuple[tuple[str, str], ...],
    layout: str,
    scalar: bool,
    batch: bool,
    jacobian: str,
) -> Layout:
    return Layout(signals, parameters, adjoints, layout, scalar, batch, jacobian)


@lru_cache(maxsize=128)
def _shapes(layout: Layout) -> Mapping[str, Shape]:
    def size(letter: str) -> str:
        return "1" if layout.scalar else letter

    shapes: dict[str, Shape] = dict.fromkeys(SCALARS, SCALAR)
    sizes = dict(layout.model_sizes)
    for name, letter in sizes.items():
        shapes[name] = layout._signal(size(letter), adjoint=False)
    for name, signal in layout.adjoints:
        shapes[name] = layout._signal(size(sizes[signal]), adjoint=True)
    for name, (rows, columns) in layout.parameter_shapes:
        shape = (size(rows), size(columns))
        shapes[name] = shape[::-1] if layout.layout == "row" else shape
    return shapes


def loss_of(node: Node) -> Symbol | None:
    """The loss symbol of a derivative's numerator: E, E^t, or a sum of E^t over time."""
    if isinstance(node, Symbol) and node.name == "E":
        return node
    if isinstance(node, BigOperator) and node.kind == "sum":
        return Symbol("E") if loss_of(node.body) else None
    return None


def loss_index(node: Derivative) -> Index | None:
    """The step of the loss that a derivative names; None: the loss as the convention has it."""
    loss = loss_of(node.of)
    return loss.time if loss else None
