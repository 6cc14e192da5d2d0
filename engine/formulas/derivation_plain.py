"""SymPy expressions as plain data, for the tapes of static models; a part of ``derivation``."""

from __future__ import annotations

from typing import Any, TypeAlias

Expression: TypeAlias = Any


def written(expression: Any) -> Expression:
    """A SymPy expression as plain data."""
    import sympy as sp

    from engine.formulas.derivation import UnderivableError

    if expression.is_Integer:
        return int(expression)
    if expression.is_Rational:
        return ["q", int(expression.p), int(expression.q)]
    if expression.is_Symbol:
        return str(expression)
    if expression.is_Add or expression.is_Mul:
        return ["+" if expression.is_Add else "*", *(written(part) for part in expression.args)]
    if isinstance(expression, sp.exp):
        return _exponential(expression.args[0])
    if expression.is_Pow:
        base, exponent = expression.args
        if exponent.is_Integer:
            return ["^", written(base), int(exponent)]
        if (2 * exponent).is_Integer:
            return ["^", ["f", "sqrt", 0, written(base)], int(2 * exponent)]
        return ["pow", written(base), written(exponent)]
    if isinstance(expression, sp.Piecewise):
        return _branches(list(expression.args))
    if isinstance(expression, sp.Max | sp.Min):
        return _extreme(list(expression.args), isinstance(expression, sp.Max))
    if isinstance(expression, sp.Heaviside):
        return ["if", written(expression.args[0]), 1, 0]
    if isinstance(expression, sp.Function):
        name, _, order = type(expression).__name__.partition(":")
        return ["f", name, int(order or 0), written(expression.args[0])]
    raise UnderivableError(f"no plain form for {expression}")


def _exponential(exponent: Any) -> Expression:
    """exp(2a - b) as exp(a)^2 exp(b)^-1, so that exp is a function of single terms."""
    import sympy as sp

    powers: list[Expression] = []
    for term in sp.Add.make_args(exponent):
        weight, rest = term.as_coeff_Mul()
        if weight.is_Integer and weight != 1 and rest != 1:
            powers.append(["^", ["f", "exp", 0, written(rest)], int(weight)])
        else:
            powers.append(["f", "exp", 0, written(term)])
    return powers[0] if len(powers) == 1 else ["*", *powers]


def _extreme(parts: list[Any], largest: bool) -> Expression:
    """The largest (or smallest) of several, two at a time."""
    first, *rest = parts
    if not rest:
        return written(first)
    other = _extreme(rest, largest)
    difference = ["+", written(first), ["*", -1, other]]
    either = (written(first), other)
    return ["if", difference, *(either if largest else either[::-1])]


def _branches(pairs: list[Any]) -> Expression:
    """Nested conditions; at a corner either side will do: points lie elsewhere."""
    (value, condition), *rest = pairs
    if not rest:
        return written(value)
    upward = condition.rel_op in {">", ">="}
    greater, less = (condition.lhs, condition.rhs) if upward else (condition.rhs, condition.lhs)
    return ["if", written(greater - less), written(value), _branches(rest)]
