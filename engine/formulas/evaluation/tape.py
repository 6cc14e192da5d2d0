"""One sample's run over the tape of ``derivation``: forward, and in reverse by the chain rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from engine.formulas.evaluation.fields import Floats, PrimeField

if TYPE_CHECKING:
    from engine.formulas.evaluation.points import Run

Field: TypeAlias = Floats | PrimeField


def evaluated(expression: Any, values: Mapping[str, Any], field: Field) -> Any:
    """The value of a tape's expression. ``values`` maps references to numbers or arrays."""
    if isinstance(expression, str):
        return values[expression]
    if isinstance(expression, int):
        return field.number(expression)
    operator = expression[0]
    if operator == "*":
        result = evaluated(expression[1], values, field)
        for part in expression[2:]:
            result = field.reduced(result * evaluated(part, values, field))
        return result
    if operator == "+":
        result = evaluated(expression[1], values, field)
        for part in expression[2:]:
            result = field.reduced(result + evaluated(part, values, field))
        return result
    if operator == "^":
        return field.power(evaluated(expression[1], values, field), expression[2])
    if operator == "q":
        from fractions import Fraction

        return field.number(Fraction(expression[1], expression[2]))
    return values["call"](expression[1], expression[2], evaluated(expression[3], values, field))


#: Of a signal: its name, the lag and the component. Of a parameter: its name, None, row and column.
Reference: TypeAlias = tuple[str, int | None, Any]


@lru_cache(maxsize=4096)
def _reference(written: str) -> Reference:
    """What a tape calls ``z@-1.0`` or ``W.1.0``."""
    name, of_signal, rest = written.partition("@")
    if of_signal:
        lag, _, component = rest.partition(".")
        return name, int(lag), int(component)
    name, row, column = written.split(".")
    return name, None, (int(row), int(column))


