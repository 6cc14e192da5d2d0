"""Brackets of all kinds while a text is scanned: pairs, bars, matrices, cases."""

from __future__ import annotations

import re
from typing import Final

from engine.formulas.reader.scan_state import Opened, ScanState
from engine.formulas.reader.signs import MATRICES, OPENING
from engine.formulas.trouble import unreadable

MAX_BRACKETS: Final = 40
_LONGEST_HEAD: Final = 12
_ENVIRONMENT = re.compile(r"\s*\{\s*([A-Za-z]+)\*?\s*\}")
_COLUMNS = re.compile(r"\s*\{[lcr|@ !{}]{1,20}\}")
_SCRIPTS = re.compile(r"_\{[^{}]*\}|\^\{[^{}]*\}|[_^].")
_WORDS_OF_CASES = re.compile(
    r"if\b|when\b|otherwise|else|[<>≤≥≠]|\\(?:lt|gt|leq?|geq?|neq?|le|ge)(?![A-Za-z])|&\s*[^=&]*="
)
_EQUATION = re.compile(r"=|←|\\(?:leftarrow|gets)")


class Brackets(ScanState):
    """Opens and closes brackets; every kind becomes LPAR and RPAR, told apart by value."""

    def bracket_opens(
        self, kind: str, length: int, *, listing: bool = False, closing: str = ""
    ) -> None:
        """Emits LPAR. Raises ``Unreadable`` (too-deep) beyond ``MAX_BRACKETS``."""
        script = self.after_script_mark()
        if len(self.open) >= MAX_BRACKETS:
            raise unreadable("too-deep", self.span(length), kind)
        condition = kind == "(" and self._head_of_call() in self.notation.probabilities
        token = self.emit("LPAR", kind, length)
        closing = closing or OPENING.get(kind, kind)
        self.open.append(Opened(kind, closing, token, script, listing, condition))

    def bracket_closes(self, kind: str, length: int) -> None:
        """Emits RPAR. Raises ``Unreadable`` (unbalanced-bracket) when another one is open."""
        if not self.open or self.open[-1].closing != kind:
            expected = (self.open[-1].closing,) if self.open else ()
            raise unreadable("unbalanced-bracket", self.span(length), kind, expected=expected)
        if self.open[-1].listing:
            self._drop_last_separator()
        self.open.pop()
        self.emit("RPAR", kind, length)

    def _drop_last_separator(self) -> None:
        """A row may end with a line end that begins no other row."""
        if self.last() == "COMMA":
            self.result.tokens.pop()

    def _head_of_call(self) -> str:
        """The name that a bracket follows; a subscript or braces are left aside (``p_θ(``)."""
        tokens = self.result.tokens[-_LONGEST_HEAD:]
        if tokens and tokens[-1].type == "RPAR":
            depth, inside = 0, tokens[-1]
            while tokens:
                token = tokens.pop()
                depth += (token.type == "RPAR") - (token.type == "LPAR")
                if depth == 0:
                    break
                inside = token
            if not tokens or tokens[-1].type != "SUB":
                return inside.value if inside.type == "NAME" else ""
            tokens.pop()
        elif len(tokens) > 2 and tokens[-2].type == "SUB":
            del tokens[-2:]
        return tokens[-1].value if tokens and tokens[-1].type == "NAME" else ""

    # -- bars

    def bar(self, kind: str, length: int) -> None:
        """``|`` opens, closes, or says "given" inside a probability; ``‖`` opens or closes."""
        top = self.open[-1] if self.open else None
        if kind == "|" and top is not None and top.condition:
            self.emit("COMMA", "|", length)
        elif top is not None and top.kind == kind and self.after_operand():
            self.bracket_closes(kind, length)
        else:
            self.bracket_opens(kind, length)

    def double_bar(self) -> None:
        """``||`` is a norm, or two bars where one of them closes."""
        top = self.open[-1].kind if self.open else ""
        self.bar("|" if top == "|" else "‖", 1 if top == "|" else 2)

    def given(self, length: int) -> None:
        r"""``\mid`` in a probability."""
        if not self.open or self.open[-1].kind not in "([":
            raise unreadable("unexpected-token", self.span(length), "|")
        self.emit("COMMA", "|", length)

    # -- environments

    def environment_begins(self, length: int) -> None:
        r"""``\begin{pmatrix}`` and its like open a bracket; one with equations is decoration."""
        match = _ENVIRONMENT.match(self.text, self.at + length)
        if match is None:
            raise unreadable("unexpected-token", self.span(length), "\\begin", expected=("{",))
        name, end = match.group(1), match.end()
        if name == "array" and (columns := _COLUMNS.match(self.text, end)):
            end = columns.end()
        whole = end - self.at
        content = self._content(name, end)
        if name in ("cases", "dcases", "rcases") or self._is_left_brace(name):
            if _WORDS_OF_CASES.search(content) or not _EQUATION.search(content):
                self.bracket_opens("cases", whole, listing=True)
                return
        elif name in MATRICES and not _EQUATION.search(_SCRIPTS.sub("", content)):
            self.bracket_opens("matrix", whole, listing=True)
            return
        self.at += whole

    def environment_ends(self, length: int) -> None:
        match = _ENVIRONMENT.match(self.text, self.at + length)
        whole = (match.end() if match else self.at + length) - self.at
        if self.open and self.open[-1].listing:
            self.bracket_closes(self.open[-1].closing, whole)
        else:
            self.at += whole

    def _content(self, name: str, start: int) -> str:
        end = self.text.find(f"end{{{name}", start)
        return self.text[start : end if end >= 0 else len(self.text)][:2000]

    def _is_left_brace(self, name: str) -> bool:
        r"""``\left\{ \begin{array}``: cases, with a brace that nothing closes."""
        return name in ("array", "aligned", "matrix") and bool(
            re.search(r"\\left\s*\\(?:\{|lbrace)\s*$", self.text[max(0, self.at - 24) : self.at])
        )

    def row_ends(self, length: int) -> None:
        r"""``\\`` in a matrix or a list of limits."""
        if self.last() == "COMMA":
            self.result.tokens.pop()
        if self.last() == "LPAR":
            self.at += length
        else:
            self.emit("COMMA", ";", length)

    def column_ends(self) -> None:
        if self.last() == "COMMA" or self.last() == "LPAR":
            self.at += 1
        else:
            self.emit("COMMA", ",", 1)
