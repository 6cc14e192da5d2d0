"""An exercise's programs as the runner takes them: a learner's, the reference, its mutants."""

from __future__ import annotations

from .exercise import Exercise
from .runner import Program


def learners(exercise: Exercise, source: str) -> Program:
    """A learner's text."""
    lent = exercise.given
    return Program(source, exercise.plan, helpers=exercise.helpers, given=lent)


def trusted(exercise: Exercise, source: str) -> Program:
    """The exercise's own text, or a mutant of it."""
    return Program(source, exercise.plan, trusted=True, helpers=exercise.helpers)
