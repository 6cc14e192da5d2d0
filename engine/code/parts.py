"""Single values out of what came back: entries of dictionaries and lists, lists as one array."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from .channel import Value
from .outputs import Output


def part_of(values: Mapping[str, Value], output: Output) -> Value | None:
    """The value of an output, or None if there is none in what came back.

    A list of arrays of one shape, or of numbers, comes as the array of them all.
    """
    value = values.get(output.root)
    if value is None:
        return None
    if isinstance(output.key, str):
        if value.kind != "mapping" or output.key not in value.keys:
            return None
        value = value.items[value.keys.index(output.key)]
    elif output.key is not None:
        if value.kind != "sequence" or len(value.items) != output.siblings:
            return None
        value = value.items[output.key]
    elif value.kind == "mapping" and value.keys == (output.root,):
        value = value.items[0]
    return _stacked(value, output) if output.listed else value


def _stacked(value: Value, output: Output) -> Value:
    """A list as one array if it can be, so that it is compared entry by entry."""
    if value.kind != "sequence" or output.dtype == "text":
        # Who made which kind of sequence is no difference between lists of texts.
        return Value(value.kind, "list", value.array, value.items) if value.items else value
    arrays = [item.array for item in value.items if item.array is not None]
    if not value.items:
        dtype = np.float64 if output.dtype == "float" else np.int64
        return Value("array", value.type, np.zeros((0,) * len(output.shape), dtype))
    if len(arrays) != len(value.items) or len({array.shape for array in arrays}) > 1:
        return Value("other", f"{value.type} of {_shapes(value)}")
    return Value("array", value.type, np.stack(arrays))


def _shapes(value: Value) -> str:
    return ", ".join(dict.fromkeys(describe(item) for item in value.items))


def describe(value: Value) -> str:
    """A value's type as a learner would say it: "list of 3", "tuple of 2", "ndarray (3, 4)"."""
    if value.kind == "none":
        return "None"
    if value.kind in ("sequence", "mapping"):
        return f"{value.type} of {len(value.items)}"
    if value.array is not None and value.array.ndim:
        return f"{value.type} {value.array.shape}"
    return value.type


def spelt(value: Value) -> str:
    """A text, or a list of texts, as Python would write it."""
    if value.kind == "sequence":
        return f"[{', '.join(spelt(item) for item in value.items)}]"[:200]
    return repr(value.text)[:200] if value.kind == "text" else describe(value)


def same_text(left: Value, right: Value) -> bool:
    """Whether two texts, or lists of texts, agree."""
    if left.kind == right.kind == "sequence":
        fits = len(left.items) == len(right.items)
        return fits and all(map(same_text, left.items, right.items))
    return left.kind == right.kind == "text" and left.text == right.text


def misfit(
    values: Mapping[str, Value], outputs: Sequence[Output], sizes: Mapping[str, int]
) -> str | None:
    """Where a reference returns something else than its exercise says; None if it never does."""
    for output in outputs:
        part = part_of(values, output)
        if part is None:
            found = values.get(output.root)
            return f"{output.name}: {'nothing' if found is None else describe(found)}"
        if part.kind == "none" and (output.optional or output.dtype == "none"):
            continue
        if output.dtype == "text":
            items = part.items if output.listed else (part,)
            if any(item.kind != "text" for item in items):
                return f"{output.name}: {describe(part)}, not text"
            continue
        if part.array is None:
            return f"{output.name}: {describe(part)}"
        wanted = output.lengths(sizes)
        shape = part.array.shape
        fits = len(shape) == len(wanted) and all(
            length is None or length == size for length, size in zip(wanted, shape, strict=True)
        )
        if not fits:
            return f"{output.name}: shape {shape}, declared {wanted}"
        if output.dtype == "float" and part.array.dtype.kind not in "fiub":
            return f"{output.name}: dtype {part.array.dtype.name}"
        if output.dtype in ("integer", "boolean") and part.array.dtype.kind not in "iub":
            return f"{output.name}: dtype {part.array.dtype.name}, declared {output.dtype}"
    return None
