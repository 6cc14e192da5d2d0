"""What a bank holds: items, exercises, texts of mistakes, and the problems found on the way."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from typing import Any, Final, Generic, Protocol, TypeAlias, TypeVar, cast

from question_bank.catalogue import Entry, entries_of, entry
from question_bank.codec import decode, encode
from question_bank.computing import Draw
from question_bank.kinds.choice import ChoiceBody
from question_bank.kinds.code import CodeBody
from question_bank.kinds.formula import FormulaBody
from question_bank.kinds.match import MatchBody
from question_bank.kinds.numeric import NumericBody
from question_bank.kinds.order import OrderBody
from question_bank.kinds.predict import PredictBody
from question_bank.kinds.term import TermBody
from question_bank.pages import Term, Topic
from question_bank.problems import Problem
from question_bank.text import Place, Text

__all__ = [
    "Bank",
    "Body",
    "ChoiceBody",
    "CodeBody",
    "ExerciseEntry",
    "FormulaBody",
    "Item",
    "MatchBody",
    "MistakeText",
    "NumericBody",
    "OrderBody",
    "PredictBody",
    "Shared",
    "TermBody",
]

Body: TypeAlias = (
    ChoiceBody
    | NumericBody
    | TermBody
    | OrderBody
    | MatchBody
    | FormulaBody
    | CodeBody
    | PredictBody
)
_BODIES: Final[dict[str, type[Any]]] = {
    "choice": ChoiceBody,
    "numeric": NumericBody,
    "term": TermBody,
    "order": OrderBody,
    "match": MatchBody,
    "formula": FormulaBody,
    "code": CodeBody,
    "predict": PredictBody,
}

T = TypeVar("T")
U = TypeVar("U")

# Folder names in the curriculum's order; other sections follow in alphabetical order.
SECTIONS: Final = (
    "rnn",
    "bptt",
    "gradients",
    "lstm",
    "gru",
    "bidirectional",
    "seq2seq",
    "word2vec",
    "attention",
    "training",
    "frameworks",
)
STATUSES: Final = ("current", "legacy", "course")
FRAMEWORKS: Final = ("numpy", "pytorch", "tensorflow")
ELSEWHERE: Final = ("counts", "does_not")

# What an editor may change without changing the question: none of it is part of the hash.
_EDITORIAL: Final = frozenset(
    {"id", "section", "objectives", "level", "seconds", "status", "place", "places", "hash", "set"}
)


@dataclass(frozen=True)
class Shared:
    """What the questions of a set stand under: it is read before each of them."""

    stem: Text
    code: Text | None = None
    figure: Text | None = None


@dataclass(frozen=True)
class Item:
    """One question. ``places`` maps paths such as ``truth/compute`` to (line, column).

    A question of a set carries what the set shares, so that it can be asked alone.
    """

    id: str
    kind: str
    section: str
    fact: str
    objectives: tuple[str, ...]
    level: int
    seconds: int
    stem: Text
    explanation: Text
    body: Body
    place: Place
    faces: tuple[str, ...] = ()
    status: str = "current"
    source: str | None = None
    hints: tuple[Text, ...] = ()
    draw: tuple[Draw, ...] = ()
    elsewhere: str = "counts"
    framework: str | None = None
    code: Text | None = None
    figure: Text | None = None
    set: str | None = None
    shared: Shared | None = None
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    hash: str = ""

    def place_of(self, path: str) -> Place:
        """Where ``path`` stands, else its nearest recorded parent, else the item."""
        return _place_of(path, self.places, self.place)

    def to_json(self) -> dict[str, Any]:
        """Without file and section, which the index knows from the file's name."""
        data: dict[str, Any] = encode(self)
        del data["section"]
        data["place"] = [self.place.line, self.place.column]
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any], file: str, section: str) -> Item:
        """The inverse of ``to_json``. Raises ``TypeError``, ``KeyError`` or ``ValueError``."""
        own = dict(data)
        line, column = own.pop("place")
        body = decode(_BODIES[own["kind"]], own.pop("body"))
        return decode(cls, own, section=section, body=body, place=Place(file, line, column))


@dataclass(frozen=True)
class BugText:
    """What a planted bug is called, and its explanation."""

    title: Text
    explain: Text


@dataclass(frozen=True)
class BlankText:
    """The hints of one blank, the gentlest first."""

    hints: tuple[Text, ...] = ()


@dataclass(frozen=True)
class ExerciseEntry:
    """An exercise as data: its file's text, its texts, and ``spec`` for the engine's judge."""

    name: str
    source: str
    spec: Mapping[str, Any]
    place: Place
    section: str
    title: Text
    task: Text
    objectives: tuple[str, ...]
    level: int
    seconds: int
    blanks: Mapping[str, BlankText] = field(default_factory=dict)
    bugs: Mapping[str, BugText] = field(default_factory=dict)
    feedback: Mapping[str, Text] = field(default_factory=dict)
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    built_in: bool = False
    hash: str = ""

    def place_of(self, path: str) -> Place:
        """Where ``path`` (such as ``judge/arrays/0``) stands, else its nearest parent."""
        return _place_of(path, self.places, self.place)


