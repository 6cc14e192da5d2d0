"""Notations of the decoder: Bahdanau, Cho, Dive into Deep Learning, lecture notes, textbooks.

The states of the decoder are s_t (h'_t and h^{dec}_t elsewhere), the word before is y_{t-1}. Where
y is the output or the right word, as in other sources, the word before keeps out of the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.formulas.construction import gradient, signal
from engine.formulas.models import Model, decoder
from engine.formulas.models.attention import at
from engine.formulas.models.decoder_start import (
    BOTH,
    CHO,
    CONTEXT,
    PROJECTED,
    START,
    WITH_BIAS,
)
from engine.formulas.models.static import StaticModel
from engine.formulas.notations import COMMON_FUNCTIONS, Function, Notation, Quantity
from engine.formulas.notations.gates import others, quantity, signals
from engine.formulas.notations.tables import table
from engine.formulas.tree import Index, Node, Symbol

_FUNCTIONS = (Function("f", "f", "f", ("phi",)), Function("g", "g", "g"), *COMMON_FUNCTIONS)
# How many steps the decoder takes, in other letters.
_STEPS = {"T_y": "T", "Tprime": "T", "T_d": "T"}

_SIGNALS = {
    "y": "y Y",
    "s": "s S",
    "u": "u a",
    "o": "o v O",
    "p": "p yhat",
    "d": "d t",
    "delta": "delta delta_s",
    "delta_out": "delta_out delta_o",
}
_INPUT = "W W_y W_ys W_sy W_e"
_PAST = "U U_s W_s W_ss"
_WEIGHTS = {
    "W": _INPUT,
    "U": _PAST,
    "b": "b b_s",
    "V": "V V_o W_o W_out W_so W_os W_p W_q",
}
_CONTEXT = {"C": "C C_s W_c W_cs W_sc"}
_CONTEXT_WORDS = "c ctx context"


def _without(words: str, taken: set[str]) -> str:
    return " ".join(word for word in words.split() if word not in taken)


def _notation(
    model: Model,
    name: str,
    *,
    change: Mapping[str, str] | None = None,
    drop: tuple[str, ...] = (),
    meanings: Mapping[str, Node] | None = None,
    strict: bool = False,
    needs: tuple[str, ...] = (),
) -> Notation:
    """The usual table of a decoder with some letters of another source."""
    context = "C" in model.parameters
    bias = _without("b_o b_y b_p b_out c", {"c"} if context else set())
    words = {**_SIGNALS, **_WEIGHTS, "b_o": bias, **(_CONTEXT if context else {})}
    if context:
        words["c"] = _CONTEXT_WORDS
    words |= change or {}
    for one in drop:
        words.pop(one)
    parameters = {one for one in words if one in model.parameters}
    made = [quantity(one, "parameter", words[one]) for one in words if one in parameters]
    written = {one: words[one] for one in words if one not in parameters}
    raised = {"delta_out"}
    shown = [replace(one, raised=True) if one.name in raised else one for one in signals(written)]
    return Notation(
        name=name,
        layout="column",
        quantities=(*shown, *made, *others(loss="E L J loss")),
        functions=_FUNCTIONS,
        sizes=frozenset(_STEPS),
        size_names=_STEPS,
        meanings=meanings or {},
        strict=strict,
        independent=not strict,
        # The plain decoder has the letters of any recurrent net, but for its state.
        needs=frozenset(needs or (() if context else ("s",))),
        defines={"y": "p"} if "p" in words and "y" in words else {},
    )


# U for the word and W for the state, as some sources have it.
_EXCHANGED = {"W": "U U_y", "U": "W W_s"}
_OUTPUTS = {"p": "yhat y", "x": "x"}
_FED: Mapping[str, Node] = {"x": signal("y", Index.of(-1, t=1))}


def _of_model(model: Model) -> tuple[Notation, ...]:
    hidden = {"s": "h_dec h_d hprime"}
    own = (
        _notation(model, "bahdanau"),
        _notation(model, "letters-exchanged", change=_EXCHANGED, strict=True),
        _notation(model, "hidden", change=hidden),
    )
    if model is decoder.PLAIN:
        return (
            *own,
            # y is the right word, and the output too elsewhere.
            _notation(model, "targets", change={"d": "y"}, drop=("y",)),
            _notation(model, "outputs", change={"p": "o", "o": "v", "d": "y t"}, drop=("y",)),
            _notation(model, "fed", change=_OUTPUTS, drop=("y",), meanings=_FED),
            _notation(
                model,
                "britz",
                change={**_EXCHANGED, **_OUTPUTS},
                drop=("y",),
                meanings=_FED,
                strict=True,
            ),
        )
    fed = {"x": "x"}
    return (
        *own,
        _notation(model, "cho", change={"s": "h"}, needs=("C",)),
        _notation(model, "fed", change=fed, drop=("y",), meanings=_FED, needs=("C",)),
        _notation(
            model,
            "fed-hidden",
            change={**fed, "s": "h"},
            drop=("y",),
            meanings=_FED,
            needs=("C",),
        ),
    )


# -- what the encoder hands over

_SOURCE = {"T_x": "T", "T_s": "T", "S": "T", "N": "T", "M": "T", "J": "T"}
_TARGET = {"T_y": "n", "Tprime": "n", "T_d": "n", "T_t": "n"}
_LOSS = "E|L|J|ell|loss"
_STATES = {"s": "s 0|z 0", "h": "h|hs|hbar|h enc|h e"}
_DELTA = quantity("delta", "signal", "delta delta_s")
_BACKWARDS: Mapping[str, Node] = {"hleft": Symbol("h", time=Index.of(1, T=1, t=-1))}


def _handed(model: StaticModel, name: str, later: str, words: Mapping[str, str]) -> Notation:
    """``later``: how the states of the decoder are spelt, of which 0 is the first."""
    spelt = {
        **({"s_0": _STATES["s"]} if "s_0" in model.signals else {}),
        "h": _STATES["h"],
        "u": "u|a",
        "E": _LOSS,
        **({"c": "c|context"} if "c" in model.signals else {}),
        **words,
    }
    made = table(model, name, spelt, sizes={**_SOURCE, **_TARGET})
    meanings: dict[str, Node] = {"delta": gradient(at("u", "t"))}
    more = [_DELTA]
    if "s_0" in model.signals:
        more.append(quantity("s", "signal", later))
        meanings["s@0"] = Symbol("s_0")
    return replace(made, quantities=(*made.quantities, *more), meanings=meanings)


def _read_backwards(notation: Notation) -> Notation:
    """The states of an encoder that reads from the end: the last one that it makes is that of 1."""
    arrow = Quantity("hleft", "signal", "hleft", unicode="h\u20d6", latex=r"\overleftarrow{h}")
    kept = tuple(one for one in notation.quantities if one.name != "h")
    return replace(
        notation,
        name=f"{notation.name}-backward",
        quantities=(*kept, arrow),
        meanings={**notation.meanings, **_BACKWARDS},
    )


def _raised(notation: Notation) -> Notation:
    """Steps above the letter, numbers too: s^0 = h^T, delta^1."""
    last = {"h^T": at("h", "T")} if "h" in notation.by_name else {}
    return replace(
        notation,
        name=f"{notation.name}-raised",
        indices_below=False,
        meanings={**notation.meanings, **last},
    )


def _one_length(notation: Notation) -> Notation:
    """T for the number of steps on both sides, which need not be the same."""
    return replace(
        notation, name=f"{notation.name}-one-length", limit_names={"T": "n"}, independent=False
    )


def _bare_backwards(notation: Notation) -> Notation:
    """The same without the arrow: which encoder it is only the page could tell."""
    arrow = replace(_read_backwards(notation), name=f"{notation.name}-bare", independent=False)
    bare = Quantity("hleft", "signal", "h", unicode="h", latex="h")
    quantities = tuple(bare if one.name == "hleft" else one for one in arrow.quantities)
    return replace(arrow, quantities=quantities)


_START_WEIGHTS = {"W_s": "W s|W|W init|W 0|V|W h|W d", "b_s": "b s|b|b init|b 0"}


def _starts(model: StaticModel, bare: bool) -> tuple[Notation, ...]:
    words = {one: _START_WEIGHTS[one] for one in ("W_s", "b_s") if one in model.parameters}
    if words:
        # The weight of the word is in the shade of that of the first state.
        words |= {"W": "W y|W e", "b": "b u|b y"}
    first = _handed(model, "bahdanau", "s z h_dec h_d hprime d", words)
    backwards = (_read_backwards(first), *((_bare_backwards(first),) if bare else ()))
    return (first, *backwards, _raised(first), _raised(backwards[0]))


def _contexts(model: StaticModel, words: Mapping[str, str]) -> tuple[Notation, ...]:
    own = _handed(model, "cho", "s", words)
    return own, _one_length(own), _raised(own)


NOTATIONS: Mapping[str, tuple[Notation, ...]] = {
    **{model.name: _of_model(model) for model in decoder.MODELS},
    "decoder_start": _starts(START, bare=False),
    "decoder_start_tanh": _starts(PROJECTED, bare=True),
    "decoder_start_bias": _starts(WITH_BIAS, bare=True),
    "fixed_context": _contexts(CONTEXT, {}),
    "fixed_context_tanh": _contexts(CHO, {"V": "V|W c|W h", "W": "W|W y"}),
    "state_and_context": _contexts(BOTH, {}),
}
