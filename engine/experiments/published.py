"""Published results, run again: ``python -m engine.experiments.published adding-problem``.

Trains every row from the seeds 0, 1, …, prints medians beside the published figures, and writes the
row into ``results`` after each seed, so that an interrupted measurement keeps what it has. Seeds
that are there already are not trained again unless ``--anew`` says so. Exits with 1 if a median
lies outside what was published.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from types import MappingProxyType
from typing import Any, Final

# One thread: the matrices are small, and figures then depend on fewer things. Before NumPy loads.
for _name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import numpy as np  # noqa: E402

from engine import __version__  # noqa: E402
from engine.experiments import EXPERIMENTS  # noqa: E402
from engine.experiments.plain import plain  # noqa: E402

RESULTS: Final = Path(__file__).with_name("results")


@dataclass(frozen=True, slots=True)
class Expected:
    """A published figure in words, and between which bounds a median counts as agreeing."""

    figure: str
    printed: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Row:
    """Settings that differ from the experiment's defaults, and what was published for them."""

    settings: Mapping[str, Any]
    seeds: int
    expected: tuple[Expected, ...]


def _exact(printed: str, low: float, high: float, epoch: int) -> Expected:
    return Expected(f"exact matches after epoch {epoch}", printed, low, high)


#: Experiment → name of a row → row.
ROWS: Final[Mapping[str, Mapping[str, Row]]] = MappingProxyType(
    {
        "adding-problem": {
            "lstm": Row({}, 5, (Expected("recent loss", "below 0.01", 0, 0.01),)),
            "gru": Row({"cell": "gru"}, 5, (Expected("recent loss", "below 0.01", 0, 0.01),)),
            "rnn-tanh": Row(
                {"cell": "rnn-tanh"}, 5, (Expected("recent loss", "1/6, baseline", 0.15, 0.185),)
            ),
        },
        "addition-strings": {
            "plain": Row({}, 3, (_exact("about 10 %", 0, 0.2, 25),)),
            "reversed": Row({"variant": "reversed"}, 3, (_exact("about 50 %", 0.4, 0.6, 25),)),
            "reversed-peeky": Row(
                {"variant": "reversed-peeky"}, 3, (_exact("over 90 %", 0.8, 1, 25),)
            ),
        },
        "date-conversion": {
            "attention": Row(
                {"epochs": 3},
                3,
                (
                    _exact("0 %", 0, 0.1, 1),
                    _exact("about 50 %", 0.2, 0.8, 2),
                    _exact("100 %", 0.9, 1, 3),
                ),
            ),
            "peeky": Row({"variant": "peeky", "epochs": 6}, 3, (_exact("100 %", 0.9, 1, 6),)),
            "plain": Row({"variant": "plain", "epochs": 6}, 3, (_exact("0 %", 0, 0.1, 6),)),
        },
    }
)


def figures(snapshot: Any) -> dict[str, float]:
    """What is compared, by name, of the last snapshot of a run."""
    if hasattr(snapshot, "recent_loss"):
        return {"recent loss": snapshot.recent_loss}
    return {
        f"exact matches after epoch {number}": accuracy
        for number, accuracy in enumerate(snapshot.accuracies, start=1)
    }


def measure(experiment: str, settings: Mapping[str, Any], seed: int) -> dict[str, Any]:
    """One run to its end: figures, the mean loss of each twentieth of it, and its minutes.

    The first loss tells whether the same seed would still begin the same way: it changes with the
    examples, the model and the initial weights.
    """
    began = time.perf_counter()
    losses: list[float] = []
    for snapshot in EXPERIMENTS[experiment].run(seed, **settings):
        losses += snapshot.losses
    curve = [float(f"{part.mean():.4g}") for part in np.array_split(losses, 20) if part.size]
    return {
        "seed": seed,
        "figures": figures(snapshot),
        "first loss": losses[0],
        "curve": curve,
        "iterations": snapshot.iteration,
        "diverged": snapshot.diverged,
        "minutes": round((time.perf_counter() - began) / 60, 2),
        "version": __version__,
        "numpy": np.__version__,
    }


