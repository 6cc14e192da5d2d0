"""The value of an elaborated formula at a point, under a convention, for given index values.

Arrays are two-dimensional. What is read outside the run gets an arbitrary value and is noted, so
that a shifted index changes the value instead of vanishing. The work is bounded by a budget.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np

from engine.formulas.conventions import Convention
from engine.formulas.evaluation.binding import (
    Binding,
    Budget,
    BudgetExceededError,
    EvaluationError,
    Record,
    UnboundIndexError,
)
from engine.formulas.evaluation.elaboration import SLOPES, Operation
from engine.formulas.evaluation.gradients import share_of_mean, true_gradient
from engine.formulas.evaluation.points import Array, Run
from engine.formulas.evaluation.selections import operations
from engine.formulas.evaluation.shapes import loss_index
from engine.formulas.models.static import is_static
from engine.formulas.tree import (
    Apply,
    BigOperator,
    Derivative,
    Index,
    Number,
    Reduce,
    Symbol,
)

# The value of an operation under index values, and what it cost the budget.
Known: TypeAlias = dict[tuple[Any, ...], tuple[Array, int]]
LONGEST_SUM = 64
LARGEST_EXPONENT = 16


def evaluate(
    operation: Operation,
    run: Run,
    convention: Convention,
    binding: Binding,
    budget: Budget | None = None,
    record: Record | None = None,
) -> Array:
    """The value of ``operation``, a two-dimensional array in the convention's layout.

    Raises ``BudgetExceededError``, ``UnboundIndexError``, ``EvaluationError``.
    """
    made = evaluator(run, convention, binding, record or Record())
    return made.evaluate(operation, budget or Budget())


def evaluator(
    run: Run, convention: Convention, binding: Binding, record: Record, known: Known | None = None
) -> _Evaluator:
    """An evaluator of operations at one point; for its arguments see ``evaluate``.

    ``known`` remembers values of operations, which must outlive it. What is remembered costs the
    budget what it cost the first time, so that a verdict does not depend on earlier ones.
    """
    kind: type[_Evaluator] = _Evaluator
    if is_static(run.model):
        from engine.formulas.evaluation.static_evaluator import StaticEvaluator

        kind = StaticEvaluator
    made = kind(run, convention, binding, Budget(), record)
    made.known = known
    return made


class _Evaluator:
    known: Known | None = None

    def __init__(
        self, run: Run, convention: Convention, binding: Binding, budget: Budget, record: Record
    ) -> None:
        self.run = run
        self.model = run.model
        self.convention = convention
        self.binding = binding
        self.indices = dict(binding.indices)
        self.budget = budget
        self.record = record
        self.field = run.field
        self.blind = run.kind == "blind"
        self.rows = convention.layout == "row"
        self.operations: Mapping[str, Callable[[Operation], Array]] = {
            "number": self._number,
            "index": self._index,
            "symbol": self._symbol,
            "derivative": self._derivative,
            "jacobian": self._jacobian,
            **dict.fromkeys(SLOPES, self._slope),
            "apply": self._apply,
            "diag": self._diagonal,
            "transpose": lambda op: self.value(op.args[0]).T,
            "sum": self._sum,
            "big": self._big,
            "matmul": self._matmul,
            "scale": self._elementwise,
            "hadamard": self._elementwise,
            "diag-left": self._diagonal_left,
            "diag-right": self._diagonal_right,
            "outer": self._outer,
            "inner": self._inner,
            "power": self._power,
            "matrix-power": self._matrix_power,
            "quotient": self._quotient,
            "reduce": self._reduce,
            **operations(self.value, run),
        }

    def evaluate(self, operation: Operation, budget: Budget) -> Array:
        """The value of an operation at the point; see the function of this name."""
        self.budget = budget
        indices = dict(self.indices)
        try:
            # What is not finite is noticed by whoever compares.
            with np.errstate(all="ignore"):
                return self.value(operation)
        finally:
            self.indices = indices  # an error leaves a sum's index behind

    def value(self, operation: Operation) -> Array:
        """The value of an operation under the index values of the moment."""
        if self.known is None:
            self.budget.spend()
            return self.operations[operation.op](operation)
        key = id(operation), *self.indices.items()
        met = self.known.get(key)
        if met is None:
            before = self.budget.left
            self.budget.spend()
            value = self.operations[operation.op](operation)
            self.known[key] = value, before - self.budget.left
            return value
        self.budget.spend(met[1])
        return met[0]

    def _number(self, operation: Operation) -> Array:
        node = operation.node
        assert isinstance(node, Number)
        return self._scalar(self.field.number(node.value))

    def _scalar(self, value: Any) -> Array:
        array = np.empty((1, 1), dtype=self.field.dtype)
        array[0, 0] = value
        return array

    def _index(self, operation: Operation) -> Array:
        node = operation.node
        assert isinstance(node, Symbol)
        if node.name not in self.indices:
            raise UnboundIndexError(node.name)
        return self._scalar(self.field.number(self.indices[node.name]))

    def _at(self, index: Index | None) -> int:
        if index is None:
            return self.indices["t"]
        try:
            return index.value(self.indices)
        except KeyError as missing:
            raise UnboundIndexError(str(missing.args[0])) from None

    def _symbol(self, operation: Operation) -> Array:
        node = operation.node
        assert isinstance(node, Symbol)
        name = node.name
        if name == "N":
            return self._scalar(self.field.number(self.run.samples))
        if name in self.model.parameters:
            return self._parameter(node)
        if name in self.model.signals:
            return self._laid_out(self._signal(name, self._at(node.time)), adjoint=False)
        if name in self.model.gradients:
            loss = None if node.outer is None else self._at(node.outer)
            signal = self.model.gradients[name]
            return self._laid_out(self._adjoint(signal, self._at(node.time), loss), adjoint=True)
        return self._scalar(self.run.scalar(name))

    def _laid_out(self, array: Array, adjoint: bool) -> Array:
        turned = self.rows or (adjoint and self.convention.layout == "numerator")
        return array.T if turned else array

    def _parameter(self, node: Symbol) -> Array:
        name = node.name
        array = self.run.parameters[name]
        if self.blind:
            array = np.broadcast_to(array, (array.shape[0], self.run.samples))
        update = self.binding.update
        if node.update is not None and update is not None:
            # The left side is the new value: its update number less one is the present one.
            ahead = node.update - update + 1
            if ahead != Index():
                self.record.outside.add(name)
                array = self.run.phantom(name, ("update", ahead), array.shape)
        return array.T if self.rows else array

    def _signal(self, name: str, time: int) -> Array:
        found = self.run.signals[name].get(time)
        return self._phantom(name, time) if found is None else found

    def _phantom(self, name: str, key: Any) -> Array:
        self.record.outside.add(name)
        size = self.run.sizes[self.model.signals[self.model.gradients.get(name, name)]]
        return self.run.phantom(name, key, (size, self.run.samples))

    def _adjoint(self, signal: str, time: int, loss: int | None) -> Array:
        """dE/d(signal at time): of an explicit step's loss, or as the convention has it."""
        if signal not in self.run.adjoints:
            raise EvaluationError(f"{signal} has no gradient here")
        table = self.run.adjoints[signal]
        step = self.convention.loss == "step"
        if loss is None and step:
            # Off the recurrent path only the step's own loss is meant: delta^{out,k} = dE^k/dv^k.
            loss = self.binding.loss_step if signal in self.run.recurrent else time
        known = (*range(1, self.run.steps + 1), *self.run.signals.get(signal, {}))
        if time not in known:
            return self._phantom(self.model.gradient_of.get(signal, signal), ("adjoint", time))
        if loss is not None:
            if time > loss or loss not in table:
                name = self.model.gradient_of.get(signal, signal)
                return self._phantom(name, ("adjoint", loss, time))
            total = table[loss][time]
        else:
            first = 1 if self.model.ends() else max(1, time)
            losses = range(first, self.run.steps + 1)
            total = sum((table[one][time] for one in losses), table[losses[0]][time] * 0)
        return self.field.reduced(total * share_of_mean(self.run, self.convention))

    def _jacobian(self, operation: Operation) -> Array:
        node = operation.node
        assert isinstance(node, Derivative)
        of, by = node.of, node.by
        assert isinstance(of, Symbol)
        assert isinstance(by, Symbol)
        array = self.run.jacobian(of.name, self._at(of.time), by.name, self._at(by.time))
        return array.T if self.convention.jacobian == "denominator" else array

    def _slope(self, operation: Operation) -> Array:
        """The derivative of one number by another, as ``SLOPES`` says."""
        node = operation.node
        assert isinstance(node, Derivative)
        of, by = node.of, node.by
        assert isinstance(of, Symbol)
        assert isinstance(by, Symbol)
        at, parameter = self._at(of.time), by.name in self.model.parameters
        when = None if parameter else self._at(by.time)
        if when is not None and when > at:
            self.record.outside.add(of.name)  # zero: perhaps not what was meant
        near = when is None or at - when <= 1
        kind = operation.op
        cut: frozenset[str] = frozenset()
        if near and (kind == "slope-direct" or (parameter and kind == "slope-own-step")):
            cut = self.model.states()
        elif near and kind == "slope-held":
            cut = frozenset(self.model.equations)
        return self._scalar(self.run.slope(of.name, at, by.name, when, cut))

    def _derivative(self, operation: Operation) -> Array:
        node = operation.node
        assert isinstance(node, Derivative)
        assert isinstance(node.by, Symbol)
        index = loss_index(node)
        loss = None if index is None else self._at(index)
        name = self.model.gradients.get(node.by.name, node.by.name)
        if name in self.model.signals:
            return self._laid_out(self._adjoint(name, self._at(node.by.time), loss), adjoint=True)
        binding, convention = self.binding, self.convention
        if loss is not None and convention.loss != "step":
            convention = replace(convention, loss="step")  # dE^k/dW, whatever dE/dW is
        if loss is not None and loss != binding.loss_step:
            binding = replace(binding, loss_step=loss, lags=loss - 1)
            if loss not in self.run.shares[name]:
                self.record.outside.add(name)
                array = self.run.phantom(name, ("gradient", loss), self.run.parameters[name].shape)
                return array.T if convention.layout != "column" else array
        array = true_gradient(self.run, name, convention, binding)
        if self.blind:
            array = np.broadcast_to(array, (array.shape[0], self.run.samples))
        return array.T if convention.layout != "column" else array

    def _apply(self, operation: Operation) -> Array:
        node = operation.node
        assert isinstance(node, Apply)
        argument = self.value(operation.args[0])
        if node.function == "softmax" or (node.function == "g" and self._output_is_softmax()):
            return self._softmax(argument, node.order)
        return self.run.call(node.function, node.order, argument)

    def _output_is_softmax(self) -> bool:
        return self.model.output_losses[self.run.output].function == "softmax"

    def _softmax(self, argument: Array, order: int) -> Array:
        if order:
            raise EvaluationError("the derivative of softmax is a matrix for every sample")
        powers = self.run.call("exp", 0, argument)
        norm = powers.sum(axis=1 if self.rows else 0, keepdims=True)
        return self.field.reduced(powers * self.field.inverse(self.field.reduced(norm)))

    def _diagonal(self, operation: Operation) -> Array:
        array = self.value(operation.args[0])
        return array if self.blind else np.diag(array.ravel())

    def _sum(self, operation: Operation) -> Array:
        total: Any = None
        for sign, part in zip(operation.signs, operation.args, strict=True):
            value = self.value(part)
            if not self.field.exact:
                size = float(np.abs(value).max())
                if not _is_literally_zero(part):
                    key = id(part)
                    self.record.largest[key] = max(self.record.largest.get(key, 0.0), size)
            signed = value if sign > 0 else -value
            total = signed if total is None else self._matched(total, signed)
        return self.field.reduced(total)

    def _matched(self, total: Array, value: Array) -> Array:
        return self._together(total, value, lambda a, b: a + b)

    @staticmethod
    def _together(left: Array, right: Array, combine: Callable[[Any, Any], Any]) -> Array:
        """Combines elementwise. Misfits were reported by elaboration: here they have no value."""
        try:
            return combine(left, right)
        except ValueError:
            raise EvaluationError("shapes do not fit") from None

    def _big(self, operation: Operation) -> Array:
        node = operation.node
        assert isinstance(node, BigOperator)
        low, high = self._limits(node)
        steps = range(low, high + 1)
        if node.kind == "product" and operation.shape != ("1", "1"):
            steps = self._in_order(low, high)
        self.budget.spend(len(steps))
        if len(steps) > LONGEST_SUM:
            raise BudgetExceededError
        shadowed = self.indices.get(node.index)
        total: Any = None
        for step in steps:
            if step in node.excluded:
                continue
            self.indices[node.index] = step
            value = self.value(operation.args[0])
            if total is None:
                total = value
            elif node.kind == "sum":
                total = self.field.reduced(self._matched(total, value))
            elif operation.shape == ("1", "1"):
                total = self.field.reduced(total * value)
            else:
                total = self._product_of(total, value)
        if shadowed is None:
            self.indices.pop(node.index, None)
        else:
            self.indices[node.index] = shadowed
        return self._empty(operation, node) if total is None else total

    def _in_order(self, low: int, high: int) -> range:
        """The steps of a product of matrices: the later the further to the left, as rows of dz^t.

        A product written downwards, from t to k + 1, says so itself.
        """
        if low > high + 1:
            return range(low, high - 1, -1)
        upwards = range(low, high + 1)
        return upwards if self.convention.jacobian == "denominator" else upwards[::-1]

    def _empty(self, operation: Operation, node: BigOperator) -> Array:
        """An empty sum is zero, an empty product one."""
        rows, columns = (self.run.sizes.get(letter, self.run.samples) for letter in operation.shape)
        if self.blind:
            rows = columns = self.run.samples
        zero = np.full((rows, columns), self.field.number(0), dtype=self.field.dtype)
        if node.kind == "sum":
            return zero
        for i in range(min(rows, columns)):
            zero[i, i] = self.field.number(1)
        return zero

    def _limits(self, node: BigOperator) -> tuple[int, int]:
        """Both limits; open ones mean the run, as far as the loss in question reaches."""
        whole = self.binding.loss_step if self.convention.loss == "step" else self.run.steps
        low = 1 if node.low is None else self._at(node.low)
        high = whole if node.high is None else self._at(node.high)
        return low, high

    def _product_of(self, left: Array, right: Array) -> Array:
        try:
            return self.field.reduced(left @ right)
        except ValueError:
            raise EvaluationError("shapes do not fit") from None

    def _matmul(self, operation: Operation) -> Array:
        return self._product_of(self.value(operation.args[0]), self.value(operation.args[1]))

    def _elementwise(self, operation: Operation) -> Array:
        left, right = self.value(operation.args[0]), self.value(operation.args[1])
        return self.field.reduced(self._together(left, right, lambda a, b: a * b))

    def _diagonal_left(self, operation: Operation) -> Array:
        slope, matrix = self.value(operation.args[0]), self.value(operation.args[1])
        return self.field.reduced(self._together(slope, matrix, lambda a, b: a * b))

    def _diagonal_right(self, operation: Operation) -> Array:
        matrix, slope = self.value(operation.args[0]), self.value(operation.args[1])
        return self.field.reduced(self._together(matrix, slope.T, lambda a, b: a * b))

    def _inner(self, operation: Operation) -> Array:
        left, right = self.value(operation.args[0]), self.value(operation.args[1])
        return self._product_of(*((left, right.T) if self.rows else (left.T, right)))

    def _outer(self, operation: Operation) -> Array:
        left, right = self.value(operation.args[0]), self.value(operation.args[1])
        if self.blind:
            return self._product_of(*((left.T, right) if self.rows else (left, right.T)))
        return self.field.reduced(left.reshape(-1, 1) * right.reshape(1, -1))

    def _exponent(self, operation: Operation) -> Fraction:
        """A plain number, or an index expression: evaluated exactly."""
        node = operation.node
        if operation.op == "number" and isinstance(node, Number):
            return node.value
        if operation.op == "index" and isinstance(node, Symbol):
            return Fraction(self._at(Index.of(0, **{node.name: 1})))
        if operation.op == "sum":
            pairs = zip(operation.signs, operation.args, strict=True)
            return sum((sign * self._exponent(part) for sign, part in pairs), Fraction(0))
        raise EvaluationError("an exponent must be a number or an index")

    def _integer(self, operation: Operation) -> int:
        exponent = self._exponent(operation)
        if exponent.denominator != 1 or abs(exponent) > LARGEST_EXPONENT:
            raise EvaluationError("an exponent must be a small integer")
        return int(exponent)

    def _power(self, operation: Operation) -> Array:
        base = self.value(operation.args[0])
        exponent = self._exponent(operation.args[1])
        if exponent == Fraction(1, 2):
            return self.run.call("sqrt", 0, base)
        power = self._integer(operation.args[1])
        return self.field.inverse(base) if power == -1 else self.field.power(base, power)

    def _matrix_power(self, operation: Operation) -> Array:
        base, power = self.value(operation.args[0]), self._integer(operation.args[1])
        if power < 0:
            raise EvaluationError("a matrix has no negative power here")
        result = self._empty_identity(base)
        for _ in range(power):
            result = self._product_of(result, base)
        return result

    def _empty_identity(self, base: Array) -> Array:
        identity = base * 0
        for i in range(min(base.shape)):
            identity[i, i] = self.field.number(1)
        return identity

    def _quotient(self, operation: Operation) -> Array:
        above, below = self.value(operation.args[0]), self.value(operation.args[1])
        return self.field.reduced(
            self._together(above, self.field.inverse(below), lambda a, b: a * b)
        )

    def _reduce(self, operation: Operation) -> Array:
        node = operation.node
        assert isinstance(node, Reduce)
        array = self.value(operation.args[0])
        total = array.sum(axis=node.axis, keepdims=True)
        if node.kind == "mean":
            count = array.size // total.size
            total = total * self.field.number(Fraction(1, count))
        if self.blind:
            total = np.broadcast_to(total, array.shape)
        return self.field.reduced(total)


def _is_literally_zero(operation: Operation) -> bool:
    """Whether a summand is zero as written: 0, or 0 times something."""
    if isinstance(operation.node, Number) and operation.op == "number":
        return operation.node.value == 0
    return operation.op == "scale" and any(_is_literally_zero(part) for part in operation.args)
