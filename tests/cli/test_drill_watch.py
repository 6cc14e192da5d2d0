"""``bptt drill watch``: judged at every save, begun where nothing is, nothing ever overwritten."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from drills.cli.watching import saves
from drills.progress.paths import cache

ROOT = Path(__file__).parents[2]
EXERCISE = "rnn/step_forward"
PATIENCE = 30.0


class Watched:
    """``bptt drill watch --json`` in a process of its own."""

    def __init__(self, home: Path, file: Path, *more: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "drills", "--home", str(home), "drill", "watch", "--json",
             EXERCISE, str(file), *more],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", cwd=ROOT,
        )  # fmt: skip

    def verdict(self) -> dict:
        lines: list[str] = []
        reader = threading.Thread(target=lambda: lines.append(self.process.stdout.readline()))
        reader.start()
        reader.join(PATIENCE)
        return json.loads(lines[0])

    def said(self, part: str) -> None:
        """Reads messages up to the one with ``part``."""
        while part not in self.process.stderr.readline():
            assert self.process.poll() is None

    def interrupt(self) -> tuple[int, str]:
        self.process.send_signal(signal.SIGINT)
        _, err = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, err


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, compiled: Path) -> Path:
    home = tmp_path_factory.mktemp("watch")
    shutil.copytree(compiled, cache(home))
    return home


@pytest.fixture
def watch(home: Path):
    # Where the tests run in the background Ctrl-C is ignored, and a child would inherit that.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    started: list[Watched] = []

    def begin(file: Path, *more: str) -> Watched:
        started.append(Watched(home, file, *more))
        return started[-1]

    yield begin
    for watched in started:
        watched.process.kill()
        watched.process.communicate()
    signal.signal(signal.SIGINT, before)


def solution() -> str:
    from drills.grading.code import parsed
    from question_bank.index import open_bank

    return parsed(open_bank(None).exercises[EXERCISE]).solution


@pytest.mark.skipif(os.name != "posix", reason="sends Ctrl-C as a signal")
def test_a_file_is_written_judged_at_each_save_and_ctrl_c_ends_it_quietly(
    watch: Callable, tmp_path: Path
) -> None:
    file, right = tmp_path / "step.py", solution()
    watched = watch(file)
    watched.said("Ctrl-C")
    assert "____" in file.read_text("utf-8")

    file.write_text(right.replace("np.tanh", "np.sin"), "utf-8")
    assert watched.verdict()["outcome"] == "wrong"
    other = tmp_path / "saved-as-a-new-file"
    other.write_text(right, "utf-8")
    other.replace(file)
    assert watched.verdict()["outcome"] == "correct"

    code, err = watched.interrupt()
    assert code == 130
    assert "Traceback" not in err
    assert file.read_text("utf-8") == right


@pytest.mark.skipif(os.name != "posix", reason="sends Ctrl-C as a signal")
def test_a_file_that_is_there_is_judged_as_it_is(watch: Callable, tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_bytes(b"x = \xff")
    watched = watch(file)
    watched.said("cannot be read")
    assert file.read_bytes() == b"x = \xff"

    file.write_text("def step_forward(:\n")
    assert watched.verdict()["outcome"] == "not_understood"
    assert watched.interrupt()[0] == 130
    assert file.read_text() == "def step_forward(:\n"


@pytest.mark.parametrize(
    ("name", "file"),
    [("rnn/step_forwards", "new.py"), (EXERCISE, "no-such-folder/new.py"), (EXERCISE, ".")],
)
def test_what_cannot_be_watched_is_a_usage_error_and_writes_nothing(
    bptt: Callable, home: Path, tmp_path: Path, name: str, file: str
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()

    ran = bptt("drill", "watch", name, str(folder / file), "--home", str(home))

    assert ran.code == 2
    assert ran.err
    assert list(folder.iterdir()) == []


def test_each_save_comes_once_and_a_file_that_is_away_is_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "file.py"
    steps = iter(["", "one", None, "two", "\ufefftwo", ""])

    def meanwhile(_: float) -> None:
        step = next(steps)
        if step is None:
            file.unlink()
        elif step:
            file.write_text(step, "utf-8")
            os.utime(file, ns=(0, meanwhile.time))
            meanwhile.time += 1

    meanwhile.time = 1
    found = saves(file, meanwhile)

    assert [next(found), next(found), next(found)] == ["one", "two", "two"]
    with pytest.raises(RuntimeError):
        next(found)  # the steps have run out without another save


def test_what_is_half_written_is_looked_at_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file.py"
    file.write_text("half")
    read = Path.read_text

    def slowly(self: Path, *arguments: str) -> str:
        text = read(self, *arguments)
        if text == "half":
            file.write_text("half and half")
        return text

    monkeypatch.setattr(Path, "read_text", slowly)

    assert next(saves(file)) == "half and half"
