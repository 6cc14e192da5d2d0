"""Marks of a web page inside a copied formula: entities (``&lt;``) and tags (``<sub>``)."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import Final

from engine.formulas.trouble import Repair

_ENTITY = r"&(?:#\d{1,6}|#[xX][0-9a-fA-F]{1,5}|[A-Za-z]{2,12});"
_TAG = r"<(?P<close>/?)(?P<name>sub|sup|em|strong|br|span|i|b|var|code|p)(?:\s[^<>\n]{0,200})?/?>"
_MARK = re.compile(f"{_ENTITY}|{_TAG}", re.IGNORECASE)
_WRITTEN: Final[dict[tuple[str, str], str]] = {
    ("sub", ""): "_{",
    ("sub", "/"): "}",
    ("sup", ""): "^{",
    ("sup", "/"): "}",
    # A Markdown formatter takes a pair of underscores for emphasis.
    ("em", ""): "_",
    ("em", "/"): "_",
    ("br", ""): "\n",
    ("br", "/"): "\n",
}
# Tags that are also an index in angle brackets (a^{<i>}) count only where they are closed.
_LETTERS: Final = frozenset({"i", "b", "p"})


@lru_cache(maxsize=16)
def page_marks(text: str) -> tuple[Repair, ...]:
    """The marks in ``text`` and what each stands for, in order."""
    if "&" not in text and "<" not in text:
        return ()
    found: list[Repair] = []
    folded = text.casefold()
    for match in _MARK.finditer(text):
        name = (match["name"] or "").casefold()
        if name in _LETTERS and f"</{name}>" not in folded:
            continue
        if name:
            meant = _WRITTEN.get((name, match["close"]), "")
        else:
            meant = html.unescape(match.group())
            if meant == match.group():
                continue  # a lone & before a word is an alignment mark
        found.append(Repair(*match.span(), match.group(), meant))
    return tuple(found)
