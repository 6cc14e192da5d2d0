"""Conventions: what a formula leaves unsaid, as one consistent set that is never mixed.

Which values are tried, and when, is data at the top. Three rules keep wrong formulas out: a named
activation is only tried for an answer that is written with it; ``identity`` and ``scalar`` only
when stated; one step's share only for a gradient, never for an update.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from itertools import product

from engine.formulas.models import Model
from engine.formulas.tree import (
    Apply,
    BigOperator,
    Derivative,
    Equation,
    Node,
    Power,
    Reduce,
    Symbol,
    walk,
)

VALUES: Mapping[str, tuple[str, ...]] = {
    "layout": ("column", "row", "numerator"),
    "loss": ("step", "sequence"),
    "reduction": ("sum", "mean"),
    "scope": ("whole", "one-step"),
    "activation": ("abstract", "sigmoid", "tanh", "relu", "identity"),
    "output": ("abstract", "mse-identity", "mse-sigmoid", "ce-sigmoid", "ce-softmax"),
    "biases": ("one", "none", "two"),
    "scalar": ("no", "yes"),
    "z": ("z-takes-new", "z-keeps-old"),
    "reset": ("before", "after"),
    "jacobian": ("numerator", "denominator"),
    "counting": ("after", "before"),
}
# Ways of writing: right under another one than the stated is "right elsewhere". The other keys say
# which model is asked about: an answer about another model is wrong.
NOTATIONAL = ("layout", "loss", "reduction", "scope", "z", "reset", "jacobian", "counting")
# Which of two equations is meant: open wherever a model has both.
OF_EQUATIONS = ("z", "reset", "counting")

# kind of target -> key -> values that may be tried when nothing is stated
OPEN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "forward": {
        "layout": ("column", "row"),
        "activation": ("abstract", "sigmoid", "tanh", "relu"),
        "output": ("abstract", "mse-sigmoid", "ce-softmax"),
        "biases": ("one", "none", "two"),
    },
    "output-adjoint": {
        "layout": ("column", "row"),
        "loss": ("step", "sequence"),
        "reduction": ("sum", "mean"),
        "output": ("abstract", "mse-identity", "mse-sigmoid", "ce-sigmoid", "ce-softmax"),
    },
    "adjoint": {
        "layout": ("column", "row", "numerator"),
        "loss": ("sequence", "step"),
        "activation": ("abstract", "sigmoid", "tanh", "relu"),
        "output": ("abstract", "mse-identity", "mse-sigmoid", "ce-sigmoid", "ce-softmax"),
    },
    "lag-adjoint": {
        "layout": ("column", "row", "numerator"),
        "loss": ("step",),
        "activation": ("abstract", "sigmoid", "tanh", "relu"),
        "output": ("abstract", "mse-identity", "mse-sigmoid", "ce-sigmoid", "ce-softmax"),
    },
    "jacobian": {
        "activation": ("abstract", "sigmoid", "tanh", "relu"),
        "biases": ("one", "none"),
        "jacobian": ("numerator", "denominator"),
    },
    "jacobian-product": {
        "activation": ("abstract", "sigmoid", "tanh", "relu"),
        "biases": ("one", "none"),
        "jacobian": ("numerator", "denominator"),
    },
    "gradient": {
        "layout": ("column", "row"),
        "loss": ("step", "sequence"),
        "scope": ("whole", "one-step"),
        "activation": ("abstract", "sigmoid", "tanh", "relu"),
        "output": ("abstract", "mse-identity", "mse-sigmoid", "ce-sigmoid", "ce-softmax"),
    },
    "update": {
        "layout": ("column", "row"),
        "loss": ("step", "sequence"),
        "activation": ("abstract", "sigmoid", "tanh", "relu"),
        "output": ("abstract", "mse-identity", "mse-sigmoid", "ce-sigmoid", "ce-softmax"),
    },
}

_OF_STATIC = {"layout": ("column", "row")}
OPEN = {**OPEN, "static-forward": _OF_STATIC, "static-gradient": _OF_STATIC, "static-jacobian": {}}

# What is admissible, but tried only when stated: in numerator layout z delta is the gradient of W,
# which more often is a forgotten transpose; in a scalar model no transpose and no order matters.
STATED_ONLY: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "gradient": {"layout": ("numerator",), "scalar": ("yes",)},
    "forward": {"scalar": ("yes",)},
    "output-adjoint": {"scalar": ("yes",)},
    "adjoint": {"scalar": ("yes",)},
    "lag-adjoint": {"scalar": ("yes",)},
    "jacobian": {"scalar": ("yes",)},
    "jacobian-product": {"scalar": ("yes",)},
    "update": {"scalar": ("yes",)},
    "static-forward": {},
    "static-gradient": {},
    "static-jacobian": {},
}


class ConventionError(ValueError):
    """An unknown key or value; ``nearest`` are valid ones."""

    def __init__(self, what: str, nearest: tuple[str, ...]) -> None:
        super().__init__(what)
        self.what = what
        self.nearest = nearest


@dataclass(frozen=True)
class Convention:
    """One complete reading of everything that a formula leaves unsaid."""

    layout: str = "column"
    loss: str = "sequence"
    reduction: str = "sum"
    scope: str = "whole"
    activation: str = "abstract"
    output: str = "abstract"
    biases: str = "one"
    scalar: str = "no"
    z: str = "z-takes-new"
    reset: str = "before"
    jacobian: str = "numerator"
    counting: str = "after"

    def as_dict(self) -> dict[str, str]:
        return {slot.name: getattr(self, slot.name) for slot in fields(self)}


def checked(stated: Mapping[str, str] | None) -> dict[str, str]:
    """The stated conventions. Raises ``ConventionError`` with the nearest valid names."""
    result = {}
    for key, value in (stated or {}).items():
        if key not in VALUES:
            nearest = tuple(difflib.get_close_matches(key, VALUES))
            raise ConventionError(f"no convention is called {key!r}", nearest)
        if value not in VALUES[key]:
            nearest = tuple(difflib.get_close_matches(str(value), VALUES[key])) or VALUES[key]
            raise ConventionError(f"{key} cannot be {value!r}", nearest)
        result[key] = value
    return result


@dataclass(frozen=True)
class Mentions:
    """What an answer is written with, as far as conventions depend on it."""

    functions: frozenset[str]
    symbols: frozenset[str]
    names: frozenset[str]  # index names, free or bound
    expanded: bool  # a power or a product of a signal with 1 - itself may stand for a derivative
    loss_steps: bool  # E^t or a delta with two indices, and no E beside it: the loss of one step
    reduces: bool
    mixes_losses: bool = False  # E^t beside E: that is the loss of the whole run

    @staticmethod
    def of(*nodes: Node) -> Mentions:
        functions: set[str] = set()
        symbols: set[str] = set()
        names: set[str] = set()
        expanded = loss_steps = whole_loss = indexed_loss = reduces = False
        for node in (found for root in nodes for found in walk(root)):
            if isinstance(node, Apply):
                functions.add(node.function)
            elif isinstance(node, Symbol):
                symbols.add(node.name)
                for index in (node.time, node.outer):
                    names.update(index.variables if index else ())
                loss_steps = loss_steps or node.outer is not None
            elif isinstance(node, BigOperator):
                for index in (node.low, node.high):
                    names.update(index.variables if index else ())
                names.add(node.index)
            elif isinstance(node, Derivative):
                of = node.of
                if isinstance(of, Symbol) and of.name == "E":
                    loss_steps = loss_steps or of.time is not None
                    indexed_loss = indexed_loss or of.time is not None
                    whole_loss = whole_loss or of.time is None
            elif isinstance(node, Reduce):
                reduces = True
            expanded = expanded or _one_minus(node) or isinstance(node, Power)
        return Mentions(
            frozenset(functions),
            frozenset(symbols),
            frozenset(names),
            expanded,
            loss_steps and not whole_loss,
            reduces,
            whole_loss and indexed_loss,
        )


def _one_minus(node: Node) -> bool:
    from engine.formulas.tree import Number, Sum

    return (
        isinstance(node, Sum)
        and any(isinstance(term, Number) for term in node.terms)
        and len(node.terms) > 1
    )


def _values(
    key: str,
    values: tuple[str, ...],
    mentions: Mentions,
    kind: str,
    concerned: frozenset[str] | None,
    labelled: bool = False,
) -> tuple[str, ...]:
    """The values of one key that an answer with these ``mentions`` may mean."""
    used = mentions.functions
    of = {"activation": "f", "output": "g"}.get(key)
    if of is not None and concerned is not None and of not in concerned:
        return values[:1]
    if key == "loss" and mentions.loss_steps and "step" in values:
        return ("step",)
    if key == "activation":
        if "f" in used:
            return ("abstract",)
        named = tuple(value for value in values if value in used)
        if "cosh" in used and "tanh" in values and "tanh" not in named:
            named += ("tanh",)
        if named:
            return named
        # z(1-z) and 1-z^2 are the derivatives of sigmoid and tanh, written in the value.
        meant = ("abstract", "sigmoid", "tanh") if mentions.expanded else ("abstract",)
        return tuple(value for value in meant if value in values)
    if key == "output":
        if kind not in {"forward", "output-adjoint"}:
            # y - d in the place of delta^out says what the loss is; else any will do.
            return values[1:] if labelled else values[:1]
        if "g" in used and kind == "output-adjoint":
            # g'(v) (y - d) is right for a squared error; with an identity g' would say nothing.
            return tuple(value for value in values if value != "mse-identity")
        if "g" in used:
            return ("abstract",)
        if kind == "forward":
            named = tuple(value for value in values if value.rpartition("-")[2] in used)
            return named or ("abstract",)
    return values


def admissible(
    kind: str,
    stated: Mapping[str, str],
    mentions: Mentions,
    *,
    layouts: tuple[str, ...] | None = None,
    elsewhere: bool = False,
    concerned: frozenset[str] | None = None,
    source: str | None = None,
    label: str | None = None,
    model: Model | None = None,
) -> Iterator[Convention]:
    """Conventions to try for a target of a kind, the likeliest first.

    Stated values hold, except that ``elsewhere`` frees the stated notational ones. ``concerned``
    are the model's functions that the target has to do with (None: all of them); ``source`` is the
    pre-activation of the output: an answer written with it is not read as one of a linear output;
    ``label`` is what the output is compared with. ``model`` says which equations
    there are to choose from.
    """
    choices: dict[str, tuple[str, ...]] = {}
    table = OPEN[kind]
    default = Convention()
    for key in VALUES:
        if key == "loss" and model is not None and model.ends():
            choices[key] = ("sequence",)  # every step's loss reaches every step
            continue
        if key == "scope" and model is not None and model.constants:
            choices[key] = ("whole",)  # what is given once for all steps has no share of one
            continue
        free = key in table or (key in OF_EQUATIONS and model is not None and key in model.keys)
        if key in stated and not (elsewhere and key in NOTATIONAL and free):
            choices[key] = (stated[key],)
            continue
        if key == "scope" and stated and not elsewhere:
            choices[key] = ("whole",)
            continue
        values = table.get(key, (getattr(default, key),))
        if model is not None:
            values = _in_model(key, values, model, mentions)
        if key == "layout" and layouts:
            values = tuple(value for value in layouts if value in values) or values
        if key == "loss" and kind == "lag-adjoint":
            values = ("step",)
        if mentions.mixes_losses and not stated:
            values = {"loss": ("sequence",), "scope": ("whole",)}.get(key, values)
        choices[key] = _values(key, values, mentions, kind, concerned, label in mentions.symbols)
        if key == "output" and source in mentions.symbols:
            choices[key] = tuple(value for value in choices[key] if value != "mse-identity")
    keys = list(VALUES)
    # The last key varies fastest: scope and reduction leave their default before loss or layout do.
    order = (
        "scalar", "layout", "output", "activation", "reset", "z", "counting", "biases", "jacobian",
        "loss", "reduction", "scope",
    )  # fmt: skip
    for combination in product(*(choices[key] for key in order)):
        chosen = dict(zip(order, combination, strict=True))
        batch = mentions.reduces or "N" in mentions.symbols
        mean_of_one = chosen["reduction"] == "mean" and chosen["loss"] == "step" and not batch
        if mean_of_one and "reduction" not in stated:
            continue  # the mean of one step's loss, for one sample, is that loss
        yield replace(default, **{key: chosen[key] for key in keys})


def _in_model(
    key: str, values: tuple[str, ...], model: Model, mentions: Mentions
) -> tuple[str, ...]:
    """The values of a key that make a difference in a model."""
    if key in OF_EQUATIONS:
        return VALUES[key] if key in model.keys else values[:1]
    if key == "biases":
        second = {
            name
            for variant in model.variants
            if ("biases", "two") in variant.when
            for name in variant.parameters
        }
        if mentions.symbols & second:
            return ("two",)
        if "two" not in values and mentions.symbols.isdisjoint(model.inputs):
            return values[:1]  # a slope without its pre-activation written out
        kept = tuple(value for value in values if value != "two")
        return kept if model.biases else kept[:1]
    if key == "activation" and "f" not in model.functions:
        return values[:1]
    if key == "output":
        kept = tuple(value for value in values if value in model.output_losses)
        return kept or values[:1]
    return values


def differing(one: Convention, stated: Mapping[str, str]) -> dict[str, str]:
    """The keys in which a convention is not as stated."""
    return {key: getattr(one, key) for key, value in stated.items() if getattr(one, key) != value}


def mentions_of(equation: Equation) -> Mentions:
    """The mentions of all links of an equation."""
    return Mentions.of(*equation.links)
