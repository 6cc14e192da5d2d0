"""Embeddings by hand: the row that comes out, the rows that get gradients, a model's parameters."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from engine.computations import exact
from engine.computations.bidirectional import BIASES, CELL, stacked_count
from engine.computations.common import (
    Matrix,
    Vector,
    alike,
    at_most,
    choice,
    flag,
    matrix,
    numbers,
    size,
    whole,
)
from engine.computations.registry import ArgumentError, Arguments, Mistake, Registry
from engine.parameters import Parameter

COMPUTATIONS: Final = Registry()

# --- lookup --------------------------------------------------------------------------------------


def _words(a: Arguments) -> Matrix:
    """One row a word, whichever form the table has."""
    table: Matrix = a["E"]
    return table if a["form"] == "row" else exact.transpose(table)


def _lookup_mistakes(a: Arguments) -> Iterator[Mistake]:
    words, word = _words(a), a["word"]
    turned = exact.transpose(words)
    if word < len(turned):
        yield "transpose-added", "along-the-other-axis", turned[word]
    if word:
        yield "index-shifted", "counted-from-1", words[word - 1]
    elif len(words) > 1:
        yield "index-shifted", "one-word-on", words[1]
    yield "sum-added", "every-word", exact.plus(*words)


@COMPUTATIONS.add(
    "embedding.lookup",
    "the vector of a word, which is the product of the table with its one-hot vector",
    "one_hot @ E is a row of E (V × D); with E (D × V), E.dot(w) is a column",
    {
        "E": matrix("the table: V × D in row form, D × V in column form"),
        "word": Parameter("integer", "id of the word, from 0", minimum=0, maximum=7),
        "form": choice("orientation", ("row", "column")),
    },
    _lookup_mistakes,
)
def lookup(a: Arguments) -> Vector:
    """E[word] or E[:, word]."""
    words = _words(a)
    at_most(a, "word", len(words) - 1)
    return words[a["word"]]


# --- the way back --------------------------------------------------------------------------------


def _scattered(a: Arguments, wrong: str = "") -> Matrix:
    ids = whole(a, "ids", below=a["V"])
    found: list[Vector] = [(Fraction(0),) * len(a["dout"][0])] * a["V"]
    for word, row in zip(ids, a["dout"], strict=True):
        if word != a["padding"] or wrong == "padding-too":
            found[word] = row if wrong == "overwritten" else exact.plus(found[word], row)
    return tuple(found)


def _scattered_mistakes(a: Arguments) -> Iterator[Mistake]:
    right, ids = _scattered(a), a["ids"]
    counting = [word for word in ids if word != a["padding"]]
    if len(set(counting)) < len(counting):
        yield "not-accumulated", "last-one-stays", _scattered(a, "overwritten")
        shares = [Fraction(1, max(1, counting.count(word))) for word in range(a["V"])]
        means = tuple(exact.scaled(n, row) for n, row in zip(shares, right, strict=True))
        yield "mean-for-sum", "mean-of-repeated-words", means
    if len(counting) < len(ids):
        yield "term-added", "padding-too", _scattered(a, "padding-too")
    whole_row = exact.plus(*a["dout"])
    if a["V"] > 1:
        yield "axis-wrong", "every-row-gets-everything", (whole_row,) * a["V"]


@COMPUTATIONS.add(
    "embedding.backward",
    "∂E/∂W of an embedding table: each word's gradients added to its row",
    "np.add.at(dW, ids, dout); dW[ids] = dout keeps the last of a repeated word; the row of "
    "padding_idx gets none (PyTorch, nn.Embedding)",
    {
        "V": size("vocabulary", maximum=8),
        "ids": numbers("ids of the words, from 0"),
        "dout": matrix("∂E/∂ of each word's vector, one row a word"),
        "padding": Parameter(
            "integer", "padding_idx, if there is one", minimum=0, maximum=7, default=None
        ),
    },
    _scattered_mistakes,
)
def backward(a: Arguments) -> Matrix:
    """dW (V × D) with repeated words added up."""
    alike(a, "ids", "dout")
    whole(a, "ids", below=a["V"])
    at_most(a, "padding", a["V"] - 1)
    return _scattered(a)


# --- a whole language model ----------------------------------------------------------------------


def _model(a: Arguments, wrong: str = "") -> int:
    V, D, H, layers = a["V"], a["D"], a["H"], a["layers"]
    if wrong == "one-layer":
        layers = 1
    tied = (a["tied"] == "True") != (wrong == "other-tying")
    biases = 0 if wrong == "no-biases" else a["biases"]
    recurrent = (
        0 if wrong == "no-recurrent-layers" else stacked_count(a["cell"], D, H, layers, 1, biases)
    )
    output = (0 if tied else H * V) + (0 if wrong in ("no-biases", "no-output-bias") else V)
    return int(V * D + recurrent + (0 if wrong == "no-output-layer" else output))


def _model_mistakes(a: Arguments) -> Iterator[Mistake]:
    tied = a["tied"] == "True"
    if tied:
        yield "term-added", "tied-weights-twice", _model(a, "other-tying")
    elif a["D"] == a["H"]:
        yield "term-dropped", "as-if-tied", _model(a, "other-tying")
    if not tied:
        yield "output-path-dropped", "no-output-layer", _model(a, "no-output-layer")
    yield "bias-dropped", "no-output-bias", _model(a, "no-output-bias")
    if a["biases"]:
        yield "bias-dropped", "no-biases", _model(a, "no-biases")
    if a["layers"] > 1:
        yield "sum-dropped", "one-layer", _model(a, "one-layer")
    yield "recurrent-path-dropped", "no-recurrent-layers", _model(a, "no-recurrent-layers")


@COMPUTATIONS.add(
    "language_model.parameter_count",
    "parameters of a recurrent language model: embedding, recurrent layers and output layer",
    "VD + layers + HV + V; with weight tying the output layer uses the embedding's matrix, D = H, "
    "and only V biases are added; Press, Wolf (2017); Inan, Khosravi, Socher (2017)",
    {
        "V": size("vocabulary", maximum=1_000_000),
        "D": size("dimension of an embedding"),
        "H": size("hidden units"),
        "cell": CELL,
        "layers": size("layers", maximum=12, default=1),
        "biases": BIASES,
        "tied": flag("weight tying"),
    },
    _model_mistakes,
)
def language_model(a: Arguments) -> int:
    """VD + recurrent layers + (0 or HV) + V."""
    if a["tied"] == "True" and a["D"] != a["H"]:
        raise ArgumentError("H", f"has to be {a['D']}, as D is, for the weights to be tied")
    return _model(a)
