"""word2vec on thirty sentences: words of one class move together.

The vectors start at random. An update is one pass over all windows of all sentences, with every
centre and its context (CBOW or skip-gram, full softmax or negative sampling).

Claim: with nothing but neighbours to go by, the nearest word to nearly every word is one of its own
class: animals by animals, food by food.

Sources: Mikolov, Chen, Corrado, Dean (2013); Mikolov, Sutskever, Chen, Corrado, Dean (2013).
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.experiments.plain import plain
from engine.functions import Array
from engine.optimizers import Adam, global_norm
from engine.stopping import check
from engine.tasks.toy_corpus import CLASSES, ToyCorpus
from engine.training import Divergence
from engine.word2vec import (
    CBOW,
    Parameters,
    SkipGram,
    draw_negatives,
    noise_distribution,
    windows,
)
from engine.word_vectors import WordVectors


@dataclass(frozen=True, slots=True)
class Neighbours:
    """A word, its class, and the three words nearest to it by the cosine of their vectors."""

    word: str
    group: str
    nearest: tuple[str, ...]
    similarities: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The vectors after ``iteration`` passes.

    Attributes
    ----------
    losses : mean loss of an example, of each pass since the last snapshot; loss : their mean
    purity : share of the words with a class whose nearest word with a class is of the same one
    chance : what purity would be on average if the nearest were drawn by lot
    words : each word with a class, its neighbours among them
    """

    iteration: int
    losses: tuple[float, ...]
    loss: float
    purity: float
    chance: float
    gradient_norm: float
    words: tuple[Neighbours, ...]
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
    """The vectors, their optimiser and the generator of the negatives."""

    parameters: Parameters
    optimizer: Adam
    rng: np.random.Generator
    divergence: Divergence | None = None

    @property
    def iteration(self) -> int:
        """Passes done."""
        return self.optimizer.t

    def copy(self) -> State:
        """An independent state: both go on alike."""
        return copy.deepcopy(self)


@dataclass(frozen=True, slots=True)
class Examples:
    """All centres (n,) with their contexts (n, 2c) and which of them exist (n, 2c)."""

    centres: NDArray[np.int64]
    contexts: NDArray[np.int64]
    mask: NDArray[np.bool_]


def examples(corpus: ToyCorpus, c: int) -> Examples:
    """The windows of every sentence by itself: none reaches into the next sentence."""
    parts = [windows(sentence, c) for sentence in corpus.sentences]
    contexts, masks = zip(*parts, strict=True)
    centres = np.concatenate(corpus.sentences)
    return Examples(centres, np.concatenate(contexts), np.concatenate(masks))


def new_state(seed: int, **settings: Any) -> State:
    """The state before the first pass."""
    V = len(ToyCorpus.new().words)
    rng = np.random.RandomState(seed)
    parameters = Parameters.initial(V, settings["dimensions"], rng, settings["deviation"])
    return State(parameters, Adam(settings["learning_rate"]), np.random.default_rng(seed))


def run(state: State, **settings: Any) -> Iterator[Snapshot]:
    """Snapshots of the run that goes on from ``state``; see ``engine.experiments`` for settings."""
    corpus = ToyCorpus.new()
    shown = examples(corpus, settings["window"])
    every = settings["every"]
    while state.divergence is None and state.iteration < settings["iterations"]:
        until = min(settings["iterations"], (state.iteration // every + 1) * every)
        losses = []
        # Not around the yield: error settings are the caller's again while we wait.
        with np.errstate(all="ignore"):
            while state.divergence is None and state.iteration < until:
                check()
                loss, norm = _update(state, corpus, shown, settings)
                losses.append(loss)
            near = neighbours(corpus, state.parameters.W_in)
        yield Snapshot(
            iteration=state.iteration,
            losses=tuple(losses),
            loss=float(np.mean(losses)),
            purity=float(np.mean([n.group == CLASSES[n.nearest[0]] for n in near])),
            chance=chance(),
            gradient_norm=norm,
            words=near,
            divergence=state.divergence,
        )


def _update(
    state: State, corpus: ToyCorpus, shown: Examples, settings: dict[str, Any]
) -> tuple[float, float]:
    cbow = settings["model"] == "cbow"
    negatives = None
    if settings["negatives"]:
        P = noise_distribution(corpus.counts)
        outputs = shown.centres[:, None] if cbow else np.where(shown.mask, shown.contexts, 0)
        negatives = draw_negatives(state.rng, P, outputs, settings["negatives"])
    model = CBOW(state.parameters) if cbow else SkipGram(state.parameters)
    forward = model.forward(
        shown.centres, shown.contexts, shown.mask, negatives=negatives, mean=True
    )
    gradients = model.backward(forward).parameters.as_dict()
    norm = float(global_norm(gradients))
    if np.isfinite(norm):
        state.optimizer.step(state.parameters.as_dict(), gradients)
    else:
        state.divergence = Divergence(state.iteration + 1, norm)
    return forward.E, norm


def neighbours(corpus: ToyCorpus, W: Array, count: int = 3) -> tuple[Neighbours, ...]:
    """For each word with a class the nearest others with a class, by vectors W (V, D)."""
    ids = [i for i, word in enumerate(corpus.words) if word in CLASSES]
    vectors = WordVectors([corpus.words[i] for i in ids], W[ids])
    found = []
    for word in vectors.words:
        near = vectors.nearest(word, count)
        names, similarities = zip(*((n.word, n.similarity) for n in near), strict=True)
        found.append(Neighbours(word, CLASSES[word], names, similarities))
    return tuple(found)


def chance() -> float:
    """Mean over the words of (other words of its class) / (all other words)."""
    groups = list(CLASSES.values())
    same = [groups.count(group) - 1 for group in groups]
    return float(np.mean(same) / (len(groups) - 1))
