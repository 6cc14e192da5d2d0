"""Vectors of words: how near they are, what an analogy looks for, and one-hot vectors."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from engine.computations import exact
from engine.computations.common import (
    Entry,
    Matrix,
    Vector,
    alike,
    choice,
    dot,
    matrix,
    norm,
    numbers,
)
from engine.computations.registry import ArgumentError, Arguments, Mistake, Registry
from engine.parameters import Parameter

COMPUTATIONS: Final = Registry()


def _cosine_mistakes(a: Arguments) -> Iterator[Mistake]:
    x, y = a["a"], a["b"]
    inner, lengths = dot(x, y), (norm(x), norm(y))
    right = inner / (lengths[0] * lengths[1])
    yield "normalisation-dropped", "scalar-product", inner
    yield "factor-dropped", "first-norm-only", inner / lengths[0]
    yield "factor-dropped", "second-norm-only", inner / lengths[1]
    yield "power-dropped", "squared-norms", inner / (lengths[0] * lengths[1]) ** 2
    yield "sign-flipped", "distance", 1 - right
    difference = tuple(p - q for p, q in zip(x, y, strict=True))
    yield "left-side-wrong", "euclidean-distance", norm(difference)


@COMPUTATIONS.add(
    "word_vectors.cosine",
    "the cosine similarity of two vectors",
    "a·b / (‖a‖ ‖b‖)",
    {"a": numbers("a vector"), "b": numbers("another of the same length")},
    _cosine_mistakes,
)
def cosine(a: Arguments) -> Entry:
    """a·b / (‖a‖ ‖b‖)."""
    alike(a, "a", "b")
    for name in ("a", "b"):
        if not any(a[name]):
            raise ArgumentError(name, "is zero and has no direction")
    return dot(a["a"], a["b"]) / (norm(a["a"]) * norm(a["b"]))


def _combined(a: Arguments, signs: tuple[int, int, int]) -> Vector:
    parts: Matrix = tuple(exact.scaled(s, a[name]) for s, name in zip(signs, "abc", strict=True))
    return exact.plus(*parts)


def _analogy_mistakes(a: Arguments) -> Iterator[Mistake]:
    yield "sign-flipped", "a-minus-b", _combined(a, (1, -1, 1))
    yield "term-dropped", "c-left-out", _combined(a, (-1, 1, 0))
    yield "wrong-signal", "c-taken-off", _combined(a, (1, 1, -1))
    yield "sum-added", "all-added", _combined(a, (1, 1, 1))


@COMPUTATIONS.add(
    "word_vectors.analogy",
    "the vector that is looked for in “a is to b as c is to …”",
    "b − a + c; Mikolov, Yih, Zweig (2013), section 4",
    {name: numbers(f"the vector of {name}") for name in "abc"},
    _analogy_mistakes,
)
def analogy(a: Arguments) -> Vector:
    """b − a + c."""
    alike(a, "a", "b", "c")
    return _combined(a, (-1, 1, 1))


def _nearest(similarities: list[Entry]) -> int:
    return similarities.index(max(similarities))


def _similarities(a: Arguments, kind: str) -> list[Entry]:
    q = a["query"]
    if kind == "dot":
        return [dot(row, q) for row in a["words"]]
    if kind == "distance":
        return [-norm([x - y for x, y in zip(row, q, strict=True)]) for row in a["words"]]
    return [dot(row, q) / (norm(row) * norm(q)) for row in a["words"]]


def _nearest_mistakes(a: Arguments) -> Iterator[Mistake]:
    cosines = _similarities(a, "cosine")
    seen = {_nearest(cosines)}
    furthest = cosines.index(min(cosines))
    # An index has few values: two wrong ways that meet are told by the first.
    for code, note, index in (
        ("normalisation-dropped", "by-the-scalar-product", _nearest(_similarities(a, "dot"))),
        ("left-side-wrong", "by-the-distance", _nearest(_similarities(a, "distance"))),
        ("sign-flipped", "furthest", furthest),
    ):
        if index not in seen:
            seen.add(index)
            yield code, note, index


@COMPUTATIONS.add(
    "word_vectors.nearest",
    "the id, from 0, of the word whose vector is most similar to a query",
    "the greatest cosine: the length of a vector does not count; Mikolov, Yih, Zweig (2013)",
    {
        "words": matrix("one row a word", most=6),
        "query": numbers("the vector that neighbours are looked for"),
    },
    _nearest_mistakes,
)
def nearest(a: Arguments) -> int:
    """argmax of the cosine."""
    if len(a["words"][0]) != len(a["query"]):
        raise ArgumentError("query", f"has to have {len(a['words'][0])} entries, as words have")
    if len(a["words"]) < 2:
        raise ArgumentError("words", "has to have two words or more")
    for name, rows in (("words", a["words"]), ("query", (a["query"],))):
        if not all(any(row) for row in rows):
            raise ArgumentError(name, "is zero and has no direction")
    cosines = _similarities(a, "cosine")
    first, second = sorted(cosines)[-1], sorted(cosines)[-2]
    if float(first) - float(second) < 1e-9:
        raise ArgumentError("words", "leaves a tie: two words are as near")
    return _nearest(cosines)


_MEASURES: Final = ("distance", "cosine", "dimension")


def _one_hot(measure: str, V: int) -> Entry:
    return {"distance": norm((Fraction(1), Fraction(-1))), "cosine": 0, "dimension": V}[measure]


def _one_hot_mistakes(a: Arguments) -> Iterator[Mistake]:
    measure, V = a["measure"], a["V"]
    if measure == "distance":
        yield "power-dropped", "root-forgotten", 2
        yield "left-side-wrong", "cosine", 0
        yield "wrong-parameter", "root-of-the-dimension", norm((Fraction(1),) * V)
        yield "sum-dropped", "one-entry", 1
    elif measure == "cosine":
        yield "normalisation-dropped", "one-over-the-dimension", Fraction(1, V)
        yield "wrong-signal", "of-a-word-with-itself", 1
    else:
        yield "term-added", "one-more", V + 1
        yield "term-dropped", "one-less", V - 1


@COMPUTATIONS.add(
    "one_hot.measure",
    "distance and cosine of two different words as one-hot vectors, and their dimension",
    "√2, 0 and V: no word is nearer to another than a third is",
    {
        "measure": choice("what is asked for", _MEASURES),
        "V": Parameter("integer", "vocabulary", minimum=3, maximum=4096),
    },
    _one_hot_mistakes,
)
def one_hot(a: Arguments) -> Entry:
    """√2, 0 or V."""
    return _one_hot(a["measure"], a["V"])
