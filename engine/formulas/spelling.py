"""Numbers, index expressions and index names as text in each style."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from engine.formulas.reader.signs import GREEK
from engine.formulas.tree import Index

#: The minus sign of each style; ``display`` is the two-dimensional text for the screen.
INDEX_MINUS: Final[dict[str, str]] = {
    "unicode": "−",
    "latex": "-",
    "ascii": "-",
    "numpy": "-",
    "display": "-",
}
_LETTERS: Final = {word: letter for letter, word in GREEK.items()}


def number_text(value: Fraction) -> str:
    """A whole number or an exact decimal; anything else as a fraction in brackets."""
    if value.denominator == 1:
        return str(value.numerator)
    rest = value.denominator
    twos = fives = 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"({value.numerator}/{value.denominator})"
    places = max(twos, fives)
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def bare_name(name: str, style: str) -> str:
    """An index name in a style: Greek words become letters or commands."""
    if name.endswith("prime") and len(name) > len("prime") and style not in ("ascii", "numpy"):
        return bare_name(name.removesuffix("prime"), style) + "'"  # j'
    if "_" in name and style == "latex":
        letter, _, label = name.partition("_")
        return f"{letter}_{label}" if len(label) == 1 else f"{letter}_{{{label}}}"
    if name in _LETTERS and style in ("unicode", "display"):
        return _LETTERS[name]
    if name in _LETTERS and style == "latex":
        return "\\" + name
    return name


def index_text(index: Index, style: str) -> str:
    """``t−s−1``: what is added comes first, so that a leading minus is rare."""
    minus = INDEX_MINUS[style]
    parts: list[tuple[bool, str]] = []
    for name, weight in index.coefficients:
        text = bare_name(name, style)
        if abs(weight) != 1:
            joint = "*" if style in ("ascii", "numpy") else ""
            text = f"{abs(weight)}{joint}{text}"
        parts.append((weight > 0, text))
    if index.constant or not parts:
        parts.append((index.constant >= 0, str(abs(index.constant))))
    parts.sort(key=lambda part: not part[0])
    text = ""
    for positive, part in parts:
        sign = "" if positive and not text else ("+" if positive else minus)
        text += sign + part
    return text
