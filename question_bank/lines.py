"""Lines that are kept as they are: program code and figures, with blanks to ask about."""

from __future__ import annotations

import re
from typing import Any, Final

from question_bank.forms import Form, Log
from question_bank.nearest import nearest
from question_bank.nodes import Mapping, Node, Scalar
from question_bank.problems import LANGUAGE_NAMES
from question_bank.text import LANGUAGES, Text

# The exam's letters of blanks, and what they are called in English.
BLANKS: Final[dict[str, str]] = dict(zip("あいうえおかきくけこ", "abcdefghij", strict=True))
_BLANK: Final = re.compile(f"（([{''.join(BLANKS)}])）")


class Lines(Form[Text]):
    """Code or a figure: one text for both languages, or ``{en: ..., ja: ...}``.

    In a text for both, the blank （あ） reads ``__(a)__`` in English code, and `` (a)  `` in an
    English figure, where it must stay as wide as it is.
    """

    def __init__(self, figure: bool = False) -> None:
        self.blank = r" ({})  " if figure else "__({})__"

    def read(self, node: Node, path: str, log: Log) -> Text | None:
        if isinstance(node, Scalar):
            lines = self._lines(node, log)
            return None if lines is None else self._located(Text(self.english(lines), lines), log)
        if not isinstance(node, Mapping):
            log.wrong_type(node, "text")
            return None
        found: dict[str, str] = {}
        for name, place in node.keys.items():
            if name not in LANGUAGES:
                log.report(place, "unknown-key", name=name, nearest=nearest(name, LANGUAGES))
        for language in LANGUAGES:
            part = node.entries.get(language)
            if part is None:
                if language not in node.keys:
                    missing = LANGUAGE_NAMES[language]
                    log.report(node.place, "missing-language", language=missing)
            elif not isinstance(part, Scalar):
                log.wrong_type(part, "text")
            elif (lines := self._lines(part, log)) is not None:
                found[language] = lines
        return self._located(Text(**found), log) if len(found) == len(LANGUAGES) else None

    def english(self, lines: str) -> str:
        """The same lines with the blanks as English has them."""
        return _BLANK.sub(lambda found: self.blank.format(BLANKS[found[1]]), lines)

    def schema(self) -> dict[str, Any]:
        return {"$ref": "#/$defs/plain_text"}

    def _lines(self, node: Scalar, log: Log) -> str | None:
        lines = "\n".join(line.rstrip() for line in node.text.split("\n")).strip("\n")
        if not lines.strip():
            log.report(node.place, "empty-text")
            return None
        if "\t" in lines:
            log.report(node.place, "tab-in-lines")
            return None
        return lines

    def _located(self, text: Text, log: Log) -> Text:
        log.lines.append(text)
        return text


CODE: Final = Lines()
FIGURE: Final = Lines(figure=True)
