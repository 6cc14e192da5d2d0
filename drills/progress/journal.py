"""The journal: what was answered, one JSON line each, only ever appended. It is the truth.

Each device writes ``reviews-<device>.jsonl`` and reads every ``reviews-*.jsonl`` beside it. The
union by ``uid`` is all there is to merging: no order of reading and no repetition changes it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

from drills.clock import stamp, unstamp
from drills.progress import system, ulid

VERSION: Final = 1


class RowError(ValueError):
    """A line of a journal that is no row; says which field and why."""


@dataclass(frozen=True)
class Review:
    """One answer, or a solution that was looked at instead (outcome ``revealed``).

    ``rating`` is None for a further try: it teaches, but says nothing new about memory.
    """

    uid: str
    device: str
    card: str
    item: str
    face: str
    item_hash: str
    engine_version: str
    session: str
    slot: int
    kind: str
    section: str
    shown_at: str
    answered_at: str
    utc_offset: int
    outcome: str
    right: bool
    mistakes: tuple[str, ...]
    rating: int | None
    milliseconds: int
    hints: int
    guessed: bool
    revealed: bool
    seed: int
    answer: str
    values: Mapping[str, Any] = field(default_factory=dict)
    order: tuple[int, ...] = ()


@dataclass(frozen=True)
class Undo:
    """Takes a review back. Nothing is ever deleted."""

    uid: str
    device: str
    undoes: str
    session: str
    answered_at: str


Row: TypeAlias = Review | Undo


@dataclass(frozen=True)
class Reading:
    """Rows of one journal, and where to read on.

    ``offset`` is the place after the last whole line, ``size`` that after the last byte (they
    differ while the last line is torn), ``unreadable`` the number of whole lines that are no rows.
    """

    rows: tuple[Row, ...]
    offset: int
    size: int
    unreadable: int


def encode(row: Row) -> bytes:
    """The row as one line with its newline."""
    data = {"row": type(row).__name__.lower(), "v": VERSION} | asdict(row)
    try:
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str)
        return text.encode("utf-8") + b"\n"
    except UnicodeEncodeError:
        # A lone surrogate from a terminal with broken input; escaped it survives.
        text = json.dumps(data, ensure_ascii=True, separators=(",", ":"), default=str)
        return text.encode("ascii") + b"\n"


def decode(line: bytes) -> Row:
    """The row of one line. Raises ``RowError`` for a torn, foreign or damaged one."""
    try:
        data = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise RowError(f"not JSON: {error}") from None
    if not isinstance(data, dict):
        raise RowError("not an object")
    kind = data.get("row")
    if kind == "review":
        return _review(data)
    if kind == "undo":
        return Undo(
            uid=_uid(data, "uid"),
            device=_typed(data, "device", str),
            undoes=_uid(data, "undoes"),
            session=_typed(data, "session", str),
            answered_at=_moment(data, "answered_at"),
        )
    raise RowError(f"row is {str(kind)[:40]!r}")


def read(path: Path, offset: int = 0) -> Reading:
    """Read from ``offset`` on. A torn last line is left for later. Raises ``OSError``."""
    with open(path, "rb") as file:
        file.seek(offset)
        content = file.read()
    whole, newline, last = content.rpartition(b"\n")
    rows: list[Row] = []
    unreadable = 0
    for line in whole.split(b"\n"):
        if line.strip():
            try:
                rows.append(decode(line))
            except RowError:
                unreadable += 1
    # No proper beginning of a JSON object is one: what can be read lacks only its newline.
    if last.strip():
        with suppress(RowError):
            rows.append(decode(last))
    start = offset + len(whole) + len(newline)
    return Reading(tuple(rows), start, start + len(last), unreadable)


def append(path: Path, rows: Sequence[Row]) -> None:
    """Write the rows and return when they are on the disk.

    A torn line of an earlier crash is ended first, so that nothing is glued to it. What fails half
    way is taken back. Raises ``OSError`` (``TimeoutError`` when another process holds the file),
    and ``RowError`` for a row that could not be read again.
    """
    for row in rows:
        decode(encode(row))
    path.parent.mkdir(parents=True, exist_ok=True)
    is_new = not path.exists()
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags, 0o600)
    try:
        with system.locked(descriptor):
            size = os.lseek(descriptor, 0, os.SEEK_END)
            content = b"".join(encode(row) for row in rows)
            if size and _last_byte(descriptor, size) != b"\n":
                content = b"\n" + content
            try:
                _write_all(descriptor, content)
                system.to_disk(descriptor)
            except OSError:
                with suppress(OSError):
                    os.ftruncate(descriptor, size)
                raise
    finally:
        os.close(descriptor)
    if is_new:
        system.folder_to_disk(path.parent)


def union(*journals: Iterable[Row]) -> list[Row]:
    """All rows once, by ``uid``, in the order of time. Any order and repetition gives the same."""
    found: dict[tuple[type, str], Row] = {}
    for journal in journals:
        for row in journal:
            other = found.setdefault((type(row), row.uid), row)
            # Two different rows with one uid: the lesser line, whichever was read first.
            if other != row and encode(row) < encode(other):
                found[type(row), row.uid] = row
    return sorted(found.values(), key=lambda row: (row.answered_at, row.uid))


def standing(rows: Iterable[Row]) -> list[Review]:
    """The reviews that were not taken back, in the order of time."""
    everything = union(rows)
    undone = {row.undoes for row in everything if isinstance(row, Undo)}
    return [row for row in everything if isinstance(row, Review) and row.uid not in undone]


def fingerprint(path: Path, offset: int) -> str:
    """Tells whether the bytes before ``offset`` are still the ones that were read."""
    with open(path, "rb") as file:
        head = file.read(min(offset, 512))
        file.seek(max(0, offset - 512))
        return hashlib.sha256(head + file.read(min(offset, 512))).hexdigest()


def _last_byte(descriptor: int, size: int) -> bytes:
    os.lseek(descriptor, size - 1, os.SEEK_SET)
    last = os.read(descriptor, 1)
    os.lseek(descriptor, 0, os.SEEK_END)
    return last


def _write_all(descriptor: int, content: bytes) -> None:
    while content:
        content = content[os.write(descriptor, content) :]


def _review(data: Mapping[str, Any]) -> Review:
    rating = data.get("rating")
    if rating is not None and rating not in (1, 2, 3, 4):
        raise RowError(f"rating is {str(rating)[:40]!r}")
    offset = _typed(data, "utc_offset", int)
    if abs(offset) > 24 * 60:
        raise RowError(f"utc_offset is {offset}")
    return Review(
        uid=_uid(data, "uid"),
        device=_typed(data, "device", str),
        card=_typed(data, "card", str),
        item=_typed(data, "item", str),
        face=_typed(data, "face", str),
        item_hash=_typed(data, "item_hash", str),
        engine_version=_typed(data, "engine_version", str),
        session=_typed(data, "session", str),
        slot=_typed(data, "slot", int),
        kind=_typed(data, "kind", str),
        section=_typed(data, "section", str),
        shown_at=_moment(data, "shown_at"),
        answered_at=_moment(data, "answered_at"),
        utc_offset=offset,
        outcome=_typed(data, "outcome", str),
        right=_typed(data, "right", bool),
        mistakes=tuple(_list(data, "mistakes", str)),
        rating=None if rating is None else int(rating),
        milliseconds=max(0, _typed(data, "milliseconds", int)),
        hints=max(0, _typed(data, "hints", int)),
        guessed=_typed(data, "guessed", bool),
        revealed=_typed(data, "revealed", bool),
        seed=_typed(data, "seed", int),
        answer=_typed(data, "answer", str),
        values=_typed(data, "values", dict),
        order=tuple(_list(data, "order", int)),
    )


def _typed(data: Mapping[str, Any], name: str, kind: type) -> Any:
    value = data.get(name)
    # bool is an int in Python, but no number of hints.
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise RowError(f"{name} is {str(value)[:40]!r}, not {kind.__name__}")
    # Beyond 63 bits SQLite cannot hold it.
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise RowError(f"{name} is too large")
    return value


def _list(data: Mapping[str, Any], name: str, kind: type) -> list[Any]:
    values = _typed(data, name, list)
    if not all(isinstance(value, kind) for value in values):
        raise RowError(f"{name} does not hold {kind.__name__} only")
    return list(values)


def _uid(data: Mapping[str, Any], name: str) -> str:
    value = _typed(data, name, str)
    try:
        return ulid.encode(ulid.decode(value))
    except ValueError as error:
        raise RowError(f"{name}: {error}") from None


def _moment(data: Mapping[str, Any], name: str) -> str:
    try:
        moment = unstamp(_typed(data, name, str))
    except (ValueError, OverflowError) as error:
        raise RowError(f"{name}: {error}") from None
    # Outside these years dates overflow as soon as an offset or an interval is added.
    if not 1000 <= moment.year <= 9000:
        raise RowError(f"{name} is in the year {moment.year}")
    return stamp(moment)
