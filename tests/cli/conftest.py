"""The command line as scripts use it: arguments in, exit code and text out."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from drills.cli import main


@dataclass(frozen=True)
class Ran:
    """What one command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The last line of output as JSON."""
        return json.loads(self.out.splitlines()[-1])

    @property
    def json_lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def bptt(
    tmp_path: Path,
    make_home: Callable[[Path], Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., Ran]:
    """``bptt("answer", ITEM, "B", typed="")`` runs one command in a home of its own."""
    monkeypatch.setenv("BPTT_HOME", str(make_home(tmp_path / "home")))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("BPTT_TRACEBACK", "1")

    def run(*arguments: str, typed: str = "") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        code = main(list(arguments))
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return run
