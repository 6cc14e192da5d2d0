"""From the typed tree to explicit operations: symbolic shapes decide what each juxtaposition means.

Every quantity has a symbolic shape, such as ``("H", "1")``, that depends on the layout: columns,
rows (weights transposed too), or numerator layout (adjoints are rows, all else columns). A flat
product is read in the cheapest way that fits: as a matrix product, else with ``f'(u)`` as a
diagonal, else elementwise. What fits in no way is noted as a shape error, and reading goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from typing import Final, TypeAlias

from engine.formulas.evaluation.shapes import SCALAR, Layout, Shape, loss_of
from engine.formulas.tree import (
    Apply,
    BigOperator,
    Cases,
    Comparison,
    Derivative,
    Extremum,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Reduce,
    Span,
    Stack,
    Sum,
    Symbol,
    Transpose,
    walk,
)

#: How derivatives of one quantity by another are meant where all are numbers: in total; those by
#: parameters at their own step; all as far as no state stands between; or with all else held.
SLOPES: Final = ("slope-total", "slope-own-step", "slope-direct", "slope-held")
PARTIAL: Final = SLOPES[2:]
LONGEST_CHAIN = 10  # above, a product is read from left to right: the search is cubic
_ERROR = 100


class ElaborationError(Exception):
    """A node that has no value. ``reason`` is a code, ``name`` what it is about."""

    def __init__(self, reason: str, node: Node, name: str = "") -> None:
        super().__init__(f"{reason}: {name or type(node).__name__}")
        self.reason = reason
        self.node = node
        self.name = name


@dataclass(frozen=True)
class ShapeError:
    """Two operands that do not fit: where, and both shapes. ``right`` is an operand's span too."""

    span: Span | None
    left: Shape
    right: Shape
    operator: str


@dataclass(frozen=True)
class Operation:
    """One explicit operation with its symbolic shape; ``node`` is where it came from."""

    op: str
    args: tuple[Operation, ...]
    shape: Shape
    node: Node
    signs: tuple[int, ...] = ()


class _EveryName(set[str]):
    """Every name that nothing else has: without a value it is noticed when it is evaluated."""

    def __contains__(self, name: object) -> bool:
        return name != "E"

    def add(self, name: str) -> None:
        """Nothing to add."""

    def discard(self, name: object) -> None:
        """Nothing to take out."""


EVERY_NAME: Final[set[str]] = _EveryName()
# What a subtree was made into, with the shape errors in it.
Known: TypeAlias = dict[Node, tuple[Operation, tuple[ShapeError, ...]]]


def elaborate(
    node: Node,
    layout: Layout,
    index_names: Set[str] = frozenset(),
    known: Known | None = None,
) -> tuple[Operation, tuple[ShapeError, ...]]:
    """The explicit operations of ``node``, with the shape errors in it.

    ``index_names`` are the names that stand for integers. Raises ``ElaborationError`` for a node
    that has no value (a formal derivative, an undeclared name).

    ``known`` remembers subtrees for formulas that differ in a place only; it must be used with one
    layout and with ``EVERY_NAME`` for the index names. Spans are then those of the first formula.
    """
    from engine.formulas.evaluation.static_layout import StaticElaborator, StaticLayout

    kind = StaticElaborator if isinstance(layout, StaticLayout) else _Elaborator
    elaborator = kind(layout, index_names, known)
    operation = elaborator.visit(node)
    return operation, tuple(elaborator.errors)


