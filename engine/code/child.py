"""What runs inside the throw-away process: a learner's program, or trusted ones, on given inputs.

The child only computes. It holds no expected value, so that writing whatever it likes to the result
channel gains a learner nothing: only right numbers pass, and those must be computed.

Standard library and NumPy only; loaded by the zygote by path, never as part of ``engine``.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import os
import random
import signal
import sys
from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np

from .channel import Frame, decode, encode, pack

ANSWER: Final = "<answer>"
BLANK: Final = "____"
_FLUSH_AT: Final = 1 << 16


class _TooLong(BaseException):
    """A mutant, say, used up its share of time; no ``except Exception`` stops this."""


class Sender:
    """Frames to one descriptor; gathered when nobody waits for each of them."""

    def __init__(self, descriptor: int, stream: bool) -> None:
        self._descriptor = descriptor
        self._stream = stream
        self._buffer = bytearray()

    def send(self, header: dict[str, Any], payload: bytes = b"") -> None:
        self._buffer += pack(header, payload)
        if self._stream or len(self._buffer) > _FLUSH_AT:
            self.flush()

    def flush(self, write: Callable[[int, Any], int] = os.write) -> None:
        # ``write`` is bound when this module loads: a learner's patched os.write is not ours.
        view = memoryview(bytes(self._buffer))
        self._buffer.clear()
        while view:
            view = view[write(self._descriptor, view) :]


def run(task: Frame, sender: Sender) -> None:
    """Runs every program of the task on every case and sends what came out.

    The task's header has ``programs`` (source, function, kind), ``cases`` (argument names and
    encoded values, their raw bytes one after another in the payload) and ``alarm`` (seconds for
    each program, or null). One frame ``load`` a program, one frame ``call`` a program and case.
    """
    header = task.header
    cases = header["cases"]
    payloads = _split(task.payload, header["sizes"])
    for number, program in enumerate(header["programs"]):
        np.random.seed(20210219)
        random.seed(20210219)
        with _alarm(header.get("alarm")):
            _run_program(number, program, cases, payloads, sender)
    sender.send({"f": "end"})
    sender.flush()


def _split(payload: bytes, sizes: list[int]) -> list[bytes]:
    pieces, at = [], 0
    for size in sizes:
        pieces.append(payload[at : at + size])
        at += size
    return pieces


@contextlib.contextmanager
def _alarm(seconds: float | None) -> Iterator[None]:
    if seconds is None or not hasattr(signal, "setitimer"):
        yield
        return

    def ring(number: int, frame: object) -> None:
        raise _TooLong

    # Processor time, not the clock: on a busy machine a mutant waits without being endless.
    signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    except _TooLong:
        pass
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _run_program(
    number: int, program: dict[str, Any], cases: list[Any], payloads: list[bytes], sender: Sender
) -> None:
    source: str = program["source"]
    namespace: dict[str, Any] = {"__name__": "answer", "__builtins__": builtins}
    loaded = _load(source, namespace, program["function"], program["trusted"])
    loaded.update(f="load", p=number)
    sender.send(loaded)
    if loaded["status"] != "ok":
        return
    function = namespace[program["function"]]
    chosen = program["on"]
    for index, payload in enumerate(payloads):
        if chosen is not None and index not in chosen:
            continue
        names = cases[index]["names"]
        arguments = _arguments(cases[index]["values"], payload)
        answer: dict[str, Any] = {"f": "call", "p": number, "c": index}
        buffers: list[bytes] = []
        try:
            if program["kind"] == "gradient":
                value: object = numeric_gradient(
                    function, arguments, [names.index(n) for n in program["wrt"]], program["step"]
                )
            else:
                value = function(*arguments)
            answer["v"] = encode(value, buffers)
            before = _arguments(cases[index]["values"], payload)
            answer["changed"] = [
                name
                for name, old, new in zip(names, before, arguments, strict=True)
                if not _same(old, new)
            ]
        except _TooLong:
            answer["e"] = {"kind": "timeout", "message": "", "line": None, "text": ""}
            sender.send(answer)
            raise
        except BaseException as error:
            answer["e"] = report(error, source)
            buffers = []
        sender.send(answer, b"".join(buffers))


def _load(source: str, namespace: dict[str, Any], function: str, trusted: bool) -> dict[str, Any]:
    code: Any = source
    try:
        if not trusted:
            code = ast.parse(source, ANSWER)
    except SyntaxError as error:
        return {"status": "syntax", "e": _syntax(error, source)}
    except (ValueError, RecursionError, MemoryError) as error:
        kind = type(error).__name__
        return {"status": "syntax", "e": {"kind": kind, "message": str(error)[:500], "line": None}}
    blanks = [] if trusted else _blanks(code)
    if blanks:
        return {"status": "blank", "lines": blanks}
    try:
        # The one place where a learner's text is run: this process holds nothing worth having,
        # is confined before this line, and ends after it.
        exec(compile(code, ANSWER, "exec"), namespace)  # noqa: S102
    except _TooLong:
        raise
    except BaseException as error:
        return {"status": "error", "e": report(error, source)}
    if function not in namespace:
        known = [
            str(name)[:80]
            for name, value in list(namespace.items())
            if callable(value) and not str(name).startswith("__")
        ]
        return {"status": "undefined", "known": known[:50]}
    if not callable(namespace[function]):
        return {"status": "not-callable"}
    return {"status": "ok"}


def _blanks(tree: ast.AST) -> list[int]:
    names = (node for node in ast.walk(tree) if isinstance(node, ast.Name))
    return sorted(node.lineno for node in names if node.id == BLANK)


def _syntax(error: SyntaxError, source: str) -> dict[str, Any]:
    line = error.lineno
    return {
        "kind": type(error).__name__,
        "message": str(error.msg)[:500],
        "line": line,
        "text": _line(source, line),
    }


def report(error: BaseException, source: str) -> dict[str, Any]:
    """Kind and message of an exception, and the learner's own last line in it; never our frames."""
    try:
        message = str(error)[:500]
    except BaseException:
        message = ""
    line = None
    try:
        trace = error.__traceback__
        for _ in range(100_000):
            if trace is None:
                break
            if trace.tb_frame.f_code.co_filename == ANSWER:
                line = trace.tb_lineno
            trace = trace.tb_next
    except BaseException:
        line = None
    kind = type.__dict__["__name__"].__get__(type(error))
    message = message.encode("utf-8", "replace").decode()
    return {"kind": kind[:80], "message": message, "line": line, "text": _line(source, line)}


