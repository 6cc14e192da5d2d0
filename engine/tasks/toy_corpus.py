"""A toy corpus: thirty short sentences whose words fall into clear classes.

Words of one class stand in the same places: who acts, what is done, what is eaten, where. A
word2vec model that has learnt anything puts them near each other, since it knows a word by its
neighbours only. Nouns that act are two classes: people read and cook, animals chase and hide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

SENTENCES: Final = (
    "the cat chases the mouse in the garden",
    "the dog chases the mouse in the barn",
    "the fox chases the hen in the garden",
    "the cat hides in the barn",
    "the mouse hides in the garden",
    "the fox hides in the forest",
    "the dog sleeps in the barn",
    "the hen sleeps in the barn",
    "the cat sleeps in the garden",
    "the mouse sleeps in the forest",
    "the dog chases the fox in the forest",
    "the hen hides in the forest",
    "the king eats bread at noon",
    "the queen eats cheese at noon",
    "the baker eats soup at night",
    "the nurse eats bread at night",
    "the baker cooks soup at noon",
    "the queen cooks rice at night",
    "the nurse cooks rice at noon",
    "the king cooks soup at night",
    "the baker sells bread at noon",
    "the nurse buys cheese at noon",
    "the king buys rice at night",
    "the queen buys bread at night",
    "the baker sells cheese at night",
    "the king sells rice at noon",
    "the nurse sells soup at night",
    "the queen eats rice at noon",
    "the fox sleeps in the forest",
    "the hen chases the mouse in the barn",
)

#: Word → class, of the words that carry a meaning.
CLASSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        word: name
        for name, words in {
            "animal": "cat dog fox mouse hen",
            "person": "king queen baker nurse",
            "what animals do": "chases hides sleeps",
            "what people do": "eats cooks sells buys",
            "food": "bread cheese soup rice",
            "place": "garden barn forest",
            "time": "noon night",
        }.items()
        for word in words.split()
    }
)


@dataclass(frozen=True, slots=True)
class ToyCorpus:
    """The sentences as ids.

    Attributes
    ----------
    words : the vocabulary, in the order of their first occurrence; the id of a word is its place
    sentences : each sentence's ids
    """

    words: tuple[str, ...]
    sentences: tuple[NDArray[np.int64], ...]

    @classmethod
    def new(cls) -> ToyCorpus:
        """The corpus of ``SENTENCES``."""
        words = tuple(dict.fromkeys(" ".join(SENTENCES).split()))
        ids = {word: i for i, word in enumerate(words)}
        return cls(words, tuple(np.array([ids[w] for w in s.split()]) for s in SENTENCES))

    @property
    def counts(self) -> NDArray[np.int64]:
        """How often each word occurs, (V,)."""
        return np.bincount(np.concatenate(self.sentences), minlength=len(self.words))
