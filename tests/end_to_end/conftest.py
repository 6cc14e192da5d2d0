"""A real pseudo-terminal that a test types into and reads: what a person has in front of them."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pyte
import pytest

ROOT = Path(__file__).parents[2]
KEYS = {
    "Enter": "\r",
    "Esc": "\x1b",
    "Tab": "\t",
    "Up": "\x1b[A",
    "Down": "\x1b[B",
    "Right": "\x1b[C",
    "Left": "\x1b[D",
    "F1": "\x1bOP",
    "F2": "\x1bOQ",
    "F3": "\x1bOR",
    "F4": "\x1bOS",
    "F5": "\x1b[15~",
    "F6": "\x1b[17~",
    "F7": "\x1b[18~",
    "F8": "\x1b[19~",
    "F10": "\x1b[21~",
    "Ctrl+Q": "\x11",
    "Ctrl+C": "\x03",
    "Backspace": "\x7f",
    "Ctrl+U": "\x15",
    "End": "\x1b[F",
    "Space": " ",
}


class Terminal:
    """The app in a terminal of ``columns`` by ``rows`` cells."""

    def __init__(self, arguments: list[str], home: Path, columns: int = 80, rows: int = 24) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        environment = {
            **os.environ,
            "TERM": "xterm-256color",
            "BPTT_HOME": str(home),
            "TEXTUAL_ANIMATIONS": "none",
            "LC_ALL": "C.UTF-8",
            "PYTHONPATH": str(ROOT),
        }
        self.process = pexpect.spawn(
            sys.executable,
            ["-m", "drills", *arguments],
            env=environment,
            cwd=str(home),
            dimensions=(rows, columns),
            timeout=30,
        )

    @property
    def lines(self) -> list[str]:
        # pyte leaves an empty cell behind each wide letter; a person sees none.
        return [
            "".join(self.screen.buffer[y][x].data for x in range(self.screen.columns)).rstrip()
            for y in range(self.screen.lines)
        ]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def read(self, seconds: float = 0.2) -> str:
        """Take in what the program draws for ``seconds``; the screen's text then."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                self._stream.feed(self.process.read_nonblocking(65536, timeout=left))
            except pexpect.TIMEOUT:
                break
            except pexpect.EOF:
                break
        return self.text

    def wait_for(self, *wanted: str, seconds: float = 30) -> str:
        """Wait until each of ``wanted`` is on the screen."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            shown = self.read(0.1)
            squeezed = shown.replace("\n", "")
            if all(part in shown or part in squeezed for part in wanted):
                return shown
        raise AssertionError(f"{wanted} not on the screen after {seconds} s:\n{self.text}")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.process.send(KEYS.get(key, key))
            self.read(0.08)

    def type(self, text: str) -> None:
        self.process.send(text)
        self.read(0.3)

    def kill(self) -> None:
        """SIGKILL: no chance to tidy up."""
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def close(self) -> None:
        if self.process.isalive():
            self.process.terminate(force=True)


@pytest.fixture
def open_terminal(
    tmp_path: Path, make_home: Callable[[Path], Path]
) -> Iterator[Callable[..., Terminal]]:
    """``open_terminal("--lang", "ja")`` starts the app; all share one home."""
    opened: list[Terminal] = []
    home = make_home(tmp_path / "home")

    def start(*arguments: str, columns: int = 80, rows: int = 24) -> Terminal:
        terminal = Terminal(list(arguments), home, columns, rows)
        opened.append(terminal)
        return terminal

    yield start
    for terminal in opened:
        terminal.close()
