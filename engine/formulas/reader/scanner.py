"""From text to tokens, with the notation in hand.

Coverage of real notes is won here. Decoration goes, names are found (a declared run of letters
stays whole), a few damaged spellings are repaired, brackets are matched. Every token keeps its
place in the text as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from engine.formulas.notations import LENGTHS, Notation
from engine.formulas.reader.calls import CALL_WORDS
from engine.formulas.reader.characters import Character
from engine.formulas.reader.signs import (
    BIG_WORDS,
    BRACKET_COMMANDS,
    CLOSING,
    COMPOUND_SIGNS,
    DROPPED_COMMANDS,
    DROPPED_WITH_ARGUMENT,
    GREEK,
    NAME_COMMANDS,
    OPENING,
    SIGNS,
    TOKEN_COMMANDS,
)
from engine.formulas.tree import Span
from engine.formulas.trouble import Repair, nearest_names, unreadable

MAX_BRACKETS: Final = 40
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e[+-]?\d{1,2}(?![0-9A-Za-z]))?|\.\d+")
_LETTERS = re.compile(r"[A-Za-zα-ωΓΔΘΛΞΦΨΩ]+")
_PIECES = re.compile(r"[a-z]+|[A-Z]|[α-ωΓΔΘΛΞΦΨΩ]")
_COMMAND = re.compile(r"\\([A-Za-z]+|.?)", re.DOTALL)
_MAX_DIGITS = 30
# After an unbraced script, a sign and then an index or a number (x^t-s, z_t-1): where does it end?
_HAT = re.compile(r"\s*(\{?)\s*(?:\\(?:mathbf|boldsymbol|bm|mathrm)\s*(\{?))?\s*([A-Za-z])(\}*)")
_DOTS = r"(?:·{2,}|…+|\.{3,})\s*"
_NUMBERED = re.compile(
    rf"(?:{_DOTS}\(?\d+[a-z]?\)?|\(\d+(?:[.-]\d+)*[a-z]?\))[\s.,]*(?=\\\\|\n|\$|$)"
)
_RUNS_ON = re.compile(r"[+-](?:\d|[ijkmnpqst](?![0-9A-Za-z_^(]))")


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


def scan(signs: list[Character], notation: Notation, latex: bool) -> Scan:
    """The tokens of ``signs``. Raises ``Unreadable`` at the first sign that has no meaning here."""
    return _Scanner(signs, notation, latex).run()


class _Scanner:
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
        self.open: list[tuple[str, Token]] = []

    def run(self) -> Scan:
        while self.at < len(self.text):
            self._step()
        if self.open:
            kind, token = self.open[-1]
            raise unreadable(
                "unbalanced-bracket", token.span, token.value, expected=(OPENING[kind],)
            )
        return self.result

    # -- places and tokens

    def _span(self, length: int) -> Span:
        last = min(self.at + length, len(self.signs)) - 1
        return (self.signs[self.at].start, max(self.signs[last].end, self.signs[self.at].end))

    def _emit(self, kind: str, value: str, length: int) -> Token:
        start, end = self._span(length) if length else (self.signs[self.at].start,) * 2
        token = Token(kind, value, start, end)
        self.result.tokens.append(token)
        self.at += length
        return token

    def _repair(self, length: int, meant: str) -> None:
        start, end = self._span(length)
        found = self.text[self.at : self.at + length]
        self.result.repairs.append(Repair(start, end, found, meant))

    def _after_script_mark(self) -> bool:
        tokens = self.result.tokens
        return bool(tokens) and tokens[-1].type in ("SUP", "SUB")

    def _in_script(self) -> bool:
        return any(token.type == "SCRIPT" for _, token in self.open)

    # -- one step

    def _step(self) -> None:
        sign = self.text[self.at]
        if sign == "\n" or (sign == ";" and not self.open):
            if self.open:
                self.at += 1
            else:
                self._emit("SEPARATOR", sign, 1)
        elif sign.isspace() or sign in "&~`":
            self.at += 1
        elif sign == "\\":
            self._command()
        elif sign.isdigit() or (sign == "." and self._digit_at(self.at + 1)):
            self._number()
        elif _LETTERS.match(sign) and sign not in SIGNS:
            self._letters()
        elif self.text.startswith(".T", self.at) and not self._letter_at(self.at + 2):
            self._emit("TRANSPOSED", ".T", 2)
        elif not (self._equation_number() or self._compound()):
            self._single(sign)

    def _digit_at(self, index: int) -> bool:
        return index < len(self.text) and self.text[index] in "0123456789"

    def _letter_at(self, index: int) -> bool:
        return index < len(self.text) and (self.text[index].isalnum() or self.text[index] == "_")

    def _compound(self) -> bool:
        for spelling, kind, value in COMPOUND_SIGNS:
            if self.text.startswith(spelling, self.at):
                self._emit(kind, value, len(spelling))
                return True
        return False

    def _equation_number(self) -> bool:
        """Leaves out the number of the equation at the end of its line: ``(3)``, ``… (1.2)``."""
        tokens = self.result.tokens
        match = _NUMBERED.match(self.text, self.at)
        if match is None or self.open or len(tokens) < 3:
            return False
        line: list[str] = []
        for token in tokens:
            line = [] if token.type == "SEPARATOR" else [*line, token.type]
        dotted = match.group()[0] != "("
        bare = tokens[-1].type == "NAME" and tokens[-2].type not in ("SUP", "SUB")
        bare = bare and not dotted and self._may_take_brackets(tokens[-1].value)
        apart = dotted or tokens[-1].end < self.signs[self.at].start
        ended = tokens[-1].type in ("NAME", "NUMBER", "RPAR", "TRANSPOSED", "TOP")
        if "RELATION" not in line or bare or not apart or not ended:
            return False
        self._repair(len(match.group()), "")
        self.at += len(match.group())
        return True

    def _may_take_brackets(self, name: str) -> bool:
        """Whether ``name (1)`` is a step of a signal, or a function's value."""
        quantity = self.notation.find(name)
        return quantity is None or quantity.kind in ("signal", "loss")

    def _single(self, sign: str) -> None:
        if sign == "*" and self._starred_underscore():
            self._repair(1, "_")
            self._emit("SUB", "_", 1)
        elif sign in OPENING:
            self._bracket_opens(sign, 1)
        elif sign in CLOSING:
            self._bracket_closes(sign, 1)
        elif sign == "<" and self._after_script_mark() | self._in_script():
            self._bracket_opens("⟨", 1)
        elif sign == ">" and self.open and self.open[-1][0] == "⟨":
            self._bracket_closes("⟩", 1)
        elif sign in SIGNS:
            kind, value = SIGNS[sign]
            self._emit(kind, value, 1)
        elif sign == ":" and self.open:
            self._emit("RANGE", "..", 1)  # sum(s=0:T_t, ...)
        elif sign in ".:?!" and not self.text[self.at + 1 :].strip(" \n\t$.:?!\\"):
            self.at += 1  # punctuation at the end of a sentence
        else:
            raise unreadable("unexpected-character", self._span(1), sign)

    def _starred_underscore(self) -> bool:
        """Whether this ``*`` is an underscore that a Markdown formatter spoilt."""
        if self.text.startswith("*{", self.at):
            return True
        before, after = self.text[self.at - 1 : self.at], self.text[self.at + 1 : self.at + 2]
        digits = "0123456789" if self.starred else "01"
        return bool(before and before in "xuzvyS" and after and after in digits) and not (
            self._digit_at(self.at + 2)
        )

    # -- brackets

    def _bracket_opens(self, kind: str, length: int) -> None:
        script = self._after_script_mark()
        span = self._span(length)
        if len(self.open) >= MAX_BRACKETS:
            raise unreadable("too-deep", span, kind)
        token = self._emit("LPAR", kind, length)
        self.open.append((kind, token._replace(type="SCRIPT") if script else token))

    def _bracket_closes(self, kind: str, length: int) -> None:
        if not self.open or OPENING[self.open[-1][0]] != kind:
            expected = (OPENING[self.open[-1][0]],) if self.open else ()
            raise unreadable("unbalanced-bracket", self._span(length), kind, expected=expected)
        self.open.pop()
        self._emit("RPAR", kind, length)

    # -- LaTeX commands

    def _command(self) -> None:
        match = _COMMAND.match(self.text, self.at)
        assert match is not None
        name, length = match.group(1), len(match.group())
        if name == "Delta" and not self._after_script_mark():
            self._emit("PARTIAL", "Δ", length)
        elif self._after_script_mark() and name in NAME_COMMANDS:
            self._emit("NAME", NAME_COMMANDS[name], length)
        elif name in BRACKET_COMMANDS:
            sign = BRACKET_COMMANDS[name]
            (self._bracket_opens if sign in OPENING else self._bracket_closes)(sign, length)
        elif name in TOKEN_COMMANDS:
            kind, value = TOKEN_COMMANDS[name]
            self._emit(kind, value, length)
            if kind == "FRAC":
                self._digits_of_fraction()
        elif name in NAME_COMMANDS:
            self._emit("NAME", NAME_COMMANDS[name], length)
        elif name in ("hat", "widehat") and (hat := self._hatted(length)):
            self._emit("NAME", hat.group(3) + "hat", length + len(hat.group()))
        elif name in ("mathrm", "operatorname") and self.text.startswith("{d}", self.at + length):
            self._emit("PARTIAL", "d", length + 3)
        elif name in DROPPED_COMMANDS or name in (",", ";", ":", "!", " ", ">", "\n"):
            self.at += length
        elif name in DROPPED_WITH_ARGUMENT:
            self.at += length
            closing = self.text.find("}", self.at)
            if self.text.startswith("{", self.at) and closing > 0:
                self.at = closing + 1
        elif name in ("\\", "(", ")", "[", "]"):
            if self.open:
                raise unreadable("unexpected-token", self._span(length), match.group())
            self._emit("SEPARATOR", "\\", length)
        elif name in ("_", "*", "^"):
            self._repair(length, name)
            kind, value = SIGNS[name]
            self._emit(kind, value, length)
        elif name == "":
            raise unreadable("unexpected-end", self._span(1), "\\")
        else:
            known = [*TOKEN_COMMANDS, *NAME_COMMANDS, *BRACKET_COMMANDS, *DROPPED_COMMANDS]
            near = tuple("\\" + word for word in nearest_names(name, known))
            raise unreadable(
                "unknown-command", self._span(length), match.group()[:40], nearest=near
            )

    def _hatted(self, length: int) -> re.Match[str] | None:
        r"""The letter below a hat, as in ``\hat{\mathbf{y}}``."""
        match = _HAT.match(self.text, self.at + length)
        if match is None:
            return None
        opened = len(match.group(1) + (match.group(2) or ""))
        closed = match.group(4)[:opened]
        return match if len(closed) == opened == len(match.group(4)) else None

    def _digits_of_fraction(self) -> None:
        r"""``\frac12`` takes one digit above and one below."""
        for _ in range(2):
            while self.text[self.at : self.at + 1].isspace():
                self.at += 1
            if not self._digit_at(self.at):
                return
            self._emit("NUMBER", self.text[self.at], 1)

    # -- numbers and names

    def _number(self) -> None:
        match = _NUMBER.match(self.text, self.at)
        if match is None:  # a digit of another script
            raise unreadable("unexpected-character", self._span(1), self.text[self.at])
        length = len(match.group())
        if length > _MAX_DIGITS:
            raise unreadable("number-too-large", self._span(length), match.group()[:40])
        script = self._after_script_mark()
        before = self.result.tokens[-1] if self.result.tokens else None
        if before and before.type == "NAME" and before.end == self.signs[self.at].start:
            whole = before.value + match.group()
            if whole in self.notation.bases:  # beta1 is a name of its own
                self.at += length
                end = self.signs[self.at - 1].end
                self.result.tokens[-1] = before._replace(value=whole, end=end)
                return
            if self._is_step(before.value, match.group()):  # x1 is x_1
                self._repair(length, "_" + match.group())
                self._emit("SUB", "_", 0)
                self._emit("NUMBER", match.group(), length)
                return
            word = f"{before.value}{match.group()}"  # W1 is a name, not W times 1
            near = nearest_names(before.value, list(self.notation.spelt))
            raise unreadable(
                "unknown-name", (before.start, self._span(length)[1]), word[:40], nearest=near
            )
        if script and self.latex:
            length = 1
        self._emit("NUMBER", self.text[self.at : self.at + length], length)
        self._check_end_of_script(script)

    def _is_step(self, name: str, digits: str) -> bool:
        quantity = self.notation.find(name)
        signal = quantity is not None and quantity.kind == "signal"
        return signal and digits.isdigit() and len(digits) < 3 and not self.latex

    def _letters(self) -> None:
        match = _LETTERS.match(self.text, self.at)
        assert match is not None
        run = match.group()
        if self._after_script_mark():
            self._script_word(run)
        elif self._in_script():
            self._emit("NAME", GREEK.get(run, run), len(run))
        elif run in BIG_WORDS:
            self._emit("BIG", BIG_WORDS[run], len(run))
        else:
            for kind, value, length in self._cut(run):
                self._emit(kind, value, length)

    def _script_word(self, run: str) -> None:
        """An unbraced script: LaTeX takes one character, a typist means the word."""
        known = run in self.notation.labels or run in LENGTHS
        known = known or (run in self.notation.function_words and not self.latex)
        if known and len(run) > 1 and self.latex:
            self._repair(len(run), "{" + run + "}")
        length = len(run) if known or not (self.latex or self.braces) else 1
        if not known and run[0] in GREEK:
            length = 1
        piece = run[:length]
        self._emit("NAME", GREEK.get(piece, piece), length)
        self._check_end_of_script(True)

    def _check_end_of_script(self, script: bool) -> None:
        if script and not self.latex and not self._in_script():
            match = _RUNS_ON.match(self.text, self.at)
            if match:
                found = self.text[self.at - 1 : self.at] + match.group()
                span = (self.signs[self.at - 1].start, self.signs[match.end() - 1].end)
                raise unreadable("ambiguous-script", span, found, expected=("( )", "{ }"))

    def _cut(self, run: str) -> Iterator[tuple[str, str, int]]:
        """A run of letters as names: whole if declared, else cut where the kind of letter changes.

        Small letters are never cut apart, so that an unknown word stays one unknown word.
        """
        if self._is_name(run):
            yield "NAME", GREEK.get(run, run), len(run)
            return
        if run[0] in "dΔ" and self._is_name(run[1:]) and len(run) > 1:
            yield "PARTIAL", run[0], 1
            yield "NAME", GREEK.get(run[1:], run[1:]), len(run) - 1
            return
        pieces = self._split(run)
        if pieces is None:
            yield "NAME", run, len(run)
            return
        for piece in pieces:
            yield "NAME", GREEK.get(piece, piece), len(piece)

    def _is_name(self, word: str) -> bool:
        word = GREEK.get(word, word)
        return (
            word in self.notation.bases
            or word in self.notation.function_words
            or word in LENGTHS
            or word in CALL_WORDS
        )

    def _split(self, run: str) -> list[str] | None:
        if len(run) > 40:
            return None
        pieces = _PIECES.findall(run)
        if "".join(pieces) == run and all(self._is_name(piece) for piece in pieces):
            return pieces
        return None
