"""A file that is watched: its text each time it has been saved, by looking at it now and then."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, TypeAlias

INTERVAL: Final = 0.2

# What tells one state of a file from another: editors often put a new file in the old one's place.
_Mark: TypeAlias = tuple[int, int, int]


def saves(path: Path, sleep: Callable[[float], object] = time.sleep) -> Iterator[str | Exception]:
    """The file's text now, and again after each save; an error where it could not be read.

    A file that is away for a moment is waited for, as is one that is being written just now.
    ``sleep`` is what waits between two looks. Never ends by itself.
    """
    seen: _Mark | None = None
    while True:
        mark = _mark(path)
        if mark is not None and mark != seen:
            try:
                found: str | Exception = path.read_text("utf-8-sig")
            except (OSError, UnicodeDecodeError) as error:
                found = error
            if _mark(path) == mark:
                seen = mark
                yield found
                continue
        sleep(INTERVAL)


def _mark(path: Path) -> _Mark | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
