"""ULIDs: 48 bits of milliseconds and 80 random bits in 26 signs that sort by time.

Source: https://github.com/ulid/spec (Crockford's base 32, monotonic within a millisecond).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Final

_SIGNS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH: Final = 26
_LAST_MOMENT: Final = (1 << 48) - 1


def encode(number: int) -> str:
    """128 bits as 26 signs."""
    return "".join(_SIGNS[number >> shift & 31] for shift in range(125, -1, -5))


def decode(text: str) -> int:
    """The 128 bits of a ULID. Raises ``ValueError`` for anything else."""
    number = 0
    for sign in text.upper():
        number = number * 32 + _SIGNS.index(sign)
    if len(text) != LENGTH or number >> 128:
        raise ValueError(f"not a ULID: {text[:40]!r}")
    return number


class UlidSource:
    """Gives ULIDs that only grow, also when the clock goes back or stands still."""

    def __init__(
        self, after: str | None = None, random: Callable[[int], int] = secrets.randbits
    ) -> None:
        self._last = decode(after) if after else -1
        self._random = random
        # A forged row of the last possible moment must not leave this device without numbers.
        if self._last >> 80 == _LAST_MOMENT:
            self._last = -1

    def new(self, milliseconds: int) -> str:
        moment = min(max(milliseconds, 0), _LAST_MOMENT - 1)
        fresh = moment << 80 | self._random(80)
        self._last = fresh if fresh > self._last else self._last + 1
        return encode(self._last)
