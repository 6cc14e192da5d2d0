"""A verdict as plain data, in both languages, so that a session shows it again after a restart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from drills.verdict import Mistake, Verdict
from question_bank.text import Text


def to_record(verdict: Verdict) -> dict[str, Any]:
    """Everything of the verdict; the inverse of ``from_record``."""
    record = verdict.to_json("en")
    record["feedback"] = [verdict.feedback.en, verdict.feedback.ja]
    record["elsewhere_counts"] = verdict.elsewhere_counts
    return record


def from_record(record: Mapping[str, Any]) -> Verdict:
    """The verdict again. Raises ``KeyError``, ``TypeError`` or ``ValueError`` for another form."""
    ledger, checks = record["ledger"], record["checks"]
    en, ja = record["feedback"]
    return Verdict(
        outcome=record["outcome"],
        feedback=Text(en, ja),
        mistakes=tuple(
            Mistake(
                mistake["code"],
                tuple(mistake["span"]) if mistake["span"] else None,
                mistake["at"],
            )
            for mistake in record["mistakes"]
        ),
        reading=record["reading"],
        assumptions=record["assumptions"],
        target=record["target"],
        link=record["link"],
        ledger=None if ledger is None else tuple(ledger),
        checks=None if checks is None else tuple(checks),
        witness=record["witness"],
        item=record["item"],
        face=record["face"],
        seed=record["seed"],
        elsewhere_counts=record["elsewhere_counts"],
    )
