"""``bptt doctor``: a line a promise, from what was managed; the exit code is what is missing."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from drills import diagnosis
from drills.cli.commands.doctor import lines
from drills.locale.doctor import TEXTS
from drills.terminal import colours, column_of
from engine.code.runner import Runner
from engine.code.sandbox.report import PROMISES, Confinement

LINUX = {"limits": "on", "no-new-privileges": "on", "landlock": "on", "seccomp": "on"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> str:
    """One home for all: the bank's index is compiled once."""
    return str(tmp_path_factory.mktemp("doctor") / "home")


def by_name(ran) -> dict:
    return {finding["name"]: finding for finding in ran.json["findings"]}


def test_every_promise_has_a_line_that_agrees_with_what_a_run_reports(
    bptt: Callable, home: str
) -> None:
    ran = bptt("doctor", "--json", "--home", home)
    with Runner() as runner:
        promises = runner.confinement().promises()

    assert ran.code == 0
    assert ran.json["fine"] is True
    found = by_name(ran)
    assert {name: found[name]["holds"] for name in PROMISES} == promises
    assert found["runner"]["how"] == "answered"
    assert found["python"]["version"] == ".".join(map(str, sys.version_info[:3]))
    assert found["bank"]["items"] > 0


@pytest.mark.parametrize("language", ["en", "ja"])
def test_it_reads_as_lines_in_both_languages(bptt: Callable, home: str, language: str) -> None:
    ran = bptt("--lang", language, "doctor", "--home", home)

    assert ran.code == 0
    for name in PROMISES:
        title = TEXTS[f"doctor.{name}"].in_(language)
        assert sum(title in line for line in ran.out.splitlines()) == 1
    assert TEXTS["doctor.fine"].in_(language) in ran.out


@pytest.mark.parametrize(
    ("layers", "worse"),
    [
        (LINUX, set()),
        (LINUX | {"landlock": "ENOSYS"}, {"pass-cannot-be-forged", "files-unread"}),
        (
            LINUX | {"seccomp": "unknown-machine"},
            {"nothing-left-running", "files-unharmed", "no-network", "other-programs-unharmed"},
        ),
        ({"limits": "partly", "profile": "on"}, {"memory-limited", "files-unread"}),
        (
            {"job": "on"},
            set(PROMISES) - {"time-and-output-limited", "memory-limited", "nothing-left-running"},
        ),
    ],
)
def test_what_does_not_hold_is_noted_and_nothing_is_claimed(
    monkeypatch: pytest.MonkeyPatch, layers: dict, worse: set
) -> None:
    monkeypatch.setattr(Runner, "confinement", lambda self: Confinement(self.mode, layers))

    found = {finding.name: finding for finding in diagnosis.code()}

    assert {name for name in PROMISES if found[name].state == "note"} == worse
    assert ("files-unharmed" in worse) == (found["foreign"].state == "note")
    off = {layer for layer, how in layers.items() if how != "on"}
    assert off == set(found["layers"].values["off"] if "layers" in found else ())


def test_every_answer_to_every_promise_has_its_sentence() -> None:
    layers = ("limits", "landlock", "seccomp", "profile", "job")
    for number in range(1 << len(layers)):
        on = {name: "on" for place, name in enumerate(layers) if number >> place & 1}
        for name, holds in Confinement("fork", on).promises().items():
            assert TEXTS[f"doctor.{name}.{holds}"].ja


def test_without_an_answer_no_promise_is_made(
    monkeypatch: pytest.MonkeyPatch, bptt: Callable, home: str
) -> None:
    answer = Runner.run

    def lost(self, task):
        run = answer(self, task)
        run.how, run.programs[0].calls = "runner-lost", {}
        return run

    monkeypatch.setattr(Runner, "run", lost)
    ran = bptt("doctor", "--json", "--home", home)

    assert ran.code == 1
    assert not set(PROMISES) & set(by_name(ran))
    assert by_name(ran)["runner"]["state"] == "missing"


