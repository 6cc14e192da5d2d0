"""What people get wrong in a line of array code, as rewrites of its syntax tree.

Each operator looks at one expression and yields ``(code, replacement)``: the mistake's code from
``engine.mistakes`` and the expression that somebody who makes it would have written.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from .specification import MutationSpec

Rewrite: TypeAlias = tuple[str, ast.expr]


@dataclass(frozen=True)
class Context:
    """Where an expression stands."""

    spec: MutationSpec
    helpers: frozenset[str]
    loop_variables: frozenset[str]
    parent: ast.AST
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


def _binary(left: ast.expr, op: ast.operator, right: ast.expr) -> ast.BinOp:
    return ast.BinOp(left=left, op=op, right=right)


def _is(node: ast.AST, *kinds: type[ast.operator]) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, kinds)


def sums(node: ast.expr, context: Context) -> Iterator[Rewrite]:
    """Sign and terms of a sum or difference."""
    if not isinstance(node, ast.BinOp) or context.in_index:
        return
    if isinstance(node.op, ast.Add):
        yield "sign-flipped", _binary(node.left, ast.Sub(), node.right)
    elif isinstance(node.op, ast.Sub):
        yield "sign-flipped", _binary(node.left, ast.Add(), node.right)
        yield "sign-flipped", _binary(node.right, ast.Sub(), node.left)
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
        yield "matrix-for-elementwise", _binary(left, ast.MatMult(), right)
    elif isinstance(node.op, ast.MatMult):
        yield "elementwise-for-matrix", _binary(left, ast.Mult(), right)
        yield "order-swapped", _binary(right, ast.MatMult(), left)
        yield "factor-dropped", left
        yield "factor-dropped", right
        if isinstance(left, ast.Attribute) and left.attr == "T":
            turned = ast.Attribute(right, "T", ast.Load())
            yield "outer-product-transposed", _binary(turned, ast.MatMult(), left.value)
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
    if not isinstance(node, ast.BinOp) or not _is(node, *_FACTORS) or context.in_index:
        return
    # The whole chain of factors, of which the sum is the first.
    chain: list[tuple[ast.operator, ast.expr]] = []
    first: ast.expr = node
    while isinstance(first, ast.BinOp) and isinstance(first.op, _FACTORS):
        chain.insert(0, (first.op, first.right))
        first = first.left
    inside = _is(context.parent, *_FACTORS) and getattr(context.parent, "left", None) is node
    if not inside and isinstance(first, ast.BinOp) and isinstance(first.op, ast.Add | ast.Sub):
        tail = first.right
        for op, factor in chain:
            tail = _binary(tail, op, factor)
        yield "parentheses-dropped", _binary(first.left, first.op, tail)
    right = node.right
    if isinstance(right, ast.BinOp) and isinstance(right.op, ast.Add | ast.Sub):
        head = _binary(node.left, node.op, right.left)
        yield "parentheses-dropped", _binary(head, right.op, right.right)


def signs(node: ast.expr, context: Context) -> Iterator[Rewrite]:
    """A minus that was lost."""
    if context.in_index or not isinstance(node, ast.UnaryOp):
        return
    if isinstance(node.op, ast.USub) and not isinstance(node.operand, ast.Constant):
        yield "sign-flipped", node.operand


def transposes(node: ast.expr, context: Context) -> Iterator[Rewrite]:
    """``.T`` lost or added, and outer products the wrong way round."""
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield "transpose-dropped", node.value
    elif isinstance(node, ast.Name | ast.Subscript) and _is(context.parent, ast.MatMult):
        yield "transpose-added", ast.Attribute(node, "T", ast.Load())
    if called(node) == "outer" and isinstance(node, ast.Call) and len(node.args) == 2:
        turned = ast.Call(node.func, node.args[::-1], node.keywords)
        yield "outer-product-transposed", turned
    if called(node) == "dot" and isinstance(node, ast.Call) and len(node.args) == 2:
        yield "order-swapped", ast.Call(node.func, node.args[::-1], node.keywords)


def indices(node: ast.expr, context: Context) -> Iterator[Rewrite]:
    """An index of a loop variable that is off by one."""
    if not context.in_index or not names(node) & context.loop_variables:
        return
    if isinstance(node, ast.Tuple | ast.Slice) or isinstance(
        context.parent, ast.BinOp | ast.UnaryOp
    ):
        return  # only the whole expression of one axis
    base, offset = node, 0
    if isinstance(node, ast.BinOp) and isinstance(node.right, ast.Constant):
        sign = {ast.Add: 1, ast.Sub: -1}.get(type(node.op))
        if sign is not None and isinstance(node.right.value, int):
            base, offset = node.left, sign * node.right.value
    # One step off, or on the other side of the step.
    for moved in dict.fromkeys((offset - 1, offset + 1, -offset)):
        if moved == offset:
            continue
        yield "index-shifted", _shifted(base, moved)


def _shifted(base: ast.expr, offset: int) -> ast.expr:
    if offset == 0:
        return base
    op = ast.Add() if offset > 0 else ast.Sub()
    return _binary(base, op, ast.Constant(abs(offset)))


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
                _binary(one, ast.Div(), _binary(one, ast.Add(), exponential)),
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
    """Sums over the wrong axis, means for sums, sums left out."""
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
    yield from _along_another_axis(node)


def joins(node: ast.expr, context: Context) -> Iterator[Rewrite]:
    """Arrays joined or cut apart along the wrong axis; a turn along one of several axes left out.

    ``[h_f, h_b]`` joined along time instead of the features, ``x[:, ::-1]`` without its turn.
    """
    if isinstance(node, ast.Call) and called(node) in ("concatenate", "stack", "split"):
        yield from _along_another_axis(node)
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple):
        axes = node.slice.elts
        for place, axis in enumerate(axes):
            if ast.unparse(axis) == "::-1":
                kept: list[ast.expr] = [*axes[:place], ast.Slice(), *axes[place + 1 :]]
                turned = ast.Subscript(node.value, ast.Tuple(kept, ast.Load()), ast.Load())
                yield "order-swapped", turned


_OTHER_AXIS: Final = {0: 1, 1: 0, 2: 1}


def _along_another_axis(node: ast.Call) -> Iterator[Rewrite]:
    for place, keyword in enumerate(node.keywords):
        value = keyword.value
        if keyword.arg == "axis" and isinstance(value, ast.Constant):
            other = _OTHER_AXIS.get(value.value) if isinstance(value.value, int) else None
            if other is not None:
                turned = ast.keyword("axis", ast.Constant(other))
                keywords = [*node.keywords[:place], turned, *node.keywords[place + 1 :]]
                yield "axis-wrong", ast.Call(node.func, node.args, keywords)


def ranges(node: ast.expr, context: Context) -> Iterator[Rewrite]:
    """A loop that is one step short, late or long, or runs the other way."""
    function = called(node)
    if isinstance(node, ast.Call) and function == "range" and len(node.args) == 1:
        (end,) = node.args
        yield "sum-shortened", ast.Call(node.func, [_shifted(end, -1)], [])
        yield "sum-starts-late", ast.Call(node.func, [ast.Constant(1), end], [])
        if not isinstance(context.parent, ast.comprehension):
            yield "sum-lengthened", ast.Call(node.func, [_shifted(end, 1)], [])
    if isinstance(node, ast.Call) and function == "reversed" and len(node.args) == 1:
        yield "order-swapped", node.args[0]
    if isinstance(node, ast.Subscript) and ast.unparse(node.slice) == "::-1":
        yield "order-swapped", node.value


def runs(node: ast.expr, context: Context) -> Iterator[Rewrite]:
    """The edge of a run over time: its first step, and the room for the state before it."""
    if isinstance(node, ast.IfExp) and names(node.test) & context.loop_variables:
        for branch in (node.body, node.orelse):
            if steps_back(branch, context.loop_variables):
                yield "wraps-to-last-state", branch
    if called(node) in ("zeros", "empty", "ones") and isinstance(node, ast.Call) and node.args:
        shape = node.args[0]
        for place, length in enumerate(shape.elts if isinstance(shape, ast.Tuple) else ()):
            if _is(length, ast.Add) and ast.unparse(length).endswith("+ 1"):
                assert isinstance(length, ast.BinOp)
                assert isinstance(shape, ast.Tuple)
                lengths = [*shape.elts[:place], length.left, *shape.elts[place + 1 :]]
                code = "wraps-to-last-state" if context.steps_back else "index-outside-run"
                shorter = ast.Tuple(lengths, ast.Load())
                yield code, ast.Call(node.func, [shorter, *node.args[1:]], node.keywords)


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


def comparisons(node: ast.expr, context: Context) -> Iterator[Rewrite]:
    """A comparison the wrong way round; at the edge of a loop, one that is off by one."""
    if not isinstance(node, ast.Compare) or len(node.ops) != 1:
        return
    turned = {ast.Gt: ast.Lt, ast.Lt: ast.Gt, ast.GtE: ast.LtE, ast.LtE: ast.GtE}
    wider = {ast.Gt: ast.GtE, ast.Lt: ast.LtE, ast.GtE: ast.Gt, ast.LtE: ast.Lt}
    kind = type(node.ops[0])
    if kind in turned:
        yield "sign-flipped", ast.Compare(node.left, [turned[kind]()], node.comparators)
        if names(node) & context.loop_variables:
            off = ast.Compare(node.left, [wider[kind]()], node.comparators)
            yield "wraps-to-last-state" if context.steps_back else "index-shifted", off


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
    joins,
    ranges,
    runs,
    comparisons,
)
