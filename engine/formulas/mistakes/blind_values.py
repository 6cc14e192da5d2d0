"""Values of many formulas at one blind point, which differ from one another in a place only.

A wrong formula is compared with hundreds of edits of the right one, and hundreds of its own edits
with the right one. What they have in common is read and evaluated once.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.formulas.conventions import Convention
from engine.formulas.evaluation import elaboration
from engine.formulas.evaluation.binding import (
    Binding,
    Budget,
    EvaluationError,
    Record,
    UnboundIndexError,
)
from engine.formulas.evaluation.elaboration import EVERY_NAME, ElaborationError, elaborate
from engine.formulas.evaluation.evaluator import Known, evaluator
from engine.formulas.evaluation.points import Run
from engine.formulas.evaluation.shapes import Layout
from engine.formulas.tree import Node

ELABORATION = 20  # what reading a formula costs, in evaluated nodes
MOST_REMEMBERED = 4000  # values of operations at one point; a value is below a kilobyte


class BlindValues:
    """Formulas at one run, in one layout, under one convention, for some index values."""

    def __init__(
        self, layout: Layout, run: Run, convention: Convention, points: tuple[Binding, ...]
    ) -> None:
        self.layout = layout
        self.shape = (run.samples, run.samples)
        self._read: elaboration.Known = {}
        self._evaluated: list[Known] = [{} for _ in points]
        self._evaluators = [
            evaluator(run, convention, point, Record(), known)
            for point, known in zip(points, self._evaluated, strict=True)
        ]

    def of(self, node: Node, budget: Budget) -> Any:
        """The values at all index values as one vector, or None where there is none.

        Raises ``BudgetExceededError``.
        """
        budget.spend(ELABORATION)
        self._forget_some()
        try:
            operation, _ = elaborate(node, self.layout, EVERY_NAME, self._read)
            values = [one.evaluate(operation, budget) for one in self._evaluators]
            parts = [np.broadcast_to(value, self.shape).ravel() for value in values]
        except (
            ElaborationError,
            EvaluationError,
            UnboundIndexError,
            ValueError,
            ArithmeticError,
        ):
            return None
        if not parts:  # the left side names a step outside the run, such as an initial state
            return None
        vector = np.concatenate(parts)
        return vector if np.isfinite(vector).all() else None

    def _forget_some(self) -> None:
        if sum(map(len, self._evaluated)) > MOST_REMEMBERED:
            # Values go by the identity of operations: both are forgotten, or neither.
            self._read.clear()
            for known in self._evaluated:
                known.clear()
