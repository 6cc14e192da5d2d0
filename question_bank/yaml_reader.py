"""YAML text to located nodes, by PyYAML's composer only: no constructor ever runs.

What a bank may hold is less than YAML: no duplicate keys, no anchors, no tags, and plain scalars
mean only null, true, false, whole numbers and decimals (``no`` and ``2024-01-01`` stay words).
"""

from __future__ import annotations

import math
import re
from typing import Any, Final

import yaml

from question_bank.nodes import Mapping, Node, Scalar, Sequence
from question_bank.problems import Problem, problem
from question_bank.text import Place

# The C parser is some eight times as fast; both give the same nodes and marks.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

MAX_BYTES: Final = 4_000_000
MAX_DEPTH: Final = 24

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)([eE][-+]?[0-9]{1,3})?")
_OPENING = re.compile(r"[\[\]{}]|(?:[-?][ ]+){200}|^- ", re.MULTILINE)
_STANDARD_TAGS: Final = frozenset(
    "tag:yaml.org,2002:" + name
    for name in ("str", "int", "float", "bool", "null", "map", "seq", "timestamp", "merge", "value")
)


def read(data: bytes, file: str) -> tuple[Node | None, list[Problem]]:
    """The document in ``data`` as nodes, and every problem of form; the node is None for none.

    Never raises: what cannot be read is a problem at its place.
    """
    problems: list[Problem] = []
    if len(data) > MAX_BYTES:
        return None, [problem(Place(file, 1, 1), "too-large", limit=MAX_BYTES)]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        return None, [problem(_place_after(before, file), "not-utf8", number=error.start + 1)]
    # The composer recurses in C, where a deep document would end the process.
    if (deep := _too_deep(text)) is not None:
        return None, [problem(_place_after(text[:deep], file), "too-deep", limit=MAX_DEPTH)]
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
        if mark and mark.index >= len(text):
            # libyaml puts the end of a file without a last line break on a line of its own.
            place = _place_after(text, file)
        reason = ", ".join(part for part in (error.context, error.problem) if part)
        return None, [problem(place, "yaml-syntax", reason=reason)]
    except yaml.YAMLError as error:
        # Control characters: the reader gives a position instead of a mark.
        at = getattr(error, "position", None)
        place = _place_after(text[:at], file) if isinstance(at, int) else Place(file, 1, 1)
        reason = str(getattr(error, "reason", error))
        return None, [problem(place, "yaml-syntax", reason=reason)]
    if root is None:
        return None, []
    return _Builder(file, problems).build(root, 0), problems


class _Builder:
    def __init__(self, file: str, problems: list[Problem]) -> None:
        self.file = file
        self.problems = problems
        self.seen: set[int] = set()

    def build(self, node: Any, depth: int) -> Node | None:
        place = self.place(node)
        # An alias is the same object again; following it could take forever.
        if id(node) in self.seen:
            self.problems.append(problem(place, "alias"))
            return None
        self.seen.add(id(node))
        if depth > MAX_DEPTH:
            self.problems.append(problem(place, "too-deep", limit=MAX_DEPTH))
            return None
        if node.tag not in _STANDARD_TAGS:
            self.problems.append(problem(place, "tag", found=node.tag))
            return None
        if isinstance(node, yaml.ScalarNode):
            plain = node.style is None or node.style == ""
            value = resolve(node.value) if plain else node.value
            return Scalar(value, node.value, place)
        if isinstance(node, yaml.SequenceNode):
            built = (self.build(child, depth + 1) for child in node.value)
            return Sequence(tuple(child for child in built if child is not None), place)
        return self.mapping(node, place, depth)

    def mapping(self, node: Any, place: Place, depth: int) -> Mapping:
        entries: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        for key, value in node.value:
            at = self.place(key)
            if not isinstance(key, yaml.ScalarNode) or key.value == "":
                self.problems.append(problem(at, "key-not-text"))
                continue
            name = key.value
            built = self.build(value, depth + 1)
            if name in keys:
                first = keys[name].line
                self.problems.append(problem(at, "duplicate-key", name=name, line=first))
                continue
            keys[name] = at
            if built is not None:
                entries[name] = built
        return Mapping(entries, keys, place)

    def place(self, node: Any) -> Place:
        mark = node.start_mark
        return Place(self.file, mark.line + 1, mark.column + 1)


def resolve(text: str) -> str | int | float | bool | None:
    """What a plain scalar means: null, true, false, an integer, a finite decimal, or a word."""
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text) and not text.lstrip("-+").isdigit():
        number = float(text)
        return number if math.isfinite(number) else text
    return text


def _place_after(text: str, file: str) -> Place:
    line = text.count("\n") + 1
    return Place(file, line, len(text) - (text.rfind("\n") + 1) + 1)


def _too_deep(text: str) -> int | None:
    """Where brackets or indicators pass any depth that a bank could need, else None.

    A rough count, ten times as generous as ``MAX_DEPTH``: brackets inside quoted texts count too,
    therefore each new entry of the outer list starts from zero.
    """
    depth = 0
    for found in _OPENING.finditer(text):
        sign = found[0]
        if sign in "[{":
            depth += 1
            if depth > 10 * MAX_DEPTH:
                return found.start()
        elif sign in "]}":
            depth = max(0, depth - 1)
        elif len(sign) > 2:
            return found.start()
        else:
            depth = 0
    return None
