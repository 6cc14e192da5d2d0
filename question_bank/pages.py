"""The handbook's pages and glossary as data: their forms, and what they become.

Pages hold words, diagrams and names. What an engine can compute (equations, shapes, counts,
derivations) is named here and never written down.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from typing import Any, Final

from question_bank.computing import COMPUTE, Compute, compute_from
from question_bank.forms import (
    DOTTED,
    KEBAB,
    PROSE,
    ListOf,
    Log,
    Record,
    Words,
    optional,
    required,
)
from question_bank.lines import FIGURE
from question_bank.nodes import Mapping, Node, Scalar
from question_bank.placeholders import NAME
from question_bank.text import Place, Text

#: Files of pages and the file of terms stand in one folder; this one holds terms.
GLOSSARY_FILE: Final = "glossary.yaml"


@dataclass(frozen=True)
class Trap:
    """What people write, and why it is wrong.

    ``formula`` is a wrong answer to ``target``, in the notation that is shown first for its model
    unless ``notation`` names another; ``says`` is a wrong statement in words. Exactly one is there.
    """

    mistake: str
    why: Text
    target: str | None = None
    formula: str | None = None
    notation: str | None = None
    says: Text | None = None


@dataclass(frozen=True)
class Count:
    """A number that the engine computes: ``of`` says of what."""

    of: Text
    compute: Compute


@dataclass(frozen=True)
class Topic:
    """One page. ``facts`` are beginnings of the facts of items that it is about.

    ``models`` are declared models of the engine; ``derivations`` its formula targets whose answers
    and derivations are shown; ``terms`` are terms of the glossary, ``see`` other pages.
    """

    name: str
    title: Text
    section: str
    summary: Text
    models: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    diagram: Text | None = None
    notes: tuple[Text, ...] = ()
    derivations: tuple[str, ...] = ()
    counts: tuple[Count, ...] = ()
    traps: tuple[Trap, ...] = ()
    terms: tuple[str, ...] = ()
    see: tuple[str, ...] = ()
    place: Place = field(default=Place("", 1, 1), compare=False)
    places: MappingOf[str, tuple[int, int]] = field(default_factory=dict, compare=False)

    def place_of(self, path: str) -> Place:
        """Where ``path`` (such as ``traps/0/target``) stands, else its nearest parent."""
        while path:
            if path in self.places:
                return Place(self.place.file, *self.places[path])
            path = path.rpartition("/")[0]
        return self.place


@dataclass(frozen=True)
class Term:
    """A term in three languages. ``reading`` is the Japanese one in kana, ``short`` what is said
    or written for it in short, ``meaning`` one sentence."""

    name: str
    en: str
    ja: str
    reading: str
    de: str
    meaning: Text
    short: str = ""
    place: Place = field(default=Place("", 1, 1), compare=False)


_LINE: Final = Words()
_KANA: Final = Words(
    r"[ぁ-ゖァ-ヺーA-Za-z0-9・、 /-]+",
    Text("kana, and Latin letters where they are read as letters", "かなと、そのまま読む英字"),
)
_MODEL: Final = Words(NAME)

_TRAP: Final = Record(
    mistake=required(KEBAB),
    why=required(PROSE),
    target=optional(DOTTED),
    formula=optional(_LINE),
    notation=optional(KEBAB),
    says=optional(PROSE),
)
_COUNT: Final = Record(of=required(PROSE), **COMPUTE.keys)

TOPIC: Final = Record(
    title=required(PROSE),
    section=required(Words(NAME)),
    summary=required(PROSE),
    models=optional(ListOf(_MODEL, least=1)),
    facts=optional(ListOf(DOTTED, least=1)),
    also=optional(ListOf(_LINE, least=1)),
    diagram=optional(FIGURE),
    notes=optional(ListOf(PROSE, least=1)),
    derivations=optional(ListOf(DOTTED, least=1, most=9)),
    counts=optional(ListOf(_COUNT, least=1)),
    traps=optional(ListOf(_TRAP, least=1)),
    terms=optional(ListOf(KEBAB, least=1)),
    see=optional(ListOf(KEBAB, least=1, most=4)),
)
TERM: Final = Record(
    en=required(_LINE),
    ja=required(_LINE),
    reading=required(_KANA),
    de=required(_LINE),
    short=optional(_LINE),
    meaning=required(PROSE),
)


def read_topics(root: Node | None, file: str, log: Log) -> dict[str, Topic]:
    """The pages of one file by name: ``lstm: {title: ..., section: ..., summary: ...}``."""
    topics: dict[str, Topic] = {}
    for name, place, node in _named(root, file, log):
        fields, places = _read(TOPIC, name, node, log)
        if fields is None:
            continue
        traps = tuple(
            found
            for index, trap in enumerate(fields.get("traps", ()))
            if (found := _trap(trap, places[f"traps/{index}"], log)) is not None
        )
        kept = {key: fields[key] for key in fields if key not in ("traps", "counts")}
        counts = tuple(Count(one["of"], compute_from(one)) for one in fields.get("counts", ()))
        located = {path: (at.line, at.column) for path, at in places.items() if at.file == file}
        topics[name] = Topic(name, **kept, traps=traps, counts=counts, place=place, places=located)
    return topics


def read_terms(root: Node | None, file: str, log: Log) -> dict[str, Term]:
    """The terms of the glossary by name: ``hidden-state: {en: ..., ja: ..., ...}``."""
    terms: dict[str, Term] = {}
    for name, place, node in _named(root, file, log):
        fields, _ = _read(TERM, name, node, log)
        if fields is not None:
            terms[name] = Term(name, **fields, place=place)
    return terms


def _named(root: Node | None, file: str, log: Log) -> list[tuple[str, Place, Node]]:
    if root is None:
        root = Scalar(None, "", Place(file, 1, 1))
    if not isinstance(root, Mapping):
        log.wrong_type(root, "mapping")
        return []
    found = []
    for name, place in root.keys.items():
        if KEBAB.read(Scalar(name, name, place), name, log) is not None and name in root.entries:
            found.append((name, place, root.entries[name]))
    return found


def _read(form: Record, name: str, node: Node, log: Log) -> tuple[Any, dict[str, Place]]:
    """The fields, and the places of what is inside, by its path below the entry."""
    own = Log(problems=log.problems)
    fields = form.read(node, "", own)
    places = {path.removeprefix("/"): place for path, place in own.places.items()}
    return fields, {**places, **_places(node)}


def _places(node: Node, path: str = "") -> dict[str, Place]:
    """Every value's place by its path: ``traps/0/target``."""
    found = {path: node.place} if path else {}
    if isinstance(node, Mapping):
        children: list[tuple[str, Node]] = list(node.entries.items())
    elif isinstance(node, Scalar):
        children = []
    else:
        children = [(str(index), child) for index, child in enumerate(node.items)]
    for name, child in children:
        found.update(_places(child, f"{path}/{name}" if path else name))
    return found


def _trap(fields: Any, place: Place, log: Log) -> Trap | None:
    """The trap, if it is either a formula with its target or a statement in words."""
    in_words, written = "says" in fields, "formula" in fields
    if in_words == written or ("target" in fields) != written:
        log.report(place, "trap-form")
        return None
    return Trap(**fields)
