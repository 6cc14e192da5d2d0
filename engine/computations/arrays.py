"""Reading NumPy: the shapes that products, sums, reshapes and broadcasting give."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from engine.computations.common import flag, whole
from engine.computations.registry import ArgumentError, Arguments, Mistake, Registry, Shape
from engine.parameters import Parameter

COMPUTATIONS: Final = Registry()


def sizes_of(meaning: str, least: int = 1) -> Parameter:
    """A shape: up to four sizes."""
    return Parameter("numbers", meaning, minimum=least, maximum=4096, most=4)


# --- broadcasting --------------------------------------------------------------------------------


def _broadcast(left: tuple[int, ...], right: tuple[int, ...], name: str = "right") -> Shape:
    length = max(len(left), len(right))
    padded = ((1,) * (length - len(side)) + side for side in (left, right))
    found = []
    for x, y in zip(*padded, strict=True):
        if x != y and 1 not in (x, y):
            raise ArgumentError(name, f"does not broadcast: {x} meets {y}")
        found.append(max(x, y))
    return Shape(found)


def _sides(a: Arguments) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return whole(a, "left", least=1), whole(a, "right", least=1)


def _broadcast_mistakes(a: Arguments) -> Iterator[Mistake]:
    left, right = _sides(a)
    result = _broadcast(left, right)
    for note, side in (("of-the-left", left), ("of-the-right", right)):
        if side != result:
            yield "shape-wrong", note, Shape(side)
    if len(left) != len(right):
        short, long = sorted((left, right), key=len)
        from_front = short + (1,) * (len(long) - len(short))
        if all(x == y or 1 in (x, y) for x, y in zip(from_front, long, strict=True)):
            yield "axis-wrong", "aligned-at-the-front", _broadcast(from_front, long)
    if len(left) == len(right):
        yield "sum-added", "sizes-added", Shape(x + y for x, y in zip(left, right, strict=True))


@COMPUTATIONS.add(
    "numpy.broadcast",
    "the shape of an element-wise operation between two arrays",
    "shapes are aligned at their last axes; a size of 1, or a missing axis, is repeated; NumPy "
    "manual, Broadcasting",
    {"left": sizes_of("shape of the first"), "right": sizes_of("shape of the second")},
    _broadcast_mistakes,
)
def broadcast(a: Arguments) -> Shape:
    """The broadcast shape."""
    return _broadcast(*_sides(a))


# --- reshape -------------------------------------------------------------------------------------


def _reshaped(a: Arguments) -> Shape:
    shape, new = whole(a, "shape", least=1), whole(a, "new", least=-1)
    total = math.prod(shape)
    if 0 in new or new.count(-1) > 1:
        raise ArgumentError("new", "may hold −1 once, and no 0")
    known = math.prod(entry for entry in new if entry > 0)
    if total % known or (-1 not in new and known != total):
        raise ArgumentError("new", f"does not hold the {total} entries of {shape}")
    return Shape(total // known if entry == -1 else entry for entry in new)


def _reshaped_mistakes(a: Arguments) -> Iterator[Mistake]:
    result, shape = _reshaped(a), whole(a, "shape", least=1)
    if result != shape:
        yield "shape-wrong", "unchanged", Shape(shape)
    if result != tuple(reversed(result)):
        yield "axis-wrong", "turned", Shape(reversed(result))
    new = whole(a, "new", least=-1)
    if -1 in new:
        yield "factor-dropped", "one-for-minus-one", Shape(abs(entry) for entry in new)
    if len(result) > 1:
        yield "term-dropped", "flattened", Shape((math.prod(shape),))


@COMPUTATIONS.add(
    "numpy.reshape",
    "the shape after reshape, −1 being worked out from the others",
    "NumPy manual, numpy.reshape",
    {"shape": sizes_of("shape of the array"), "new": sizes_of("what it is reshaped to", least=-1)},
    _reshaped_mistakes,
)
def reshape(a: Arguments) -> Shape:
    """The new shape."""
    return _reshaped(a)


# --- sums over an axis ---------------------------------------------------------------------------


def _reduced(a: Arguments, axis: int, keepdims: bool) -> Shape:
    shape = whole(a, "shape", least=1)
    position = axis % len(shape)
    return Shape((*shape[:position], *((1,) if keepdims else ()), *shape[position + 1 :]))


def _reduced_mistakes(a: Arguments) -> Iterator[Mistake]:
    axis, shape = a["axis"], whole(a, "shape", least=1)
    keepdims = a["keepdims"] == "True"
    right = _reduced(a, axis, keepdims)
    for other in range(len(shape)):
        if (wrong := _reduced(a, other, keepdims)) != right:
            yield "axis-wrong", f"over-axis-{other}", wrong
    note = "axis-dropped" if keepdims else "axis-kept"
    yield "shape-wrong", note, _reduced(a, axis, not keepdims)
    if len(shape) > 1:
        yield "sum-lengthened", "axis-itself-left", Shape((shape[axis % len(shape)],))


@COMPUTATIONS.add(
    "numpy.sum_axis",
    "the shape of a sum (or mean, or maximum) over one axis",
    "that axis goes, or stays with size 1 under keepdims=True; NumPy manual, numpy.sum",
    {
        "shape": sizes_of("shape of the array"),
        "axis": Parameter(
            "integer", "which axis; negative ones from the end", minimum=-4, maximum=3
        ),
        "keepdims": flag("keepdims"),
    },
    _reduced_mistakes,
)
def sum_axis(a: Arguments) -> Shape:
    """The shape without that axis, or with 1 there."""
    n = len(a["shape"])
    if not -n <= a["axis"] < n:
        raise ArgumentError("axis", f"has to lie between {-n} and {n - 1}")
    if n == 1 and a["keepdims"] == "False":
        raise ArgumentError("shape", "has to have two axes or more: else a number is left")
    return _reduced(a, a["axis"], a["keepdims"] == "True")


# --- products ------------------------------------------------------------------------------------


def _product(left: tuple[int, ...], right: tuple[int, ...]) -> Shape:
    if len(left) == len(right) == 1:
        raise ArgumentError("right", "has to have two axes, or left: else a number is left")
    inner = right[0] if len(right) == 1 else right[-2]
    if left[-1] != inner:
        raise ArgumentError("right", f"does not fit: the inner sizes are {left[-1]} and {inner}")
    rows = left[-2:-1]
    columns = right[-1:] if len(right) > 1 else ()
    return Shape((*_broadcast(left[:-2], right[:-2]), *rows, *columns))


def _product_mistakes(a: Arguments) -> Iterator[Mistake]:
    left, right = _sides(a)
    result = _product(left, right)
    inner = left[-1]
    if len(result) > 1 and result[-1] != result[-2]:
        yield "transpose-added", "turned", Shape((*result[:-2], result[-1], result[-2]))
    if (inner,) != result[-1:] and (*result[:-1], inner) != left:
        yield "shape-wrong", "inner-size-kept", Shape((*result[:-1], inner))
    if left != result:
        yield "elementwise-for-matrix", "of-the-left", Shape(left)
    if len(result) == 1:
        yield "axis-wrong", "row-of-one", Shape((1, *result))


@COMPUTATIONS.add(
    "numpy.matmul",
    "the shape of left @ right",
    "(…, n, k) @ (…, k, m) → (…, n, m); a one-dimensional array has its axis summed and gets none "
    "back; NumPy manual, numpy.matmul",
    {"left": sizes_of("shape of the first"), "right": sizes_of("shape of the second")},
    _product_mistakes,
)
def matmul(a: Arguments) -> Shape:
    """The product's shape."""
    return _product(*_sides(a))
