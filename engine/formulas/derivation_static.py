"""Derivatives of the equations of static models, by SymPy, component by component.

A part of ``derivation``, which calls it and whose tapes it extends: here a tape holds every
component of every quantity once, in order of computation, with its partial derivatives with respect
to whatever it reads. References are ``"alpha.2.0"`` (row and column), a scalar's own name, or a
size letter. Beside the operators of ``derivation`` there are ``["pow", base, exponent]`` and
``["if", difference, then, else]``: ``then`` where the difference is positive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import chain
from itertools import product as every
from typing import Any, TypeAlias

import engine
from engine.formulas.derivation_plain import written
from engine.formulas.models.static import Form, StaticModel
from engine.formulas.tree import (
    Apply,
    BigOperator,
    Cases,
    Comparison,
    Extremum,
    Index,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Reduce,
    Stack,
    Sum,
    Symbol,
    Transpose,
)

Expression: TypeAlias = Any
Matrix: TypeAlias = list[list[Any]]


def static_truths(model: StaticModel) -> dict[str, Any]:
    """The tape of a static model, with the hash of its equations and the engine's version."""
    from engine.formulas.derivation import function_derivatives

    return {
        "model": model.name,
        "equations": model.fingerprint(),
        "engine": engine.__version__,
        "functions": function_derivatives(),
        "tape": static_tape(model),
    }


def static_tape(model: StaticModel) -> dict[str, list[dict[str, Any]]]:
    """Every component of every equation, row by row: its value and its partial derivatives."""
    import sympy as sp

    writer = _Writer(model)
    tape = {}
    for name, form in model.equations.items():
        tape[name] = [
            {
                "value": written(value),
                "partials": {
                    str(symbol): written(sp.diff(value, symbol))
                    for symbol in sorted(value.free_symbols, key=str)
                    if str(symbol) not in model.sizes
                },
            }
            for value in writer.components(name, form)
        ]
    return tape