class SampleTape:
    """The tape of one sample: numbers by reference, forward and in reverse."""

    def __init__(self, run: Run, tape: Mapping[str, Any], sample: int) -> None:
        self.run = run
        self.equations: dict[str, list[Any]] = {**tape["equations"]}
        chosen = tape["outputs"][run.output]
        self.equations.update({name: part for name, part in chosen.items() if name != "E"})
        # The model's order is an order of computation; the tape's own may differ (sorted keys).
        self.order = [name for name in run.model.equations if name in self.equations]
        self.loss = chosen["E"][0]
        self.weights: dict[str, Any] = {
            f"{name}.{i}.{j}": array[i, j]
            for name, array in run.parameters.items()
            for i in range(array.shape[0])
            for j in range(array.shape[1])
        }
        self.values: dict[tuple[str, int], list[Any]] = {
            (name, time): list(array[:, sample])
            for name, at_times in run.signals.items()
            for time, array in at_times.items()
        }
        self.environments: dict[int, dict[str, Any]] = {}
        self.known_slopes: dict[Any, dict[Any, Any]] = {}

    def environment(self, time: int) -> dict[str, Any]:
        """All values that the equations of a step may read, by reference."""
        if time not in self.environments:
            known: dict[str, Any] = {**self.weights, "call": self.run.call}
            for (name, when), components in self.values.items():
                self._noted(known, name, when - time, components)
            self.environments[time] = known
        return self.environments[time]

    @staticmethod
    def _noted(known: dict[str, Any], name: str, lag: int, components: list[Any]) -> None:
        if -1 <= lag <= 1:
            known.update({f"{name}@{lag}.{i}": value for i, value in enumerate(components)})

    def forward(self) -> None:
        field = self.run.field
        for name, time in self.visits():
            known = self.environment(time)
            made = [evaluated(part["value"], known, field) for part in self.equations[name]]
            self.values[name, time] = made
            for other in (time - 1, time, time + 1):
                if other in self.environments:
                    self._noted(self.environments[other], name, time - other, made)

    @cached_property
    def partials(self) -> dict[tuple[str, int], list[list[tuple[Reference, Any]]]]:
        """The derivatives of each component by what its equation reads, at every step."""
        field = self.run.field
        return {
            (name, time): [
                [
                    (_reference(by), evaluated(slope, self.environment(time), field))
                    for by, slope in part["partials"].items()
                ]
                for part in ([self.loss] if name == "E" else self.equations[name])
            ]
            for time in range(1, self.run.steps + 1)
            for name in (*self.order, "E")
        }

    def visits(self) -> Iterator[tuple[str, int]]:
        """Every (signal, step) in an order in which it can be computed."""
        upwards = range(1, self.run.steps + 1)
        for onwards, names in self.run.model.passes:
            for time in upwards if onwards else reversed(upwards):
                for name in names:
                    yield name, time

    def backward(self, loss_step: int) -> tuple[dict[Any, list[Any]], dict[Any, Any]]:
        """Adjoints of (signal, t) and shares of (parameter entry, t) of the loss at one step."""
        adjoints: dict[Any, list[Any]] = {
            key: [self.run.field.number(0)] * len(components)
            for key, components in self.values.items()
        }
        shares: dict[Any, Any] = {}
        self._spread("E", loss_step, [self.run.field.number(1)], adjoints, shares)
        for name, time in self.back_from(loss_step):
            self._spread(name, time, adjoints[name, time], adjoints, shares)
        return adjoints, shares

    def back_from(self, last: int) -> list[tuple[str, int]]:
        """The visits in reverse, as far as the value of step ``last`` depends on them."""
        both_ways = bool(self.run.model.ends())
        visits = [visit for visit in self.visits() if both_ways or visit[1] <= last]
        return visits[::-1]

    def row_of_jacobian(self, of: str, at: int, component: int) -> dict[Any, list[Any]]:
        """The derivatives of one component of a signal, by (signal, step)."""
        zero, one = self.run.field.number(0), self.run.field.number(1)
        adjoints: dict[Any, list[Any]] = {
            key: [zero] * len(components) for key, components in self.values.items()
        }
        adjoints[of, at][component] = one
        for name, time in self.back_from(at):
            self._spread(name, time, adjoints[name, time], adjoints, {})
        return adjoints

    def slopes(self, of: str, at: int, cut: frozenset[str]) -> dict[Any, Any]:
        """The derivatives of a signal's first component, by (signal, step) and by parameter.

        Beyond a signal that is ``cut`` nothing is followed.
        """
        key = (of, at, cut)
        if key not in self.known_slopes:
            zero, one = self.run.field.number(0), self.run.field.number(1)
            adjoints: dict[Any, list[Any]] = {
                place: [zero] * len(components) for place, components in self.values.items()
            }
            shares: dict[Any, Any] = {}
            if (of, at) in adjoints:
                adjoints[of, at][0] = one
                for name, time in self.back_from(at):
                    if (name, time) == (of, at) or name not in cut:
                        self._spread(name, time, adjoints[name, time], adjoints, shares)
            found: dict[Any, Any] = {place: held[0] for place, held in adjoints.items()}
            for (name, _, _), share in shares.items():
                found[name] = self.run.field.reduced(found.get(name, zero) + share)
            self.known_slopes[key] = found
        return self.known_slopes[key]

    def _spread(
        self,
        name: str,
        time: int,
        upstream: list[Any],
        adjoints: dict[Any, list[Any]],
        shares: dict[Any, Any],
    ) -> None:
        field = self.run.field
        for weight, partials in zip(upstream, self.partials[name, time], strict=True):
            if not weight:
                continue
            for (source, lag, place), partial in partials:
                share = field.reduced(weight * partial)
                if lag is None:
                    shares[source, place, time] = field.reduced(
                        shares.get((source, place, time), 0) + share
                    )
                else:
                    held = adjoints[source, time + lag]
                    held[place] = field.reduced(held[place] + share)
