"""Decoding: how a sequence is chosen from a model that predicts one token after another.

All of it works over any step function ``step(state, token) → (log p, state)``: given the state
after what was written so far and the last token, the log-probabilities (V,) of the next one and the
new state. The model's state is passed on and never looked into, so a table, a network with
attention, or a test can stand behind it.

::

    log p(w₁ … w_n) = Σ log p(w_t | w₁ … w_{t−1})

* **Greedy** takes the likeliest token each time. The sequence need not be the likeliest.
* **Sampling** draws it, with probabilities p^(1/τ) / Σ p^(1/τ): the softmax of log p / τ. The
  temperature τ < 1 sharpens, τ > 1 flattens, τ → 0 is greedy.
* **Beam search** keeps the B best beginnings. B = 1 is greedy; with B as large as the number of all
  beginnings the search is exact; in between it is neither sure to find the best nor, as B grows,
  sure to find a better one.

A sum of logarithms falls with every token, which favours short sequences. Length normalisation
divides it by n^α: α = 0 leaves it, α = 1 is the mean (Wu et al., 2016, use a similar power).

Every search ends a sequence at the end sign, or at the maximum length. Sources: Sutskever, Vinyals,
Le (2014, section 3.2) for the beam; Graves (2012) before them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
State: TypeAlias = Any
Step: TypeAlias = Callable[[State, int], tuple[Array, State]]
Choose: TypeAlias = Callable[[Array], int]


@dataclass(frozen=True, slots=True)
class Decoded:
    """A sequence: its tokens without the start sign, the end sign included if one came.

    log_probabilities: of each token; score: what sequences are ranked by; ended: whether the end
    sign stopped it, not the maximum length.
    """

    tokens: tuple[int, ...]
    log_probabilities: tuple[float, ...]
    score: float
    ended: bool

    @property
    def log_probability(self) -> float:
        """Σ log p, of the whole sequence."""
        return float(sum(self.log_probabilities))


def sequence_score(log_probability: float, length: int, alpha: float = 0.0) -> float:
    """Σ log p / n^α with n = length, the end sign counted."""
    return float(log_probability / max(length, 1) ** alpha)


def _checked(log_p: Array) -> Array:
    log_p = np.asarray(log_p, dtype=np.float64)
    if log_p.ndim != 1 or not log_p.size:
        raise ValueError(f"step has to give log-probabilities (V,); it gave {log_p.shape}")
    if np.isnan(log_p).any() or not (log_p > -np.inf).any():
        raise ValueError("the log-probabilities hold a NaN, or no token is possible")
    return log_p


def greedy(log_p: Array) -> int:
    """The likeliest token; the first of several that are equally likely."""
    return int(np.argmax(log_p))


def sampled(rng: np.random.Generator, temperature: float = 1.0) -> Choose:
    """A choice by lot, with probabilities softmax(log p / τ). Raises ValueError unless τ > 0."""
    if not temperature > 0:
        raise ValueError(f"the temperature has to be positive; it is {temperature}")

    def choose(log_p: Array) -> int:
        # The smallest token whose cumulated probability exceeds the number drawn; one draw a token.
        cumulated = np.cumsum(tempered(log_p, temperature))
        return int(np.searchsorted(cumulated, rng.random() * cumulated[-1], side="right"))

    return choose


def tempered(log_p: Array, temperature: float) -> Array:
    """softmax(log p / τ) = p^(1/τ) / Σ p^(1/τ): (V,) → (V,)."""
    # The highest is taken off before dividing: log p / τ would overflow for a small τ.
    log_p = np.asarray(log_p, dtype=np.float64)
    with np.errstate(over="ignore"):
        weights = np.exp((log_p - log_p.max()) / temperature)
    return np.asarray(weights / weights.sum())


def decode(
    step: Step,
    state: State,
    start: int,
    *,
    maximum: int,
    end: int | None = None,
    choose: Choose = greedy,
) -> Decoded:
    """Write one token after another, each the input of the next step.

    Parameters
    ----------
    step, state : the model and its state before the start sign
    start : the first input, often called BOS
    maximum : at most so many tokens
    end : the token that ends the sequence, often called EOS; None for none
    choose : log-probabilities (V,) → token: ``greedy``, or ``sampled(rng, temperature)``

    Raises
    ------
    ValueError if the step gives no log-probabilities
    """
    tokens: list[int] = []
    log_probabilities: list[float] = []
    token = start
    while len(tokens) < maximum and (not tokens or token != end):
        log_p, state = step(state, token)
        log_p = _checked(log_p)
        token = choose(log_p)
        tokens.append(token)
        log_probabilities.append(float(log_p[token]))
    ended = bool(tokens) and token == end
    return Decoded(tuple(tokens), tuple(log_probabilities), sum(log_probabilities, 0.0), ended)


@dataclass(frozen=True, slots=True)
class Beam:
    """One time step of a beam search, the best first.

    ``candidates``: every live beginning with every possible token; ``kept``: the B best of them, of
    which those that end leave the beam.
    """

    number: int
    candidates: tuple[Decoded, ...]
    kept: tuple[Decoded, ...]


@dataclass(frozen=True, slots=True)
class BeamSearch:
    """All sequences that were finished or cut off, the best first, and each time step's table."""

    sequences: tuple[Decoded, ...]
    steps: tuple[Beam, ...]

    @property
    def best(self) -> Decoded:
        return self.sequences[0]