class _Elaborator:
    def __init__(self, layout: Layout, index_names: Set[str], known: Known | None = None) -> None:
        self.layout = layout
        self.known = known
        self.index_names = index_names if index_names is EVERY_NAME else set(index_names)
        self.errors: list[ShapeError] = []
        self._visits: Mapping[type[Node], Callable[..., Operation]] = {
            Number: lambda node: Operation("number", (), SCALAR, node),
            Symbol: self._symbol,
            Apply: self._apply,
            Product: self._product,
            Sum: self._sum,
            BigOperator: self._big,
            Transpose: self._transpose,
            Power: self._power,
            Quotient: self._quotient,
            Derivative: self._derivative,
            Reduce: self._reduce,
            Stack: self._stack,
            Extremum: self._extremum,
            Cases: self._cases,
            Comparison: self._comparison,
        }

    def visit(self, node: Node) -> Operation:
        """The operation of a node; what does not fit in it is noted."""
        if self.known is None:
            return self._visits[type(node)](node)
        met = self.known.get(node)
        if met is None:
            before = len(self.errors)
            operation = self._visits[type(node)](node)
            self.known[node] = operation, tuple(self.errors[before:])
            return operation
        self.errors.extend(met[1])
        return met[0]

    def _symbol(self, node: Symbol) -> Operation:
        shape = self.layout.shape(node.name)
        if shape is None:
            if node.name in self.index_names and node.time is None and node.update is None:
                return Operation("index", (), SCALAR, node)
            if node.name == "E":
                raise ElaborationError("formal-step", node, "E")
            raise ElaborationError("undeclared-symbol", node, node.name)
        return Operation("symbol", (), shape, node)

    def _apply(self, node: Apply) -> Operation:
        argument = self.visit(node.argument)
        if node.function == "softmax" and node.order:
            raise ElaborationError("formal-step", node, "softmax")
        if node.function == "norm":
            if node.order:
                raise ElaborationError("formal-step", node, "norm")
            return Operation("norm", (argument,), SCALAR, node)
        if node.function == "diag":
            size = max(argument.shape, key=lambda letter: letter != "1")
            return Operation("diag", (argument,), (size, size), node)
        return Operation("apply", (argument,), argument.shape, node)

    def _transpose(self, node: Transpose) -> Operation:
        inner = self.visit(node.operand)
        return Operation("transpose", (inner,), inner.shape[::-1], node)

    def _sum(self, node: Sum) -> Operation:
        terms = tuple(self.visit(term) for term in node.terms)
        shape = next((term.shape for term in terms if term.shape != SCALAR), SCALAR)
        for term in terms:
            wider = _broadcast(shape, term.shape)
            adds = term.shape != SCALAR or _is_number(term) or self.layout.elementwise
            if wider is not None and adds:
                shape = wider
            elif term.shape != shape:
                self.errors.append(ShapeError(term.node.span or node.span, shape, term.shape, "+"))
        return Operation("sum", terms, shape, node, node.signs)

    def _big(self, node: BigOperator) -> Operation:
        added = node.index not in self.index_names
        self.index_names.add(node.index)
        body = self.visit(node.body)
        if added:
            self.index_names.discard(node.index)
        shape = body.shape
        if node.kind == "product" and shape[0] != shape[1]:
            self.errors.append(ShapeError(node.span, shape, shape, "product"))
        return Operation("big", (body,), shape, node)

    def _power(self, node: Power) -> Operation:
        base, exponent = self.visit(node.base), self.visit(node.exponent)
        if exponent.shape != SCALAR:
            self.errors.append(ShapeError(node.span, base.shape, exponent.shape, "^"))
        square = base.shape[0] == base.shape[1] != "1"
        if not square and "1" not in base.shape:
            self.errors.append(ShapeError(node.span, base.shape, base.shape, "^"))
        return Operation("matrix-power" if square else "power", (base, exponent), base.shape, node)

    def _quotient(self, node: Quotient) -> Operation:
        above, below = self.visit(node.numerator), self.visit(node.denominator)
        shape = _broadcast(above.shape, below.shape)
        if shape is None:
            self.errors.append(ShapeError(node.span, above.shape, below.shape, "/"))
            shape = above.shape
        return Operation("quotient", (above, below), shape, node)

    def _derivative(self, node: Derivative) -> Operation:
        jacobian = self._jacobian(node)
        if jacobian is not None:
            return jacobian
        of, by = loss_of(node.of), node.by
        shape = self.layout.derivative_shape(by.name) if isinstance(by, Symbol) else None
        if of is None or shape is None:
            raise ElaborationError("formal-step", node)
        return Operation("derivative", (), shape, node)

    def _jacobian(self, node: Derivative) -> Operation | None:
        """dz^t/dz^k, which has a value where it is asked for itself."""
        of, by = node.of, node.by
        if not (self.layout.jacobian and isinstance(of, Symbol) and isinstance(by, Symbol)):
            return None
        if self.layout.jacobian in SLOPES:
            known = self.layout.shape(of.name) is not None and of.name != "E"
            if not known or self.layout.shape(by.name) is None:
                return None
            return Operation(self.layout.jacobian, (), SCALAR, node)
        rows, columns = self.layout.shape(of.name), self.layout.shape(by.name)
        if rows is None or columns is None or of.name == "E":
            return None
        shape = (rows[0], columns[0])
        turned = self.layout.jacobian == "denominator"
        return Operation("jacobian", (), shape[::-1] if turned else shape, node)

    def _reduce(self, node: Reduce) -> Operation:
        inner = self.visit(node.operand)
        rows, columns = inner.shape
        shapes: dict[int | None, Shape] = {0: ("1", columns), 1: (rows, "1")}
        shape = shapes.get(node.axis, SCALAR)
        return Operation("reduce", (inner,), shape, node)

    def _stack(self, node: Stack) -> Operation:
        parts = tuple(self.visit(part) for part in node.parts)
        rows = self._joins_rows(node.axis, [part.shape for part in parts])
        joined, kept = (0, 1) if rows else (1, 0)
        size = "+".join(part.shape[joined] for part in parts)
        common = next((part.shape[kept] for part in parts if part.shape[kept] != "1"), "1")
        for part in parts:
            if part.shape[kept] not in ("1", common) or (
                part.shape[kept] == "1" and common not in ("1", "N")
            ):
                place = part.node.span or node.span
                self.errors.append(ShapeError(place, parts[0].shape, part.shape, "stack"))
        shape = (size, common) if rows else (common, size)
        return Operation("stack-rows" if rows else "stack-columns", parts, shape, node)

    def _joins_rows(self, axis: str, shapes: list[Shape]) -> bool:
        """Feature vectors become one longer vector, whichever of ; and , stands between them."""
        across = 0 if self.layout.layout == "row" else 1
        vectors = all(shape[across] in ("1", "N") for shape in shapes)
        if vectors and any(shape[1 - across] != "1" for shape in shapes):
            return self.layout.layout != "row"
        return axis == "rows"

    def _extremum(self, node: Extremum) -> Operation:
        parts = tuple(self.visit(part) for part in node.parts)
        return Operation("extremum", parts, self._common(node, parts, node.kind), node)

    def _comparison(self, node: Comparison) -> Operation:
        parts = (self.visit(node.left), self.visit(node.right))
        return Operation("comparison", parts, self._common(node, parts, node.sign), node)

    def _cases(self, node: Cases) -> Operation:
        """The branches first, then the conditions, then the other case if there is one."""
        parts = tuple(self.visit(part) for part in node.children())
        return Operation("cases", parts, self._common(node, parts, "cases"), node)

    def _common(self, node: Node, parts: tuple[Operation, ...], sign: str) -> Shape:
        """The shape that all parts are repeated to; a part that doesn't fit is noted."""
        shape = parts[0].shape
        for part in parts[1:]:
            wider = _broadcast(shape, part.shape)
            if wider is None:
                place = part.node.span or node.span
                self.errors.append(ShapeError(place, shape, part.shape, sign))
            shape = wider or shape
        return shape

    def _product(self, node: Product) -> Operation:
        factors = [self.visit(factor) for factor in node.factors]
        before = len(self.errors)
        grouped = self._grouped(node, factors)
        if len(self.errors) == before:
            return grouped
        noted = self.errors[before:]
        if "hadamard" in node.operators and len(set(node.operators)) > 1:
            # a ⊙ b c^T: the usual precedence fails, so try plain reading from left to right.
            del self.errors[before:]
            result = factors[0]
            for operator, factor in zip(node.operators, factors[1:], strict=True):
                result = self._joined(node, result, factor, operator)
            if len(self.errors) == before:
                return result
        self.errors[before:] = noted
        return grouped

    def _grouped(self, node: Product, factors: list[Operation]) -> Operation:
        """Elementwise products of chains: juxtaposition binds tighter than ⊙."""
        groups: list[tuple[list[Operation], list[str]]] = [([factors[0]], [])]
        for operator, factor in zip(node.operators, factors[1:], strict=True):
            if operator == "hadamard":
                groups.append(([factor], []))
            else:
                groups[-1][0].append(factor)
                groups[-1][1].append(operator)
        result = self._chain(node, *groups[0])
        for parts, operators in groups[1:]:
            result = self._joined(node, result, self._chain(node, parts, operators), "hadamard")
        return result

    def _joined(self, node: Node, left: Operation, right: Operation, operator: str) -> Operation:
        _, op, shape = self._cheapest(left, right, operator)
        if op == "misfit":
            self.errors.append(
                ShapeError(_cover(left, right) or node.span, left.shape, right.shape, operator)
            )
            op = "hadamard" if operator == "hadamard" else "matmul"
        return Operation(op, (left, right), shape, node)

    def _chain(self, node: Node, parts: list[Operation], operators: list[str]) -> Operation:
        count = len(parts)
        if count == 1:
            return parts[0]
        if count > LONGEST_CHAIN:
            result = parts[0]
            for operator, part in zip(operators, parts[1:], strict=True):
                result = self._joined(node, result, part, operator)
            return result
        best: dict[tuple[int, int], tuple[int, Operation]] = {
            (i, i): (0, part) for i, part in enumerate(parts)
        }
        for width in range(1, count):
            for start in range(count - width):
                stop = start + width
                candidates = []
                for middle in range(stop - 1, start - 1, -1):
                    left_cost, left = best[start, middle]
                    right_cost, right = best[middle + 1, stop]
                    cost, op, shape = self._cheapest(left, right, operators[middle])
                    candidates.append((left_cost + right_cost + cost, op, shape, left, right))
                total, op, shape, left, right = min(candidates, key=lambda found: found[0])
                made = Operation(op, (left, right), shape, node)
                best[start, stop] = (total, made)
        cost, result = best[0, count - 1]
        return self._noted(result, node) if cost >= _ERROR else result

    def _noted(self, operation: Operation, node: Node) -> Operation:
        """The chain with its misfits noted as errors and read as matrix products."""
        if operation.node is not node:
            return operation
        args = tuple(self._noted(part, node) for part in operation.args)
        op = operation.op
        if op == "misfit":
            left, right = args
            self.errors.append(
                ShapeError(_cover(left, right) or node.span, left.shape, right.shape, "juxtaposed")
            )
            op = "matmul"
        return Operation(op, args, operation.shape, operation.node)

    def _cheapest(self, left: Operation, right: Operation, operator: str) -> tuple[int, str, Shape]:
        """Cost, operation and shape of the best reading of two neighbours."""
        a, b = left.shape, right.shape
        if SCALAR in {a, b}:
            return 0, "scale", b if a == SCALAR else a
        if operator == "hadamard":
            shape = _broadcast(a, b)
            return (0, "hadamard", shape) if shape else (_ERROR, "misfit", a)
        if operator == "outer":
            if "1" in a and "1" in b:
                return 0, "outer", (max(a, key=_wide), max(b, key=_wide))
            return _ERROR, "misfit", (a[0], b[1])
        if operator == "dot" and a == b and "1" in a:
            return 0, "inner", SCALAR
        loose = operator in {"juxtaposed", "dot"}
        numerator = self.layout.layout == "numerator"
        if loose and numerator and _is_slope(right) and a[1] == b[0]:
            # In numerator layout f'(u) is diag(f'(u)): a row times it is no inner product.
            return (1, "diag-right", a) if a[0] == "1" else (2, "diag-right", a)
        if a[1] == b[0]:
            return 0, "matmul", (a[0], b[1])
        if loose and a == b:
            return 1, "hadamard", a
        if loose and _is_slope(left) and a[0] == b[0] and a[1] == "1":
            return 2, "diag-left", b
        if loose and _is_slope(right) and b == (a[1], "1"):
            return 2, "diag-right", a
        return _ERROR, "misfit", (a[0], b[1])


