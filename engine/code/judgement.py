"""What the judge says of a submission: codes and values, no prose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from .comparison import Check, Difference
from .naming import NamedMistake
from .runner import ErrorReport

Outcome: TypeAlias = Literal["correct", "wrong", "not_understood", "undecided"]


@dataclass(frozen=True)
class CodeJudgement:
    """What is said of a submission: codes and values, no prose.

    Attributes:
        reason: why it was not judged: not understood ("syntax-error", "blank-left", "too-long",
            "null-byte") or undecided ("too-much-output", "runner-lost", "cancelled",
            "reference-failed").
        mistakes: one, or two that were made together; empty if none that is known fits.
        checks: in order; see ``Check``. Empty if nothing was compared.
        notes: "float32", "np-matrix", "input-changed-in-place", "list-for-tuple", "unchanged" (the
            find-the-bug form as it was shipped): told, not failed.
        error: the learner's exception, or how the process ended ("timeout", "crashed", "ended",
            "too-much-results", "bad-channel", "too-much-output").
        failed_step: the step of a plan of several at which the run stopped, as a line of Python.
        lines: of the blanks that are left.
        nearest: names like the missing one (a function, class, method or attribute) that the
            submission has instead.
        difference: the first differing entry on an ordinary case.
        failing_input: a call on a small failing input, to be pasted; ``failing_sizes`` its sizes.
        failed_cases: names of the inputs that fail; ``scope`` says what they have in common:
            "hard-inputs-only", "keeps-state", "cached-by-shape", "equal-sizes-only-run",
            "equal-sizes-only", or "one-size-only" (``scope_sizes`` says which).
        feedback: keys of the exercise's texts, most telling first ("bug:NAME", "CODE@BLANK",
            "CODE").
        changed_inputs: arguments that were changed in place.
        blanks: by letter, whether a blank's answer is right with the reference in the others.
        output: what the submission printed.
    """

    outcome: Outcome
    reason: str | None = None
    mistakes: tuple[NamedMistake, ...] = ()
    checks: tuple[Check, ...] = ()
    notes: tuple[str, ...] = ()
    error: ErrorReport | None = None
    lines: tuple[int, ...] = ()
    nearest: tuple[str, ...] = ()
    difference: Difference | None = None
    failing_input: str | None = None
    failing_sizes: Mapping[str, int] | None = None
    failed_cases: tuple[str, ...] = ()
    scope: str | None = None
    scope_sizes: Mapping[str, int] = field(default_factory=dict)
    feedback: tuple[str, ...] = ()
    changed_inputs: tuple[str, ...] = ()
    failed_step: str | None = None
    blanks: Mapping[str, bool] = field(default_factory=dict)
    output: str = ""
    seed: int = 0
    milliseconds: float = 0.0


def feedback_keys(mistakes: Sequence[NamedMistake]) -> tuple[str, ...]:
    """Where an exercise may have a text for these mistakes, the most particular first."""
    keys = []
    for mistake in mistakes:
        if "bug" in mistake.at:
            keys.append(f"bug:{mistake.at['bug']}")
        if "blank" in mistake.at:
            keys.append(f"{mistake.code}@{mistake.at['blank']}")
        keys.append(mistake.code)
    return tuple(dict.fromkeys(keys))
