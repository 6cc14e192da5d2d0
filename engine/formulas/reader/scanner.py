"""From text to tokens, with the notation in hand.

Coverage of real notes is won here. Decoration goes, names are found (a declared run of letters
stays whole), a few damaged spellings are repaired, brackets are matched. Every token keeps its
place in the text as it was typed.
"""

from __future__ import annotations

import re
from typing import Final

from engine.formulas.notations import Notation
from engine.formulas.reader.brackets import MAX_BRACKETS
from engine.formulas.reader.characters import Character
from engine.formulas.reader.scan_state import Scan, Token
from engine.formulas.reader.signs import CLOSING, COMPOUND_SIGNS, OPENING, SIGNS
from engine.formulas.reader.words import LETTER, Words
from engine.formulas.trouble import unreadable

__all__ = ["MAX_BRACKETS", "Scan", "Token", "scan"]

_LETTER = re.compile(f"[{LETTER}]")
_DOTS: Final = r"(?:·{2,}|…+|\.{3,})\s*"
_NUMBERED = re.compile(
    rf"(?:{_DOTS}\(?\d+[a-z]?\)?|\(\d+(?:[.-]\d+)*[a-z]?\))[\s.,]*(?=\\\\|\n|\$|$)"
)
_COMPOUND_BEGINS = frozenset(spelling[0] for spelling, _, _ in COMPOUND_SIGNS)
# An underscore that a Markdown formatter took away: h{t-1}, W{hh}.
_LOST_SUBSCRIPT = re.compile(r"\{([A-Za-z]{1,4}|[a-z]\s*[+-]\s*\d)\}")


def scan(signs: list[Character], notation: Notation, latex: bool) -> Scan:
    """The tokens of ``signs``. Raises ``Unreadable`` at the first sign that has no meaning here."""
    return _Scanner(signs, notation, latex).run()


