"""Text on a grid of cells: wrapping Japanese and English prose, widths, and what was typed.

A terminal knows cells, not letters: 重 takes two, w takes one, a combining mark none. Widths are
those that Rich and Textual draw with, so that what is measured here is what is shown.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from rich.cells import cell_len

# 行頭禁則: may not begin a line. Closing brackets, stops, small kana, the long-vowel mark.
NEVER_FIRST: Final = frozenset(
    "、。，．・：；？！,.:;?!）)]｝}」』】〉》〕〙〗’”々ー〜ゝゞヽヾ％%…‥"
    "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ"
)
# 行末禁則: may not end a line. Opening brackets.
NEVER_LAST: Final = frozenset("（([｛{「『【〈《〔〘〖‘“")


def cell_width(text: str) -> int:
    """How many terminal cells ``text`` takes."""
    return cell_len(text)


def normalise(text: str) -> str:
    """What was typed, with full-width and compatibility forms folded (NFKC): Ａ is A, ２ is 2."""
    return unicodedata.normalize("NFKC", text)


def pad(text: str, width: int, align: str = "left") -> str:
    """``text`` filled with spaces to ``width`` cells (``align``: left, right or centre)."""
    gap = max(0, width - cell_width(text))
    if align == "right":
        return " " * gap + text
    if align == "centre":
        return " " * (gap // 2) + text + " " * (gap - gap // 2)
    return text + " " * gap


def shorten(text: str, width: int) -> str:
    """``text`` cut to ``width`` cells, with an ellipsis where something was left out."""
    if cell_width(text) <= width:
        return text
    kept = ""
    for letter in text:
        if cell_width(kept + letter) > width - 1:
            break
        kept += letter
    return kept + "…" if width > 0 else ""


def wrap(text: str, width: int, indent: str = "") -> list[str]:
    """``text`` in lines of at most ``width`` cells, each beginning with ``indent``.

    Runs of Latin letters, numbers and signs stay whole; Japanese breaks between any two letters,
    but no line begins with 。、）」ー or a small kana, and none ends with an opening bracket. Line
    breaks in the text are kept; a run that is wider than the line is cut.
    """
    width = max(width - cell_width(indent), 2)
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines.extend(indent + line for line in _fill(_atoms(paragraph), width))
    return lines


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"


def _atoms(paragraph: str) -> list[str]:
    """Pieces that a line break may separate, spaces being pieces of their own."""
    pieces: list[str] = []
    glue = False  # the piece before ends with an opening bracket
    for letter in paragraph:
        previous = pieces[-1] if pieces else ""
        after_space = not previous or previous.isspace()
        if letter == " ":
            if previous and previous.isspace():
                pieces[-1] += letter
            else:
                pieces.append(letter)
            glue = False
            continue
        joins = (
            glue
            or (not after_space and letter in NEVER_FIRST)
            or (not after_space and not _is_wide(letter) and not _is_wide(previous[-1]))
            or (not after_space and unicodedata.combining(letter) != 0)
        )
        if joins and not after_space:
            pieces[-1] += letter
        else:
            pieces.append(letter)
        glue = letter in NEVER_LAST
    return pieces


def _fill(pieces: list[str], width: int) -> list[str]:
    lines: list[str] = []
    line = ""
    full = False  # a gap that did not fit has ended the line
    for position, piece in enumerate(pieces):
        if full and line:
            lines.append(line.rstrip())
            line = ""
        full = False
        if cell_width(line + piece) <= width:
            line += piece
            continue
        if piece.isspace():
            full = bool(line.strip())
            continue
        # Spaces at the start of a paragraph are indentation: they stay, even when the first word
        # does not fit behind them.
        if line.strip() or (line and position == 1 and cell_width(piece) <= width):
            lines.append(line.rstrip())
            line = ""
        rest = piece
        while cell_width(line + rest) > width:
            head = _head(rest, width - cell_width(line))
            lines.append(line + head)
            rest, line = rest[len(head) :], ""
        line += rest
    lines.append(line.rstrip())
    return lines


def _head(piece: str, width: int) -> str:
    """The longest beginning of ``piece`` within ``width`` cells: at least one letter."""
    head = piece[0]
    for letter in piece[1:]:
        if cell_width(head + letter) > width:
            break
        head += letter
    # A hard cut obeys the rules too where it can: give the last letter to the next line when the
    # cut would put a stop there alone.
    if len(head) > 1 and len(piece) > len(head) and piece[len(head)] in NEVER_FIRST:
        head = head[:-1]
    return head
