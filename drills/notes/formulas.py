"""Where formulas stand in notes: between dollar signs, in environments, alone on a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from drills.notes.code import BLANK, blank, is_program, program_lines, without_code
from drills.notes.text import Source

LONGEST: Final = 4000
"""Characters of a formula; what is longer is none."""

_ENVIRONMENTS = (
    "equation|align|gather|multline|eqnarray|displaymath|math|flalign|alignat|aligned|gathered|split"
    "|dmath|IEEEeqnarray"
)
_ENVIRONMENT = re.compile(
    r"\\begin\s*\{(" + _ENVIRONMENTS + r")(\*?)\}(.*?)\\end\s*\{\1\2\}", re.DOTALL
)
_BRACKETS = re.compile(r"(?<!\\)(\\{1,2})(?:\[(.*?)(?<!\\)\1\]|\((.*?)(?<!\\)\1\))", re.DOTALL)
_DISPLAY = re.compile(r"(?<!\\)\$\$(.+?)(?<!\\)\$\$", re.DOTALL)
_DOLLAR = re.compile(r"(?<!\\)\$")
_PARAGRAPH_END = re.compile(r"(?:\r\n|\n|\r)[ \t]*(?:\r\n|\n|\r)")
# What stands in a formula without being part of it.
_FURNITURE = re.compile(
    r"\\(?:label|tag\*?|ref|eqref|hspace\*?|vspace\*?)\s*\{[^{}]*\}|\\(?:nonumber|notag|displaystyle"
    r"|textstyle|limits|nolimits)(?![a-zA-Z])|(?<!\\)%[^\r\n]*"
)
_WRAPPER = re.compile(
    r"\A(\s*(?:\\left\s*\\?[{.\[(]\s*)?\\begin\s*\{(aligned|alignedat|split|gathered|align|align\*|gather|array"
    r"|eqnarray|equation|equation\*)\}(?:\s*\[[^\]]*\])?(?:\s*\{[^{}]*\})?)(.*?)"
    r"(\\end\s*\{\2\}\s*(?:\\right\s*\\?[}.\])]\s*)?)\Z",
    re.DOTALL,
)
_ROW_TOKEN = re.compile(r"\\\\(?:\s*\[[^\]]*\])?\*?|\\begin\s*\{|\\end\s*\{|\\.|[{}]", re.DOTALL)
_CONTINUES = re.compile(
    r"\s*(?:=|\+|-|−|\\(?:cdot|times|odot|circ|otimes|leftarrow|gets)(?![a-zA-Z]))"
)
_SAYS_SOMETHING = re.compile(r"=|←|:=|<-|\\leftarrow|\\gets|≔")
_MARKER = re.compile(r"[ \t]{0,3}(?:>[ \t]?)*(?:(?:[-*+・]|\(?\d+[.)])[ \t]+)?")
_NUMBERED = re.compile(r"[ \t]+(?:\(\d+(?:[.-]\d+)?\)|（\d+）|[⑴-⒇①-⑳])[ \t]*\Z")
_WORDS = re.compile(r"[A-Za-z]{2,}[ ,.;:]+[A-Za-z]{2,}|[ぁ-ん]")
_PROSE = re.compile(r"[A-Za-z]{2,}[ \t]+[A-Za-z]{2,}[ \t]+[A-Za-z]{2,}")


@dataclass(frozen=True)
class Formula:
    """A formula that stands in notes.

    ``text`` has the length of the part of the file that it was taken from, which begins at
    ``start``; alignment marks and labels in it are spaces. ``group`` are the numbers of the
    formulas of one system.
    """

    start: int
    text: str
    written: str
    group: int


def formulas(source: Source, latex: bool = False) -> list[Formula]:
    """All formulas of some notes in the order in which they stand there."""
    finder = _Finder(source, without_code(source, latex))
    for pattern in (_ENVIRONMENT, _DISPLAY, _BRACKETS):
        finder.displayed(pattern)
    for start, end in _between_dollars(finder.rest):
        finder.take(start, end)
    for start, end in _lines_alone(Source(finder.rest)):
        finder.take(start, end)
    return sorted(finder.found, key=lambda one: one.start)


class _Finder:
    """What was found, and the ``rest`` of the text with that blanked out."""

    def __init__(self, source: Source, rest: str) -> None:
        self.source = source
        self.rest = rest
        self.found: list[Formula] = []
        self._groups = 0

    def take(self, start: int, end: int) -> None:
        self._groups += 1
        for first, last, shown in rows(self.rest[start:end], start):
            if shown and len(shown) <= LONGEST:
                written = self.source.text[first:last]
                self.found.append(Formula(first, shown, written, self._groups))
        self.hide(start, end)

    def hide(self, start: int, end: int) -> None:
        self.rest = self.rest[:start] + blank(self.rest[start:end]) + self.rest[end:]

    def displayed(self, pattern: re.Pattern[str]) -> None:
        """Formulas between the marks that ``pattern`` knows; its last group is what they hold."""
        for match in pattern.finditer(self.rest.replace("¥", "\\")):
            start, end = match.span(match.lastindex or 0)
            inside = self.rest[start:end]
            apart = _PARAGRAPH_END.search(inside.strip("\r\n \t"))
            if BLANK in inside or (apart and pattern is not _ENVIRONMENT):
                continue
            self.take(start, end)
            self.hide(*match.span())


def rows(text: str, start: int) -> Iterator[tuple[int, int, str]]:
    """The rows of a formula: first and last offset, and the row as it is to be read.

    A row that begins with a sign goes on from the row before.
    """
    shown = _FURNITURE.sub(lambda match: " " * len(match.group()), text.replace("¥", "\\"))
    shown = re.sub(r"[\r\n]", " ", shown)  # a line end in a formula is a space
    while (wrapped := _WRAPPER.match(shown)) is not None:
        shown = _spaced(wrapped.group(1)) + wrapped.group(3) + _spaced(wrapped.group(4))
    pieces = list(_split_rows(shown))
    joined: list[list[int]] = []
    for first, last in pieces:
        body = shown[first:last].replace("&", " ")
        if not body.strip():
            continue
        if joined and _CONTINUES.match(body):
            joined[-1][1] = last
        else:
            joined.append([first, last])
    for first, last in joined:
        row = shown[first:last]
        row = _without_breaks(row) if len(pieces) > 1 else row
        if r"\begin" not in row:  # the marks of cases and matrices are signs
            row = re.sub(r"(?<!\\)&", " ", row)
        left = len(row) - len(row.lstrip())
        kept = row.strip()
        begin = start + first + left
        yield begin, begin + len(kept), kept


def _spaced(text: str) -> str:
    return " " * len(text)


def _split_rows(text: str) -> Iterator[tuple[int, int]]:
    """The stretches between row breaks that are in no group and in no inner environment."""
    depth = first = 0
    for token in _ROW_TOKEN.finditer(text):
        sign = token.group()
        if sign.startswith("\\\\"):
            if depth == 0:
                yield first, token.start()
                first = token.end()
        elif sign.startswith(("\\begin", "{")):
            # The brace of \begin{ is closed like any other: it counts twice until \end{...}.
            depth += 2 if sign.startswith("\\begin") else 1
        elif sign.startswith("\\end"):
            depth += 0
        elif sign == "}":
            depth -= 1
    yield first, len(text)


def _without_breaks(row: str) -> str:
    out, last = [], 0
    for first, end in _split_rows(row):
        out.append(" " * (first - last) + row[first:end])
        last = end
    return "".join(out).ljust(len(row))


def _between_dollars(text: str) -> Iterator[tuple[int, int]]:
    """What stands between single dollar signs, prices and shell prompts left out."""
    marks = [match.start() for match in _DOLLAR.finditer(text)]
    place = 0
    while place + 1 < len(marks):
        opening, closing = marks[place], marks[place + 1]
        if _is_inline(text, opening, closing):
            yield opening + 1, closing
            place += 2
        else:
            place += 1


def _is_inline(text: str, opening: int, closing: int) -> bool:
    inside = text[opening + 1 : closing]
    if not inside.strip() or BLANK in inside or len(inside) > LONGEST:
        return False
    if _PARAGRAPH_END.search(inside) or _begins_line(inside):
        return False
    if inside[0].isdigit() and text[closing + 1 : closing + 2].isdigit():
        return False  # $5-$6
    lopsided = inside[0].isspace() != inside[-1].isspace()
    said = re.sub(r"\\[a-zA-Z]+(?:\s*\{[^{}]*\})?", " ", inside)
    prose = bool(_WORDS.search(said))
    signs = re.search(r"[=\\^_{}+*/<>|]", inside)
    amount = inside[0].isdigit() and not inside.replace(".", "").replace(",", "").isdigit()
    return not (lopsided or amount) or (signs is not None and not prose)


def _begins_line(inside: str) -> bool:
    """``$ ls`` and another line with a dollar sign: prompts of a shell."""
    return inside[0].isspace() and ("\n" in inside or "\r" in inside)


def _lines_alone(source: Source) -> Iterator[tuple[int, int]]:
    """Lines that hold nothing but a formula, with a list mark before it or its number after it."""
    lines = source.lines()
    programs = program_lines(lines)
    for start, line in lines:
        if start in programs or BLANK in line or "$" in line or is_program(line):
            continue
        if line.startswith(("    ", "\t")) or not _SAYS_SOMETHING.search(line):
            continue
        marker = _MARKER.match(line)
        first = marker.end() if marker else 0
        number = _NUMBERED.search(line)
        last = number.start() if number else len(line)
        if _PROSE.search(re.sub(r"\\[a-zA-Z]+", " ", line[first:last])):
            continue
        yield start + first, start + last
