"""A seq2seq by its sizes: which layer, what the decoder sees of the source, initial weights."""

from __future__ import annotations

from typing import Literal

import numpy as np

from engine.attention import Additive, Attention, Dot, General, ScaledDot, Score
from engine.embedding import Embedding
from engine.recurrent import gru, lstm, simple
from engine.recurrent.layer import Layer
from engine.seq2seq.decoder import Decoder, Query
from engine.seq2seq.model import Seq2Seq

Cell = Literal["simple", "lstm", "gru"]
ScoreName = Literal["dot", "scaled-dot", "general", "additive"]


def draw_seq2seq(
    rng: np.random.RandomState,
    V_source: int,
    V_target: int,
    *,
    E: int = 16,
    H: int = 128,
    cell: Cell = "lstm",
    forget_bias: float = 0.0,
    reverse: bool = False,
    peeky: bool = False,
    attention: ScoreName | None = None,
    query: Query = "after",
    combined: int | None = None,
    embedding_deviation: float = 0.01,
    hidden_only: bool = False,
) -> Seq2Seq:
    """A seq2seq with initial weights: deviation 1/√(columns in), embeddings small, biases 0.

    Parameters
    ----------
    V_source, V_target : words of each vocabulary; E : columns of both embeddings; H : units
    cell : of encoder and decoder; forget_bias : b_f of an LSTM
    reverse, peeky, query : see ``Seq2Seq`` and ``Decoder``
    attention : the score; the additive one has H units
    combined : columns of o_t = tanh(W_cᵀ [s_t; …]); None for o_t = [s_t; …]
    hidden_only : an LSTM's cell is not handed over, and the decoder's starts from 0

    Raises
    ------
    ValueError for a name that is not there
    """
    seen = H if attention is not None else 0
    peek = H if peeky else 0
    joined = H + peek + seen
    source = Embedding(embedding_deviation * rng.randn(V_source, E))
    encoder = _layer(rng, cell, E, H, forget_bias)
    target = Embedding(embedding_deviation * rng.randn(V_target, E))
    D = E + peek + (seen if query == "before" else 0)
    layer = _layer(rng, cell, D, H, forget_bias)
    score = None if attention is None else _score(rng, attention, H)
    W_c = None if combined is None else rng.randn(joined, combined) / np.sqrt(joined)
    J = joined if combined is None else combined
    decoder = Decoder(
        layer,
        rng.randn(J, V_target) / np.sqrt(J),
        np.zeros(V_target),
        W_c=W_c,
        peeky=peeky,
        attention=None if score is None else Attention(score),
        query=query,
    )
    hand_over = (0, None) if hidden_only and cell == "lstm" else None
    return Seq2Seq(source, encoder, target, decoder, reverse=reverse, hand_over=hand_over)


def _layer(rng: np.random.RandomState, cell: Cell, D: int, H: int, forget_bias: float) -> Layer:
    if cell == "lstm":
        return lstm.LSTM(lstm.Parameters.drawn(rng, D, H, forget_bias=forget_bias))
    if cell == "gru":
        return gru.GRU(gru.Parameters.drawn(rng, D, H))
    if cell == "simple":
        return simple.SimpleRNN(simple.Parameters.drawn(rng, D, H))
    raise ValueError(f"a cell is simple, lstm or gru; not {cell!r}")


def _score(rng: np.random.RandomState, name: ScoreName, H: int) -> Score:
    if name == "dot":
        return Dot()
    if name == "scaled-dot":
        return ScaledDot()
    if name == "general":
        return General(rng.randn(H, H) / np.sqrt(H))
    if name == "additive":
        W_1, W_2 = rng.randn(2, H, H) / np.sqrt(H)
        return Additive(W_1, W_2, rng.randn(H) / np.sqrt(H))
    raise ValueError(f"a score is dot, scaled-dot, general or additive; not {name!r}")
