"""From the engine's judgement of a program to a verdict in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from drills.grading.base import join
from drills.grading.formula_feedback import named
from drills.locale import text
from drills.verdict import Mistake, Outcome, Verdict
from question_bank.text import Text

if TYPE_CHECKING:
    from engine.code.comparison import Difference
    from engine.code.judge import CodeJudgement
    from engine.code.runner import ErrorReport
    from question_bank.model import ExerciseEntry, MistakeText


def verdict_of(
    judgement: CodeJudgement,
    entry: ExerciseEntry,
    mistakes: Mapping[str, MistakeText],
    source: str,
    **item: Any,
) -> Verdict:
    """The judgement as a verdict; ``item`` holds item, face and seed.

    Looking at which checks a shipped bug fails is no answer to an item: it costs no attempt.
    """
    looking = "unchanged" in judgement.notes and item.get("item") is not None
    return Verdict(
        outcome="incomplete" if looking else cast(Outcome, judgement.outcome),
        feedback=feedback(judgement, entry, mistakes),
        mistakes=tuple(
            Mistake(
                mistake.code,
                line_span(source, mistake.line),
                {**mistake.at, "line": mistake.line} if mistake.line else (mistake.at or None),
            )
            for mistake in judgement.mistakes
        ),
        checks=tuple(check.to_json() for check in judgement.checks) or None,
        witness=_witness(judgement),
        **item,
    )


def feedback(
    judgement: CodeJudgement, entry: ExerciseEntry, mistakes: Mapping[str, MistakeText]
) -> Text:
    """What to look at, and why; notes (changed in place, float32) at the end."""
    notes = [
        text(f"code.note.{note}", names=", ".join(judgement.changed_inputs))
        for note in judgement.notes
    ]
    if judgement.outcome == "correct":
        return join([text("code.right"), *notes])
    if judgement.outcome in ("not_understood", "undecided"):
        return join([_unjudged(judgement), *_right_blanks(judgement)])
    if judgement.error is not None:
        named_too = _named(judgement, entry, mistakes)
        parts = [*_step(judgement), error_sentence(judgement.error), *named_too]
    elif "unchanged" in judgement.notes:
        # Naming the line and the mistake before anything was tried would give the answer away.
        return join([*notes, text("code.unchanged"), *_gradients(judgement)])
    elif _named(judgement, entry, mistakes):
        parts = _named(judgement, entry, mistakes)
    elif judgement.difference is not None and not _misfit(judgement):
        parts = [difference_sentence(judgement.difference)]
    else:
        parts = _by_check(judgement)
    parts += [*_gradients(judgement), *_right_blanks(judgement)]
    parts += _edges(judgement)
    if judgement.scope:
        sizes = ", ".join(f"{name} = {size}" for name, size in judgement.scope_sizes.items())
        names = ", ".join(dict.fromkeys(judgement.failed_cases))
        parts.append(text(f"code.scope.{judgement.scope}", sizes=sizes, names=names))
    return join([*parts, *notes])


def line_span(source: str, line: int | None) -> tuple[int, int] | None:
    """Start and end of a line (from 1) in the source, without its indentation."""
    rows = source.splitlines(keepends=True)
    if line is None or not 1 <= line <= len(rows):
        return None
    start = sum(len(row) for row in rows[: line - 1])
    row = rows[line - 1].rstrip()
    return start + len(row) - len(row.lstrip()), start + len(row)


def error_sentence(error: ErrorReport) -> Text:
    """What went wrong on which line of the learner's own."""
    key = f"code.error.{error.kind}"
    try:
        said = text(key, message=error.message)
    except KeyError:
        said = text("code.error.other", kind=error.kind, message=error.message)
    if error.line is None:
        return said
    return join([text("code.at_line", line=error.line, text=error.text.strip()), said])


def difference_sentence(difference: Difference) -> Text:
    """The first value that differs, and the pattern that the wrong values follow."""
    index = ", ".join(map(str, difference.index))
    place = f"{difference.output}[{index}]" if index else difference.output
    parts = [
        text(
            "code.difference",
            place=place,
            got=f"{difference.got:.6g}",
            expected=f"{difference.expected:.6g}",
            sizes=", ".join(f"{name}={size}" for name, size in difference.sizes.items()),
        )
    ]
    if difference.pattern:
        factor = f"{difference.factor:.4g}" if difference.factor is not None else ""
        parts.append(text(f"code.pattern.{difference.pattern}", factor=factor))
    return join(parts)


