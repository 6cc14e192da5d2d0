"""What a sweep over the binary adder compares: cases, each one setting of everything.

Naming cases loads no NumPy.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

#: Names of ``engine.experiments.wrong_gradients.GRADIENTS``; a test holds them together.
GRADIENT_NAMES: Final = (
    "true",
    "truncated-to-one-step",
    "untransposed-matrix",
    "derivative-one-step-early",
    "never-reset",
)


@dataclass(frozen=True, slots=True)
class Case:
    """One setting of the binary adder.

    Attributes
    ----------
    name : what tells it from the other cases of its sweep
    clip : θ of clipping by norm; infinite for none
    highest_first : the most significant bit is fed first
    gradient : one of GRADIENT_NAMES
    others : as in ``engine.training_state.TrainingSettings``
    """

    name: str
    hidden: int = 16
    activation: str = "sigmoid"
    initialisation: str = "normal"
    deviation: float = 1.0
    learning_rate: float = 0.1
    output_delta: str = "seed"
    clip: float = math.inf
    highest_first: bool = False
    gradient: str = "true"


def _base(settings: Mapping[str, Any]) -> Case:
    known = Case.__dataclass_fields__
    given = {name: value for name, value in settings.items() if name in known}
    # A setting cannot be infinite: 0 stands for "no clipping".
    given["clip"] = given.get("clip") or math.inf
    return Case("", **given)


def _initial_deviation(settings: Mapping[str, Any]) -> tuple[Case, ...]:
    base = _base(settings)
    return tuple(
        replace(base, name=f"deviation {s:g}", deviation=s) for s in settings["deviations"]
    )


def _activation_and_initialisation(settings: Mapping[str, Any]) -> tuple[Case, ...]:
    base = _base(settings)
    names = {"normal": f"normal {base.deviation:g}", "xavier": "xavier", "he": "he"}
    return tuple(
        replace(base, name=f"{base.activation} {name}", initialisation=rule)
        for rule, name in names.items()
    )


def _output_delta(settings: Mapping[str, Any]) -> tuple[Case, ...]:
    base = _base(settings)
    names = ("seed", "true", "cross-entropy")
    return tuple(replace(base, name=name, output_delta=name) for name in names)


def _learning_rate(settings: Mapping[str, Any]) -> tuple[Case, ...]:
    base = _base(settings)
    rates = settings["learning_rates"]
    return tuple(replace(base, name=f"rate {rate:g}", learning_rate=rate) for rate in rates)


def _hidden_size(settings: Mapping[str, Any]) -> tuple[Case, ...]:
    base = _base(settings)
    # Rounded down: a network has no half unit, and a vector of settings holds any numbers.
    sizes = dict.fromkeys(int(size) for size in settings["sizes"])
    return tuple(replace(base, name=f"{size} units", hidden=size) for size in sizes)


def _clipping(settings: Mapping[str, Any]) -> tuple[Case, ...]:
    base = _base(settings)
    thresholds = dict.fromkeys(settings["thresholds"])
    return tuple(
        replace(base, name=f"clip {limit:g}" if limit else "no clipping", clip=limit or math.inf)
        for limit in thresholds
    )


def _bit_order(settings: Mapping[str, Any]) -> tuple[Case, ...]:
    base = _base(settings)
    return (
        replace(base, name="lowest bit first"),
        replace(base, name="highest bit first", highest_first=True),
    )


def _wrong_gradient(settings: Mapping[str, Any]) -> tuple[Case, ...]:
    base = _base(settings)
    return tuple(replace(base, name=name, gradient=name) for name in GRADIENT_NAMES)


#: The cases of each sweep from its settings.
CASES: Final[Mapping[str, Callable[[Mapping[str, Any]], tuple[Case, ...]]]] = MappingProxyType(
    {
        "initial-deviation": _initial_deviation,
        "activation-and-initialisation": _activation_and_initialisation,
        "output-delta": _output_delta,
        "learning-rate": _learning_rate,
        "hidden-size": _hidden_size,
        "clipping": _clipping,
        "bit-order": _bit_order,
        "wrong-gradient": _wrong_gradient,
    }
)
