"""Opening ``progress.db``: its form, its migrations, and what happens when it is damaged.

The file is an index of the journal beside it, with the places of sessions and drafts added.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Final

# Number n in this list leads to user_version n + 1. Never change one that has been released: add.
MIGRATIONS: Final[tuple[str, ...]] = (
    """
    CREATE TABLE review (
        uid TEXT PRIMARY KEY,
        device TEXT NOT NULL,
        card TEXT NOT NULL,
        item TEXT NOT NULL,
        session TEXT NOT NULL,
        slot INTEGER NOT NULL,
        answered_at TEXT NOT NULL,
        line BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX review_card ON review (card, answered_at, uid);
    CREATE INDEX review_session ON review (session, slot, uid);
    CREATE INDEX review_device ON review (device, uid);
    CREATE INDEX review_time ON review (device, answered_at);
    CREATE TABLE undo (
        uid TEXT PRIMARY KEY,
        device TEXT NOT NULL,
        undoes TEXT NOT NULL,
        line BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX undo_undoes ON undo (undoes);
    CREATE VIEW standing AS SELECT * FROM review WHERE uid NOT IN (SELECT undoes FROM undo);
    CREATE TABLE card (
        card TEXT PRIMARY KEY,
        item TEXT NOT NULL,
        stability REAL NOT NULL,
        difficulty REAL NOT NULL,
        due TEXT NOT NULL,
        last_day TEXT NOT NULL,
        reviews INTEGER NOT NULL,
        lapses INTEGER NOT NULL,
        seen_hash TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE journal (
        name TEXT PRIMARY KEY,
        offset INTEGER NOT NULL,
        size INTEGER NOT NULL,
        fingerprint TEXT NOT NULL,
        unreadable INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    """,
    """
    CREATE TABLE session (
        id TEXT PRIMARY KEY,
        started_at TEXT NOT NULL,
        plan TEXT NOT NULL,
        position INTEGER NOT NULL,
        place TEXT NOT NULL,
        finished INTEGER NOT NULL,
        owner TEXT,
        owner_host TEXT,
        owner_pid INTEGER,
        owner_mark TEXT,
        owner_until TEXT
    ) WITHOUT ROWID;
    CREATE TABLE draft (
        key TEXT PRIMARY KEY,
        text TEXT NOT NULL,
        saved_at TEXT NOT NULL
    ) WITHOUT ROWID;
    """,
    # Begun anew: the scheduler's version changed with it, so that every card is replayed.
    """
    DROP TABLE IF EXISTS card;
    CREATE TABLE card (
        card TEXT PRIMARY KEY,
        item TEXT NOT NULL,
        stability REAL NOT NULL,
        difficulty REAL NOT NULL,
        due TEXT NOT NULL,
        last_day TEXT NOT NULL,
        reviews INTEGER NOT NULL,
        lapses INTEGER NOT NULL,
        seen_hash TEXT NOT NULL,
        forgot INTEGER NOT NULL
    ) WITHOUT ROWID;
    """,
)

# What a damaged file makes SQLite, or the reading of its rows, raise.
DAMAGE: Final = (sqlite3.DatabaseError, ValueError, TypeError)

_PASSING: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_READONLY,
    }
)


def is_passing(error: Exception) -> bool:
    """Whether the trouble lies around the file (locked, full, read-only), not in it."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        # A connection that was closed; text that is no UTF-8 has no code either, but is damage.
        return isinstance(error, sqlite3.ProgrammingError)
    return code & 0xFF in _PASSING


def open_database(
    path: Path, now: datetime, migrations: Sequence[str] = MIGRATIONS
) -> tuple[sqlite3.Connection, Path | None]:
    """The database in its newest form, and the copy of an unusable one that was moved aside.

    A damaged file, or one of a newer program, is renamed with the date and begun anew (the journal
    fills it again). An older one is copied with the date, then migrated. Raises ``sqlite3.Error``
    or ``OSError`` when the folder itself cannot be used.
    """
    aside: Path | None = None
    connection: sqlite3.Connection | None = None
    try:
        connection = _connect(path)
        _check(connection, migrations)
    except DAMAGE as error:
        if connection is not None:
            connection.close()
        if is_passing(error) or not path.exists():
            raise
        aside = move_aside(path, now)
        connection = _connect(path)
    try:
        _migrate(connection, path, now, migrations)
    except BaseException:
        connection.close()
        raise
    return connection, aside


def memory_database() -> sqlite3.Connection:
    """An empty database of the newest form that lives in memory only."""
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    for number, script in enumerate(MIGRATIONS, 1):
        _apply(connection, script, number)
    return connection


def copy_to_memory(connection: sqlite3.Connection) -> sqlite3.Connection:
    """What the database holds, in memory. Raises ``sqlite3.Error`` when it cannot be read."""
    copy = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.backup(copy)
    return copy


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=5.0, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA trusted_schema = OFF")
    except BaseException:
        connection.close()
        raise
    return connection


def _check(connection: sqlite3.Connection, migrations: Sequence[str]) -> None:
    answer = connection.execute("PRAGMA quick_check(1)").fetchone()
    if answer is None or answer[0] != "ok":
        raise sqlite3.DatabaseError(f"damaged: {answer}")
    if _version(connection) > len(migrations):
        raise sqlite3.DatabaseError("written by a newer version of the program")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _migrate(
    connection: sqlite3.Connection, path: Path, now: datetime, migrations: Sequence[str]
) -> None:
    version = _version(connection)
    if version == len(migrations):
        return
    if version:
        with closing(sqlite3.connect(_dated(path, now, f"before-{len(migrations)}"))) as copy:
            connection.backup(copy)
    for number in range(version, len(migrations)):
        _apply(connection, migrations[number], number + 1)


def _apply(connection: sqlite3.Connection, script: str, number: int) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have been quicker between the question and the lock.
        if _version(connection) < number:
            for statement in script.split(";"):
                if statement.strip():
                    connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number:d}")
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def move_aside(path: Path, now: datetime) -> Path:
    """Rename an unusable database with the date; returns its new name. Raises ``OSError``."""
    aside = _dated(path, now, "unusable")
    os.replace(path, aside)
    for suffix in ("-wal", "-shm"):
        # Left behind, they would be taken for the new file's own.
        with suppress(FileNotFoundError):
            os.replace(f"{path}{suffix}", f"{aside}{suffix}")
    return aside


def _dated(path: Path, now: datetime, why: str) -> Path:
    stem = f"{path.stem}-{now:%Y%m%d-%H%M%S}-{why}"
    found = path.with_name(f"{stem}{path.suffix}")
    number = 1
    while found.exists():
        number += 1
        found = path.with_name(f"{stem}-{number}{path.suffix}")
    return found
