"""Sequence to sequence: an encoder reads the source, a decoder writes the target.

::

    encoder   h_i = layer(W_source[a_i], h_{i−1})       i = 1, …, S
    decoder   s_0 = the encoder's last state            see ``engine.seq2seq.decoder``
              w_t from p(w | w_1 … w_{t−1}, a) = softmax(v_t),    the input of step t is w_{t−1}
    loss      E = −(1/M) Σ log p(target_t)              over the M target words that count

**Teacher forcing**: in training the input of step t is the target's word t − 1, not the model's
own. Of a target w_0 … w_T the inputs are w_0 … w_{T−1} and the words to predict w_1 … w_T. **Free
running**: the inputs are the model's own words, as in use (``own_inputs``); since choosing a word
has no derivative, the gradient is that of those inputs given.

Without attention all that the decoder learns of the source goes through the state, of one size
however long the source: the bottleneck. **Reversing** the source brings its first words near to the
first of the target, which shortens the way of their gradients (Sutskever et al., 2014).

Ids are (S, N) and (T, N): time first, one sequence a column. Sources: Sutskever, Vinyals, Le
(2014); Cho et al. (2014); Bahdanau, Cho, Bengio (2015); Luong, Pham, Manning (2015).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from engine.embedding import Embedding, Ids
from engine.embedding import Forward as Embedded
from engine.losses import CrossEntropy, softmax_cross_entropy
from engine.recurrent.layer import AnyForward, Layer, State, as_mask
from engine.recurrent.rnn import Array, ShapeError
from engine.seq2seq.decoder import Backward as DecoderBackward
from engine.seq2seq.decoder import Decoder, Memory, part_of
from engine.seq2seq.decoder import Forward as DecoderForward


@dataclass(frozen=True, slots=True)
class Encoded:
    """source: the embedded ids as they were read, reversed if so; run: the encoder's; memory."""

    source: Embedded
    run: AnyForward
    memory: Memory


@dataclass(frozen=True, slots=True)
class Forward:
    """The encoder's run, the embedded inputs and the decoder's run; v (T, N, V) are the scores."""

    encoded: Encoded
    inputs: Embedded
    decoder: DecoderForward

    @property
    def v(self) -> Array:
        return self.decoder.v


@dataclass(frozen=True, slots=True)
class Backward:
    """The gradients of all parameters by name, and what passed from the decoder to the encoder."""

    parameters: dict[str, Array]
    decoder: DecoderBackward
    state: State


