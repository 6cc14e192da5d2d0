"""An exercise: one runnable file with its blanks marked, and plain data for the judge.

Marks are comments, so that the file runs, lints and reads as it stands:

- ``u = x @ W  #: a`` - the value on this line is blank (a);
- ``delta = (p + q) * df(u)  #: b | df(u)`` - this part of the line is;
- ``#: c begin`` and ``#: c end`` on lines of their own - the statements between them are;
- ``#: judge`` on a line of its own - the rest is the judge's (a loss, say), never shown.
"""

from __future__ import annotations

import ast
import io
import re
import textwrap
import tokenize
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from . import definitions, fields, specification, wording
from .given import Given, given
from .plan import Plan, Step
from .specification import BugSpec, ExerciseError, Specification
from .wording import Wording

__all__ = ["BLANK", "LANGUAGES", "Blank", "Bug", "Exercise", "ExerciseError"]

BLANK: Final = "____"
LANGUAGES: Final = ("en", "ja")
_MARK: Final = re.compile(r"^#:\s*(judge|([a-z])(?:\s+(begin|end))?(?:\s*\|\s*(.+?))?)\s*$")


@dataclass(frozen=True)
class Blank:
    """A blank: its letter, its line in the typed source, and what belongs there.

    ``rows``: its first and last line in the reference; ``block``: whether it is whole statements.
    """

    letter: str
    line: int
    text: str
    rows: tuple[int, int] = (0, 0)
    block: bool = False

    @property
    def reference(self) -> str:
        """What belongs there, as it would be typed."""
        return textwrap.dedent(self.text).strip("\n")


@dataclass(frozen=True)
class Bug:
    """A mistake that the find-the-bug form ships; ``line`` is that of its first changed line."""

    name: str
    code: str
    line: int


@dataclass(frozen=True)
class Exercise:
    """See the module. ``solution`` is the visible part without marks; ``reference_source`` is the
    whole file, the judge's part included. ``helpers``: the imports and the judge's part, if an
    argument is a function of it; ``given``: what is lent to a submission that lacks it; ``loss``:
    the step that computes the gradient check's loss."""

    name: str
    reference_source: str
    solution: str
    blanks: tuple[Blank, ...]
    bugs: tuple[Bug, ...]
    spec: Specification
    # Line of the reference -> letter of the blank that it belongs to.
    letters: Mapping[int, str]
    helpers: str
    given: Given
    loss: Step | None
    _typed: str
    _shipped: Mapping[str, str]
    _japanese: Wording

    @property
    def plan(self) -> Plan:
        return self.spec.plan

    def worded(self, text: str, language: str) -> str:
        """One of this exercise's texts with its docstrings and comments in "en" or "ja"."""
        return self._japanese.of(text) if language == "ja" else text

    def typed_source(self, language: str = "en") -> str:
        """What a learner starts from: the visible part with ``____`` for each blank."""
        return self.worded(self._typed, language)

    def fill(self, answers: Mapping[str, str]) -> str:
        """The typed source with answers in its blanks, and the reference in the others.

        Args:
            answers: text by letter; for a block, lines with their own relative indentation.

        Raises:
            KeyError: for a letter that is no blank.
        """
        lines = self._typed.splitlines()
        known = {blank.letter: blank for blank in self.blanks}
        for letter in answers:
            known[letter]  # an unknown letter is the caller's mistake
        for blank in self.blanks:
            line = lines[blank.line - 1]
            text = answers.get(blank.letter, blank.reference).strip("\n")
            indent = line[: len(line) - len(line.lstrip())]
            code = line[: line.rindex("  # (")]
            if code.strip() == BLANK:
                lines[blank.line - 1] = textwrap.indent(textwrap.dedent(text), indent)
            else:
                lines[blank.line - 1] = code.replace(BLANK, text.strip(), 1)
        return "\n".join(lines) + "\n"

    def bug_source(self, name: str, language: str = "en") -> str:
        """The visible part with one mistake in it.

        Raises:
            KeyError: for a name that is not among ``bugs``.
        """
        return self.worded(self._shipped[name], language)

    @classmethod
    def parse(cls, name: str, source: str, spec: Mapping[str, Any]) -> Exercise:
        """Reads an exercise.

        Raises:
            ExerciseError: with the path of keys (or ``source``, line) and the nearest valid name.
        """
        specified = specification.parse(spec)
        try:
            tree = ast.parse(source)
        except SyntaxError as error:
            raise ExerciseError(("source", error.lineno or 0), str(error.msg)) from None
        definitions.check(tree, specified)
        gradients = specified.gradients
        loss = definitions.loss_step(tree, specified, gradients) if gradients else None
        visible = _Visible(source, tree)
        solution = "\n".join(visible.lines).rstrip() + "\n"
        shipped, bugs = {}, []
        for bug in specified.bugs:
            text, line = _ship(bug, visible.lines)
            shipped[bug.name] = text
            bugs.append(Bug(bug.name, bug.code, line))
        letters = [blank.letter for blank in visible.blanks]
        for letter in specified.choices:
            fields.choice(letter, letters, ("choices", letter))
        return cls(
            name=name,
            reference_source=source,
            solution=solution,
            blanks=tuple(visible.blanks),
            bugs=tuple(bugs),
            spec=specified,
            letters=visible.letters,
            helpers=_helpers(source, tree, visible.end, specified),
            given=_given(source, tree, visible, specified),
            loss=loss,
            _typed="\n".join(visible.typed).rstrip() + "\n",
            _shipped=shipped,
            _japanese=wording.parse(specified.japanese, source, tree, visible.end),
        )


def _given(source: str, tree: ast.Module, visible: _Visible, spec: Specification) -> Given:
    mistaken = {old.strip() for bug in spec.bugs for old, _ in bug.changes}
    return given(source, tree, visible.end, visible.letters, spec.plan.defines, mistaken)


