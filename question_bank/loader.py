"""Reading a bank from its YAML files. Nothing here raises for what an author wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from question_bank.catalogue import row_of
from question_bank.codec import decode, encode
from question_bank.folders import BUILT_IN, Folder, Unit, is_built_in, label, units
from question_bank.model import (
    Bank,
    ExerciseEntry,
    Lazy,
    LazyItems,
    MistakeText,
    section_order,
)
from question_bank.pages import Term, Topic
from question_bank.problems import Problem, problem
from question_bank.text import Place

__all__ = ["BUILT_IN", "assemble", "load"]


@dataclass(frozen=True)
class Head:
    """What a unit holds, by name: enough to assemble a bank without reading any of it."""

    section: str
    ids: tuple[str, ...] = ()
    sets: Mapping[str, list[str]] = field(default_factory=dict)
    exercises: tuple[str, ...] = ()
    mistakes: tuple[str, ...] = ()
    problems: tuple[list[Any], ...] = ()
    topics: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()

    def to_json(self) -> list[Any]:
        # One string of ids is read ten times as fast as a list of them.
        ids = " ".join(self.ids)
        pages = [" ".join(self.topics), " ".join(self.terms)]
        return [self.section, ids, self.sets, self.exercises, self.mistakes, self.problems, pages]

    @classmethod
    def from_json(cls, data: Sequence[Any]) -> Head:
        section, ids, sets, exercises, mistakes, problems, pages = data
        return cls(
            section,
            tuple(ids.split()),
            sets,
            tuple(exercises),
            tuple(mistakes),
            tuple(problems),
            *(tuple(names.split()) for names in pages),
        )


class Stored:
    """One unit as plain JSON data, which ``read`` gives when something of it is wanted."""

    def __init__(
        self,
        file: str,
        head: Head,
        read: Callable[[], Mapping[str, Any]],
        read_rows: Callable[[], Sequence[Any]] | None = None,
    ) -> None:
        self.file = file
        self.head = head
        self._read = read
        self._read_rows = read_rows

    @property
    def section(self) -> str:
        return self.head.section

    @cached_property
    def _data(self) -> Mapping[str, Any]:
        return self._read()

    def rows(self) -> Sequence[Any]:
        """The catalogue's rows of the items, in the order of the file."""
        if self._read_rows is not None:
            return self._read_rows()
        return [row_of(raw) for raw in self.all_items]

    @property
    def all_items(self) -> Sequence[dict[str, Any]]:
        """The items as they stand in the file, an id that stands twice included."""
        found: Sequence[dict[str, Any]] = self._data.get("items", ())
        return found

    @cached_property
    def items(self) -> dict[str, dict[str, Any]]:
        """The items by id, of two equal ones the first."""
        return {raw["id"]: raw for raw in reversed(self.all_items)}

    @cached_property
    def exercises(self) -> dict[str, dict[str, Any]]:
        """The exercises by name."""
        return {raw["name"]: raw for raw in self._data.get("exercises", ())}

    @property
    def mistakes(self) -> Mapping[str, Any]:
        """The texts of mistakes by code."""
        found: Mapping[str, Any] = self._data.get("mistakes", {})
        return found

    @property
    def topics(self) -> Mapping[str, Any]:
        """The pages of the handbook by name."""
        found: Mapping[str, Any] = self._data.get("topics", {})
        return found

    @property
    def terms(self) -> Mapping[str, Any]:
        """The terms of the glossary by name."""
        found: Mapping[str, Any] = self._data.get("terms", {})
        return found


