"""Exercises whose docstrings and comments are read in English whatever the language is."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterable, Iterator

from drills.authoring.wording import said
from question_bank.model import ExerciseEntry
from question_bank.problems import Problem


def english_only(exercises: Iterable[ExerciseEntry]) -> Iterator[Problem]:
    """One warning for each exercise that shows docstrings or comments and has no Japanese ones.

    A part of them is no case of its own: the engine takes all that are shown, or none. What it
    cannot read is a problem that ``resolve`` reports.
    """
    from drills.grading.code import parsed
    from engine.code.exercise import ExerciseError

    for entry in exercises:
        try:
            exercise = parsed(entry)
        except ExerciseError:
            continue
        shown = exercise.solution
        if exercise.worded(shown, "ja") == shown and _has_words(shown):
            message = said("authoring.english_only", name=entry.name)
            yield Problem(entry.place_of("judge"), message)


def _has_words(source: str) -> bool:
    owners = ast.Module | ast.ClassDef | ast.FunctionDef
    if any(isinstance(n, owners) and ast.get_docstring(n) for n in ast.walk(ast.parse(source))):
        return True
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return any(token.type == tokenize.COMMENT for token in tokens)
