"""Notations of the bidirectional RNN: arrows, labels f and b, Goodfellow's h and g, rows of d2l.

One matrix V beside both states joined is two matrices in the model; a state without a direction is
both of them joined.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.formulas.construction import NOW
from engine.formulas.models.joined_states import MODEL as JOINED
from engine.formulas.notations import COMMON_FUNCTIONS, Function, Kind, Notation, Quantity
from engine.formulas.notations.course import EPSILON, SAMPLES
from engine.formulas.notations.tables import table
from engine.formulas.spelling import bare_name
from engine.formulas.tree import Node, Stack, Symbol

_SIGNALS = ("x", "d", "u_f", "h_f", "u_b", "h_b", "v", "y", "h", "delta_f", "delta_b", "delta_out")
_DELTAS = {
    "delta_f": "delta f|deltaright",
    "delta_b": "delta b|deltaleft",
    "delta_out": "delta out",
}
_BOTH: Node = Stack((Symbol("h_f", time=NOW), Symbol("h_b", time=NOW)), "rows")
_JOINED = {"V": {"h_f": "V_f", "h_b": "V_b"}}
_SHOWN = {"right": r"\overrightarrow{%s}", "left": r"\overleftarrow{%s}"}


def _latex(letter: str) -> str:
    for accent, command in _SHOWN.items():
        plain = letter.removesuffix(accent)
        if plain != letter and plain:
            return command % bare_name(plain, "latex")
    return bare_name(letter, "latex")


def _unicode(letter: str) -> str:
    for accent, mark in (("right", "\u20d7"), ("left", "\u20d6")):
        plain = letter.removesuffix(accent)
        if plain != letter and plain:
            return bare_name(plain, "unicode") + mark
    return bare_name(letter, "unicode")


def _quantity(name: str, words: str) -> Quantity:
    first, *others = (tuple(word.split()) for word in words.split("|"))
    letter, *labels = first
    kind: Kind = "signal" if name in _SIGNALS else "parameter"
    also = [*others] if len(labels) < 2 else [first, *others]
    label = ",".join(labels)
    return Quantity(name, kind, letter, label, False, _unicode(letter), _latex(letter), tuple(also))


def _notation(
    name: str,
    words: Mapping[str, str],
    layout: str = "column",
    own: tuple[str, ...] = ("_f", "_b"),
) -> Notation:
    """``own``: quantities ending so are named as in no other net; one of them has to be there."""
    quantities = [_quantity(*pair) for pair in {**_DELTAS, **words}.items()]
    taken = {quantity.letter for quantity in quantities}
    loss = Quantity("E", "loss", "E", "", False, "E", "E", (("L",), ("J",)))
    activations = (Function("f", "f", "f", ("phi", "H")), Function("g", "g", "g"))
    functions = [
        Function(one.name, one.unicode, one.latex, tuple(w for w in one.also if w not in taken))
        for one in activations
        if one.name not in taken
    ]
    return Notation(
        name,
        layout,
        (*quantities, EPSILON, SAMPLES, loss),
        (*functions, *COMMON_FUNCTIONS),
        meanings={"h": _BOTH} if "h" in words else {},
        joint=_JOINED,
        only_joint=frozenset({"V"}),
        independent=True,
        needs=frozenset(
            quantity.name
            for quantity in quantities
            if quantity.name == "V" or quantity.name.endswith(own)
        ),
    )


_OUT = {"v": "v|o", "y": "y|yhat", "d": "d|t"}

NOTATIONS: Mapping[str, tuple[Notation, ...]] = {
    "bidirectional": (
        _notation(
            "labels",
            {
                "x": "x|X",
                "h_f": "h f|h fwd|h forward|hf|hs f|h 1",
                "h_b": "h b|h bwd|h backward|hb|hs b|h 2",
                "u_f": "u f|a f",
                "u_b": "u b|a b",
                "h": "h|H",
                "W_f": "W f|W x f|W xh f|Wx f|W in,f",
                "W_b": "W b|W x b|W xh b|Wx b|W in,b",
                "U_f": "U f|W h f|W hh f|Wh f|W rec,f",
                "U_b": "U b|W h b|W hh b|Wh b|W rec,b",
                "b_f": "b f|b h f",
                "b_b": "b b|b h b",
                "V_f": "V f|W y f|W hy f|W out f",
                "V_b": "V b|W y b|W hy b|W out b",
                "V": "V|W y|W out|W hy|W o|W",
                "c": "c|b y|b out|b o",
                **_OUT,
            },
        ),
        _notation(
            "arrows",
            {
                "x": "x|X",
                "h_f": "hright|aright|sright",
                "h_b": "hleft|aleft|sleft",
                "u_f": "uright",
                "u_b": "uleft",
                "h": "h",
                "W_f": "Wright|Wright x|Wright xh|W f|W xh f|W x f|W xright",
                "W_b": "Wleft|Wleft x|Wleft xh|W b|W xh b|W x b|W xleft",
                "U_f": "Uright|Vright|Wright h|Wright hh|U f|W hh f|W h f|V f",
                "U_b": "Uleft|Vleft|Wleft h|Wleft hh|U b|W hh b|W h b|V b",
                "b_f": "bright|bright h|b f|b h f",
                "b_b": "bleft|bleft h|b b|b h b",
                "V_f": "V f|W hright|W y f",
                "V_b": "V b|W hleft|W y b",
                "V": "V|W y|W out|W hy|U|W o|W",
                "c": "c|b y|b o",
                **_OUT,
            },
        ),
        _notation(
            "arrow-labels",
            {
                "x": "x|X",
                "h_f": "hright",
                "h_b": "hleft",
                "u_f": "uright",
                "u_b": "uleft",
                "h": "h",
                "W_f": "W hright|W x hright|W xh right|W right",
                "W_b": "W hleft|W x hleft|W left",
                "U_f": "U hright|W hright hright|U right",
                "U_b": "U hleft|W hleft hleft|U left",
                "b_f": "b hright|b right",
                "b_b": "b hleft|b left",
                "V_f": "V hright|W hright y",
                "V_b": "V hleft|W hleft y",
                "V": "V|W y|W out",
                "c": "c|b y|b o",
                **_OUT,
            },
        ),
        _notation(
            "d2l",
            {
                "x": "X|x",
                "h_f": "Hright|hright",
                "h_b": "Hleft|hleft",
                "h": "H",
                "u_f": "uright",
                "u_b": "uleft",
                "W_f": "W xh f",
                "W_b": "W xh b",
                "U_f": "W hh f",
                "U_b": "W hh b",
                "b_f": "b h f",
                "b_b": "b h b",
                "V_f": "V f",
                "V_b": "V b",
                "V": "W hq",
                "c": "b q",
                "v": "O|o",
                "y": "y|yhat",
                "d": "d",
            },
            "row",
        ),
        _notation(
            "goodfellow",
            {
                "x": "x",
                "h_f": "h",
                "h_b": "g",
                "u_f": "a f",
                "u_b": "a b",
                "W_f": "U",
                "U_f": "W",
                "b_f": "b",
                "W_b": "Uprime",
                "U_b": "Wprime",
                "b_b": "bprime",
                "V_f": "V",
                "V_b": "Vprime",
                "c": "c",
                "v": "o",
                "y": "yhat",
                "d": "y",
            },
            own=("_b",),
        ),
    ),
    "joined_states": (
        table(
            JOINED,
            "labels",
            {
                "f": "h f|hs f|hf|h fwd|h forward|hs fwd|H f|out f",
                "b": "h b|hs b|hb|h bwd|h backward|hs bwd|H b",
                "r": "h rev|h b reversed|hs b reversed|h bwd reversed|h backward reversed"
                "|hb reversed",
                "h": "h|hs|H|out",
            },
            letters="t",
            keep=False,
        ),
        # Whether the states were put in the order of time already only the page could tell.
        replace(
            table(
                JOINED,
                "in-time",
                {
                    "f": "h f|hs f|hf|h fwd|h forward|hs fwd|H f|out f",
                    "r": "h b|hs b|hb|h bwd|h backward|hs bwd|H b",
                    "h": "h|hs|H|out",
                },
                letters="t",
                keep=False,
            ),
            independent=False,
        ),
        table(
            JOINED,
            "arrows",
            {"f": "hright|Hright", "r": "hleft|Hleft", "h": "h|H"},
            letters="t",
            keep=False,
        ),
    ),
}
