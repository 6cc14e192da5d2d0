"""The reference's values for the next submission, computed while the learner is still typing.

The seed comes from the system and is used once, so that nobody can know the inputs beforehand.
"""

from __future__ import annotations

import functools
import hashlib
import os
import threading
from typing import TYPE_CHECKING, Final

from .exercise import Exercise
from .expected import Expected, cases_of, expect

if TYPE_CHECKING:
    from .judge import CodeJudge

# Exercises for which something is kept ready; one works on few at a time.
_MAX_KEPT: Final = 4


def fresh_seed() -> int:
    """A seed of random inputs, from the system."""
    return int.from_bytes(os.urandom(6))


@functools.lru_cache(maxsize=256)
def _digest(source: str, spec: str) -> str:
    return hashlib.sha256(f"{source}\0{spec}".encode()).hexdigest()


def key_of(exercise: Exercise) -> str:
    """What two exercises have in common that are judged in the same way."""
    return _digest(exercise.reference_source, str(exercise.spec))


class Ahead:
    """One thread at a time that runs the reference ahead; safe to call from any thread."""

    def __init__(self, judge: CodeJudge) -> None:
        self._judge = judge
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[int, Expected]] = {}
        self._thread: threading.Thread | None = None
        self._making = ""
        self._stopped = False

    def start(self, exercise: Exercise, key: str) -> None:
        """Begins, unless something is ready already or being made."""
        with self._lock:
            busy = self._thread is not None and self._thread.is_alive()
            if self._stopped or busy or key in self._kept:
                return
            self._thread = threading.Thread(target=self._run, args=(exercise, key), daemon=True)
            self._making = key
            self._thread.start()

    def take(self, key: str) -> tuple[int, Expected] | None:
        """What is ready, or is being made and soon will be; it is then used up."""
        with self._lock:
            thread = self._thread if self._making == key else None
        if thread is not None:
            thread.join(15.0)
        with self._lock:
            return self._kept.pop(key, None)

    def stop(self) -> None:
        """Waits for the thread: afterwards it starts no process any more."""
        with self._lock:
            self._stopped = True
            thread = self._thread
        if thread is not None:
            thread.join(15.0)

    def _run(self, exercise: Exercise, key: str) -> None:
        seed = fresh_seed()
        expected = expect(self._judge.runner, exercise, cases_of(exercise, seed))
        with self._lock:
            if expected is None:
                return
            while len(self._kept) >= _MAX_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = seed, expected
