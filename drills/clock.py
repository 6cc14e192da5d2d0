"""Time as something handed in: everything in practice asks a clock, so that tests can set it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What practice needs to know of time."""

    def now(self) -> datetime:
        """This moment, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that only ever grow: how long an item was shown, whatever the wall clock does."""
        ...

    def utc_offset(self) -> int:
        """Minutes that local time is ahead of UTC; in Japan 540."""
        ...


class SystemClock:
    """The computer's own time and time zone."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def utc_offset(self) -> int:
        offset = datetime.now().astimezone().utcoffset()
        return int(offset.total_seconds() // 60) if offset else 0


class ManualClock:
    """A clock that stands still until it is told otherwise: for tests and screenshots.

    ``advance`` moves both times; ``set`` moves the wall clock only, as a person or a time server
    does, also backwards.
    """

    def __init__(self, now: datetime, utc_offset: int = 0) -> None:
        if now.tzinfo is None:
            raise ValueError("the clock needs an aware datetime")
        self._now = now.astimezone(UTC)
        self._monotonic = 0.0
        self.offset = utc_offset

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def utc_offset(self) -> int:
        return self.offset

    def advance(self, seconds: float = 0.0, *, days: float = 0.0) -> None:
        step = timedelta(seconds=seconds, days=days)
        self._now += step
        self._monotonic += step.total_seconds()

    def set(self, now: datetime) -> None:
        self._now = now.astimezone(UTC)


def stamp(moment: datetime) -> str:
    """ISO 8601 in UTC to the millisecond; such stamps sort as text in the order of time."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def unstamp(text: str) -> datetime:
    """The moment of a stamp, in UTC. Raises ``ValueError`` if it is none, or has no zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"no time zone in {text!r}")
    return moment.astimezone(UTC)
