"""The two ways to get a throw-away process: fork it from a warm one, or start one ahead."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from typing import IO, Any

from .channel import BadChannelError, Frame, FrameReader, pack
from .runner import Collector, Run, Task, remove, start

# How long the watcher itself may be late before it is taken for dead.
_GRACE = 5.0


class _LostError(Exception):
    """The warm process is gone."""


class Zygotes:
    """One zygote at a time, started when needed and again when it died (Linux)."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._folder = ""
        self._number = 0
        self._unclean = 0
        self._events: list[Frame] = []
        # A cancellation comes from another thread and must not end up inside a task's frame.
        self._writing = threading.Lock()

    def warm(self) -> None:
        if self._process is not None and self._process.poll() is None:
            return
        self.close()
        self._process, self._folder = start("fork", None)
        self._reader = FrameReader(max_header=1 << 16, max_total=1 << 62, max_frames=1 << 62)
        self._events = []
        self._unclean = 0

    def run(self, task: Task) -> Run:
        for attempt in (0, 1):
            self.warm()
            try:
                self._settle()
                self._send(task)
                break
            except _LostError:  # died while idle: that was nobody's submission
                self.close()
                if attempt:
                    return self._lost(task)
        collector = Collector(len(task.programs), len(task.cases), task.limits)
        try:
            return self._collect(task, collector)
        except _LostError:
            self.close()
            collector.run.how = "runner-lost"
            return collector.run

    def cancel(self) -> None:
        process, number = self._process, self._number
        if process is not None and process.stdin is not None:
            with contextlib.suppress(OSError, ValueError), self._writing:
                process.stdin.write(pack({"kind": "cancel", "task": number}))

    def close(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        # End of input is its signal to clean up and go; a second is plenty.
        try:
            process.wait(1.0)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        remove(self._folder)

    def _lost(self, task: Task) -> Run:
        run = Collector(len(task.programs), len(task.cases), task.limits).run
        run.how = "runner-lost"
        return run

    def _send(self, task: Task) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            with self._writing:
                self._number += 1
                view = memoryview(task.frame(self._number))
                while view:
                    view = view[self._process.stdin.write(view) or 0 :]
        except OSError:
            raise _LostError from None
        self._unclean = self._number

    def _next(self, deadline: float) -> Frame:
        import select  # poll does not exist on Windows

        assert self._process is not None
        assert self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        while not self._events:
            wait = deadline - time.monotonic()
            if wait <= 0 or not poll.poll(wait * 1000):
                self._process.kill()
                raise _LostError
            data = os.read(descriptor, 1 << 20)
            if not data:
                raise _LostError
            try:
                self._events = self._reader.feed(data)
            except BadChannelError:
                self._process.kill()
                raise _LostError from None
        return self._events.pop(0)

    def _settle(self) -> None:
        """Waits until the previous child is cleaned away, which its verdict did not wait for."""
        while self._unclean:
            frame = self._next(time.monotonic() + _GRACE)
            if frame.header.get("event") == "clean" and frame.header["task"] == self._unclean:
                self._unclean = 0

    def _collect(self, task: Task, collector: Collector) -> Run:
        run = collector.run
        deadline = time.monotonic() + task.limits.seconds + _GRACE
        bad = False
        while True:
            frame = self._next(deadline)
            event = frame.header.get("event")
            if frame.header.get("task") != self._number:
                continue
            if event == "output":
                collector.prints(frame.payload)
            elif event == "results" and not bad:
                try:
                    collector.results(frame.payload)
                except BadChannelError:
                    bad = True
                    self.cancel()
            elif event == "closed" and collector.ended and not bad:
                # The verdict need not wait for the cleaning.
                run.how = "answered"
                return run
            elif event == "clean":
                self._unclean = 0
                _conclude(run, collector, bad, str(frame.header["how"]), frame.header["status"])
                return run


def _conclude(run: Run, collector: Collector, bad: bool, how: str, status: int) -> None:
    """Decides how a task ended from the watcher's word and the wait status."""
    number = status & 0x7F if os.name == "posix" else 0
    if how in ("timeout", "too-much-output", "too-much-results", "cancelled") and not bad:
        run.how = how
        return
    if bad:
        run.how = "bad-channel"
    elif collector.ended:
        run.how = "answered"
    elif number == getattr(signal, "SIGXCPU", -1):
        run.how = "timeout"
    elif number in (signal.SIGSEGV, getattr(signal, "SIGBUS", -1), signal.SIGABRT, signal.SIGILL):
        run.how, run.signal = "crashed", number
    else:
        run.how, run.signal = "ended", number or None


class Spares:
    """One process started ahead for each task, where fork is missing (Windows) or unsafe (macOS).

    This side is then the watcher: clock, caps and the killing are here, with threads, since Windows
    cannot poll pipes.
    """

    def __init__(self) -> None:
        self._spare: tuple[subprocess.Popen[bytes], str] | None = None
        self._running: subprocess.Popen[bytes] | None = None
        self._cancelled = False

    def warm(self) -> None:
        if self._spare is None or self._spare[0].poll() is not None:
            self._discard()
            self._spare = start("spare", subprocess.PIPE)

    def run(self, task: Task) -> Run:
        self.warm()
        assert self._spare is not None
        (process, folder), self._spare = self._spare, None
        self._running, self._cancelled = process, False
        collector = Collector(len(task.programs), len(task.cases), task.limits)
        job = _job(process, task)
        try:
            how = self._watch(process, task, collector)
            _end(process)
            bad, how = how == "bad-channel", "cancelled" if self._cancelled else how
            code = process.returncode
            _conclude(collector.run, collector, bad, how, -code if code and code < 0 else 0)
        finally:
            _end(process)
            if job is not None:
                job.close()
            self._running = None
            remove(folder)
        if job is not None:
            collector.run.layers = {**collector.run.layers, "job": job.layer}
        self.warm()
        return collector.run

    def _watch(self, process: subprocess.Popen[bytes], task: Task, collector: Collector) -> str:
        pieces: queue.Queue[tuple[str, bytes]] = queue.Queue()
        for name, stream in (("results", process.stdout), ("output", process.stderr)):
            threading.Thread(target=_pump, args=(name, stream, pieces), daemon=True).start()
        threading.Thread(target=_feed, args=(process, task.frame(1)), daemon=True).start()
        left = {"results": task.limits.results, "output": task.limits.output}
        # The first second may still be the interpreter starting.
        deadline = time.monotonic() + task.limits.seconds + 1.0
        closed: set[str] = set()
        while len(closed) < 2:
            try:
                name, data = pieces.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                return "timeout"
            if not data:
                closed.add(name)
                continue
            left[name] -= len(data)
            if left[name] < 0:
                return f"too-much-{name}"
            if name == "output":
                collector.prints(data)
                continue
            try:
                collector.results(data)
            except BadChannelError:
                return "bad-channel"
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.5)
        return "closed"

    def cancel(self) -> None:
        if (process := self._running) is not None:
            self._cancelled = True
            _end(process)

    def close(self) -> None:
        self._discard()

    def _discard(self) -> None:
        if self._spare is not None:
            process, folder = self._spare
            self._spare = None
            _end(process)
            remove(folder)


def _pump(name: str, stream: IO[bytes], pieces: queue.Queue[tuple[str, bytes]]) -> None:
    with contextlib.suppress(OSError, ValueError):
        while data := stream.read(1 << 16):
            pieces.put((name, data))
    pieces.put((name, b""))


def _feed(process: subprocess.Popen[bytes], data: bytes) -> None:
    assert process.stdin is not None
    with contextlib.suppress(OSError, ValueError):
        process.stdin.write(data)


def _job(process: subprocess.Popen[bytes], task: Task) -> Any:
    if sys.platform != "win32":
        return None
    from .sandbox.windows import Job

    handle = int(process._handle)
    return Job(handle, task.limits.memory, task.limits.seconds)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends a process and, where there are groups, its group; waits for it."""
    if process.returncode is None:
        if os.name == "posix":
            with contextlib.suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)
        with contextlib.suppress(OSError):
            process.kill()
        process.wait()
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            with contextlib.suppress(OSError, ValueError):
                stream.close()
