"""Forms: what a YAML value must look like. Each reads a node and describes itself as JSON schema.

A form never raises: it reports to the ``Log`` and gives None, so that one pass finds everything.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
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


@dataclass(frozen=True)
class Words(Form[str]):
    """A word of a given pattern (``wanted`` says it to people)."""

    pattern: str = r"\S(.*\S)?"
    wanted: Text = _KIND_NAMES["word"]

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


@dataclass(frozen=True)
class OneOf(Form[str]):
    """One of a few names. With ``code`` another message says what the names are."""

    names: tuple[str, ...]
    code: str = "unknown-name"

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


@dataclass(frozen=True)
class Integer(Form[int]):
    """A whole number within bounds."""

    low: int
    high: int

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


@dataclass(frozen=True)
class Number(Form[float]):
    """A number within bounds."""

    low: float
    high: float

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


@dataclass(frozen=True)
class Truth(Form[bool]):
    """True or false."""

    def read(self, node: Node, path: str, log: Log) -> bool | None:
        if not isinstance(node, Scalar) or not isinstance(node.value, bool):
            log.wrong_type(node, "truth")
            return None
        return node.value

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


@dataclass(frozen=True)
class BothLanguages(Form[Text]):
    """``{en: ..., ja: ...}``; with ``plain`` also one text or number that both languages share."""

    plain: bool = False

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


@dataclass(frozen=True)
class ListOf(Form[tuple[T, ...]]):
    """A list whose entries all have one form; with ``single`` one entry may stand alone."""

    entry: Form[T]
    least: int = 0
    most: int = 200
    single: bool = False

    def read(self, node: Node, path: str, log: Log) -> tuple[T, ...] | None:
        if self.single and not isinstance(node, Sequence):
            alone = self.entry.read(node, path, log)
            return None if alone is None else (alone,)
        if not isinstance(node, Sequence):
            log.wrong_type(node, "list")
            return None
        if len(node.items) < self.least:
            log.report(node.place, "empty-list", least=self.least, found=len(node.items))
        if len(node.items) > self.most:
            log.report(node.place, "too-many", most=self.most, found=len(node.items))
            return None
        read = [self.entry.read(n, f"{path}/{i}", log) for i, n in enumerate(node.items)]
        good = tuple(value for value in read if value is not None)
        return good if len(good) == len(read) >= self.least else None

    def schema(self) -> dict[str, Any]:
        many = {"type": "array", "items": self.entry.schema(), "minItems": self.least}
        return {"anyOf": [many, self.entry.schema()]} if self.single else many


@dataclass(frozen=True)
class Literal(Form[Any]):
    """Plain data for the engine: numbers, words, truth values, lists; ``$NAME`` for a draw."""

    references: bool = True

    def read(self, node: Node, path: str, log: Log) -> Any | None:
        log.places[path] = node.place
        if isinstance(node, Sequence):
            parts = [self.read(n, f"{path}/{i}", log) for i, n in enumerate(node.items)]
            return None if any(part is None for part in parts) else parts
        if isinstance(node, Mapping):
            read = {k: self.read(n, f"{path}/{k}", log) for k, n in node.entries.items()}
            return None if any(part is None for part in read.values()) else read
        if node.value is None:
            log.wrong_type(node, "value")
            return None
        if self.references and isinstance(node.value, str) and node.value.startswith("$"):
            name = reference(node.value)
            if name is None:
                log.report(node.place, "bad-reference", found=node.value[:60])
                return None
            log.references.append((name, node.place))
        return node.value

    def schema(self) -> dict[str, Any]:
        return {}


@dataclass(frozen=True)
class Anything(Form[bool]):
    """Whatever stands there, unread: the keys of an item whose kind is unknown."""

    def read(self, node: Node, path: str, log: Log) -> bool | None:
        return True

    def schema(self) -> dict[str, Any]:
        return {}


@dataclass(frozen=True)
class Named(Form[dict[str, T]]):
    """A mapping of names to values of one form."""

    entry: Form[T]
    name: str = r"\S+"

    def read(self, node: Node, path: str, log: Log) -> dict[str, T] | None:
        if not isinstance(node, Mapping):
            log.wrong_type(node, "mapping")
            return None
        log.places[path] = node.place
        before = len(log.problems)
        read: dict[str, T] = {}
        for name, place in node.keys.items():
            if not re.fullmatch(self.name, name):
                log.report(
                    place, "bad-form", found=name[:60], wanted=self.name, wanted_ja=self.name
                )
            elif name in node.entries:
                log.places[f"{path}/{name}"] = place
                value = self.entry.read(node.entries[name], f"{path}/{name}", log)
                if value is not None:
                    read[name] = value
        return read if len(log.problems) == before else None

    def schema(self) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": self.entry.schema()}


@dataclass(frozen=True)
class Key:
    """One key of a record."""

    form: Form[Any]
    required: bool = False


class Fields(dict[str, Any]):
    """A record as read. Keys that were missing or unreadable are left out; ``clean`` says so."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.places: dict[str, Place] = {}
        self.unclean: set[str] = set()

    def clean(self, keys: Iterable[str] | None = None) -> bool:
        """Whether all keys, or the given ones, were read without a problem."""
        return not (self.unclean if keys is None else self.unclean & set(keys))

    def at(self, key: str) -> Place:
        """Where the value of ``key`` stands, else where the record begins."""
        return self.places.get(key, self.place)


