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
from collections.abc import Callable, Collection, Iterator
from typing import Any, Final

import numpy as np

from .channel import Frame, decode, pack
from .given import bound
from .steps import Outcome, UnfitError, argument, numeric_gradient, perform, same

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

    The task's header has ``programs`` (source, plan, helpers, ...), ``cases`` (argument names and
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
    loaded = _load(source, namespace, program)
    loaded.update(f="load", p=number)
    sender.send(loaded)
    if loaded["status"] != "ok":
        return
    functions = _functions(program["helpers"])
    chosen = program["on"]
    for index, payload in enumerate(payloads):
        if chosen is not None and index not in chosen:
            continue
        names, values = cases[index]["names"], cases[index]["values"]
        arguments = _arguments(names, values, payload, functions)
        answer: dict[str, Any] = {"f": "call", "p": number, "c": index}
        outcome = Outcome()
        try:
            if program["wrt"]:
                loss = program["plan"]["steps"][0]
                step = program["step"]
                value = numeric_gradient(
                    namespace[loss["target"]], arguments, loss["given"], program["wrt"], step
                )
                outcome.put("value", value)
            else:
                perform(program["plan"], namespace, arguments, outcome)
            before = _arguments(names, values, payload, functions)
            answer["changed"] = [n for n in names if not same(before[n], arguments[n])]
        except UnfitError as error:
            answer["unfit"] = {"what": error.what, "got": error.got, "known": error.known}
        except _TooLong:
            answer["e"] = {"kind": "timeout", "message": "", "line": None, "text": ""}
            sender.send(answer)
            raise
        except BaseException as error:
            answer["e"] = report(error, source)
        answer["s"] = outcome.step
        if outcome.listed:
            answer["listed"] = True
        answer["v"] = {
            "k": "mapping",
            "n": list(outcome.outputs),
            "i": list(outcome.outputs.values()),
        }
        sender.send(answer, b"".join(outcome.buffers))


def _load(source: str, namespace: dict[str, Any], program: dict[str, Any]) -> dict[str, Any]:
    trusted = program["trusted"]
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
    lent = {} if trusted else _lend(code, namespace, program)
    try:
        # The one place where a learner's text is run: this process holds nothing worth having,
        # is confined before this line, and ends after it.
        exec(compile(code, ANSWER, "exec"), namespace)  # noqa: S102
    except _TooLong:
        raise
    except BaseException as error:
        return {"status": "error", "e": report(error, source)}
    asked = program["plan"]["defines"]
    own = {n: v for n, v in namespace.items() if n in asked or v is not lent.get(n)}
    return _defined(code, own, program["plan"], namespace)


def _lend(tree: ast.Module, namespace: dict[str, Any], program: dict[str, Any]) -> dict[str, Any]:
    """Puts what the exercise gives below a text that uses a name of it without defining one."""
    given = program["given"]
    names = set(given["names"])
    needed = names.intersection(program["plan"]["defines"])
    needed |= {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in names
    }
    if needed <= bound(tree.body):
        return {}
    exec(compile(given["source"], "<exercise>", "exec"), namespace)  # noqa: S102 - not the learner's
    return {name: namespace[name] for name in names}


def _take_spelling(
    name: str, classes: Collection[str], own: dict[str, Any], shared: dict[str, Any]
) -> None:
    """Lets ``stepForward`` stand for ``step_forward``, where nothing has that very name."""
    if name in own:
        return
    plain = name.replace("_", "").lower()
    alike = [
        other
        for other, value in own.items()
        if str(other).replace("_", "").lower() == plain
        and callable(value)
        and isinstance(value, type) == (name in classes)
    ]
    if len(alike) == 1:
        own[name] = shared[name] = own[alike[0]]


def _defined(
    code: Any, namespace: dict[str, Any], plan: dict[str, Any], shared: dict[str, Any]
) -> dict[str, Any]:
    """Whether all that the plan calls is there: first functions and classes, then methods.

    ``namespace``: what the text defines itself; ``shared``: where the plan looks for it.
    """
    for name in plan["defines"]:
        _take_spelling(name, plan["methods"], namespace, shared)
        if name not in namespace:
            return {"status": "undefined", "missing": name, "known": _callables(namespace)}
        if not callable(namespace[name]):
            return {"status": "not-callable", "missing": name}
    for name, methods in plan["methods"].items():
        for method in methods:
            owner = namespace[name]
            # A factory function may stand for a class, and __init__ may assign a method.
            if not isinstance(owner, type) or method in dir(owner) or _assigned(code, method):
                continue
            known = [f"{name}.{each}" for each in vars(owner) if not str(each).startswith("__")]
            return {"status": "undefined", "missing": f"{name}.{method}", "known": known[:50]}
    return {"status": "ok"}


def _callables(namespace: dict[str, Any]) -> list[str]:
    known = [
        str(name)[:80]
        for name, value in list(namespace.items())
        if callable(value) and not str(name).startswith("__")
    ]
    return known[:50]


def _assigned(code: Any, attribute: str) -> bool:
    return isinstance(code, ast.AST) and any(
        isinstance(node, ast.Attribute)
        and node.attr == attribute
        and isinstance(node.ctx, ast.Store)
        for node in ast.walk(code)
    )


def _functions(helpers: str) -> dict[str, Any]:
    """What the judge's part of an exercise defines, for arguments that are functions."""
    space: dict[str, Any] = {"__name__": "judge", "__builtins__": builtins}
    if helpers:
        exec(compile(helpers, "<judge>", "exec"), space)  # noqa: S102 - the exercise's own text
    return space


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


def _arguments(
    names: list[str], descriptions: list[Any], payload: bytes, functions: dict[str, Any]
) -> dict[str, Any]:
    items = decode({"k": "sequence", "i": descriptions}, payload).items
    return {n: argument(item, functions) for n, item in zip(names, items, strict=True)}


def flush_output() -> None:
    """Hands over what the program printed; the learner may have replaced the streams."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(BaseException):
            stream.flush()
