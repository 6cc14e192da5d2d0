"""Which items a session asks for: what is due, then what is new, siblings kept apart."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final, Literal, Protocol, TypeAlias

from drills import scheduling
from drills.progress.index import CardRow
from question_bank.text import Text

Which: TypeAlias = Literal["due", "new", "all", "mixed"]

# So many other items lie between two that ask for the same fact, where there are enough of them.
SIBLING_GAP: Final = 3


class ItemLike(Protocol):
    """What practice needs to know of an item; the bank's ``Item`` is one."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def section(self) -> str: ...
    @property
    def fact(self) -> str: ...
    @property
    def level(self) -> int: ...
    @property
    def seconds(self) -> int: ...
    @property
    def status(self) -> str: ...
    @property
    def hints(self) -> tuple[Text, ...]: ...
    @property
    def hash(self) -> str: ...
    @property
    def faces(self) -> tuple[str, ...]: ...


class BankLike(Protocol):
    """What practice needs to know of a bank."""

    @property
    def items(self) -> Mapping[str, Any]: ...
    @property
    def sections(self) -> Sequence[str]: ...


@dataclass(frozen=True)
class SessionRequest:
    """What someone wants to practise.

    ``which``: ``due`` and ``new`` mean only those, ``mixed`` what is due and then what is new,
    ``all`` also what is not due yet. ``items`` names items outright, in this order, whatever the
    other fields say. ``mistake`` asks for items in which that mistake was made or can be made,
    due or not.
    """

    section: str | None = None
    kind: str | None = None
    mistake: str | None = None
    count: int = 10
    which: Which = "mixed"
    seed: int | None = None
    face: str | None = None
    items: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ("current",)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def card_name(item: str, face: str) -> str:
    """The card of an item's face: what has a due date of its own."""
    return f"{item}#{face}"


def face_of(item: ItemLike, face: str | None) -> str:
    """The face asked for where the item has it, else its first."""
    if face is not None and face in item.faces:
        return face
    return item.faces[0] if item.faces else "typed"


def catalogue_of(bank: Any) -> Sequence[Any]:
    """What choosing needs of each item: the bank's catalogue, or else the items themselves."""
    found: Sequence[Any] | None = getattr(bank, "catalogue", None)
    return tuple(bank.items.values()) if found is None else found


def in_curriculum_order(bank: BankLike, items: Iterable[Any] | None = None) -> list[Any]:
    """The items by section as the curriculum orders them, within one as the bank does.

    ``items`` may be entries of the catalogue; without them every item is made.
    """
    place = {section: number for number, section in enumerate(bank.sections)}
    found = bank.items.values() if items is None else items
    return sorted(found, key=lambda item: place.get(item.section, len(place)))


def choose(
    bank: BankLike,
    cards: Mapping[str, CardRow],
    request: SessionRequest,
    today: date,
    mistaken: Collection[str] = (),
) -> list[Any]:
    """The catalogue's entries of the items of a session, in the order in which they are asked.

    ``mistaken`` holds the ids of items in which the mistake asked for was made.
    """
    if request.items:
        by_id = {entry.id: entry for entry in catalogue_of(bank)}
        return [by_id[name] for name in request.items if name in by_id]
    due: dict[date, list[tuple[CardRow, Any]]] = {}
    later: dict[date, list[tuple[CardRow, Any]]] = {}
    new: list[Any] = []
    for entry in in_curriculum_order(bank, catalogue_of(bank)):
        if not _fits(entry, request, mistaken):
            continue
        row = cards.get(card_of(entry, request.face))
        if row is None:
            new.append(entry)
        else:
            day = row.state.due
            (due if day <= today else later).setdefault(day, []).append((row, entry))
    count = max(0, request.count)
    chosen: list[Any] = []
    if request.which != "new":
        chosen += _longest_due(due, today, count)
    if request.which != "due":
        chosen += new
    if request.which == "all" or (request.mistake and request.which == "mixed"):
        chosen += _longest_due(later, today, count)
    return spread(chosen[:count])


def card_of(entry: Any, face: str | None) -> str:
    """The card of an item's face, the first one unless another is asked for."""
    first: str | None = getattr(entry, "card", None) if face is None else None
    return first or card_name(entry.id, face_of(entry, face))


def _longest_due(
    by_day: Mapping[date, list[tuple[CardRow, Any]]], today: date, count: int
) -> list[Any]:
    """At least the first ``count``, where there are as many: by day, then by what is known least.

    How well a card is known is asked only of those that may be chosen. The sort is stable: what is
    equally due and equally well known stays in curriculum order.
    """
    found: list[Any] = []
    for day in sorted(by_day):
        if len(found) >= count:
            break
        rows = sorted(by_day[day], key=lambda pair: scheduling.retrievability(pair[0].state, today))
        found += [entry for _, entry in rows]
    return found


def spread(items: Sequence[Any]) -> list[Any]:
    """The items in nearly the same order, those of one fact apart from each other.

    The questions of a set stay together, in the order of the set.
    """
    waiting = _together(items)
    placed: list[Any] = []
    while waiting:
        recent = [item.fact for item in placed[-SIBLING_GAP:] if item.fact]
        free = next((group for group in waiting if group[0].fact not in recent), None)
        if free is None:
            # Only siblings are left: the one whose fact was asked the longest ago.
            free = min(waiting, key=lambda group: _last_place(recent, group[0].fact))
        waiting.remove(free)
        placed += free
    return placed


def _together(items: Sequence[Any]) -> list[list[Any]]:
    """Each item alone, but those of one set in one group, where the first of them stands."""
    groups: dict[str, list[Any]] = {}
    for item in items:
        name = getattr(item, "set", None)
        groups.setdefault(f"set {name}" if name else f"item {item.id}", []).append(item)
    for group in groups.values():
        # Files keep the order of a set, and places tell it.
        if len(group) > 1:
            group.sort(key=lambda item: (item.place.line, item.place.column))
    return list(groups.values())


def _last_place(recent: Sequence[str], fact: str) -> int:
    return max(place for place, name in enumerate(recent) if name == fact)


def _fits(item: ItemLike, request: SessionRequest, mistaken: Collection[str]) -> bool:
    return (
        item.status in request.statuses
        and request.section in (None, item.section)
        and request.kind in (None, item.kind)
        and (
            request.mistake is None
            or item.id in mistaken
            or request.mistake in _declared_mistakes(item)
        )
    )


def _declared_mistakes(item: Any) -> set[str]:
    """The codes that an item's own body names: of its options, or of its computation."""
    if (known := getattr(item, "mistakes", None)) is not None:
        return set(known)
    body = getattr(item, "body", None)
    codes = {getattr(option, "mistake", None) for option in getattr(body, "options", ()) or ()}
    named = getattr(body, "mistakes", None)
    if isinstance(named, tuple | list):
        codes |= set(named)
    return {code for code in codes if isinstance(code, str)}
