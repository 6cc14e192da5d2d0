"""The default notation of a model without time steps: its own names, indices below the letter.

``_SPELLINGS`` holds what a model's names do not say by themselves: a letter with its label, and
other spellings of the same quantity. Further notations of a model stand in modules of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import TypeAlias

from engine.formulas.models.static import SCALAR, StaticModel
from engine.formulas.notations import COMMON_FUNCTIONS, Function, Kind, Notation, Quantity
from engine.formulas.spelling import bare_name

Spelling: TypeAlias = tuple[str, ...]

# Model -> quantity -> spellings, the one to be shown first; each a letter and its labels.
_SPELLINGS: Mapping[str, Mapping[str, tuple[Spelling, ...]]] = {
    "attention": {"e": (("e",), ("s",)), "alpha": (("alpha",), ("a",))},
    "attention_scaled": {"e": (("e",), ("s",))},
    "attention_general": {"e": (("e",), ("s",))},
    "attention_additive": {"e": (("e",), ("s",))},
    "clip_norm": {
        "norm_g": (("norm",), ("n",)),
        "g_new": (("ghat",), ("gtilde",), ("g", "new"), ("gprime",)),
        "theta": (("theta",), ("c",), ("eta",), ("threshold",)),
    },
    "clip_global_norm": {
        "total_norm": (("total", "norm"), ("norm",)),
        "a_new": (("ahat",), ("a", "new"), ("aprime",)),
        "b_new": (("bhat",), ("b", "new"), ("bprime",)),
        "theta": (("theta",), ("c",), ("threshold",)),
    },
    "clip_value": {
        "g_new": (("ghat",), ("gtilde",), ("g", "new"), ("gprime",)),
        "theta": (("theta",), ("c",), ("threshold",)),
    },
    "vae": {"noise": (("epsilon",), ("eps",)), "logvar": (("logvar",), ("lambda",), ("l",))},
    "negative_sampling": {"u_o": (("u", "o"), ("u", "pos"))},
    "sequence": {"logP": (("ell",), ("l",)), "PPL": (("PPL",), ("perplexity",), ("pp",))},
    "beam_score": {"score": (("score",), ("s",)), "alpha": (("alpha",), ("a",))},
    "temperature": {"tau": (("tau",), ("T",))},
    "positional_encoding": {"PE": (("PE",), ("P",), ("p",))},
    "multi_head": {"head": (("head",), ("Head",), ("H",))},
    "parameter_counts": {
        "n_rnn": (("N", "RNN"), ("n", "rnn")),
        "n_lstm": (("N", "LSTM"), ("n", "lstm")),
        "n_gru": (("N", "GRU"), ("n", "gru")),
        "n_lstm_two": (("N", "LSTMtwo"), ("n", "lstmtwo")),
        "n_gru_two": (("N", "GRUtwo"), ("n", "grutwo")),
    },
}
_CONDITIONS: Mapping[str, str] = {"sequence": "p", "skip_gram_text": "p", "beam_score": "p"}
_INDICES = frozenset("ijkno")


@cache
def static_notation(model: StaticModel) -> Notation:
    """The notation that every static model has."""
    quantities = [
        _quantity(model, name, _kind(model, name))
        for name in (*model.quantities, *model.interleaved)
        if name != model.loss
    ]
    quantities += [_quantity(model, name, "scalar") for name in model.scalars]
    if model.loss is not None:
        loss = Quantity("E", "loss", "E", "", False, "E", "E", (("L",), ("J",)), 0)
        quantities.append(loss)
    positions = {"pos", "i"} if model.interleaved else _INDICES
    taken = {quantity.letter for quantity in quantities}
    return Notation(
        "own",
        "column",
        tuple(quantities),
        tuple(_without(function, taken) for function in COMMON_FUNCTIONS),
        sizes=frozenset(model.sizes),
        positions=frozenset(positions) - taken,
        index_letters=frozenset({*model.places, "c", "o", "n"}),
        probabilities={"p": name} if (name := _CONDITIONS.get(model.name)) else {},
        indices_below=True,
        inner_dots=True,
    )


def _kind(model: StaticModel, name: str) -> Kind:
    """Below one of several parameters stands which of them it is, no number of updates."""
    return "parameter" if name in model.parameters and name not in model.families else "signal"


def _without(function: Function, taken: set[str]) -> Function:
    """A function without those of its words that are quantities: sigma, where it is a deviation."""
    return replace(function, also=tuple(word for word in function.also if word not in taken))


def _quantity(model: StaticModel, name: str, kind: Kind) -> Quantity:
    letter, _, label = name.partition("_")
    first, *others = _SPELLINGS.get(model.name, {}).get(name, ((letter, label),))
    letter, label = (*first, "")[:2]
    shape = model.shape(name) or SCALAR
    return Quantity(
        name,
        kind,
        letter,
        label,
        False,
        bare_name(letter, "unicode"),
        bare_name(letter, "latex"),
        tuple(tuple(word for word in one if word) for one in others),
        sum(size != "1" for size in shape),
    )
