"""Sequence to sequence on strings: what the runs on addition and on dates have in common.

An epoch goes once through all training examples in a new order. After each the test examples, none
of which was trained on, are written greedily; one counts if every character is right.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.experiments.plain import plain
from engine.optimizers import Adam, clip_by_norm
from engine.seq2seq import Seq2Seq
from engine.stopping import check, interruptible, whole_or_not_at_all
from engine.tasks.characters import Characters, Pairs, Split
from engine.training import GRADIENT_LIMIT, Divergence

#: Test questions that are answered side by side.
TESTED_AT_ONCE: Final = 128


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The run at one moment.

    Attributes
    ----------
    epoch : epochs done, with the share of the one that is going on
    losses : mean cross entropy of a character, of each iteration since the last snapshot
    loss : their mean
    accuracies : share of test examples written without a mistake, after each whole epoch
    accuracy : the last of them; None before the first
    question, target, output : a test example, the right answer, and the model's, padded
    right : whether they agree
    alignment : with attention, the weight that character t of the output puts on each character
        of the question, in the question's order; else None
    gradient_norm : ‖g‖ at the last iteration, before clipping
    divergence : why the run ended early, else None
    """

    iteration: int
    epoch: float
    losses: tuple[float, ...]
    loss: float
    accuracies: tuple[float, ...]
    accuracy: float | None
    question: str
    target: str
    output: str
    right: bool
    alignment: tuple[tuple[float, ...], ...] | None
    gradient_norm: float
    divergence: Divergence | None = None

    @property
    def diverged(self) -> str | None:
        """Such as "gradient norm nan at iteration 412"; None while all is well."""
        return None if self.divergence is None else str(self.divergence)

    def to_json(self) -> dict[str, Any]:
        """Plain values; a number that is not finite becomes None, which JSON can hold."""
        return dict(plain(self))


@dataclass(slots=True)
class State:
    """The model, its optimiser, the examples, and where in the epoch the run stands.

    ``order`` (examples,) is the epoch's; ``rng`` draws the next.
    """

    model: Seq2Seq
    optimizer: Adam
    characters: Characters
    split: Split
    rng: np.random.RandomState
    order: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    accuracies: list[float] = field(default_factory=list)
    divergence: Divergence | None = None

    @property
    def iteration(self) -> int:
        """Updates done."""
        return self.optimizer.t

    def copy(self) -> State:
        """An independent state: both go on alike."""
        return copy.deepcopy(self)


def run(state: State, *, inputs: str = "teacher-forcing", **settings: Any) -> Iterator[Snapshot]:
    """Snapshots of the run that goes on from ``state``; see ``engine.experiments`` for settings.

    ``inputs`` of the decoder in training: the target's characters, or with "free-running" its own.

    A training set that is no multiple of the batch leaves a few examples out of each epoch. Batches
    larger than the set are cut to it.
    """
    every = settings["every"]
    examples = len(state.split.training)
    batch = min(settings["batch"], examples)
    epoch = examples // batch
    iterations = epoch * settings["epochs"]
    _test_if_due(state, epoch)  # a run that was stopped in the middle of its test goes on with it
    while state.divergence is None and state.iteration < iterations:
        until = min(iterations, (state.iteration // every + 1) * every)
        losses = []
        # Not around the yield: error settings are the caller's again while we wait.
        with np.errstate(all="ignore"):
            while state.divergence is None and state.iteration < until:
                place = state.iteration % epoch
                with whole_or_not_at_all(state.rng):
                    if place == 0:
                        state.order = state.rng.permutation(examples)
                    chosen = state.order[place * batch : (place + 1) * batch]
                    examples_now = state.split.training.columns(chosen)
                    loss, norm = _update(state, examples_now, settings["clip"], inputs)
                losses.append(loss)
                _test_if_due(state, epoch)
            number = (state.iteration // every) % len(state.split.test)
            shown = state.split.test.columns(slice(number, number + 1))
            output, alignment = written(state.model, shown)
        target = [int(i) for i in shown.answers[1:, 0]]
        yield Snapshot(
            iteration=state.iteration,
            epoch=state.iteration / epoch,
            losses=tuple(losses),
            loss=float(np.mean(losses)),
            accuracies=tuple(state.accuracies),
            accuracy=state.accuracies[-1] if state.accuracies else None,
            question=state.characters.text(shown.questions[:, 0]),
            target=state.characters.text(target),
            output=state.characters.text(output),
            right=output == target,
            alignment=alignment,
            gradient_norm=norm,
            divergence=state.divergence,
        )


def _update(state: State, batch: Pairs, clip: float, inputs: str) -> tuple[float, float]:
    model, before = state.model, batch.answers[:-1]
    if inputs == "free-running":
        before = model.own_inputs(batch.questions, int(before[0, 0]), len(before))
    forward = model.forward(batch.questions, before)
    check()
    entropy = model.loss(forward, batch.answers[1:])
    check()
    gradients = model.backward(forward, entropy.delta_out).parameters
    check()  # for the last time: from here on the update is made
    clipped = clip_by_norm(gradients, clip or np.inf)
    norm = float(clipped.norm)
    # Written so that a NaN, too, counts as beyond the limit.
    if not norm <= (np.finfo(np.float64).max if clip else GRADIENT_LIMIT):
        state.divergence = Divergence(state.iteration + 1, norm)
    else:
        state.optimizer.step(model.parameters(), clipped.gradients)
    return entropy.E, norm


def _test_if_due(state: State, epoch: int) -> None:
    if state.divergence is None and state.iteration == epoch * (len(state.accuracies) + 1):
        with np.errstate(all="ignore"):
            state.accuracies.append(exact_matches(state.model, state.split.test))


def exact_matches(model: Seq2Seq, examples: Pairs) -> float:
    """Share of the examples whose answer is written greedily without a mistake."""
    right = 0
    # Some at a time, so that a run that is stopped in its test stops soon.
    for first in interruptible(range(0, len(examples), TESTED_AT_ONCE)):
        some = examples.columns(slice(first, first + TESTED_AT_ONCE))
        start, wanted = int(some.answers[0, 0]), some.answers[1:]
        words = model.write(some.questions, start, len(wanted))
        right += int((words == wanted).all(axis=0).sum())
    return right / len(examples)


def written(
    model: Seq2Seq, example: Pairs
) -> tuple[list[int], tuple[tuple[float, ...], ...] | None]:
    """The answer (T,) that the model writes to one question (S, 1), and its alignment (T, S)."""
    start, T = int(example.answers[0, 0]), len(example.answers) - 1
    words = model.write(example.questions, start, T)
    output = [int(word) for word in words[:, 0]]
    if model.decoder.attention is None:
        return output, None
    inputs = np.concatenate([[[start]], words[:-1]])
    alpha = model.forward(example.questions, inputs).decoder.alpha
    assert alpha is not None  # there is attention
    # The encoder's outputs stand in the order of reading.
    rows = alpha[0, :, ::-1] if model.reverse else alpha[0]
    return output, tuple(tuple(float(weight) for weight in row) for row in rows)
