"""A notation made from a model's own names, for models that no source has a notation of."""

from __future__ import annotations

from functools import cache

from engine.formulas.models import Model
from engine.formulas.models.static import StaticModel
from engine.formulas.notations import COMMON_FUNCTIONS, Function, Kind, Notation, Quantity
from engine.formulas.notations.course import EPSILON, SAMPLES
from engine.formulas.notations.static import static_notation
from engine.formulas.spelling import bare_name


@cache
def own_notation(model: Model) -> Notation:
    """Every quantity spelt as the model calls it: ``W_in`` is W with the label in."""
    if isinstance(model, StaticModel):
        return static_notation(model)
    named = {name: name for name in model.gradients if not name.startswith("grad_")}
    quantities = [_quantity(name, "signal") for name in (*model.signals, *named)]
    second = {name for variant in model.variants for name in variant.parameters}
    quantities += [_quantity(name, "parameter") for name in (*model.parameters, *sorted(second))]
    quantities += [EPSILON, SAMPLES, Quantity("E", "loss", "E", "", False, "E", "E", (("L",),))]
    taken = {quantity.letter for quantity in quantities}
    own = [Function(name, name, name) for name in sorted(model.functions & {"f", "g"} - taken)]
    return Notation("own", "column", tuple(quantities), (*own, *COMMON_FUNCTIONS))


def _quantity(name: str, kind: Kind) -> Quantity:
    letter, _, label = name.partition("_")
    latex = bare_name(letter, "latex")
    return Quantity(name, kind, letter, label, False, bare_name(letter, "unicode"), latex)
