"""What graders share: how an item is presented, what a grader does, what a certificate says."""

from __future__ import annotations

import random
import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from drills.locale import text
from drills.verdict import Mistake, Outcome, Verdict
from question_bank.placeholders import fill_text
from question_bank.text import Language, Text

if TYPE_CHECKING:
    from question_bank.model import Bank, Item, MistakeText

Status: TypeAlias = Literal["proved", "sourced", "neither", "failed"]

LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Presentation:
    """One showing of an item, free of language: what was drawn and how its parts lie.

    ``order[i]`` is the author's number of what stands in place i. The same item, face and seed
    give the same presentation on every machine.
    """

    item: str
    face: str
    seed: int
    values: Mapping[str, Any] = field(default_factory=dict)
    order: tuple[int, ...] = ()


@dataclass(frozen=True)
class Block:
    """A part of what is asked. Lines of ``code`` and ``figure`` are kept as they are."""

    kind: Literal["prose", "code", "figure"]
    text: str


@dataclass(frozen=True)
class View:
    """A presentation in one language, as lines for any face of the app or for plain text.

    ``options`` holds (label, text) of what is lettered; for a match it equals ``left``. ``shared``
    is what the questions of a set have in common.
    """

    stem: str
    options: tuple[tuple[str, str], ...] = ()
    left: tuple[tuple[str, str], ...] = ()
    right: tuple[tuple[str, str], ...] = ()
    prompt: str = ""
    code: str | None = None
    figure: str | None = None
    shared: tuple[Block, ...] = ()

    @property
    def material(self) -> tuple[Block, ...]:
        """All that is read before answering, from top to bottom."""
        blocks = [*self.shared, Block("prose", self.stem)]
        if self.figure:
            blocks.append(Block("figure", self.figure))
        if self.code:
            blocks.append(Block("code", self.code))
        return tuple(blocks)


@dataclass(frozen=True)
class Certificate:
    """Whether an item's key is proved by computing, carries a source, or neither; or fails."""

    status: Status
    problems: tuple[Text, ...] = ()


class Grader(ABC):
    """Grades one kind of item. ``bank`` gives exercises and texts of mistakes (None: built-in)."""

    def __init__(self, bank: Bank | None = None) -> None:
        self.bank = bank

    @abstractmethod
    def present(self, item: Item, face: str, seed: int) -> Presentation:
        """What is drawn and how it lies under ``seed``."""

    @abstractmethod
    def grade(self, item: Item, presentation: Presentation, answer: str) -> Verdict:
        """The verdict on any text. Never raises for what a learner typed."""

    @abstractmethod
    def certify(self, item: Item) -> Certificate:
        """Recompute the key without having read it."""

    @abstractmethod
    def reveal(self, item: Item, presentation: Presentation) -> Text:
        """The right answer, as it would be typed, with what it says."""

    @abstractmethod
    def view(self, item: Item, presentation: Presentation, language: Language) -> View:
        """What is shown to the learner."""

    def mistake_text(self, code: str) -> MistakeText | None:
        """What the mistake is called and what to look at."""
        if self.bank is not None and code in self.bank.mistakes:
            return self.bank.mistakes[code]
        return _built_in_mistakes().get(code)


def verdict(
    item: Item,
    presentation: Presentation,
    outcome: Outcome,
    feedback: Text,
    *,
    reading: str = "",
    mistakes: Sequence[Mistake] = (),
) -> Verdict:
    """A verdict on ``item`` with the drawn values filled into its feedback."""
    return Verdict(
        outcome,
        filled(feedback, presentation),
        mistakes=tuple(mistakes),
        reading=reading,
        item=item.id,
        face=presentation.face,
        seed=presentation.seed,
        elsewhere_counts=item.elsewhere == "counts",
    )


def filled(template: Text, presentation: Presentation, **more: str) -> Text:
    """``template`` with the drawn values in place of its placeholders."""
    return fill_text(template, shown_values(presentation.values) | more)


def surroundings(item: Item, presentation: Presentation, language: Language) -> dict[str, Any]:
    """What a ``View`` shows besides stem and answers: the item's lines, and what its set shares."""
    shared: list[Block] = []
    if item.shared is not None:
        shared.append(Block("prose", item.shared.stem.in_(language)))
        if item.shared.figure is not None:
            shared.append(Block("figure", item.shared.figure.in_(language)))
        if item.shared.code is not None:
            shared.append(Block("code", item.shared.code.in_(language)))
    lines = {
        name: filled(part, presentation).in_(language)
        for name, part in (("code", item.code), ("figure", item.figure))
        if part is not None
    }
    return {**lines, "shared": tuple(shared)}


def shown_values(values: Mapping[str, Any]) -> dict[str, str]:
    """Drawn values as printed in texts: a vector in the brackets in which it is answered."""
    return {name: _shown(value) for name, value in values.items()}


def _shown(value: object) -> str:
    if isinstance(value, list) and not any(isinstance(part, list) for part in value):
        return f"({', '.join(map(str, value))})"
    return str(value)


def shuffled(item: Item, face: str, seed: int, count: int) -> tuple[int, ...]:
    """A permutation of ``count`` positions that depends on item, face and seed only."""
    positions = list(range(count))
    # A stream of its own: a draw more or less leaves the order as it was.
    random.Random(f"{item.id}/{face}/{seed}/order").shuffle(positions)  # noqa: S311
    return tuple(positions)


def letters_in(answer: str, count: int) -> list[str] | None:
    """The option letters in an answer such as ``c, a b``, ``CAB`` or ``Ｃ→Ａ``; None if it has
    anything else, or a letter beyond the ``count`` that are shown."""
    plain = unicodedata.normalize("NFKC", answer[:400]).upper()
    plain = re.sub(r"[\s,、・;.。/|()\[\]<>→⇒]|->|=>|-", "", plain)
    return list(plain) if plain and all(letter in LETTERS[:count] for letter in plain) else None


def labelled(texts: Sequence[Text], order: Sequence[int]) -> list[tuple[str, Text]]:
    """(letter, text) in the order shown."""
    return [(LETTERS[place], texts[index]) for place, index in enumerate(order)]


def join(parts: Sequence[Text]) -> Text:
    """Sentences one after the other: with a space in English, without one in Japanese."""
    return Text(" ".join(part.en for part in parts), "".join(part.ja for part in parts))


def sourced_or_neither(item: Item) -> Certificate:
    """For what no program can decide."""
    return Certificate("sourced" if item.source else "neither")


def failed(*problems: Text) -> Certificate:
    """A certificate that says why the key does not hold."""
    return Certificate("failed", problems)


def not_understood(item: Item, presentation: Presentation, key: str, **values: object) -> Verdict:
    """Says which form of answer is wanted; costs the learner nothing."""
    return verdict(item, presentation, "not_understood", text(key, **values))


@cache
def _built_in_mistakes() -> Mapping[str, MistakeText]:
    from question_bank.index import open_bank

    return open_bank(None).mistakes
