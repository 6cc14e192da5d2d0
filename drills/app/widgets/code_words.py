"""Code words and the word that turns a question round: drawn by style, without their signs.

What stands between backticks is code; ``**not**`` is a word that one must not overlook.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from textual.content import Content

from question_bank.marks import MARKED

CODE_STYLE: Final = "bold $text-accent"
# Weight and a line, no colour: it is seen in every theme and without any.
MARK_STYLE: Final = "bold underline"

_PIECE: Final = re.compile(rf"`([^`]*)`|{MARKED.pattern}")


def with_code(lines: Sequence[str], style: str = "") -> Iterator[Content]:
    """Each line with its code and marked words styled; they may run from one line to the next.

    A backtick without a partner is a backtick.
    """
    text = "\n".join(lines)
    parts: list[Content] = []
    at = 0
    for found in () if text.count("`") % 2 else _PIECE.finditer(text):
        parts.append(Content.styled(text[at : found.start()], style))
        code = found[1]
        parts.append(Content.styled(code, CODE_STYLE) if code is not None else _marked(found[2]))
        at = found.end()
    parts.append(Content.styled(text[at:], style))
    yield from Content("").join(parts).split("\n", allow_blank=True)


def _marked(word: str) -> Content:
    return Content.styled(word, MARK_STYLE)
