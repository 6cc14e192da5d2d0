"""How long one waits: the first frame beside a bare Textual app's, the version beside Python's own.

The frames are timed from outside, in a real pseudo-terminal, from the start of the process until
the text is on the screen; the two run in turn, so that both meet the same machine.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pexpect

from benchmarks.figure import Figure

ROUNDS = 11
ROOT = Path(__file__).parents[1]
BARE_APP = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("first frame")
Bare().run()
"""


def seconds_to_text(arguments: Sequence[str], text: str, home: str) -> float:
    """From the start of ``python ARGUMENTS`` until ``text`` is drawn."""
    environment = {
        **os.environ,
        "TERM": "xterm-256color",
        "BPTT_HOME": home,
        "PYTHONPATH": str(ROOT),
        "LC_ALL": "C.UTF-8",
        "TEXTUAL_ANIMATIONS": "none",
    }
    start = time.perf_counter()
    process = pexpect.spawn(
        sys.executable, list(arguments), env=environment, cwd=home, dimensions=(24, 80), timeout=30
    )
    process.expect_exact(text)
    taken = time.perf_counter() - start
    process.terminate(force=True)
    return taken


def seconds_to_end(arguments: Sequence[str]) -> float:
    """How long ``python ARGUMENTS`` takes as a whole process."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True, cwd=ROOT)
    return time.perf_counter() - start


def figures() -> Iterator[Figure]:
    """Medians of pairs of runs; the first pair warms the disk and is left out."""
    with tempfile.TemporaryDirectory() as home:
        pairs = [
            (
                seconds_to_text(["-c", BARE_APP], "first frame", home),
                seconds_to_text(["-m", "drills", "--lang", "en"], "bptt-dojo", home),
            )
            for _ in range(ROUNDS)
        ][1:]
    yield from _compared("bare-textual-frame", "home-first-frame", pairs, 1.5)
    runs = [
        (seconds_to_end(["-I", "-c", "pass"]), seconds_to_end(["-m", "drills", "--version"]))
        for _ in range(ROUNDS)
    ][1:]
    yield from _compared("bare-interpreter", "version", runs, 6)


def _compared(
    reference: str, name: str, pairs: Sequence[tuple[float, float]], limit: float
) -> Iterator[Figure]:
    ratio = statistics.median(ours / theirs for theirs, ours in pairs)
    yield Figure(reference, 1000 * statistics.median(theirs for theirs, _ in pairs), "ms")
    ours = 1000 * statistics.median(ours for _, ours in pairs)
    yield Figure(name, ours, "ms", ratio, reference, holds=ratio <= limit)
