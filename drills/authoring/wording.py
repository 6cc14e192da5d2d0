"""The words of items as plain text: what of them is shown, and which of them carry meaning."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from drills.locale import text
from question_bank.kinds.choice import ChoiceBody, Option
from question_bank.kinds.predict import PredictBody
from question_bank.marks import MARKED
from question_bank.model import Item
from question_bank.text import Language, Text

# Latin words of four letters or more, and runs of kanji or katakana: what a stem is about.
_CONTENT: Final = re.compile(r"[A-Za-z][A-Za-z-]{3,}|[\u4e00-\u9fff々]{2,}|[\u30a0-\u30ff]{3,}")
_COMMON: Final = frozenset(
    {
        *("that", "this", "with", "from", "which", "what", "where", "when", "have", "does"),
        *("into", "than", "then", "them", "they", "their", "there", "each", "same", "over"),
        *("only", "after", "before", "between", "because", "about", "most", "must", "value"),
    }
)


def said(key: str, **values: object) -> Text:
    """The program's text of ``key``; a ``Text`` among the values goes in by language."""
    en = {name: v.en if isinstance(v, Text) else v for name, v in values.items()}
    ja = {name: v.ja if isinstance(v, Text) else v for name, v in values.items()}
    return Text(text(key).fill(**en).en, text(key).fill(**ja).ja)


def options_of(item: Item) -> tuple[Option, ...]:
    """The options that an author wrote; () for kinds without."""
    if isinstance(item.body, ChoiceBody):
        return item.body.options
    if isinstance(item.body, PredictBody):
        return item.body.as_choice().options
    return ()


def plain(shown: str) -> str:
    """The text as it is read: folded, without the signs that mark code and words."""
    return MARKED.sub(r"\1", unicodedata.normalize("NFKC", shown)).replace("`", "")


def asked(item: Item, language: Language) -> str:
    """Everything that is read before answering, without the options."""
    parts = []
    if item.shared is not None:
        parts += [item.shared.stem, item.shared.code, item.shared.figure]
    parts += [item.stem, item.code, item.figure]
    return "\n".join(part.in_(language) for part in parts if part is not None)


def content_words(shown: str) -> frozenset[str]:
    """The words that carry meaning, folded; in English without the ending of a plural."""
    words = (found.casefold().rstrip("s") for found in _CONTENT.findall(plain(shown)))
    return frozenset(word for word in words if word not in _COMMON)
