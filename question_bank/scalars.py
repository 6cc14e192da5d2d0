"""Forms of single values: words, numbers, texts in both languages; and the log that they write.

A form reads a node and describes itself as JSON schema. It never raises: it reports to the ``Log``
and gives None, so that one pass finds everything.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from question_bank.nearest import nearest
from question_bank.nodes import Mapping, Node, Scalar, Sequence
from question_bank.placeholders import reference
from question_bank.problems import LANGUAGE_NAMES, Problem, problem
from question_bank.text import LANGUAGES, Place, Text

T = TypeVar("T")

_KIND_NAMES: Final[dict[str, Text]] = {
    "text": Text("a text", "文"),
    "word": Text("a word", "語"),
    "integer": Text("a whole number", "整数"),
    "number": Text("a number", "数"),
    "truth": Text("true or false", "true か false"),
    "null": Text("nothing", "空の値"),
    "list": Text("a list", "リスト"),
    "mapping": Text("a mapping (key: value)", "マッピング（キー: 値）"),
    "value": Text("a value", "値"),
    "draw": Text("a mapping of names to draws", "名前と draw のマッピング"),
}


@dataclass
class Log:
    """What reading one file gathers: problems, places by path, texts and references."""

    problems: list[Problem] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    texts: list[tuple[str, str, str, Place]] = field(default_factory=list)
    references: list[tuple[str, Place]] = field(default_factory=list)
    # Code and figures: what stands in braces there may be a drawn value, or a part of the language.
    lines: list[Text] = field(default_factory=list)

    def report(
        self, place: Place, code: str, *, nearest: tuple[str, ...] = (), **values: object
    ) -> None:
        self.problems.append(problem(place, code, nearest=nearest, **values))

    def wrong_type(self, node: Node, expected: str) -> None:
        found: object = _KIND_NAMES[_kind_of(node)]
        if isinstance(node, Scalar) and node.value is not None:
            found = f"'{node.text[:40]}'"
        self.report(node.place, "wrong-type", expected=_KIND_NAMES[expected], found=found)


def _kind_of(node: Node) -> str:
    if isinstance(node, Sequence):
        return "list"
    if isinstance(node, Mapping):
        return "mapping"
    return "null" if node.value is None else "value"


class Form(ABC, Generic[T]):
    """What a value must look like."""

    @abstractmethod
    def read(self, node: Node, path: str, log: Log) -> T | None:
        """The value of ``node``, or None after reporting what is wrong with it."""

    @abstractmethod
    def schema(self) -> dict[str, Any]:
        """The same form as JSON schema."""


class Words(Form[str]):
    """A word of a given pattern (``wanted`` says it to people)."""

    def __init__(self, pattern: str = r"\S(.*\S)?", wanted: Text = _KIND_NAMES["word"]) -> None:
        self.pattern = pattern
        self.wanted = wanted

    def read(self, node: Node, path: str, log: Log) -> str | None:
        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            log.wrong_type(node, "word")
            return None
        # Every word may turn out to be a name that the engine does not know.
        log.places[path] = node.place
        if not re.fullmatch(self.pattern, node.value, re.DOTALL):
            log.report(
                node.place,
                "bad-form",
                found=node.value[:60],
                wanted=self.wanted.en,
                wanted_ja=self.wanted.ja,
            )
            return None
        return node.value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^{self.pattern}$"}


class OneOf(Form[str]):
    """One of a few names. With ``code`` another message says what the names are."""

    def __init__(self, names: tuple[str, ...], code: str = "unknown-name") -> None:
        self.names = names
        self.code = code

    def read(self, node: Node, path: str, log: Log) -> str | None:
        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            log.wrong_type(node, "word")
            return None
        log.places[path] = node.place
        if node.value not in self.names:
            near = nearest(node.value, self.names)
            valid = ", ".join(self.names)
            log.report(node.place, self.code, nearest=near, name=node.value[:60], valid=valid)
            return None
        return node.value

    def schema(self) -> dict[str, Any]:
        return {"enum": list(self.names)}


class Integer(Form[int]):
    """A whole number within bounds."""

    def __init__(self, low: int, high: int) -> None:
        self.low = low
        self.high = high

    def read(self, node: Node, path: str, log: Log) -> int | None:
        value = node.value if isinstance(node, Scalar) else None
        if not isinstance(value, int) or isinstance(value, bool):
            log.wrong_type(node, "integer")
            return None
        if not self.low <= value <= self.high:
            log.report(node.place, "out-of-range", found=value, low=self.low, high=self.high)
            return None
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


class Number(Form[float]):
    """A number within bounds."""

    def __init__(self, low: float, high: float) -> None:
        self.low = low
        self.high = high

    def read(self, node: Node, path: str, log: Log) -> float | None:
        value = node.value if isinstance(node, Scalar) else None
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            log.wrong_type(node, "number")
            return None
        if not self.low <= value <= self.high:
            log.report(node.place, "out-of-range", found=value, low=self.low, high=self.high)
            return None
        return float(value)

    def schema(self) -> dict[str, Any]:
        return {"type": "number", "minimum": self.low, "maximum": self.high}


class Truth(Form[bool]):
    """True or false."""

    def read(self, node: Node, path: str, log: Log) -> bool | None:
        if not isinstance(node, Scalar) or not isinstance(node.value, bool):
            log.wrong_type(node, "truth")
            return None
        return node.value

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


class BothLanguages(Form[Text]):
    """``{en: ..., ja: ...}``; with ``plain`` also one text or number that both languages share."""

    def __init__(self, plain: bool = False) -> None:
        self.plain = plain

    def read(self, node: Node, path: str, log: Log) -> Text | None:
        if isinstance(node, Scalar):
            return self._read_plain(node, path, log)
        if not isinstance(node, Mapping):
            log.wrong_type(node, "text")
            return None
        found: dict[str, str] = {}
        for name, place in node.keys.items():
            if name not in LANGUAGES:
                near = nearest(name, LANGUAGES)
                log.report(place, "unknown-key", name=name, nearest=near)
        for language in LANGUAGES:
            part = node.entries.get(language)
            if part is None:
                if language not in node.keys:
                    missing = LANGUAGE_NAMES[language]
                    log.report(node.place, "missing-language", language=missing)
            elif not isinstance(part, Scalar):
                log.wrong_type(part, "text")
            elif not part.text.strip():
                log.report(part.place, "empty-text")
            else:
                found[language] = _referring(part.text.strip())
                log.texts.append((path, language, found[language], part.place))
        return Text(**found) if len(found) == len(LANGUAGES) else None

    def _read_plain(self, node: Scalar, path: str, log: Log) -> Text | None:
        if not node.text.strip():
            log.report(node.place, "empty-text")
            return None
        if not self.plain:
            log.report(
                node.place, "missing-language", language=Text("one of the languages", "片方の言語")
            )
            return None
        shared = _referring(node.text.strip())
        for language in LANGUAGES:
            log.texts.append((path, language, shared, node.place))
        return Text(shared, shared)

    def schema(self) -> dict[str, Any]:
        kind = "plain_text" if self.plain else "text"
        return {"$ref": f"#/$defs/{kind}"}


def _referring(text: str) -> str:
    """A text that is nothing but a reference shows the drawn value."""
    name = reference(text)
    return text if name is None else "{" + name + "}"