class _Writer:
    """Writes components as SymPy expressions, at the sizes of the model."""

    def __init__(self, model: StaticModel) -> None:
        self.model = model
        self.sizes = {**model.sizes, "1": 1}
        self.functions: dict[tuple[str, int], Any] = {}

    def components(self, name: str, form: Form) -> Iterator[Any]:
        """The entries of a quantity, row by row."""
        rows, columns = self.model.signals[name]
        if not form.indices:
            for row in self.matrix(form.tree, {}):
                yield from row
            return
        first = self.model.first
        letters = (rows, columns)[: len(form.indices)]
        if name in self.model.families:
            letters = (self.model.families[name],)
        spans = [range(first, first + self.sizes[letter]) for letter in letters]
        for values in every(*spans):
            found = self.matrix(form.tree, dict(zip(form.indices, values, strict=True)))
            # An item of a matrix is written as a column, and kept as a row.
            yield from (entry for row in found for entry in row)

    def matrix(self, node: Node, indices: Mapping[str, int]) -> Matrix:
        import sympy as sp

        def of(part: Node) -> Matrix:
            return self.matrix(part, indices)

        match node:
            case Number(value=value):
                return [[sp.Rational(value.numerator, value.denominator)]]
            case Symbol():
                return self._symbol(node, indices)
            case Transpose(operand=operand):
                return [list(row) for row in zip(*of(operand), strict=True)]
            case Sum(terms=terms, signs=signs):
                result: Matrix = [[sp.Integer(0)]]
                for sign, term in zip(signs, terms, strict=True):
                    part = [[sign * entry for entry in row] for row in of(term)]
                    result = _elementwise(result, part, lambda a, b: a + b)
                return result
            case Product(factors=factors, operators=operators):
                result = of(factors[0])
                for operator, factor in zip(operators, factors[1:], strict=True):
                    result = _multiplied(result, of(factor), operator)
                return result
            case Power(base=base, exponent=exponent):
                ((power,),) = of(exponent)
                return [[entry**power for entry in row] for row in of(base)]
            case Quotient(numerator=above, denominator=below):
                return _elementwise(of(above), of(below), lambda a, b: a / b)
            case Reduce(kind=kind, operand=operand, axis=axis):
                return _reduced(of(operand), kind, axis)
            case BigOperator():
                return self._big(node, indices)
            case Stack(parts=parts, axis="rows"):
                return [row for part in parts for row in of(part)]
            case Stack(parts=parts):
                return [list(chain(*rows)) for rows in zip(*map(of, parts), strict=True)]
            case Extremum(kind=kind, parts=parts):
                return self._extremum(kind, [of(part) for part in parts])
            case Cases():
                return self._cases(node, indices)
            case Apply(function=function, argument=argument, order=0):
                return self._applied(function, of(argument))
        raise self._strange(type(node).__name__)

    def _strange(self, what: str) -> Exception:
        from engine.formulas.derivation import UnderivableError

        return UnderivableError(f"{what} in an equation of {self.model.name}")

    def _at(self, index: Index, indices: Mapping[str, int]) -> int:
        return index.value({**self.sizes, **indices})

    def _symbol(self, node: Symbol, indices: Mapping[str, int]) -> Matrix:
        import sympy as sp

        name, model = node.name, self.model
        if name in indices:
            return [[sp.Integer(indices[name])]]
        if name in model.sizes:
            return [[sp.Symbol(name, positive=True)]]
        positive = model.domains.get(name, model.scalars.get(name)) == "positive"
        if name in model.scalars:
            return [[_symbol_named(name, positive)]]
        if name not in model.quantities:
            raise self._strange(name)
        rows, columns = (self.sizes[letter] for letter in model.quantities[name])

        def entry(i: int, j: int) -> Any:
            return _symbol_named(f"{name}.{i}.{j}", positive)

        if node.time is None:
            return [[entry(i, j) for j in range(columns)] for i in range(rows)]
        if isinstance(node.time, Index) and set(node.time.variables) & set(model.places):
            raise self._strange(f"the place {node.time.variables[0]}")
        if name in model.families:
            one = self._at(node.time, indices) - model.first
            return [
                [_symbol_named(f"{name}.{one}.{i}.{j}", positive) for j in range(columns)]
                for i in range(rows)
            ]
        above, left = model.origin(name)
        place = self._at(node.time, indices)
        if node.outer is not None:
            return [[entry(self._at(node.outer, indices) - above, place - left)]]
        return [[entry(place - above, j)] for j in range(columns)]

    def _big(self, node: BigOperator, indices: Mapping[str, int]) -> Matrix:
        import sympy as sp

        low, high = self._limits(node, indices)
        result: Matrix | None = None
        for value in range(low, high + 1):
            if value in node.excluded:
                continue
            part = self.matrix(node.body, {**indices, node.index: value})
            if result is None:
                result = part
            elif node.kind == "sum":
                result = _elementwise(result, part, lambda a, b: a + b)
            else:
                result = _multiplied(result, part, "juxtaposed")
        return result or [[sp.Integer(0 if node.kind == "sum" else 1)]]

    def _limits(self, node: BigOperator, indices: Mapping[str, int]) -> tuple[int, int]:
        known = {**self.sizes, **indices}
        if node.low is not None and node.high is not None:
            return node.low.value(known), node.high.value(known)
        picked = self.model.size_picked(node.body, node.index)
        if picked is None:
            raise self._strange(f"a sum over {node.index} without limits")
        return self.model.first, self.model.first + self.sizes[picked] - 1

    def _extremum(self, kind: str, parts: list[Matrix]) -> Matrix:
        import sympy as sp

        chosen = sp.Min if kind == "min" else sp.Max
        result = parts[0]
        for part in parts[1:]:
            result = _elementwise(result, part, chosen)
        return result

    def _cases(self, node: Cases, indices: Mapping[str, int]) -> Matrix:
        last = node.otherwise if node.otherwise is not None else node.branches[-1]
        result = self.matrix(last, indices)
        for condition, branch in zip(
            reversed(node.conditions), reversed(node.branches), strict=True
        ):
            chosen = partial(_where, self._condition(condition, indices))
            result = _elementwise(self.matrix(branch, indices), result, chosen)
        return result

    def _condition(self, node: Comparison, indices: Mapping[str, int]) -> Any:
        import sympy as sp

        ((left,),), ((right,),) = self.matrix(node.left, indices), self.matrix(node.right, indices)
        relations = {"<": sp.Lt, "<=": sp.Le, ">": sp.Gt, ">=": sp.Ge, "=": sp.Eq, "!=": sp.Ne}
        return relations[node.sign](left, right)

    def _applied(self, function: str, argument: Matrix) -> Matrix:
        import sympy as sp

        if function == "softmax":
            # A vector as a whole, a matrix row by row.
            if len(argument[0]) == 1:
                norm = sum(sp.exp(row[0]) for row in argument)
                return [[sp.exp(row[0]) / norm] for row in argument]
            return [[sp.exp(entry) / sum(map(sp.exp, row)) for entry in row] for row in argument]
        if function == "norm":
            return [[sp.sqrt(sum(entry**2 for row in argument for entry in row))]]
        if function == "diag":
            entries = [entry for row in argument for entry in row]
            return [
                [entry if i == j else sp.Integer(0) for j in range(len(entries))]
                for i, entry in enumerate(entries)
            ]
        apply = _named(function) or self._abstract(function, 0)
        return [[apply(entry) for entry in row] for row in argument]

    def _abstract(self, name: str, order: int) -> Any:
        """A function of which only its name and its order of differentiation are known."""
        import sympy as sp

        key = (name, order)
        if key not in self.functions:

            def fdiff(_self: Any, argindex: int = 1) -> Any:
                return self._abstract(name, order + 1)(_self.args[argindex - 1])

            self.functions[key] = type(
                f"{name}:{order}", (sp.Function,), {"nargs": 1, "fdiff": fdiff}
            )
        return self.functions[key]


