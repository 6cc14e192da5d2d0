"""Dates as people type them."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from drills.typography import normalise

_WHOLE: Final = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_PLAIN: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SHORT: Final = re.compile(r"(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")


def read_day(typed: str, today: date) -> date | None:
    """The day that was typed; None for what is none.

    ``2027-02-19``, ``2027/2/19``, ``20270219``, ``2027年2月19日``, also in full width. Without a
    year it is the next such day, today included.
    """
    text = normalise(typed).strip()
    if whole := _WHOLE.fullmatch(text) or _PLAIN.fullmatch(text):
        return _day(*map(int, whole.groups()))
    if short := _SHORT.fullmatch(text):
        month, day = map(int, short.groups())
        # A leap day may be up to eight years away.
        for year in range(today.year, today.year + 9):
            found = _day(year, month, day)
            if found is not None and found >= today:
                return found
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
