"""Decoding with a seq2seq: a step function for any search, and the decoder's four steps one by one.

The decoder writes like this::

    1  state and probabilities    from the state and the embedded last word: s_t, p(w | …)
    2  choosing                   one word by p: the likeliest, or by lot
    3  embedding                  the word's vector, the input of the next step
       … 1 to 3 again until the end sign or the maximum length …
    4  detokenising               after the loop: from ids to text

It starts from the encoder's last state and the embedded start sign.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from engine.decoding import Choose, Step, greedy
from engine.functions import log_softmax
from engine.recurrent.layer import State
from engine.recurrent.rnn import Array, ShapeError
from engine.seq2seq.model import Seq2Seq

Detokenise: TypeAlias = Callable[[Sequence[int]], str]


@dataclass(frozen=True, slots=True)
class StateAndProbabilities:
    """Step 1 of word t (from 1): s (H,), the log-probabilities (V,), alpha (S,) or None."""

    t: int
    s: Array
    log_p: Array
    alpha: Array | None


@dataclass(frozen=True, slots=True)
class Chosen:
    """Step 2: the token of word t and its probability."""

    t: int
    token: int
    probability: float


@dataclass(frozen=True, slots=True)
class EmbeddedToken:
    """Step 3: the vector (E,) of the token, which is the input of word t + 1."""

    t: int
    token: int
    e: Array


@dataclass(frozen=True, slots=True)
class Detokenised:
    """Step 4, once: all tokens without the end sign, and their text."""

    tokens: tuple[int, ...]
    text: str


Event: TypeAlias = StateAndProbabilities | Chosen | EmbeddedToken | Detokenised


def decoder_step(model: Seq2Seq, source: ArrayLike) -> tuple[Step, State]:
    """A step function and its first state for ``engine.decoding``, for one source (S,) of ids.

    Raises
    ------
    ShapeError, WordIdError
    """
    memory = model.encode(_one(source)).memory

    def step(state: State, token: int) -> tuple[Array, State]:
        e = model.target_embedding.forward([[token]]).out
        run = model.decoder.forward(e, memory, state)
        return log_softmax(run.v[0, 0]), run.state

    return step, memory.state


def decoder_steps(
    model: Seq2Seq,
    source: ArrayLike,
    start: int,
    detokenise: Detokenise,
    *,
    maximum: int,
    end: int | None = None,
    choose: Choose = greedy,
) -> Iterator[Event]:
    """Write one sequence and hand out each of the four steps as it is made.

    Parameters
    ----------
    source : (S,) ids
    start, maximum, end, choose : as for ``engine.decoding.decode``
    detokenise : the ids of all words, without the end sign → text

    The word that ends the sequence is not embedded any more. Closing the generator stops it.

    Raises
    ------
    ShapeError, WordIdError
    """
    memory = model.encode(_one(source)).memory
    state = memory.state
    e = model.target_embedding.forward([[start]]).out
    tokens: list[int] = []
    for t in range(1, maximum + 1):
        run = model.decoder.forward(e, memory, state)
        state = run.state
        log_p = log_softmax(run.v[0, 0])
        alpha = None if run.alpha is None else run.alpha[0, 0]
        yield StateAndProbabilities(t, run.s[0, 0], log_p, alpha)
        token = choose(log_p)
        yield Chosen(t, token, float(np.exp(log_p[token])))
        if token == end:
            break
        tokens.append(token)
        if t < maximum:
            e = model.target_embedding.forward([[token]]).out
            yield EmbeddedToken(t, token, e[0, 0])
    yield Detokenised(tuple(tokens), detokenise(tokens))


def _one(source: ArrayLike) -> Array:
    source = np.asarray(source)
    if source.ndim != 1:
        raise ShapeError("source", source.shape, "(S,)")
    return source[:, None]
