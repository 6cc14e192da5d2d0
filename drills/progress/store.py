"""The store: journal and database of one home, kept in step, and what happens when they fail.

An answer is safe when ``record`` returns: its line is on the disk. When it cannot be written, the
answers stay in memory, practice goes on, and ``healthy`` and ``trouble`` say so.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from drills.clock import Clock, SystemClock, stamp, unstamp
from drills.locale import text
from drills.progress import journal, paths, system
from drills.progress.database import (
    DAMAGE,
    copy_to_memory,
    is_passing,
    memory_database,
    move_aside,
    open_database,
)
from drills.progress.device import device_name, fresh_name
from drills.progress.index import CardRow, Index
from drills.progress.journal import Review, Row, Undo
from drills.progress.places import Owner, Places, SessionRecord
from drills.progress.ulid import UlidSource
from question_bank.text import Text

T = TypeVar("T")


class StoreError(Exception):
    """Progress could not be written or read; ``message`` says what and why in both languages."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


class Store:
    """Progress in one home. For one thread at a time; many processes may share a home.

    Opening never fails: with a home that cannot be used everything is in memory, and said.
    """

    def __init__(self, home: Path, clock: Clock | None = None, owner: Owner | None = None) -> None:
        self.home = home
        self.clock: Clock = clock or SystemClock()
        self.owner = owner or Owner()
        self.notices: list[Text] = []
        self._unsaved: list[Row] = []
        self._journal_trouble: Text | None = None
        self._index_trouble: Text | None = None
        self._in_memory = False
        self._connection: sqlite3.Connection
        self.device = self._prepare()
        if self._journal_trouble or not self._open():
            self._use(memory_database(), in_memory=True)
            self._refresh()
        last, _ = self._ask(lambda index, _: index.last_of(self.device))
        self._ulids = UlidSource(last)
        unreadable = self._ask(lambda index, _: index.unreadable())
        if unreadable:
            self.notices.append(text("practice.store.unreadable", n=unreadable))

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    # What is known of its health

    @property
    def healthy(self) -> bool:
        """Whether every answer so far is on the disk and the next one is expected to be."""
        return self._journal_trouble is None and not self._unsaved

    @property
    def trouble(self) -> Text | None:
        """What is wrong, for the user; None when all is well."""
        return self._journal_trouble or self._index_trouble

    @property
    def unsaved(self) -> tuple[Row, ...]:
        """Answers that are in memory only."""
        return tuple(self._unsaved)

    # Writing

    def new_uid(self) -> str:
        """A ULID later than every one that this device has written."""
        return self._ulids.new(int(self.clock.now().timestamp() * 1000))

    def moment(self, at_least: datetime | None = None) -> datetime:
        """Now; but never before this device's last review, nor before ``at_least``."""
        _, last = self._ask(lambda index, _: index.last_of(self.device))
        moments = [self.clock.now()]
        if last:
            moments.append(unstamp(last))
        if at_least:
            moments.append(at_least)
        return max(moments)

    def record(self, review: Review) -> None:
        """Write one review and return when it is on the disk.

        Raises ``StoreError`` when it could not be written; it is then kept in ``unsaved``, counts
        for the rest of this run, and is written with the next one that can be.
        """
        self._write([review])

    def undo(self, uid: str, session: str = "") -> None:
        """Take a review back, by a row of its own. Raises ``StoreError`` as ``record`` does."""
        moment = stamp(self.moment())
        self._write([Undo(self.new_uid(), self.device, uid, session, moment)])

    def retry(self) -> bool:
        """Try to write what could not be written; whether all is on the disk now."""
        with suppress(StoreError):
            self._write([])
        return self.healthy

    def write_unsaved(self, folder: Path) -> Path:
        """Write the answers in memory to a journal in another folder, and return its path.

        Put into a home it is read there like any other. Raises ``StoreError``.
        """
        path = folder / f"reviews-{self.device}-{self.new_uid().lower()}.jsonl"
        try:
            journal.append(path, self._unsaved)
        except OSError as error:
            raise StoreError(_explain(error, folder)) from error
        return path

    def merge(self, path: Path) -> int:
        """Take in another journal's rows that are not known yet; returns how many.

        Raises ``StoreError`` when it cannot be read, or they cannot be written here.
        """
        try:
            reading = journal.read(path)
        except OSError as error:
            raise StoreError(_explain(error, path, reading=True)) from error
        self.refresh()
        known = self._ask(lambda index, _: index.uids())
        fresh = [row for row in journal.union(reading.rows) if row.uid not in known]
        if fresh:
            self._write(fresh)
        return len(fresh)

    # Reading

    def refresh(self) -> None:
        """Take in what other processes and devices have added."""
        self._ask(lambda *_: self._refresh())

    def cards(self) -> dict[str, CardRow]:
        """Every card that has been reviewed, by its name."""
        return self._ask(lambda index, _: index.cards())

    def card(self, card: str) -> CardRow | None:
        return self._ask(lambda index, _: index.card(card))

    def reviews(self, session: str | None = None, slot: int | None = None) -> list[Review]:
        """Reviews that stand: all in the order of time, or as written those of one session, or of
        one of its slots."""
        return self._ask(lambda index, _: index.reviews(session, slot))

    def reviews_with(self, mistake: str) -> list[Review]:
        """Reviews that stand in which that mistake was made, without reading all others."""
        return self._ask(lambda index, _: index.reviews_with(mistake))

    def histories(self, count: int) -> list[Review]:
        """Everything that was answered on the ``count`` cards of the last answers, by time."""
        return self._ask(lambda index, _: index.histories(count))

    def moments(self, since: datetime) -> list[datetime]:
        """When answers were given since then; cheaper than reading them."""
        found = self._ask(lambda index, _: index.moments(stamp(since)))
        return [unstamp(moment) for moment in found]

    def first_moment(self) -> datetime | None:
        """When the first answer was given."""
        found = self._ask(lambda index, _: index.first_moment())
        return unstamp(found) if found else None

    # Sessions and drafts

    def save_session(self, record: SessionRecord) -> bool:
        """Keep the session's place; False if another process has taken it over."""
        return self._ask(lambda _, places: places.save(record, self.clock.now()))

    def unfinished_sessions(self) -> list[SessionRecord]:
        """Sessions that can be taken up now, the newest first."""
        return self._ask(lambda _, places: places.unfinished(self.clock.now()))

    def exams(self) -> list[SessionRecord]:
        """Every mock exam, handed in or not, the newest first."""
        return self._ask(lambda _, places: places.exams())

    def take_session(self, session: str) -> SessionRecord | None:
        return self._ask(lambda _, places: places.take(session, self.clock.now()))

    def holds_session(self, session: str) -> bool:
        """Whether the session is this store's, or not kept anywhere yet."""
        return self._ask(lambda _, places: places.holds(session))

    def prolong_session(self, session: str) -> bool:
        return self._ask(lambda _, places: places.prolong(session, self.clock.now()))

    def release_session(self, session: str) -> None:
        self._ask(lambda _, places: places.release(session))

    def save_draft(self, key: str, draft: str) -> None:
        """Keep what was typed under a key; in a session ``<session>/<slot>``."""
        self._ask(lambda _, places: places.save_draft(key, draft, self.clock.now()))

    def draft(self, key: str) -> str | None:
        return self._ask(lambda _, places: places.draft(key))

    # Inside

    def _prepare(self) -> str:
        """Make the home and find the device's name; notes trouble instead of raising."""
        try:
            self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
            return device_name(self.home)
        except OSError as error:
            self._journal_trouble = _explain(error, self.home)
            return fresh_name()

    def _open(self) -> bool:
        try:
            # Opened for writing at every start, so that a read-only home is noticed before the
            # first answer; held, so that two processes do not migrate or replace at once.
            with (
                open(self.home / "progress.lock", "ab") as lock,
                system.locked(lock.fileno()),
            ):
                connection, aside = open_database(paths.database(self.home), self.clock.now())
        except OSError as error:
            self._journal_trouble = _explain(error, self.home)
            return False
        except sqlite3.Error as error:
            self._index_trouble = text("practice.store.index", why=str(error))
            return False
        if aside is not None:
            self.notices.append(text("practice.store.rebuilt", path=aside))
        self._use(connection, in_memory=False)
        self._index_trouble = None
        self._ask(lambda *_: self._refresh())
        return True

    def _use(self, connection: sqlite3.Connection, *, in_memory: bool) -> None:
        self._connection = connection
        self._in_memory = in_memory
        self._index = Index(connection, self.home)
        self._places = Places(connection, self.owner)

    def _write(self, rows: Sequence[Row]) -> None:
        pending = [*self._unsaved, *rows]
        try:
            if pending:
                journal.append(paths.journal(self.home, self.device), pending)
        except OSError as error:
            self._unsaved = pending
            self._journal_trouble = _explain(error, self.home)
            self._go_to_memory()
            self._refresh()
            raise StoreError(self._journal_trouble) from error
        self._unsaved = []
        self._journal_trouble = None
        if self._in_memory:
            old = self._connection
            if self._open():
                old.close()
        self._ask(lambda *_: self._refresh())

    def _ask(self, question: Callable[[Index, Places], T]) -> T:
        """Ask the database; one that fails is left for one in memory, filled from the journals."""
        try:
            return question(self._index, self._places)
        except DAMAGE as error:
            if self._in_memory:
                raise
            passing = is_passing(error)
            if passing or not self._replace():
                self._index_trouble = text("practice.store.index", why=str(error))
                self._go_to_memory(copied=passing)
            return question(self._index, self._places)

    def _replace(self) -> bool:
        """Begin the database anew; False when the damaged one cannot be moved out of the way."""
        self._connection.close()
        try:
            aside = move_aside(paths.database(self.home), self.clock.now())
        except OSError:
            return False
        self.notices.append(text("practice.store.rebuilt", path=aside))
        return self._open()

    def _go_to_memory(self, *, copied: bool = True) -> None:
        if self._in_memory:
            return
        old = self._connection
        try:
            copy = copy_to_memory(old) if copied else memory_database()
        except sqlite3.Error:
            copy = memory_database()
        old.close()
        self._use(copy, in_memory=True)
        self._refresh()

    def _refresh(self) -> None:
        self._index.refresh()
        if self._unsaved:
            # They stand in no journal, so that reading those anew has lost them.
            self._index.add(self._unsaved)


def _explain(error: OSError, path: Path, *, reading: bool = False) -> Text:
    if reading:
        return text("practice.store.unreadable_file", path=path, why=error.strerror or error)
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return text("practice.store.full", path=path)
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return text("practice.store.read_only", path=path)
    return text("practice.store.unwritable", path=path, why=error.strerror or error)
