"""Runs done again: whether recorded figures that items rest on still come out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from drills.grading.predict import described
from drills.locale import text
from question_bank.kinds.predict import PredictBody
from question_bank.model import Item
from question_bank.text import Place, Text

REPLICATES = 40
# Seeds that no recorded run has had.
FIRST_SEED = 10_000
_PREFIX = "binary-addition/"


def repeatable(items: Iterable[Item]) -> dict[str, tuple[Place, set[str]]]:
    """The runs that can be done again within minutes, with the figures that items name of them.

    Only the binary adder's: the other recorded trainings take hours.
    """
    from engine.experiments.binary_addition_rows import ROWS

    found: dict[str, tuple[Place, set[str]]] = {}
    for item in items:
        if isinstance(item.body, PredictBody):
            for path, run, figure in item.body.named():
                if run.startswith(_PREFIX) and run.removeprefix(_PREFIX) in ROWS:
                    found.setdefault(run, (item.place_of(path), set()))[1].add(figure)
    return found


def repeat(run: str, figures: Iterable[str], replicates: int = REPLICATES) -> Iterator[Text]:
    """Do a run again from new seeds; tells each figure whose two intervals do not meet."""
    from engine.experiments.binary_addition_rows import ROWS
    from engine.experiments.figures import figures_of, rows
    from engine.experiments.record import measure

    recorded = rows()[run]
    case, published = ROWS[run.removeprefix(_PREFIX)]
    again = figures_of(measure(case, published, replicates, 10_000, FIRST_SEED))
    for name in sorted(figures):
        before, after = recorded.figures[name], again[name]
        if before.high < after.low or after.high < before.low:
            yield text(
                "grading.predict.repeated",
                run=run,
                figure=name,
                value=described(after),
                recorded=described(before),
            )