class _Scanner(Words):
    def run(self) -> Scan:
        while self.at < len(self.text):
            if self.at in self.notes:
                self.at = self.notes[self.at]
            else:
                self._step()
        if self.open:
            opened = self.open[-1]
            raise unreadable(
                "unbalanced-bracket",
                opened.token.span,
                opened.token.value,
                expected=(opened.closing,),
            )
        if self.accent:
            end = self.signs[-1].end
            raise unreadable("unexpected-end", (end, end), expected=("name",))
        return self.result

    # -- one step

    def _step(self) -> None:
        sign = self.text[self.at]
        if self.accent and not (sign.isspace() or sign in "{\\" or _LETTER.match(sign)):
            raise unreadable("unexpected-token", self.span(1), sign, expected=("name",))
        if sign == "\n" or (sign == ";" and not self.open):
            if self.open:
                self.at += 1
            else:
                self.emit("SEPARATOR", sign, 1)
        elif sign == "&" and self.open and self.open[-1].listing:
            self.column_ends()
        elif sign.isspace() or sign in "&`" or (sign == "~" and not self._samples()):
            self.at += 1
        elif sign == "\\":
            self.command()
        elif sign.isdigit() or (sign == "." and self.digit_at(self.at + 1)):
            self.number()
        elif _LETTER.match(sign) and sign not in SIGNS:
            self.letters()
        elif self.text.startswith(".T", self.at) and not self.letter_at(self.at + 2):
            self.emit("TRANSPOSED", ".T", 2)
        elif not (self._equation_number() or self._compound()):
            self._single(sign)

    def _samples(self) -> bool:
        """Whether ``~`` says where something is drawn from; elsewhere it is a space of LaTeX."""
        return self.in_script() and bool(re.match(r"~\s+\S|~[A-Z]\(", self.text[self.at :][:4]))

    def _compound(self) -> bool:
        if self.text[self.at] not in _COMPOUND_BEGINS:
            return False
        for spelling, kind, value in COMPOUND_SIGNS:
            if self.text.startswith(spelling, self.at):
                if kind == "COMPARE" and self.open and self.open[-1].kind == "⟨":
                    return False
                self.emit(kind, value, len(spelling))
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
        self.repair(len(match.group()), "")
        self.at += len(match.group())
        return True

    def _may_take_brackets(self, name: str) -> bool:
        """Whether ``name (1)`` is a step of a signal, or a function's value."""
        quantity = self.notation.find(name)
        return quantity is None or quantity.kind in ("signal", "loss")

    def _single(self, sign: str) -> None:
        if sign == "*" and self._starred_underscore():
            self.repair(1, "_")
            self.emit("SUB", "_", 1)
        elif sign == "{" and self._lost_subscript():
            self.emit("SUB", "_", 0)
        elif sign == "|" and self.text.startswith("||", self.at):
            self.double_bar()
        elif sign in "|‖":
            self.bar(sign, 1)
        elif sign in OPENING:
            self.bracket_opens(sign, 1)
        elif (self.open and sign == self.open[-1].closing) or sign in CLOSING:
            self.bracket_closes(sign, 1)
        elif sign == "<" and self._angle_opens():
            self.bracket_opens("⟨", 1)
        elif sign == ">" and self.open and self.open[-1].kind == "⟨":
            self.bracket_closes("⟩", 1)
        elif sign in "→←" and self.in_script():
            self.emit("NAME", "right" if sign == "→" else "left", 1)
        elif sign == "∈" and self.element_of(1):
            pass
        elif sign in SIGNS:
            kind, value = SIGNS[sign]
            if kind == "TOP" and self.after_operand() and not self.in_script():
                kind, value = "TRANSPOSED", ".T"  # W⊤ without a script
            self.emit(kind, value, 1)
        elif sign == ":" and not self.open and self._after_condition():
            self.emit("COMMA", ",", 1)
        elif sign == ":" and self.open:
            self.emit("RANGE", "..", 1)  # sum(s=0:T_t, ...)
        elif sign == ";":
            self.emit("COMMA", ";", 1)
        elif sign in ".:?!" and not self.text[self.at + 1 :].strip(" \n\t$.:?!\\"):
            self.at += 1  # punctuation at the end of a sentence
        else:
            raise unreadable("unexpected-character", self.span(1), sign)

    def _after_condition(self) -> bool:
        """``if |g| > v: g = ...``."""
        for token in reversed(self.result.tokens):
            if token.type in ("SEPARATOR", "RELATION", "COMMA"):
                return False
            if token.type == "COMPARE":
                return True
        return False

    def _angle_opens(self) -> bool:
        """``^{<t>}`` and ``^<t>`` hold a step; ``y_{<t}`` says "before"."""
        if not (self.after_script_mark() or self.in_script()):
            return False
        following = re.compile(r"<[^<>{}]{0,20}>").match(self.text, self.at)
        return following is not None or not self.in_script()

    def _lost_subscript(self) -> bool:
        """Whether braces follow a name of one letter as its subscript would (``h{t-1}``)."""
        before = self.result.tokens[-1] if self.result.tokens else None
        match = _LOST_SUBSCRIPT.match(self.text, self.at)
        if before is None or match is None or before.type != "NAME" or self.in_script():
            return False
        adjacent = before.end == self.signs[self.at].start and len(before.value) == 1
        word = match.group(1)
        known = word in self.notation.labels or word[0] in "ijkmnst"
        if adjacent and known and before.value in self.notation.bases:
            self.repair(len(match.group()), "_" + match.group())
            return True
        return False

    def _starred_underscore(self) -> bool:
        """Whether this ``*`` is an underscore that a Markdown formatter spoilt."""
        if self.text.startswith("*{", self.at):
            return True
        before, after = self.text[self.at - 1 : self.at], self.text[self.at + 1 : self.at + 2]
        if self.starred and self.latex and before and before.isalpha() and after == "t":
            return not self.letter_at(self.at + 2) and "t" not in self.notation.bases
        digits = "0123456789" if self.starred else "01"
        return bool(before and before in "xuzvyS" and after and after in digits) and not (
            self.digit_at(self.at + 2)
        )
