"""Runs programs on inputs in a throw-away process and gives back what came out, whatever happens.

The owner's side: starts the warm zygote (or a spare process where fork is missing or unsafe),
sends one task at a time, reads frames that may be hostile, and restarts what died. It runs no
program itself.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from .arguments import Place
from .channel import BadChannelError, Frame, FrameReader, Value, decode, encode, pack
from .given import NOTHING, Given
from .plan import Plan, single
from .sandbox.report import Confinement

_SCRIPT: Final = Path(__file__).with_name("zygote.py")
_ONE_THREAD: Final = (
    "OPENBLAS_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


@dataclass(frozen=True)
class Limits:
    """Bounds of one task: seconds by the wall clock, bytes of memory, of prints and of results."""

    seconds: float = 3.0
    memory: int = 1 << 30
    output: int = 64 << 10
    results: int = 24 << 20

    def to_json(self) -> dict[str, float | int]:
        return {
            "seconds": self.seconds,
            "memory": self.memory,
            "output": self.output,
            "results": self.results,
        }


@dataclass(frozen=True)
class Program:
    """A source text and what to do with it: the steps of a plan (a function's name stands for one
    call with every argument), or the numeric gradient of the one function that the plan calls.

    ``helpers`` is the text of what arguments that are functions are taken from.
    """

    source: str
    plan: Plan | str
    gradient_by: tuple[Place, ...] = ()
    step: float = 1e-5
    # Numbers of the cases to run it on; None for all of the task's.
    on: tuple[int, ...] | None = None
    # Our own text, known to be whole: not looked through for blanks, which costs a millisecond.
    trusted: bool = False
    helpers: str = ""
    # Lent to a text that uses these names without defining them.
    given: Given = NOTHING

    def to_json(self) -> dict[str, Any]:
        plan = single(self.plan) if isinstance(self.plan, str) else self.plan
        return {
            "source": self.source,
            "plan": plan.to_json(),
            "wrt": self.gradient_by,
            "step": self.step,
            "on": self.on,
            "trusted": self.trusted,
            "helpers": self.helpers,
            "given": {"source": self.given.source, "names": self.given.names},
        }


@dataclass(frozen=True)
class ErrorReport:
    """A learner's exception or abrupt end: kind, message, and the learner's own line."""

    kind: str
    message: str = ""
    line: int | None = None
    text: str = ""


@dataclass(frozen=True)
class Unfit:
    """A step that gave other values than it should ("count"), or whose object lacks the attribute
    ("attribute"): what came, and which attributes there are."""

    what: str
    got: str
    known: tuple[str, ...] = ()


@dataclass(frozen=True)
class Call:
    """What one run of a plan gave: outputs by name, as far as it came; what stopped it at which
    ``step``; which arguments it changed in place; whether a list came where values are returned."""

    values: Mapping[str, Value] = field(default_factory=dict)
    error: ErrorReport | None = None
    changed: tuple[str, ...] = ()
    unfit: Unfit | None = None
    step: int = 0
    listed: bool = False

    @property
    def whole(self) -> bool:
        """Whether every step was done."""
        return self.error is None and self.unfit is None

    @property
    def value(self) -> Value:
        """What a plan of one call gave (``plan.single``)."""
        return self.values["value"]


@dataclass
class ProgramRun:
    """How one program fared: "ok", "syntax", "blank", "error", "undefined", "not-callable" or
    "not-reached"; ``lines`` of blanks, the name that is ``missing`` beside those ``known``, and its
    calls by case."""

    status: str = "not-reached"
    error: ErrorReport | None = None
    lines: tuple[int, ...] = ()
    known: tuple[str, ...] = ()
    missing: str = ""
    calls: dict[int, Call] = field(default_factory=dict)


@dataclass
class Run:
    """A whole task. ``how``: "answered", "timeout", "too-much-output", "too-much-results",
    "crashed", "ended" (left without an answer), "bad-channel", "cancelled" or "runner-lost"."""

    programs: list[ProgramRun]
    how: str = "ended"
    signal: int | None = None
    output: str = ""
    layers: Mapping[str, str] = field(default_factory=dict)


class Collector:
    """Turns the bytes that a child sent into a :class:`Run`; trusts none of them."""

    def __init__(self, programs: int, cases: int, limits: Limits) -> None:
        self.run = Run([ProgramRun() for _ in range(programs)])
        self._cases = cases
        self._reader = FrameReader(
            max_header=1 << 18,
            max_payload=limits.results,
            max_total=limits.results,
            max_frames=programs * (cases + 1) + 2,
        )
        self._prints = bytearray()
        self._prints_limit = limits.output
        self.ended = False

    def results(self, data: bytes) -> None:
        """Takes a piece of the result stream.

        Raises:
            BadChannelError: on anything that our own child code would not have sent.
        """
        for frame in self._reader.feed(data):
            self._take(frame)

    def prints(self, data: bytes) -> None:
        self._prints += data[: self._prints_limit - len(self._prints)]
        self.run.output = self._prints.decode("utf-8", "replace")

    def _take(self, frame: Frame) -> None:
        header = frame.header
        kind = header.get("f")
        if kind == "start":
            layers = header.get("layers")
            if not self.run.layers and isinstance(layers, dict):
                self.run.layers = {str(k)[:40]: str(v)[:40] for k, v in layers.items()}
        elif kind == "end":
            self.ended = True
        elif kind == "load":
            self._load(self._program(header), header)
        elif kind == "call":
            self._call(self._program(header), header, frame.payload)
        else:
            raise BadChannelError("unknown-frame")

    def _program(self, header: dict[str, Any]) -> ProgramRun:
        number = header.get("p")
        if type(number) is not int or not 0 <= number < len(self.run.programs):
            raise BadChannelError("no-such-program")
        return self.run.programs[number]

    def _load(self, program: ProgramRun, header: dict[str, Any]) -> None:
        status = header.get("status")
        known = ("ok", "syntax", "blank", "error", "undefined", "not-callable")
        if status not in known or program.status != "not-reached":
            raise BadChannelError("bad-load")
        program.status = status
        program.error = _error(header.get("e"))
        lines, names = header.get("lines", []), header.get("known", [])
        if not isinstance(lines, list) or not isinstance(names, list):
            raise BadChannelError("bad-load")
        program.lines = tuple(line for line in lines if type(line) is int)
        program.known = tuple(name for name in names if isinstance(name, str))
        program.missing = str(header.get("missing", ""))[:200]

    def _call(self, program: ProgramRun, header: dict[str, Any], payload: bytes) -> None:
        case = header.get("c")
        if type(case) is not int or not 0 <= case < self._cases or case in program.calls:
            raise BadChannelError("bad-call")
        value = decode(header.get("v", {"k": "mapping", "n": [], "i": []}), payload)
        changed, step = header.get("changed", []), header.get("s", 0)
        if value.kind != "mapping" or not isinstance(changed, list) or type(step) is not int:
            raise BadChannelError("bad-call")
        program.calls[case] = Call(
            dict(zip(value.keys, value.items, strict=True)),
            _error(header.get("e")),
            tuple(name for name in changed if isinstance(name, str)),
            _unfit(header.get("unfit")),
            max(0, step),
            header.get("listed") is True,
        )


def _unfit(what: Any) -> Unfit | None:
    if what is None:
        return None
    if not isinstance(what, dict) or not isinstance(what.get("known"), list):
        raise BadChannelError("bad-call")
    known = tuple(name for name in what["known"] if isinstance(name, str))
    return Unfit(str(what.get("what", ""))[:40], str(what.get("got", ""))[:200], known)


def _error(what: Any) -> ErrorReport | None:
    if what is None:
        return None
    if not isinstance(what, dict):
        raise BadChannelError("bad-error")
    line = what.get("line")
    return ErrorReport(
        kind=str(what.get("kind", ""))[:80],
        message=str(what.get("message", ""))[:500],
        line=line if type(line) is int else None,
        text=str(what.get("text", ""))[:200],
    )


@dataclass(frozen=True)
class Task:
    """Programs to run on cases (argument values by name, in the order of the call)."""

    programs: Sequence[Program]
    cases: Sequence[Mapping[str, Any]]
    limits: Limits = Limits()
    # Results one by one, so that a timeout shows how far the program came.
    stream: bool = False
    # Processor seconds for each program: one endless mutant must not cost the others their turn.
    alarm: float | None = None

    def frame(self, number: int) -> bytes:
        buffers: list[bytes] = []
        cases, sizes = [], []
        for case in self.cases:
            pieces: list[bytes] = []
            values = [encode(value, pieces) for value in case.values()]
            cases.append({"names": list(case), "values": values})
            sizes.append(sum(map(len, pieces)))
            buffers += pieces
        header = {
            "programs": [program.to_json() for program in self.programs],
            "cases": cases,
            "sizes": sizes,
            "stream": self.stream,
            "alarm": self.alarm,
        }
        # A letter in an envelope: the warm process opens the envelope only.
        letter = pack(header, b"".join(buffers))
        return pack({"kind": "run", "task": number, "limits": self.limits.to_json()}, letter)


def can_fork() -> bool:
    """Whether a process with NumPy loaded may be forked here: Accelerate (macOS) dies of it."""
    return sys.platform == "linux"


class Runner:
    """Owner of the warm process. Safe to call from any thread; one task at a time.

    Args:
        mode: "fork" (a zygote), "spare" (a process started ahead for each task), or None for what
            this system can do.
    """

    def __init__(self, mode: str | None = None) -> None:
        from .processes import Spares, Zygotes  # they need this module's types

        self.mode = mode or ("fork" if can_fork() else "spare")
        self._lock = threading.Lock()
        self._backend = Zygotes() if self.mode == "fork" else Spares()
        self._layers: Mapping[str, str] = {}

    def run(self, task: Task) -> Run:
        """Runs a task to its end, limits or death; never raises because of what a program does."""
        with self._lock:
            run = self._backend.run(task)
        if run.layers:
            self._layers = run.layers
        return run

    def warm(self) -> None:
        """Starts the warm process ahead of the first task."""
        with self._lock:
            self._backend.warm()

    def cancel(self) -> None:
        """Ends the task that runs now; its run is then "cancelled"."""
        self._backend.cancel()

    def confinement(self) -> Confinement:
        """What the last run was confined by (runs an empty program when there was none)."""
        if not self._layers:
            self.run(Task([Program("def f():\n    return 0.0\n", "f")], [{}]))
        return Confinement(self.mode, dict(self._layers))

    def close(self) -> None:
        with self._lock:
            self._backend.close()

    def __enter__(self) -> Runner:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def numpy_folder() -> str:
    """The folder that holds NumPy, found without importing it."""
    spec = importlib.util.find_spec("numpy")
    if spec is None or spec.origin is None:
        raise RuntimeError("NumPy is not installed")
    return str(Path(spec.origin).resolve().parents[1])


def start(mode: str, stderr: int | None) -> tuple[subprocess.Popen[bytes], str]:
    """Starts ``zygote.py``; gives the process and its working folder, which it alone may use."""
    folder = tempfile.mkdtemp(prefix="bptt-")
    environment = dict.fromkeys(_ONE_THREAD, "1")
    for name in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"):
        if name in os.environ:
            environment[name] = os.environ[name]
    process = subprocess.Popen(  # noqa: S603 - our own interpreter on our own file
        [sys.executable, "-I", "-S", "-B", str(_SCRIPT), mode, numpy_folder(), folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr if stderr is not None else subprocess.DEVNULL,
        bufsize=0,
        env=environment,
        cwd=folder,
        # Ctrl+C in the terminal is for the app, not for the process that computes for it.
        start_new_session=True,
    )
    return process, folder


def remove(folder: str) -> None:
    """Removes an empty or abandoned working folder."""
    with contextlib.suppress(OSError):
        for entry in os.scandir(folder):
            with contextlib.suppress(OSError):
                os.unlink(entry.path)
        os.rmdir(folder)
