"""Stopping a long computation from another thread, at once and without leaving anything half done.

A thread cannot be stopped from outside; it has to look. Long loops look at each step, through
``interruptible`` or ``check``, and raise ``Stopped`` if they were told to. That costs next to
nothing, and between two looks there is one step's work at most: one product of matrices, some
milliseconds. A loop that nobody may stop runs as if the look were not there.

    with stoppable(event.is_set):        the innermost condition, and those around it
        for t in interruptible(range(T)):
            ...                          raises Stopped at the first t after the event was set

What is told to whom is a context variable: it belongs to the thread, so that a run stops and its
neighbour goes on, and layers need no argument that is no business of theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    import numpy as np

Item = TypeVar("Item")
Condition = Callable[[], bool]

_told: Final[ContextVar[Condition | None]] = ContextVar("told", default=None)


class Stopped(Exception):  # noqa: N818 (no error: like StopIteration)
    """Raised in the computation that was told to stop; what it had begun counts for nothing."""


@contextmanager
def stoppable(told: Condition) -> Iterator[None]:
    """What runs inside stops at its next look once ``told()`` is true; so it does if told outside.

    ``told`` is called often, from the thread that computes: an event's ``is_set`` is right.
    """
    around = _told.get()
    token = _told.set(told if around is None else lambda: told() or around())
    try:
        yield
    finally:
        _told.reset(token)


def check() -> None:
    """Look. Raises Stopped."""
    told = _told.get()
    if told is not None and told():
        raise Stopped


def interruptible(items: Iterable[Item]) -> Iterator[Item]:
    """The same items, with a look before each. Raises Stopped."""
    told = _told.get()
    for item in items:
        if told is not None and told():
            raise Stopped
        yield item


@contextmanager
def whole_or_not_at_all(rng: np.random.RandomState) -> Iterator[None]:
    """If what runs inside is stopped, the generator is as before: the draw can be made again."""
    before = rng.get_state()
    try:
        yield
    except Stopped:
        rng.set_state(before)
        raise