@dataclass(frozen=True)
class MistakeText:
    """What a mistake is called, and what to look at; ``detail`` holds ``{found}``,
    ``{expected}`` and the like, which the engine fills in where it knows them."""

    name: Text
    look: Text
    detail: Text | None = None
    place: Place = field(default=Place("", 1, 1), compare=False)


class Lazy(Mapping[str, T], Generic[T, U]):
    """Values by name, each made from where it is stored when first asked for."""

    def __init__(self, stored: Mapping[str, U], make: Callable[[U, str], T]) -> None:
        self._stored = stored
        self._make = make
        self._made: dict[str, T] = {}

    def __getitem__(self, name: str) -> T:
        if name not in self._made:
            self._made[name] = self._make(self._stored[name], name)
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._stored

    def __iter__(self) -> Iterator[str]:
        return iter(self._stored)

    def __len__(self) -> int:
        return len(self._stored)


class StoredItems(Protocol):
    """A file's items as JSON data by id."""

    @property
    def file(self) -> str: ...
    @property
    def section(self) -> str: ...
    @property
    def items(self) -> Mapping[str, Mapping[str, Any]]: ...
    def rows(self) -> Sequence[Any]: ...


class LazyItems(Lazy[Item, StoredItems]):
    """Items by id: a start needs few of them.

    ``sets`` are the ids of the questions of each set, in their order.
    """

    def __init__(
        self, stored: Mapping[str, StoredItems], sets: Mapping[str, tuple[str, ...]]
    ) -> None:
        super().__init__(stored, _item)
        self.sets = sets

    @cached_property
    def catalogue(self) -> tuple[Entry, ...]:
        """An entry for each item in the order of the items; reads the index, but no item."""
        rows: dict[str, Entry] = {}
        for unit in dict.fromkeys(self._stored.values()):
            for row in unit.rows():
                # Of two equal ids the first counts, also where they stand in two files.
                if self._stored.get(row[0]) is unit:
                    rows.setdefault(row[0], entry(row, unit.section))
        return tuple(rows[id] for id in self._stored if id in rows)


def _item(unit: StoredItems, id: str) -> Item:
    return Item.from_json(unit.items[id], unit.file, unit.section)


@dataclass(frozen=True)
class Bank:
    """A bank as read; what had a problem is left out of it and stands in ``problems``."""

    items: Mapping[str, Item] = field(default_factory=dict)
    exercises: Mapping[str, ExerciseEntry] = field(default_factory=dict)
    mistakes: Mapping[str, MistakeText] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    sections: tuple[str, ...] = ()
    topics: Mapping[str, Topic] = field(default_factory=dict)
    terms: Mapping[str, Term] = field(default_factory=dict)

    @property
    def sets(self) -> Mapping[str, tuple[str, ...]]:
        """The ids of the questions of each set, in their order."""
        if isinstance(self.items, LazyItems):
            return self.items.sets
        return sets_of(self.items.values())

    @property
    def catalogue(self) -> Sequence[Entry]:
        """What choosing needs to know of each item, in the order of ``items``."""
        if isinstance(self.items, LazyItems):
            return self.items.catalogue
        return tuple(entries_of(self.items.values()))


def sets_of(items: Iterable[Item]) -> dict[str, tuple[str, ...]]:
    """The ids of the questions of each set, in the order of ``items``."""
    found: dict[str, tuple[str, ...]] = {}
    for item in items:
        if item.set is not None:
            found[item.set] = (*found.get(item.set, ()), item.id)
    return found


def section_order(section: str) -> tuple[int, str]:
    """Sort key: the curriculum's sections first, in its order."""
    known = SECTIONS.index(section) if section in SECTIONS else len(SECTIONS)
    return known, section


def meaning_hash(value: Item | ExerciseEntry) -> str:
    """A hash of what a learner reads and a grader uses: not of places or editorial fields."""
    import hashlib  # loads OpenSSL; hashes are made where YAML is parsed

    data = encode(value)
    meaning = {name: data[name] for name in data if name not in _EDITORIAL}
    text = json.dumps(meaning, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode(errors="backslashreplace")).hexdigest()[:16]


def faces_of(kind: str) -> tuple[str, ...]:
    """The faces that items of ``kind`` can have; the first is the usual one."""
    module = import_module(f"question_bank.kinds.{kind}")
    return cast(tuple[str, ...], module.FACES)


def _place_of(path: str, places: Mapping[str, tuple[int, int]], default: Place) -> Place:
    while path:
        if path in places:
            line, column = places[path]
            return Place(default.file, line, column)
        path = path.rpartition("/")[0]
    return default
