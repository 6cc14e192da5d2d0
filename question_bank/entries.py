"""The forms of whole files: a list of items, an exercise, the texts of mistakes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from importlib import import_module
from typing import Any, Final

from question_bank.computing import Draws
from question_bank.forms import (
    DOTTED,
    KEBAB,
    PROSE,
    SLASHED,
    TEXT,
    Anything,
    Fields,
    Integer,
    Key,
    ListOf,
    Literal,
    Log,
    Named,
    OneOf,
    Record,
    Words,
    optional,
    required,
)
from question_bank.kinds import KINDS
from question_bank.kinds.numeric import NumericBody, compare_with_draws
from question_bank.lines import CODE, FIGURE
from question_bank.model import (
    ELSEWHERE,
    FRAMEWORKS,
    STATUSES,
    BlankText,
    BugText,
    CodeBody,
    ExerciseEntry,
    Item,
    MistakeText,
    PredictBody,
    Shared,
    meaning_hash,
)
from question_bank.nearest import nearest
from question_bank.nodes import Mapping, Node, Scalar, Sequence
from question_bank.objectives import OBJECTIVES
from question_bank.placeholders import ANSWER_NAME, NAME, placeholders
from question_bank.problems import LANGUAGE_NAMES
from question_bank.text import LANGUAGES, Place

_OBJECTIVE_LIST: Final = ListOf(OneOf(OBJECTIVES, code="unknown-objective"), least=1)
_LEVEL: Final = Integer(1, 3)
_SECONDS: Final = Integer(5, 7200)

COMMON: Final[dict[str, Key]] = {
    "id": required(KEBAB),
    "kind": required(OneOf(KINDS)),
    "fact": required(DOTTED),
    "objectives": required(_OBJECTIVE_LIST),
    "level": required(_LEVEL),
    "seconds": required(_SECONDS),
    "status": optional(OneOf(STATUSES)),
    "framework": optional(OneOf(FRAMEWORKS)),
    "elsewhere": optional(OneOf(ELSEWHERE)),
    "faces": optional(ListOf(Words(r"[a-z]+"), least=1)),
    "source": optional(Words()),
    "draw": optional(Draws()),
    "stem": required(PROSE),
    "code": optional(CODE),
    "figure": optional(FIGURE),
    "explanation": required(PROSE),
    "hints": optional(ListOf(PROSE)),
}

# A set: three or four questions under what they share; each can be asked alone.
SET_SIZE: Final = (3, 4)
SET: Final[dict[str, Key]] = {
    "set": required(KEBAB),
    "stem": required(PROSE),
    "code": optional(CODE),
    "figure": optional(FIGURE),
    "framework": optional(OneOf(FRAMEWORKS)),
    "status": optional(OneOf(STATUSES)),
    "items": required(ListOf(Anything(), least=SET_SIZE[0], most=SET_SIZE[1])),
}


def kind_module(kind: str) -> Any:
    """The module of a kind: FORM, FACES and parse."""
    return import_module(f"question_bank.kinds.{kind}")


def read_items(root: Node | None, file: str, section: str, log: Log) -> list[Item]:
    """The items of one file; every problem goes to ``log``."""
    if root is None:
        root = Scalar(None, "", Place(file, 1, 1))
    if not isinstance(root, Sequence):
        log.wrong_type(root, "list")
        return []
    items: list[Item] = []
    sets: dict[str, Place] = {}
    for node in root.items:
        if isinstance(node, Mapping) and "set" in node.keys:
            name = getattr(node.entries.get("set"), "text", "")
            if name in sets:
                log.report(node.keys["set"], "duplicate-id", name=name, other=sets[name])
            sets.setdefault(name, node.keys["set"])
            items += _read_set(node, section, log)
        else:
            items += _read_alone(node, section, log)
    return items


def _read_alone(node: Node, section: str, log: Log, **inherited: Any) -> list[Item]:
    """The item at ``node``, if it has no problem; ``inherited`` is what its set says for it."""
    own = Log(problems=log.problems)
    before = len(log.problems)
    item = _read_item(node, section, own)
    if item is None or len(log.problems) > before:
        return []
    item = replace(item, **inherited)
    return [replace(item, hash=meaning_hash(item))]


def _read_set(node: Node, section: str, log: Log) -> list[Item]:
    """The questions of a set. With a problem in one of them, or in what they share, none."""
    own = Log(problems=log.problems)
    before = len(log.problems)
    fields = Record(**SET).read_loosely(node, "", own)
    if fields is None:
        return []
    for _, _, text, place in own.texts:
        # Each question draws for itself, so nothing drawn can be shared.
        for name in placeholders(text)[0]:
            own.report(place, "unresolved-placeholder", name=name, nearest=())
    shared = (
        Shared(fields["stem"], fields.get("code"), fields.get("figure"))
        if "stem" in fields
        else None
    )
    inherited = {name: fields[name] for name in ("framework", "status") if name in fields}
    inside = node.entries.get("items") if isinstance(node, Mapping) else None
    members = inside.items if isinstance(inside, Sequence) else ()
    items: list[Item] = []
    for member in members:
        if _kind_of(member) == "code":
            own.report(member.place, "code-in-set")
            continue
        items += _read_alone(
            member, section, log, set=fields.get("set"), shared=shared, **inherited
        )
    return items if len(log.problems) == before else []


def _read_item(node: Node, section: str, log: Log) -> Item | None:
    kind = _kind_of(node)
    module = kind_module(kind) if kind else None
    own = module.FORM.keys if module else {}
    form = Record(**common_keys(kind), **own) if kind else _any_kind()
    fields = form.read_loosely(node, "", log)
    if fields is None:
        return None
    _check_names(fields, log)
    if module is None or not fields.clean(own):
        return None
    body = module.parse(fields, log)
    if isinstance(body, NumericBody) and fields.clean(("draw",)):
        compare_with_draws(body, fields, {d.name for d in fields.get("draw", ())}, log)
    if body is None:
        return None
    faces = fields.get("faces", _usual_faces(body, module.FACES))
    for index, face in enumerate(faces):
        if face not in module.FACES:
            place = log.places[f"faces/{index}"]
            near = nearest(face, module.FACES)
            log.report(place, "faces", kind=kind, name=face, nearest=near)
    if not fields.clean():
        return None
    kept = ("id", "kind", "fact", "objectives", "level", "seconds", "stem", "explanation")
    rest = ("status", "source", "hints", "draw", "elsewhere", "framework", "code", "figure")
    return Item(
        **{name: fields[name] for name in kept},
        **{name: fields[name] for name in rest if name in fields},
        section=section,
        body=body,
        place=fields.place,
        faces=faces,
        places=_located(log, own),
    )


def _usual_faces(body: Any, faces: tuple[str, ...]) -> tuple[str, ...]:
    if isinstance(body, CodeBody):
        return (body.form,)
    if isinstance(body, PredictBody):
        return ("choice",) if body.options else ("typed",)
    return faces[:1]


def common_keys(kind: str) -> dict[str, Key]:
    """The keys that every kind has; an exercise brings its own code."""
    left_out = ("code", "figure") if kind == "code" else ()
    return {name: key for name, key in COMMON.items() if name not in left_out}


def _kind_of(node: Node) -> str | None:
    value = node.entries.get("kind") if isinstance(node, Mapping) else None
    found = value.value if isinstance(value, Scalar) else None
    return found if isinstance(found, str) and found in KINDS else None


def _any_kind() -> Record:
    """The common keys, and those of all kinds unread, for an item without a known kind."""
    others = {name: optional(Anything()) for kind in KINDS for name in kind_module(kind).FORM.keys}
    return Record(**others, **COMMON)


def _located(log: Log, own: Iterable[str]) -> dict[str, tuple[int, int]]:
    """The places that checks by the engine may need: the kind's own words and arguments."""
    wanted = set(own)
    return {
        path: (place.line, place.column)
        for path, place in log.places.items()
        if path.split("/", 1)[0] in wanted
    }


