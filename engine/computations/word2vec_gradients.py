"""word2vec's scores, losses and gradients: CBOW, skip-gram, negative sampling."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from engine.computations import exact
from engine.computations.common import (
    Entry,
    Matrix,
    Vector,
    at_most,
    choice,
    distribution,
    dot,
    fitting,
    ln,
    matrix,
    mean,
    numbers,
    probabilities,
    size,
    wanted,
    whole,
)
from engine.computations.registry import ArgumentError, Arguments, Mistake, Registry
from engine.parameters import Parameter

COMPUTATIONS: Final = Registry()

_FIRST: Final = "Mikolov, Chen, Corrado, Dean (2013)"
_RONG: Final = "Rong (2014), word2vec Parameter Learning Explained"

# --- CBOW, forward -------------------------------------------------------------------------------


def _scores(a: Arguments, h: Vector) -> Vector:
    v = exact.times(exact.transpose(a["W_out"]), h)
    return exact.softmax(v) if a["quantity"] == "probabilities" else v


def _scores_mistakes(a: Arguments) -> Iterator[Mistake]:
    W_in, W_out = a["W_in"], a["W_out"]
    rows = [W_in[i] for i in whole(a, "context")]
    h = mean(rows)
    if len(rows) > 1:
        yield "normalisation-dropped", "sum-for-mean", _scores(a, exact.plus(*rows))
        yield "sum-dropped", "last-word-only", _scores(a, rows[-1])
    turned = exact.transpose(W_in)
    yield "wrong-parameter", "W_in-for-W_out", _scores({**a, "W_out": turned}, h)
    if len(W_out) == len(W_out[0]) > 1:
        across = {**a, "W_out": exact.transpose(W_out)}
        yield "transpose-added", "W_out-transposed", _scores(across, h)
    if a["quantity"] == "probabilities":
        yield "activation-dropped", "scores", _scores({**a, "quantity": "scores"}, h)
    else:
        yield "left-side-wrong", "hidden-vector", h


@COMPUTATIONS.add(
    "word2vec.cbow_scores",
    "the score of every word as the centre of a context, or its probability",
    f"h = (1/C) Σ W_in[c], v = h W_out, y = softmax(v); {_FIRST}; {_RONG}",
    {
        "W_in": matrix("V × D, a row a word"),
        "W_out": matrix("D × V, a column a word"),
        "context": numbers("ids of the context words, counted from 0"),
        "quantity": choice("what is asked for", ("scores", "probabilities")),
    },
    _scores_mistakes,
)
def cbow_scores(a: Arguments) -> Vector:
    """h W_out, or softmax of it."""
    W_in, W_out = a["W_in"], a["W_out"]
    if (len(W_out), len(W_out[0])) != (len(W_in[0]), len(W_in)):
        raise ArgumentError("W_out", f"has to be {len(W_in[0])} × {len(W_in)}, D × V")
    return _scores(a, mean([W_in[i] for i in whole(a, "context", below=len(W_in))]))


# --- CBOW, the way back --------------------------------------------------------------------------


def _error(a: Arguments, wrong: str = "") -> Vector:
    target = None if wrong == "target-left-out" else a["target"]
    return tuple(y - (k == target) for k, y in enumerate(a["y"]))


def _at_hidden(a: Arguments, wrong: str = "") -> Vector:
    W_out = exact.transpose(a["W_out"]) if wrong == "W_out-transposed" else a["W_out"]
    return exact.times(W_out, _error(a, wrong))


def _cbow_vector(a: Arguments, wrong: str = "") -> Vector:
    """At h, or at the row of one context word."""
    C = 1 if a["quantity"] == "h" else a["C"]
    return exact.scaled(Fraction(1, C), _at_hidden(a, wrong))


def _output_mistakes(a: Arguments) -> Iterator[Mistake]:
    h, error = a["h"], _error(a)
    yield "term-dropped", "target-left-out", exact.outer(h, _error(a, "target-left-out"))
    yield "sign-flipped", "t-minus-y", exact.outer(exact.scaled(-1, h), error)
    yield "outer-product-transposed", "error-first", exact.outer(error, h)
    if a["C"] > 1:
        averaged = exact.scaled(Fraction(1, a["C"]), h)
        yield "factor-added", "divided-by-C-again", exact.outer(averaged, error)


def _cbow_mistakes(a: Arguments) -> Iterator[Mistake]:
    if a["quantity"] == "W_out":
        yield from _output_mistakes(a)
        return
    W_out, C = a["W_out"], a["C"]
    yield "term-dropped", "target-left-out", _cbow_vector(a, "target-left-out")
    yield "sign-flipped", "t-minus-y", exact.scaled(-1, _cbow_vector(a))
    if len(W_out) == len(W_out[0]) > 1:
        yield "transpose-added", "W_out-transposed", _cbow_vector(a, "W_out-transposed")
    if C > 1 and a["quantity"] == "context-row":
        yield "normalisation-dropped", "C-left-out", _at_hidden(a)
        yield "factor-added", "times-C", exact.scaled(C, _at_hidden(a))
    elif C > 1:
        yield "factor-added", "divided-by-C", exact.scaled(Fraction(1, C), _at_hidden(a))
    column = tuple(row[a["target"]] for row in W_out)
    yield "sum-dropped", "target-only", exact.scaled(_error(a)[a["target"]], column)


@COMPUTATIONS.add(
    "word2vec.cbow_gradient",
    "the gradient of CBOW with full softmax: at W_out, at h, or at the row of one context word",
    "L = −ln y_t; dW_out = h (y − t)ᵀ, dh = W_out (y − t), each context word's row gets dh/C "
    f"(a repeated one twice that); {_RONG}",
    {
        "y": probabilities("softmax of the scores", most=8),
        "target": Parameter("integer", "id of the centre word, from 0", minimum=0, maximum=7),
        "h": numbers("the hidden vector; needed for W_out", default=None),
        "W_out": matrix("D × V; needed for h and context-row", default=None),
        "C": size("context words", maximum=16, default=2),
        "quantity": choice("where", ("context-row", "h", "W_out")),
    },
    _cbow_mistakes,
)
def cbow_gradient(a: Arguments) -> Vector | Matrix:
    """h (y − t)ᵀ, W_out (y − t), or that over C."""
    V = len(a["y"])
    distribution("y", a["y"])
    at_most(a, "target", V - 1)
    needed = "h" if a["quantity"] == "W_out" else "W_out"
    wanted(a, needed, a["quantity"])
    if needed == "W_out" and len(a["W_out"][0]) != V:
        raise ArgumentError("W_out", f"has to have {V} columns, one a word")
    return exact.outer(a["h"], _error(a)) if needed == "h" else _cbow_vector(a)


# --- skip-gram -----------------------------------------------------------------------------------


def _context(a: Arguments) -> tuple[int, ...]:
    return whole(a, "context", below=len(a["v"]))


def _skip_gram_loss(a: Arguments, context: tuple[int, ...]) -> Entry:
    y = exact.softmax(a["v"])
    return -sum((ln(y[c]) for c in context), Fraction(0))


def _skip_gram_loss_mistakes(a: Arguments) -> Iterator[Mistake]:
    context = _context(a)
    right = _skip_gram_loss(a, context)
    yield "sign-flipped", "minus-left-out", -right
    if len(context) > 1:
        yield "mean-for-sum", "mean-over-the-context", right / len(context)
        yield "sum-dropped", "last-word-only", _skip_gram_loss(a, context[-1:])
        y = exact.softmax(a["v"])
        together = -ln(sum((y[c] for c in context), Fraction(0)))
        yield "parentheses-misplaced", "logarithm-of-the-sum", together
    raw = -sum((exact.number(a["v"][c]) for c in context), Fraction(0))
    yield "normalisation-dropped", "scores-alone", raw


_SKIP_GRAM: Final = {
    "v": numbers("the scores that one centre word gives all words", logarithms=True),
    "context": numbers("ids of the context words, counted from 0"),
}


@COMPUTATIONS.add(
    "word2vec.skip_gram_loss",
    "the loss of skip-gram with full softmax for one centre word",
    f"L = −Σ ln p(w_(t+j) | w_t), all from the same softmax; {_FIRST}; {_RONG}",
    _SKIP_GRAM,
    _skip_gram_loss_mistakes,
)
def skip_gram_loss(a: Arguments) -> Entry:
    """−Σ ln y_c."""
    return _skip_gram_loss(a, _context(a))


def _skip_gram_errors(a: Arguments, context: tuple[int, ...]) -> Vector:
    y = exact.softmax(a["v"])
    return tuple(len(context) * p - context.count(k) for k, p in enumerate(y))


def _skip_gram_errors_mistakes(a: Arguments) -> Iterator[Mistake]:
    context = _context(a)
    right = _skip_gram_errors(a, context)
    yield "sign-flipped", "t-minus-y", exact.scaled(-1, right)
    if len(context) > 1:
        yield (
            "mean-for-sum",
            "mean-over-the-context",
            exact.scaled(Fraction(1, len(context)), right),
        )
        yield "sum-dropped", "last-word-only", _skip_gram_errors(a, context[-1:])
        y = exact.softmax(a["v"])
        once = tuple(p - context.count(k) for k, p in enumerate(y))
        yield "factor-dropped", "softmax-once", once
    yield "term-dropped", "targets-left-out", exact.scaled(len(context), exact.softmax(a["v"]))


@COMPUTATIONS.add(
    "word2vec.skip_gram_errors",
    "∂L/∂v of skip-gram with full softmax, summed over the context words",
    "Σ_c (y − t_c) = C y − Σ t_c; times W_out it is the gradient of the centre word's row; "
    f"{_RONG}",
    _SKIP_GRAM,
    _skip_gram_errors_mistakes,
)
def skip_gram_errors(a: Arguments) -> Vector:
    """C y − Σ t_c."""
    return _skip_gram_errors(a, _context(a))


# --- negative sampling ---------------------------------------------------------------------------


def _sampling_errors(a: Arguments, wrong: str = "") -> Vector:
    if a["errors"] is not None:
        found: Vector = a["errors"]
        return found
    labels = (1,) * len(a["u"]) if wrong == "label-1-for-all" else (1,) + (0,) * (len(a["u"]) - 1)
    scores = (dot(u, a["v"]) for u in a["u"])
    return tuple(
        exact.activate("sigmoid", s) - label for s, label in zip(scores, labels, strict=True)
    )


def _sampling(a: Arguments, errors: Vector) -> Vector:
    if a["by"] == "v":
        return exact.times(exact.transpose(a["u"]), errors)
    return exact.scaled(errors[a["k"]], a["v"])


def _sampling_mistakes(a: Arguments) -> Iterator[Mistake]:
    errors = _sampling_errors(a)
    yield "sign-flipped", "label-minus-y", exact.scaled(-1, _sampling(a, errors))
    if a["errors"] is None and (a["by"] == "v" or a["k"]) and len(a["u"]) > 1:
        alike_all = _sampling_errors(a, "label-1-for-all")
        yield "label-sign", "label-1-for-all", _sampling(a, alike_all)
    if a["by"] == "v":
        if len(errors) > 1:
            only = (errors[0], *(Fraction(0) for _ in errors[1:]))
            yield "sum-dropped", "positive-only", _sampling(a, only)
            share = exact.scaled(Fraction(1, len(errors)), _sampling(a, errors))
            yield "mean-for-sum", "mean-over-examples", share
    else:
        yield "wrong-signal", "u-for-v", exact.scaled(errors[a["k"]], a["u"][a["k"]])


@COMPUTATIONS.add(
    "word2vec.negative_sampling_gradient",
    "the gradient of negative sampling at the centre's vector v, or at one output vector u_k",
    "e_k = σ(u_k·v) − label; dv = Σ e_k u_k, du_k = e_k v; Mikolov, Sutskever et al. (2013)",
    {
        "v": numbers("the hidden vector"),
        "u": matrix("output vectors, the right word first, then the negative examples"),
        "errors": numbers("σ(u_k·v) − label of each, if they are printed", default=None),
        "by": choice("at which", ("v", "u")),
        "k": Parameter("integer", "which u, from 0", minimum=0, maximum=7, default=0),
    },
    _sampling_mistakes,
)
def negative_sampling_gradient(a: Arguments) -> Vector:
    """Σ e_k u_k, or e_k v."""
    if len(a["u"][0]) != len(a["v"]):
        raise ArgumentError("u", f"has to have {len(a['v'])} columns, as v has entries")
    if a["errors"] is not None:
        fitting(a, "errors", len(a["u"]))
    at_most(a, "k", len(a["u"]) - 1)
    return _sampling(a, _sampling_errors(a))
