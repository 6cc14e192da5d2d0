"""Two names of one array: what the second shows after the first was assigned to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from engine.computations import exact
from engine.computations.common import alike, choice, numbers
from engine.computations.exact import Vector
from engine.computations.registry import Arguments, Mistake, Registry

COMPUTATIONS: Final = Registry()

#: Statement about ``a``, after ``b = a`` → what ``b`` shows, of the old and the new values.
#: A test runs each in NumPy.
STATEMENTS: Final[dict[str, Callable[[Vector, Vector], Vector]]] = {
    "a = new": lambda old, new: old,
    "a[...] = new": lambda old, new: new,
    "a += new": exact.plus,
    "a = a + new": lambda old, new: old,
}


def _shown(a: Arguments) -> Vector:
    return STATEMENTS[a["statement"]](a["old"], a["new"])


def _mistakes(a: Arguments) -> Iterator[Mistake]:
    old, new, statement = a["old"], a["new"], a["statement"]
    both = exact.plus(old, new)
    if statement in ("a = new", "a = a + new"):
        seen = new if statement == "a = new" else both
        yield "input-changed-in-place", "new-name-for-old-array", seen
    else:
        yield "left-side-wrong", "array-not-changed", old
    if statement == "a += new":
        yield "not-accumulated", "replaced", new
    if statement == "a[...] = new":
        yield "sum-added", "added-up", both


@COMPUTATIONS.add(
    "numpy.assignment",
    "what b shows after b = a and then an assignment to a",
    "a = new gives the name to another array; a[...] = new and a += new write into the array that "
    "both names stand for; Python reference, Assignment statements",
    {
        "old": numbers("the entries of a before"),
        "new": numbers("the entries of new"),
        "statement": choice("what follows b = a", tuple(STATEMENTS)),
    },
    _mistakes,
)
def assignment(a: Arguments) -> Vector:
    """The old entries, the new ones, or their sum."""
    alike(a, "old", "new")
    return _shown(a)
