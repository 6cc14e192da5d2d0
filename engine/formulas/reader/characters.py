"""Characters of a formula, folded to plain signs, each with its place in the text as typed.

NFKC makes full-width and styled letters plain; raised and lowered letters become a written script
(``xᵗ⁻ˢ`` is ``x^{t-s}``), and so do the tags of a page (``h<sub>t</sub>``). An accent stays one
combining mark behind its letter. Nothing here depends on a notation.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple

from engine.formulas.reader.page_marks import page_marks


class Character(NamedTuple):
    """One folded sign and the slice of the original text that it came from."""

    sign: str
    start: int
    end: int


_FOLDED: Final[dict[str, str]] = {
    **dict.fromkeys("−–—‒‑‐˗﹣ー─⁃", "-"),
    **dict.fromkeys("’‘ʼ′´ʹ‵", "'"),
    **dict.fromkeys("⋅∙•・‧", "·"),
    **dict.fromkeys("∗⁎", "*"),
    **dict.fromkeys("╳✕✖⨯", "×"),
    **dict.fromkeys("∕⁄÷", "/"),
    **dict.fromkeys("〈⟨", "⟨"),
    **dict.fromkeys("〉⟩", "⟩"),
    **dict.fromkeys("、，", ","),
    **dict.fromkeys("【〔", "["),
    **dict.fromkeys("】〕", "]"),
    **dict.fromkeys("∥‖", "‖"),
    **dict.fromkeys("∣⏐", "|"),
    **dict.fromkeys("≦⩽", "≤"),
    **dict.fromkeys("≧⩾", "≥"),
    "¥": "\\",
    "。": ".",
    "∶": ":",
    "ⅆ": "d",
}
# Signs that take no room and mean nothing here: joiners, marks of direction, invisible operators.
_INVISIBLE: Final[frozenset[str]] = frozenset(
    "\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\ufeff\u00ad\ufe0e\ufe0f"
)
_RAISED_MARKS: Final[dict[str, str]] = {"super": "^", "sub": "_"}

#: Combining marks behind a letter, and the word of the accent.
ACCENTS: Final[dict[str, str]] = {
    "\u0302": "hat",
    "\u0303": "tilde",
    "\u0304": "bar",
    "\u0305": "bar",
    **dict.fromkeys("\u20d7\u20d1", "right"),
    **dict.fromkeys("\u20d6\u20d0", "left"),
}
# The same accents as signs of their own: how a page copied from a PDF has them.
_SPACING_ACCENTS: Final[dict[str, str]] = {
    "ˆ": "\u0302",
    "˜": "\u0303",
    "¯": "\u0304",
    "ˉ": "\u0304",
}


def _script_of(sign: str) -> str:
    kind = unicodedata.decomposition(sign).partition(">")[0].lstrip("<")
    return _RAISED_MARKS.get(kind, "")


def characters(text: str) -> list[Character]:
    """The folded signs of ``text`` in order."""
    out: list[Character] = []
    script = ""
    accent: tuple[str, int] | None = None
    for cluster, start, end, mark in _clusters(text):
        if mark is not None:
            out.extend(Character(plain, start, end) for sign in mark for plain in _plain(sign))
            continue
        raised = "" if cluster.isascii() else _script_of(cluster[0])
        if raised != script:
            if script:
                out.append(Character("}", start, start))
            if raised:
                out.append(Character(raised, start, start))
                out.append(Character("{", start, start))
            script = raised
        if cluster in _SPACING_ACCENTS:
            if out and out[-1].sign.isalpha() and out[-1].end == start:
                out.append(Character(_SPACING_ACCENTS[cluster], start, end))
            else:
                accent = (_SPACING_ACCENTS[cluster], end)
            continue
        out.extend(Character(sign, start, end) for sign in _plain(cluster))
        if accent is not None:
            if out and out[-1].sign.isalpha() and accent[1] == start:
                out.append(Character(accent[0], start, end))
            accent = None
    if script:
        out.append(Character("}", len(text), len(text)))
    return out


def _clusters(text: str) -> Iterator[tuple[str, int, int, str | None]]:
    """A sign with its combining marks, or a tag or entity of a page with what it stands for."""
    marks = {mark.start: mark for mark in page_marks(text)}
    position = 0
    while position < len(text):
        if position in marks:
            mark = marks[position]
            yield mark.found, position, mark.end, mark.meant
            position = mark.end
            continue
        end = position + 1
        while end < len(text) and unicodedata.combining(text[end]) and end - position < 8:
            end += 1
        yield text[position:end], position, end, None
        position = end


def _plain(cluster: str) -> Iterator[str]:
    """The plain signs of one cluster. A folded sign is final: the tables are not used again."""
    if cluster.isascii():
        yield from cluster
        return
    for sign in unicodedata.normalize("NFKC", cluster):
        if sign in _INVISIBLE:
            continue
        apart = unicodedata.normalize("NFD", sign)
        if len(apart) == 2 and apart[1] in ACCENTS:
            yield from apart
        else:
            yield from _FOLDED.get(sign, sign)


def spelt_out(signs: list[Character]) -> list[Character]:
    """Accents as words behind their letters (``ŷ`` as ``yhat``), as programs have them."""
    out: list[Character] = []
    for sign, start, end in signs:
        out.extend(Character(letter, start, end) for letter in ACCENTS.get(sign, sign))
    return out
