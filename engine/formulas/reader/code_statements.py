"""Python source in statements: line ends, semicolons, comments and brackets, nothing more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from engine.formulas.tree import Span
from engine.formulas.trouble import unreadable

_MAX_BRACKETS: Final = 40
_OPENING: Final = {"(": ")", "[": "]"}


def statements(text: str, place: Callable[[int, int], Span]) -> list[Span]:
    """The stretches between semicolons and line ends outside brackets, comments left out.

    ``place`` gives the span in the text as typed. Raises ``Unreadable`` at an unmatched bracket.
    """
    bounds: list[Span] = []
    stack: list[tuple[str, int]] = []
    start = at = 0
    while at <= len(text):
        sign = text[at] if at < len(text) else "\n"
        if sign == "#" or (sign in ";\n" and (not stack or at == len(text))):
            if sign == "#" and stack:
                raise unreadable("unsupported-code", place(at, at + 1), sign)
            if text[start:at].strip():
                bounds.append((start, at))
            if sign == "#":
                newline = text.find("\n", at)
                at = newline if newline >= 0 else len(text)
            start = at + 1
        elif sign in _OPENING:
            stack.append((sign, at))
            if len(stack) > _MAX_BRACKETS:
                raise unreadable("too-deep", place(at, at + 1), sign)
        elif sign in ")]":
            if not stack or _OPENING[stack[-1][0]] != sign:
                raise unreadable("unbalanced-bracket", place(at, at + 1), sign)
            stack.pop()
        at += 1
    if stack:
        sign, at = stack[-1]
        raise unreadable("unbalanced-bracket", place(at, at + 1), sign, expected=(_OPENING[sign],))
    return bounds