@dataclass(frozen=True)
class Parsed:
    """One unit as it was parsed."""

    file: str
    section: str
    items: list[dict[str, Any]] = field(default_factory=list)
    exercises: list[dict[str, Any]] = field(default_factory=list)
    mistakes: dict[str, Any] = field(default_factory=dict)
    problems: list[list[Any]] = field(default_factory=list)
    topics: dict[str, Any] = field(default_factory=dict)
    terms: dict[str, Any] = field(default_factory=dict)

    @property
    def head(self) -> Head:
        sets: dict[str, list[str]] = {}
        for raw in self.items:
            if name := raw.get("set"):
                sets.setdefault(name, []).append(raw["id"])
        return Head(
            self.section,
            tuple(raw["id"] for raw in self.items),
            sets,
            tuple(raw["name"] for raw in self.exercises),
            tuple(self.mistakes),
            tuple(self.problems),
            tuple(self.topics),
            tuple(self.terms),
        )

    def to_json(self) -> dict[str, Any]:
        """What a ``Stored`` reads: all but the head."""
        parts = ("items", "exercises", "mistakes", "topics", "terms")
        return {part: value for part in parts if (value := getattr(self, part))}

    @property
    def rows(self) -> list[list[Any]]:
        """The catalogue's rows of the items."""
        return [row_of(raw) for raw in self.items]

    def stored(self) -> Stored:
        return Stored(self.file, self.head, self.to_json)


def load(folders: Sequence[Folder] = (BUILT_IN,)) -> Bank:
    """The bank of all folders together, parsed from YAML.

    What has a problem is left out of the bank and told in ``problems``, at file:line:column.
    """
    parsed: list[Stored] = []
    extra: list[Problem] = []
    for folder in folders:
        found = units(folder)
        extra += folder_problems(folder, found)
        parsed += [parse_unit(unit, folder, read_unit(unit)).stored() for unit in found]
    return assemble(parsed, extra)


def folder_problems(folder: Folder, found: Sequence[Unit]) -> list[Problem]:
    """What is wrong with the folder itself. An empty built-in bank is no author's mistake."""
    if found or is_built_in(folder):
        return []
    name = label(folder)
    code = "empty-folder" if folder.is_dir() else "no-folder"
    return [problem(Place(name, 1, 1), code, name=name)]


def read_unit(unit: Unit) -> tuple[bytes | OSError, bytes | OSError]:
    """The bytes of the YAML file and of the code; a missing one is empty."""

    def content(part: Folder | None) -> bytes | OSError:
        try:
            return b"" if part is None else part.read_bytes()
        except OSError as error:
            return error

    return content(unit.yaml), content(unit.code)


def parse_unit(
    unit: Unit, folder: Folder, content: tuple[bytes | OSError, bytes | OSError]
) -> Parsed:
    """One unit parsed. Imports PyYAML: the index calls this for changed files only."""
    from question_bank import entries
    from question_bank.forms import Log
    from question_bank.yaml_reader import read

    file = f"{label(folder)}/{unit.name}"
    log = Log()
    start = Place(file, 1, 1)
    for part in content:
        if isinstance(part, OSError):
            log.report(start, "unreadable-file", reason=part.strerror or str(part))
    data, code = content
    if isinstance(data, OSError) or isinstance(code, OSError):
        return _parsed(unit, file, log)
    if unit.yaml is None:
        name = unit.name.rpartition("/")[2]
        log.report(start, "no-exercise-file", name=name)
        return _parsed(unit, file, log)
    root, log.problems = read(data, file)
    if root is None and log.problems:
        return _parsed(unit, file, log)
    if unit.kind == "items":
        items = entries.read_items(root, file, unit.section, log)
        return _parsed(unit, file, log, items=[item.to_json() for item in items])
    if unit.kind == "mistakes":
        texts = entries.read_mistakes(root, file, log)
        return _parsed(unit, file, log, mistakes={c: encode(m) for c, m in texts.items()})
    if unit.kind == "handbook":
        return _handbook(unit, root, file, log)
    if unit.code is None:
        name = unit.name.rpartition("/")[2].removesuffix("yaml") + "py"
        log.report(start, "no-source-file", name=name)
    try:
        source = code.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        log.report(start, "not-utf8", number=error.start + 1)
        source = ""
    name = unit.name.removeprefix("exercises/").removesuffix(".yaml")
    entry = entries.read_exercise(root, file, name, source, built_in=is_built_in(folder), log=log)
    if entry is None or log.problems:
        return _parsed(unit, file, log)
    plain = encode(entry) | {"place": [entry.place.line, entry.place.column]}
    return _parsed(unit, file, log, exercises=[plain])