def compared(row: Row, runs: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each published figure with the median of the runs, and whether it agrees.

    A run that ended before the figure was reached counts as not agreeing.
    """
    lines = []
    for expected in row.expected:
        found = [run["figures"].get(expected.figure) for run in runs]
        whole = [value for value in found if value is not None and np.isfinite(value)]
        middle = float(median(whole)) if len(whole) == len(found) else None
        lines.append(
            {
                "figure": expected.figure,
                "published": expected.printed,
                "median": middle,
                "of": len(found),
                "agrees": middle is not None and expected.low <= middle <= expected.high,
            }
        )
    return lines


def path_of(experiment: str, folder: Path = RESULTS) -> Path:
    """The results file of an experiment."""
    return folder / f"{experiment.replace('-', '_')}.json"


def read(path: Path) -> dict[str, dict[str, Any]]:
    """The rows of a results file; none if it does not exist yet."""
    if not path.exists():
        return {}
    rows: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["rows"]
    return rows


def write(path: Path, experiment: str, rows: Mapping[str, Any]) -> None:
    """All rows, whole or not at all."""
    contents = {
        "recorded": "measured figures, not read by any run",
        "command": f"python -m engine.experiments.published {experiment}",
        "rows": plain(dict(rows)),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    text = json.dumps(contents, indent=1, ensure_ascii=False, allow_nan=False)
    unfinished.write_text(text + "\n", encoding="utf-8")
    unfinished.replace(path)


def record(
    experiment: str,
    name: str,
    row: Row,
    seeds: Sequence[int],
    folder: Path = RESULTS,
    anew: bool = False,
) -> Iterator[dict[str, Any]]:
    """Measure the seeds of one row; hands out the row, already written, after each."""
    path = path_of(experiment, folder)
    kept = [] if anew else read(path).get(name, {}).get("runs", [])
    runs = {run["seed"]: run for run in kept}
    for seed in seeds:
        if seed not in runs:
            runs[seed] = measure(experiment, row.settings, seed)
        ordered = [runs[known] for known in sorted(runs)]
        contents = {
            "settings": dict(row.settings),
            "compared": compared(row, ordered),
            "runs": ordered,
        }
        write(path, experiment, {**read(path), name: contents})
        yield contents


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, write; 0 if every median agrees."""
    parser = argparse.ArgumentParser(prog="python -m engine.experiments.published")
    parser.add_argument("experiment", choices=tuple(ROWS))
    parser.add_argument("--rows", nargs="+", metavar="ROW")
    parser.add_argument("--seeds", type=int, metavar="R", help="seeds 0 to R - 1 of each row")
    parser.add_argument("--anew", action="store_true", help="train what is recorded, too")
    options = parser.parse_args(arguments)
    known = ROWS[options.experiment]
    unknown = [name for name in options.rows or () if name not in known]
    if unknown or (options.seeds is not None and options.seeds < 1):
        parser.error(f"rows are {', '.join(known)}; at least one seed")
    agreed = True
    for name in options.rows or known:
        row = known[name]
        seeds = range(options.seeds or row.seeds)
        for contents in record(options.experiment, name, row, seeds, anew=options.anew):
            print(line(name, contents), flush=True)
        agreed &= all(part["agrees"] for part in contents["compared"])
    return 0 if agreed else 1


def line(name: str, contents: Mapping[str, Any]) -> str:
    """One row beside what was published."""
    parts = []
    for part in contents["compared"]:
        found = "-" if part["median"] is None else f"{part['median']:.4g}"
        agrees = "yes" if part["agrees"] else "NO"
        parts.append(f"{part['figure']}: {found} (published {part['published']}: {agrees})")
    return f"{name:<16} R={len(contents['runs'])}  {'; '.join(parts)}"


if __name__ == "__main__":
    sys.exit(main())
