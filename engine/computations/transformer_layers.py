"""What a layer costs, how far signals travel, the shapes of many heads, positions compared."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from engine.computations.common import choice, size, width_of_head
from engine.computations.registry import Arguments, Mistake, Registry, Shape
from engine.computations.transformer import in_pairs
from engine.parameters import Parameter

COMPUTATIONS: Final = Registry()

_VASWANI: Final = "Vaswani et al. (2017)"

# --- cost ----------------------------------------------------------------------------------------

_LAYERS: Final = ("self-attention", "recurrent")


def _cost(a: Arguments, layer: str, quantity: str) -> int:
    n, d = a["n"], a["d"]
    recurrent = layer == "recurrent"
    costs = {
        "operations": n * d * d if recurrent else n * n * d,
        "sequential": n if recurrent else 1,
        "path": n if recurrent else 1,
    }
    return int(costs[quantity])


def _cost_mistakes(a: Arguments) -> Iterator[Mistake]:
    n, d, layer, quantity = a["n"], a["d"], a["layer"], a["quantity"]
    other = _LAYERS[1 - _LAYERS.index(layer)]
    if _cost(a, other, quantity) != _cost(a, layer, quantity):
        yield "wrong-parameter", f"of-{other}", _cost(a, other, quantity)
    if quantity == "operations":
        yield "power-dropped", "both-linear", n * d
        yield "factor-dropped", "width-or-length-left-out", d * d if layer == "recurrent" else n * n
    else:
        yield "power-dropped", "squared", n * n


@COMPUTATIONS.add(
    "layer.cost",
    "operations, sequential steps, or longest path of a layer over n positions of width d",
    "self-attention n² d, 1 and 1; recurrent n d², n and n, constant factors left out; "
    f"{_VASWANI}, table 1",
    {
        "layer": choice("which layer", _LAYERS),
        "quantity": choice("what is asked for", ("operations", "sequential", "path")),
        "n": Parameter("integer", "positions", minimum=2, maximum=100_000),
        "d": Parameter("integer", "width", minimum=2, maximum=100_000),
    },
    _cost_mistakes,
)
def cost(a: Arguments) -> int:
    """n² d or n d²; 1 or n."""
    return _cost(a, a["layer"], a["quantity"])


# --- shapes of many heads ------------------------------------------------------------------------

_MANY: Final[dict[str, tuple[str, ...]]] = {
    "input": ("N", "n_q", "d"),
    "Q": ("N", "h", "n_q", "d_h"),
    "K": ("N", "h", "n_k", "d_h"),
    "scores": ("N", "h", "n_q", "n_k"),
    "heads": ("N", "h", "n_q", "d_h"),
    "concatenated": ("N", "n_q", "d"),
    "W_Q": ("d", "d"),
}


def _many(a: Arguments, names: tuple[str, ...]) -> Shape:
    sizes = {**a, "d_h": a["d"] // a["h"]}
    return Shape(sizes[name] for name in names)


def _many_mistakes(a: Arguments) -> Iterator[Mistake]:
    names = _MANY[a["quantity"]]
    right = _many(a, names)
    if "d_h" in names:
        whole = tuple("d" if name == "d_h" else name for name in names)
        if _many(a, whole) != right:
            yield "factor-dropped", "whole-width", _many(a, whole)
    if "h" in names:
        one = tuple(name for name in names if name != "h")
        yield "term-dropped", "no-axis-for-the-heads", _many(a, one)
        turned = (names[0], names[2], names[1], names[3])
        if _many(a, turned) != right:
            yield "axis-wrong", "heads-after-positions", _many(a, turned)
    if a["quantity"] == "scores" and a["n_q"] != a["n_k"]:
        yield "transpose-added", "keys-as-rows", _many(a, ("N", "h", "n_k", "n_q"))
    if names[-1] == "d" and a["h"] > 1:
        narrow = (*names[:-1], "d_h")
        yield "factor-added", "one-head", _many(a, narrow)


@COMPUTATIONS.add(
    "attention.multi_head_shape",
    "the shape of a quantity of multi-head attention over a batch",
    f"(N, n, d) is split into (N, h, n, d/h), scores are (N, h, n_q, n_k); {_VASWANI}, "
    "section 3.2.2",
    {
        "quantity": choice("whose shape", tuple(_MANY), default="scores"),
        "N": size("sequences in the batch"),
        "h": size("heads", maximum=128),
        "n_q": size("queries"),
        "n_k": size("keys"),
        "d": size("d_model"),
    },
    _many_mistakes,
)
def multi_head_shape(a: Arguments) -> Shape:
    """(N, h, n_q, n_k) for the scores."""
    width_of_head(a, "d")
    return _many(a, _MANY[a["quantity"]])


# --- positions compared --------------------------------------------------------------------------


def _similarity(a: Arguments, k: int, exponent: int = 2) -> float:
    d = a["d"]
    return math.fsum(math.cos(k / a["base"] ** (exponent * i / d)) for i in range(d // 2))


def _similarity_mistakes(a: Arguments) -> Iterator[Mistake]:
    d, k = a["d"], a["k"]
    if k == 0:
        yield "factor-added", "one-an-entry", float(d)
        yield "power-dropped", "norm-itself", math.sqrt(d / 2)
        return
    yield "index-shifted", "one-position-on", _similarity(a, k + 1)
    if d > 2:
        yield "factor-dropped", "exponent-i", _similarity(a, k, exponent=1)
        yield "sum-dropped", "first-pair-only", math.cos(k)
    yield "normalisation-dropped", "as-at-distance-0", d / 2


@COMPUTATIONS.add(
    "positional_encoding.similarity",
    "the scalar product of two sinusoidal encodings that lie k positions apart",
    f"PE(p)·PE(p + k) = Σ cos(k/10000^(2i/d)) for every p; d/2 for k = 0; {_VASWANI}, section 3.5",
    {
        "k": Parameter("integer", "distance", minimum=0, maximum=10_000),
        "d": size("d_model, even"),
        "base": Parameter("integer", "10000 in the paper", minimum=2, maximum=10**6, default=10000),
    },
    _similarity_mistakes,
)
def similarity(a: Arguments) -> float:
    """Σ cos(k / base^(2i/d))."""
    in_pairs(a)
    return _similarity(a, a["k"])