def _wide(letter: str) -> bool:
    return letter != "1"


def _is_slope(operation: Operation) -> bool:
    """Whether this is f'(u), or a multiple of it, which may stand for a diagonal matrix."""
    match operation.op:
        case "apply":
            return isinstance(operation.node, Apply) and operation.node.order > 0
        case "scale":
            return any(_is_slope(part) for part in operation.args)
        case "quotient":
            return _is_slope(operation.args[0])
        case "transpose":
            return _is_turned_slope(operation.args[0])
        case "sum":
            # 1 - z^2: the slope written in the value
            return any(_is_number(part) for part in operation.args)
    return False


def _is_turned_slope(operation: Operation) -> bool:
    """Whether this is the transpose of a slope, or a multiple of that."""
    if operation.op == "transpose":
        return _is_slope(operation.args[0])
    passing = operation.op in {"scale", "quotient"}
    return passing and any(_is_turned_slope(part) for part in operation.args)


def _is_number(operation: Operation) -> bool:
    return all(isinstance(node, Number | Quotient | Sum | Product) for node in walk(operation.node))


def _broadcast(a: Shape, b: Shape) -> Shape | None:
    """The common shape: equal, one a scalar, or a vector repeated for every sample."""
    if b in {a, SCALAR}:
        return a
    if a == SCALAR:
        return b
    if a[1] == b[1] and {a[0], b[0]} == {"1", "N"}:
        return ("N", a[1])
    if a[0] == b[0] and {a[1], b[1]} == {"1", "N"}:
        return (a[0], "N")
    return None


def _cover(left: Operation, right: Operation) -> Span | None:
    one, other = left.node.span, right.node.span
    if one is None or other is None:
        return one or other
    return min(one[0], other[0]), max(one[1], other[1])
