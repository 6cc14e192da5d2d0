"""What an evaluation is given and what it notes: index values, a budget, a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.formulas.tree import Index

#: What all readings of one text may cost; a formula of a page takes 3,000 at most.
BUDGET = 60_000


class BudgetExceededError(Exception):
    """The formula asks for more work than a verdict may take."""


class UnboundIndexError(Exception):
    """An index variable without a value."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class EvaluationError(Exception):
    """A value that does not exist: a division by zero, an exponent that is no integer."""


@dataclass
class Budget:
    """Nodes that may still be looked at or evaluated; shared by all of one verdict."""

    left: int = BUDGET

    def spend(self, amount: int = 1) -> None:
        self.left -= amount
        if self.left < 0:
            raise BudgetExceededError


@dataclass(frozen=True)
class Binding:
    """Index values of one test: ``t``, ``T``, ``T_t``, ``tau`` and what else the statement uses.

    ``loss_step`` is the step of the loss under one step's loss; ``lags`` how many steps back the
    true gradient reaches; ``update`` the update number of the left side, if it has one.
    """

    indices: Mapping[str, int]
    loss_step: int
    lags: int
    update: Index | None = None


@dataclass
class Record:
    """What evaluations noticed: reads outside the run, the size of every summand and the truth."""

    outside: set[str] = field(default_factory=set)
    largest: dict[int, float] = field(default_factory=dict)
    truth: float = 0.0
