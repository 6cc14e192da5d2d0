"""Texts as sequences of character ids."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]


class UnknownCharacterError(ValueError):
    """A character without an id: ``character``, at ``position`` (from 0) of ``text``."""

    def __init__(self, character: str, position: int, text: str) -> None:
        self.character = character
        self.position = position
        self.text = text
        super().__init__(f"no id for {character!r} at position {position} of {text!r}")


@dataclass(frozen=True, slots=True)
class Characters:
    """The characters of a task; the id of each is its place. Raises ValueError for a repeat."""

    alphabet: str

    def __post_init__(self) -> None:
        if len(set(self.alphabet)) != len(self.alphabet):
            raise ValueError(f"a character stands twice in {self.alphabet!r}")

    def __len__(self) -> int:
        return len(self.alphabet)

    def ids(self, texts: Sequence[str]) -> Ids:
        """N texts of one length T → (T, N): time first. Raises UnknownCharacterError, ValueError.

        ValueError if the texts differ in length.
        """
        if len({len(text) for text in texts}) > 1:
            raise ValueError("texts have to be padded to one length")
        table = {character: i for i, character in enumerate(self.alphabet)}
        for text in texts:
            for position, character in enumerate(text):
                if character not in table:
                    raise UnknownCharacterError(character, position, text)
        if not texts:
            return np.zeros((0, 0), dtype=np.int64)
        rows = [[table[character] for character in text] for text in texts]
        return np.array(rows, dtype=np.int64).T.copy()

    def text(self, ids: Iterable[int]) -> str:
        """Ids → text."""
        return "".join(self.alphabet[i] for i in ids)

    def texts(self, ids: Ids) -> tuple[str, ...]:
        """(T, N) → N texts."""
        return tuple(self.text(column) for column in ids.T)


@dataclass(frozen=True, slots=True)
class Pairs:
    """N questions (S, N) and their answers (T, N) as ids; row 0 of the answers is the start sign.

    The same example stands in the same column of both.
    """

    questions: Ids
    answers: Ids

    def __len__(self) -> int:
        return int(self.questions.shape[1])

    def columns(self, chosen: Ids | slice) -> Pairs:
        """Some of the examples."""
        return Pairs(self.questions[:, chosen], self.answers[:, chosen])


@dataclass(frozen=True, slots=True)
class Split:
    """Examples to learn from and others to be tested on; no question is in both."""

    training: Pairs
    test: Pairs
