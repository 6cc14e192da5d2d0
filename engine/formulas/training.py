"""Training with a formula: any update of the right shape drives the binary adder.

Beside it runs the same network from the same seed on the same pairs with the right update. Only
the parameter that the formula is about is updated by it; the others follow their true gradients in
both. The network is the simple RNN, sigmoid units, ½(d − y)² summed over the bits, z⁰ = 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

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
from engine.formulas.evaluation.elaboration import ElaborationError, Operation, elaborate
from engine.formulas.evaluation.evaluator import _Evaluator
from engine.formulas.evaluation.fields import Floats
from engine.formulas.evaluation.points import Array, Run, shipped
from engine.formulas.evaluation.shapes import Layout
from engine.formulas.limits import with_limits
from engine.formulas.models import models
from engine.formulas.reading import read
from engine.formulas.statements import all_index_names, split
from engine.formulas.targets import TARGETS, Target
from engine.formulas.tree import BigOperator, Node, Symbol, Transpose, walk
from engine.formulas.turning import turned
from engine.stopping import check
from engine.tasks.binary_addition import BinaryAddition, rounded
from engine.training import GRADIENT_LIMIT
from engine.training_state import TrainingSettings, TrainingState

LAYOUTS = ("column", "row", "numerator")


class TrainingRefusedError(ValueError):
    """A formula that cannot drive a run.

    ``reason``: not-an-update (of a parameter of the simple RNN), not-understood, no-value (a formal
    step, a symbol without a value), shape (``found`` and ``expected``), too-much-work.
    """

    def __init__(self, reason: str, found: str = "", expected: str = "") -> None:
        super().__init__(f"{reason}: {found} {expected}".strip(": "))
        self.reason = reason
        self.found = found
        self.expected = expected


@dataclass(frozen=True)
class Snapshot:
    """Both runs after ``iteration`` updates.

    ``loss`` and ``right_loss`` are means over the updates since the last snapshot, ``share`` and
    ``right_share`` the sums among them that were right in every bit. ``diverged``: the iteration at
    which the formula's run left all bounds and stopped, else None.
    """

    iteration: int
    loss: float
    right_loss: float
    share: float
    right_share: float
    diverged: int | None = None


@dataclass
class _Live(Run):
    """One pair of numbers, forward and backward, as a run that formulas are evaluated at."""

    whole: dict[str, dict[int, Array]] = field(default_factory=dict)
    gradients: dict[str, Array] = field(default_factory=dict)
    rate: float = 0.0

    def scalar(self, name: str) -> float:
        """The learning rate: no other scalar has a value here."""
        if name != "eps":
            raise EvaluationError(name)
        return self.rate

    def phantom(self, name: str, key: Any, shape: tuple[int, int]) -> Array:
        """What lies outside the run is zero: so a program's buffers are before they are filled."""
        return np.zeros(shape)


class _LiveEvaluator(_Evaluator):
    run: _Live

    def _adjoint(self, signal: str, time: int, loss: int | None) -> Array:
        found = self.run.whole[signal].get(time)
        return self._phantom(signal, time) if found is None else found

    def _derivative(self, operation: Operation) -> Array:
        node: Any = operation.node
        if node.by.name not in self.run.gradients:
            return super()._derivative(operation)
        array = self.run.gradients[node.by.name]
        return array.T if self.convention.layout != "column" else array