def beam_search(
    step: Step,
    state: State,
    start: int,
    *,
    width: int,
    maximum: int,
    end: int | None = None,
    alpha: float = 0.0,
) -> BeamSearch:
    """Keep the ``width`` best beginnings by Σ log p; rank what is finished by Σ log p / n^α.

    At one time step all live beginnings have one length, so that α matters only in the ranking. A
    sequence that ends leaves the beam; the search stops when no live one can overtake the best
    finished one any more. Equals keep the order of their beginnings, then of their tokens.

    Parameters
    ----------
    step, state, start, maximum, end : as for ``decode``
    width : B ≥ 1
    alpha : 0 ≤ α; α = 1 ranks by the mean log-probability

    Raises
    ------
    ValueError for a width below 1, a negative α, or a step that gives no log-probabilities
    """
    if width < 1 or maximum < 1:
        raise ValueError(f"width and maximum have to be at least 1; they are {width}, {maximum}")
    if alpha < 0:
        raise ValueError(f"alpha may not be negative; it is {alpha}")
    live: list[tuple[Decoded, State]] = [(Decoded((), (), 0.0, False), state)]
    done: list[Decoded] = []
    steps: list[Beam] = []
    for number in range(1, maximum + 1):
        candidates = []
        for beginning, old in live:
            log_p, new = step(old, beginning.tokens[-1] if beginning.tokens else start)
            candidates += [(way, new) for way in _extended(beginning, _checked(log_p), end, alpha)]
        candidates.sort(key=lambda way: -way[0].log_probability)
        kept = candidates[:width]
        steps.append(Beam(number, _sequences(candidates), _sequences(kept)))
        done += [way for way, _ in kept if way.ended]
        live = [(way, new) for way, new in kept if not way.ended]
        if not live or (done and _settled(done, live, maximum, alpha)):
            break
    done += [way for way, _ in live if len(way.tokens) == maximum]
    done.sort(key=lambda way: -way.score)
    return BeamSearch(tuple(done), tuple(steps))


def _sequences(ways: list[tuple[Decoded, State]]) -> tuple[Decoded, ...]:
    return tuple(way for way, _ in ways)


def _extended(beginning: Decoded, log_p: Array, end: int | None, alpha: float) -> list[Decoded]:
    ways = []
    for token, value in enumerate(log_p.tolist()):
        if value == -np.inf:
            continue
        probabilities = (*beginning.log_probabilities, value)
        score = sequence_score(sum(probabilities), len(probabilities), alpha)
        ways.append(Decoded((*beginning.tokens, token), probabilities, score, token == end))
    return ways


def _settled(
    done: list[Decoded], live: list[tuple[Decoded, State]], maximum: int, alpha: float
) -> bool:
    # The best a live beginning can still reach: no more loss, and the longest sequence there is.
    reachable = max(sequence_score(way.log_probability, maximum, alpha) for way, _ in live)
    return max(way.score for way in done) >= reachable