def _line(source: str, line: int | None) -> str:
    lines = source.splitlines()
    if line is None or not 1 <= line <= len(lines):
        return ""
    return lines[line - 1].strip()[:200]


def _arguments(descriptions: list[Any], payload: bytes) -> list[Any]:
    arguments = []
    for item in decode({"k": "sequence", "i": descriptions}, payload).items:
        array = item.array
        assert array is not None
        arguments.append(array.item() if item.type in ("int", "float", "bool") else array)
    return arguments


def _same(old: Any, new: Any) -> bool:
    if type(old) is not np.ndarray:
        return True
    return (
        old.shape == new.shape and old.dtype == new.dtype and bool(old.tobytes() == new.tobytes())
    )


def numeric_gradient(
    loss: Callable[..., Any], arguments: list[Any], positions: list[int], step: float
) -> tuple[Any, ...]:
    """Central differences of a scalar loss by each entry of the chosen arguments.

    Args:
        loss: function of all arguments; returns a number.
        positions: which arguments to differentiate by; each gets a gradient of its own shape.

    Source: dE/dw ~ (E(w + h) - E(w - h)) / 2h, error of order h squared.
    """
    gradients = []
    for position in positions:
        base = arguments[position]
        gradient = np.zeros(np.shape(base))
        for index in np.ndindex(*np.shape(base)):
            values = []
            for sign in (1.0, -1.0):
                moved = [np.array(a) if isinstance(a, np.ndarray) else a for a in arguments]
                moved[position] = np.array(base, dtype=float)
                moved[position][index] += sign * step
                values.append(float(loss(*moved)))
            gradient[index] = (values[0] - values[1]) / (2 * step)
        gradients.append(gradient)
    return tuple(gradients)


def flush_output() -> None:
    """Hands over what the program printed; the learner may have replaced the streams."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(BaseException):
            stream.flush()
