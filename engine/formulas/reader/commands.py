"""LaTeX commands while a text is scanned."""

from __future__ import annotations

import re
from typing import Final

from engine.formulas.reader.brackets import Brackets
from engine.formulas.reader.characters import ACCENTS
from engine.formulas.reader.signs import (
    ACCENT_COMMANDS,
    BRACKET_COMMANDS,
    DROPPED_COMMANDS,
    DROPPED_WITH_ARGUMENT,
    IF_WORDS,
    NAME_COMMANDS,
    OPENING,
    OTHERWISE_WORDS,
    OVERSET_ACCENTS,
    SIGNS,
    TOKEN_COMMANDS,
)
from engine.formulas.trouble import Candidates, unreadable

_COMMAND = re.compile(r"\\([A-Za-z]+|.?)", re.DOTALL)
_TEXT_COMMANDS: Final = frozenset({"text", "textrm", "textit", "textbf", "mbox", "mathrm"})
_ARGUMENT = re.compile(r"\s*\{([^{}]*)\}")
_OVERSET = re.compile(r"\s*\{([^{}]*)\}")
_STYLES = re.compile(r"\\(?:math|text|bold|bm|bf|rm)[a-z]*\s*|\s")
_ONE_LETTER = re.compile(
    r"\{*(?:\\[A-Za-z]+|[^\W\d_])\}*"
    r"(?:[_^](?:\{(?:[^{}]|\{[^{}]*\})*\}|\\[A-Za-z]+|[^\W_]))*\}*"
)
_EXPECTATION = re.compile(r"\s*\{?E\}?\s*_\{((?:[^{}]|\{[^{}]*\}){1,80})\}")
_EQUATION_BEGINS = re.compile(
    r"(?:\\quad|\\qquad|\\[,;: ]|\s|&)*(?!\\text|\\left|\\right|\\mathrm\{(?:if|for))"
    r"(?:\\[A-Za-z]+\s*)*\{?[A-Za-zα-ωΓ][^=+&\n]{0,40}?(?:=|\\leftarrow|←)"
)
#: Commands that draw a frame around a formula.
_FRAMES: Final = frozenset({"boxed", "fbox", "framebox", "colorbox"})
_LONGEST_FRAME: Final = 2000
_INCREASED = re.compile(r"\{\+\}\{?=\}?|\{\+=\}")
# What a value is an element of: R^{n x m}.
_ROOM = re.compile(
    r"\s*(?:\\mathbb\s*(?:\{R\}|R)|\\Bbb\s*\{?R\}?|\\mathbf\{R\}|\\R(?![A-Za-z])|ℝ|R(?=\s*\^))"
    r"\s*(?:\^\s*(?:\{(?:[^{}]|\{[^{}]*\})*\}|\([^()]*\)|[A-Za-z0-9]+))?"
)
_BARS: Final = {
    **dict.fromkeys(("lVert", "rVert", "Vert", "|", "parallel"), "‖"),
    **dict.fromkeys(("lvert", "rvert", "vert"), "|"),
}
_SPACES: Final = frozenset([",", ";", ":", "!", " ", ">", "\n", "/", "-"])
# A doubled backslash before these is no line end: a page doubled it.
_DOUBLED: Final = "_,;!|"


