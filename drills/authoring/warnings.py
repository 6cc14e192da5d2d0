"""What an author should look at again, though nothing of it breaks the bank."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from drills.authoring.duplicates import near_duplicates
from drills.authoring.guessing import MARGIN, scores
from drills.authoring.untranslated import english_only
from drills.authoring.wording import asked, content_words, options_of, said
from drills.typography import cell_width
from question_bank.marks import is_marked, is_negative
from question_bank.model import STATUSES, Bank, Item
from question_bank.problems import LANGUAGE_NAMES, Problem
from question_bank.text import LANGUAGES, Place, Text

# What code and figures have at 80 columns beside the margins of every face of the program.
LINE: Final = 74
OPTION: Final = 68
NEGATIVE: Final = 0.15
# So many words of the stem in the right option alone give it away.
GIVEN_AWAY: Final = 3

_JAPANESE: Final = re.compile(r"[\u3041-\u30ff\u4e00-\u9fff]")
_ENGLISH_WORDS: Final = re.compile(r"(?:\b[A-Za-z]{2,}\b[ ,]+){3}\b[A-Za-z]{2,}\b")
_RUN: Final = re.compile(r"[!-~\u00a1-\u2fff]+")


def warnings(bank: Bank) -> Iterator[Problem]:
    """All warnings of a bank, item by item, then what concerns it as a whole."""
    items = list(bank.items.values())
    for item in items:
        yield from _given_away(item)
        yield from _translations(item)
        yield from _widths(item)
        yield from _unmarked(item)
    for first, later, alike in near_duplicates(items):
        message = said("authoring.near_duplicate", other=first.id, alike=f"{alike:.0%}")
        yield Problem(later.place, message)
    yield from english_only(bank.exercises.values())
    yield from _unreached(bank, items)
    yield from _whole(items)


def _given_away(item: Item) -> Iterator[Problem]:
    """The right option repeats words of the stem that no other option has."""
    options = options_of(item)
    if sum(option.right for option in options) != 1:
        return
    for language in LANGUAGES:
        words = content_words(asked(item, language))
        right = content_words(" ".join(o.text.in_(language) for o in options if o.right))
        others = content_words("\n".join(o.text.in_(language) for o in options if not o.right))
        alone = sorted((words & right) - others)
        if len(alone) >= GIVEN_AWAY:
            yield Problem(
                item.place_of("options"),
                said(
                    "authoring.given_away",
                    words=", ".join(alone),
                    language=LANGUAGE_NAMES[language],
                ),
            )


def _translations(item: Item) -> Iterator[Problem]:
    """Prose that stands in the wrong language, or the same in both."""
    why = [option.why for option in options_of(item) if option.why is not None]
    for prose in (item.stem, item.explanation, *item.hints, *why):
        if not _JAPANESE.search(prose.ja):
            yield _untranslated(item, prose.ja, "ja")
        if _JAPANESE.search(prose.en):
            yield _untranslated(item, prose.en, "en")
    for option in options_of(item):
        same = option.text.en == option.text.ja
        if same and (
            _ENGLISH_WORDS.search(re.sub(r"`[^`]*`", "", option.text.en))
            or _JAPANESE.search(option.text.en)
        ):
            language = "en" if _JAPANESE.search(option.text.en) else "ja"
            yield _untranslated(item, option.text.en, language)


def _untranslated(item: Item, found: str, language: str) -> Problem:
    shown = " ".join(found.split())[:40]
    message = said("authoring.untranslated", language=LANGUAGE_NAMES[language], text=shown)
    return Problem(item.place, message)


def _widths(item: Item) -> Iterator[Problem]:
    """What 80 columns cannot show as it is written."""
    blocks: list[tuple[Text | None, bool]] = [(item.code, False), (item.figure, True)]
    if item.shared is not None:
        blocks += [(item.shared.code, False), (item.shared.figure, True)]
    for language in LANGUAGES:
        for block, is_figure in blocks:
            if block is None:
                continue
            for line in block.in_(language).splitlines():
                if cell_width(line) > LINE:
                    yield _too_wide(item, line, LINE)
                if is_figure and (signs := _unsteady(line)):
                    yield Problem(item.place, said("authoring.unsteady", signs=signs))
        for prose in (item.stem, item.explanation):
            yield from _runs(item, prose.in_(language), LINE)
        for option in options_of(item):
            yield from _runs(item, option.text.in_(language), OPTION)
            lines = option.text.in_(language).splitlines()
            if len(lines) > 1:
                for line in lines:
                    if cell_width(line) > OPTION:
                        yield _too_wide(item, line, OPTION)


def _runs(item: Item, prose: str, width: int) -> Iterator[Problem]:
    """Signs in a row that no line break may separate."""
    for run in _RUN.findall(prose):
        if cell_width(run) > width:
            yield _too_wide(item, run, width)
    for sign in prose:
        if unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cs") and sign != "\n":
            yield Problem(item.place, said("authoring.unprintable", sign=f"U+{ord(sign):04X}"))


def _too_wide(item: Item, line: str, width: int) -> Problem:
    message = said(
        "authoring.too_wide", cells=cell_width(line), width=width, line=line.strip()[:30]
    )
    return Problem(item.place, message)


def _unsteady(line: str) -> str:
    """Signs of a figure that are one cell wide in some terminals and two in others."""
    return "".join(dict.fromkeys(s for s in line if unicodedata.east_asian_width(s) == "A"))


def _unmarked(item: Item) -> Iterator[Problem]:
    if not is_negative(item.stem.en, item.stem.ja):
        return
    for language in LANGUAGES:
        if not is_marked(item.stem.in_(language)):
            message = said("authoring.unmarked", language=LANGUAGE_NAMES[language])
            yield Problem(item.place, message)


def _unreached(bank: Bank, items: list[Item]) -> Iterator[Problem]:
    """Items that no session asks, whatever one wants to practise."""
    from datetime import date

    from drills.selection import SessionRequest, choose

    request = SessionRequest(which="all", count=len(items), statuses=STATUSES)
    reached = {item.id for item in choose(bank, {}, request, date(2026, 1, 1))}
    for item in items:
        if item.id not in reached:
            yield Problem(item.place, said("authoring.unreached", status=item.status))


def _whole(items: list[Item]) -> Iterator[Problem]:
    if not items:
        return
    start = Place(items[0].place.file.rpartition("/items/")[0] or items[0].place.file, 1, 1)
    chosen = [item for item in items if options_of(item)]
    negative = [item for item in items if is_negative(item.stem.en, item.stem.ja)]
    if len(negative) > NEGATIVE * len(items) and len(items) >= 20:
        share = f"{len(negative) / len(items):.0%}"
        yield Problem(start, said("authoring.negative", share=share, limit=f"{NEGATIVE:.0%}"))
    for score in scores(chosen):
        if score.too_good:
            yield Problem(
                start,
                said(
                    "authoring.guessable",
                    strategy=said(f"authoring.strategy.{score.strategy}"),
                    language=LANGUAGE_NAMES[score.language],
                    share=f"{100 * score.share:.1f}",
                    limit=f"{100 * (score.expected + MARGIN):.1f}",
                ),
            )
