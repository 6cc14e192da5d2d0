"""Forms of lists, mappings and records, made of the forms of single values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final, TypeVar

from question_bank.nearest import nearest
from question_bank.nodes import Mapping, Node, Sequence
from question_bank.placeholders import reference
from question_bank.scalars import (
    BothLanguages,
    Form,
    Integer,
    Log,
    Number,
    OneOf,
    Truth,
    Words,
)
from question_bank.text import Place, Text

__all__ = [
    "DOTTED",
    "KEBAB",
    "PROSE",
    "SLASHED",
    "TEXT",
    "TRUTH",
    "Anything",
    "Fields",
    "Form",
    "Integer",
    "Key",
    "ListOf",
    "Literal",
    "Log",
    "Named",
    "Number",
    "OneOf",
    "Record",
    "Words",
    "optional",
    "required",
]

T = TypeVar("T")


class ListOf(Form[tuple[T, ...]]):
    """A list whose entries all have one form; with ``single`` one entry may stand alone."""

    def __init__(
        self, entry: Form[T], least: int = 0, most: int = 200, single: bool = False
    ) -> None:
        self.entry = entry
        self.least = least
        self.most = most
        self.single = single

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


class Literal(Form[Any]):
    """Plain data for the engine: numbers, words, truth values, lists; ``$NAME`` for a draw.

    ``nulls``: whether null may stand inside (never for the whole).
    """

    def __init__(self, references: bool = True, nulls: bool = False) -> None:
        self.references = references
        self.nulls = nulls

    def read(self, node: Node, path: str, log: Log) -> Any | None:
        before = len(log.problems)
        value = self._read(node, path, log, False)
        return value if len(log.problems) == before else None

    def _read(self, node: Node, path: str, log: Log, inside: bool) -> Any:
        log.places[path] = node.place
        if isinstance(node, Sequence):
            return [self._read(n, f"{path}/{i}", log, True) for i, n in enumerate(node.items)]
        if isinstance(node, Mapping):
            return {k: self._read(n, f"{path}/{k}", log, True) for k, n in node.entries.items()}
        if node.value is None:
            if not (inside and self.nulls):
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


class Anything(Form[bool]):
    """Whatever stands there, unread: the keys of an item whose kind is unknown."""

    def read(self, node: Node, path: str, log: Log) -> bool | None:
        return True

    def schema(self) -> dict[str, Any]:
        return {}


class Named(Form[dict[str, T]]):
    """A mapping of names to values of one form."""

    def __init__(self, entry: Form[T], name: str = r"\S+") -> None:
        self.entry = entry
        self.name = name

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


class Key:
    """One key of a record."""

    def __init__(self, form: Form[Any], required: bool = False) -> None:
        self.form = form
        self.required = required


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
        "小文字の英数字を1つのハイフンでつないだもの",
    ),
)
DOTTED: Final = Words(
    r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*",
    Text("words of letters and digits, joined by dots", "英数字の語をドットでつないだもの"),
)
SLASHED: Final = Words(
    r"[a-z0-9_]+/[a-z0-9_]+",
    Text("folder/name in lower case", "小文字の「フォルダ名/名前」"),
)
