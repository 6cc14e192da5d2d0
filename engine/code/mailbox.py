"""The warm process's letters: it passes tasks and results on without ever opening them.

A child is a copy of the warm process, and whoever is handy with ``ctypes`` reads all of its own
memory. So nothing of a reference, of a mutant or of their results may stay behind in it: what
passes through lies in pages of its own, which are given back before the next child is made.

Standard library only; loaded beside ``zygote``, never as part of ``engine``.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
from dataclasses import dataclass
from typing import Any, Final

_HEAD: Final = struct.Struct("<4sIQ")
_MAGIC: Final = b"DOJO"
_SIZE: Final = 32 << 20
_PIECE: Final = 1 << 16
# Bound now: a learner who replaces them in the child replaces nothing of ours.
_readv, _writev = os.readv, os.writev


class _Pages:
    """Memory of which no copy is made, and which is empty again after ``forget``."""

    def __init__(self, size: int) -> None:
        self.area = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)

    def read(self, descriptor: int, start: int) -> int:
        with memoryview(self.area) as whole, whole[start:] as rest:
            return _readv(descriptor, [rest])

    def forget(self, kept: int = 0) -> None:
        """Empties it from ``kept`` on."""
        edge = -(-kept // mmap.PAGESIZE) * mmap.PAGESIZE
        self.area[kept:edge] = bytes(edge - kept)
        if edge < len(self.area):
            self.area.madvise(mmap.MADV_DONTNEED, edge)


@dataclass(frozen=True)
class Letter:
    """A request: its outer header, and where its contents lie."""

    header: dict[str, Any]
    start: int
    end: int


class Inbox:
    """Requests from a descriptor, one after another."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._pages = _Pages(_SIZE)
        self._start = self._end = 0

    def wait(self) -> bool:
        """Reads what there is; False at the end of input.

        Raises:
            MemoryError: for a request that is larger than any of ours.
        """
        if self._end == _SIZE:
            raise MemoryError
        read = self._pages.read(self._descriptor, self._end)
        self._end += read
        return read > 0

    def take(self) -> Letter | None:
        """The next request that has arrived whole.

        Raises:
            ValueError: if what arrived is no request.
        """
        if self._end - self._start < _HEAD.size:
            return None
        magic, header_size, size = _HEAD.unpack_from(self._pages.area, self._start)
        if magic != _MAGIC:
            raise ValueError("no request")
        begin = self._start + _HEAD.size + header_size
        if self._end < begin + size:
            return None
        header = json.loads(self._pages.area[begin - header_size : begin])
        self._start = begin + size
        return Letter(header, begin, begin + size)

    def contents(self, letter: Letter) -> bytes:
        """What is in a letter: for the child that it is meant for, never for the warm process."""
        return self._pages.area[letter.start : letter.end]

    def forget(self) -> None:
        """Forgets every letter that was taken."""
        rest = self._end - self._start
        # In place: what has arrived of the next one must not be copied elsewhere.
        self._pages.area.move(0, self._start, rest)
        self._pages.forget(rest)
        self._start, self._end = 0, rest


class Outbox:
    """Replies to a descriptor."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._pages = _Pages(_PIECE)

    def send(self, event: str, task: int, **more: Any) -> None:
        """A reply without contents."""
        self._write(_head({"event": event, "task": task, **more}, 0), 0)

    def relay(self, event: str, task: int, source: int, most: int) -> int:
        """Passes on a piece of what a child wrote; its length, 0 at the end.

        Args:
            most: bytes that may be passed on; of more, only the length is told.
        """
        read = self._pages.read(source, 0)
        if 0 < read <= most:
            self._write(_head({"event": event, "task": task}, read), read)
        return read

    def forget(self) -> None:
        """Forgets what was passed on."""
        self._pages.forget()

    def _write(self, head: bytes, size: int) -> None:
        at = 0
        while at < len(head) + size:
            with (
                memoryview(self._pages.area) as whole,
                whole[max(0, at - len(head)) : size] as rest,
            ):
                at += _writev(self._descriptor, [head[at:], rest])


def _head(header: dict[str, Any], size: int) -> bytes:
    text = json.dumps(header, separators=(",", ":")).encode()
    return _HEAD.pack(_MAGIC, len(text), size) + text
