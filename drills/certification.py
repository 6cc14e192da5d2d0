"""``bank certify``: recompute every key by code that did not read it.

Items are proved by their kind's grader, exercises by running reference and mutants, formulas by the
risk register. Results are kept by content and engine, so that only what changed is proved again.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from drills.grading import grader_for, resolve
from drills.locale import text
from question_bank.text import Place, Text

if TYPE_CHECKING:
    from question_bank.model import Bank, ExerciseEntry, Item

# What is certified: keys of items, exercises with their mutants, the judge of formulas.
PARTS: Final = ("items", "exercises", "formulas")

Progress = Callable[[Text], None]


@dataclass
class Report:
    """What was proved; ``to_json`` has the shape that scripts read."""

    items: int = 0
    proved: int = 0
    sourced: int = 0
    neither: int = 0
    failed: int = 0
    covered: int = 0
    objectives: int = 0
    exercises: dict[str, int] = field(
        default_factory=lambda: {"count": 0, "mutants": 0, "equivalent": 0, "survived": 0}
    )
    formulas: dict[str, int] = field(
        default_factory=lambda: {
            "targets": 0,
            "mutants": 0,
            "equivalent": 0,
            "survived": 0,
            "rewritings": 0,
            "rejected": 0,
        }
    )
    seconds: float = 0.0
    engine: str = ""
    failures: list[tuple[Place, Text]] = field(default_factory=list)

    @property
    def fine(self) -> bool:
        """Nothing failed, nothing is without proof or source, and no mutant survived."""
        return not (
            self.failures
            or self.failed
            or self.neither
            or self.exercises["survived"]
            or self.formulas["survived"]
            or self.formulas["rejected"]
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "items": self.items,
            "proved": self.proved,
            "sourced": self.sourced,
            "neither": self.neither,
            "failures": self.failed,
            "objectives": {"covered": self.covered, "of": self.objectives},
            "exercises": dict(self.exercises),
            "formulas": dict(self.formulas),
            "seconds": round(self.seconds, 2),
            "engine": self.engine,
        }

    def lines(self) -> list[Text]:
        """The same as a person reads it."""
        rows = [
            text("certification.items", n=self.items),
            *(
                Text("  ", "  ") + text(f"certification.{name}") + Text(f": {count}", f"：{count}")
                for name, count in (
                    ("proved", self.proved),
                    ("sourced", self.sourced),
                    ("neither", self.neither),
                    ("failures", self.failed),
                )
            ),
            _row("objectives", text("certification.of", n=self.covered, of=self.objectives)),
            _row("exercises", text("certification.mutants", **self.exercises)),
        ]
        formulas = {**self.formulas, "count": self.formulas["targets"]}
        return [*rows, _row("formulas", text("certification.rewritings", **formulas))]


def _row(name: str, value: Text) -> Text:
    return text(f"certification.{name}") + Text(": ", "：") + value


def certify(
    bank: Bank,
    *,
    full: bool = False,
    parts: Collection[str] = PARTS,
    targets: Sequence[str] | None = None,
    exercises: Collection[str] | None = None,
    cache: Path | None = None,
    progress: Progress = lambda line: None,
) -> Report:
    """Prove the keys of ``bank``, of its exercises, and survey the formula judge itself.

    ``parts`` of ``PARTS`` are done; an author who changed an item need not wait for the formulas.

    ``targets`` are the formula targets to survey, ``exercises`` the exercises whose mutants to run;
    all of them by default.

    ``cache`` is the folder of earlier results, used unless ``full``; ``full`` also survives the
    longer samplers. A damaged cache is as good as none.
    """
    from drills.authoring.coverage import coverage

    start = time.perf_counter()
    report = Report(engine=engine_fingerprint()[0])
    kept = _Kept(cache if not full else None)
    for problem in [*bank.problems, *resolve(bank)]:
        report.failures.append((problem.place, problem.message))
    if "items" in parts:
        _items(bank, report, kept, progress)
        if full:
            _repeat_runs(bank, report, progress)
    found = coverage(bank)
    report.covered, report.objectives = sum(row.enough for row in found), len(found)
    for entry in bank.exercises.values() if "exercises" in parts else ():
        if exercises is not None and entry.name not in exercises:
            continue
        progress(text("certification.progress_exercise", name=entry.name))
        _exercise(entry, report, kept, full=full)
    if "formulas" in parts:
        _formulas(report, kept, progress, targets)
    kept.save()
    report.seconds = time.perf_counter() - start
    return report


def _items(bank: Bank, report: Report, kept: _Kept, progress: Progress) -> None:
    items = list(bank.items.values())
    report.items = len(items)
    for done, item in enumerate(items, start=1):
        key = f"item {item.id} {item.hash}"
        found = kept.get(key)
        if found is None:
            found = _certificate(item, bank)
            kept.put(key, found)
        if found["status"] == "failed":
            report.failed += 1
        else:
            setattr(report, found["status"], getattr(report, found["status"]) + 1)
        report.failures += [(item.place, Text(en, ja)) for en, ja in found["problems"]]
        if done % 10 == 0 or done == len(items):
            progress(text("certification.progress_items", done=done, of=len(items)))


def _repeat_runs(bank: Bank, report: Report, progress: Progress) -> None:
    """Do the runs again on which predictions rest."""
    from drills.grading.repeats import repeat, repeatable

    for run, (place, figures) in repeatable(bank.items.values()).items():
        progress(text("certification.progress_run", run=run))
        report.failures += [(place, problem) for problem in repeat(run, figures)]


def _certificate(item: Item, bank: Bank) -> dict[str, Any]:
    certificate = grader_for(item.kind, bank).certify(item)
    return {
        "status": certificate.status,
        "problems": [[problem.en, problem.ja] for problem in certificate.problems],
    }


def _exercise(entry: ExerciseEntry, report: Report, kept: _Kept, *, full: bool) -> None:
    from drills.grading.code import certify_exercise

    key = f"exercise {code_fingerprint()} {entry.name} {entry.hash}"
    found = kept.get(key)
    if found is None:
        found = certify_exercise(entry, full=full)
        kept.put(key, found)
    report.exercises["count"] += 1
    for name in ("mutants", "equivalent", "survived"):
        report.exercises[name] += found[name]
    report.failures += [
        (entry.place, text("certification.exercise_problem", problem=problem))
        for problem in found["problems"]
    ]


def _formulas(
    report: Report, kept: _Kept, progress: Progress, targets: Sequence[str] | None
) -> None:
    from drills.formula_register import REWRITINGS, SAMPLE, surveyed

    def keep(key: str, value: Any) -> None:
        kept.put(key, value)
        kept.save()

    def tell(done: int, of: int) -> None:
        progress(text("certification.progress_formulas", done=done, of=of))

    count = REWRITINGS if targets is None else SAMPLE
    found = surveyed(kept.get, keep, tell, targets, count)
    report.formulas.update(found["figures"])
    here = Place("engine/formulas/targets.py", 1, 1)
    report.failures += [(here, Text(en, ja)) for en, ja in found["problems"]]


class _Kept:
    """Earlier results, valid for one state of the engine only; those of exercises for one state of
    the code judge, since nothing else runs them."""

    def __init__(self, folder: Path | None) -> None:
        self._file = folder / "certificates.json" if folder else None
        self._engine = " ".join(engine_fingerprint())
        self._results: dict[str, Any] = {}
        if self._file is None:
            return
        try:
            data = json.loads(self._file.read_text("utf-8"))
        except (OSError, ValueError):
            return
        results = data.get("results") if isinstance(data, dict) else None
        if not isinstance(results, dict):
            return
        same, kept = data.get("engine") == self._engine, f"exercise {code_fingerprint()} "
        self._results = {k: v for k, v in results.items() if same or k.startswith(kept)}

    def get(self, key: str) -> Any:
        return self._results.get(key)

    def put(self, key: str, value: Any) -> None:
        self._results[key] = value

    def save(self) -> None:
        """Write the results; a cache that can't be written only costs time."""
        if self._file is None:
            return
        data = json.dumps({"engine": self._engine, "results": self._results}, ensure_ascii=False)
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            temporary = self._file.with_suffix(f".{os.getpid()}.tmp")
            temporary.write_text(data, encoding="utf-8")
            temporary.replace(self._file)
        except OSError:
            return


def engine_fingerprint() -> tuple[str, str]:
    """The engine's version, and a digest of the files that verdicts rest on.

    The version alone would keep stale results in a clone where the engine is being changed.
    """
    import drills.grading
    import engine

    digest = hashlib.sha256()
    for file in _sources(Path(engine.__file__).parent, Path(drills.grading.__file__).parent):
        digest.update(file.read_bytes())
    return engine.__version__, digest.hexdigest()[:16]


@cache
def code_fingerprint() -> str:
    """A digest of the code judge, on which alone the proof of an exercise rests."""
    import engine.code

    digest = hashlib.sha256()
    folder = Path(engine.code.__file__).parent
    for file in [*_sources(folder), folder.parent / "mistakes.py"]:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _sources(*folders: Path) -> Iterable[Path]:
    for folder in folders:
        yield from sorted(
            path for path in folder.rglob("*") if path.suffix in {".py", ".lark", ".json"}
        )