def _handbook(unit: Unit, root: Any, file: str, log: Any) -> Parsed:
    """A file of pages, or the glossary."""
    from question_bank.pages import GLOSSARY_FILE, read_terms, read_topics

    if unit.name.rpartition("/")[2] == GLOSSARY_FILE:
        terms = read_terms(root, file, log)
        return _parsed(unit, file, log, terms={name: encode(one) for name, one in terms.items()})
    topics = read_topics(root, file, log)
    return _parsed(unit, file, log, topics={name: encode(one) for name, one in topics.items()})


def _parsed(unit: Unit, file: str, log: Any, **parts: Any) -> Parsed:
    problems = [p.to_json() for p in sorted(log.problems, key=_by_place)]
    return Parsed(file, unit.section, problems=problems, **parts)


def _by_place(found: Problem) -> tuple[str, int, int]:
    return found.place.file, found.place.line, found.place.column


def assemble(stored: Iterable[Stored], extra: Iterable[Problem] = ()) -> Bank:
    """One bank from all units: the first of two equal ids counts, the second is a problem.

    Nothing of a unit is read before it is asked for, but where two have a name in common.
    """
    problems = list(extra)
    items: dict[str, Stored] = {}
    exercises: dict[str, Stored] = {}
    mistakes: dict[str, Stored] = {}
    topics: dict[str, Stored] = {}
    terms: dict[str, Stored] = {}
    sets: dict[str, tuple[str, ...]] = {}
    set_of: dict[str, Stored] = {}
    sections: set[str] = set()

    def taken(name: str, place: Place, first: Place) -> None:
        problems.append(problem(place, "duplicate-id", name=name, other=first))

    for unit in stored:
        head = unit.head
        problems += [Problem.from_json(data, unit.file) for data in head.problems]
        left_out: set[str] = set()
        for name, ids in head.sets.items():
            if (other := set_of.setdefault(name, unit)) is not unit:
                left_out.update(ids)
                taken(name, _item_place(unit, ids[0]), _item_place(other, sets[name][0]))
            else:
                sets[name] = tuple(ids)
        fresh = dict.fromkeys(head.ids, unit)
        if left_out or len(fresh) < len(head.ids) or not items.keys().isdisjoint(fresh):
            _some_items(unit, items, left_out, taken)
        else:
            items.update(fresh)
        for name in head.exercises:
            if (first := exercises.setdefault(name, unit)) is not unit:
                taken(name, *(_exercise(u, name).place for u in (unit, first)))
        for code in head.mistakes:
            if (first := mistakes.setdefault(code, unit)) is not unit:
                taken(code, *(_mistake(u, code).place for u in (unit, first)))
        for name in head.topics:
            if (first := topics.setdefault(name, unit)) is not unit:
                taken(name, *(_topic(u, name).place for u in (unit, first)))
        for name in head.terms:
            if (first := terms.setdefault(name, unit)) is not unit:
                taken(name, *(_term(u, name).place for u in (unit, first)))
        if head.ids or head.exercises:
            sections.add(head.section)
    return Bank(
        LazyItems(items, sets),
        Lazy(exercises, _exercise),
        Lazy(mistakes, _mistake),
        tuple(problems),
        tuple(sorted(sections, key=section_order)),
        Lazy(topics, _topic),
        Lazy(terms, _term),
    )


def _some_items(
    unit: Stored,
    items: dict[str, Stored],
    left_out: set[str],
    taken: Callable[[str, Place, Place], None],
) -> None:
    """The items of a unit in which some id stands twice, or stands elsewhere already."""
    for raw in unit.all_items:
        id, place = raw["id"], Place(unit.file, *raw["place"])
        if id in left_out:
            continue
        if (first := items.get(id)) is not None:
            taken(id, place, _item_place(first, id))
        else:
            items[id] = unit


def _item_place(unit: Stored, id: str) -> Place:
    return Place(unit.file, *unit.items[id]["place"])


def _exercise(unit: Stored, name: str) -> ExerciseEntry:
    raw = unit.exercises[name]
    line, column = raw["place"]
    located = {"file": unit.file, "line": line, "column": column}
    return decode(ExerciseEntry, raw | {"place": located})


def _mistake(unit: Stored, code: str) -> MistakeText:
    return decode(MistakeText, unit.mistakes[code])


def _topic(unit: Stored, name: str) -> Topic:
    return decode(Topic, unit.topics[name])


def _term(unit: Stored, name: str) -> Term:
    return decode(Term, unit.terms[name])
