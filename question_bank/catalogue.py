"""What choosing needs to know of each item, without the item itself.

A session is chosen from thousands of items of which it shows a few: the index keeps a row for each,
apart from stem, options and explanation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from question_bank.text import Place

if TYPE_CHECKING:
    from question_bank.model import Item

USUAL_FACE = "typed"


class Entry(NamedTuple):
    """One item in the catalogue; fields are those of the item.

    ``mistakes`` are the codes that its options or its computation name, ``card`` is the card of its
    first face.
    """

    id: str
    kind: str
    section: str
    fact: str
    objectives: tuple[str, ...]
    level: int
    seconds: int
    status: str
    faces: tuple[str, ...]
    hash: str
    framework: str | None
    set: str | None
    mistakes: tuple[str, ...]
    line: int
    column: int
    card: str

    @property
    def place(self) -> Place:
        """Line and column in its file; the file is the item's to tell."""
        return Place("", self.line, self.column)


def row_of(raw: Mapping[str, Any]) -> list[Any]:
    """The catalogue's row of an item as JSON data, with defaults put in and the section left out.

    Lists of words are one string each: that is read several times as fast.
    """
    body = raw["body"]
    named = [option.get("mistake") for option in body.get("options", ()) if _is_record(option)]
    own = body.get("mistakes")
    if isinstance(own, list | tuple):
        named += own
    return [
        raw["id"],
        raw["kind"],
        raw["fact"],
        " ".join(raw["objectives"]),
        raw["level"],
        raw["seconds"],
        raw.get("status", "current"),
        " ".join(raw.get("faces", ())),
        raw.get("hash", ""),
        raw.get("framework"),
        raw.get("set"),
        " ".join(dict.fromkeys(code for code in named if isinstance(code, str))),
        *raw["place"],
    ]


def entry(row: Sequence[Any], section: str) -> Entry:
    """The entry of a row. Raises ``TypeError`` or ``ValueError`` for another form."""
    id, kind, fact, objectives, level, seconds, status, faces, digest, *rest = row
    framework, name, mistakes, line, column = rest
    known = tuple(faces.split())
    return Entry(
        id,
        kind,
        section,
        fact,
        tuple(objectives.split()),
        level,
        seconds,
        status,
        known,
        digest,
        framework,
        name,
        tuple(mistakes.split()),
        line,
        column,
        f"{id}#{known[0] if known else USUAL_FACE}",
    )


def entries_of(items: Iterable[Item]) -> Iterator[Entry]:
    """The entries of items that are all there already."""
    for item in items:
        yield entry(row_of(item.to_json()), item.section)


def _is_record(option: object) -> bool:
    return isinstance(option, Mapping)
