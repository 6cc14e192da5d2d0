"""Notations of word2vec: Mikolov, Rong, lecture notes (cs224n), Dive into Deep Learning, Saito."""

from __future__ import annotations

from collections.abc import Mapping

from engine.formulas.models.word2vec import (
    CBOW,
    CBOW_VECTORS,
    CBOW_WINDOW,
    NEGATIVE_SAMPLING,
    NOISE,
    SKIP_GRAM,
    SKIP_GRAM_PAIR,
    SKIP_GRAM_TEXT,
)
from engine.formulas.notations import Notation
from engine.formulas.notations.tables import table, turned

_LOSS = "E|L|J|loss|J neg-sample|J naive-softmax|J sg|J neg|J ns|L neg|L ns|ell|l"
_VOCABULARY = {"W": "V", "N": "V", "n": "V"}
_GIVEN = {"P": "y", "p": "y"}


_PAIR = {"v": "v c|v I|v i|v|vc", "s": "s|z|theta", "E": _LOSS}
_PAIRS = (
    table(
        SKIP_GRAM_PAIR,
        "mikolov",
        {**_PAIR, "u": "vprime|u", "y": "y|p", "t": "t"},
        sizes={**_VOCABULARY, "O": "o"},
        probabilities=_GIVEN,
        letters="woO",
    ),
    table(
        SKIP_GRAM_PAIR,
        "cs224n",
        {
            **_PAIR,
            "v": _PAIR["v"] + "|centerWordVec",
            "u": "u|uprime|outsideVectors",
            "y": "yhat",
            "t": "y|t",
        },
        sizes=_VOCABULARY,
        probabilities=_GIVEN,
        letters="wo",
    ),
)
_NEGATIVES = {
    "u_o": "u o|u pos|u 0|u O",
    "u": "u|u neg",
    "v": "v c|v|v I|v i",
    "E": _LOSS,
}
_MIKOLOV = {
    "u_o": "vprime o|vprime O",
    "u": "vprime|vprime neg",
    "v": "v I|v",
    "E": _LOSS,
}
_CBOW = {
    "W_in": "W in|W",
    "W_out": "W out|Wprime|W o",
    "x": "x|c",
    "h": "h|vbar|vhat",
    "s": "s|o|z",
    "y": "y|yhat|p",
    "t": "t|y",
    "E": _LOSS,
}
_CONTEXT = {"h": "h|vbar|vhat|vbar o", "s": "s|z|o", "u": "u|vprime", "v": "v", "E": _LOSS}
_SIZES = {"N": "V", "n": "V", "W": "V"}

NOTATIONS: Mapping[str, tuple[Notation, ...]] = {
    "cbow": (
        table(CBOW, "saito", {**_CBOW, "y": "y", "t": "t"}, sizes=_SIZES),
        table(CBOW, "hats", {**_CBOW, "y": "yhat|p", "t": "y|t"}, sizes=_SIZES),
    ),
    "cbow_vectors": (
        table(
            CBOW_VECTORS,
            "rong",
            {**_CONTEXT, "y": "y|p", "t": "t"},
            sizes=_SIZES,
            probabilities=_GIVEN,
            letters="wo",
        ),
        table(
            CBOW_VECTORS,
            "cs224n",
            {**_CONTEXT, "y": "yhat", "t": "y|t"},
            sizes=_SIZES,
            probabilities=_GIVEN,
            letters="wo",
        ),
    ),
    "cbow_window": (table(CBOW_WINDOW, "mikolov", {"h": "h|vbar|vhat", "v": "v"}, sizes={}),),
    "skip_gram": (
        table(
            SKIP_GRAM,
            "rong",
            {"y": "y|yhat", "t": "t|y", "u": "u|vprime", "v": "v c|v", "s": "s|z", "E": _LOSS},
            sizes=_SIZES,
            letters="wo",
        ),
    ),
    "skip_gram_pair": (*_PAIRS, turned(_PAIRS[1], "u", "U", "columns")),
    "skip_gram_text": (
        table(
            SKIP_GRAM_TEXT,
            "mikolov",
            {"p": "p", "E": _LOSS},
            sizes={"C": "m", "c": "m", "k": "m"},
            probabilities={"p": "p", "P": "p"},
            letters="w",
        ),
    ),
    "negative_sampling": (
        table(
            NEGATIVE_SAMPLING,
            "cs224n",
            _NEGATIVES,
            sizes={"k": "K", "n": "K", "N": "K"},
            letters="wsi",
        ),
        table(
            NEGATIVE_SAMPLING,
            "mikolov",
            _MIKOLOV,
            sizes={"k": "K", "n": "K", "N": "K"},
            letters="wsi",
        ),
    ),
    "noise_distribution": (
        table(
            NOISE,
            "mikolov",
            {"f": "f|count|U|p|U", "P": "P|P n|Pn|ptilde|q"},
            sizes={"n": "V", "N": "V", "W": "V"},
            probabilities={"P": "P"},
            calls={"f": "f", "U": "f", "count": "f", "freq": "f"},
            letters="w",
        ),
    ),
}
