"""Reading NumPy, entry by entry: indices, rounding, integers that wrap; shapes put together."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from engine.computations.arrays import sizes_of
from engine.computations.common import choice, size, weight, whole
from engine.computations.registry import ArgumentError, Arguments, Mistake, Registry, Shape
from engine.parameters import Parameter

COMPUTATIONS: Final = Registry()

# --- indices -------------------------------------------------------------------------------------


def _index_mistakes(a: Arguments) -> Iterator[Mistake]:
    n, index = a["n"], a["index"]
    right = index % n
    if index < 0:
        yield "sign-flipped", "sign-dropped", -index
        yield "index-shifted", "counted-from-0-backwards", right - 1 if right else n - 1
        if right != n - 1:
            yield "wraps-to-last-state", "always-the-last", n - 1
    else:
        yield "index-shifted", "counted-from-1", index + 1


@COMPUTATIONS.add(
    "numpy.index",
    "which position, from 0, an index of a one-dimensional array reads",
    "a negative one counts from the end: −1 is the last, without an error; NumPy manual, Indexing",
    {
        "n": size("length of the array"),
        "index": Parameter("integer", "the index", minimum=-4096, maximum=4095),
    },
    _index_mistakes,
)
def index(a: Arguments) -> int:
    """index mod n."""
    if not -a["n"] <= a["index"] < a["n"]:
        raise ArgumentError("index", f"has to lie between {-a['n']} and {a['n'] - 1}")
    return int(a["index"] % a["n"])


def _sliced(a: Arguments, start: int | None, stop: int | None, step: int) -> int:
    return len(range(a["n"])[slice(start, stop, step)])


def _sliced_mistakes(a: Arguments) -> Iterator[Mistake]:
    start, stop, step = a["start"], a["stop"], a["step"]
    right = _sliced(a, start, stop, step)
    yield "index-shifted", "stop-belongs-to-it", right + 1
    if stop is not None and start:
        yield "term-dropped", "start-not-taken-off", _sliced(a, None, stop, step)
    if abs(step) > 1:
        yield "factor-dropped", "step-left-out", _sliced(a, start, stop, step // abs(step))
    if right != a["n"]:
        yield "sum-lengthened", "everything", a["n"]


@COMPUTATIONS.add(
    "numpy.slice",
    "how many entries a slice start:stop:step of a one-dimensional array has",
    "stop does not belong to it; negative ones count from the end; NumPy manual, Indexing",
    {
        "n": size("length of the array"),
        "start": Parameter("integer", "start", minimum=-4096, maximum=4096, default=None),
        "stop": Parameter("integer", "stop", minimum=-4096, maximum=4096, default=None),
        "step": Parameter("integer", "step", minimum=-64, maximum=64, default=1),
    },
    _sliced_mistakes,
)
def sliced(a: Arguments) -> int:
    """len(a[start:stop:step])."""
    if a["step"] == 0:
        raise ArgumentError("step", "may not be 0")
    return _sliced(a, a["start"], a["stop"], a["step"])


# --- numbers -------------------------------------------------------------------------------------


def _rounded_mistakes(a: Arguments) -> Iterator[Mistake]:
    x = a["x"]
    right = round(x)
    away = int(abs(x) + Fraction(1, 2)) * (1 if x >= 0 else -1)
    if away != right:
        yield "activation-wrong", "half-always-up", away
    elif int(x) != right:
        yield "term-dropped", "cut-off", int(x)


@COMPUTATIONS.add(
    "numpy.round",
    "np.round of a number: to the nearest whole one, a half to the even one",
    "np.round(0.5) = 0, np.round(1.5) = 2, np.round(2.5) = 2; NumPy manual, numpy.round",
    {"x": weight("the number")},
    _rounded_mistakes,
)
def rounded(a: Arguments) -> int:
    """Half to even."""
    return round(Fraction(a["x"]))


def _wrapped(a: Arguments, bits: int, signed: bool) -> int:
    value = a["value"] % 2**bits
    return int(value - 2**bits if signed and value >= 2 ** (bits - 1) else value)


def _wrapped_mistakes(a: Arguments) -> Iterator[Mistake]:
    bits, signed = a["bits"], a["kind"] == "int"
    right = _wrapped(a, bits, signed)
    if right != a["value"]:
        yield "normalisation-dropped", "not-wrapped", a["value"]
        limit = 2 ** (bits - 1) - 1 if signed else 2**bits - 1
        yield (
            "activation-wrong",
            "held-at-the-limit",
            limit if a["value"] > 0 else (-(2 ** (bits - 1)) if signed else 0),
        )
        yield "index-shifted", "modulo-the-largest", a["value"] % (2**bits - 1)
    other = _wrapped(a, bits, not signed)
    if other not in (right, a["value"]):
        yield "sign-flipped", "other-kind", other


@COMPUTATIONS.add(
    "numpy.wrapped_integer",
    "what an array of uint8, int8, uint16 or int16 holds after arithmetic that leaves its range",
    "modulo 2^bits, without an error: 200 + 100 is 44 in uint8; NumPy manual, Data types, overflow",
    {
        "value": Parameter("integer", "the true result", minimum=-(2**40), maximum=2**40),
        "bits": Parameter("integer", "bits", minimum=8, maximum=32, default=8),
        "kind": choice("with a sign or without", ("uint", "int")),
    },
    _wrapped_mistakes,
)
def wrapped(a: Arguments) -> int:
    """value mod 2^bits, as the type shows it."""
    return _wrapped(a, a["bits"], a["kind"] == "int")


# --- shapes put together and turned --------------------------------------------------------------


def _joined(a: Arguments, axis: int) -> Shape:
    left, right = whole(a, "left", least=1), whole(a, "right", least=1)
    position = axis % len(left)
    for k, (x, y) in enumerate(zip(left, right, strict=True)):
        if k != position and x != y:
            raise ArgumentError("right", f"does not fit: axis {k} has {x} and {y}")
    added = left[position] + right[position]
    return Shape((*left[:position], added, *left[position + 1 :]))


def _joined_mistakes(a: Arguments) -> Iterator[Mistake]:
    left, right = whole(a, "left", least=1), whole(a, "right", least=1)
    joined, n = _joined(a, a["axis"]), len(left)
    if left == right:
        for other in range(n):
            if (found := _joined(a, other)) != joined:
                yield "axis-wrong", f"along-axis-{other}", found
        yield "sum-added", "added-up", Shape(left)
        yield "shape-wrong", "stacked", Shape((2, *left))
    else:
        yield "shape-wrong", "of-the-left", Shape(left)
    if n > 1:
        everywhere = Shape(x + y for x, y in zip(left, right, strict=True))
        yield "term-added", "every-axis", everywhere


@COMPUTATIONS.add(
    "numpy.concatenate",
    "the shape of np.concatenate((left, right), axis)",
    "sizes along the axis are added, the others have to agree; NumPy manual, numpy.concatenate",
    {
        "left": sizes_of("shape of the first"),
        "right": sizes_of("shape of the second"),
        "axis": Parameter(
            "integer", "which axis; negative ones from the end", minimum=-4, maximum=3, default=0
        ),
    },
    _joined_mistakes,
)
def concatenate(a: Arguments) -> Shape:
    """Added along the axis."""
    n = len(a["left"])
    if len(a["right"]) != n:
        raise ArgumentError("right", f"has to have {n} axes, as left has")
    if not -n <= a["axis"] < n:
        raise ArgumentError("axis", f"has to lie between {-n} and {n - 1}")
    return _joined(a, a["axis"])


def _turned(a: Arguments) -> Shape:
    shape = whole(a, "shape", least=1)
    if a["axes"] is None:
        return Shape(reversed(shape))
    axes = whole(a, "axes", below=len(shape))
    if sorted(axes) != list(range(len(shape))):
        raise ArgumentError("axes", f"has to name each of the {len(shape)} axes once")
    return Shape(shape[axis] for axis in axes)


def _turned_mistakes(a: Arguments) -> Iterator[Mistake]:
    shape, right = whole(a, "shape", least=1), _turned(a)
    if len(shape) == 1:
        # .T of one dimension does nothing.
        yield "transpose-added", "row-of-one", Shape((1, *shape))
        yield "shape-wrong", "column", Shape((*shape, 1))
        return
    if right != shape:
        yield "transpose-dropped", "unchanged", Shape(shape)
    if a["axes"] is None and len(shape) > 2:
        last_two = Shape((*shape[:-2], shape[-1], shape[-2]))
        if last_two != right:
            yield "axis-wrong", "last-two-only", last_two
    if a["axes"] is not None:
        inverse = sorted(range(len(shape)), key=whole(a, "axes").__getitem__)
        there = Shape(shape[axis] for axis in inverse)
        if there not in (right, shape):
            yield "order-swapped", "the-other-way-round", there


@COMPUTATIONS.add(
    "numpy.transpose",
    "the shape of a.T, or of a.transpose(axes)",
    "all axes in reverse order; one-dimensional arrays stay as they are; with axes, axis k of the "
    "result is axis axes[k] of a; NumPy manual, numpy.transpose",
    {
        "shape": sizes_of("shape of the array"),
        "axes": Parameter("numbers", "axes, if given", minimum=0, maximum=3, most=4, default=None),
    },
    _turned_mistakes,
)
def transposed(a: Arguments) -> Shape:
    """Axes reversed or permuted."""
    return _turned(a)