def _check_names(fields: Fields, log: Log) -> None:
    """Every placeholder and reference is drawn, and what is drawn is shown."""
    if "draw" in fields.unclean:
        return
    drawn = {draw.name for draw in fields.get("draw", ())}
    numeric = fields.get("kind") == "numeric"
    shown: dict[str, set[str]] = {language: set() for language in LANGUAGES}
    for path, language, text, place in log.texts:
        names, arguments = placeholders(text)
        head = path.split("/", 1)[0]
        also = {ANSWER_NAME} if numeric and head == "explanation" else set()
        for name in names:
            if name not in drawn and name not in also:
                near = nearest(name, drawn | also)
                log.report(place, "unresolved-placeholder", name=name, nearest=near)
        for name in arguments:
            if name in drawn:
                log.report(place, "ambiguous-placeholder", name=name)
        if head in ("stem", "options", "steps", "pairs", "given"):
            shown[language].update(names)
    for lines in log.lines:
        for language in LANGUAGES:
            shown[language].update(drawn & set(placeholders(lines.in_(language))[0]))
    for name, place in log.references:
        if name not in drawn:
            near = nearest(name, drawn)
            log.report(place, "reference-not-drawn", name=name, nearest=near)
    if fields.clean(("stem", "options", "steps", "pairs", "given")):
        for language in LANGUAGES:
            for name in sorted(drawn - shown[language]):
                said = LANGUAGE_NAMES[language]
                log.report(fields.at("draw"), "draw-not-shown", name=name, language=said)


