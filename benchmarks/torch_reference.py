"""Recurrent layers forward and backward beside PyTorch in eager mode, float64, one thread.

PyTorch is no dependency of this project. Where it cannot be imported, nothing is measured and a
line says so; with it installed in an environment of its own, from the root of the project::

    python -m benchmarks.torch_reference

Both sides run in turn, so that they meet the same machine; a ratio above 1 says how many times as
fast as PyTorch the engine is. The gradients are compared, too.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, Final

for _name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import numpy as np  # noqa: E402

from benchmarks.figure import Figure  # noqa: E402
from engine.recurrent import gru, layouts, lstm, simple  # noqa: E402

#: (T, N, H) with D = H, from the smallest that is promised to the largest.
SIZES: Final = ((8, 1, 16), (8, 32, 16), (20, 8, 64), (50, 1, 128), (50, 32, 64), (50, 32, 128))
ROUNDS: Final = 15
SECONDS_A_ROUND: Final = 0.02
REFERENCE: Final = "torch"


def engine_layer(cell: str, D: int, H: int) -> Any:
    """A layer with the equations of PyTorch's and weights of its own."""
    rng = np.random.RandomState(0)
    if cell == "lstm":
        return lstm.LSTM(lstm.Parameters.drawn(rng, D, H))
    if cell == "gru":
        parameters = gru.Parameters.drawn(rng, D, H, reset="after")
        return gru.GRU(parameters, reset="after", z_convention="z-keeps-old")
    return simple.SimpleRNN(simple.Parameters.drawn(rng, D, H))


def torch_module(torch: Any, cell: str, layer: Any, D: int, H: int) -> Any:
    """PyTorch's module of the same kind with the same weights, in float64."""
    kinds = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}
    module = kinds[cell](D, H).double()
    weights = layouts.torch_weights(layer)
    module.load_state_dict({name: torch.from_numpy(array) for name, array in weights.items()})
    return module


def _works(torch: Any, cell: str, T: int, N: int, H: int) -> tuple[Callable[[], Any], ...]:
    """Forward and backward of the engine and of PyTorch; each gives its gradients by one name."""
    layer = engine_layer(cell, H, H)
    module = torch_module(torch, cell, layer, H, H)
    rng = np.random.RandomState(1)
    x, d_output = rng.randn(T, N, H), rng.randn(T, N, H)
    x_torch = torch.tensor(x, requires_grad=True)
    d_torch = torch.tensor(d_output)
    inputs = (x_torch, *module.parameters())

    def ours() -> Any:
        return layer.backward(layer.forward(x), d_output)

    def theirs() -> Any:
        # The gradients are handed out, not added to anything, as the engine does it.
        return torch.autograd.grad(module(x_torch)[0], inputs, d_torch)

    names = [name for name, _ in module.named_parameters()]
    found, reference = ours(), theirs()
    gradients = layouts.torch_gradients(layer, found)
    for array, expected in zip(
        (found.x, *(gradients[name] for name in names)), reference, strict=True
    ):
        np.testing.assert_allclose(array, expected.numpy(), rtol=1e-7, atol=1e-9)
    return ours, theirs


def _seconds(work: Callable[[], Any], times: int) -> float:
    start = time.thread_time()
    for _ in range(times):
        work()
    return (time.thread_time() - start) / times


def compared(torch: Any, cell: str, T: int, N: int, H: int) -> tuple[float, float, float]:
    """Microseconds of the engine and of PyTorch, and how many times as fast the engine is."""
    ours, theirs = _works(torch, cell, T, N, H)
    times = max(1, round(SECONDS_A_ROUND / max(_seconds(ours, 3), 1e-6)))
    _seconds(theirs, 3)
    rounds = [(_seconds(ours, times), _seconds(theirs, times)) for _ in range(ROUNDS)]
    ratio = statistics.median(theirs / ours for ours, theirs in rounds)
    own, other = (1e6 * statistics.median(side) for side in zip(*rounds, strict=True))
    return own, other, ratio


def figures() -> Iterator[Figure]:
    """Two figures for each cell and size; a single one if there is no PyTorch."""
    try:
        torch: Any = import_module("torch")
    except ImportError:
        yield Figure("torch-rnn-lstm-gru", 0.0, "skipped", None, "torch-not-installed")
        return
    torch.set_num_threads(1)
    for cell in ("rnn", "lstm", "gru"):
        for T, N, H in SIZES:
            name = f"{cell}-T{T}-N{N}-H{H}"
            own, other, ratio = compared(torch, cell, T, N, H)
            yield Figure(f"torch-{name}", other, "us")
            yield Figure(name, own, "us", ratio, REFERENCE, holds=ratio >= 1)


if __name__ == "__main__":
    missed = 0
    for figure in figures():
        print(figure.line(), flush=True)
        missed += not figure.holds
    sys.exit(1 if missed else 0)
