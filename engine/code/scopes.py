"""What the inputs on which a submission fails have in common, and those on which it is right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np

from .drawing import draw
from .evidence import Evidence
from .inputs import Case, different, equal
from .runner import Call
from .specification import Specification

# Draws that have to agree before it is said that only such inputs are right.
_DRAWS: Final = 2
# Says for each case whether the submission is right on it; None where the reference cannot run.
Judge: TypeAlias = Callable[[Sequence[Case]], list[bool | None]]


@dataclass(frozen=True)
class Scope:
    """``name``: see ``CodeJudgement.scope``; ``sizes``: the one size that is right."""

    name: str
    sizes: Mapping[str, int] = field(default_factory=dict)


def scope_of(cases: Sequence[Case], failed: Sequence[int], calls: Mapping[int, Call]) -> str | None:
    """What the failing cases have in common, if not all fail."""
    kinds = {cases[i].kind for i in failed}
    if not failed or len(failed) == len(cases):
        return None
    if kinds == {"hard"}:
        return "hard-inputs-only"
    if kinds == {"again"}:
        return "keeps-state"
    # Wrong only where a case of the same shapes came before.
    seen = [any(cases[j].sizes == cases[i].sizes for j in range(i)) for i in failed]
    if "same-shapes" in kinds and all(seen):
        return "cached-by-shape"
    raised = all(i in calls and not calls[i].whole for i in failed)
    return "equal-sizes-only-run" if raised and "equal-sizes" not in kinds else None


def probed(spec: Specification, evidence: Evidence, judge: Judge, seed: int) -> Scope | None:
    """Whether one size of one symbol, or equal sizes, are all that is right: found by trying."""
    ordinary = [i for i, case in enumerate(evidence.cases) if case.kind != "hard"]
    failing = [evidence.cases[i].sizes for i in ordinary if not evidence.right(i)]
    passing = [evidence.cases[i].sizes for i in ordinary if evidence.right(i)]
    if not failing or not spec.sizes:
        return None
    rng = np.random.default_rng(seed)
    scopes: list[Scope] = []
    for symbol in spec.sizes:
        values = {1, *(sizes[symbol] for sizes in passing[:1])}
        scopes += [
            Scope("one-size-only", {symbol: value})
            for value in sorted(values)
            if all(sizes[symbol] != value for sizes in failing)
            and all(sizes[symbol] == value for sizes in passing)
        ]
    if len(spec.sizes) > 1 and all(_all_equal(sizes) for sizes in passing):
        scopes.append(Scope("equal-sizes-only"))
    cases = [_case(spec, scope, rng) for scope in scopes for _ in range(_DRAWS)]
    right = judge(cases) if cases else []
    for number, scope in enumerate(scopes):
        if all(right[number * _DRAWS : (number + 1) * _DRAWS]):
            return scope
    return None


def _all_equal(sizes: Mapping[str, int]) -> bool:
    return len(set(sizes.values())) == 1


def _case(spec: Specification, scope: Scope, rng: np.random.Generator) -> Case:
    sizes = {**different(spec, rng), **scope.sizes} if scope.sizes else equal(spec, rng)
    return Case("probe", "ordinary", sizes, draw(spec.arguments, sizes, rng))
