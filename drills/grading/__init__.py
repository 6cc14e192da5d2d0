"""Grading: one module a kind, imported when first wanted."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from question_bank.kinds import KINDS

if TYPE_CHECKING:
    from drills.grading.base import Grader
    from drills.verdict import Verdict
    from question_bank.model import Bank
    from question_bank.problems import Problem

__all__ = ["grade", "grader_for", "resolve"]


def grader_for(kind: str, bank: Bank | None = None) -> Grader:
    """The grader of ``kind``: class ``<Kind>Grader`` of the module of that name.

    ``bank`` gives it the exercises and the texts of mistakes; without one the built-in bank does.
    Raises ``KeyError`` for an unknown kind.
    """
    if kind not in KINDS:
        raise KeyError(kind)
    module = import_module(f"drills.grading.{kind}")
    return cast("Grader", getattr(module, f"{kind.title()}Grader")(bank))


def grade(bank: Bank, item_id: str, answer: str, face: str | None = None, seed: int = 0) -> Verdict:
    """The verdict on one answer to one item, as sessions, exams and commands give it.

    Raises ``KeyError`` for an item that the bank does not have, ``ValueError`` for a face that the
    item does not have.
    """
    item = bank.items[item_id]
    if face is not None and face not in item.faces:
        raise ValueError(face)
    grader = grader_for(item.kind, bank)
    return grader.grade(item, grader.present(item, face or item.faces[0], seed), answer)


def resolve(bank: Bank) -> list[Problem]:
    """Every name in the bank that the engine does not know, at its place in the YAML file."""
    from drills.grading.resolution import resolve as resolve_names

    return resolve_names(bank)
