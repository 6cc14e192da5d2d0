"""Random values of arguments, one by one: what each kind of draw means in numbers.

Three decimals are as good as sixteen for telling computations apart, and can be pasted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np

from .arguments import Argument, Draw
from .channel import Named

_DTYPES: Final = {"float": np.float64, "integer": np.int64, "boolean": np.bool_}
# Of numbers that can be followed by hand.
_SIMPLE: Final = (-1.0, -0.5, 0.5, 1.0)
# A range in which whole numbers are fine enough.
_WIDE: Final = 20.0


def draw(
    arguments: Iterable[Argument],
    sizes: Mapping[str, int],
    rng: np.random.Generator,
    turn: int = 0,
    simple: bool = False,
) -> dict[str, Any]:
    """Values of all arguments, in their order.

    Args:
        turn: number of the case: options of a ``choice`` take turns, and so does None.
        simple: of few digits where that can be, for inputs to be followed by hand.
    """
    return {a.name: draw_argument(a, sizes, rng, turn, simple) for a in arguments}


def draw_argument(
    argument: Argument,
    sizes: Mapping[str, int],
    rng: np.random.Generator,
    turn: int = 0,
    simple: bool = False,
) -> Any:
    """One argument: a value, a dictionary or a list of values, or None if that is its turn."""
    if argument.optional and turn % 3 == 1:
        return None
    if argument.form == "entries":
        return {k: draw_value(d, sizes, rng, turn, simple) for k, d in argument.parts}
    if argument.form == "items":
        return [draw_value(d, sizes, rng, turn, simple) for _, d in argument.parts]
    one = argument.parts[0][1]
    if argument.form == "list":
        count = argument.count.at(sizes)
        return [draw_value(one, sizes, rng, turn, simple) for _ in range(count)]
    return draw_value(one, sizes, rng, turn, simple)


def draw_value(
    one: Draw, sizes: Mapping[str, int], rng: np.random.Generator, turn: int, simple: bool
) -> Any:
    """One value: an array (without a shape a Python number), a text, None, or a function's name."""
    shape = tuple(length.at(sizes) for length in one.shape)
    if one.kind in ("number", "count", "size", "choice", "function"):
        return _scalar(one, sizes, rng, turn, simple)
    if one.kind == "normal":
        value: Any = np.round(rng.normal(size=shape) * one.high, 3)
    elif one.kind == "bits":
        value = rng.integers(0, 2, size=shape)
    elif one.kind == "index":
        below = max(one.bound.at(sizes), int(one.low) + 1)
        value = rng.integers(int(one.low), below, size=shape)
    elif one.kind == "lengths":
        value = _lengths(max(1, one.bound.at(sizes)), shape, rng)
    elif one.kind == "mask":
        counts = _lengths(max(1, shape[-1]), shape[:-1], rng)
        value = np.arange(shape[-1]) < counts[..., None]
    elif one.kind == "one-hot":
        value = np.eye(shape[-1])[rng.integers(0, shape[-1], size=shape[:-1])]
    elif one.kind == "probabilities":
        value = _probabilities(shape, rng)
    elif simple and len(few := [n for n in _SIMPLE if one.low <= n <= one.high]) > 1:
        value = rng.choice(few, size=shape)
    else:
        wide = one.high - one.low > _WIDE
        drawn = np.round(rng.uniform(one.low, one.high, size=shape), int(not wide) if simple else 3)
        # Rounding must not lead out of the range.
        value = np.clip(drawn, one.low, one.high)
    array: np.ndarray[Any, Any] = np.asarray(value).astype(_DTYPES[one.dtype])
    return array if shape else array.item()


def _scalar(
    one: Draw, sizes: Mapping[str, int], rng: np.random.Generator, turn: int, simple: bool
) -> Any:
    if one.kind == "number":
        digits = 1 if simple and one.low <= 0 else 3
        return min(max(round(float(rng.uniform(one.low, one.high)), digits), one.low), one.high)
    if one.kind == "count":
        return int(rng.integers(int(one.low), int(one.high) + 1))
    if one.kind == "size":
        return one.bound.at(sizes)
    if one.kind == "function":
        return Named(one.options[0])
    return one.options[turn % len(one.options)]


def _lengths(longest: int, shape: tuple[int, ...], rng: np.random.Generator) -> Any:
    """From 1 to the longest, which one has; differing as far as that is possible."""
    count = int(np.prod(shape))
    order = np.concatenate([rng.permutation(longest) for _ in range(count // longest + 1)])
    lengths = order[:count] + 1
    if count and longest not in lengths:
        lengths[rng.integers(count)] = longest
    return lengths.reshape(shape)


def _probabilities(shape: tuple[int, ...], rng: np.random.Generator) -> Any:
    """Rows that sum to 1, none of whose entries is 0."""
    weights = rng.uniform(0.05, 1.0, size=shape)
    rows = np.round(weights / weights.sum(axis=-1, keepdims=True), 3)
    rows[..., -1] += 1.0 - rows.sum(axis=-1)
    return np.round(rows, 3)


def repeated(value: Any, one: Draw, sizes: Mapping[str, int], rng: np.random.Generator) -> Any:
    """Indices of which at least two agree, if there are two."""
    flat = np.array(value).reshape(-1)
    if flat.size > 1:
        flat = rng.choice(flat[: max(1, flat.size // 2)], size=flat.size)
    return flat.reshape(np.shape(value)).astype(np.asarray(value).dtype)
