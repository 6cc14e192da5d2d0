"""Mutants of a reference: the same program with one mistake, named by its code.

They play the part that mutants of formulas play: a wrong answer that behaves like one of them gets
its name, and certification runs them all to show that the judge lets none through. A mutant is
spliced into the source text statement by statement, so that line numbers stay what they are.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

from . import dimensions
from .definitions import classes_of, functions_of
from .dimensions import Axes
from .exercise import Exercise
from .operators import OPERATORS
from .rewriting import Context, is_derivative, names, steps_back


@dataclass(frozen=True)
class Mutant:
    """One mistake.

    ``line`` is that of the reference; ``expected`` and ``found`` are the statement as it should be
    and as the mutant has it ("" if it is left out). ``bug`` names a mistake that the exercise
    declares itself.
    """

    code: str
    line: int
    expected: str
    found: str
    source: str
    bug: str | None = None

    @property
    def id(self) -> str:
        """Stable name: the code and what stands there (or what is left out)."""
        return f"{self.code}: {self.found or 'without ' + self.expected}"


def mutants(exercise: Exercise) -> tuple[Mutant, ...]:
    """Declared bugs first, then every single mistake that the operators can make; no two alike."""
    source = exercise.reference_source
    found: list[Mutant] = []
    seen = {source}
    declared = {bug.name: bug for bug in exercise.spec.bugs}
    for name, bug in declared.items():
        text = _replaced(source, bug.changes)
        old, new = bug.changes[0]
        line = next(i for i, row in enumerate(source.splitlines(), 1) if _code(row) == old.strip())
        found.append(Mutant(bug.code, line, old.strip(), new.strip(), text, name))
        seen.add(text)
    for mutant in _single(exercise):
        if mutant.source not in seen:
            seen.add(mutant.source)
            found.append(mutant)
    return tuple(found)


def combined(exercise: Exercise, first: Mutant, second: Mutant) -> str | None:
    """The source with two mistakes, or None if they stand in the same statement."""
    reference = exercise.reference_source.splitlines()
    one, two = first.source.splitlines(), second.source.splitlines()
    if not len(reference) == len(one) == len(two):
        return None
    merged = []
    for base, left, right in zip(reference, one, two, strict=True):
        if base not in (left, right):
            return None
        merged.append(left if left != base else right)
    return "\n".join(merged) + "\n"


def changed_rows(exercise: Exercise, mutant: Mutant) -> set[int]:
    """The numbers of the reference's lines that a mutant has otherwise."""
    pairs = zip(exercise.reference_source.splitlines(), mutant.source.splitlines(), strict=False)
    return {number for number, (old, new) in enumerate(pairs, 1) if _code(old) != _code(new)}


def spans_blanks(exercise: Exercise, mutant: Mutant) -> bool:
    """Whether it is a declared mistake whose changes stand in more than one blank."""
    if mutant.bug is None:
        return False
    changed = changed_rows(exercise, mutant)
    return len({exercise.letters.get(number) for number in changed}) > 1


def _code(row: str) -> str:
    return row.partition("#:")[0].strip()


def _replaced(source: str, changes: tuple[tuple[str, str], ...]) -> str:
    rows = source.splitlines()
    for old, new in changes:
        for index, row in enumerate(rows):
            if _code(row) == old.strip():
                rows[index] = row[: len(row) - len(row.lstrip())] + new.strip()
                break
    return "\n".join(rows) + "\n"


def _single(exercise: Exercise) -> Iterator[Mutant]:
    tree = ast.parse(exercise.reference_source)
    rows = exercise.reference_source.splitlines()
    wanted = {*exercise.plan.defines, *exercise.spec.mutation.functions}
    functions = functions_of(tree)
    helpers = frozenset(functions)
    for name, methods in classes_of(tree).items():
        functions.update({f"{name}.{each}": method for each, method in methods.items()})
    declared = dimensions.declared(exercise.spec, functions)
    for name, function in functions.items():
        if name.partition(".")[0] in wanted:
            axes = dimensions.inferred(function, declared.get(name, {}), declared[""])
            yield from _Function(exercise, function, rows, helpers, axes).mutants()


