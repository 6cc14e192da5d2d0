"""The marked word of a negative stem: ``**not**``, ``**不適切なもの**``.

Two asterisks around letters only, so that a power in code or in a formula is none.
"""

from __future__ import annotations

import re
from typing import Final

MARKED: Final = re.compile(
    r"(?<![A-Za-z0-9_)\]*])\*\*([^\W\d_](?:[^\W\d_]|[ \n]){0,40})\*\*(?![A-Za-z0-9_(*])"
)

_NEGATIVE_EN: Final = re.compile(r"\b(?:not|never|except|incorrect|wrong|false|cannot)\b", re.I)
_NEGATIVE_JA: Final = re.compile(r"不適切|適切で(?:は)?ない|誤|正しくない|ない|異なる|間違")
# Stems that look negative though no word of them is marked.
_LOOKS_EN: Final = re.compile(
    r"\b(?:which|what)\b[^.?]*\b(?:is|are|does|do|was)\s+(?:not|never|incorrect|wrong|false)\b"
    r"[^.?]*\?"
    r"|\b(?:choose|select|find|name)\b[^.?]*\b(?:incorrect|inappropriate|wrong|false)\b\s+"
    r"(?:one|statement|description|option|combination)"
    r"|\bexcept\?",
    re.I,
)
_LOOKS_JA: Final = re.compile(
    r"(?:不適切な|適切で(?:は)?ない|誤った|誤っている|誤りである|正しくない|当てはまらない|含まれない)"
    r"(?:もの|記述|説明|組合せ|組み合わせ|選択肢|文)"
)


def is_negative(en: str, ja: str) -> bool:
    """Whether a stem asks for what does not hold, marked or not."""
    marked = any(_NEGATIVE_EN.search(word) for word in MARKED.findall(en))
    marked = marked or any(_NEGATIVE_JA.search(word) for word in MARKED.findall(ja))
    return marked or looks_negative(en, ja)


def looks_negative(en: str, ja: str) -> bool:
    """Whether the wording of either language asks for what does not hold."""
    return bool(_LOOKS_EN.search(MARKED.sub(r"\1", en)) or _LOOKS_JA.search(MARKED.sub(r"\1", ja)))


def is_marked(text: str) -> bool:
    """Whether a word of the text is marked."""
    return MARKED.search(text) is not None
