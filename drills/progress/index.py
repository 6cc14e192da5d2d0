"""The index of the journals in the database: reviews, and each card's state by replay."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from drills import scheduling
from drills.clock import unstamp
from drills.progress import journal, paths
from drills.progress.journal import Review, Row, Undo
from drills.scheduling import CardState, Rating

_CARD: Final = (
    "card, item, stability, difficulty, due, last_day, reviews, lapses, seen_hash, forgot"
)


@dataclass(frozen=True)
class CardRow:
    """A card that has been reviewed: its state, and the hash of the item as last seen."""

    card: str
    item: str
    state: CardState
    seen_hash: str


class _Known(NamedTuple):
    """How far a journal has been read."""

    offset: int
    size: int
    fingerprint: str
    unreadable: int


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing, alone among writers."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


class Index:
    """Reads the journals of one home into one database, and answers from there.

    Every method may raise ``sqlite3.Error``.
    """

    def __init__(self, connection: sqlite3.Connection, home: Path) -> None:
        self.connection = connection
        self.home = home
        # The cards as last read, for as long as no other connection has written since.
        self._read: dict[str, CardRow] | None = None
        self._read_at = -1

    def refresh(self) -> None:
        """Take in what was appended, by whomever; begin anew when an old part has changed."""
        names = self._journals()
        if self._is_current(names):
            return
        with self._changing():
            known = self._known()
            if self._is_broken(known):
                self._read = None
                for table in ("review", "undo", "card", "journal"):
                    self.connection.execute(f"DELETE FROM {table}")  # noqa: S608 (fixed names)
                known = {}
            rows: list[Row] = []
            for name in names:
                before = known.get(name, _Known(0, 0, "", 0))
                path = self.home / name
                try:
                    reading = journal.read(path, before.offset)
                    fingerprint = journal.fingerprint(path, reading.offset)
                except OSError:
                    continue
                rows += reading.rows
                unreadable = before.unreadable + reading.unreadable
                self.connection.execute(
                    "INSERT OR REPLACE INTO journal VALUES (?, ?, ?, ?, ?)",
                    (name, reading.offset, reading.size, fingerprint, unreadable),
                )
            self._insert(rows)
            self._note_version()

    def add(self, rows: Iterable[Row]) -> None:
        """Take in rows that stand in no journal yet: answers that could not be written."""
        with self._changing():
            self._insert(rows)

    def cards(self) -> dict[str, CardRow]:
        """Every card; those of thousands are read from the database once, then kept in step."""
        version = int(self.connection.execute("PRAGMA data_version").fetchone()[0])
        if self._read is None or self._read_at != version:
            found = self.connection.execute(f"SELECT {_CARD} FROM card")  # noqa: S608 (fixed columns)
            self._read = {row[0]: _card_row(row) for row in found}
            self._read_at = version
        return dict(self._read)

    def card(self, card: str) -> CardRow | None:
        row = self.connection.execute(
            f"SELECT {_CARD} FROM card WHERE card = ?",  # noqa: S608 (fixed columns)
            (card,),
        ).fetchone()
        return _card_row(row) if row else None

    def reviews(self, session: str | None = None, slot: int | None = None) -> list[Review]:
        """Reviews that were not taken back: all in the order of time, or by uid a session's, or
        those of one of its slots."""
        if session is None:
            found = self.connection.execute("SELECT line FROM standing ORDER BY answered_at, uid")
        elif slot is not None:
            found = self.connection.execute(
                "SELECT line FROM standing WHERE session = ? AND slot = ? ORDER BY uid",
                (session, slot),
            )
        else:
            found = self.connection.execute(
                "SELECT line FROM standing WHERE session = ? ORDER BY uid", (session,)
            )
        rows = (journal.decode(line) for (line,) in found)
        return [row for row in rows if isinstance(row, Review)]

    def reviews_with(self, mistake: str) -> list[Review]:
        """Reviews that were not taken back in which that mistake was made."""
        found = self.connection.execute(
            "SELECT line FROM standing WHERE instr(line, ?) ORDER BY answered_at, uid",
            (f'"{mistake}"'.encode(),),
        )
        rows = (journal.decode(line) for (line,) in found)
        return [row for row in rows if isinstance(row, Review) and mistake in row.mistakes]

    def histories(self, count: int) -> list[Review]:
        """All standing reviews of the ``count`` cards answered last, in the order of time."""
        found = self.connection.execute(
            "SELECT line FROM standing WHERE card IN (SELECT card FROM review GROUP BY card"
            " ORDER BY max(answered_at) DESC LIMIT ?) ORDER BY answered_at, uid",
            (count,),
        )
        rows = (journal.decode(line) for (line,) in found)
        return [row for row in rows if isinstance(row, Review)]

    def moments(self, since: str) -> list[str]:
        """The times of the standing reviews since a stamp."""
        found = self.connection.execute(
            "SELECT answered_at FROM standing WHERE answered_at >= ? ORDER BY answered_at", (since,)
        )
        return [moment for (moment,) in found]

    def first_moment(self) -> str | None:
        """The time of the first standing review."""
        row = self.connection.execute("SELECT min(answered_at) FROM standing").fetchone()
        return row[0] if row else None

    def last_of(self, device: str) -> tuple[str | None, str | None]:
        """The device's last uid and its latest time: later rows must come after both."""

        def last(column: str, table: str) -> str | None:
            # One question each, so that an index answers it without reading all rows.
            row = self.connection.execute(
                f"SELECT max({column}) FROM {table} WHERE device = ?",  # noqa: S608 (fixed names)
                (device,),
            ).fetchone()
            return row[0] if row else None

        uids = (last("uid", "review"), last("uid", "undo"))
        return max(filter(None, uids), default=None), last("answered_at", "review")

    def uids(self) -> set[str]:
        found = self.connection.execute("SELECT uid FROM review UNION SELECT uid FROM undo")
        return {uid for (uid,) in found}

    def unreadable(self) -> int:
        """How many lines of the journals are no rows: torn by a crash, or damaged."""
        return int(
            self.connection.execute("SELECT coalesce(sum(unreadable), 0) FROM journal").fetchone()[
                0
            ]
        )

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """A transaction; what is taken back must not stay in what was read."""
        try:
            with transaction(self.connection):
                yield
        except BaseException:
            self._read = None
            raise

    def _journals(self) -> list[str]:
        return sorted(path.name for path in self.home.glob(paths.JOURNALS) if path.is_file())

    def _known(self) -> dict[str, _Known]:
        found = self.connection.execute(
            "SELECT name, offset, size, fingerprint, unreadable FROM journal"
        )
        return {row[0]: _Known(*row[1:]) for row in found}

    def _is_current(self, names: list[str]) -> bool:
        known = self._known()
        if self._version() != scheduling.version() or self._is_broken(known):
            return False
        try:
            return all(
                name in known and (self.home / name).stat().st_size == known[name].size
                for name in names
            )
        except OSError:
            return False

    def _is_broken(self, known: dict[str, _Known]) -> bool:
        """Whether what was read once is no longer there as it was, or is to be computed anew."""
        for name, part in known.items():
            try:
                if journal.fingerprint(self.home / name, part.offset) != part.fingerprint:
                    return True
            except OSError:
                return True
        return self._version() not in ("", scheduling.version())

    def _version(self) -> str:
        row = self.connection.execute("SELECT value FROM fact WHERE name = 'scheduler'").fetchone()
        return str(row[0]) if row else ""

    def _note_version(self) -> None:
        self.connection.execute(
            "INSERT OR REPLACE INTO fact VALUES ('scheduler', ?)", (scheduling.version(),)
        )

    def _insert(self, rows: Iterable[Row]) -> None:
        changed: set[str] = set()
        for row in rows:
            if isinstance(row, Undo):
                changed |= self._insert_undo(row)
            else:
                changed |= self._insert_review(row)
        for card in changed:
            self._replay(card)

    def _insert_undo(self, undo: Undo) -> set[str]:
        """Returns the cards that it changes. As in ``union``, the lesser line of one uid wins."""
        undone = {undo.undoes} | {
            row[0]
            for row in self.connection.execute("SELECT undoes FROM undo WHERE uid = ?", (undo.uid,))
        }
        self.connection.execute(
            "INSERT INTO undo VALUES (?, ?, ?, ?) ON CONFLICT (uid) DO UPDATE SET"
            " device = excluded.device, undoes = excluded.undoes, line = excluded.line"
            " WHERE excluded.line < undo.line",
            (undo.uid, undo.device, undo.undoes, journal.encode(undo)),
        )
        return set().union(*(self._cards_of(uid) for uid in undone))

    def _insert_review(self, review: Review) -> set[str]:
        changed = self._cards_of(review.uid) | {review.card}
        self.connection.execute(
            "INSERT INTO review VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (uid)"
            " DO UPDATE SET device = excluded.device, card = excluded.card,"
            " item = excluded.item, session = excluded.session, slot = excluded.slot,"
            " answered_at = excluded.answered_at, line = excluded.line"
            " WHERE excluded.line < review.line",
            (
                review.uid,
                review.device,
                review.card,
                review.item,
                review.session,
                review.slot,
                review.answered_at,
                journal.encode(review),
            ),
        )
        return changed

    def _cards_of(self, uid: str) -> set[str]:
        found = self.connection.execute("SELECT card FROM review WHERE uid = ?", (uid,))
        return {card for (card,) in found}

    def _replay(self, card: str) -> None:
        found = self.connection.execute(
            "SELECT line FROM standing WHERE card = ? ORDER BY answered_at, uid",
            (card,),
        ).fetchall()
        reviews = [row for (line,) in found if isinstance(row := journal.decode(line), Review)]
        state = scheduling.replay(card, history(reviews))
        if state is None:
            self.connection.execute("DELETE FROM card WHERE card = ?", (card,))
            if self._read is not None:
                self._read.pop(card, None)
            return
        self.connection.execute(
            f"INSERT OR REPLACE INTO card ({_CARD}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            (
                card,
                reviews[-1].item,
                state.stability,
                state.difficulty,
                state.due.isoformat(),
                state.last_day.isoformat(),
                state.reviews,
                state.lapses,
                reviews[-1].item_hash,
                state.forgot,
            ),
        )
        if self._read is not None:
            self._read[card] = CardRow(card, reviews[-1].item, state, reviews[-1].item_hash)


def history(reviews: Iterable[Review]) -> Iterator[tuple[date, Rating]]:
    """Study day and rating of each review that has one."""
    for review in reviews:
        if review.rating is not None:
            moment = unstamp(review.answered_at)
            yield scheduling.study_day(moment, review.utc_offset), Rating(review.rating)


def _card_row(row: tuple[str, str, float, float, str, str, int, int, str, int]) -> CardRow:
    state = CardState(
        row[2],
        row[3],
        date.fromisoformat(row[4]),
        date.fromisoformat(row[5]),
        row[6],
        row[7],
        bool(row[9]),
    )
    return CardRow(row[0], row[1], state, row[8])