def _helpers(source: str, tree: ast.Module, end: int, spec: Specification) -> str:
    """The imports and the judge's part, at their own line numbers; "" if no argument needs them."""
    if not any(one.kind == "function" for _, one in spec.places().values()):
        return ""
    rows = source.splitlines()
    imports = {
        number
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    kept = [row if n in imports or n > end else "" for n, row in enumerate(rows, 1)]
    lines = {node.name: node.lineno for node in tree.body if isinstance(node, ast.FunctionDef)}
    for address, (_, one) in spec.places().items():
        if one.kind == "function" and lines[one.options[0]] <= end:
            where = ("arguments", address, "of")
            raise ExerciseError(where, f"{one.options[0]!r} must stand below '#: judge'")
    return "\n".join(kept) + "\n"


class _Visible:
    """The part before ``#: judge``: its lines without marks, with blanks, and the blanks."""

    def __init__(self, source: str, tree: ast.Module) -> None:
        self._source = source.splitlines()
        self._tree = tree
        self.lines: list[str] = []
        self.typed: list[str] = []
        self.blanks: list[Blank] = []
        self.letters: dict[int, str] = {}
        # The number of the last line that is shown.
        self.end = len(self._source)
        marks = _marks(source)
        open_block: tuple[str, int, list[str]] | None = None
        number = 0
        while number < len(self._source):
            number += 1
            line = self._source[number - 1]
            mark = marks.get(number)
            if mark is None:
                self.lines.append(line)
                if open_block is None:
                    self.typed.append(line)
                else:
                    open_block[2].append(line)
                    self.letters[number] = open_block[0]
                continue
            if mark[1] == "judge":
                self.end = number
                break
            letter, edge, part = mark[2], mark[3], mark[4]
            where = ("source", number)
            if edge == "begin":
                if open_block is not None:
                    raise ExerciseError(where, "a block begins inside another")
                open_block = (letter, number, [])
            elif edge == "end":
                if open_block is None or open_block[0] != letter:
                    raise ExerciseError(where, f"no block {letter!r} to end")
                self._block(*open_block)
                open_block = None
            elif open_block is not None:
                raise ExerciseError(where, "a blank inside a block")
            else:
                number = self._inline(number, letter, part)
        if open_block is not None:
            raise ExerciseError(("source", open_block[1]), f"block {open_block[0]!r} never ends")
        letters = [blank.letter for blank in self.blanks]
        if len(set(letters)) != len(letters):
            raise ExerciseError(("source",), f"a letter is used twice: {letters}")

    def _block(self, letter: str, number: int, lines: list[str]) -> None:
        if not any(line.strip() for line in lines):
            raise ExerciseError(("source", number), "an empty block")
        first = next(line for line in lines if line.strip())
        indent = first[: len(first) - len(first.lstrip())]
        self.typed.append(f"{indent}{BLANK}  # ({letter})")
        rows = (number + 1, number + len(lines))
        self.blanks.append(Blank(letter, len(self.typed), "\n".join(lines), rows, True))

    def _inline(self, number: int, letter: str, part: str | None) -> int:
        """A blank on one line, or in a statement that ends on it; gives the last line used."""
        code = self._source[number - 1].rpartition("#:")[0].rstrip()
        if part is not None:
            if code.count(part) != 1:
                raise ExerciseError(("source", number), f"{part!r} must stand there exactly once")
            before, _, after = code.partition(part)
            text = part
        else:
            node = self._value(number)
            text = "\n".join(self._source[node.lineno - 1 : node.end_lineno])
            if node.lineno != node.end_lineno:
                raise ExerciseError(("source", number), "a blank of several lines needs begin, end")
            # Offsets count bytes of UTF-8.
            raw = code.encode()
            before = raw[: node.col_offset].decode()
            text = raw[node.col_offset : node.end_col_offset].decode()
            after = raw[node.end_col_offset :].decode()
        self.letters[number] = letter
        self.lines.append(code)
        self.typed.append(f"{before}{BLANK}{after}  # ({letter})")
        self.blanks.append(Blank(letter, len(self.typed), text, (number, number)))
        return number

    def _value(self, number: int) -> ast.expr:
        for node in ast.walk(self._tree):
            if getattr(node, "lineno", None) != number:
                continue
            if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Return | ast.Expr):
                if node.value is not None:
                    return node.value
            elif isinstance(node, ast.For):
                return node.iter
            elif isinstance(node, ast.If | ast.While):
                return node.test
        raise ExerciseError(("source", number), "nothing on this line can be blank")


def _marks(source: str) -> dict[int, re.Match[str]]:
    marks = {}
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT and token.string.startswith("#:"):
            match = _MARK.match(token.string)
            if match is None:
                raise ExerciseError(("source", token.start[0]), f"no mark: {token.string!r}")
            marks[token.start[0]] = match
    return marks


def _ship(bug: BugSpec, lines: list[str]) -> tuple[str, int]:
    """The visible lines with a bug's changes, and the line of the first change."""
    changed = list(lines)
    first = len(lines)
    for old, new in bug.changes:
        where = [i for i, line in enumerate(lines) if line.strip() == old.strip()]
        path = ("bugs", bug.name, "replace", old)
        if len(where) != 1:
            raise ExerciseError(path, f"stands {len(where)} times in the file, must be once")
        at = where[0]
        indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
        changed[at] = indent + new.strip()
        first = min(first, at + 1)
    text = "\n".join(changed).rstrip() + "\n"
    try:
        ast.parse(text)
    except SyntaxError as error:
        raise ExerciseError(("bugs", bug.name, "replace"), str(error.msg)) from None
    return text, first
