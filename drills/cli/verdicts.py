"""A verdict as lines of text: the plain face of what the app draws."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from drills.cli.console import terminal_width
from drills.locale import text
from drills.typography import cell_width, shorten, wrap
from drills.verdict import Verdict
from question_bank.text import Language

# The sign, the word and the colour each say the same; here sign and word do.
SIGNS: Final = {
    "correct": "✓",
    "correct_elsewhere": "~",
    "wrong": "✗",
    "incomplete": "…",
    "undecided": "…",
    "not_understood": "…",
}


def headline(verdict: Verdict, language: Language) -> str:
    """Sign and word: ``✗ wrong``."""
    return f"{SIGNS[verdict.outcome]} {text(f'verdict.outcome.{verdict.outcome}').in_(language)}"


def verdict_lines(verdict: Verdict, language: Language, answer: str = "") -> list[str]:
    """The whole verdict: word, reading, marked places, feedback, checks, ledger, assumptions."""
    width = terminal_width()
    lines = [headline(verdict, language)]
    if verdict.reading:
        lines += _labelled(text("verdict.read_as").in_(language), verdict.reading, width)
    lines += _marked(verdict, answer, width)
    lines += ["  " + line for line in wrap(verdict.feedback.in_(language), width - 2) if line]
    if verdict.checks:
        lines += [check_line(row, language) for row in verdict.checks]
    if verdict.ledger:
        row = "  ".join(
            f"s={entry['lag']} " + text(f"verdict.ledger.{entry['state']}").in_(language)
            for entry in verdict.ledger
        )
        lines += _labelled(text("verdict.time_steps").in_(language), row, width)
    if verdict.assumptions and verdict.right:
        stated = (
            text("verdict.listing")
            .in_(language)
            .join(
                assumption_text(key, value, language) for key, value in verdict.assumptions.items()
            )
        )
        lines += _labelled(text("verdict.assumed").in_(language), stated, width)
    return lines


def assumption_text(key: str, value: str, language: Language) -> str:
    """A convention in words (``loss of one step``), or as it is where no word is needed."""
    try:
        return text(f"verdict.assumption.{key}.{value}").in_(language)
    except KeyError:
        return f"{key}: {value}"


def check_line(row: object, language: Language) -> str:
    """One named check of a submission: its name, passed or not, and what differs."""
    assert isinstance(row, dict)
    if row["passed"] is None:
        sign, tail = "-", ""
    elif row["passed"]:
        sign, tail = "✓", ""
    else:
        sign, tail = "✗", row["got"] or row["expected"]
        if row["got"] and row["expected"]:
            said = text("verdict.got_expected", got=row["got"], expected=row["expected"])
            tail = said.in_(language)
    return shorten(
        f"  {sign} {check_name(str(row['name']), language)}  {tail}".rstrip(), terminal_width()
    )


def check_name(name: str, language: Language) -> str:
    """The check in words, with the output that it looks at: ``勾配確認 dW``."""
    kind, _, output = name.partition(" ")
    try:
        kind = text(f"code.check.{kind}").in_(language)
    except KeyError:
        return name
    return f"{kind} {output}".strip()


def _labelled(label: str, body: str, width: int) -> list[str]:
    indent = cell_width(label) + 3
    first, *rest = wrap(body, max(20, width - indent)) or [""]
    return [f"  {label} {first}", *(" " * indent + line for line in rest)]


def _marked(verdict: Verdict, answer: str, width: int) -> list[str]:
    """The answer with the places of the mistakes underlined; of a long one, the parts around them.

    Programs are left out: their mistakes are told by line.
    """
    spans = [mistake.span for mistake in verdict.mistakes if mistake.span]
    if verdict.right or not spans or "\n" in answer or not answer:
        return []
    if cell_width(answer) <= width - 2:
        return _underlined(answer, spans)
    lines: list[str] = []
    for start, end in dict.fromkeys(spans):
        first, last = _window(answer, start, end, width - 8)
        before, after = "… " * (first > 0), " …" * (last < len(answer))
        shift = len(before) - first
        part = before + answer[first:last] + after
        lines += _underlined(part, [(start + shift, min(end, last) + shift)])
    return lines


def _window(answer: str, start: int, end: int, width: int) -> tuple[int, int]:
    """Where to cut so that the span and some of its surroundings fit."""
    first, last = start, start + 1
    while last < min(end, len(answer)) and cell_width(answer[first : last + 1]) <= width:
        last += 1
    for _ in range(12):
        if first > 0 and cell_width(answer[first - 1 : last]) <= width:
            first -= 1
        if last < len(answer) and cell_width(answer[first : last + 1]) <= width:
            last += 1
    return first, last


def _underlined(line: str, spans: Sequence[tuple[int, int]]) -> list[str]:
    marks = "".join(
        ("^" if any(start <= place < end for start, end in spans) else " ") * cell_width(letter)
        for place, letter in enumerate(line)
    )
    return ["  " + line, "  " + marks.rstrip()]