class Update:
    """A formula as an update rule. Raises ``TrainingRefusedError``.

    Without a sum, an update of an output parameter speaks of one step's loss: then every step has
    its turn. Everything else is one update for the whole sequence, at its last step.
    """

    def __init__(self, text: str, target: str, notation: str | None = None) -> None:
        self.target = _trainable(target)
        model = self.target.model
        reading = read(text, notation, model)
        if not reading.understood:
            raise TrainingRefusedError("not-understood")
        left, links, _ = split(reading.equations[-1])
        body = with_limits(links[-1])
        if isinstance(left, Transpose):
            left, body = left.operand, turned(body)
        self.name = self.target.quantity
        self.update = left.update if isinstance(left, Symbol) else None
        self.operation, self.convention = self._fitted(left, body)
        sums = any(isinstance(node, BigOperator) for node in walk(body))
        reader = next(r for r, e in model.equations.items() if _mentions(e, self.name))
        self.each_step = not sums and reader not in model.recurrent()

    def _fitted(self, left: Node | None, body: Node) -> tuple[Operation, Convention]:
        """The operations in the first layout in which the shapes fit."""
        model, shape = self.target.model, self.target.shape
        names = all_index_names(left if left is not None else self.target.left, body)
        found = ""
        for layout in LAYOUTS:
            convention = Convention(layout=layout, activation="sigmoid", output="mse-sigmoid")
            try:
                operation, errors = elaborate(body, Layout.of(model, convention), names)
            except ElaborationError as error:
                raise TrainingRefusedError("no-value", error.name) from None
            wanted = shape if layout == "column" else shape[::-1]
            if errors:
                found = found or " + ".join(
                    "×".join(one) for one in (errors[0].left, errors[0].right)
                )
            elif operation.shape == wanted:
                return operation, convention
            else:
                found = found or "×".join(operation.shape)
        raise TrainingRefusedError("shape", found, "×".join(shape))

    def value(self, run: _Live) -> Array:
        """The new parameter, in column layout. Raises ``TrainingRefusedError``."""
        old = run.parameters[self.name]
        if not self.each_step:
            return self._at(run, run.steps)
        changes = [self._at(run, step) - old for step in range(1, run.steps + 1)]
        return np.asarray(old + sum(changes))

    def _at(self, run: _Live, step: int) -> Array:
        indices = {"t": step, "T": run.steps, "T_t": step - 1, "tau": step}
        binding = Binding(indices, step, step - 1, self.update)
        evaluator = _LiveEvaluator(run, self.convention, binding, Budget(), Record())
        try:
            array = evaluator.value(self.operation)
        except BudgetExceededError:
            raise TrainingRefusedError("too-much-work") from None
        except (UnboundIndexError, EvaluationError) as error:
            raise TrainingRefusedError("no-value", str(error)) from None
        return array if self.convention.layout == "column" else array.T


def _trainable(name: str) -> Target:
    target = TARGETS.get(name)
    if target is None or target.model.name != "rnn" or target.kind != "update":
        raise TrainingRefusedError("not-an-update")
    return target


def is_trainable(name: str | None) -> bool:
    """Whether formulas for a target can drive a run."""
    try:
        _trainable(name or "")
    except TrainingRefusedError:
        return False
    return True


def _mentions(equation: Node, name: str) -> bool:
    return any(isinstance(node, Symbol) and node.name == name for node in walk(equation))