_EXERCISE: Final = Record(
    id=required(SLASHED),
    title=required(PROSE),
    task=required(PROSE),
    objectives=required(_OBJECTIVE_LIST),
    level=required(_LEVEL),
    seconds=required(_SECONDS),
    blanks=optional(Named(Record(hints=required(ListOf(PROSE, least=1))), r"[a-z][a-z0-9_]*")),
    bugs=optional(
        Named(Record(title=required(PROSE), explain=required(PROSE)), r"[a-z0-9][a-z0-9_-]*")
    ),
    feedback=optional(Named(TEXT)),
    judge=required(Named(Literal(references=False, nulls=True), NAME)),
)


def read_exercise(
    root: Node | None, file: str, name: str, source: str, *, built_in: bool, log: Log
) -> ExerciseEntry | None:
    """The exercise ``name`` (folder/file) from its YAML and the text of its code."""
    if root is None:
        root = Scalar(None, "", Place(file, 1, 1))
    before = len(log.problems)
    fields = _EXERCISE.read_loosely(root, "", log)
    if fields is None:
        return None
    if "id" in fields and fields["id"] != name:
        log.report(fields.at("id"), "exercise-id", found=fields["id"], wanted=name)
    if len(log.problems) > before:
        return None
    entry = ExerciseEntry(
        name=name,
        source=source,
        spec=fields["judge"],
        place=fields.place,
        section=name.split("/", 1)[0],
        title=fields["title"],
        task=fields["task"],
        objectives=fields["objectives"],
        level=fields["level"],
        seconds=fields["seconds"],
        blanks={k: BlankText(v["hints"]) for k, v in fields.get("blanks", {}).items()},
        bugs={k: BugText(v["title"], v["explain"]) for k, v in fields.get("bugs", {}).items()},
        feedback=fields.get("feedback", {}),
        places=_located(log, ("blanks", "bugs", "feedback", "judge")),
        built_in=built_in,
    )
    return replace(entry, hash=meaning_hash(entry))


_MISTAKE: Final = Record(name=required(PROSE), look=required(PROSE), detail=optional(PROSE))


def read_mistakes(root: Node | None, file: str, log: Log) -> dict[str, MistakeText]:
    """The texts of mistakes by code: ``code: {name: {en, ja}, look: {en, ja}, detail: ...}``."""
    if root is None:
        root = Scalar(None, "", Place(file, 1, 1))
    if not isinstance(root, Mapping):
        log.wrong_type(root, "mapping")
        return {}
    texts: dict[str, MistakeText] = {}
    for code, place in root.keys.items():
        node = root.entries.get(code)
        fields = None if node is None else _MISTAKE.read(node, code, log)
        if fields is not None:
            texts[code] = MistakeText(fields["name"], fields["look"], fields.get("detail"), place)
    return texts
