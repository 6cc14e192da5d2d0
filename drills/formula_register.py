"""The risk register of the formula judge, target by target, over several processes.

A target is surveyed once for a state of the engine: its result is kept as soon as it is there, so
that a survey that was broken off goes on where it stopped.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from typing import Any

from drills.locale import text

Kept = Callable[[str], Any]
Keep = Callable[[str, Any], None]
# Rewritings of right answers that must all be accepted, and how many one task takes.
REWRITINGS = 20_000
SAMPLE = 1000
BATCH = 500
# Below this many tasks starting processes costs more than it saves.
WORTH_PROCESSES = 30


def surveyed(
    get: Kept,
    keep: Keep,
    progress: Callable[[int, int], None],
    targets: Sequence[str] | None = None,
    rewritings: int = REWRITINGS,
) -> dict[str, Any]:
    """Figures and problems of all targets (or those named), from kept results where there are any.

    Survives interruption: what was finished has been kept by then.
    """
    from engine.formulas.targets import TARGETS

    names = list(TARGETS if targets is None else targets)
    tasks = [f"formulas {name}" for name in names]
    tasks += [
        f"rewritings {','.join(targets or ())} {start}" for start in range(0, rewritings, BATCH)
    ]
    open_tasks = [task for task in tasks if get(task) is None]
    done = len(tasks) - len(open_tasks)
    for task, result in _results(open_tasks, targets):
        keep(task, result)
        done += 1
        progress(done, len(tasks))
    figures = dict.fromkeys(("mutants", "equivalent", "survived", "rewritings", "rejected"), 0)
    problems: list[list[str]] = []
    for task in tasks:
        result = get(task)
        for name, value in result["figures"].items():
            figures[name] += value
        problems += result["problems"]
    return {"figures": {"targets": len(names), **figures}, "problems": problems}


def _results(
    tasks: list[str], targets: Sequence[str] | None
) -> Iterator[tuple[str, dict[str, Any]]]:
    if len(tasks) < WORTH_PROCESSES:
        for task in tasks:
            yield task, _result(task, targets)
        return
    # Started afresh, not forked: threads of the app and of BLAS do not survive a fork.
    context = multiprocessing.get_context("spawn")
    workers = ProcessPoolExecutor(os.cpu_count() or 1, mp_context=context, initializer=_alone)
    try:
        running: dict[Future[dict[str, Any]], str] = {
            workers.submit(_result, task, targets): task for task in tasks
        }
        while running:
            finished, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                yield running.pop(future), future.result()
    finally:
        workers.shutdown(wait=False, cancel_futures=True)


def _alone() -> None:
    """One thread for each process: they share the cores."""
    for name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def _result(task: str, targets: Sequence[str] | None) -> dict[str, Any]:
    from engine.formulas.targets import TARGETS

    kind, _, rest = task.partition(" ")
    if kind == "formulas":
        return _survey(rest)
    from engine.formulas.register import rewriting_checks

    chosen = [TARGETS[name] for name in (TARGETS if targets is None else targets)]
    start = int(rest.rpartition(" ")[2])
    rejected = sum(not accepted for _, _, accepted in rewriting_checks(chosen, BATCH, start))
    problems = [text("certification.rejected", n=rejected)] if rejected else []
    return {
        "figures": {"rewritings": BATCH, "rejected": rejected},
        "problems": [[one.en, one.ja] for one in problems],
    }


def _survey(name: str) -> dict[str, Any]:
    from engine.formulas.register import survey
    from engine.formulas.targets import TARGETS

    found = survey([TARGETS[name]], rewritings=0)
    problems = [
        text(
            "certification.survivor",
            target=row.target,
            mutant=f"{row.code} ({row.note})",
            conventions=" ".join(f"{key}={row.accepted_under.get(key)}" for key in row.differs),
        )
        for row in found.rows
        if not row.settled
    ]
    return {
        "figures": {
            "mutants": found.mutants,
            "equivalent": found.equivalent,
            "survived": found.survived,
        },
        "problems": [[problem.en, problem.ja] for problem in problems],
    }
