"""Shapes of static models, and what an index selects from them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from engine.formulas.conventions import Convention
from engine.formulas.evaluation.elaboration import ElaborationError, Operation, _Elaborator
from engine.formulas.evaluation.elaboration import ShapeError as Misfit
from engine.formulas.evaluation.shapes import SCALAR, Shape
from engine.formulas.models.static import StaticModel
from engine.formulas.tree import Apply, BigOperator, Derivative, Node, Sum, Symbol, walk


@dataclass(frozen=True)
class StaticLayout:
    """The shapes of a static model's quantities under a convention."""

    model: StaticModel
    layout: str
    scalar: bool = False
    batch: bool = False
    elementwise: bool = False

    @staticmethod
    def of(model: StaticModel, convention: Convention) -> StaticLayout:
        return layout_of(model, convention.layout)

    def shape(self, name: str) -> Shape | None:
        """The shape of a whole quantity, or None for a name that is none."""
        shape = self.model.shape(name)
        if shape is not None and self.layout == "row" and self.model.is_turned(name):
            return shape[::-1]
        return shape

    def selected(self, node: Symbol) -> Shape | None:
        """The shape of a symbol with its indices; None where it has too many of them."""
        shape = self.model.shape(node.name)
        if shape is None or node.update is not None:
            return None
        if node.name in self.model.families:
            picked = node.time is not None and node.outer is None
            return self.shape(node.name) if picked else None
        if node.time is None:
            return self.shape(node.name) if node.outer is None else None
        if shape == SCALAR:
            return None
        if node.outer is not None:
            return None if "1" in shape else SCALAR
        if shape[1] == "1":
            return SCALAR
        return (shape[1], "1") if self.layout == "column" else ("1", shape[1])

    def derivative(self, node: Derivative) -> Shape | None:
        """The shape of a derivative of the loss, or of one quantity by another."""
        of, by = node.of, node.by
        if not isinstance(of, Symbol) or not isinstance(by, Symbol):
            return None
        below = self.selected(by)
        if below is None or by.name in self.model.sizes or by.name in self.model.places:
            return None
        if of.name == self.model.loss and of.time is None:
            return below
        above = self.selected(of)
        if above is None or of.name not in self.model.equations:
            return None
        if SCALAR in {above, below}:
            return above if below == SCALAR else below
        if "1" not in above or "1" not in below:
            return None
        rows, columns = (next((a for a in shape if a != "1"), "1") for shape in (above, below))
        return (rows, columns)


@lru_cache(maxsize=128)
def layout_of(model: StaticModel, layout: str) -> StaticLayout:
    """The shapes of a model in columns or rows."""
    return StaticLayout(model, layout)


class StaticElaborator(_Elaborator):
    """Elaboration with selection by indices; a scalar may be added to anything."""

    layout: StaticLayout  # type: ignore[assignment]

    def _symbol(self, node: Symbol) -> Operation:
        plain = node.time is None and node.update is None and node.outer is None
        model = self.layout.model
        known = model.shape(node.name) is not None
        free = node.name in self.index_names or node.name in model.places
        if plain and not known and free and node.name not in model.sizes:
            return Operation("index", (), SCALAR, node)
        shape = self.layout.selected(node)
        if shape is None:
            raise ElaborationError("undeclared-symbol", node, node.name)
        return Operation("symbol", (), shape, node)

    def _derivative(self, node: Derivative) -> Operation:
        shape = self.layout.derivative(node)
        if shape is None:
            raise ElaborationError("formal-step", node)
        return Operation("derivative", (), shape, node)

    def _apply(self, node: Apply) -> Operation:
        if node.function == "softmax" and not node.order:
            argument = self.visit(node.argument)
            if argument.shape == SCALAR and running_index(node.argument) is not None:
                # softmax(e_j): component j of the softmax of all of them
                return Operation("softmax-over", (argument,), SCALAR, node)
        return super()._apply(node)

    def _sum(self, node: Sum) -> Operation:
        terms = tuple(self.visit(term) for term in node.terms)
        shape = SCALAR
        # What is summed along an axis stands beside something wider, and comes last here.
        for term in sorted(terms, key=_is_sum_along):
            if SCALAR in {shape, term.shape}:
                shape = term.shape if shape == SCALAR else shape
            elif _is_sum_along(term) and _is_column_of(term.shape, shape):
                continue  # a sum of each row, taken from every entry of the row
            elif term.shape != shape:
                self.errors.append(Misfit(term.node.span or node.span, shape, term.shape, "+"))
        return Operation("sum", terms, shape, node, node.signs)

    def _cheapest(self, left: Operation, right: Operation, operator: str) -> tuple[int, str, Shape]:
        if operator == "hadamard":
            for one, other in ((left, right), (right, left)):
                if _is_sum_along(one) and _is_column_of(one.shape, other.shape):
                    return 0, "hadamard", other.shape
        return super()._cheapest(left, right, operator)


def _is_sum_along(operation: Operation) -> bool:
    """A sum along an axis, or a multiple of one: repeated along that axis, as NumPy has it."""
    if operation.op in {"scale", "quotient", "sum"} and operation.args:
        wide = [part for part in operation.args if part.shape != SCALAR]
        return len(wide) == 1 and _is_sum_along(wide[0])
    return operation.op == "reduce"


def _is_column_of(column: Shape, shape: Shape) -> bool:
    return (column[0] == shape[0] and column[1] == "1") or (
        column[1] == shape[1] and column[0] == "1"
    )


def running_index(node: Node) -> str | None:
    """The index that a component in the argument of a softmax runs with."""
    bound = {part.index for part in walk(node) if isinstance(part, BigOperator)}
    found: str | None = None
    for part in walk(node):
        if isinstance(part, Symbol) and part.time is not None:
            free = [name for name in part.time.variables if name not in bound]
            if len(free) == 1:
                found = free[0]
    return found
