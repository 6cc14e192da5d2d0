"""Bars drawn with signs whose width every terminal agrees on.

Block elements (U+2588 and its kin) are East Asian ambiguous: some Japanese terminals give them two
cells. Braille patterns are neutral, hence one cell everywhere, and ASCII is there for fonts that
lack them.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

Frames: TypeAlias = Literal["line", "ascii"]
SIGNS: dict[str, tuple[str, str]] = {"line": ("⣿", "⣀"), "ascii": ("#", "-")}


def bar(share: float, width: int, frames: Frames = "line") -> str:
    """``width`` cells of which ``share`` (0 to 1) is filled; only 0 is empty and only 1 is full."""
    filled = round(share * width)
    if 0 < share < 1:
        filled = min(max(filled, 1), width - 1)
    full, empty = SIGNS[frames]
    return full * filled + empty * (width - filled)