class _Network:
    """The adder in columns: W_in (H, D), W (H, H), b (H, 1), W_out (K, H), c (K, 1)."""

    def __init__(
        self, seed: int, settings: TrainingSettings, update: Update | None, also: str
    ) -> None:
        state = TrainingState.new(seed, settings)
        H = settings.hidden
        self.parameters: dict[str, Array] = {
            "W_in": state.W_in.T.copy(),
            "W": state.W.T.copy(),
            "b": np.zeros((H, 1)),
            "W_out": state.W_out.T.copy(),
            "c": np.zeros((1, 1)),
        }
        self.rng = state.rng
        # The course's adder has no biases: one is trained only if the formula is about it.
        self.trained = {"W_in", "W", "W_out", also}
        self.rate = settings.learning_rate
        self.update = update
        self.task = BinaryAddition(settings.width)
        self.bits = self.task.table()
        self.sizes = {"D": 2, "H": H, "K": 1, "1": 1}
        self.diverged = False

    def step(self, a: int, b: int) -> tuple[float, bool]:
        """One update; the loss before it, and whether the prediction was right in every bit."""
        run = self.run(a, b)
        d = self.bits[a + b]
        y = np.array([run.signals["y"][t][0, 0] for t in range(1, run.steps + 1)])
        loss = 0.5 * float(((y - d) ** 2).sum())
        changed = {
            name: self.parameters[name] - self.rate * run.gradients[name] for name in self.trained
        }
        if self.update is not None:
            changed[self.update.name] = self.update.value(run)
        size = max(float(np.abs(array).max()) for array in changed.values())
        # Written so that a NaN, too, counts as beyond the limit.
        if not size <= GRADIENT_LIMIT:
            self.diverged = True
        else:
            self.parameters.update(changed)
        return loss, bool((rounded(y) == d).all())

    def run(self, a: int, b: int) -> _Live:
        """Forward and backward over one pair: every signal and every gradient, step by step."""
        weights, T = self.parameters, self.task.width
        x = np.stack([self.bits[a], self.bits[b]]).astype(float)
        d = self.bits[a + b].astype(float)[None, :]
        H = self.sizes["H"]
        u, z = np.zeros((H, T + 1)), np.zeros((H, T + 1))
        inputs = weights["W_in"] @ x + weights["b"]
        for t in range(1, T + 1):
            u[:, t] = inputs[:, t - 1] + weights["W"] @ z[:, t - 1]
            z[:, t] = 1.0 / (1.0 + np.exp(-u[:, t]))
        v = weights["W_out"] @ z[:, 1:] + weights["c"]
        y = 1.0 / (1.0 + np.exp(-v))
        slope_out, e = y * (1.0 - y), y - d
        delta_out = e * slope_out
        from_output = weights["W_out"].T @ delta_out
        delta, grad_z = np.zeros((H, T + 2)), np.zeros((H, T + 2))
        for t in range(T, 0, -1):
            grad_z[:, t] = weights["W"].T @ delta[:, t + 1] + from_output[:, t - 1]
            delta[:, t] = grad_z[:, t] * z[:, t] * (1.0 - z[:, t])
        inner = delta[:, 1 : T + 1]
        gradients = {
            "W_in": inner @ x.T,
            "W": inner @ z[:, :T].T,
            "b": inner.sum(axis=1, keepdims=True),
            "W_out": delta_out @ z[:, 1:].T,
            "c": delta_out.sum(axis=1, keepdims=True),
        }
        run = _Live(
            shipped(models()["rnn"]), "distinct", self.sizes, 1, T, Floats(),
            "sigmoid", "mse-sigmoid", "one", 0, models()["rnn"].recurrent(),
        )  # fmt: skip
        run.parameters = weights
        run.gradients = gradients
        run.signals = {
            "x": _by_step(x, 1), "d": _by_step(d, 1), "u": _by_step(u[:, 1:], 1),
            "z": _by_step(z, 0), "v": _by_step(v, 1), "y": _by_step(y, 1),
        }  # fmt: skip
        # Beyond the last step nothing comes back: delta there is zero, and so is dE/dz.
        run.whole = {
            "u": _by_step(delta, 0), "z": _by_step(grad_z, 0), "v": _by_step(delta_out, 1),
            "y": _by_step(e, 1), "x": _by_step(weights["W_in"].T @ inner, 1),
        }  # fmt: skip
        run.rate = self.rate
        return run

    def pairs(self, count: int) -> list[tuple[int, int]]:
        return [(int(a), int(b)) for a, b in self.task.sample(self.rng, count).tolist()]


def _by_step(array: Array, first: int) -> dict[int, Array]:
    return {first + t: array[:, t : t + 1] for t in range(array.shape[1])}


def train_with(
    update: Update, *, seed: int = 0, iterations: int = 10_000, every: int = 100
) -> Iterator[Snapshot]:
    """Both runs, a snapshot every ``every`` updates.

    The formula's run stops when it diverges; the right one goes on. Raises ``TrainingRefusedError``
    where the formula has no value after all.
    """
    settings = TrainingSettings()
    yours = _Network(seed, settings, update, update.name)
    right = _Network(seed, settings, None, update.name)
    diverged: int | None = None
    for start in range(0, iterations, every):
        count = min(every, iterations - start)
        losses: tuple[list[float], list[float]] = ([], [])
        hits = [0, 0]
        for number, (mine, theirs) in enumerate(
            zip(yours.pairs(count), right.pairs(count), strict=True), start=start + 1
        ):
            check()
            for place, (network, pair) in enumerate(((yours, mine), (right, theirs))):
                if network.diverged:
                    continue
                with np.errstate(all="ignore"):
                    loss, hit = network.step(*pair)
                losses[place].append(loss)
                hits[place] += hit
            if yours.diverged and diverged is None:
                diverged = number
        yield Snapshot(
            start + count,
            _mean(losses[0]),
            _mean(losses[1]),
            hits[0] / count,
            hits[1] / count,
            diverged,
        )


def _mean(values: list[float]) -> float:
    return float(np.mean(values)) if values else float("nan")


__all__ = ["Snapshot", "TrainingRefusedError", "Update", "is_trainable", "train_with"]
