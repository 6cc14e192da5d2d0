"""What the parts of the scanner share: the text, where it is, and the tokens so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from engine.formulas.notations import Notation
from engine.formulas.reader.characters import Character
from engine.formulas.tree import Span
from engine.formulas.trouble import Repair


class Token(NamedTuple):
    """One token; ``start`` and ``end`` count in the text as it was typed."""

    type: str
    value: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        return (self.start, self.end)


@dataclass
class Scan:
    """The tokens of one text and the spellings that were mended."""

    tokens: list[Token] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)


@dataclass(frozen=True)
class Opened:
    """A bracket that is still open. ``script``: it stands in a script; ``listing``: its rows and
    columns are separated by line ends and ``&``; ``condition``: a bar in it says "given".
    """

    kind: str
    closing: str
    token: Token
    script: bool = False
    listing: bool = False
    condition: bool = False


class ScanState:
    """The text, the place in it, the tokens, and the brackets that are open."""

    def __init__(self, signs: list[Character], notation: Notation, latex: bool) -> None:
        self.signs = signs
        self.text = "".join(character.sign for character in signs)
        self.notation = notation
        self.latex = latex
        self.braces = "{" in self.text
        # A Markdown formatter that took underscores for emphasis turns _{ into *{ throughout.
        self.starred = "*{" in self.text
        self.at = 0
        self.result = Scan()
        self.open: list[Opened] = []
        self.accent = ""  # said by a command, and waiting for its letter
        self.notes: dict[int, int] = {}  # what is left out when it is reached: start and end

    def span(self, length: int) -> Span:
        """The place in the text as typed of the next ``length`` signs."""
        last = min(self.at + length, len(self.signs)) - 1
        return (self.signs[self.at].start, max(self.signs[last].end, self.signs[self.at].end))

    def emit(self, kind: str, value: str, length: int) -> Token:
        """Appends a token that covers the next ``length`` signs, and goes behind them."""
        place = min(self.at, len(self.signs) - 1)
        start, end = self.span(length) if length else (self.signs[place].start,) * 2
        token = Token(kind, value, start, end)
        self.result.tokens.append(token)
        self.at += length
        return token

    def repair(self, length: int, meant: str) -> None:
        """Notes that the next ``length`` signs are read as ``meant``."""
        start, end = self.span(length)
        found = self.text[self.at : self.at + length]
        self.result.repairs.append(Repair(start, end, found, meant))

    def last(self) -> str:
        """The type of the last token, or an empty text."""
        return self.result.tokens[-1].type if self.result.tokens else ""

    def after_script_mark(self) -> bool:
        return self.last() in ("SUP", "SUB")

    def in_script(self) -> bool:
        return any(opened.script for opened in self.open)

    def after_operand(self) -> bool:
        """Whether what stands before can be multiplied: an opening bar can't be told otherwise."""
        return self.last() in ("NAME", "NUMBER", "RPAR", "TRANSPOSED", "TOP", "PRIME", "DASH")

    def digit_at(self, index: int) -> bool:
        return index < len(self.text) and self.text[index] in "0123456789"

    def letter_at(self, index: int) -> bool:
        return index < len(self.text) and (self.text[index].isalnum() or self.text[index] == "_")
