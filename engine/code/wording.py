"""An exercise's docstrings and comments in Japanese: the words change, the code does not.

The file itself is English. Beside it, under ``japanese``, stands what is shown instead:
``docstrings`` by owner (``module``, ``step``, ``RNN``, ``RNN.forward``) and ``comments`` by their
English text. Each has as many lines as the English one, so that every line keeps its number.
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from . import fields
from .fields import ExerciseError, Path

_PATH: Final[Path] = ("japanese",)
MODULE: Final = "module"


@dataclass(frozen=True)
class Wording:
    """What stands for which docstring (as it is written, quotes included) and comment."""

    docstrings: tuple[tuple[str, str], ...] = ()
    comments: Mapping[str, str] = field(default_factory=dict)

    def of(self, source: str) -> str:
        """A text of the exercise with these words; what it does not know stays as it is."""
        if not self.docstrings and not self.comments:
            return source
        rows = source.splitlines(keepends=True)
        waiting = list(self.docstrings)
        changes = []
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            found = None
            if token.type == tokenize.COMMENT:
                text = self.comments.get(token.string.lstrip("#").strip())
                found = None if text is None else f"# {text}"
            elif token.type == tokenize.STRING:
                place = next((n for n, (old, _) in enumerate(waiting) if old == token.string), None)
                found = None if place is None else waiting.pop(place)[1]
            if found is not None:
                changes.append((token.start, token.end, found))
        for (first, start), (last, end), text in reversed(changes):
            whole = rows[first - 1][:start] + text + rows[last - 1][end:]
            rows[first - 1 : last] = whole.splitlines(keepends=True)
        return "".join(rows)


def parse(given: Any, source: str, tree: ast.Module, end: int) -> Wording:
    """Reads the key ``japanese``: all that is shown, or nothing.

    Args:
        end: the number of the last line that is shown.

    Raises:
        ExerciseError: with the path of keys and the nearest valid name.
    """
    if given is None:
        return Wording()
    data = fields.mapping(given, _PATH)
    fields.known(data, "docstrings comments", _PATH)
    written = dict(_docstrings(source, tree, end))
    translated = _texts(data, "docstrings", written)
    comments = dict.fromkeys(_comments(source, end))
    wording = _texts(data, "comments", comments)
    for text, japanese in wording.items():
        if len(japanese.splitlines()) > 1:
            raise ExerciseError((*_PATH, "comments", text), "must be one line")
    docstrings = tuple(
        (literal, _literal(literal, translated[owner], (*_PATH, "docstrings", owner)))
        for owner, literal in written.items()
    )
    return Wording(docstrings, wording)


def _texts(data: Mapping[str, Any], key: str, known: Mapping[str, Any]) -> dict[str, str]:
    path: Path = (*_PATH, key)
    texts = {}
    for name, text in fields.mapping(data.get(key, {}), path).items():
        fields.choice(name, known, (*path, name))
        texts[name] = fields.text(text, (*path, name)).strip("\n")
    if lacking := [name for name in known if name not in texts]:
        raise ExerciseError(path, f"lacks {', '.join(map(repr, lacking))}")
    return texts


def _docstrings(source: str, tree: ast.Module, end: int) -> Iterator[tuple[str, str]]:
    """Owner and literal of every docstring that is shown, in the order of the file."""

    def inside(node: ast.Module | ast.ClassDef | ast.FunctionDef, name: str) -> Iterator[Any]:
        first = node.body[0] if node.body else None
        has = ast.get_docstring(node, clean=False) is not None
        if has and isinstance(first, ast.Expr) and first.lineno <= end:
            yield name or MODULE, ast.get_source_segment(source, first.value) or ""
        for child in node.body:
            if isinstance(child, ast.ClassDef | ast.FunctionDef):
                yield from inside(child, f"{name}.{child.name}" if name else child.name)

    yield from inside(tree, "")


def _comments(source: str, end: int) -> Iterator[str]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        comment = token.type == tokenize.COMMENT and not token.string.startswith("#:")
        if comment and token.start[0] <= end:
            yield token.string.lstrip("#").strip()


def _literal(literal: str, japanese: str, path: Path) -> str:
    """A docstring with other words: the same quotes, the same lines, the same indentation."""
    quotes = '"""' if '"""' in literal else "'''" if "'''" in literal else literal[-1]
    opening, _, rest = literal.partition(quotes)
    inner = rest.removesuffix(quotes)
    core = inner.strip()
    if "\\" in japanese or quotes in japanese or japanese.endswith(quotes[0]):
        raise ExerciseError(path, f"can contain neither a backslash nor {quotes}")
    old, new = core.splitlines(), japanese.splitlines()
    if len(old) != len(new):
        raise ExerciseError(path, f"has {len(new)} lines, the English one {len(old)}")
    lines = []
    for english, text in zip(old, new, strict=True):
        indent = english[: len(english) - len(english.lstrip())]
        lines.append(f"{indent}{text.strip()}" if text.strip() else "")
    before, _, after = inner.partition(core)
    return f"{opening}{quotes}{before}" + "\n".join(lines) + f"{after}{quotes}"
