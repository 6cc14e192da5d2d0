"""Letters and digits while a text is scanned: which runs are names, and where a run is cut."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from engine.formulas.reader.calls import CALL_WORDS
from engine.formulas.reader.characters import ACCENTS
from engine.formulas.reader.commands import Commands
from engine.formulas.reader.signs import (
    BIG_WORDS,
    GREEK,
    OTHERWISE_WORDS,
    is_lost_command,
)
from engine.formulas.trouble import Candidates, unreadable

LETTER: Final = "A-Za-zα-ωΓΔΘΛΞΦΨΩ"
_MARKS: Final = "".join(ACCENTS)
_LETTERS = re.compile(f"[{LETTER}]+(?![{_MARKS}])|[{LETTER}]+(?=[{LETTER}])")
_ACCENTED = re.compile(f"([{LETTER}])([{_MARKS}])")
_PIECES = re.compile(r"[a-z]+|[A-Z]|[α-ωΓΔΘΛΞΦΨΩ]")
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e[+-]?\d{1,2}(?![0-9A-Za-z]))?|\.\d+")
_MAX_DIGITS: Final = 30
# After an unbraced script, a sign and then an index or a number (x^t-s, z_t-1): where does it end?
_RUNS_ON = re.compile(r"[+-](?:\d|[ijkmnpqst](?![0-9A-Za-z_^(]))")
_STEP_BACK = re.compile(r"[+-]\d(?![0-9A-Za-z.])")
_MAX_LABEL: Final = 8
# prod(a, b) is the product of two, and no product sign.
_TWO_ARGUMENTS = re.compile(
    r"\}?\s*(?:\\left)?\s*\((?!\s*[A-Za-z]\w*\s*,)[^()=]*(?:\([^()]*\)[^()=]*)*,"
)


class Words(Commands):
    """Runs of letters, and numbers."""

    def letters(self) -> None:
        accented = _ACCENTED.match(self.text, self.at)
        if accented is not None:
            self._accented_letter(accented.group(1), ACCENTS[accented.group(2)])
            return
        match = _LETTERS.match(self.text, self.at)
        assert match is not None
        run = match.group()
        if self.accent:
            self.greek(GREEK.get(run[0], run[0]), 1)
        elif self._lost(run):
            self.lost_command(run)
        elif self.after_script_mark():
            self._script_word(run)
        elif self.in_script():
            self.emit("NAME", GREEK.get(run, run), len(run))
        elif not self._keyword(run):
            for kind, value, length in self._cut(run):
                self.emit(kind, value, length)

    def _lost(self, run: str) -> bool:
        notation = self.notation
        if run in notation.bases or run in notation.labels or run in notation.function_words:
            return False
        return is_lost_command(run, self.text[self.at + len(run) : self.at + len(run) + 2].strip())

    def _keyword(self, run: str) -> bool:
        """Words that are no names: ``sum``, ``if``, ``otherwise``, ``cases``."""
        if run == "prod" and _TWO_ARGUMENTS.match(self.text, self.at + len(run)):
            self.emit("NAME", run, len(run))
        elif run in BIG_WORDS:
            self.emit("BIG", BIG_WORDS[run], len(run))
        elif run in ("if", "when"):
            self.condition_word("IF", len(run))
        elif run in OTHERWISE_WORDS and self.open:
            self.condition_word("OTHERWISE", len(run))
        elif run in ("for", "where") and not self.open and self.after_operand():
            self.rest_of_line()
        elif run == "cases" and self.text.startswith("(", self.at + 5):
            self.bracket_opens("cases", 6, closing=")")
        else:
            return False
        return True

    def _accented_letter(self, letter: str, accent: str) -> None:
        letter = GREEK.get(letter, letter)
        word = letter + accent
        if accent == "right" and word not in self.notation.bases:
            word = letter
        before = self.result.tokens[-1] if self.result.tokens else None
        start = self.signs[self.at].start
        if before is not None and before[:2] == ("NAME", "d") and before.end == start:
            self.result.tokens[-1] = before._replace(type="PARTIAL")
        self.emit("NAME", word, 2)

    # -- scripts

    def _script_word(self, run: str) -> None:
        """An unbraced script: LaTeX takes one character, a typist means the word."""
        known = run in self.notation.labels or run in self.notation.values
        known = known or (run in self.notation.function_words and not self.latex)
        known = known or self._two_indices(run) or self._of_size(run)
        if known and len(run) > 1 and self.latex:
            self.repair(len(run), "{" + run + "}")
        length = len(run) if known or not (self.latex or self.braces) else 1
        if not known and run[0] in GREEK:
            length = 1
        piece = run[:length]
        self.emit("NAME", GREEK.get(piece, piece), length)
        self.check_end_of_script(True)

    def _two_indices(self, run: str) -> bool:
        """``alpha_ij h_j``: both letters stand below, where the name before takes two indices."""
        tokens = self.result.tokens
        base = tokens[-2].value if len(tokens) > 1 and tokens[-1].type == "SUB" else ""
        return base in self.notation.paired and len(run) == 2 and set(run) <= set("ijklmnst")

    def _of_size(self, run: str) -> bool:
        """The word below a size: ``d_model``."""
        tokens = self.result.tokens
        base = tokens[-2].value if len(tokens) > 1 and tokens[-1].type == "SUB" else ""
        return f"{base}_{run}" in self.notation.sizes

    def check_end_of_script(self, script: bool) -> None:
        """Raises ``Unreadable`` (ambiguous-script) where an unbraced script may run on."""
        if script and not self.latex and not self.in_script():
            match = _RUNS_ON.match(self.text, self.at)
            if match:
                found = self.text[self.at - 1 : self.at] + match.group()
                span = (self.signs[self.at - 1].start, self.signs[match.end() - 1].end)
                raise unreadable("ambiguous-script", span, found, expected=("( )", "{ }"))

    # -- names

    def _cut(self, run: str) -> Iterator[tuple[str, str, int]]:
        """A run of letters as names: whole if declared, else cut where the kind of letter changes.

        Small letters are never cut apart, so that an unknown word stays one unknown word.
        """
        if run == "t" and self._behind_accent():
            yield from self._step_letter()
            return
        if self._is_name(run) and not self._is_begun_elsewhere(run):
            yield self._differential_or_name(run)
            return
        if run[0] in "dΔ" and len(run) > 1 and self._is_name(run[1:]):
            yield "PARTIAL", run[0], 1
            yield "NAME", GREEK.get(run[1:], run[1:]), len(run) - 1
            return
        differential = run[0] == "d" and len(run) > 2 and "d" not in self.notation.bases
        labelled = self._labelled(run) or (differential and self._labelled(run[1:]))
        if labelled:
            if sum(length for _, _, length in labelled) < len(run):
                yield "PARTIAL", "d", 1
            yield from labelled
            return
        pieces = self._split(run)
        if pieces is None:
            yield self._differential_or_name(run)
            return
        for piece in pieces:
            yield "NAME", GREEK.get(piece, piece), len(piece)

    def _is_begun_elsewhere(self, run: str) -> bool:
        """Whether ``dh`` begins a name (``dh_raw``), but not this one: then it is d and h."""
        if run[0] != "d" or run not in self.notation.bases or self.notation.find(run) is not None:
            return False
        return self._is_name(run[1:]) and self.text[self.at + len(run) :][:1] != "_"

    def _differential_or_name(self, run: str) -> tuple[str, str, int]:
        """A lone d before a name is a differential where the notation has no quantity d."""
        if run == "d" and "d" not in self.notation.bases and self._name_follows():
            return "PARTIAL", "d", 1
        return "NAME", GREEK.get(run, run), len(run)

    def _name_follows(self) -> bool:
        match = re.compile(rf"\s*\{{*\s*(\\[A-Za-z]+|[{LETTER}])").match(self.text, self.at + 1)
        return match is not None and match.group(1) not in ("\\in", "\\times", "\\cdot")

    def _labelled(self, run: str) -> list[tuple[str, str, int]]:
        """``Wxh`` as W_xh, ``bf`` as b_f, ``ht`` as h_t: joined as programs and PDFs have them."""
        if len(run) > _MAX_LABEL or self.latex:
            return []
        letter, rest = run[0], run[1:]
        base = GREEK.get(letter, letter)
        if not rest or letter == "d" or base not in self.notation.bases:
            return []
        if self.notation.find(base, (rest,)) is not None:
            return [("NAME", base, 1), ("SUB", "_", 0), ("NAME", rest, len(rest))]
        quantity = self.notation.find(base)
        if rest != "t" or quantity is None or quantity.kind != "signal" or not quantity.indices:
            return []
        return [("NAME", base, 1), *self._step_letter(1)]

    def _behind_accent(self) -> bool:
        """Whether the t of ``h̃t`` follows its letter."""
        before = self.result.tokens[-1] if self.result.tokens else None
        if self.latex or before is None or before.type != "NAME":
            return False
        accented = before.end == self.signs[self.at].start and len(before.value) > 1
        quantity = self.notation.find(before.value) if accented else None
        return quantity is not None and quantity.kind == "signal" and bool(quantity.indices)

    def _step_letter(self, before: int = 0) -> list[tuple[str, str, int]]:
        """The t of ``ht`` as a subscript; ``ht-1`` is h_{t-1}, and told."""
        back = _STEP_BACK.match(self.text, self.at + before + 1)
        if back is None:
            return [("SUB", "_", 0), ("NAME", "t", 1)]
        letter = self.text[self.at : self.at + before]
        self.repair(before + 1 + len(back.group()), f"{letter}_{{t{back.group()}}}")
        return [
            *(("SUB", "_", 0), ("LPAR", "{", 0), ("NAME", "t", 1)),
            *(("SIGN", back.group()[0], 1), ("NUMBER", back.group()[1], 1), ("RPAR", "}", 0)),
        ]

    def _is_name(self, word: str) -> bool:
        word = GREEK.get(word, word)
        return (
            word in self.notation.bases
            or word in self.notation.function_words
            or word in self.notation.values
            or word in self.notation.call_words
            or word in CALL_WORDS
        )

    def _split(self, run: str) -> list[str] | None:
        if len(run) > 40:
            return None
        pieces = _PIECES.findall(run)
        if "".join(pieces) == run and all(self._is_name(piece) for piece in pieces):
            return pieces
        return None

    # -- numbers

    def number(self) -> None:
        match = _NUMBER.match(self.text, self.at)
        if match is None:  # a digit of another script
            raise unreadable("unexpected-character", self.span(1), self.text[self.at])
        digits, length = match.group(), len(match.group())
        if length > _MAX_DIGITS:
            raise unreadable("number-too-large", self.span(length), digits[:40])
        script = self.after_script_mark()
        before = self.result.tokens[-1] if self.result.tokens else None
        if before and before.type == "NAME" and before.end == self.signs[self.at].start:
            if before.value + digits in self.notation.bases:  # beta1 is a name of its own
                self.at += length
                end = self.signs[self.at - 1].end
                self.result.tokens[-1] = before._replace(value=before.value + digits, end=end)
                return
            labelled = self.notation.find(before.value, (digits,)) is not None
            if labelled or self._is_step(before.value, digits):  # x1 is x_1, beta1 is β_1
                self.repair(length, "_" + digits)
                self.emit("SUB", "_", 0)
                self.emit("NUMBER", digits, length)
                return
            word = f"{before.value}{digits}"  # W1 is a name, not W times 1
            names = Candidates((before.value,), tuple(self.notation.spelt))
            place = (before.start, self.span(length)[1])
            raise unreadable("unknown-name", place, word[:40], names=names)
        if script and self.latex:
            length = 1
        self.emit("NUMBER", self.text[self.at : self.at + length], length)
        self.check_end_of_script(script)

    def _is_step(self, name: str, digits: str) -> bool:
        quantity = self.notation.find(name)
        signal = quantity is not None and quantity.kind == "signal"
        return signal and digits.isdigit() and len(digits) < 3 and not self.latex


__all__ = ["LETTER", "Words"]
