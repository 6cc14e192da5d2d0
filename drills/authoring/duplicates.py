"""Items that ask nearly the same: equal but for numbers, names of variables and notation."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from itertools import combinations
from typing import Any, Final

from drills.authoring.wording import asked, plain
from question_bank.kinds.formula import FormulaBody
from question_bank.kinds.numeric import NumericBody
from question_bank.model import Item
from question_bank.text import Language, Text

# The share of common pieces from which two items count as one, in both languages.
ALIKE: Final = 0.8
# A piece that stands in more items than this is a phrase of the exam, and tells nothing.
_PHRASE: Final = 60
# What one answers is part of the question; why it is wrong is not.
_NOT_ASKED: Final = frozenset({"why", "because", "because_why"})


def near_duplicates(items: Iterable[Item]) -> Iterator[tuple[Item, Item, float]]:
    """(first, later, likeness) for items that are the same question twice.

    Pieces are runs of three words in English, of four letters in Japanese; likeness is the share
    of pieces that two items have in common (Jaccard), the smaller of both languages.
    """
    by_number = list(items)
    pieces: dict[Language, list[frozenset[str]]] = {
        "en": [_pieces(item, "en") for item in by_number],
        "ja": [_pieces(item, "ja") for item in by_number],
    }
    together: Counter[tuple[int, int]] = Counter()
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for number, found in enumerate(pieces["ja"]):
        for piece in found:
            holders[piece].append(number)
    for numbers in holders.values():
        if len(numbers) <= _PHRASE:
            together.update(combinations(numbers, 2))
    for (one, other), count in sorted(together.items()):
        # Fewer in common than this cannot reach the limit, phrases left out generously.
        if count < 0.4 * max(len(pieces["ja"][one]), len(pieces["ja"][other])):
            continue
        if _asked_for(by_number[one]) != _asked_for(by_number[other]):
            continue
        alike = min(
            _likeness(pieces[language][one], pieces[language][other]) for language in pieces
        )
        if alike >= ALIKE:
            yield by_number[one], by_number[other], alike


def _asked_for(item: Item) -> str | None:
    """The computation or the target: two of them are two questions, however alike in words."""
    if isinstance(item.body, NumericBody):
        return item.body.truth.name
    return item.body.target if isinstance(item.body, FormulaBody) else None


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, len(one | other))


def _pieces(item: Item, language: Language) -> frozenset[str]:
    text = "\n".join([asked(item, language), *_texts(item.body, language)])
    text = re.sub(r"\d+", "#", plain(text)).casefold()
    if language == "ja":
        letters = re.sub(r"\s+", "", text)
        return frozenset(letters[at : at + 4] for at in range(len(letters) - 3))
    words = re.findall(r"\w+|[^\w\s]", text)
    # Names of variables say as little as numbers: single letters are one name.
    words = ["x" if len(word) == 1 and word.isalpha() else word for word in words]
    return frozenset(" ".join(words[at : at + 3]) for at in range(len(words) - 2))


def _texts(body: Any, language: Language) -> Iterator[str]:
    """The texts that a body shows, and the names that make it another question."""
    if isinstance(body, Text):
        yield body.in_(language)
    elif isinstance(body, str):
        yield body
    elif isinstance(body, (tuple, list)):
        for part in body:
            yield from _texts(part, language)
    elif is_dataclass(body):
        for field in fields(body):
            if field.name not in _NOT_ASKED:
                yield from _texts(getattr(body, field.name), language)
