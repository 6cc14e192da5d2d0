"""True gradients of parameters: sums of their untied copies over losses and time steps."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from engine.formulas.conventions import Convention
from engine.formulas.evaluation.binding import Binding
from engine.formulas.evaluation.points import Array, Run


def true_gradient(run: Run, name: str, convention: Convention, binding: Binding) -> Array:
    """dE/d(parameter), in column layout: the sum of its untied copies within the lag."""
    shares = run.shares[name]
    if convention.loss == "step":
        losses: tuple[int, ...] = (binding.loss_step,)
    else:
        losses = tuple(range(1, run.steps + 1))
    if convention.scope == "one-step":
        steps = range(binding.indices["t"], binding.indices["t"] + 1)
    else:
        last = binding.loss_step if convention.loss == "step" else run.steps
        steps = range(max(1, last - binding.lags), last + 1)
    total = sum((shares[loss][step] for loss in losses for step in steps), run.parameters[name] * 0)
    return run.field.reduced(total * share_of_mean(run, convention))


def share_of_mean(run: Run, convention: Convention) -> Any:
    """The factor of every adjoint: one over the number of losses under a mean, else one."""
    if convention.reduction == "sum":
        return run.field.number(1)
    count = run.samples * (run.steps if convention.loss == "sequence" else 1)
    return run.field.number(Fraction(1, count))