class _Function:
    """Mutants of one function of the reference."""

    def __init__(
        self,
        exercise: Exercise,
        function: ast.FunctionDef,
        rows: list[str],
        helpers: frozenset[str],
        axes: Axes,
    ) -> None:
        self._spec = exercise.spec.mutation
        self._function = function
        self._rows = rows
        self._helpers = helpers
        self._axes = axes
        self._loops = frozenset(
            name
            for node in ast.walk(function)
            if isinstance(node, ast.For)
            for name in names(node.target)
        )
        self._back = steps_back(function, self._loops)

    def mutants(self) -> Iterator[Mutant]:
        body = self._function.body
        if ast.get_docstring(self._function, clean=False) is not None:
            body = body[1:]
        yield from self._block(body, None)

    def _block(self, body: list[ast.stmt], loop: ast.For | None) -> Iterator[Mutant]:
        for statement in body:
            yield from self._expressions(statement)
            yield from self._statement(statement, loop)
            for field in ("body", "orelse"):
                inner = statement if isinstance(statement, ast.For) else loop
                yield from self._block(getattr(statement, field, []), inner)

    def _expressions(self, statement: ast.stmt) -> Iterator[Mutant]:
        expected = _first_line(statement)
        context = Context(
            self._spec, self._helpers, self._loops, statement, self._axes, steps_back=self._back
        )
        for parent, field, index, node, here in _walk(statement, context):
            for operator in OPERATORS:
                for code, replacement in operator(node, here):
                    _put(parent, field, index, replacement)
                    text = _first_line(statement)
                    _put(parent, field, index, node)
                    if text != expected:
                        yield self._mutant(code, statement, expected, text)

    def _statement(self, statement: ast.stmt, loop: ast.For | None) -> Iterator[Mutant]:
        expected = _first_line(statement)
        if isinstance(statement, ast.AugAssign):
            target = ast.unparse(statement.target)
            value = ast.unparse(statement.value)
            changes = []
            if isinstance(statement.op, ast.Add):
                changes = [("not-accumulated", "="), ("sign-flipped", "-=")]
            elif isinstance(statement.op, ast.Sub):
                changes = [("sign-flipped", "+=")]
            for code, sign in changes:
                text = f"{target} {sign} {value}"
                yield self._mutant(code, statement, expected, text)
        if isinstance(statement, ast.AugAssign) or self._reassigned(statement):
            code = "not-reset" if loop is not None and _resets(statement) else "term-dropped"
            if loop is not None and code == "term-dropped" and _carries(statement):
                code = "recurrent-path-dropped"
            yield self._mutant(code, statement, expected, "")
        if loop is not None and isinstance(statement, ast.Assign) and _resets(statement):
            yield self._hoisted(statement, loop, expected)

    def _reassigned(self, statement: ast.stmt) -> bool:
        """Whether leaving out this assignment leaves its target defined by something else."""
        if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
            return False
        target = statement.targets[0]
        if isinstance(target, ast.Subscript):
            return True
        if not isinstance(target, ast.Name):
            return False
        others = [
            name
            for node in ast.walk(self._function)
            if isinstance(node, ast.Assign) and node is not statement
            for name in node.targets
            if isinstance(name, ast.Name) and name.id == target.id
        ]
        return bool(others)

    def _mutant(self, code: str, statement: ast.stmt, expected: str, found: str) -> Mutant:
        rows = list(self._rows)
        start = statement.lineno - 1
        end = statement.end_lineno if not hasattr(statement, "body") else statement.lineno
        row = rows[start]
        indent = row[: len(row) - len(row.lstrip())]
        # Blank lines fill up, so that every later line keeps its number.
        padding = [""] * ((end or statement.lineno) - statement.lineno)
        rows[start:end] = [indent + (found or "pass"), *padding]
        source = "\n".join(rows) + "\n"
        return Mutant(code, statement.lineno, expected, found, source)

    def _hoisted(self, statement: ast.stmt, loop: ast.For, expected: str) -> Mutant:
        rows = list(self._rows)
        header = rows[loop.lineno - 1]
        indent = header[: len(header) - len(header.lstrip())]
        row = rows[statement.lineno - 1]
        rows[statement.lineno - 1] = row[: len(row) - len(row.lstrip())] + "pass"
        # At the end of the row before the loop, so that the list of rows keeps its length.
        rows[loop.lineno - 2] += f"\n{indent}{expected}"
        return Mutant("not-reset", statement.lineno, expected, "", "\n".join(rows) + "\n")


def _first_line(statement: ast.stmt) -> str:
    """A statement as text; of a loop or condition, its header."""
    return ast.unparse(statement).splitlines()[0]


def _resets(statement: ast.stmt) -> bool:
    value = getattr(statement, "value", None)
    if isinstance(value, ast.Constant):
        return value.value == 0
    return isinstance(value, ast.Call) and "zeros" in ast.unparse(value.func)


def _carries(statement: ast.stmt) -> bool:
    """In a loop, ``delta_next = delta``: hands one step's value to the next."""
    return isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)


def _put(parent: ast.AST, field: str, index: int | None, node: ast.expr) -> None:
    if index is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[index] = node


def _walk(
    statement: ast.stmt, context: Context
) -> Iterator[tuple[ast.AST, str, int | None, ast.expr, Context]]:
    """Every expression of a statement (of a compound one, of its header) with its place."""
    stack: list[tuple[ast.AST, Context]] = [(statement, context)]
    while stack:
        parent, here = stack.pop()
        for field, value in ast.iter_fields(parent):
            values = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
            for index, node in values:
                if isinstance(node, ast.keyword | ast.comprehension):
                    stack.append((node, here))
                if not isinstance(node, ast.expr):
                    continue
                inside = replace(
                    here,
                    parent=parent,
                    in_index=here.in_index
                    or (isinstance(parent, ast.Subscript) and field == "slice"),
                    in_derivative=here.in_derivative or is_derivative(parent),
                )
                written = field in ("target", "targets")
                if not written or isinstance(node, ast.Subscript):
                    if not written:
                        yield parent, field, index, node, inside
                    stack.append((node, inside))
