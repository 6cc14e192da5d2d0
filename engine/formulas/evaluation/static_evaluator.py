"""Values of formulas at the points of static models: indices select components, items, entries."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from engine.formulas.conventions import Convention
from engine.formulas.evaluation.binding import (
    Binding,
    Budget,
    EvaluationError,
    Record,
    UnboundIndexError,
)
from engine.formulas.evaluation.elaboration import Operation
from engine.formulas.evaluation.evaluator import LARGEST_EXPONENT, _Evaluator
from engine.formulas.evaluation.fields import NotRepresentableError
from engine.formulas.evaluation.static_layout import running_index
from engine.formulas.evaluation.static_run import BLIND_SIZE, POSITIVE, Array, StaticRun, power
from engine.formulas.tree import Apply, BigOperator, Derivative, Node, Symbol


class StaticEvaluator(_Evaluator):
    """An evaluator of one formula at one point and one set of index values."""

    run: StaticRun  # type: ignore[assignment]
    model: Any

    def __init__(
        self,
        run: StaticRun,
        convention: Convention,
        binding: Binding,
        budget: Budget,
        record: Record,
    ) -> None:
        super().__init__(run, convention, binding, budget, record)  # type: ignore[arg-type]
        self.indices = {**run.sizes, **run.places, **binding.indices}
        self.operations = {**self.operations, "softmax-over": self._softmax_over}

    def _symbol(self, operation: Operation) -> Array:
        node = operation.node
        assert isinstance(node, Symbol)
        if node.name in self.model.sizes:
            # At a blind point too, where all sizes are equal, their letters are different numbers.
            return self._scalar(self.field.number(self.model.sizes[node.name]))
        if node.name in self.run.scalars:
            value = self.run.scalars[node.name]
            return value if isinstance(value, np.ndarray) else self._scalar(value)
        return self._selected(self.run.arrays[node.name], node, node.name)

    def _selected(self, array: Array, node: Symbol, key: str) -> Array:
        """The part of an array that the indices of ``node`` select, in the convention's layout."""
        rows, columns = self.model.shape(node.name)
        if node.time is None:
            return array.T if self.rows and self.model.is_turned(node.name) else array
        if node.name in self.model.families:
            return self._member(array, node, key)
        above, left = self.model.origin(node.name)
        place = self._at(node.time) - (above if node.outer is None else left)
        if node.outer is not None:
            first = self._at(node.outer) - above
            if self.rows and self.model.is_turned(node.name):
                first, place = place, first
            return self._entry(array, first, place, (rows, columns), key)
        if columns == "1":
            return self._entry(array, place, 0, (rows, columns), key)
        if not self._inside(place, rows):
            return self._outside(node.name, (key, place), (self.run.sizes[columns], 1))
        item = array[place : place + 1].T if not self.blind else self.run.blind_part(key, place)
        return item.T if self.rows else item

    def _member(self, array: Array, node: Symbol, key: str) -> Array:
        """One of several quantities of a name."""
        place = self._at(node.time) - self.model.first
        if self.blind or not self._inside(place, self.model.families[node.name]):
            rows, columns = (self.run.sizes[letter] for letter in self.model.shape(node.name))
            return self._outside_unless_blind(node.name, (key, place), (rows, columns))
        member = array[place]
        return member.T if self.rows and self.model.is_turned(node.name) else member

    def _outside_unless_blind(self, name: str, key: Any, shape: tuple[int, int]) -> Array:
        if self.blind and self._inside(key[1], self.model.families[name]):
            return self.run.blind_part(key[0], key[1])
        return self._outside(name, key, shape)

    def _inside(self, place: int, letter: str) -> bool:
        return 0 <= place < self.run.sizes[letter]

    def _entry(self, array: Array, i: int, j: int, letters: tuple[str, str], key: str) -> Array:
        if self._inside(i, letters[0]) and self._inside(j, letters[1]):
            if self.blind:
                return self.run.blind_part(key, (i, j))
            return array[i : i + 1, j : j + 1]
        return self._outside(key.partition("/")[0], (key, i, j), (1, 1))

    def _outside(self, name: str, key: Any, shape: tuple[int, int]) -> Array:
        self.record.outside.add(name)
        if self.blind:
            return self.run.blind_part(key[0], key[1:])
        array = self.run.phantom(name, key, shape)
        if self.model.domains.get(name) in POSITIVE:
            array = abs(array)
        return array.T if self.rows else array

    def _derivative(self, operation: Operation) -> Array:
        node = operation.node
        assert isinstance(node, Derivative)
        of, by = node.of, node.by
        assert isinstance(of, Symbol)
        assert isinstance(by, Symbol)
        name = f"{by.name}/{of.name}"
        if self.blind:
            shape = self.run.arrays[by.name].shape if by.name in self.run.arrays else (1, 1)
            return self._blind_derivative(of, by, name, shape)
        if of.name == self.model.loss:
            return self._of_loss(self.run.slope(f"{of.name}.0.0", by.name), by, name)
        return self._of_quantity(of, by)

    def _of_loss(self, slope: Array, by: Symbol, key: str) -> Array:
        return self._selected(slope, by, key) if by.name in self.run.arrays else slope

    def _blind_derivative(self, of: Symbol, by: Symbol, name: str, shape: tuple[int, int]) -> Array:
        if of.name == self.model.loss:
            if by.name not in self.run.arrays:
                return self.run.phantom(name, "loss", shape)
            return self._selected(self.run.phantom(name, "loss", shape), by, name)
        at = tuple(
            None if index is None else self._at(index)
            for index in (of.outer, of.time, by.outer, by.time)
        )
        above = (1, 1) if of.time is not None else (BLIND_SIZE, BLIND_SIZE)
        below = (1, 1) if by.time is not None else (BLIND_SIZE, BLIND_SIZE)
        return self.run.phantom(name, at, max(above, below))

    def _of_quantity(self, of: Symbol, by: Symbol) -> Array:
        """One row a component of ``of``, one column a component of ``by``."""
        components = self._components(of)
        rows = [self._of_loss(self.run.slope(one, by.name), by, "") for one in components]
        flat = [row.reshape(1, -1) for row in rows]
        array = np.concatenate(flat, axis=0)
        if of.time is not None and by.time is None:
            return array if self.rows else array.T
        return array.T if self.rows and by.time is not None else array

    def _components(self, of: Symbol) -> list[str]:
        rows, columns = self.run.arrays[of.name].shape
        if of.time is None:
            return [f"{of.name}.{i}.{j}" for i in range(rows) for j in range(columns)]
        place = self._at(of.time) - self.model.first
        first = place if of.outer is None else self._at(of.outer) - self.model.first
        second = 0 if of.outer is None else place
        if not (0 <= first < rows and 0 <= second < columns):
            raise EvaluationError("a component outside the run")
        if of.outer is None and columns > 1:
            return [f"{of.name}.{first}.{j}" for j in range(columns)]
        return [f"{of.name}.{first}.{second}"]

    def _softmax(self, argument: Array, order: int) -> Array:
        if order:
            raise EvaluationError("the derivative of softmax is a matrix")
        powers = self.run.call("exp", 0, argument)
        # A vector as a whole, a matrix row by row.
        axis = None if 1 in argument.shape else 1
        norm = powers.sum(axis=axis, keepdims=True)
        return self.field.reduced(powers * self.field.inverse(self.field.reduced(norm)))

    def _softmax_over(self, operation: Operation) -> Array:
        node = operation.node
        assert isinstance(node, Apply)
        index = running_index(node.argument)
        assert index is not None
        if index not in self.indices:
            raise UnboundIndexError(index)
        low, high = self._whole_range(node.argument, index)
        chosen = self.indices[index]
        total: Any = self._scalar(self.field.number(0))
        for value in range(low, high + 1):
            self.indices[index] = value
            total = total + self.run.call("exp", 0, self.value(operation.args[0]))
        self.indices[index] = chosen
        above = self.run.call("exp", 0, self.value(operation.args[0]))
        return self.field.reduced(above * self.field.inverse(self.field.reduced(total)))

    def _whole_range(self, body: Node, index: str) -> tuple[int, int]:
        picked = self.model.size_picked(body, index)
        if picked is None:
            raise EvaluationError("a sum without limits over what has no range")
        return self.model.first, self.model.first + self.run.sizes[picked] - 1

    def _limits(self, node: BigOperator) -> tuple[int, int]:
        """Both limits; left out, they are those of the size that the index picks from."""
        if node.low is not None and node.high is not None:
            return self._at(node.low), self._at(node.high)
        low, high = self._whole_range(node.body, node.index)
        return (
            low if node.low is None else self._at(node.low),
            high if node.high is None else self._at(node.high),
        )

    def _power(self, operation: Operation) -> Array:
        base = self.value(operation.args[0])
        try:
            exponent = self._exponent(operation.args[1])
        except EvaluationError:
            value = self.value(operation.args[1])
            return self._root(base, value)
        if exponent.denominator == 1 and abs(exponent) <= LARGEST_EXPONENT:
            whole = int(exponent)
            return self.field.inverse(base) if whole == -1 else self.field.power(base, whole)
        if exponent.denominator == 2 and abs(exponent) <= LARGEST_EXPONENT:
            root = self.run.call("sqrt", 0, base)
            return self.field.power(root, int(2 * exponent))
        return self._root(base, float(exponent))

    def _root(self, base: Array, exponent: Any) -> Array:
        if self.field.exact:
            raise NotRepresentableError("a finite field has no such power")
        found = power(base, exponent, self.field)
        if not np.isfinite(found).all():
            raise EvaluationError("a power without a value")
        return np.asarray(found, dtype=float)

    def _exponent(self, operation: Operation) -> Fraction:
        """Numbers, indices and sizes, and what is made of them by arithmetic, are exact."""
        node = operation.node
        if operation.op == "symbol" and isinstance(node, Symbol):
            if node.name in self.model.sizes:
                return Fraction(self.model.sizes[node.name])
        elif operation.op in {"quotient", "scale"}:
            left, right = (self._exponent(part) for part in operation.args)
            if operation.op == "scale":
                return left * right
            if not right:
                raise EvaluationError("division by zero")
            return left / right
        return super()._exponent(operation)
