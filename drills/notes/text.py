"""The text of a file of notes, and the line and column of every place in it."""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

_LINE_END = re.compile(r"\r\n|\n|\r")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class UnreadableNotesError(ValueError):
    """Bytes that are text in none of the encodings in which notes are written."""


@dataclass(frozen=True)
class Source:
    """Decoded notes. Offsets count characters, line ends included as they are in the file."""

    text: str

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE_END.finditer(self.text))]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of a character, both from 1; a column counts characters, not bytes."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def lines(self) -> list[tuple[int, str]]:
        """Every line with the offset at which it begins, without its line end."""
        ends = [match.start() for match in _LINE_END.finditer(self.text)] + [len(self.text)]
        return [(s, self.text[s:e]) for s, e in zip(self._starts, ends, strict=True)]


def decoded(data: bytes) -> Source:
    """The text of ``data``: UTF-8 with or without a mark, UTF-16 with one, else cp932.

    The mark is no character of the text. Raises ``UnreadableNotesError``.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _in(data, encoding)
    if b"\0" in data:
        raise UnreadableNotesError
    try:
        return Source(data.decode("utf-8"))
    except UnicodeDecodeError:
        return _in(data, "cp932")


def _in(data: bytes, encoding: str) -> Source:
    try:
        return Source(data.decode(encoding))
    except UnicodeDecodeError as error:
        raise UnreadableNotesError from error