def _named(
    judgement: CodeJudgement, entry: ExerciseEntry, mistakes: Mapping[str, MistakeText]
) -> list[Text]:
    """The texts of the named mistakes: the exercise's own where it has one, else the bank's."""
    parts = []
    for mistake in judgement.mistakes[:4]:
        said_already = judgement.error is not None and judgement.error.line == mistake.line
        if mistake.line is not None and not said_already:
            parts.append(text("code.look_at_line", line=mistake.line))
        bug = entry.bugs.get(str(mistake.at.get("bug")))
        own = [entry.feedback.get(key) for key in _keys(mistake.code, mistake.at.get("blank"))]
        known = mistakes.get(mistake.code)
        if bug is not None:
            parts.append(bug.explain)
        elif found := next((said for said in own if said is not None), None):
            parts.append(found)
        elif known is not None:
            parts.append(join([named(known), known.look]))
    return parts


def _keys(code: str, blank: object) -> Sequence[str]:
    return (f"{code}@{blank}", code) if blank else (code,)


def _misfit(judgement: CodeJudgement) -> bool:
    """Whether a type, shape or dtype is wrong, which is to be mended before any value is."""
    return any(
        not check.passed and check.name in ("type", "shape", "dtype") for check in judgement.checks
    )


def _by_check(judgement: CodeJudgement) -> list[Text]:
    failed = next((check for check in judgement.checks if not check.passed), None)
    if failed is None:
        return [text("code.wrong")]
    near = ", ".join(judgement.nearest)
    if failed.name == "type" and failed.output is None:
        count = len(failed.expected.split(", "))
        said = text("code.failed.count", got=failed.got, expected=failed.expected, n=count)
        return [*_step(judgement), said]
    parts = [
        text(
            f"code.failed.{failed.name}",
            got=failed.got or "-",
            expected=failed.expected,
            output=failed.output or "",
        )
    ]
    if near:
        parts.append(text("cli.nearest", names=near))
    return parts


def _edges(judgement: CodeJudgement) -> list[Text]:
    """Wrong at the first or last entry of an axis alone; an index that wraps around."""
    difference, parts = judgement.difference, []
    if any(
        mistake.code == "index-shifted"
        and re.search(r"\b[a-z]\w* - 1[\],]", str(mistake.at.get("found")))
        and not re.search(r"\b[a-z]\w* - 1[\],]", str(mistake.at.get("expected")))
        for mistake in judgement.mistakes
    ):
        parts.append(text("code.wraps"))
    if difference is not None and not _misfit(judgement):
        edges = difference.edges.items()
        parts += [text(f"code.edge.{edge}", symbol=symbol) for symbol, edge in edges]
    return parts[:2]


def _step(judgement: CodeJudgement) -> list[Text]:
    """The call that a run of several stopped at."""
    return [text("code.in_step", step=judgement.failed_step)] if judgement.failed_step else []


def _right_blanks(judgement: CodeJudgement) -> list[Text]:
    """The blanks that are right with the reference in the others."""
    right = [letter for letter, fine in judgement.blanks.items() if fine]
    if not right:
        return []
    letters = " ".join(f"({letter})" for letter in right)
    return [text("code.blanks_right", letters=letters)]


def _gradients(judgement: CodeJudgement) -> list[Text]:
    wrong = [c.output or "" for c in judgement.checks if c.name == "gradient" and not c.passed]
    return [text("code.gradient", outputs=", ".join(wrong))] if wrong else []


def _unjudged(judgement: CodeJudgement) -> Text:
    reason = judgement.reason or "other"
    error = judgement.error
    lines = ", ".join(map(str, judgement.lines))
    return text(
        f"code.reason.{reason}",
        lines=lines,
        line=error.line if error is not None and error.line is not None else "?",
        text=error.text.strip() if error is not None else "",
        message=error.message if error is not None else "",
    )


def _witness(judgement: CodeJudgement) -> Mapping[str, Any] | None:
    if judgement.failing_input is None and judgement.difference is None:
        return None
    difference = judgement.difference
    return {
        "input": judgement.failing_input,
        "sizes": dict(judgement.failing_sizes or {}),
        "difference": difference.to_json() if difference is not None else None,
        "seed": judgement.seed,
    }
