"""What came out beside what should have: the ordered checks and the first difference.

Pure comparison of arrays; runs nothing and knows no learner's object.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .channel import Value
from .outputs import Output
from .parts import describe, part_of, same_text, spelt

# Rounding of 24 bits through some dozen operations; a float32 answer is judged as such.
FLOAT32_TOLERANCE = 1e-4


@dataclass(frozen=True)
class Check:
    """One check: ``name`` is "defined", "runs", "type", "shape", "dtype", "value" or "gradient".

    ``got`` and ``expected`` are short texts of values or types (never prose); ``output`` is the
    output concerned, if it is one.
    """

    name: str
    passed: bool
    got: str = ""
    expected: str = ""
    max_difference: float | None = None
    output: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "name": f"{self.name} {self.output}" if self.output else self.name,
            "passed": self.passed,
            "got": self.got,
            "expected": self.expected,
            "max_difference": self.max_difference,
        }


@dataclass(frozen=True)
class Difference:
    """The first place where an output differs.

    ``pattern`` is a slug when the wrong values have a simple relation to the right ones:
    "negated", "transposed", "scaled" (by ``factor``), "constant-zero", "not-a-number"; ``only``
    says along which symbol of the shape the error is confined to which indices; ``edges``: where
    that is the "first" or the "last" alone.
    """

    case: str
    sizes: Mapping[str, int]
    output: str
    index: tuple[int, ...]
    got: float
    expected: float
    pattern: str | None = None
    factor: float | None = None
    only: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    edges: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "case": self.case,
            "sizes": dict(self.sizes),
            "output": self.output,
            "index": list(self.index),
            "got": self.got if math.isfinite(self.got) else str(self.got),
            "expected": self.expected,
            "pattern": self.pattern,
            "factor": self.factor,
            "only": {symbol: list(indices) for symbol, indices in self.only.items()},
            "edges": dict(self.edges),
        }


@dataclass(frozen=True)
class Fault:
    """What is wrong with one output of one call: the name of the failed check and both sides."""

    check: str
    output: str | None
    got: str
    expected: str


@dataclass
class Compared:
    """One run against the reference: faults in order, differences by output, notes."""

    faults: list[Fault] = field(default_factory=list)
    difference: dict[str, float] = field(default_factory=dict)
    notes: set[str] = field(default_factory=set)
    # Whether every step of the plan was done; how many outputs could be looked at.
    whole: bool = True
    reached: int = 0

    @property
    def right(self) -> bool:
        return self.whole and not self.faults


def compare(
    got: Mapping[str, Value],
    expected: Mapping[str, Value],
    outputs: Sequence[Output],
    tolerance: float,
    exact_types: bool,
) -> Compared:
    """Compares one run's values with the reference's; what was not reached is left out.

    Args:
        exact_types: whether a whole-number array is a fault where floats are expected (it is not
            when the inputs were hard ones, all zeros say).
    """
    result = Compared()
    reached = [output for output in outputs if output.root in got]
    result.reached = len(reached)
    parts = [part_of(got, output) for output in reached]
    if any(part is not None and _single_precision(part) for part in parts):
        # What is computed from single precision is no better, whatever its type.
        result.notes.add("float32")
        tolerance = max(tolerance, FLOAT32_TOLERANCE)
    misfits: set[str] = set()
    for output, part in zip(reached, parts, strict=True):
        truth = part_of(expected, output)
        assert truth is not None
        if part is None and output.root not in misfits:
            # Said once for a dictionary or list, not for each of its entries.
            misfits.add(output.root)
            container = "dict" if isinstance(output.key, str) else f"list of {output.siblings}"
            whole = got[output.root]
            if whole.kind == "mapping" and isinstance(output.key, str):
                keys = ", ".join(whole.keys) or "-"
                result.faults.append(Fault("type", output.name, f"dict: {keys}", repr(output.key)))
            else:
                result.faults.append(Fault("type", output.root, describe(whole), container))
        elif part is not None:
            _compare_one(output, part, truth, tolerance, exact_types, result)
    return result


def _compare_one(
    output: Output,
    got: Value,
    expected: Value,
    tolerance: float,
    exact_types: bool,
    result: Compared,
) -> None:
    if got.kind != expected.kind or expected.kind not in ("array", "text", "none", "sequence"):
        result.faults.append(Fault("type", output.name, describe(got), _wanted(output, expected)))
        return
    if expected.kind in ("text", "sequence"):
        same = same_text(got, expected)
        result.difference[output.name] = 0.0 if same else 1.0
        if not same:
            fault = Fault("value", output.name, spelt(got), spelt(expected))
            result.faults.append(fault)
        return
    if expected.array is not None and got.array is not None:
        fault_of = _compare_arrays(output, got, expected.array, tolerance, exact_types, result)
        if fault_of is not None:
            result.faults.append(fault_of)


def _compare_arrays(
    output: Output,
    got: Value,
    truth: Any,
    tolerance: float,
    exact_types: bool,
    result: Compared,
) -> Fault | None:
    array = got.array
    assert array is not None
    if truth.ndim and array.ndim == 0 and got.type in ("float", "int", "bool"):
        return Fault("type", output.name, describe(got), "ndarray")
    if got.type == "matrix":
        result.notes.add("np-matrix")
    if array.shape != truth.shape:
        return Fault("shape", output.name, str(array.shape), str(truth.shape))
    kind = array.dtype.kind
    if output.dtype == "float":
        unfit = kind == "c" or array.dtype == np.float16 or (exact_types and kind in "iub")
        if unfit:
            return Fault("dtype", output.name, array.dtype.name, "float64")
    elif kind not in "iub" and array.size:  # np.array([]) is float, and holds nothing wrong
        return Fault("dtype", output.name, array.dtype.name, output.dtype)
    differs, largest = differing(array, truth, tolerance)
    result.difference[output.name] = largest
    if differs.any():
        index = _worst(array, truth, differs)
        return Fault("value", output.name, number(array[index]), number(truth[index]))
    return None


def differing(got: Any, expected: Any, tolerance: float) -> tuple[Any, float]:
    """Where two arrays of one shape differ, and by how much at most.

    The tolerance is relative to the largest expected entry, and absolute below one.
    """
    got = got.astype(np.float64)
    expected = expected.astype(np.float64)
    finite = expected[np.isfinite(expected)]
    scale = max(1.0, float(np.max(np.abs(finite), initial=0.0)))
    with np.errstate(invalid="ignore", over="ignore"):
        gap = np.abs(got - expected)
    same = (got == expected) | (np.isnan(got) & np.isnan(expected))
    gap = np.where(same, 0.0, np.where(np.isnan(gap), np.inf, gap))
    return gap > tolerance * scale, float(np.max(gap, initial=0.0))


def _single_precision(part: Value) -> bool:
    return part.array is not None and part.array.dtype == np.float32


def _wanted(output: Output, expected: Value) -> str:
    """The type that a learner should have returned."""
    if expected.kind == "none":
        return "None"
    if output.listed:
        return "list"
    if expected.kind == "text":
        return "str"
    assert expected.array is not None
    return "ndarray" if expected.array.ndim else "number"


def _worst(got: Any, expected: Any, differs: Any) -> tuple[int, ...]:
    """The index of the largest difference, the first of equals."""
    with np.errstate(invalid="ignore", over="ignore"):
        gap = np.abs(got.astype(np.float64) - expected.astype(np.float64))
    gap = np.where(differs, np.where(np.isnan(gap), np.inf, gap), -1.0)
    return tuple(int(i) for i in np.unravel_index(int(np.argmax(gap)), gap.shape))


def number(value: Any) -> str:
    """A number with six significant digits; whole numbers without a point."""
    return f"{float(value):.6g}"


def first_difference(
    got: Mapping[str, Value],
    expected: Mapping[str, Value],
    outputs: Sequence[Output],
    tolerance: float,
    case: str,
    sizes: Mapping[str, int],
) -> Difference | None:
    """The first differing entry of the first output that has the right shape and wrong values."""
    parts = [part_of(got, output) for output in outputs]
    if any(part is not None and _single_precision(part) for part in parts):
        tolerance = max(tolerance, FLOAT32_TOLERANCE)
    for output, part in zip(outputs, parts, strict=True):
        truth = part_of(expected, output)
        if part is None or truth is None or part.array is None or truth.array is None:
            continue
        if part.array.shape != truth.array.shape or part.array.dtype.kind not in "fiub":
            continue
        differs, _ = differing(part.array, truth.array, tolerance)
        if differs.any():
            index = tuple(int(i) for i in np.argwhere(differs)[0])
            pattern, factor = _pattern(part.array, truth.array, tolerance)
            return Difference(
                case,
                sizes,
                output.name,
                index,
                float(part.array[index]),
                float(truth.array[index]),
                pattern,
                factor,
                _confined(output, differs),
                _edges(output, differs),
            )
    return None


def _pattern(got: Any, expected: Any, tolerance: float) -> tuple[str | None, float | None]:
    if not np.isfinite(got.astype(np.float64)).all():
        return "not-a-number", None
    if not got.any() and expected.any():
        return "constant-zero", None
    if not differing(-got.astype(np.float64), expected, tolerance)[0].any():
        return "negated", None
    square = got.ndim == 2 and got.shape[0] == got.shape[1] > 1
    if square and not differing(got.T, expected, tolerance)[0].any():
        return "transposed", None
    if expected.size > 1 and np.abs(expected).min() > 1e-6:
        ratio = got / expected
        if np.ptp(ratio) < 1e-7 * max(1.0, float(np.abs(ratio).max())):
            return "scaled", float(np.mean(ratio))
    return None, None


def _confined(output: Output, differs: Any) -> dict[str, tuple[int, ...]]:
    """Symbols along whose axis only some indices are wrong, if few are."""
    only = {}
    for axis, length in enumerate(output.shape[: differs.ndim]):
        others = tuple(i for i in range(differs.ndim) if i != axis)
        wrong = np.flatnonzero(differs.any(axis=others) if others else differs)
        size = differs.shape[axis]
        if length is not None and length.symbol and size > 2 and len(wrong) <= size // 2:
            only[str(length)] = tuple(int(i) for i in wrong)
    return only


def _edges(output: Output, differs: Any) -> dict[str, str]:
    """Symbols along whose axis only the first or only the last index is wrong; "few" where the
    axis is too short to tell, "" where it is neither."""
    found = {}
    for axis, length in enumerate(output.shape[: differs.ndim]):
        if length is None or not length.terms:
            continue
        others = tuple(i for i in range(differs.ndim) if i != axis)
        wrong = np.flatnonzero(differs.any(axis=others) if others else differs).tolist()
        size = differs.shape[axis]
        edge = "first" if wrong == [0] else "last" if wrong == [size - 1] else ""
        found[str(length)] = edge if size > 2 else "few"
    return found


def common_edges(differences: Sequence[Difference]) -> dict[str, str]:
    """The edges at which every one of these differences lies, as far as their sizes can tell."""
    found = {}
    for symbol in differences[0].edges:
        edges = {each.edges.get(symbol, "") for each in differences} - {"few"}
        if len(edges) == 1 and (edge := edges.pop()):
            found[symbol] = edge
    return found
