"""The warm process: NumPy loaded, one thread, no secrets. It forks a child for each submission.

Started as ``python -I -S -B zygote.py MODE NUMPY_FOLDER WORK_FOLDER``. ``-S`` keeps ``.pth`` files
out: an editable install would otherwise put the engine within a learner's reach. Requests come on
standard input, replies leave on standard output, both as frames. End of input ends it.

MODE "fork": many tasks, each in a child that this process confines, watches, kills and sweeps.
MODE "spare": this process is the child of one single task; whoever started it watches it.

Standard library and NumPy only.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import select
import shutil
import signal
import sys
import time
import types
from typing import Any

_HERE = os.path.dirname(os.path.abspath(__file__))
_PACKAGE = "learner_side"
# Bound now: a learner who replaces them in the child replaces nothing of ours.
_exit, _read = os._exit, os.read


def _load(numpy_folder: str) -> tuple[Any, Any]:
    """Imports NumPy and our sibling modules, then takes both ways off the path again."""
    sys.path.append(numpy_folder)
    for name in ("numpy", "numpy.linalg", "numpy.random", "numpy.fft", "numpy.ma"):
        importlib.import_module(name)
    # What an innocent program may import later, when the disk is out of sight.
    for name in ("math", "cmath", "functools", "itertools", "collections", "dataclasses", "typing"):
        importlib.import_module(name)
    sys.path.remove(numpy_folder)
    package = types.ModuleType(_PACKAGE)
    package.__path__ = [_HERE]
    sys.modules[_PACKAGE] = package
    channel = importlib.import_module(_PACKAGE + ".channel")
    child = importlib.import_module(_PACKAGE + ".child")
    return channel, child


def _platform(numpy_folder: str) -> tuple[Any, Any]:
    if sys.platform == "linux":
        module = importlib.import_module(_PACKAGE + ".sandbox.linux")
        return module, module.prepare(numpy_folder)
    if sys.platform == "darwin":
        return importlib.import_module(_PACKAGE + ".sandbox.darwin"), None
    return None, None


class Zygote:
    """Reads tasks, runs each in a confined child, and reports what became of it."""

    def __init__(self, numpy_folder: str, work_folder: str) -> None:
        self._requests = os.dup(0)
        replies = os.dup(1)
        null = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1):
            os.dup2(null, descriptor)
        os.close(null)
        self._numpy_folder = numpy_folder
        self._work_folder = work_folder
        self._channel, self._child = _load(numpy_folder)
        mailbox = importlib.import_module(_PACKAGE + ".mailbox")
        self._inbox, self._outbox = mailbox.Inbox(self._requests), mailbox.Outbox(replies)
        self._sandbox, self._prepared = _platform(numpy_folder)
        sys.modules[_PACKAGE].__path__ = []
        for name in [name for name in sys.modules if name.startswith(_PACKAGE)]:
            del sys.modules[name]

    def _receive(self) -> list[Any]:
        """The requests that have arrived whole."""
        if not self._inbox.wait():
            self._leave()
        letters = []
        while (letter := self._inbox.take()) is not None:
            letters.append(letter)
        return letters

    def _leave(self) -> None:
        shutil.rmtree(self._work_folder, ignore_errors=True)
        _exit(0)

    def serve(self) -> None:
        self._outbox.send("hello", 0, pid=os.getpid())
        while True:
            letters = self._receive()
            # A task may be cancelled before it began: while NumPy was still loading, say.
            cancelled = {each.header["task"] for each in letters if each.header["kind"] == "cancel"}
            for letter in letters:
                if letter.header["kind"] == "run" and letter.header["task"] in cancelled:
                    self._outbox.send("clean", letter.header["task"], how="cancelled", status=0)
                elif letter.header["kind"] == "run":
                    self._run(letter)
            # The next child must find nothing of this one's task.
            self._inbox.forget()
            self._outbox.forget()

    # -- one task ----------------------------------------------------------------------------------

    def _run(self, task: Any) -> None:
        number, limits = task.header["task"], task.header["limits"]
        result_read, result_write = os.pipe()
        output_read, output_write = os.pipe()
        parent, began = os.getpid(), time.monotonic()
        pid = os.fork()
        if pid == 0:
            try:
                self._become_child(task, result_write, output_write, parent)
            finally:
                _exit(71)
        os.close(result_write)
        os.close(output_write)
        how = self._watch(number, pid, result_read, output_read, limits, began)
        # The child hands over its prints before it closes its results: all of them are here.
        self._drain(number, output_read, limits["output"])
        self._outbox.send("closed", number)
        status = self._reap(pid, at_once=how != "closed")
        os.close(result_read)
        os.close(output_read)
        seconds = time.monotonic() - began
        self._outbox.send("clean", number, how=how, status=status, seconds=seconds)

    def _watch(
        self, task: int, pid: int, results: int, output: int, limits: dict[str, Any], began: float
    ) -> str:
        """Passes on what the child sends until it closes its results, overdoes or overstays."""
        left = {results: limits["results"], output: limits["output"]}
        events = {results: "results", output: "output"}
        poll = select.poll()
        for descriptor in (results, output, self._requests):
            poll.register(descriptor, select.POLLIN)
        deadline = began + limits["seconds"]
        gone_at = None
        while True:
            # A process that has ended while others hold its pipes would never close them.
            if gone_at is None and os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                gone_at = time.monotonic()
            pause = max(0.0, min(deadline - time.monotonic(), 0.05))
            ready = poll.poll(1 if gone_at is not None else int(pause * 1000) + 1)
            if gone_at is not None and not ready:
                return "closed"
            for descriptor, _ in ready:
                if descriptor == self._requests:
                    if self._cancelled(task, pid):
                        return "cancelled"
                    continue
                event = events[descriptor]
                length = self._outbox.relay(event, task, descriptor, left[descriptor])
                if not length:
                    poll.unregister(descriptor)
                    if descriptor == results:
                        return "closed"
                    continue
                left[descriptor] -= length
                if left[descriptor] < 0:
                    return f"too-much-{event}"
            if time.monotonic() > deadline:
                return "timeout"

    def _cancelled(self, task: int, pid: int) -> bool:
        try:
            there = self._inbox.wait()
        except OSError:
            there = False
        if not there:  # whoever started us is gone
            self._reap(pid, at_once=True)
            self._leave()
        cancelled = False
        while (letter := self._inbox.take()) is not None:
            header = letter.header
            cancelled = cancelled or (header["kind"] == "cancel" and header["task"] == task)
        return cancelled

    def _drain(self, task: int, output: int, limit: int) -> None:
        os.set_blocking(output, False)
        with contextlib.suppress(OSError):
            self._outbox.relay("output", task, output, limit)

    def _reap(self, pid: int, at_once: bool) -> int:
        """Ends the child and everything it started; the child's wait status.

        We have not waited for it yet, so that its number cannot belong to anyone else.
        """
        if not at_once:
            patience = time.monotonic() + 0.1
            while time.monotonic() < patience and not os.waitid(
                os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT
            ):
                time.sleep(0.0003)
        for kill in (os.killpg, os.kill):
            with contextlib.suppress(OSError):
                kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        self._sweep()
        return status

    def _sweep(self) -> None:
        """Ends what the child left behind: as subreaper we inherit it, whatever its session."""
        own = f"/proc/self/task/{os.getpid()}/children"
        for _ in range(1000):
            with contextlib.suppress(OSError), open(own, encoding="ascii") as children:
                for child in children.read().split():
                    with contextlib.suppress(OSError):
                        os.kill(int(child), signal.SIGKILL)
            try:
                if os.waitpid(-1, os.WNOHANG)[0] == 0:
                    time.sleep(0.001)
            except ChildProcessError:
                return

    def _become_child(self, task: Any, results: int, output: int, parent: int) -> None:
        limits = task.header["limits"]
        os.setsid()
        os.dup2(output, 1)
        os.dup2(output, 2)
        keep = {0, 1, 2, results}
        if self._prepared is not None and self._prepared.ruleset is not None:
            keep.add(self._prepared.ruleset)
        low = 3
        for descriptor in [*sorted(keep - {0, 1, 2}), 4096]:
            os.closerange(low, descriptor)
            low = descriptor + 1
        os.chdir(self._work_folder)
        os.environ.clear()
        os.environ["PATH"] = ""
        layers = (
            self._sandbox.confine(self._prepared, parent, limits["memory"], limits["seconds"])
            if self._sandbox is not None and self._prepared is not None
            else {}
        )
        (opened,) = self._channel.FrameReader(max_header=16 << 20).feed(self._inbox.contents(task))
        compute(self._child, opened, results, layers)


def compute(child: Any, task: Any, results: int, layers: dict[str, str]) -> None:
    """The task itself, in a process that is confined by now; never returns."""
    sender = child.Sender(results, task.header["stream"])
    code = 0
    try:
        sender.send({"f": "start", "layers": layers})
        child.run(task, sender)
    except BaseException:
        code = 70
    child.flush_output()
    with contextlib.suppress(OSError):
        os.close(results)
    _exit(code)


def spare(numpy_folder: str, work_folder: str) -> None:
    """Serves one task in this very process: results on its output, prints on its error stream."""
    requests, results = os.dup(0), os.dup(1)
    os.dup2(2, 1)
    channel, child = _load(numpy_folder)
    sandbox, prepared = _platform(numpy_folder)
    for name in [name for name in sys.modules if name.startswith(_PACKAGE)]:
        del sys.modules[name]
    reader = channel.FrameReader()
    frames: list[Any] = []
    while not frames:
        data = _read(requests, 1 << 16)
        if not data:
            _exit(0)
        frames = reader.feed(data)
    os.close(requests)
    limits = frames[0].header["limits"]
    layers: dict[str, str] = {}
    if prepared is not None:
        layers = sandbox.confine(prepared, os.getppid(), limits["memory"], limits["seconds"])
    elif sandbox is not None:
        library = os.path.dirname(os.__file__)
        layers = sandbox.confine(numpy_folder, library, limits["seconds"])
    if os.path.isdir(work_folder) and "landlock" not in layers:
        os.chdir(work_folder)
    (opened,) = channel.FrameReader(max_header=16 << 20).feed(frames[0].payload)
    compute(child, opened, results, layers)


if __name__ == "__main__":
    if sys.argv[1] == "spare":
        spare(sys.argv[2], sys.argv[3])
    else:
        Zygote(sys.argv[2], sys.argv[3]).serve()