def test_a_home_that_cannot_be_written_is_missing(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine")

    for place in (file, file / "below"):
        (finding,) = diagnosis.progress(place)
        assert finding.state == "missing"
        assert finding.values["writable"] is False
    assert file.read_text() == "mine"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
def test_a_home_of_somebody_else_is_missing(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)

    for place in (tmp_path, tmp_path / "below"):
        assert next(diagnosis.progress(place)).state == "missing"
    tmp_path.chmod(0o700)


def test_looking_at_a_home_leaves_nothing_in_it(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "not-yet"):
        assert next(diagnosis.progress(place)).state == "fine"
    assert list(tmp_path.iterdir()) == []


def test_a_bank_that_is_not_there_and_one_with_a_bad_file_are_said(
    bptt: Callable, tmp_path: Path, home: str
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "bad.yaml").write_text("- id: x\n  kind: choise\n")

    ran = bptt("--bank", str(own), "--bank", str(tmp_path / "no-such"), "doctor", "--home", home)

    assert ran.code == 1
    assert f"{own / 'bad.yaml'}:" in ran.out
    assert "no-such" in ran.out
    assert f"bptt bank check {own}".replace(" ", "") in "".join(ran.out.split())


def test_a_part_that_fails_is_a_finding_and_the_others_are_told(
    monkeypatch: pytest.MonkeyPatch, bptt: Callable, home: str
) -> None:
    def broken():
        yield from ()
        raise RuntimeError("NumPy is not installed")

    monkeypatch.setattr(diagnosis, "code", broken)
    ran = bptt("doctor", "--home", home)

    assert ran.code == 1
    assert "RuntimeError: NumPy is not installed" in ran.out
    assert "Question banks" in ran.out
    assert "Traceback" not in ran.out + ran.err


@pytest.mark.parametrize(
    ("version", "state"), [(None, "missing"), ("1.26.4", "missing"), ("2.0.0rc1", "fine")]
)
def test_a_package_that_is_absent_or_too_old_is_missing(
    monkeypatch: pytest.MonkeyPatch, version: str | None, state: str
) -> None:
    monkeypatch.setattr(diagnosis, "_version", lambda name: version if name == "numpy" else "99")

    found = {finding.name: finding for finding in diagnosis.program()}

    assert found["numpy"].state == state


@pytest.mark.parametrize(
    ("environment", "number"),
    [
        ({"TERM": "xterm-256color"}, 256),
        ({"TERM": "xterm"}, 16),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, 1 << 24),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, 0),
        ({"TERM": "dumb", "COLORTERM": "truecolor"}, 0),
    ],
)
def test_colours_are_what_the_variables_ask_for(environment: dict, number: int) -> None:
    assert colours(environment) == number


@pytest.mark.parametrize(
    ("answer", "column"), [(b"\x1b[5;2R", 2), (b"x\x1b[12;3R", 3), (b"\x1b[5;", None), (b"", None)]
)
def test_a_terminals_answer_is_read(answer: bytes, column: int | None) -> None:
    assert column_of(answer) == column


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(("column", "cells"), [(2, 1), (3, 2), (None, None)])
def test_the_width_of_ambiguous_characters_is_asked_of_the_terminal(
    column: int | None, cells: int | None
) -> None:
    owner, terminal = pty.openpty()
    look = "from drills.terminal import look; print('seen', look().ambiguous)"
    process = subprocess.Popen(
        [sys.executable, "-c", look],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        cwd=Path(__file__).parents[2],
        env=os.environ | {"TERM": "xterm", "PYTHONUTF8": "1"},
    )
    os.close(terminal)
    shown = bytearray()

    def play() -> None:
        with suppress(OSError):  # the other end was closed
            while piece := os.read(owner, 1024):
                shown.extend(piece)
                if b"\x1b[6n" in piece and column is not None:
                    os.write(owner, b"\x1b[1;%dR" % column)

    player = threading.Thread(target=play)
    player.start()
    process.wait(20)
    player.join(5)
    os.close(owner)
    assert f"seen {cells}".encode() in bytes(shown)


def test_long_titles_do_not_push_the_sentences_out_of_the_window() -> None:
    path = "/a/very/long/path/to/a/bank/of/ones/own/that/needs/a/line/for/itself/alone"
    name, said = diagnosis.Text(path, path), diagnosis.Text("word " * 40, "語" * 100)
    finding = diagnosis.Finding("bank", "bank", "fine", name, said, {})

    for language in ("en", "ja"):
        shown = lines([finding], language)
        assert all(len(line) <= 80 for line in shown if path not in line)