class Commands(Brackets):
    """What a backslash begins."""

    def command(self) -> None:
        """Reads one command. Raises ``Unreadable``: unknown-command, or what a bracket raises."""
        match = _COMMAND.match(self.text, self.at)
        assert match is not None
        self.named_command(match.group(1), len(match.group()))

    def lost_command(self, name: str) -> None:
        """A command without its backslash: read as one, and told."""
        self.repair(len(name), "\\" + name)
        self.named_command(name, len(name))

    def named_command(self, name: str, length: int) -> None:
        if not (
            self._bracket(name, length)
            or self._word(name, length)
            or self._decoration(name, length)
            or self._sign(name, length)
        ):
            known = (
                *(*TOKEN_COMMANDS, *NAME_COMMANDS, *BRACKET_COMMANDS),
                *(*DROPPED_COMMANDS, *ACCENT_COMMANDS),
            )
            names = Candidates((name,), known, "\\")
            found = self.text[self.at : self.at + length][:40]
            raise unreadable("unknown-command", self.span(length), found, names=names)

    # -- brackets and environments

    def _bracket(self, name: str, length: int) -> bool:
        if name in BRACKET_COMMANDS:
            if not self._unclosed_brace(name, length):
                sign = BRACKET_COMMANDS[name]
                (self.bracket_opens if sign in OPENING else self.bracket_closes)(sign, length)
        elif name in _BARS:
            self.bar(_BARS[name], length)
        elif name == "mid":
            self.given(length)
        elif name == "begin":
            self.environment_begins(length)
        elif name == "end":
            self.environment_ends(length)
        elif name in ("left", "right", "middle"):
            self.at += length
            dot = re.compile(r"\s*\.").match(self.text, self.at)
            self.at = dot.end() if dot else self.at
        else:
            return False
        return True

    def _unclosed_brace(self, name: str, length: int) -> bool:
        r"""``\left\{`` before an environment: drawn, but ``\right.`` closes it."""
        if name not in ("{", "lbrace"):
            return False
        if not re.compile(r"\s*\\begin\{").match(self.text, self.at + length):
            return False
        self.at += length
        return True

    # -- names

    def _word(self, name: str, length: int) -> bool:
        if name == "Delta" and not self.after_script_mark():
            self.emit("PARTIAL", "Δ", length)
        elif name in NAME_COMMANDS and (self.after_script_mark() or name not in TOKEN_COMMANDS):
            self.greek(NAME_COMMANDS[name], length)
        elif name in ACCENT_COMMANDS:
            self._accent(ACCENT_COMMANDS[name], length)
        elif name in ("overset", "stackrel") and (over := self._overset(length)):
            self.accent = over
        elif name in ("mathrm", "operatorname", "text", "textrm", "rm") and self.text.startswith(
            "{d}", self.at + length
        ):
            self.emit("PARTIAL", "d", length + 3)
        elif name in ("rightarrow", "to") and self.in_script():
            self.emit("NAME", "right", length)
        elif name in TOKEN_COMMANDS and not (name in ("leftarrow",) and self.in_script()):
            kind, value = TOKEN_COMMANDS[name]
            self.token_command(kind, value, length)
        elif name == "leftarrow":
            self.emit("NAME", "left", length)
        else:
            return False
        return True

    def greek(self, name: str, length: int) -> None:
        """A letter that a command names, with the accent that waits for it."""
        word = self._accented(name)
        self.emit("NAME", word, length)

    def _accented(self, letter: str) -> str:
        if not self.accent:
            return letter
        word = letter + self.accent
        plain_arrow = self.accent == "right" and word not in self.notation.bases
        self.accent = ""
        return letter if plain_arrow else word

    def _accent(self, word: str, length: int) -> None:
        if self.accent:
            raise unreadable("unexpected-token", self.span(length), "\\" + word)
        self.at += length
        self.accent = word
        braced = re.compile(r"\s*\{").match(self.text, self.at)
        if braced is None:
            return
        inner, depth, end = "", 1, braced.end()
        while end < len(self.text) and depth and end - braced.end() < 80:
            depth += {"{": 1, "}": -1}.get(self.text[end], 0)
            inner += self.text[end]
            end += 1
        if not _ONE_LETTER.fullmatch(_STYLES.sub("", inner)):
            # A bar over a whole product: there is no one letter that it could name.
            raise unreadable("unexpected-token", self.span(end - self.at), inner[:-1].strip()[:40])

    def _overset(self, length: int) -> str:
        match = _OVERSET.match(self.text, self.at + length)
        word = OVERSET_ACCENTS.get(match.group(1).strip(), "") if match else ""
        if match and word:
            self.at = match.end()
        return word

    def token_command(self, kind: str, value: str, length: int) -> None:
        if kind == "COMPARE" and value == "~" and not self.open:
            raise unreadable("unexpected-token", self.span(length), "\\sim")
        if value == "in" and self.element_of(length):
            return
        if kind == "SEPARATOR":
            self._line_end("\\", length)
            return
        self.emit(kind, value, length)
        if kind == "FRAC":
            self.digits_of_fraction()

    def element_of(self, length: int) -> bool:
        r"""Leaves out ``\in \mathbb{R}^{n}`` behind a formula, and tells it."""
        room = _ROOM.match(self.text, self.at + length)
        if room is None or self.open or not self.after_operand():
            return False
        whole = length + len(room.group())
        self.repair(whole, "")
        self.at += whole
        return True

    def digits_of_fraction(self) -> None:
        r"""``\frac12`` takes one digit above and one below."""
        for _ in range(2):
            while self.text[self.at : self.at + 1].isspace():
                self.at += 1
            if not self.digit_at(self.at):
                return
            self.emit("NUMBER", self.text[self.at], 1)

    # -- decoration

    def _decoration(self, name: str, length: int) -> bool:
        if name in _TEXT_COMMANDS and not self.after_script_mark() and self._words(length):
            return True
        if name == "mathbb" and self._expectation(length):
            return True
        if name in ("quad", "qquad") and self._next_equation(length):
            self.emit("SEPARATOR", "\\", length)
        elif name in ("underbrace", "overbrace"):
            self.at += length
            self._drop_brace_note()
        elif name in _FRAMES:
            self.at += length
            self._drop_frame()
        elif name == "mathrel" and (sign := _INCREASED.match(self.text, self.at + length)):
            self.emit("RELATION", "+=", length + len(sign.group()))
        elif name in DROPPED_COMMANDS or name in _SPACES:
            self.at += length
        elif name == "forall":
            self.rest_of_line()
        elif name in DROPPED_WITH_ARGUMENT:
            self.at += length
            closing = self.text.find("}", self.at)
            if self.text.startswith(("{", "*{"), self.at) and closing > 0:
                self.at = closing + 1
        else:
            return False
        return True

    def _next_equation(self, length: int) -> bool:
        """Whether behind a wide space another equation begins."""
        if self.open or not self.after_operand() or not self._has_relation():
            return False
        return bool(_EQUATION_BEGINS.match(self.text, self.at + length))

    def _has_relation(self) -> bool:
        for token in reversed(self.result.tokens):
            if token.type in ("SEPARATOR", "RELATION"):
                return token.type == "RELATION"
        return False

    def _words(self, length: int) -> bool:
        r"""``\text{if}``, ``\text{otherwise}``, and notes such as ``\text{(forget gate)}``."""
        match = _ARGUMENT.match(self.text, self.at + length)
        if match is None:
            return False
        words, whole = match.group(1).strip(), match.end() - self.at
        first = words.split(maxsplit=1)[0].strip("(,") if words else ""
        if words in IF_WORDS and (self.open or words not in ("for", "where")):
            self.condition_word("IF", whole)
        elif words.strip("().,") in OTHERWISE_WORDS:
            self.condition_word("OTHERWISE", whole)
        elif words == "and" and not self.open:
            self.emit("SEPARATOR", "\\", whole)
        elif not self.open and (first in ("where", "for", "with") or self._is_remark(words)):
            self.rest_of_line()
        elif not words or words.startswith("(") or " " in words or not words.isascii():
            self.repair(whole, "")
            self.at += whole
        else:
            return False
        return True

    def _is_remark(self, words: str) -> bool:
        """Whether words in prose stand behind a whole formula and a comma."""
        return " " in words and self.last() == "COMMA" and self._has_relation()

    def condition_word(self, kind: str, length: int) -> None:
        """IF and OTHERWISE stand behind a comma inside cases and behind none outside."""
        if self.open:
            listed = self.last() in ("COMMA", "LPAR")
            if not listed:
                self.emit("COMMA", ",", 0)
        elif self.last() == "COMMA":
            self.result.tokens.pop()
        self.emit(kind, kind.lower(), length)

    def rest_of_line(self) -> None:
        """Leaves out a clause behind the formula (for all t), and tells it."""
        end = re.compile(r"\\\\|\n|\$|$|\\end|\\\)|\\\]").search(self.text, self.at + 1)
        length = (end.start() if end else len(self.text)) - self.at
        self.repair(length, "")
        self.at += length
        if self.last() == "COMMA" and not self.open:
            self.result.tokens.pop()

    def _drop_frame(self) -> None:
        """The braces of a frame around a whole formula: what is inside is no group."""
        match = re.compile(r"\s*\{").match(self.text, self.at)
        closing = self._closing_brace(match.end() - 1) if match else None
        if match and closing is not None:
            self.at = match.end()
            self.notes[closing] = closing + 1

    def _closing_brace(self, opening: int) -> int | None:
        """Where the brace that opens there is closed."""
        depth = 0
        for place in range(opening, min(len(self.text), opening + _LONGEST_FRAME)):
            before = self.text[place - 1] if place else ""
            depth += 0 if before == "\\" else {"{": 1, "}": -1}.get(self.text[place], 0)
            if depth == 0:
                return place
        return None

    def _drop_brace_note(self) -> None:
        """The script of a brace above or below a part of a formula, and nothing else of it."""
        depth = 0
        for place in range(self.at, min(len(self.text), self.at + 400)):
            depth += {"{": 1, "}": -1}.get(self.text[place], 0)
            if depth == 0 and self.text[place] == "}":
                note = re.compile(r"\s*[_^]\s*\{(?:[^{}]|\{[^{}]*\})*\}").match(
                    self.text, place + 1
                )
                if note:
                    self.notes[note.start()] = note.end()
                return

    def _expectation(self, length: int) -> bool:
        r"""``\mathbb{E}_{w \sim P}`` before a sampled term: the samples are what is summed."""
        match = _EXPECTATION.match(self.text, self.at + length)
        if match is None or not re.search(r"\\sim|∼|~", match.group(1)):
            return False
        whole = match.end() - self.at
        self.repair(whole, "")
        self.at += whole
        return True

    # -- signs

    def _sign(self, name: str, length: int) -> bool:
        if name in ("\\", "(", ")", "[", "]"):
            self._line_end(name, length)
        elif name in ("_", "*", "^", "'"):
            self.repair(length, name)
            kind, value = SIGNS[name]
            self.emit(kind, value, length)
        elif name in ("&", "#", "%", "$") or (name and name in ACCENTS):
            self.at += length
        elif name == "":
            raise unreadable("unexpected-end", self.span(1), "\\")
        else:
            return False
        return True

    def _line_end(self, name: str, length: int) -> None:
        following = self.text[self.at + length : self.at + length + 1]
        if name == "\\" and following and following in _DOUBLED:
            self.repair(1, "")
            self.at += 1
        elif self.open and name == "\\" and (self.open[-1].listing or self.in_script()):
            self.row_ends(length)
        elif self.open:
            found = self.text[self.at : self.at + length]
            raise unreadable("unexpected-token", self.span(length), found)
        else:
            self.emit("SEPARATOR", "\\", length)
