"""What can be asked of word vectors: how near two words are, which are nearest, analogies.

::

    cos(a, b) = a·b / (‖a‖ ‖b‖)
    a is to b as c is to d:       d ≈ b − a + c,  the word whose vector is nearest by the cosine

Source: Mikolov, Yih, Zweig (2013), section 4. The words of the question are no answers to it: the
nearest to b − a + c often is b or c itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.recurrent.rnn import ShapeError

Array = NDArray[np.float64]


class UnknownWordError(LookupError):
    """A word without a vector; ``nearest`` holds words that are written alike."""

    def __init__(self, word: str, words: Sequence[str]) -> None:
        self.word = word
        self.nearest = tuple(get_close_matches(word, words, n=3, cutoff=0.5))
        hint = f"; nearest: {', '.join(self.nearest)}" if self.nearest else ""
        super().__init__(f"no vector for the word {word!r}{hint}")


def cosine_similarity(a: ArrayLike, b: ArrayLike) -> Array:
    """a·b / (‖a‖ ‖b‖) along the last axis, (..., D) and (..., D) → (...); 0 for a zero vector."""
    return np.asarray((_unit(a) * _unit(b)).sum(axis=-1))


def _unit(a: ArrayLike) -> Array:
    a = np.asarray(a, dtype=np.float64)
    length = np.sqrt((a**2).sum(axis=-1, keepdims=True))
    return np.asarray(a / np.where(length == 0.0, 1.0, length))


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A word and the cosine of its vector with the one that was asked for."""

    word: str
    similarity: float


class WordVectors:
    """Words and their vectors W (V, D), row i for word i. Raises ShapeError if they do not fit."""

    def __init__(self, words: Sequence[str], W: ArrayLike) -> None:
        self.words = tuple(words)
        self.W: Array = np.array(W, dtype=np.float64)
        if self.W.ndim != 2 or len(self.W) != len(self.words):
            raise ShapeError("W", self.W.shape, f"(V, D) with V = {len(self.words)}")
        self.ids = {word: i for i, word in enumerate(self.words)}

    def __getitem__(self, word: str) -> Array:
        """The vector (D,) of a word. Raises UnknownWordError."""
        try:
            return np.asarray(self.W[self.ids[word]])
        except KeyError:
            raise UnknownWordError(word, self.words) from None

    def similarity(self, a: str, b: str) -> float:
        """The cosine of two words. Raises UnknownWordError."""
        return float(cosine_similarity(self[a], self[b]))

    def nearest_to(
        self, vector: ArrayLike, count: int = 5, without: Sequence[str] = ()
    ) -> tuple[Neighbour, ...]:
        """The words whose vectors have the largest cosine with ``vector`` (D,), the largest first.

        Equals come in the order of the vocabulary.
        """
        similarities = cosine_similarity(self.W, vector)
        order = np.argsort(-similarities, kind="stable")
        found = [Neighbour(self.words[i], float(similarities[i])) for i in order]
        return tuple(n for n in found if n.word not in without)[:count]

    def nearest(self, word: str, count: int = 5) -> tuple[Neighbour, ...]:
        """The words nearest to this one, which is not among them. Raises UnknownWordError."""
        return self.nearest_to(self[word], count, without=(word,))

    def analogy(self, a: str, b: str, c: str, count: int = 5) -> tuple[Neighbour, ...]:
        """``a`` is to ``b`` as ``c`` is to …: the words nearest to b − a + c, of unit vectors.

        Raises
        ------
        UnknownWordError
        """
        vector = _unit(self[b]) - _unit(self[a]) + _unit(self[c])
        return self.nearest_to(vector, count, without=(a, b, c))
