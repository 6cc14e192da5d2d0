"""Run every benchmark: ``python -m benchmarks``.

Prints one line a figure, ``name value unit ratio reference``, and writes them to results.json in
this folder. Exits with 1 if a figure misses what the project promises.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from pathlib import Path

# One thread: the matrices are tiny, and a second thread would only add noise. Before NumPy loads.
for name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(name, "1")

from benchmarks import (  # noqa: E402
    bank,
    planning,
    replicates,
    sessions,
    startup,
    stopping,
    torch_reference,
    training,
    verdicts,
)

RESULTS = Path(__file__).with_name("results.json")
SUITES = (
    training,
    replicates,
    torch_reference,
    stopping,
    startup,
    verdicts,
    bank,
    sessions,
    planning,
)


def main() -> int:
    """Measure, print, write; 0 if all figures hold."""
    found = []
    for suite in SUITES:
        for figure in suite.figures():
            print(figure.line(), flush=True)
            found.append(figure)
    machine = {"python": platform.python_version(), "machine": platform.machine()}
    written = {"machine": machine, "figures": [figure.to_json() for figure in found]}
    RESULTS.write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")
    missed = [figure.name for figure in found if not figure.holds]
    for name in missed:
        print(f"{name} misses its limit", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
