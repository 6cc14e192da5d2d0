"""What holds in this installation, looked at rather than assumed: the findings of ``bptt doctor``.

Each part is looked at on its own: one that fails is a finding, and never keeps the others from
being told.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from drills.locale import text
from question_bank.text import Text

State: TypeAlias = Literal["fine", "note", "missing"]

LEAST_PYTHON: Final = (3, 11)
# The smallest size in which the app draws anything but a request for more room.
LEAST_SIZE: Final = (60, 15)
# Distributions with the versions from pyproject.toml, those first that the user should see.
NEEDED: Final = {
    "numpy": "2.0",
    "textual": "8.2.8",
    "sympy": "1.13",
    "lark": "1.2",
    "pyyaml": "6.0.2",
    "textual-plot": "0.10",
    "fsrs": "6.3",
    "platformdirs": "4.3",
    "shtab": "1.7",
}
SHOWN: Final = {"numpy": "NumPy", "textual": "Textual"}
# Without these something is less pretty, and all works.
COLOURING: Final = ("tree-sitter", "tree-sitter-python")
MOST_PROBLEMS: Final = 5


@dataclass(frozen=True)
class Finding:
    """One line: ``missing`` is what a user needs and lacks, ``note`` what one should know.

    ``values`` are the facts behind the sentence, for programs.
    """

    area: str
    name: str
    state: State
    title: Text
    said: Text
    values: Mapping[str, Any]

    def to_json(self, language: Any) -> dict[str, Any]:
        return {
            "area": self.area,
            "name": self.name,
            "state": self.state,
            "title": self.title.in_(language),
            "said": self.said.in_(language),
            **self.values,
        }


def diagnose(home: Path, bank_folders: Sequence[Path]) -> list[Finding]:
    """Everything, part by part. Never raises because of what is wrong here."""
    parts: tuple[tuple[str, Callable[[], Iterator[Finding]]], ...] = (
        ("program", program),
        ("terminal", lambda: terminal(home)),
        ("progress", lambda: progress(home)),
        ("bank", lambda: banks(home, bank_folders)),
        ("code", code),
    )
    found: list[Finding] = []
    for area, part in parts:
        try:
            found.extend(part())
        except Exception as error:
            why = f"{type(error).__name__}: {error}"
            said = text("doctor.failed", why=why)
            found.append(Finding(area, "failed", "missing", Text("?", "?"), said, {"error": why}))
    return found


def program() -> Iterator[Finding]:
    """System, Python and the packages that are needed."""
    system = f"{platform.system()} {platform.release()} {platform.machine()}".strip()
    tried = sys.platform == "linux"
    yield Finding(
        "program",
        "system",
        "fine" if tried else "note",
        text("doctor.system"),
        text(f"doctor.system.{'tried' if tried else 'untried'}", name=system),
        {"system": system},
    )
    version = platform.python_version()
    least = ".".join(map(str, LEAST_PYTHON))
    old = sys.version_info < LEAST_PYTHON
    yield Finding(
        "program",
        "python",
        "missing" if old else "fine",
        Text("Python", "Python"),
        text("doctor.python.old", version=version, least=least) if old else Text(version, version),
        {"version": version},
    )
    for name, least in NEEDED.items():
        finding = _package(name, least)
        if finding.state != "fine" or name in SHOWN:
            yield finding
    for name in COLOURING:
        if _version(name) is None:
            said = text("doctor.package.colours")
            yield Finding("program", name, "note", Text(name, name), said, {"version": None})


def _package(name: str, least: str) -> Finding:
    version = _version(name)
    state: State = "missing"
    if version is None:
        said = text("doctor.package.absent")
    elif _numbers(version) < _numbers(least):
        said = text("doctor.package.old", version=version, least=least)
    else:
        state, said = "fine", Text(version, version)
    title = SHOWN.get(name, name)
    return Finding("program", name, state, Text(title, title), said, {"version": version})


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _numbers(version: str) -> tuple[int, ...]:
    """2.1.0rc1 as (2, 1, 0): enough to tell what is too old."""
    numbers = []
    for part in version.split(".")[:3]:
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        if not digits:
            break
        numbers.append(int(digits))
    return tuple(numbers + [0] * (3 - len(numbers)))


def terminal(home: Path) -> Iterator[Finding]:
    """Size, colours, characters and their widths."""
    from drills.progress.paths import settings
    from drills.settings import load_settings
    from drills.terminal import look

    seen = look()
    if seen.size is None:
        said = text("doctor.size.none")
        yield Finding("terminal", "size", "note", text("doctor.size"), said, {"size": None})
        return
    width, height = seen.size
    small = width < LEAST_SIZE[0] or height < LEAST_SIZE[1]
    values = {"width": width, "height": height}
    least = {"least_width": LEAST_SIZE[0], "least_height": LEAST_SIZE[1]}
    yield Finding(
        "terminal",
        "size",
        "missing" if small else "fine",
        text("doctor.size"),
        text("doctor.size.small", **values, **least) if small else text("doctor.size.is", **values),
        {"size": [width, height]},
    )
    yield Finding(
        "terminal",
        "colours",
        "fine",
        text("doctor.colours"),
        text("doctor.colours.is", n=f"{seen.colours:,}")
        if seen.colours
        else text("doctor.colours.none"),
        {"colours": seen.colours},
    )
    yield Finding(
        "terminal",
        "encoding",
        "fine" if seen.unicode else "note",
        text("doctor.encoding"),
        text(f"doctor.encoding.{'is' if seen.unicode else 'poor'}", name=seen.encoding),
        {"encoding": seen.encoding},
    )
    drawn_wide = seen.ambiguous == 2 and load_settings(home).frames != "ascii"
    yield Finding(
        "terminal",
        "ambiguous",
        "note" if drawn_wide else "fine",
        text("doctor.ambiguous"),
        text(f"doctor.ambiguous.{seen.ambiguous or 'unknown'}", path=settings(home)),
        {"cells": seen.ambiguous},
    )


def progress(home: Path) -> Iterator[Finding]:
    """Where answers are kept, and whether one could be written now."""
    why = _unwritable(home)
    which = "unwritable" if why else "writable" if home.is_dir() else "will"
    yield Finding(
        "progress",
        "home",
        "missing" if why else "fine",
        text("doctor.home"),
        text(f"doctor.home.{which}", path=home, why=why or ""),
        {"path": str(home), "exists": home.is_dir(), "writable": not why},
    )


def _unwritable(folder: Path) -> str:
    """Why nothing can be written there; empty when it can. A folder that is not there yet stays
    so: its nearest parent has to allow it."""
    try:
        if folder.is_dir():
            with tempfile.TemporaryFile(dir=folder) as file:
                file.write(b"x")
                file.flush()
            return ""
        nearest = folder
        while not os.path.lexists(nearest) and nearest != nearest.parent:
            nearest = nearest.parent
        if not nearest.is_dir():
            return f"{nearest}: not a folder"
        if not os.access(nearest, os.W_OK | os.X_OK):
            return f"{nearest}: permission denied"
    except OSError as error:
        return error.strerror or type(error).__name__
    return ""


def banks(home: Path, bank_folders: Sequence[Path]) -> Iterator[Finding]:
    """Each folder with what it holds, and the first of what is wrong in it."""
    from drills.progress.paths import cache
    from question_bank.folders import BUILT_IN, label
    from question_bank.index import open_bank

    folders = (BUILT_IN, *bank_folders)
    together = open_bank(cache(home), folders)
    labels = [label(folder) for folder in folders]
    for folder, name in zip(folders, labels, strict=True):
        alone = open_bank(cache(home), (folder,)) if bank_folders else together
        own = [
            problem for problem in together.problems if _belongs(problem.place.file, name, labels)
        ]
        counts = {"items": len(alone.items), "exercises": len(alone.exercises)}
        empty = folder is BUILT_IN and not alone.items
        argument = "" if folder is BUILT_IN else name
        said = (
            text("doctor.bank.problems", **counts, n=len(own), folder=argument)
            if own
            else text("doctor.bank.is", **counts)
        )
        values = {"path": str(folder), **counts, "problems": len(own)}
        title = text("doctor.bank.built_in") if folder is BUILT_IN else Text(name, name)
        state: State = "missing" if own or empty else "fine"
        yield Finding("bank", "bank", state, title, said, values)
        for problem in own[:MOST_PROBLEMS]:
            line = Text(problem.line("en"), problem.line("ja"))
            yield Finding(
                "bank", "problem", "note", Text("", ""), line, {"place": str(problem.place)}
            )
        if len(own) > MOST_PROBLEMS:
            more = len(own) - MOST_PROBLEMS
            said = text("doctor.bank.more", n=more)
            yield Finding("bank", "more", "note", Text("", ""), said, {"n": more})


def _belongs(file: str, name: str, labels: Sequence[str]) -> bool:
    """Whether a file is in the folder ``name``, and in no folder of the list below it."""
    inside = [
        label
        for label in labels
        if file == label
        or file.startswith(label.rstrip("/\\") + "/")
        or file.startswith(label.rstrip("/\\") + os.sep)
    ]
    return bool(inside) and max(inside, key=len) == name


def code() -> Iterator[Finding]:
    """One small program is run; what confined it says how far each promise holds."""
    from engine.code.runner import Limits, Program, Runner, Task
    from engine.code.sandbox.report import PROMISES

    with closing(Runner()) as runner:
        run = runner.run(Task([Program("def f():\n    return 2.0\n", "f")], [{}]))
        call = run.programs[0].calls.get(0)
        answered = run.how == "answered" and call is not None and call.whole
        said = (
            text(f"doctor.runner.{runner.mode}")
            if answered
            else text("doctor.runner.failed", how=run.how)
        )
        state: State = "fine" if answered else "missing"
        values = {"how": run.how, "mode": runner.mode, "layers": dict(run.layers)}
        yield Finding("code", "runner", state, text("doctor.runner"), said, values)
        if not answered:
            return
        confinement = runner.confinement()
    promises = confinement.promises()
    for name in PROMISES:
        holds = promises[name]
        yield Finding(
            "code",
            name,
            "fine" if holds == "yes" else "note",
            text(f"doctor.{name}"),
            text(f"doctor.{name}.{holds}", gib=Limits().memory >> 30),
            {"holds": holds},
        )
    off = {layer: why for layer, why in confinement.layers.items() if why != "on"}
    if off:
        listed = ", ".join(f"{layer} ({why})" for layer, why in off.items())
        yield Finding(
            "code", "layers", "note", text("doctor.layers"), Text(listed, listed), {"off": off}
        )
    safe = confinement.files_safe
    yield Finding(
        "code",
        "foreign",
        "fine" if safe else "note",
        text("doctor.foreign"),
        text(f"doctor.foreign.{'run' if safe else 'refused'}"),
        {"run": safe},
    )