class Seq2Seq:
    """Encoder and decoder.

    Parameters
    ----------
    source_embedding : (V_source, E), encoder : any recurrent layer over E columns
    target_embedding : (V_target, E), decoder : see ``engine.seq2seq.decoder``
    reverse : whether the source is read from its end
    hand_over : for each array of the decoder's state, the number of the encoder's that it starts
        from, or None for zeros; all of them in order if not given

    Raises
    ------
    ValueError if encoder and decoder have states of different length and no hand_over is given
    """

    def __init__(
        self,
        source_embedding: Embedding,
        encoder: Layer,
        target_embedding: Embedding,
        decoder: Decoder,
        *,
        reverse: bool = False,
        hand_over: Sequence[int | None] | None = None,
    ) -> None:
        needed = len(decoder.layer.state_names)
        hand_over = range(len(encoder.state_names)) if hand_over is None else hand_over
        if len(hand_over) != needed:
            raise ValueError(
                f"the decoder's state has {needed} arrays; handed over: {list(hand_over)}"
            )
        self.source_embedding = source_embedding
        self.encoder = encoder
        self.target_embedding = target_embedding
        self.decoder = decoder
        self.reverse = reverse
        self.hand_over = tuple(hand_over)

    def parameters(self) -> dict[str, Array]:
        """Name → array, not copied: an optimiser that changes them trains this model."""
        encoder = self.encoder.parameters.as_dict()
        return {
            "source.W": self.source_embedding.W,
            **{f"encoder.{name}": array for name, array in encoder.items()},
            "target.W": self.target_embedding.W,
            **{f"decoder.{name}": array for name, array in self.decoder.parameters().items()},
        }

    def with_parameters(self, values: Mapping[str, ArrayLike]) -> Seq2Seq:
        """The same model with other values for all its parameters."""
        return Seq2Seq(
            Embedding(values["source.W"], self.source_embedding.padding),
            self.encoder.with_parameters(part_of(values, "encoder")),
            Embedding(values["target.W"], self.target_embedding.padding),
            self.decoder.with_parameters(part_of(values, "decoder")),
            reverse=self.reverse,
            hand_over=self.hand_over,
        )

    def encode(self, source: ArrayLike, mask: ArrayLike | None = None) -> Encoded:
        """Read the source (S, N); mask (S, N), true on real steps.

        Raises
        ------
        ShapeError, WordIdError
        """
        source = np.asarray(source)
        if source.ndim != 2 or not len(source):
            raise ShapeError("source", source.shape, "(S, N) with S ≥ 1")
        live = as_mask(mask, *source.shape)
        # What stands in the padding plays no part, so it may be no id at all.
        source = source if live is None else np.where(live, source, 0)
        if self.reverse:
            source = source[::-1]
            live = None if live is None else live[::-1]
        embedded = self.source_embedding.forward(source)
        run = self.encoder.forward(embedded.out, mask=live)
        H = self.decoder.layer.output_size
        state = tuple(
            np.zeros((source.shape[1], H)) if i is None else run.final[i] for i in self.hand_over
        )
        return Encoded(embedded, run, Memory(run.output, live, state))

    def forward(
        self, source: ArrayLike, inputs: ArrayLike, mask: ArrayLike | None = None
    ) -> Forward:
        """Scores of each next word, given the words before.

        Parameters
        ----------
        source : (S, N) ids; mask : (S, N), true on its real steps
        inputs : (T, N) ids, the word before each step: with teacher forcing ``target[:-1]``

        Raises
        ------
        ShapeError, WordIdError
        """
        encoded = self.encode(source, mask)
        if np.ndim(inputs) != 2 or np.shape(inputs)[1] != encoded.source.ids.shape[1]:
            N = encoded.source.ids.shape[1]
            raise ShapeError("inputs", np.shape(inputs), f"(T, N) with N = {N}")
        embedded = self.target_embedding.forward(inputs)
        return Forward(encoded, embedded, self.decoder.forward(embedded.out, encoded.memory))

    def loss(self, run: Forward, targets: ArrayLike, mask: ArrayLike | None = None) -> CrossEntropy:
        """Masked cross entropy of targets (T, N), with teacher forcing ``target[1:]``."""
        return softmax_cross_entropy(run.v, targets, mask)

    def backward(self, run: Forward, delta_out: ArrayLike) -> Backward:
        """The gradients of all parameters from δ^out = ∂E/∂v (T, N, V). Raises ShapeError.

        From the decoder to the encoder there are two ways: through the state that was handed over,
        and, with attention, through each of the encoder's outputs.
        """
        back = self.decoder.backward(run.decoder, delta_out)
        encoded = run.encoded
        d_final = [np.zeros_like(array) for array in encoded.run.final]
        for i, gradient in zip(self.hand_over, back.state, strict=True):
            if i is not None:
                d_final[i] += gradient
        into = self.encoder.backward(encoded.run, back.memory, tuple(d_final))
        parameters = {
            "source.W": self.source_embedding.backward(encoded.source, into.x),
            **{f"encoder.{name}": g for name, g in into.parameters.as_dict().items()},
            "target.W": self.target_embedding.backward(run.inputs, back.e),
            **{f"decoder.{name}": g for name, g in back.parameters.items()},
        }
        return Backward(parameters, back, tuple(d_final))

    def write(self, source: ArrayLike, start: int, T: int, mask: ArrayLike | None = None) -> Ids:
        """T words for each source, greedily, all sources at once: (T, N). Raises as ``encode``."""
        memory = self.encode(source, mask).memory
        N = memory.outputs.shape[1]
        words, state = np.empty((T, N), dtype=np.int64), memory.state
        before = np.full(N, start)
        for t in range(T):
            step = self.decoder.forward(
                self.target_embedding.forward(before[None]).out, memory, state
            )
            before = words[t] = step.v[0].argmax(axis=-1)
            state = step.state
        return words

    def own_inputs(
        self, source: ArrayLike, start: int, T: int, mask: ArrayLike | None = None
    ) -> Ids:
        """The inputs of a free-running decoder, (T, N): the start sign, then its own words."""
        words = self.write(source, start, T - 1, mask)
        return np.concatenate([np.full((1, words.shape[1]), start), words])
