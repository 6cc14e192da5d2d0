"""Derivatives of each forward equation, by SymPy, component by component.

The only module that imports SymPy, with ``derivation_static`` (models without time steps) and
``derivation_plain``, and only when a derivation is asked for: no verdict needs it,
because the tapes are shipped as data (``truths/MODEL.json``). Regenerate them with

    python -m engine.formulas.derivation

A *tape* holds, for concrete sizes, the value of every component of every equation of one time step
and its partial derivatives with respect to whatever it reads. Composing over time is left to the
reverse chain rule in ``points``: an unrolled expression grows three- to fourfold with every step.

Expressions are plain data: an integer, ``["q", p, q]``, a reference (``"z@-1.0"`` component 0 of
z one step earlier, ``"W.0.1"`` an entry of a parameter, ``"a"`` an argument), or
``[operator, ...]`` with ``+``, ``*``, ``^`` (integer exponent) and ``f`` (function name, order,
argument).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import engine
from engine.formulas.derivation_static import static_truths
from engine.formulas.models import Model, OutputLoss, models, truths_file
from engine.formulas.models.static import static_models
from engine.formulas.tree import (
    Apply,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Reduce,
    Sum,
    Symbol,
)

Expression: TypeAlias = Any
Matrix: TypeAlias = list[list[Any]]

SIZES: tuple[tuple[int, ...], ...] = ((2, 3, 4), (3, 3, 3), (1, 1, 1))
FUNCTIONS = ("identity", "sigmoid", "tanh", "relu", "exp", "log", "sqrt", "cosh")
HIGHEST_ORDER = 2


class UnderivableError(ValueError):
    """A forward equation uses something that has no componentwise meaning here."""


def truths(model: Model) -> dict[str, Any]:
    """All tapes of a model, with the hash of its equations and the engine's version."""
    sizes = SIZES if len(model.sizes) == 3 else _default_sizes(model)
    return {
        "model": model.name,
        "equations": model.fingerprint(),
        "engine": engine.__version__,
        "functions": function_derivatives(),
        "tapes": [tape(model, dict(zip(model.sizes, chosen, strict=True))) for chosen in sizes],
    }


def _default_sizes(model: Model) -> tuple[tuple[int, ...], ...]:
    count = len(model.sizes)
    return (tuple(range(2, 2 + count)), (3,) * count, (1,) * count)


def function_derivatives() -> dict[str, list[Expression]]:
    """Named functions of one argument ``a``: value, first and second derivative."""
    import sympy as sp

    argument = sp.Symbol("a", real=True)
    table = {}
    for name in FUNCTIONS:
        value = _named(name)(argument)
        orders = [value]
        for _ in range(HIGHEST_ORDER):
            orders.append(sp.diff(orders[-1], argument))
        table[name] = [_written(order) for order in orders]
    return table


def _named(name: str) -> Callable[[Any], Any]:
    import sympy as sp

    table: dict[str, Callable[[Any], Any]] = {
        "identity": lambda a: a,
        "sigmoid": lambda a: 1 / (1 + sp.exp(-a)),
        "tanh": sp.tanh,
        "relu": lambda a: sp.Max(0, a),
        "exp": sp.exp,
        "log": sp.log,
        "sqrt": sp.sqrt,
        "cosh": sp.cosh,
    }
    return table[name]


def tape(model: Model, sizes: Mapping[str, int]) -> dict[str, Any]:
    """One time step of ``model``: values and partial derivatives of every component."""
    outputs = {}
    for choice in model.output_losses.values():
        outputs[choice.name] = {
            model.output: _derived(_Writer(model, sizes, choice), model.equations[model.output]),
            "E": _derived(_Writer(model, sizes, choice), choice.loss),
        }
    abstract = _Writer(model, sizes, model.output_losses["abstract"])
    return {
        "sizes": dict(sizes),
        "equations": {
            name: _derived(abstract, node)
            for name, node in model.equations.items()
            if name != model.output
        },
        "outputs": outputs,
    }


def _derived(writer: _Writer, node: Node) -> list[dict[str, Any]]:
    import sympy as sp

    components = []
    for (value,) in writer.matrix(node):
        partials = {
            str(symbol): _written(sp.diff(value, symbol))
            for symbol in sorted(value.free_symbols, key=str)
        }
        components.append({"value": _written(value), "partials": partials})
    return components


