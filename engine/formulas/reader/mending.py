"""What is mended before a text is scanned: doubled backslashes, labels and notes beside a formula.

Nothing here depends on a notation; every stretch that is left out is told as a repair.
"""

from __future__ import annotations

import re
from typing import Final

from engine.formulas.reader.characters import Character
from engine.formulas.reader.signs import (
    ACCENT_COMMANDS,
    BRACKET_COMMANDS,
    DROPPED_COMMANDS,
    DROPPED_WITH_ARGUMENT,
    NAME_COMMANDS,
    TOKEN_COMMANDS,
)
from engine.formulas.trouble import Repair

_KNOWN: Final = frozenset(
    {
        *(*TOKEN_COMMANDS, *NAME_COMMANDS, *ACCENT_COMMANDS, *BRACKET_COMMANDS),
        *(*DROPPED_COMMANDS, *DROPPED_WITH_ARGUMENT, "begin", "end", "left", "right"),
    }
)
_DOUBLED = re.compile(r"\\\\([A-Za-z]+)")
_SINGLE = re.compile(r"(?<!\\)\\[A-Za-z]")
_FOUR = re.compile(r"\\\\\\\\")

_OWNER = re.compile(r"\bself\.(?=[A-Za-z_])")
_BEGINS = r"[A-Za-zα-ωΓ][^\s=]{0,24}\s*(?:=|←|<-|:=)[^=]"
_BULLET = re.compile(rf"[ \t]*(?:[-*•+]|\(?\d{{1,2}}[.)])[ \t]+(?={_BEGINS})")
_LABEL = re.compile(
    r"[ \t]*\**[^\W\d_][^\W_]*(?:[ ()'/-]+[^\W_]+){0,5}\)?\**:\**[ \t]*(?=\S[^\n]*[=←])"
)
_SHORTEST_LABEL: Final = 3
_NOTE = re.compile(
    r"(?<=[ \t])(?://|\#|(?<!\\)%)[ \t]*[^\n]*"
    r"|(?<=[ \t]{2})(?:←|<-|→|->|—|--)[ \t]+[^\W\d_][^\n=^_{}\\+*]*(?=\n|$)"
)


def single_backslashes(signs: list[Character]) -> list[Character]:
    """``\\\\frac`` as ``\\frac`` where a program or a page doubled every backslash of a command."""
    text = "".join(character.sign for character in signs)
    words = [match.group(1) for match in _DOUBLED.finditer(text)]
    if not words or _SINGLE.search(text) or not _KNOWN.issuperset(words):
        return signs
    spare = {match.start() for match in _DOUBLED.finditer(text)}
    for match in _FOUR.finditer(text):
        spare -= set(range(match.start(), match.end()))
        spare |= {match.start(), match.start() + 1}
    return [character for at, character in enumerate(signs) if at not in spare]


def without_owner(signs: list[Character]) -> list[Character]:
    """``self.W`` as ``W``: in a method the quantities are called by their owner's name."""
    text = "".join(character.sign for character in signs)
    spare = {place for match in _OWNER.finditer(text) for place in range(*match.span())}
    return [sign for place, sign in enumerate(signs) if place not in spare] if spare else signs


def without_notes(signs: list[Character]) -> tuple[list[Character], list[Repair]]:
    """The signs without the labels before and the remarks behind the formula of a line."""
    text = "".join(character.sign for character in signs)
    if "$" in text:
        return signs, []
    stretches: list[tuple[int, int]] = []
    start = 0
    for line in text.split("\n"):
        begin = start
        bullet = _BULLET.match(text, begin)
        begin = bullet.end() if bullet else begin
        label = _LABEL.match(text, begin)
        if label and _is_label(label.group()):
            begin = label.end()
        if begin > start:
            stretches.append((start, begin))
        end = start + len(line)
        note = _NOTE.search(text, begin, end)
        if note and text[begin : note.start()].strip():
            stretches.append((note.start(), end))
        start = end + 1
    if not stretches:
        return signs, []
    repairs = [
        Repair(signs[first].start, signs[last - 1].end, text[first:last].strip(), "")
        for first, last in stretches
    ]
    dropped = {place for first, last in stretches for place in range(first, last)}
    return [sign for place, sign in enumerate(signs) if place not in dropped], repairs


def _is_label(text: str) -> bool:
    """A word or more before a colon that assigns nothing (``W := ...`` is no label)."""
    words = text.strip().rstrip(":* ").strip("* ")
    return len(words) >= _SHORTEST_LABEL
