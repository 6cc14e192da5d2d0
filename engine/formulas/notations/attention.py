"""Notations of attention: Bahdanau, Luong, Vaswani, Dive into Deep Learning, lecture notes.

Which weight of an additive score belongs to the query is a matter of names, so that both orders of
W_1 and W_2 stand in tables of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.formulas.models.attention import (
    ADDITIVE,
    ATTENTION,
    GENERAL,
    MASKED,
    SCALED,
    SCALED_DOT_PRODUCT,
)
from engine.formulas.models.decoder_attention import (
    BAHDANAU,
    EARLIER_DOT,
    EARLIER_GENERAL,
    KEYS_AND_VALUES,
    LUONG,
    LUONG_CONCAT,
    LUONG_GENERAL,
)
from engine.formulas.notations import Notation
from engine.formulas.notations.tables import table, turned

# How many keys there are, in other letters.
_KEYS = {
    "T_x": "T",
    "T_s": "T",
    "S": "T",
    "N": "T",
    "n": "T",
    "m": "T",
    "L": "T",
    "M": "T",
    "J": "T",
}
_DECODER = {
    **{key: own for key, own in _KEYS.items() if key != "n"},
    **{"T_y": "n", "Tprime": "n", "T_t": "n"},
}
_SCORES = {"score": "e"}
_CALLS = {"score": "e", "a": "e", "attn": "e"}
_LOSS = "E|L|J|ell|l"

_SINGLE = {"e": "e|s|score|a|energy", "alpha": "alpha|a|w|p", "c": "c|context|o|z", "E": _LOSS}


def _states(key: str, query: str) -> dict[str, str]:
    return {"q": query, "h": key}


_ALPHA = {"e": "e|s|score|scores|energy|u", "alpha": "alpha|a|w|attn|weights", "E": _LOSS}
_ADDITIVE = {"v": "v a|w v|v|w|v T", "m": "m|t"}
_QUERY_FIRST = {"W_1": "W q|W 1|W a|W s|W Q|W", "W_2": "W k|W 2|U a|W h|W K|U"}
_KEY_FIRST = {"W_1": "W 2|U a|U|W s", "W_2": "W 1|W a|W|W h"}
_BAHDANAU = {
    "s": "s|h d|q|d",
    "h": "h|hbar|k",
    "e": "e|score|energy",
    "alpha": "alpha|a|w",
    "c": "c|context",
    "v": "v a|v|w v|w",
    "E": "E|L|J|ell",
}
_LUONG = {"s": "h", "h": "hbar|hs", "e": "e|score", "alpha": "a|alpha", "c": "c|context"}
_STATES = {"s": "s|q|d", "h": "h|k", "e": "e|score", "alpha": "alpha|a|w", "c": "c|a|context"}
_MATRIX = {
    "Q": "Q|q",
    "K": "K|k",
    "V": "V|v",
    "S": "S|scores|E|score|Z|logits",
    "A": "A|P|alpha|weights|attn|W|w",
    "O": "O|Z|H|Y|C|out|output|context",
}
_ITEMS = {
    "Q": "q|Q",
    "K": "k|K",
    "V": "v|V",
    "S": "s|e|score|a|S",
    "A": "alpha|a|w|p|A",
    "O": "o|c|z|y|h|O",
}
_HEADS = {"d": "d_k", "d_model": "d_k", "d_h": "d_k", "d_q": "d_k", "D": "d_k"}
_ATTENTION = {"Attention": "O", "attention": "O", "Attn": "O", "attn": "O", "att": "O"}
_QUERIES_AND_KEYS = {"T": "m", "N": "m", "L": "m"}

_GENERAL = table(
    GENERAL,
    "luong",
    {"q": "q|s", "h": "k|h|hbar", "W": "W a|W|W 1|M", "e": "e|score|u", "E": _LOSS},
    sizes=_KEYS,
    calls=_CALLS,
)
# Whether W or its transpose belongs to a bilinear score is a matter of names.
_DECODER_GENERAL = (
    table(LUONG_GENERAL, "luong", {**_LUONG, "W": "W a|W"}, sizes=_DECODER, calls=_SCORES),
    table(LUONG_GENERAL, "cs224n", {**_STATES, "W": "W|W a|W 1"}, sizes=_DECODER, calls=_SCORES),
)
_EARLIER = table(
    EARLIER_GENERAL, "bahdanau", {**_STATES, "W": "W a|W|W 1"}, sizes=_DECODER, calls=_CALLS
)
_ANY_WEIGHTS = {"score": "e", "a": "e", "alpha": "alpha", "f": "o", "Attention": "o"}


_WAYS_BACK = ("bahdanau", "earlier_dot", "earlier_general", "luong", "luong_general")


def _of_targets(notation: Notation) -> Notation:
    """T for the number of steps of the decoder, where it ends a sum over them."""
    return replace(notation, name=f"{notation.name}-steps", limit_names={"T": "n"})


_TABLES: Mapping[str, tuple[Notation, ...]] = {
    "attention": (
        table(
            ATTENTION,
            "luong",
            {**_SINGLE, **_states("h|hs|hbar|k|H", "q|s|d")},
            sizes=_KEYS,
            calls=_SCORES,
        ),
        table(
            ATTENTION, "d2l", {**_ALPHA, **_states("k", "q"), "c": "c|o"}, sizes=_KEYS, calls=_CALLS
        ),
    ),
    "attention_scaled": (
        table(
            SCALED,
            "d2l",
            {"q": "q|s", "h": "k|h", "e": "e|s|score|u", "E": _LOSS},
            sizes={**_KEYS, "d": "H", "d_k": "H", "d_h": "H"},
            calls=_CALLS,
        ),
    ),
    "attention_general": (_GENERAL, turned(_GENERAL, "W")),
    "attention_additive": (
        table(
            ADDITIVE,
            "d2l",
            {
                "q": "q|s",
                "h": "k|h|hbar",
                "e": "e|score|u",
                "E": _LOSS,
                **_ADDITIVE,
                **_QUERY_FIRST,
            },
            sizes=_KEYS,
            calls=_CALLS,
        ),
        table(
            ADDITIVE,
            "keys-first",
            {"q": "q|s", "h": "k|h|hbar", "e": "e|score|u", "E": _LOSS, **_ADDITIVE, **_KEY_FIRST},
            sizes=_KEYS,
            calls=_CALLS,
        ),
    ),
    "bahdanau": (
        table(
            BAHDANAU,
            "bahdanau",
            {
                **_BAHDANAU,
                "W": "W a|W|W 1|W s|W q|W dec|W d",
                "U": "U a|U|W 2|W h|W k|W enc|W e",
            },
            sizes=_DECODER,
            calls=_CALLS,
        ),
        table(
            BAHDANAU,
            "keys-first",
            {**_BAHDANAU, "W": "W 2|U a|U|W s", "U": "W 1|W a|W|W h"},
            sizes=_DECODER,
            calls=_CALLS,
        ),
    ),
    "luong": (
        table(
            LUONG,
            "encoder-decoder",
            {**_LUONG, "s": "h dec|s dec|h d", "h": "h enc|s enc|h e", "alpha": "alpha|a"},
            sizes=_DECODER,
            calls=_SCORES,
        ),
        table(
            LUONG,
            "luong",
            {**_LUONG, "a": "htilde|a", "W_c": "W c|W"},
            sizes=_DECODER,
            calls=_SCORES,
        ),
        table(
            LUONG,
            "cs224n",
            {**_STATES, "a": "stilde|htilde", "W_c": "W c|W"},
            sizes=_DECODER,
            calls=_SCORES,
        ),
    ),
    "luong_general": (*_DECODER_GENERAL, *(turned(one, "W") for one in _DECODER_GENERAL)),
    "earlier_dot": (table(EARLIER_DOT, "bahdanau", _STATES, sizes=_DECODER, calls=_CALLS),),
    "earlier_general": (_EARLIER, turned(_EARLIER, "W")),
    "luong_concat": (
        table(
            LUONG_CONCAT,
            "luong",
            {**_LUONG, "W": "W a|W", "v": "v a|v"},
            sizes=_DECODER,
            calls=_SCORES,
        ),
        table(
            LUONG_CONCAT,
            "cs224n",
            {**_STATES, "W": "W a|W", "v": "v a|v"},
            sizes=_DECODER,
            calls=_SCORES,
        ),
    ),
    "keys_and_values": tuple(
        table(
            KEYS_AND_VALUES,
            name,
            {
                "q": "q",
                "k": "k",
                "v": "v",
                "e": "e|s|score|a|u",
                "o": "o|c|z|y",
                "alpha": "alpha|w|p",
                "E": _LOSS,
            },
            sizes={**_KEYS, "d_k": "d"},
            calls=calls,
        )
        for name, calls in (
            ("d2l", {"score": "e", "a": "e", "f": "o", "Attention": "o"}),
            ("d2l-weights", _ANY_WEIGHTS),
        )
    ),
    "scaled_dot_product": (
        table(
            SCALED_DOT_PRODUCT,
            "vaswani",
            {**_MATRIX, "E": "L|J|ell|loss"},
            sizes=_HEADS,
            calls=_ATTENTION,
        ),
        table(
            SCALED_DOT_PRODUCT,
            "items",
            {**_ITEMS, "E": "L|J|E|ell"},
            sizes={**_HEADS, **_QUERIES_AND_KEYS},
            calls={"score": "S", "a": "S"},
        ),
    ),
    "masked_attention": (
        table(MASKED, "vaswani", {**_MATRIX, "M": "M|mask|Mask"}, sizes=_HEADS, calls=_ATTENTION),
    ),
}

NOTATIONS: Mapping[str, tuple[Notation, ...]] = {
    model: (*found, *map(_of_targets, found)) if model in _WAYS_BACK else found
    for model, found in _TABLES.items()
}
