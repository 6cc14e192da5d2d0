"""Characters of a formula, folded to plain signs, each with its place in the text as typed.

NFKC makes full-width and styled letters plain; raised and lowered letters become a written script
(``xᵗ⁻ˢ`` is ``x^{t-s}``). Nothing here depends on a notation.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple


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
    "¥": "\\",
    "。": ".",
    "∶": ":",
    "ⅆ": "d",
    "ŷ": "yhat",
}
# Signs that take no room and mean nothing here: joiners, marks of direction, invisible operators.
_INVISIBLE: Final[frozenset[str]] = frozenset(
    "\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\ufeff\u00ad\ufe0e\ufe0f"
)
_DOUBLED: Final = re.compile(r"\\\\(?=(?:frac|partial|sum|delta|epsilon|eta|left|odot|mathbf)\b)")
_SINGLE: Final = re.compile(r"(?<!\\)\\[A-Za-z]")
_RAISED_MARKS: Final[dict[str, str]] = {"super": "^", "sub": "_"}


def _script_of(sign: str) -> str:
    kind = unicodedata.decomposition(sign).partition(">")[0].lstrip("<")
    return _RAISED_MARKS.get(kind, "")


def characters(text: str) -> list[Character]:
    """The folded signs of ``text`` in order."""
    out: list[Character] = []
    script = ""
    position = 0
    while position < len(text):
        end = position + 1
        while end < len(text) and unicodedata.combining(text[end]) and end - position < 8:
            end += 1
        cluster = text[position:end]
        raised = "" if cluster.isascii() else _script_of(cluster[0])
        if raised != script:
            if script:
                out.append(Character("}", position, position))
            if raised:
                out.append(Character(raised, position, position))
                out.append(Character("{", position, position))
            script = raised
        if cluster.isascii():
            out.append(Character(cluster, position, end))
        else:
            # Twice: the tables fold what compatibility made, and a folded sign is final.
            for sign in unicodedata.normalize("NFKC", cluster):
                if sign not in _INVISIBLE:
                    folded = _FOLDED.get(sign, sign)
                    out.extend(Character(letter, position, end) for letter in folded)
        position = end
    if script:
        out.append(Character("}", position, position))
    return out


def single_backslashes(signs: list[Character]) -> list[Character]:
    """``\\\\frac`` as ``\\frac`` where a program or a page doubled every backslash of a command."""
    text = "".join(character.sign for character in signs)
    if not _DOUBLED.search(text) or _SINGLE.search(text):
        return signs
    spare = {match.start() for match in _DOUBLED.finditer(text)}
    return [character for at, character in enumerate(signs) if at not in spare]
