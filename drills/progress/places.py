"""Where a session stands, whose it is, and drafts: the part of the database that is no index."""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from drills.clock import stamp
from drills.progress import system
from drills.progress.index import transaction

LEASE: Final = timedelta(seconds=60)
_COLUMNS: Final = "id, started_at, plan, position, place, finished"
_LEASE: Final = "owner, owner_host, owner_pid, owner_mark, owner_until"


@dataclass(frozen=True)
class SessionRecord:
    """A session as it is kept: its plan, the position in it, and the place (state of the slot)."""

    id: str
    started_at: str
    plan: Mapping[str, Any]
    position: int
    place: Mapping[str, Any]
    finished: bool


@dataclass(frozen=True)
class Owner:
    """Who holds a session: this process, told from others by number, start time and a token."""

    token: str = field(default_factory=lambda: secrets.token_hex(8))
    host: str = field(default_factory=system.host)
    pid: int = field(default_factory=os.getpid)
    mark: str = field(default_factory=lambda: system.process_mark(os.getpid()))


class Places:
    """Sessions and drafts in one database. Every method may raise ``sqlite3.Error``."""

    def __init__(self, connection: sqlite3.Connection, owner: Owner) -> None:
        self.connection = connection
        self.owner = owner

    def save(self, record: SessionRecord, now: datetime) -> bool:
        """Write it and prolong the lease; False, and nothing written, if another holds it now."""
        owner = self.owner
        with transaction(self.connection):
            done = self.connection.execute(
                f"INSERT INTO session ({_COLUMNS}, {_LEASE})"  # noqa: S608 (fixed columns)
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET plan = excluded.plan,"
                " position = excluded.position, place = excluded.place,"
                " finished = excluded.finished, owner_until = excluded.owner_until"
                " WHERE session.owner = excluded.owner",
                (
                    record.id,
                    record.started_at,
                    _json(record.plan),
                    record.position,
                    _json(record.place),
                    record.finished,
                    owner.token,
                    owner.host,
                    owner.pid,
                    owner.mark,
                    stamp(now + LEASE),
                ),
            )
            if record.finished and done.rowcount:
                self.connection.execute("DELETE FROM draft WHERE key LIKE ? || '/%'", (record.id,))
        return done.rowcount == 1

    def unfinished(self, now: datetime) -> list[SessionRecord]:
        """Sessions that can be taken up, the newest first: nobody alive holds them."""
        found = self.connection.execute(
            f"SELECT {_COLUMNS}, {_LEASE} FROM session WHERE finished = 0"  # noqa: S608
            " ORDER BY started_at DESC, id DESC"
        ).fetchall()
        return [_record(row[:6]) for row in found if self._is_free(row[6:], now)]

    def exams(self) -> list[SessionRecord]:
        """All mock exams, whoever holds them, the newest first: to be read, not to be taken up."""
        found = self.connection.execute(
            f"SELECT {_COLUMNS} FROM session"  # noqa: S608 (fixed columns)
            " WHERE json_type(plan, '$.exam') IS NOT NULL ORDER BY started_at DESC, id DESC"
        )
        return [_record(row) for row in found]

    def take(self, session: str, now: datetime) -> SessionRecord | None:
        """Become the owner; None if someone else was quicker."""
        owner = self.owner
        with transaction(self.connection):
            row = self.connection.execute(
                f"SELECT {_COLUMNS}, {_LEASE} FROM session WHERE id = ?",  # noqa: S608
                (session,),
            ).fetchone()
            if row is None or not self._is_free(row[6:], now):
                return None
            self.connection.execute(
                "UPDATE session SET owner = ?, owner_host = ?, owner_pid = ?, owner_mark = ?,"
                " owner_until = ? WHERE id = ?",
                (owner.token, owner.host, owner.pid, owner.mark, stamp(now + LEASE), session),
            )
        return _record(row[:6])

    def holds(self, session: str) -> bool:
        """Whether this owner holds it; a session that has not been kept yet is nobody else's."""
        row = self.connection.execute(
            "SELECT owner FROM session WHERE id = ?", (session,)
        ).fetchone()
        return row is None or row[0] == self.owner.token

    def prolong(self, session: str, now: datetime) -> bool:
        """Say that the owner is still there; False if another holds the session."""
        done = self.connection.execute(
            "UPDATE session SET owner_until = ? WHERE id = ? AND owner = ?",
            (stamp(now + LEASE), session, self.owner.token),
        )
        return done.rowcount == 1

    def release(self, session: str) -> None:
        self.connection.execute(
            "UPDATE session SET owner = NULL WHERE id = ? AND owner = ?",
            (session, self.owner.token),
        )

    def save_draft(self, key: str, text: str, now: datetime) -> None:
        """Keep what was typed. Survives the process, not a power cut within the last moments."""
        # Without waiting for the disk: this happens while someone types.
        self.connection.execute("PRAGMA synchronous = NORMAL")
        try:
            self.connection.execute(
                "INSERT OR REPLACE INTO draft VALUES (?, ?, ?)", (key, text, stamp(now))
            )
        finally:
            self.connection.execute("PRAGMA synchronous = FULL")

    def draft(self, key: str) -> str | None:
        row = self.connection.execute("SELECT text FROM draft WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None

    def _is_free(self, lease: tuple[str | None, str, int, str, str], now: datetime) -> bool:
        token, host, pid, mark, until = lease
        if token is None or token == self.owner.token:
            return True
        expired = until < stamp(now)
        if host != self.owner.host:
            return expired
        # With a mark the answer is certain; without, a later process may have the same number.
        return not system.is_alive(pid, mark) or (not mark and expired)


def _record(row: tuple[str, str, str, int, str, int]) -> SessionRecord:
    return SessionRecord(
        row[0], row[1], json.loads(row[2]), row[3], json.loads(row[4]), bool(row[5])
    )


def _json(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=True, separators=(",", ":"), default=str)
