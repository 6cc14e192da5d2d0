"""Strategies that do not read: how far one gets by the look of the options alone.

A good bank gives them no more than chance. Where several options tie, each counts its share.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, TypeAlias

from drills.authoring.wording import asked, content_words, options_of, plain
from drills.typography import cell_width
from question_bank.model import Item
from question_bank.text import LANGUAGES, Language

# The score of each option: the highest is chosen.
Strategy: TypeAlias = Callable[[str, Sequence[str]], list[float]]

#: How far above chance a strategy may come, and from how many items on that is demanded.
MARGIN: Final = 0.05
ENOUGH: Final = 60

_ABSOLUTE: Final = re.compile(
    r"\b(?:always|never|only|all|every|none|no|must|cannot|any|entirely|completely|exactly)\b"
    r"|必ず|常に|絶対|すべて|全て|のみ|だけ|決して|一切|完全|いかなる|あらゆる|不可能",
    re.IGNORECASE,
)


def longest(asked: str, options: Sequence[str]) -> list[float]:
    """The longest option on the screen."""
    return [cell_width(option) for option in options]


def shortest(asked: str, options: Sequence[str]) -> list[float]:
    """The shortest option on the screen."""
    return [-cell_width(option) for option in options]


def most_symbols(asked: str, options: Sequence[str]) -> list[float]:
    """The option with the most signs that are neither letters nor stops."""
    return [
        sum(unicodedata.category(sign)[0] in "SP" and sign not in ".,、。" for sign in option)
        for option in options
    ]


def most_shared_words(asked: str, options: Sequence[str]) -> list[float]:
    """The option with the most words of the stem."""
    words = content_words(asked)
    return [len(words & content_words(option)) for option in options]


def least_absolute(asked: str, options: Sequence[str]) -> list[float]:
    """The option with the fewest words such as always, never, only."""
    return [-len(_ABSOLUTE.findall(option)) for option in options]


def odd_one_out(asked: str, options: Sequence[str]) -> list[float]:
    """The option whose form is least like that of the others."""
    forms = [_form(option) for option in options]
    counts = [Counter(form[place] for form in forms) for place in range(len(forms[0]))]
    return [sum(-counts[place][value] for place, value in enumerate(form)) for form in forms]


def _form(option: str) -> tuple[object, ...]:
    """What one sees from afar: beginning, end, length, digits, brackets, operators, letters."""
    words = option.split()
    return (
        words[0].casefold() if words else "",
        option[-1:],
        round(cell_width(option) / 12),
        bool(re.search(r"\d", option)),
        option.count("(") + option.count("["),
        len(re.findall(r"[=+\-*/@⊙×·]", option)),
        bool(re.search(r"[\u3040-\u9fff]", option)),
        option[:1].isupper(),
    )


STRATEGIES: Final[Mapping[str, Strategy]] = MappingProxyType(
    {
        "longest": longest,
        "shortest": shortest,
        "most-symbols": most_symbols,
        "most-shared-words": most_shared_words,
        "least-absolute": least_absolute,
        "odd-one-out": odd_one_out,
    }
)


@dataclass
class Score:
    """How a strategy does on the items in one language; ``won`` are those it gets right alone."""

    strategy: str
    language: Language
    items: int = 0
    points: float = 0.0
    chance: float = 0.0
    won: list[Item] = field(default_factory=list)

    @property
    def share(self) -> float:
        return self.points / self.items if self.items else 0.0

    @property
    def expected(self) -> float:
        """What blind choice gets."""
        return self.chance / self.items if self.items else 0.0

    @property
    def too_good(self) -> bool:
        """Whether it beats chance by more than the margin, over enough items to say so."""
        return self.items >= ENOUGH and self.share > self.expected + MARGIN


def scores(items: Iterable[Item]) -> list[Score]:
    """Every strategy on all items with one right option, in both languages."""
    asked_items = [item for item in items if sum(option.right for option in options_of(item)) == 1]
    found = []
    for name, strategy in STRATEGIES.items():
        for language in LANGUAGES:
            score = Score(name, language)
            for item in asked_items:
                _count(score, strategy, item, language)
            found.append(score)
    return found


def _count(score: Score, strategy: Strategy, item: Item, language: Language) -> None:
    options = options_of(item)
    values = strategy(asked(item, language), [plain(o.text.in_(language)) for o in options])
    chosen = [option for option, value in zip(options, values, strict=True) if value == max(values)]
    right = sum(option.right for option in chosen)
    score.items += 1
    score.points += right / len(chosen)
    score.chance += 1 / len(options)
    if right and len(chosen) == 1:
        score.won.append(item)
