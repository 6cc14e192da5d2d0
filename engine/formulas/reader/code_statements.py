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


def sides_of(
    text: str, start: int, end: int, place: Callable[[int, int], Span]
) -> tuple[list[Span], str]:
    """The sides of one statement, and the sign of an augmented assignment.

    Raises ``Unreadable`` for a comparison, or for an assignment inside another.
    """
    depth, begin, augmented = 0, start, ""
    sides: list[Span] = []
    for at in range(start, end):
        sign = text[at]
        depth += (sign in "([") - (sign in ")]")
        if sign != "=" or depth:
            continue
        before = text[at - 1 : at]
        if before in ("<", ">", "!", "=") or text[at + 1 : at + 2] == "=":
            raise unreadable("unsupported-code", place(at, at + 1), "=")
        stop = at
        if before and before in "+-*/@":
            augmented, stop = before, at - 1
            if sides:
                raise unreadable("unsupported-code", place(stop, at + 1), before + "=")
        elif augmented:
            raise unreadable("unexpected-token", place(at, at + 1), "=")
        sides.append((begin, stop))
        begin = at + 1
    sides.append((begin, end))
    if len(sides) > 1 and not text[sides[0][0] : sides[0][1]].strip():
        sides.pop(0)
    return sides, augmented
