"""What people get wrong in a line of array code, as rewrites of its syntax tree.

Each operator looks at one expression and yields ``(code, replacement)``: the mistake's code from
``engine.mistakes`` and the expression that somebody who makes it would have written.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Final

from . import dimensions
from .operators_along import axes, comparisons, indices, ranges, runs, slices
from .rewriting import Context, Rewrite, binary, called, is_, is_derivative, names


def sums(node: ast.expr, context: Context) -> Iterator[Rewrite]:
    """Sign and terms of a sum or difference."""
    if not isinstance(node, ast.BinOp) or context.in_index:
        return
    if isinstance(node.op, ast.Add):
        yield "sign-flipped", binary(node.left, ast.Sub(), node.right)
    elif isinstance(node.op, ast.Sub):
        yield "sign-flipped", binary(node.left, ast.Add(), node.right)
        yield "sign-flipped", binary(node.right, ast.Sub(), node.left)
    else:
        return
    yield _dropped_term(node.right, context), node.left
    yield _dropped_term(node.left, context), node.right


def _dropped_term(term: ast.expr, context: Context) -> str:
    used = names(term)
    if isinstance(term, ast.Name) and term.id in context.role("bias"):
        return "bias-dropped"
    recurrent, output = used & context.role("recurrent"), used & context.role("output")
    if recurrent and not output:
        return "recurrent-path-dropped"
    if output and not recurrent:
        return "output-path-dropped"
    return "term-dropped"


def products(node: ast.expr, context: Context) -> Iterator[Rewrite]:
    """Factors, order and kind of a product; a quotient's divisor; a power."""
    if not isinstance(node, ast.BinOp) or context.in_index:
        return
    left, right = node.left, node.right
    if isinstance(node.op, ast.Mult):
        yield _dropped_factor(right, context), left
        yield _dropped_factor(left, context), right
        yield "matrix-for-elementwise", binary(left, ast.MatMult(), right)
        if not isinstance(left, ast.Constant) and not isinstance(right, ast.Constant):
            yield "sum-for-product", binary(left, ast.Add(), right)
    elif isinstance(node.op, ast.MatMult):
        yield "elementwise-for-matrix", binary(left, ast.Mult(), right)
        yield "order-swapped", binary(right, ast.MatMult(), left)
        yield "factor-dropped", left
        yield "factor-dropped", right
        if isinstance(left, ast.Attribute) and left.attr == "T":
            turned = ast.Attribute(right, "T", ast.Load())
            yield "outer-product-transposed", binary(turned, ast.MatMult(), left.value)
    elif isinstance(node.op, ast.Div):
        yield "scale-wrong", left
    elif isinstance(node.op, ast.Pow):
        yield "power-dropped", left


def _dropped_factor(factor: ast.expr, context: Context) -> str:
    if isinstance(factor, ast.Name) and factor.id in context.role("learning-rate"):
        return "learning-rate-dropped"
    if is_derivative(factor):
        return "derivative-dropped"
    return "scale-wrong" if isinstance(factor, ast.Constant) else "factor-dropped"


_FACTORS: Final = (ast.Mult, ast.MatMult, ast.Div)


def parentheses(node: ast.expr, context: Context) -> Iterator[Rewrite]:
    """``(a + b) * c / d`` written without its parentheses: ``a + b * c / d``."""
    if not isinstance(node, ast.BinOp) or not is_(node, *_FACTORS) or context.in_index:
        return
    # The whole chain of factors, of which the sum is the first.
    chain: list[tuple[ast.operator, ast.expr]] = []
    first: ast.expr = node
    while isinstance(first, ast.BinOp) and isinstance(first.op, _FACTORS):
        chain.insert(0, (first.op, first.right))
        first = first.left
    inside = is_(context.parent, *_FACTORS) and getattr(context.parent, "left", None) is node
    if not inside and isinstance(first, ast.BinOp) and isinstance(first.op, ast.Add | ast.Sub):
        tail = first.right
        for op, factor in chain:
            tail = binary(tail, op, factor)
        yield "parentheses-dropped", binary(first.left, first.op, tail)
    right = node.right
    if isinstance(right, ast.BinOp) and isinstance(right.op, ast.Add | ast.Sub):
        head = binary(node.left, node.op, right.left)
        yield "parentheses-dropped", binary(head, right.op, right.right)