class Record(Form[Fields]):
    """A mapping with known keys."""

    def __init__(self, **keys: Key) -> None:
        self.keys = {name.rstrip("_"): key for name, key in keys.items()}

    def read(self, node: Node, path: str, log: Log) -> Fields | None:
        fields = self.read_loosely(node, path, log)
        return fields if fields is not None and fields.clean() else None

    def read_loosely(self, node: Node, path: str, log: Log) -> Fields | None:
        """As ``read``, but gives what could be read; None only if it is no mapping."""
        if not isinstance(node, Mapping):
            log.wrong_type(node, "mapping")
            return None
        fields = Fields(node.place)
        for name, place in node.keys.items():
            if name not in self.keys:
                near = nearest(name, self.keys)
                log.report(place, "unknown-key", name=name[:60], nearest=near)
                fields.unclean.add(name)
                continue
            fields.places[name] = place
            before = len(log.problems)
            child = node.entries.get(name)
            inner = f"{path}/{name}" if path else name
            value = None if child is None else self.keys[name].form.read(child, inner, log)
            if value is None or len(log.problems) > before:
                fields.unclean.add(name)
            else:
                assert child is not None
                fields.places[name] = child.place
            if value is not None:
                fields[name] = value
        for name, key in self.keys.items():
            if key.required and name not in node.keys:
                log.report(node.place, "missing-key", name=name)
                fields.unclean.add(name)
        return fields

    def schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {name: key.form.schema() for name, key in self.keys.items()},
            "required": [name for name, key in self.keys.items() if key.required],
            "additionalProperties": False,
        }


def required(form: Form[Any]) -> Key:
    """A key that must be there."""
    return Key(form, required=True)


def optional(form: Form[Any]) -> Key:
    """A key that may be left out."""
    return Key(form)


PROSE: Final = BothLanguages()
TEXT: Final = BothLanguages(plain=True)
TRUTH: Final = Truth()
KEBAB: Final = Words(
    r"[a-z0-9]+(-[a-z0-9]+)*",
    Text(
        "lower-case letters and digits, joined by single hyphens",
        "小文字の英数字を一つのハイフンでつないだもの",
    ),
)
DOTTED: Final = Words(
    r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*",
    Text("words of letters and digits, joined by dots", "英数字の語をドットでつないだもの"),
)
SLASHED: Final = Words(
    r"[a-z0-9_]+/[a-z0-9_]+",
    Text("folder/name in lower case", "小文字の フォルダー名/名前"),
)