class _Writer:
    """Writes the components of a tree as SymPy expressions, at concrete sizes."""

    def __init__(self, model: Model, sizes: Mapping[str, int], choice: OutputLoss) -> None:
        self.model = model
        self.sizes = {**sizes, "1": 1}
        self.choice = choice
        self.functions: dict[tuple[str, int], Any] = {}

    def matrix(self, node: Node) -> Matrix:
        import sympy as sp

        match node:
            case Number(value=value):
                return [[sp.Rational(value.numerator, value.denominator)]]
            case Symbol():
                return self._symbol(node)
            case Sum(terms=terms, signs=signs):
                parts = [self.matrix(term) for term in terms]
                result = _scaled(parts[0], signs[0])
                for sign, part in zip(signs[1:], parts[1:], strict=True):
                    result = _elementwise(result, _scaled(part, sign), lambda a, b: a + b)
                return result
            case Product(factors=factors, operators=operators):
                result = self.matrix(factors[0])
                for operator, factor in zip(operators, factors[1:], strict=True):
                    result = _multiplied(result, self.matrix(factor), operator)
                return result
            case Power(base=base, exponent=Number(value=value)):
                return [[entry**value for entry in row] for row in self.matrix(base)]
            case Quotient(numerator=above, denominator=below):
                return _elementwise(self.matrix(above), self.matrix(below), lambda a, b: a / b)
            case Reduce(kind="sum", operand=operand):
                return [[sum(entry for row in self.matrix(operand) for entry in row)]]
            case Apply(function=function, argument=argument, order=0):
                return self._applied(function, self.matrix(argument))
        raise UnderivableError(f"{type(node).__name__} in a forward equation of {self.model.name}")

    def _symbol(self, node: Symbol) -> Matrix:
        import sympy as sp

        name = node.name
        if name in self.model.parameters:
            rows, columns = (self.sizes[size] for size in self.model.parameters[name])
            return [
                [sp.Symbol(f"{name}.{i}.{j}", real=True) for j in range(columns)]
                for i in range(rows)
            ]
        if name in self.model.signals:
            lag = 0 if node.time is None else node.time.constant
            prefix = f"{name}@{lag}"
            count = self.sizes[self.model.signals[name]]
            return [[sp.Symbol(f"{prefix}.{i}", real=True)] for i in range(count)]
        raise UnderivableError(f"{name} is no quantity of {self.model.name}")

    def _applied(self, function: str, argument: Matrix) -> Matrix:
        import sympy as sp

        if function == "g":
            function = self.choice.function
        if function == "softmax":
            norm = sum(sp.exp(entry) for row in argument for entry in row)
            return [[sp.exp(entry) / norm for entry in row] for row in argument]
        try:
            apply = _named(function)
        except KeyError:
            apply = self._abstract(function, 0)
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


def _scaled(matrix: Matrix, sign: int) -> Matrix:
    return [[sign * entry for entry in row] for row in matrix]


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


def _written(expression: Any) -> Expression:
    """A SymPy expression as plain data."""
    import sympy as sp

    if expression.is_Integer:
        return int(expression)
    if expression.is_Rational:
        return ["q", int(expression.p), int(expression.q)]
    if expression.is_Symbol:
        return str(expression)
    if expression.is_Add or expression.is_Mul:
        return ["+" if expression.is_Add else "*", *(_written(part) for part in expression.args)]
    if isinstance(expression, sp.exp):
        return _exponential(expression.args[0])
    if expression.is_Pow:
        base, exponent = expression.args
        if exponent.is_Integer:
            return ["^", _written(base), int(exponent)]
        if (2 * exponent).is_Integer:
            return ["^", ["f", "sqrt", 0, _written(base)], int(2 * exponent)]
    if isinstance(expression, sp.Max) and expression.args[0] == 0:
        return ["f", "relu", 0, _written(expression.args[1])]
    if isinstance(expression, sp.Heaviside):
        return ["f", "step", 0, _written(expression.args[0])]
    if isinstance(expression, sp.DiracDelta):
        return 0  # the second derivative of relu, away from its corner
    if isinstance(expression, sp.Function):
        name, _, order = type(expression).__name__.partition(":")
        return ["f", name, int(order or 0), _written(expression.args[0])]
    raise UnderivableError(f"no plain form for {expression}")


def _exponential(exponent: Any) -> Expression:
    """exp(2a - b) as exp(a)^2 exp(b)^-1: then only exp of plain references is ever evaluated."""
    import sympy as sp

    powers: list[Expression] = []
    for term in sp.Add.make_args(exponent):
        weight, rest = term.as_coeff_Mul()
        if weight.is_Integer and weight != 1 and rest != 1:
            powers.append(["^", ["f", "exp", 0, _written(rest)], int(weight)])
        else:
            powers.append(["f", "exp", 0, _written(term)])
    return powers[0] if len(powers) == 1 else ["*", *powers]


def write_truths(folder: Path) -> list[Path]:
    """Derives every model and writes ``MODEL.json`` into ``folder``."""
    written = []
    bases = (base for base in models().values() if base.differentiated)
    for model in (one for base in bases for one in base.all_variants()):
        path = folder / truths_file(model)
        text = json.dumps(truths(model), separators=(",", ":"), sort_keys=True)
        path.write_text(text + "\n", encoding="utf-8")
        written.append(path)
    for static in static_models().values():
        path = folder / f"{static.name}.json"
        text = json.dumps(static_truths(static), separators=(",", ":"), sort_keys=True)
        path.write_text(text + "\n", encoding="utf-8")
        written.append(path)
    return written


if __name__ == "__main__":
    for made in write_truths(Path(__file__).with_name("truths")):
        print(made)
