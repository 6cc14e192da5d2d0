"""Judges code: any implementation with the right numbers passes, a wrong one is explained.

Ordered checks (defined, runs, type, shape, dtype, value, gradient), then for a wrong answer the
known mistake that behaves the same way and a small failing input. The judge holds the expected
arrays and runs nobody's code, not even the reference's: programs run in children (``runner``).
"""

from __future__ import annotations

import atexit
import functools
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from .ahead import Ahead, fresh_seed, key_of
from .choices import Distractor, choose, distractors
from .comparison import Check, Difference
from .exercise import BLANK, LANGUAGES, Exercise
from .judgement import CodeJudgement, Outcome
from .mutation import Mutant, mutants
from .naming import NamedMistake
from .runner import ErrorReport, Runner
from .sandbox.report import Confinement
from .submission import MAX_SOURCE, Submission

if TYPE_CHECKING:
    from .certification import ExerciseCertificate

__all__ = [
    "BLANK",
    "MAX_SOURCE",
    "Check",
    "CodeJudge",
    "CodeJudgement",
    "Difference",
    "ErrorReport",
    "NamedMistake",
    "Outcome",
    "certify",
    "shared_judge",
]


class CodeJudge:
    """Judges submissions with one warm runner; safe to call from any thread.

    Args:
        mode: "fork", "spare" or None (what the system can do); see ``runner.Runner``.
        ahead: whether, after each verdict, the reference is run on the next one's inputs, so that
            only the learner's program is left to wait for.
    """

    def __init__(self, mode: str | None = None, ahead: bool = False) -> None:
        self._ahead = Ahead(self) if ahead else None
        self.runner = Runner(mode)
        self._mutants: dict[str, tuple[Mutant, ...]] = {}
        self._distractors: dict[tuple[str, str], tuple[Distractor, ...]] = {}

    def warm(self) -> None:
        """Starts the process ahead of the first submission."""
        self.runner.warm()

    def cancel(self) -> None:
        """Ends the run in progress; that judgement is then undecided, "cancelled"."""
        self.runner.cancel()

    def prepare(self, exercise: Exercise) -> None:
        """Computes what the next submission will be compared with, if this judge works ahead."""
        if self._ahead is not None:
            self._ahead.start(exercise, key_of(exercise))

    def confinement(self) -> Confinement:
        return self.runner.confinement()

    def close(self) -> None:
        if self._ahead is not None:
            self._ahead.stop()
        self.runner.close()

    def __enter__(self) -> CodeJudge:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def mutants_of(self, exercise: Exercise) -> tuple[Mutant, ...]:
        """The exercise's mutants, made once."""
        key = key_of(exercise)
        if key not in self._mutants:
            self._mutants[key] = mutants(exercise)
        return self._mutants[key]

    def distractors_of(self, exercise: Exercise, letter: str) -> tuple[Distractor, ...]:
        """Every wrong text for a blank that is proved wrong, made once.

        Raises:
            KeyError: for a letter that is no blank.
        """
        key = key_of(exercise), letter
        if key not in self._distractors:
            mutants_here = self.mutants_of(exercise)
            self._distractors[key] = distractors(self.runner, exercise, letter, mutants_here)
        return self._distractors[key]

    def choices(self, exercise: Exercise, letter: str, seed: int = 0) -> tuple[Distractor, ...]:
        """The three wrong texts of the exam form of a blank; the same for the same seed."""
        return choose(self.distractors_of(exercise, letter), exercise, letter, seed)

    def check(
        self,
        exercise: Exercise,
        submission: str,
        face: str = "typed",
        bug: str | None = None,
        seed: int | None = None,
        shrink: bool = True,
    ) -> CodeJudgement:
        """Judges one submission.

        Args:
            face: "typed" (the blanks filled) or "bug" (the shipped source mended).
            bug: the name of the shipped mistake, for the face "bug".
            seed: of the random inputs; from the system unless given.
            shrink: whether to look for a small failing input (about 50 ms).
        """
        began = time.perf_counter()
        drawn, expected = seed is None, None
        if seed is None:
            taken = self._ahead.take(key_of(exercise)) if self._ahead is not None else None
            seed, expected = taken or (fresh_seed(), None)
        known = functools.partial(self.mutants_of, exercise)
        judgement = Submission(
            self.runner, exercise, known, submission, seed, shrink, expected
        ).judge()
        notes = judgement.notes
        if face == "bug" and bug is not None:
            shipped = [exercise.bug_source(bug, language) for language in LANGUAGES]
            if any(_same_text(submission, text) for text in shipped):
                notes = (*notes, "unchanged")
        spent = (time.perf_counter() - began) * 1000
        if drawn:
            self.prepare(exercise)
        return replace(judgement, notes=notes, seed=seed, milliseconds=spent)


def _same_text(left: str, right: str) -> bool:
    rows = [[row.rstrip() for row in text.strip().splitlines()] for text in (left, right)]
    return rows[0] == rows[1]


def certify(exercise: Exercise, full: bool = False) -> ExerciseCertificate:
    """Proves that an exercise can be judged; see ``certification.certify``."""
    from .certification import certify as prove  # it needs this module

    return prove(exercise, full)


_shared: CodeJudge | None = None
_shared_lock = threading.Lock()


def shared_judge() -> CodeJudge:
    """The process's one judge with its warm runner; closed when the interpreter ends."""
    global _shared  # noqa: PLW0603 - one per process is the point
    with _shared_lock:
        if _shared is None:
            _shared = CodeJudge(ahead=True)
            atexit.register(_shared.close)
        return _shared
