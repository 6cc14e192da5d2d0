"""The decoder's four steps, one at a time, of a model that has just learnt sums as strings.

::

    1  state and probabilities     s_t from the state and the embedded last character; softmax
    2  choosing                    the likeliest character, or one by lot with a temperature
    3  embedding                   its vector is the next step's input; then 1 again
    4  detokenising                after the loop: from ids to text

First the training; then test questions, a snapshot a step. What is shown is what
``engine.seq2seq.decoder_steps`` hands out while it writes.

Source: Sutskever, Vinyals, Le (2014), section 2.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.decoding import greedy, sampled
from engine.experiments import addition_strings, rewriting
from engine.experiments.plain import plain
from engine.seq2seq import (
    Chosen,
    Detokenised,
    EmbeddedToken,
    Event,
    StateAndProbabilities,
    decoder_steps,
)
from engine.training import Divergence


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One step; what it does not have is None.

    Attributes
    ----------
    iteration : updates of the training, then steps on top of them
    step : "training", "state-and-probabilities", "choosing", "embedding", "detokenising"
    loss, accuracy : of the training so far
    question, written : what was asked, and the characters chosen so far
    position : of the character that is being written, from 1
    state_norm : ‖s_t‖
    likeliest : the five likeliest characters with their probabilities, the first first
    character, probability : what was chosen
    vector : of the embedded character (E,)
    text, right : the answer, and whether it is the sum
    """

    iteration: int
    step: str
    loss: float
    accuracy: float | None
    question: str | None = None
    written: str = ""
    position: int | None = None
    state_norm: float | None = None
    likeliest: tuple[tuple[str, float], ...] | None = None
    character: str | None = None
    probability: float | None = None
    vector: tuple[float, ...] | None = None
    text: str | None = None
    right: bool | None = None
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
    """The training, its last loss, and how many steps of writing have been shown."""

    training: rewriting.State
    seed: int
    loss: float = float("nan")
    shown: int = 0

    @property
    def iteration(self) -> int:
        """Updates and steps together."""
        return self.training.iteration + self.shown

    def copy(self) -> State:
        """An independent state: both go on alike."""
        return copy.deepcopy(self)


def new_state(seed: int, **settings: Any) -> State:
    """The state before the first iteration."""
    return State(addition_strings.new_state(seed, **settings), seed)


def run(state: State, **settings: Any) -> Iterator[Snapshot]:
    """The training, then the steps of each question; see ``engine.experiments`` for settings."""
    for snapshot in rewriting.run(state.training, **settings):
        state.loss = snapshot.loss
        yield Snapshot(
            snapshot.iteration,
            "training",
            snapshot.loss,
            snapshot.accuracy,
            divergence=snapshot.divergence,
        )
    if state.training.divergence is not None:
        return
    steps = _all_steps(state, settings)
    # A state that was kept in the middle of an answer: the steps before it are made again.
    for _ in range(state.shown):
        next(steps)
    for shown in steps:
        state.shown += 1
        yield shown


def _all_steps(state: State, settings: dict[str, Any]) -> Iterator[Snapshot]:
    trained, characters = state.training, state.training.characters
    test = trained.split.test
    iteration = trained.iteration
    for number in range(min(settings["questions"], len(test))):
        ids = test.questions[:, number]
        start, *target = test.answers[:, number].tolist()
        # A seed for each question: what was drawn for others does not matter.
        rng = np.random.default_rng((state.seed, number))
        temperature = settings["temperature"]
        events = decoder_steps(
            trained.model,
            ids,
            start,
            characters.text,
            maximum=len(target),
            choose=sampled(rng, temperature) if temperature else greedy,
        )
        written = ""
        for event in events:
            iteration += 1
            if isinstance(event, Chosen):
                written += characters.text([event.token])
            yield Snapshot(
                iteration=iteration,
                loss=state.loss,
                accuracy=trained.accuracies[-1] if trained.accuracies else None,
                question=characters.text(ids),
                written=written,
                **_of(event, characters.text, target),
            )


def _of(event: Event, text: Any, target: list[int]) -> dict[str, Any]:
    """The fields of a snapshot that this kind of step fills."""
    if isinstance(event, StateAndProbabilities):
        best = np.argsort(-event.log_p, kind="stable")[:5]
        return {
            "step": "state-and-probabilities",
            "position": event.t,
            "state_norm": float(np.linalg.norm(event.s)),
            "likeliest": tuple((text([i]), float(np.exp(event.log_p[i]))) for i in best),
        }
    if isinstance(event, Chosen):
        return {
            "step": "choosing",
            "position": event.t,
            "character": text([event.token]),
            "probability": event.probability,
        }
    if isinstance(event, EmbeddedToken):
        return {
            "step": "embedding",
            "position": event.t,
            "character": text([event.token]),
            "vector": tuple(float(entry) for entry in event.e),
        }
    assert isinstance(event, Detokenised)
    return {
        "step": "detokenising",
        "text": event.text,
        "right": list(event.tokens) == target,
    }