def signs(node: ast.expr, context: Context) -> Iterator[Rewrite]:
    """A minus that was lost."""
    if context.in_index or not isinstance(node, ast.UnaryOp):
        return
    if isinstance(node.op, ast.USub) and not isinstance(node.operand, ast.Constant):
        yield "sign-flipped", node.operand


def transposes(node: ast.expr, context: Context) -> Iterator[Rewrite]:
    """``.T`` lost or added, and outer products the wrong way round."""
    # A vector is its own transpose.
    axes = dimensions.of(node, context.axes)
    if axes is None or axes > 1:
        if isinstance(node, ast.Attribute) and node.attr == "T":
            yield "transpose-dropped", node.value
        elif isinstance(node, ast.Name | ast.Subscript) and is_(context.parent, ast.MatMult):
            yield "transpose-added", ast.Attribute(node, "T", ast.Load())
    if called(node) == "outer" and isinstance(node, ast.Call) and len(node.args) == 2:
        turned = ast.Call(node.func, node.args[::-1], node.keywords)
        yield "outer-product-transposed", turned
    if called(node) == "dot" and isinstance(node, ast.Call) and len(node.args) == 2:
        yield "order-swapped", ast.Call(node.func, node.args[::-1], node.keywords)


def confusions(node: ast.expr, context: Context) -> Iterator[Rewrite]:
    """One name for another that is easily confused with it."""
    if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load):
        return
    for group, code in context.spec.confusable:
        if node.id in group:
            for other in group:
                if other != node.id:
                    wrong = "derivative-of-wrong-argument" if context.in_derivative else code
                    yield wrong, ast.Name(other, ast.Load())


_ACTIVATIONS: Final = ("tanh", "sigmoid", "relu", "softmax")


def activations(node: ast.expr, context: Context) -> Iterator[Rewrite]:
    """An activation lost, exchanged, or its derivative taken of the activated value."""
    if not isinstance(node, ast.Call) or len(node.args) != 1:
        return
    # The course's own is called _sigmoid.
    function, argument = called(node).lstrip("_"), node.args[0]
    numpy = ast.Name("np", ast.Load())
    if function in _ACTIVATIONS:
        yield "activation-dropped", argument
        if function == "tanh":
            exponential = ast.Call(
                ast.Attribute(numpy, "exp", ast.Load()), [ast.UnaryOp(ast.USub(), argument)], []
            )
            one = ast.Constant(1)
            yield (
                "activation-wrong",
                binary(one, ast.Div(), binary(one, ast.Add(), exponential)),
            )
        else:
            tanh = ast.Attribute(numpy, "tanh", ast.Load())
            yield "activation-wrong", ast.Call(tanh, [argument], [])
        maximum = ast.Attribute(numpy, "maximum", ast.Load())
        yield "activation-wrong", ast.Call(maximum, [argument, ast.Constant(0)], [])
    elif function.startswith("d_") and function[2:] in context.helpers:
        activated = ast.Call(ast.Name(function[2:], ast.Load()), [argument], [])
        yield "derivative-of-wrong-argument", ast.Call(node.func, [activated], [])


def added_activation(node: ast.expr, context: Context) -> Iterator[Rewrite]:
    """An activation around the whole right side of an assignment."""
    if isinstance(context.parent, ast.Assign) and isinstance(node, ast.BinOp):
        tanh = ast.Attribute(ast.Name("np", ast.Load()), "tanh", ast.Load())
        yield "activation-added", ast.Call(tanh, [node], [])


def reductions(node: ast.expr, context: Context) -> Iterator[Rewrite]:
    """Means for sums, sums left out."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return
    if node.func.attr not in ("sum", "mean"):
        return
    other = "mean" if node.func.attr == "sum" else "sum"
    changed = ast.Attribute(node.func.value, other, ast.Load())
    code = "mean-for-sum" if other == "mean" else "scale-wrong"
    yield code, ast.Call(changed, node.args, node.keywords)
    if not isinstance(node.func.value, ast.Name) or node.func.value.id != "np":
        yield "sum-dropped", node.func.value


OPERATORS: Final[tuple[Callable[[ast.expr, Context], Iterator[Rewrite]], ...]] = (
    sums,
    products,
    parentheses,
    signs,
    transposes,
    indices,
    confusions,
    activations,
    added_activation,
    reductions,
    axes,
    slices,
    ranges,
    runs,
    comparisons,
)
