"""Reading a bank from its YAML files. Nothing here raises for what an author wrote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from question_bank.codec import decode, encode
from question_bank.folders import BUILT_IN, Folder, Unit, is_built_in, label, units
from question_bank.model import (
    Bank,
    ExerciseEntry,
    LazyItems,
    MistakeText,
    section_order,
)
from question_bank.problems import Problem, problem
from question_bank.text import Place

__all__ = ["BUILT_IN", "assemble", "load"]


@dataclass(frozen=True)
class Parsed:
    """One unit as plain JSON data: what the index keeps and what a bank is assembled from."""

    file: str
    section: str
    items: list[dict[str, Any]] = field(default_factory=list)
    exercises: list[dict[str, Any]] = field(default_factory=list)
    mistakes: dict[str, Any] = field(default_factory=dict)
    problems: list[list[Any]] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        parts = ("items", "exercises", "mistakes", "problems")
        return {"section": self.section} | {p: v for p in parts if (v := getattr(self, p))}

    @classmethod
    def from_json(cls, data: Mapping[str, Any], file: str) -> Parsed:
        return cls(file, **data)


def load(folders: Sequence[Folder] = (BUILT_IN,)) -> Bank:
    """The bank of all folders together, parsed from YAML.

    What has a problem is left out of the bank and told in ``problems``, at file:line:column.
    """
    parsed: list[Parsed] = []
    extra: list[Problem] = []
    for folder in folders:
        found = units(folder)
        extra += folder_problems(folder, found)
        parsed += [parse_unit(unit, folder, read_unit(unit)) for unit in found]
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


def _parsed(unit: Unit, file: str, log: Any, **parts: Any) -> Parsed:
    problems = [p.to_json() for p in sorted(log.problems, key=_by_place)]
    return Parsed(file, unit.section, problems=problems, **parts)


def _by_place(found: Problem) -> tuple[str, int, int]:
    return found.place.file, found.place.line, found.place.column


def assemble(parsed: Iterable[Parsed], extra: Iterable[Problem] = ()) -> Bank:
    """One bank from all units: the first of two equal ids counts, the second is a problem.

    Raises ``TypeError``, ``KeyError`` or ``ValueError`` for data that ``to_json`` did not write.
    """
    problems = list(extra)
    items: dict[str, tuple[dict[str, Any], str, str]] = {}
    sets: dict[str, Place] = {}
    exercises: dict[str, ExerciseEntry] = {}
    mistakes: dict[str, MistakeText] = {}

    def taken(name: str, place: Place, first: Place) -> None:
        problems.append(problem(place, "duplicate-id", name=name, other=first))

    for unit in parsed:
        problems += [Problem.from_json(data, unit.file) for data in unit.problems]
        for raw in unit.items:
            place = Place(unit.file, *raw["place"])
            name = raw.get("set")
            if name and (other := sets.setdefault(name, place)).file != unit.file:
                taken(name, place, other)
                continue
            if (first := items.get(raw["id"])) is not None:
                taken(raw["id"], place, Place(first[1], *first[0]["place"]))
            else:
                items[raw["id"]] = (raw, unit.file, unit.section)
        for raw in unit.exercises:
            place = Place(unit.file, *raw["place"])
            if raw["name"] in exercises:
                taken(raw["name"], place, exercises[raw["name"]].place)
            else:
                located = {"file": unit.file, "line": place.line, "column": place.column}
                exercises[raw["name"]] = decode(ExerciseEntry, raw | {"place": located})
        for code, raw in unit.mistakes.items():
            text = decode(MistakeText, raw)
            if code in mistakes:
                taken(code, text.place, mistakes[code].place)
            else:
                mistakes[code] = text
    sections = {section for _, _, section in items.values()}
    sections |= {entry.section for entry in exercises.values()}
    return Bank(
        LazyItems(items),
        exercises,
        mistakes,
        tuple(problems),
        tuple(sorted(sections, key=section_order)),
    )
