"""A quick look at which notations can read a text at all, by its words alone.

It only puts notations in order: those that lack a word of the text come last. Whether a text is
read is decided by the reader.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from engine.formulas.notations import (
    ACCENT_WORDS,
    GRADIENT_WORD,
    LENGTHS,
    POSITION_WORDS,
    UPDATE_WORDS,
    USUAL_INDICES,
    Notation,
)
from engine.formulas.reader.calls import CALL_WORDS
from engine.formulas.reader.code_selections import SELECTIONS
from engine.formulas.reader.signs import BIG_WORDS, GREEK, LOST_COMMANDS, NAME_COMMANDS

MOST_WORDS: Final = 4096  # words that are remembered
# x \\in \\mathbb{R}^{n}: what a value is an element of names nothing.
_ROOM: Final = re.compile(
    r"(?:\\in(?![A-Za-z])|∈)\s*(?:\\mathbb\s*\{?R\}?|ℝ|R(?=\^))\s*"
    r"(?:\^\s*(?:\{(?:[^{}]|\{[^{}]*\})*\}|\([^()]*\)|\w+))?"
)
_REMARK: Final = re.compile(r"\\text(?:rm|it|normal)?\{[^{}\\]*[ ][^{}\\]*\}")
_WORD: Final = re.compile(r"(\\?)([A-Za-z]+)")
# A word in the braces of a subscript: no product of letters, W_{hx} is not W_{h x}.
_LABEL: Final = re.compile(
    r"_\s*(?:\{\s*)?(?:\\(?:text\w*|math\w+|rm|it|bf)\b\s*\{?\s*|\{\s*)([A-Za-z]{2,})(?![A-Za-z])"
)
_OF_INDICES: Final = frozenset("ijklmnpqst")
# Words that stand beside formulas: of LaTeX, of programs, and of pages.
_BESIDE: Final = """
    if otherwise else and for where when the of all cases array aligned align equation matrix
    eqnarray gather gathered multline split
    bmatrix pmatrix neg sample sampling sampled samples negative naive softmax sg ns loss
    np numpy dot reshape axis keepdims functions linalg norm concatenate hstack vstack square
    multiply minimum maximum clip mean copy flatten ravel None True False
    outer range in not prod torch tf F math self mathrel sub sup em br lt gt amp nbsp minus times
    d e T E Delta Vocab vocab
"""
_SAID: Final = frozenset(
    {*POSITION_WORDS, *UPDATE_WORDS, GRADIENT_WORD, *LENGTHS, *USUAL_INDICES, *CALL_WORDS}
    | {*BIG_WORDS, *LOST_COMMANDS, *SELECTIONS, *_BESIDE.split()}
)


def words_of(text: str) -> frozenset[str]:
    """The words of a text that may be names: letters in a row, Greek ones written out.

    Of LaTeX commands only those that are names count. A label stands with ``_``, too.
    """
    plain = unicodedata.normalize("NFKC", _REMARK.sub(" ", _ROOM.sub(" ", text)))
    spelt = "".join(f" {GREEK[sign]} " if sign in GREEK else sign for sign in plain)
    words = {f"_{word}" for word in _LABEL.findall(spelt)}
    for command, word in _WORD.findall(spelt):
        if not command:
            words.add(word)
        elif word in NAME_COMMANDS:
            words.add(NAME_COMMANDS[word])
    return frozenset(words)


def missing_words(words: frozenset[str], notation: Notation) -> int:
    """How many of the words a notation has no use for; 0 for one that may read the text."""
    known, letters = _vocabulary(notation)
    return sum(not _fits(word, known, letters) for word in words - known)


class Vocabularies:
    """``missing_words`` for many notations at once: what lacks a word is looked up once a word."""

    def __init__(self, notations: Sequence[Notation]) -> None:
        self._known = [_vocabulary(notation) for notation in notations]
        self._lacking: dict[str, tuple[int, ...]] = {}

    def missing(self, words: frozenset[str]) -> list[int]:
        """How many of the words each notation has no use for."""
        counts = [0] * len(self._known)
        for word in words:
            lacking = self._lacking.get(word)
            if lacking is None:
                if len(self._lacking) >= MOST_WORDS:
                    self._lacking.clear()
                lacking = self._lacking[word] = tuple(
                    place
                    for place, (known, letters) in enumerate(self._known)
                    if not _fits(word, known, letters)
                )
            for place in lacking:
                counts[place] += 1
        return counts


def _fits(word: str, known: frozenset[str], letters: frozenset[str]) -> bool:
    if word[0] == "_":
        return word[1:] in known or _OF_INDICES.issuperset(word[1:])
    if word in known or (len(word) > 1 and word[0] == "d" and word[1:] in known):
        return True
    return all(letter in letters for letter in word)


@lru_cache(maxsize=256)
def _vocabulary(notation: Notation) -> tuple[frozenset[str], frozenset[str]]:
    spelt = {word for spelling in notation.by_spelling for word in spelling}
    # Wxh, and tm1 of h_tm1: as programs have them, in pieces.
    spelt |= {"".join(spelling) for spelling in notation.by_spelling}
    spelt |= {re.sub(r"\d", "", word) for word in spelt}
    accented = {base for base in notation.bases if len(base) > 1}
    plain = {base.removesuffix(accent) for base in accented for accent in ACCENT_WORDS} | {
        base.removesuffix("prime") for base in accented
    }
    sizes = {part for size in notation.sizes for part in size.split("_")}
    if notation.probabilities or notation.sequences:
        sizes |= set("cvwxy")  # what words and conditions are called
    letters = {form for one in notation.index_letters for form in (one, one.upper())}
    known = frozenset(
        spelt
        | plain
        | sizes
        | letters
        | set(notation.function_words)
        | notation.values
        | notation.call_words
        | _SAID
    )
    return known, frozenset(word for word in known if len(word) == 1)
