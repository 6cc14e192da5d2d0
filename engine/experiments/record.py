"""Measure recorded figures: ``python -m engine.experiments.record binary-addition``.

Trains every row from the seeds 0, 1, …, prints it beside the published figures, and writes it into
the results file at once, so that an interrupted measurement keeps what it has. Rows that are not
measured stay as they are. Exits with 1 if a measured row disagrees with what was published.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

# One thread: the matrices are tiny, and a second thread would only add noise. Before NumPy loads.
for _name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import numpy as np  # noqa: E402

from engine import __version__  # noqa: E402
from engine.experiments.agreement import binomial_interval, median_agrees  # noqa: E402
from engine.experiments.binary_addition_rows import ROWS, Published  # noqa: E402
from engine.experiments.binary_addition_sweep import (  # noqa: E402
    SOLVED,
    CaseSnapshot,
    Sweep,
    run,
)
from engine.experiments.cases import Case  # noqa: E402

RESULTS: Final = Path(__file__).with_name("results") / "binary_addition.json"
COMMAND: Final = "python -m engine.experiments.record binary-addition"
EVERY: Final = 250


def measure(
    case: Case, published: Published, replicates: int, iterations: int, seed: int = 0
) -> dict[str, Any]:
    """Train R replicates of a case and say what came of them, as plain values.

    Runs may explode until NaN, so that the share of NaN can be compared with the published one.
    """
    sweep = Sweep.of([case], range(seed, seed + replicates), gradient_limit=math.inf)
    snapshots = [snapshot.cases[0] for snapshot in run(sweep, iterations=iterations, every=EVERY)]
    last = snapshots[-1]
    settings = {key: value for key, value in asdict(case).items() if key != "name"}
    return {
        "settings": {key: _number(value) for key, value in settings.items()},
        "replicates": replicates,
        "seeds": [seed, seed + replicates - 1],
        "iterations": iterations,
        "every": EVERY,
        "version": __version__,
        "numpy": np.__version__,
        "solved": last.solved,
        "arrived": last.arrived,
        "first": dict(zip(("25", "50", "75"), map(_number, last.first), strict=True)),
        "bit_accuracy": _number(last.bit_accuracy),
        "diverged": last.exploded,
        "nan": len(last.ended) / replicates,
        "loss": dict(zip(("10", "50", "90"), map(_number, last.loss), strict=True)),
        "curve": _curve(snapshots),
        "published": {key: value for key, value in asdict(published).items() if value is not None},
        "agreement": _agreement(last, published),
    }


def _curve(snapshots: Sequence[CaseSnapshot]) -> dict[str, list[Any]]:
    """Loss quantiles and share solved at every checkpoint."""
    curve: dict[str, list[Any]] = {
        name: [_number(snapshot.loss[place]) for snapshot in snapshots]
        for place, name in enumerate(("10", "50", "90"))
    }
    return {**curve, "solved": [_number(snapshot.solved) for snapshot in snapshots]}


def _agreement(found: CaseSnapshot, published: Published) -> dict[str, Any]:
    """The 99.9 % interval of the published share, and whether share and median agree."""
    low, high = _interval(published.solved, published.replicates)
    agreement: dict[str, Any] = {
        "interval": [_number(low), _number(high)],
        "solved": low <= found.solved <= high,
    }
    if published.first is not None:
        agreement["first"] = median_agrees(found.first[1], published.first, published.quartiles)
    return agreement


def _interval(share: float, replicates: int) -> tuple[float, float]:
    return binomial_interval(round(share * replicates), replicates)


def _number(value: Any) -> Any:
    """Six digits are more than a quantile is worth; what is not finite becomes None."""
    if not isinstance(value, float):
        return value
    return float(f"{value:.6g}") if math.isfinite(value) else None


def line(name: str, row: Mapping[str, Any]) -> str:
    """One row beside what was published; "-" where a figure does not exist."""
    published, agreement = row["published"], row["agreement"]
    low, high = agreement["interval"]
    signs = {True: "yes", False: "NO", None: "-"}

    def shown(value: float | None) -> str:
        return "-" if value is None else f"{value:g}"

    first = "/".join(shown(row["first"][quarter]) for quarter in ("25", "50", "75"))
    quartiles = published.get("quartiles")
    printed = f" [{shown(quartiles[0])}-{shown(quartiles[1])}]" if quartiles else ""
    return (
        f"{name:<26} R={row['replicates']:<4}"
        f" solved {row['solved']:.3f} ({published['solved']:g}, R={published['replicates']},"
        f" {low:.3f}-{high:.3f}: {signs[agreement['solved']]})"
        f"  first {first} ({shown(published.get('first'))}{printed}:"
        f" {signs[agreement.get('first')]})"
        f"  bits {row['bit_accuracy']:.3f} ({shown(published.get('bit_accuracy'))})"
        f"  NaN {row['nan']:.3f} ({shown(published.get('nan'))})"
        f"  diverged {row['diverged']:.3f}"
    )


def write(path: Path, rows: Mapping[str, Mapping[str, Any]]) -> None:
    """One line a row, in the order of ROWS, whole or not at all."""
    head = {
        "recorded": "measured figures, not read by any run",
        "command": COMMAND,
        "solved_means": f"at least {SOLVED:.0%} of 256 fixed sums fully right",
    }
    ordered = {name: rows[name] for name in ROWS if name in rows}
    lines = [f"  {json.dumps(key)}: {json.dumps(value)}," for key, value in head.items()]
    entries = [f"    {json.dumps(name)}: {json.dumps(row)}" for name, row in ordered.items()]
    text = "{\n" + "\n".join(lines) + '\n  "rows": {\n' + ",\n".join(entries) + "\n  }\n}\n"
    unfinished = path.with_suffix(".part")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)


def read(path: Path) -> dict[str, dict[str, Any]]:
    """The rows of a results file; none if it does not exist yet."""
    if not path.exists():
        return {}
    rows: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["rows"]
    return rows


def record(
    names: Sequence[str], replicates: int, iterations: int, path: Path
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Measure these rows one after another; each is in the file when it is handed out."""
    for name in names:
        row = measure(*ROWS[name], replicates, iterations)
        write(path, {**read(path), name: row})
        yield name, row


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, write; 0 if all measured rows agree."""
    parser = argparse.ArgumentParser(prog="python -m engine.experiments.record")
    parser.add_argument("experiment", choices=("binary-addition",))
    parser.add_argument("--replicates", type=int, default=200, metavar="R")
    parser.add_argument("--iterations", type=int, default=10_000, metavar="N")
    parser.add_argument("--rows", nargs="+", choices=tuple(ROWS), default=tuple(ROWS))
    parser.add_argument("--output", type=Path, default=RESULTS, metavar="FILE")
    options = parser.parse_args(arguments)
    if options.replicates < 1 or options.iterations < EVERY:
        parser.error(f"at least one replicate and {EVERY} iterations")
    agreed = True
    for name, row in record(options.rows, options.replicates, options.iterations, options.output):
        print(line(name, row), flush=True)
        agreed &= row["agreement"]["solved"] and row["agreement"].get("first", True)
    return 0 if agreed else 1


if __name__ == "__main__":
    sys.exit(main())
