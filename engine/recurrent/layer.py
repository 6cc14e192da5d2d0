"""What every recurrent layer has in common, whatever happens inside a step.

A layer takes a batch of sequences x (T, N, D) and an initial state, and gives outputs (T, N, F) and
the state after the last step. Time comes first: entry 0 is t = 1. A state is a tuple of arrays,
``(h0,)`` for a GRU and ``(h0, c0)`` for an LSTM; a layer made of layers has the states of its parts
one after the other. So the wrappers (stacked, bidirectional, batch first) take any layer, and each
other.

    run = layer.forward(x, initial, mask=mask)        run.output, run.final, and all values between
    backward = layer.backward(run, d_output, d_final) backward.x, .initial, .parameters

``d_output`` is ∂E/∂output and ``d_final`` is ∂E/∂final. In a Backward record the field called q is
∂E/∂q.

**Sequences of different lengths** come padded, with a mask (T, N) that is true on real steps. On a
padded step the state is kept, the output is 0, and no gradient arises: what stands in the padding
plays no part, not even a NaN. So ``run.final`` is the state at each sequence's own end.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, Protocol, TypeAlias, TypeVar, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine import initializers
from engine.recurrent.rnn import Array, ShapeError
from engine.stopping import interruptible

State: TypeAlias = tuple[Array, ...]
Mask: TypeAlias = NDArray[np.bool_]
#: An initial state or its gradient as the caller gives it; None stands for zeros.
GivenState: TypeAlias = Sequence[ArrayLike | None] | None
#: What a run that was told to stop may still compute in one go: some milliseconds of work.
MULTIPLICATIONS = 2**28
NUMBERS = 2**20
#: Numbers in 4 MiB: from there on NumPy asks the system for large pages.
LARGE = 2**19
Some = TypeVar("Some", bound="ParameterSet")
Wrapper = TypeVar("Wrapper", bound="Around")


class ParameterSet:
    """A frozen dataclass of arrays: the parameters of a layer, or their gradients.

    A field that is None (a peephole that is not there) is no parameter.
    """

    __slots__ = ()

    def as_dict(self) -> dict[str, Array]:
        """Name → array; the arrays are not copied."""
        named = {part.name: getattr(self, part.name) for part in fields(cast(Any, self))}
        return {name: array for name, array in named.items() if array is not None}

    @property
    def count(self) -> int:
        """How many numbers there are to learn; the length of the sequences plays no part."""
        return sum(array.size for array in self.as_dict().values())

    def replaced(self: Some, values: Mapping[str, ArrayLike]) -> Some:
        """The same set with other values for the names in ``values``; shapes are checked."""
        return cast(Some, replace(cast(Any, self), **values))

    def _require(self, name: str, expected: tuple[int, ...], letters: str) -> None:
        # Called by __post_init__: turns a field to float64 and checks its shape.
        array = np.asarray(getattr(self, name), dtype=np.float64)
        if array.shape != expected:
            raise ShapeError(name, array.shape, f"{letters} = {expected}")
        object.__setattr__(self, name, array)


class AnyParameters(Protocol):
    """What ``layer.parameters`` can do, be it of one layer or of several."""

    def as_dict(self) -> dict[str, Array]: ...

    @property
    def count(self) -> int: ...


class AnyForward(Protocol):
    """What each Forward record has: x (T, N, D), output (T, N, F), the final state."""

    @property
    def x(self) -> Array: ...

    @property
    def output(self) -> Array: ...

    @property
    def final(self) -> State: ...


class AnyBackward(Protocol):
    """What each Backward record has: ∂E/∂x (T, N, D), ∂E/∂initial and ∂E/∂parameters."""

    @property
    def x(self) -> Array: ...

    @property
    def initial(self) -> State: ...

    @property
    def parameters(self) -> AnyParameters: ...


class Layer(Protocol):
    """A recurrent layer: D = ``input_size`` features in, F = ``output_size`` features out."""

    @property
    def parameters(self) -> AnyParameters: ...

    @property
    def input_size(self) -> int: ...

    @property
    def output_size(self) -> int: ...

    @property
    def state_names(self) -> tuple[str, ...]: ...

    def forward(
        self, x: ArrayLike, initial: GivenState = None, *, mask: ArrayLike | None = None
    ) -> AnyForward: ...

    def backward(
        self, run: Any, d_output: ArrayLike, d_final: GivenState = None
    ) -> AnyBackward: ...

    def with_parameters(self, values: Mapping[str, ArrayLike]) -> Layer: ...


class Around:
    """A layer seen from another side (reversed, batch first): the same parameters and sizes."""

    def __init__(self, layer: Layer) -> None:
        self.layer = layer

    @property
    def parameters(self) -> AnyParameters:
        return self.layer.parameters

    @property
    def input_size(self) -> int:
        """D."""
        return self.layer.input_size

    @property
    def output_size(self) -> int:
        """F."""
        return self.layer.output_size

    @property
    def state_names(self) -> tuple[str, ...]:
        return self.layer.state_names

    def with_parameters(self: Wrapper, values: Mapping[str, ArrayLike]) -> Wrapper:
        """The layer with other values for the parameters named in ``values``."""
        return type(self)(self.layer.with_parameters(values))


def as_mask(mask: ArrayLike | None, T: int, N: int) -> Mask | None:
    """A mask (T, N) as booleans; None if there is none or if every step is real.

    Raises ShapeError, and ValueError if an entry is neither true nor false (1 nor 0).
    """
    if mask is None:
        return None
    given = np.asarray(mask)
    if given.shape != (T, N):
        raise ShapeError("mask", given.shape, f"(T, N) = ({T}, {N})")
    live = given.astype(bool)
    if (given != live).any():
        raise ValueError("a mask holds true and false (1 and 0) only")
    return None if live.all() else live


def as_batch(x: ArrayLike, D: int, mask: ArrayLike | None) -> tuple[Array, Mask | None]:
    """A copy of x (T, N, D) in float64, with zeros for the padding, and its mask."""
    # Copies: what the caller does to x afterwards must not reach a later backward run.
    x = np.array(x, dtype=np.float64)
    if x.ndim != 3 or x.shape[2] != D or x.shape[0] == 0:
        raise ShapeError("x", x.shape, f"(T, N, D) with T ≥ 1 and D = {D}")
    live = as_mask(mask, x.shape[0], x.shape[1])
    if live is not None:
        # Zeros, so that a NaN in the padding cannot pass through 0 · NaN.
        x[~live] = 0.0
    return x, live


def as_state(given: GivenState, names: Sequence[str], N: int, H: int) -> State:
    """Copies of the arrays (N, H) of a state, called ``names``; zeros for what is None."""
    parts = [None] * len(names) if given is None else list(given)
    if len(parts) != len(names) or isinstance(given, np.ndarray):
        raise ValueError(f"a state is the tuple {_tuple(names)}, each (N, H) or None")
    state = []
    for name, part in zip(names, parts, strict=True):
        array = np.zeros((N, H)) if part is None else np.array(part, dtype=np.float64)
        if array.shape != (N, H):
            raise ShapeError(name, array.shape, f"(N, H) = ({N}, {H})")
        state.append(array)
    return tuple(state)


def _tuple(names: Sequence[str]) -> str:
    return f"({', '.join(names)}{',' if len(names) == 1 else ''})"


def as_output_gradient(d_output: ArrayLike, shape: tuple[int, ...], live: Mask | None) -> Array:
    """∂E/∂output (T, N, F) as float64: 0 on padded steps, where the output is a constant 0."""
    d_output = np.asarray(d_output, dtype=np.float64)
    if d_output.shape != shape:
        raise ShapeError("d_output", d_output.shape, str(shape))
    return masked(d_output, live)


def masked(values: Array, live: Mask | None) -> Array:
    """The values (T, N, ...) on real steps and 0 on padded ones; without a mask as they are."""
    return values if live is None else np.where(live[..., None], values, 0.0)


def empty(*shapes: tuple[int, ...]) -> list[Array]:
    """Arrays of these shapes, to be filled, in one block of memory.

    The system hands out memory in pages and clears each at its first use. A large block gets large
    pages, which for a batch of long sequences saves a fifth of the whole time; so one that is
    nearly large is rounded up.
    """
    sizes = [math.prod(shape) for shape in shapes]
    total = sum(sizes)
    block = np.empty(total if total < LARGE // 2 else max(total, LARGE))
    ends = itertools.accumulate(sizes)
    return [
        block[end - size : end].reshape(shape)
        for shape, size, end in zip(shapes, sizes, ends, strict=True)
    ]


def project(rows: Array, W: Array, out: Array | None = None) -> Array:
    """rows @ W for rows (T, N, D) and W (D, F) → (T, N, F), as one product of T·N rows."""
    flat, F = rows.reshape(-1, rows.shape[-1]), W.shape[1]
    out = np.empty((*rows.shape[:-1], F)) if out is None else out
    product = out.reshape(-1, F)
    for part in _parts(len(flat), max(flat.shape[1], 1) * F, F):
        np.matmul(flat[part], W, out=product[part])
    return out


def outer_sum(left: Array, right: Array) -> Array:
    """Σ over time and batch of the outer products: (T, N, P), (T, N, Q) → (P, Q)."""
    rows, columns = left.reshape(-1, left.shape[-1]), right.reshape(-1, right.shape[-1])
    total = np.empty((rows.shape[1], columns.shape[1]))
    # Cut between columns each sum stays as it is, in the same order.
    for part in _parts(columns.shape[1], rows.size, len(rows)):
        np.matmul(rows.T, columns[:, part], out=total[:, part])
    return total


def _parts(count: int, multiplications: int, numbers: int) -> Iterator[slice]:
    # The longest products of all, in parts between which a run can be stopped; one if it is small.
    # Of each of ``count`` rows or columns: multiplications, and numbers to be read or written.
    width = max(1, min(MULTIPLICATIONS // max(multiplications, 1), NUMBERS // max(numbers, 1)))
    if width > 64:
        width -= width % 64  # whole tiles of the product, so that it is rounded as in one piece
    return (slice(start, start + width) for start in interruptible(range(0, count, width)))


def in_parts(f: Callable[[Array], Array], values: Array, out: Array) -> Array:
    """out ← f(values), element by element, so many steps at once as the cache holds."""
    steps = max(1, 2**14 // max(values[0].size, 1))
    for start in range(0, len(values), steps):
        part = slice(start, start + steps)
        out[part] = f(values[part])
    return out


def shifted(first: Array, following: Array) -> Array:
    """Before each step: h⁰, h¹, …, hᵀ⁻¹ from h0 (N, H) and h (T, N, H)."""
    return np.concatenate([first[None], following[:-1]])


def draw(
    rng: np.random.RandomState, fan_in: int, fan_out: int, initializer: str, deviation: float
) -> Array:
    """Initial weights (fan_in, fan_out) by a name of ``initializers.INITIALIZERS``.

    Raises ValueError for a name that is not there.
    """
    if initializer not in initializers.INITIALIZERS:
        known = ", ".join(initializers.INITIALIZERS)
        raise ValueError(f"no initializer is called {initializer!r} (known: {known})")
    return initializers.INITIALIZERS[initializer](rng, fan_in, fan_out, deviation)
