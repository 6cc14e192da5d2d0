"""Drawn values in texts: the one rule for ``{NAME}``, and for ``$NAME``.

A **placeholder** is ``{NAME}``, NAME a letter followed by letters, digits or underscores (ASCII),
*unless the brace stands where LaTeX puts an argument*: right after ``_``, ``^``, ``}``, ``{``,
``$``, or after a command such as ``\\mathrm``. So ``{D} inputs`` has a placeholder, and
``W_{in}``, ``x^{t}``, ``\\frac{a}{b}`` and ``\\text{out}`` have none. Braces that hold anything
else (``{1, 2}``, ``{ x }``, ``{x: 1}``) are plain text.

A **reference** is a whole YAML value ``$NAME``; it never stands inside another text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from question_bank.text import Text

NAME: Final = r"[A-Za-z][A-Za-z0-9_]*"
# In the explanation of a numeric item ``{answer}`` is the computed value.
ANSWER_NAME: Final = "answer"
_BRACED = re.compile(r"\{(" + NAME + r")\}")
_ARGUMENT_BEFORE = re.compile(r"(?:[_^{}$]|\\[A-Za-z]+\*?|\\.)$")
_REFERENCE = re.compile(r"\$(" + NAME + r")")


def placeholders(text: str) -> tuple[list[str], list[str]]:
    """Names in braces: those that are placeholders, and those that are arguments of a formula."""
    names: list[str] = []
    arguments: list[str] = []
    for found in _BRACED.finditer(text):
        (arguments if _is_argument(text, found.start()) else names).append(found[1])
    return names, arguments


def fill(text: str, values: Mapping[str, str]) -> str:
    """``text`` with each placeholder replaced once; replaced values are not looked at again."""

    def value(found: re.Match[str]) -> str:
        if _is_argument(text, found.start()):
            return found[0]
        return values.get(found[1], found[0])

    return _BRACED.sub(value, text) if values else text


def fill_text(text: Text, values: Mapping[str, str]) -> Text:
    """Both languages of ``text`` filled."""
    return Text(fill(text.en, values), fill(text.ja, values)) if values else text


def reference(value: object) -> str | None:
    """The name that a whole value ``$NAME`` refers to, else None."""
    if isinstance(value, str) and (found := _REFERENCE.fullmatch(value)):
        return found[1]
    return None


def substitute(value: Any, values: Mapping[str, Any]) -> Any:
    """Plain data with each reference replaced by its drawn value. Raises ``KeyError``."""
    if isinstance(value, (list, tuple)):
        return [substitute(part, values) for part in value]
    if isinstance(value, Mapping):
        return {key: substitute(part, values) for key, part in value.items()}
    name = reference(value)
    return value if name is None else values[name]


def _is_argument(text: str, brace: int) -> bool:
    # 40 characters are longer than any LaTeX command; looking at all of them would be quadratic.
    return _ARGUMENT_BEFORE.search(text[max(0, brace - 40) : brace]) is not None
