"""Values of what joins, measures and chooses: stacks, norms, smallest and largest, cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

from engine.formulas.evaluation.binding import EvaluationError
from engine.formulas.evaluation.elaboration import Operation
from engine.formulas.evaluation.fields import NotRepresentableError
from engine.formulas.evaluation.points import Array, Run
from engine.formulas.tree import Cases, Comparison, Extremum

_SIGNS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "=": np.equal,
    "!=": np.not_equal,
}


def operations(
    value: Callable[[Operation], Array], run: Run
) -> Mapping[str, Callable[[Operation], Array]]:
    """The operations of this module by name; ``value`` evaluates an operand.

    They raise ``EvaluationError`` for shapes that do not fit, and ``NotRepresentableError`` for an
    order in a finite field, which has none.
    """
    selections = _Selections(value, run)
    return {
        "norm": selections.norm,
        "stack-rows": lambda operation: selections.stack(operation, 0),
        "stack-columns": lambda operation: selections.stack(operation, 1),
        "extremum": selections.extremum,
        "comparison": selections.comparison,
        "cases": selections.cases,
    }


class _Selections:
    def __init__(self, value: Callable[[Operation], Array], run: Run) -> None:
        self.value = value
        self.run = run
        self.field = run.field

    def norm(self, operation: Operation) -> Array:
        """The Euclidean norm of all entries."""
        array = self.value(operation.args[0])
        squares = self.field.reduced((array * array).sum(keepdims=True))
        root: Array = self.run.call("sqrt", 0, squares)
        return root

    def stack(self, operation: Operation, axis: int) -> Array:
        parts = [self.value(part) for part in operation.args]
        if self.run.kind == "blind":
            return self._stacked_blindly(parts, axis)
        # A bias beside a batch is repeated for every sample.
        kept = max(part.shape[1 - axis] for part in parts)
        try:
            return np.concatenate([_repeated(part, kept, axis) for part in parts], axis=axis)
        except ValueError:
            raise EvaluationError("shapes do not fit") from None

    def _stacked_blindly(self, parts: list[Array], axis: int) -> Array:
        """Where all matrices are square: each place in the stack sends its part through its own.

        That is W [a; b] with W in blocks, and so tells the parts and their order apart.
        """
        size = self.run.samples
        result = 0
        for place, part in enumerate(parts):
            try:
                square = np.broadcast_to(part, (size, size))
            except ValueError:
                raise EvaluationError("shapes do not fit") from None
            block = self.run.phantom("stack", place, (size, size))
            joined = block @ square if axis == 0 else square @ block
            result = self.field.reduced(result + self.field.reduced(joined))
        return np.asarray(result)

    def extremum(self, operation: Operation) -> Array:
        self._refuse_order()
        node = operation.node
        assert isinstance(node, Extremum)
        choose = np.minimum if node.kind == "min" else np.maximum
        first, *others = self._together(operation)
        result = first
        for other in others:
            result = choose(result, other)
        return result

    def comparison(self, operation: Operation) -> Array:
        """An array of truth values."""
        node = operation.node
        assert isinstance(node, Comparison)
        if node.sign not in ("=", "!="):
            self._refuse_order()
        left, right = self._together(operation)
        held: Array = _SIGNS[node.sign](left, right)
        return held

    def cases(self, operation: Operation) -> Array:
        node = operation.node
        assert isinstance(node, Cases)
        count = len(node.branches)
        parts = self._together(operation)
        branches, conditions = parts[:count], parts[count : 2 * count]
        chosen = [condition.astype(bool) for condition in conditions]
        result = parts[-1] if node.otherwise is not None else None
        if result is None:
            if not np.logical_or.reduce(chosen).all():
                raise EvaluationError("no case holds")
            result = branches[-1]
        for condition, branch in zip(reversed(chosen), reversed(branches), strict=True):
            result = np.where(condition, branch, result)
        return result

    def _together(self, operation: Operation) -> list[Array]:
        """The operands repeated to one shape."""
        try:
            return list(np.broadcast_arrays(*(self.value(part) for part in operation.args)))
        except ValueError:
            raise EvaluationError("shapes do not fit") from None

    def _refuse_order(self) -> None:
        if self.field.exact:
            raise NotRepresentableError("a finite field has no order")


def _repeated(part: Array, size: int, axis: int) -> Array:
    if part.shape[1 - axis] != 1 or size == 1:
        return part
    return np.repeat(part, size, axis=1 - axis)
