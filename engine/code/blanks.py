"""What a submission has in each blank, read back from its text."""

from __future__ import annotations

import re
import textwrap
from typing import Final

from .exercise import BLANK, LANGUAGES, Exercise

_MARK: Final = re.compile(r"[ \t]*# \([a-z]\)[ \t]*$", re.MULTILINE)


def answers_in(exercise: Exercise, submission: str) -> dict[str, str] | None:
    """The text in each blank, by letter; None if anything else in the file was changed.

    What a learner started from may have its docstrings and comments in either language.
    """
    answers = (_answers(exercise, submission, language) for language in LANGUAGES)
    return next((found for found in answers if found is not None), None)


def _answers(exercise: Exercise, submission: str, language: str) -> dict[str, str] | None:
    rest = _plain(submission)
    pieces = _plain(exercise.typed_source(language)).split(BLANK)
    first, *between, last = pieces if len(pieces) > 1 else ["", ""]
    if len(pieces) != len(exercise.blanks) + 1 or not rest.startswith(first):
        return None
    rest = rest[len(first) :]
    if not rest.endswith(last):
        return None
    rest = rest[: len(rest) - len(last)]
    found = []
    for piece in between:
        text, stands, rest = rest.partition(piece)
        if not stands:
            return None
        found.append(text)
    found.append(rest)
    answers = {}
    for blank, before, text in zip(exercise.blanks, pieces[:-1], found, strict=True):
        indent = before[before.rfind("\n") + 1 :]
        # The first line's indentation stands in the file, the others' in the answer.
        answers[blank.letter] = textwrap.dedent(indent + text) if blank.block else text.strip()
    return answers


def _plain(text: str) -> str:
    """Without the marks of the blanks and without spaces at the ends of lines."""
    unmarked = _MARK.sub("", text.replace("\r\n", "\n"))
    return "\n".join(row.rstrip() for row in unmarked.split("\n")).rstrip()
