"""What is drawn of each experiment: which numbers as curves, which as figures, which as maps.

A snapshot is read as plain data (``to_json``), so that no screen knows an experiment's own classes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

MARKS: Final = "abcdefgh"
"""The letters of curves: told apart without any colour."""

SHADES: Final = ".123456789"


@dataclass(frozen=True)
class Form:
    """How an experiment is drawn.

    ``value`` is drawn of each member of the list ``group`` (None: of the snapshot itself), called
    by its ``label``. ``along``: the value is a whole curve, over the steps back. ``x`` is the
    number that counts. ``figures`` are shown beside each curve, ``whole`` once; ``words`` are
    texts of the snapshot; ``matrix`` is a map of shares with the texts of rows and columns.
    """

    value: str
    group: str | None = None
    label: str = "name"
    along: bool = False
    x: str = "iteration"
    figures: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    matrix: tuple[str, str, str] | None = None


_SWEEP: Final = Form("bit_accuracy", "cases", figures=("solved",))
_STRINGS: Final = ("question", "target", "output")

FORMS: Final[Mapping[str, Form]] = {
    **dict.fromkeys(
        (
            "initial-deviation",
            "activation-and-initialisation",
            "output-delta",
            "learning-rate",
            "hidden-size",
            "clipping",
            "bit-order",
            "wrong-gradient",
        ),
        _SWEEP,
    ),
    "gradient-norms": Form("median", "cells", along=True),
    "adding-problem": Form("recent_loss", whole=("baseline", "gradient_norm", "target", "output")),
    "forget-gate-bias": Form(
        "recent_loss", "networks", "bias", figures=("forget_gate", "retention"), whole=("baseline",)
    ),
    "scaled-dot-product": Form(
        "variance",
        "scores",
        x="d_k",
        figures=("entropy", "largest_weight"),
        whole=("uniform_entropy",),
    ),
    "bidirectional-addition": Form(
        "bit_accuracy", "networks", figures=("accuracy",), whole=("bound",)
    ),
    "toy-word2vec": Form("loss", whole=("purity", "chance", "gradient_norm")),
    "addition-strings": Form("accuracy", whole=("loss", "gradient_norm"), words=_STRINGS),
    "date-conversion": Form(
        "accuracy", whole=("loss",), words=_STRINGS, matrix=("alignment", "output", "question")
    ),
    "teacher-forcing": Form("loss", "runs", figures=("accuracy",)),
    "beam-width": Form("loss", words=("question", "target")),
    "decoder-steps": Form(
        "loss", words=("step", "question", "written", "character", "probability", "text")
    ),
}


#: What a person watching needs otherwise than a record does: snapshots that come soon enough.
LIVE: Final[Mapping[str, Mapping[str, Any]]] = {
    "adding-problem": {"every": 5},
    "forget-gate-bias": {"every": 5},
    "addition-strings": {"every": 5, "test": 100},
    "date-conversion": {"every": 5, "test": 50},
    "teacher-forcing": {"every": 5},
    "beam-width": {"every": 5},
    "decoder-steps": {"every": 5},
}


@dataclass
class Curve:
    """One curve as far as it has been drawn, with its newest figures."""

    name: str
    xs: list[float]
    ys: list[float]
    figures: tuple[tuple[str, float | None], ...] = ()

    @property
    def last(self) -> float | None:
        return self.ys[-1] if self.ys else None


class Curves:
    """Gathers snapshots into curves; runs in the thread of the run, is read by the screen."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.curves: dict[str, Curve] = {}
        self.newest: Mapping[str, Any] = {}
        self.count = 0

    def add(self, snapshot: Mapping[str, Any]) -> None:
        """Take in one snapshot."""
        form = self.form
        found: Sequence[Mapping[str, Any]] = (
            [snapshot] if form.group is None else snapshot.get(form.group) or []
        )
        for part in found[: len(MARKS)]:
            name = form.value if form.group is None else str(part.get(form.label, ""))
            curve = self.curves.setdefault(name, Curve(name, [], []))
            value = part.get(form.value)
            if form.along and isinstance(value, list):
                points = [(n + 1.0, y) for n, y in enumerate(reversed(value)) if y is not None]
                curve.xs, curve.ys = [x for x, _ in points], [float(y) for _, y in points]
            elif isinstance(value, int | float):
                curve.xs.append(float(snapshot.get(form.x) or 0))
                curve.ys.append(float(value))
            curve.figures = tuple((key, _number(part.get(key))) for key in form.figures)
        self.newest = snapshot
        self.count += 1


def whole_figures(form: Form, newest: Mapping[str, Any]) -> list[tuple[str, float]]:
    """The figures that stand once, where the snapshot has them."""
    pairs = ((key, _number(newest.get(key))) for key in form.whole)
    return [(key, value) for key, value in pairs if value is not None]


def words_of(form: Form, newest: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The texts of a snapshot."""
    found = ((key, newest.get(key)) for key in form.words)
    return [
        (key, f"{value:.3f}" if isinstance(value, float) else str(value).rstrip())
        for key, value in found
        if value not in (None, "")
    ]


def map_lines(form: Form, newest: Mapping[str, Any], most: int) -> list[str]:
    """A map of shares in tenths, a row for each sign that was written; empty without one."""
    if form.matrix is None:
        return []
    key, rows, columns = form.matrix
    shares = newest.get(key)
    if not shares:
        return []
    written, read = str(newest.get(rows) or ""), str(newest.get(columns) or "")
    width = min(most - 2, len(read.rstrip()) or len(shares[0]))
    lines = ["  " + read[:width]]
    for number, row in enumerate(shares):
        sign = written[number] if number < len(written) else " "
        cells = (SHADES[min(9, max(0, round(10 * share)))] for share in row[:width])
        lines.append(f"{sign} {''.join(cells)}")
    return lines


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None
