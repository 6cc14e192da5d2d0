"""Recurrent layers by the names that experiments use."""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np

from engine.recurrent import gru, lstm, simple

Cell: TypeAlias = simple.SimpleRNN | lstm.LSTM | gru.GRU

CELLS: Final = ("rnn-tanh", "rnn-relu", "rnn-identity", "lstm", "gru")


def drawn(
    name: str, rng: np.random.RandomState, D: int, H: int, *, forget_bias: float = 1.0
) -> Cell:
    """A layer of D inputs and H units with weights of deviation 1/√fan_in, biases 0 but for b_f.

    The GRU resets before the product; its z takes the new state. Raises KeyError for a name that is
    not in CELLS.
    """
    if name not in CELLS:
        raise KeyError(name)
    if name == "lstm":
        return lstm.LSTM(lstm.Parameters.drawn(rng, D, H, forget_bias=forget_bias))
    if name == "gru":
        return gru.GRU(gru.Parameters.drawn(rng, D, H))
    return simple.SimpleRNN(simple.Parameters.drawn(rng, D, H), name.removeprefix("rnn-"))
