"""Mistakes over all kinds of items: how often each was made, and a session about just one.

A dropped transpose is the same in a formula and in code, so its code counts over all of them; and
every kind of item has a way to say which mistakes can be made in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from drills import scheduling
from drills.clock import unstamp
from drills.selection import SessionRequest, card_name, face_of, spread
from question_bank.kinds.choice import ChoiceBody
from question_bank.kinds.code import CodeBody
from question_bank.kinds.formula import FormulaBody
from question_bank.kinds.numeric import NumericBody
from question_bank.kinds.predict import PredictBody
from question_bank.model import section_order
from question_bank.text import Text

if TYPE_CHECKING:
    from drills.progress.journal import Review
    from drills.progress.store import Store
    from question_bank.model import Bank, Item

# So many candidates for each place are looked at before kinds are mixed.
GENEROUS: Final = 3
SEEDS: Final = 4


@dataclass(frozen=True)
class MistakeCount:
    """A mistake that was made: how often, when last, in which sections of the bank."""

    code: str
    name: Text
    look: Text
    count: int
    last: date
    sections: tuple[str, ...]


def mistake_counts(store: Store, bank: Bank) -> tuple[MistakeCount, ...]:
    """Every mistake ever made in this home, the most frequent first, of equal ones the latest."""
    found: dict[str, list[Review]] = {}
    for review in store.reviews():
        for code in review.mistakes:
            found.setdefault(code, []).append(review)
    rows = [_row(code, reviews, bank) for code, reviews in found.items()]
    return tuple(sorted(rows, key=lambda row: (-row.count, -row.last.toordinal(), row.code)))


def _row(code: str, reviews: Sequence[Review], bank: Bank) -> MistakeCount:
    entry = bank.mistakes.get(code)
    bare = Text(code, code)
    days = (scheduling.study_day(unstamp(one.answered_at), one.utc_offset) for one in reviews)
    sections = sorted({one.section for one in reviews}, key=section_order)
    return MistakeCount(
        code,
        entry.name if entry else bare,
        entry.look if entry else bare,
        len(reviews),
        max(days),
        tuple(sections),
    )


def about_mistake(request: SessionRequest, bank: Bank, store: Store, today: date) -> SessionRequest:
    """A request with the items named in which its mistake was made or can be made.

    First those in which it was made, the latest first; then what is due, new, and not due yet.
    Kinds take turns. Without an item ``items`` is empty, and the request is as it was.
    """
    if request.mistake is None or request.items:
        return request
    wanted = max(0, request.count)
    found: dict[str, Item] = {}
    for item in _candidates(request, bank, store, today):
        if item.id not in found and request.mistake in chances(item, bank):
            found[item.id] = item
        if len(found) >= GENEROUS * wanted:
            break
    made = [found[name] for name in _made_in(request.mistake, store) if name in found]
    others = [item for item in found.values() if item not in made]
    chosen = [*made, *_kinds_in_turn(others)][:wanted]
    return replace(request, items=tuple(item.id for item in spread(chosen)))


def chances(item: Item, bank: Bank) -> frozenset[str]:
    """The codes of the mistakes that can be made in an item."""
    body: Any = item.body
    if isinstance(body, ChoiceBody):
        return frozenset(option.mistake for option in body.options if option.mistake)
    if isinstance(body, PredictBody):
        codes = (entry.option.mistake for entry in body.options)
        return frozenset(code for code in codes if code)
    if isinstance(body, NumericBody):
        return _of_numbers(item, body)
    if isinstance(body, FormulaBody):
        return _of_target(body.target)
    if isinstance(body, CodeBody):
        entry = bank.exercises.get(body.exercise)
        return frozenset() if entry is None else _of_exercise(entry.name, entry.source, entry)
    return frozenset()


def _of_numbers(item: Item, body: NumericBody) -> frozenset[str]:
    """What the computation knows of wrong values; which there are depends on what is drawn."""
    if isinstance(body.mistakes, tuple):
        return frozenset(body.mistakes)
    if not body.mistakes:
        return frozenset()
    from drills.grading import drawing

    codes: set[str] = set()
    for seed in range(SEEDS if item.draw else 1):
        try:
            values, _ = drawing.drawn(item, item.faces[0], seed)
            codes |= {one.code for one in drawing.mistaken(body.truth, values, None)}
        except (ValueError, KeyError):
            continue
    return frozenset(codes)


@lru_cache(maxsize=1024)
def _of_target(target: str) -> frozenset[str]:
    from engine.formulas.conventions import Convention
    from engine.formulas.mistakes.mutation import mutants
    from engine.formulas.targets import TARGETS

    if target not in TARGETS:
        return frozenset()
    return frozenset(one.code for one in mutants(TARGETS[target], Convention()))


_EXERCISES: dict[tuple[str, str], frozenset[str]] = {}


def _of_exercise(name: str, source: str, entry: Any) -> frozenset[str]:
    from drills.grading.code import parsed
    from engine.code.mutation import mutants

    key = (name, source)
    if key not in _EXERCISES:
        _EXERCISES[key] = frozenset(one.code for one in mutants(parsed(entry)))
    return _EXERCISES[key]


def _made_in(code: str, store: Store) -> list[str]:
    """The items in which a mistake was made, the latest first."""
    rows = [row.item for row in store.reviews_with(code)]
    return list(dict.fromkeys(reversed(rows)))


def _candidates(request: SessionRequest, bank: Bank, store: Store, today: date) -> Iterator[Item]:
    """Items that fit the request's other wishes, in the order in which they are asked for."""
    assert request.mistake is not None
    cards = store.cards()
    due: list[tuple[date, str]] = []
    later: list[tuple[date, str]] = []
    seen = set()
    for card in cards.values():
        item = bank.items.get(card.item)
        if item is None or card_name(item.id, face_of(item, request.face)) not in cards:
            continue
        seen.add(item.id)
        (due if card.state.due <= today else later).append((card.state.due, item.id))
    new = (name for name in bank.items if name not in seen)
    order: Iterator[str] = iter(
        dict.fromkeys([*_made_in(request.mistake, store), *(name for _, name in sorted(due))])
    )
    for names in (order, new, (name for _, name in sorted(later))):
        for name in names:
            item = bank.items.get(name)
            if item is not None and _fits(item, request):
                yield item


def _fits(item: Item, request: SessionRequest) -> bool:
    return (
        item.status in request.statuses
        and request.section in (None, item.section)
        and request.kind in (None, item.kind)
    )


def _kinds_in_turn(items: Sequence[Item]) -> list[Item]:
    """The items with the kinds taking turns, each in its own order."""
    waiting: dict[str, list[Item]] = {}
    for item in items:
        waiting.setdefault(item.kind, []).append(item)
    placed: list[Item] = []
    while any(waiting.values()):
        placed += [group.pop(0) for group in waiting.values() if group]
    return placed
