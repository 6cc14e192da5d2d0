"""Beam search of several widths, over the answers of a model that has learnt sums as strings.

First the training, then one test question a snapshot, written with every width.

Claim: a wider beam finds likelier answers, though seldom and hardly by much where the model is sure
of itself; whether they are right more often is another question. Once the beam is wide enough
nothing changes any more. Default settings, 100 questions, seeds 0, 1, 2::

    mean log p, B = 1, 2, 8     −0.485 −0.483 −0.483    −0.590 −0.586 −0.586    −0.494 −0.490 −0.490
    right, B = 1, 2, 8            68     68     68 %      62     62     62 %      67     67     67 %

Sources: Sutskever, Vinyals, Le (2014), section 3.2; Graves (2012).
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.decoding import beam_search
from engine.experiments import addition_strings, rewriting
from engine.experiments.plain import plain
from engine.seq2seq import decoder_step
from engine.training import Divergence


@dataclass(frozen=True, slots=True)
class WidthSnapshot:
    """One width B.

    Attributes
    ----------
    output, log_probability : of the best sequence for this question; right : whether it is the sum
    mean_log_probability, accuracy : over all questions so far
    better_than_greedy : share of questions where it is likelier than what B = 1 found
    """

    width: int
    output: str
    log_probability: float
    right: bool
    mean_log_probability: float
    accuracy: float
    better_than_greedy: float


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A part of the training (``question`` is None, no widths), or one question.

    ``iteration`` counts updates, then questions on top of them.
    """

    iteration: int
    loss: float
    question: str | None = None
    target: str | None = None
    widths: tuple[WidthSnapshot, ...] = ()
    divergence: Divergence | None = None

    @property
    def diverged(self) -> str | None:
        """Why the training ended early; None while all is well."""
        return None if self.divergence is None else str(self.divergence)

    def to_json(self) -> dict[str, Any]:
        """Plain values; a number that is not finite becomes None, which JSON can hold."""
        return dict(plain(self))


@dataclass(slots=True)
class State:
    """The training, its last loss, and for each question done (log p, right) of each width."""

    training: rewriting.State
    loss: float = float("nan")
    found: list[list[tuple[float, bool]]] = field(default_factory=list)

    @property
    def iteration(self) -> int:
        """Updates and questions together."""
        return self.training.iteration + len(self.found)

    def copy(self) -> State:
        """An independent state: both go on alike."""
        return copy.deepcopy(self)


def new_state(seed: int, **settings: Any) -> State:
    """The state before the first iteration."""
    return State(addition_strings.new_state(seed, **settings))


def widths_up_to(largest: int) -> tuple[int, ...]:
    """1, 2, 4, … below ``largest``, and ``largest``."""
    powers = [2**i for i in range(largest.bit_length()) if 2**i < largest]
    return (*powers, largest)


def run(state: State, **settings: Any) -> Iterator[Snapshot]:
    """The training, then the questions; see ``engine.experiments`` for settings."""
    for snapshot in rewriting.run(state.training, **settings):
        state.loss = snapshot.loss
        yield Snapshot(snapshot.iteration, snapshot.loss, divergence=snapshot.divergence)
    if state.training.divergence is not None:
        return
    questions = min(settings["questions"], len(state.training.split.test))
    while len(state.found) < questions:
        yield _asked(state, widths_up_to(settings["largest"]))


def _asked(state: State, widths: tuple[int, ...]) -> Snapshot:
    model, characters = state.training.model, state.training.characters
    test, number = state.training.split.test, len(state.found)
    ids = test.questions[:, number]
    start, *target = test.answers[:, number].tolist()
    step, first = decoder_step(model, ids)
    best = [
        beam_search(step, first, start, width=width, maximum=len(target)).best for width in widths
    ]
    state.found.append([(b.log_probability, list(b.tokens) == target) for b in best])
    log_p = np.array([[value for value, _ in row] for row in state.found])
    right = np.array([[hit for _, hit in row] for row in state.found])
    # A sum of logarithms in another order may differ in the last digit.
    better = (log_p > log_p[:, :1] + 1e-9).mean(axis=0)
    shown = tuple(
        WidthSnapshot(
            width=width,
            output=characters.text(best[i].tokens),
            log_probability=float(log_p[-1, i]),
            right=bool(right[-1, i]),
            mean_log_probability=float(log_p[:, i].mean()),
            accuracy=float(right[:, i].mean()),
            better_than_greedy=float(better[i]),
        )
        for i, width in enumerate(widths)
    )
    return Snapshot(
        iteration=state.iteration,
        loss=state.loss,
        question=characters.text(ids),
        target=characters.text(target),
        widths=shown,
    )