def _named(function: str) -> Callable[[Any], Any] | None:
    """A function as SymPy has it; None for an abstract one."""
    import sympy as sp

    from engine.formulas import derivation

    more: dict[str, Callable[[Any], Any]] = {"sin": sp.sin, "cos": sp.cos, "abs": sp.Abs}
    if function in more:
        return more[function]
    return derivation._named(function) if function in derivation.FUNCTIONS else None


def _symbol_named(name: str, positive: bool) -> Any:
    import sympy as sp

    return sp.Symbol(name, positive=True) if positive else sp.Symbol(name, real=True)


def _where(holds: Any, first: Any, other: Any) -> Any:
    import sympy as sp

    return sp.Piecewise((first, holds), (other, True))


def _elementwise(left: Matrix, right: Matrix, combine: Callable[[Any, Any], Any]) -> Matrix:
    rows, columns = max(len(left), len(right)), max(len(left[0]), len(right[0]))

    def entry(matrix: Matrix, i: int, j: int) -> Any:
        return matrix[i if len(matrix) > 1 else 0][j if len(matrix[0]) > 1 else 0]

    return [
        [combine(entry(left, i, j), entry(right, i, j)) for j in range(columns)]
        for i in range(rows)
    ]


def _multiplied(left: Matrix, right: Matrix, operator: str) -> Matrix:
    scalar = len(left) == len(left[0]) == 1 or len(right) == len(right[0]) == 1
    if operator == "hadamard" or scalar:
        return _elementwise(left, right, lambda a, b: a * b)
    return [
        [sum(row[k] * right[k][j] for k in range(len(right))) for j in range(len(right[0]))]
        for row in left
    ]


def _reduced(matrix: Matrix, kind: str, axis: int | None) -> Matrix:
    if axis == 0:
        found = [[sum(column) for column in zip(*matrix, strict=True)]]
        count = len(matrix)
    elif axis == 1:
        found = [[sum(row)] for row in matrix]
        count = len(matrix[0])
    else:
        found = [[sum(entry for row in matrix for entry in row)]]
        count = len(matrix) * len(matrix[0])
    return found if kind == "sum" else [[entry / count for entry in row] for row in found]
