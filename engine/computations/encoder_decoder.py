"""Encoder and decoder by hand: shifted targets, counts of steps, distances, what a peek adds."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from engine.computations.common import (
    LEAST_PROBABILITY,
    Entry,
    Vector,
    at_most,
    choice,
    fitting,
    ln,
    numbers,
    product,
    share,
    size,
    wanted,
    whole,
)
from engine.computations.registry import ArgumentError, Arguments, Mistake, Registry
from engine.parameters import Parameter

COMPUTATIONS: Final = Registry()

_SUTSKEVER: Final = "Sutskever, Vinyals, Le (2014)"
_BENGIO: Final = "Bengio, Vinyals, Jaitly, Shazeer (2015)"

# --- teacher forcing -----------------------------------------------------------------------------


def _shifted(a: Arguments, of: str) -> Vector:
    tokens: Vector = a["tokens"]
    return tokens[:-1] if of == "inputs" else tokens[1:]


def _shifted_mistakes(a: Arguments) -> Iterator[Mistake]:
    tokens, of = a["tokens"], a["of"]
    other = "targets" if of == "inputs" else "inputs"
    yield "index-shifted", f"{other}-for-{of}", _shifted(a, other)
    yield "sum-lengthened", "nothing-cut", tokens
    if len(tokens) > 2:
        yield "sum-shortened", "both-ends-cut", tokens[1:-1]
    yield "order-swapped", "turned-round", _shifted(a, of)[::-1]


@COMPUTATIONS.add(
    "teacher_forcing.tokens",
    "what the decoder is fed, or what it is to put out, in training with teacher forcing",
    "ts[:, :-1] goes in and ts[:, 1:] is the target, so that each token is asked for from the true "
    "ones before it; Williams, Zipser (1989)",
    {
        "tokens": numbers("the target's ids, from its start sign to its end sign", most=12),
        "of": choice("which of the two", ("inputs", "targets")),
    },
    _shifted_mistakes,
)
def shifted(a: Arguments) -> Vector:
    """tokens[:-1] or tokens[1:]."""
    if len(whole(a, "tokens")) < 2:
        raise ArgumentError("tokens", "has to have two tokens or more: start and end sign")
    if len(set(a["tokens"])) < 2:
        raise ArgumentError("tokens", "are all the same: inputs and targets can't be told apart")
    return _shifted(a, a["of"])


def _counted(a: Arguments, quantity: str) -> Fraction:
    n, N, p = a["n"], a["N"], a["p"]
    return Fraction(
        {"steps": (n + 1) * N, "true-inputs": p * n * N, "own-inputs": (1 - p) * n * N}[quantity]
    )


def _counted_mistakes(a: Arguments) -> Iterator[Mistake]:
    n, N, p, quantity = a["n"], a["N"], a["p"], a["quantity"]
    if quantity == "steps":
        yield "term-dropped", "end-sign-left-out", n * N
        yield "term-added", "start-sign-put-out", (n + 2) * N
    else:
        other = "own-inputs" if quantity == "true-inputs" else "true-inputs"
        yield "wrong-parameter", other, _counted(a, other)
        ratio = p if quantity == "true-inputs" else 1 - p
        # What goes in first is the start sign, which nobody draws.
        yield "index-shifted", "start-sign-drawn-too", ratio * (n + 1) * N
    if N > 1:
        yield "factor-dropped", "one-sequence", _counted({**a, "N": 1}, quantity)


@COMPUTATIONS.add(
    "teacher_forcing.count",
    "steps of a decoder that writes n words, or how many of its inputs are true or its own",
    "n words and the end sign take n + 1 steps; after the start sign n inputs follow, each the "
    f"true word with probability p, else the decoder's own; {_BENGIO}",
    {
        "n": size("words of a target, without start and end sign"),
        "N": size("targets in the batch", default=1),
        "p": share("probability of the true word as input", default=1),
        "quantity": choice("what is counted", ("steps", "true-inputs", "own-inputs")),
    },
    _counted_mistakes,
)
def counted(a: Arguments) -> Fraction:
    """(n + 1) N, p n N or (1 − p) n N, the latter as expectations."""
    return _counted(a, a["quantity"])


# --- distances -----------------------------------------------------------------------------------


def _lag(a: Arguments, order: str) -> int:
    n, i = a["n"], a["i"]
    return int(n if order == "plain" else 2 * i - 1)


def _lag_mistakes(a: Arguments) -> Iterator[Mistake]:
    n, i, order = a["n"], a["i"], a["order"]
    other = "reversed" if order == "plain" else "plain"
    yield "order-swapped", f"as-if-{other}", _lag(a, other)
    yield "index-shifted", "one-step-more", _lag(a, order) + 1
    if i > 1:
        yield "term-dropped", "own-side-only", n - i + 1 if order == "plain" else i


@COMPUTATIONS.add(
    "seq2seq.lag",
    "steps from reading the i-th word of the source to writing the i-th word of the target",
    "n in plain order; 2i − 1 with the source reversed: the mean stays n, the first words come "
    f"near; {_SUTSKEVER}, section 3.3",
    {
        "n": size("words of the source"),
        "i": size("which word, from 1"),
        "order": choice("how the source is read", ("plain", "reversed")),
    },
    _lag_mistakes,
)
def lag(a: Arguments) -> int:
    """n, or 2i − 1."""
    at_most(a, "i", a["n"])
    return _lag(a, a["order"])


# --- a decoder that peeks ------------------------------------------------------------------------


def _width(a: Arguments, quantity: str, peeky: bool = True) -> int:
    D, H, V = a["D"], a["H"], a["V"] or 0
    own = {"lstm-input": D, "affine-input": H, "extra-parameters": 0}[quantity]
    more = 4 * H * H + H * V if quantity == "extra-parameters" else H
    return int(own + (more if peeky else 0))


def _width_mistakes(a: Arguments) -> Iterator[Mistake]:
    quantity, D, H, V = a["quantity"], a["D"], a["H"], a["V"]
    if quantity == "extra-parameters":
        yield "factor-dropped", "one-block", H * H + H * V
        yield "output-path-dropped", "lstm-only", 4 * H * H
        yield "term-dropped", "output-layer-only", H * V
        return
    yield "term-dropped", "without-the-peek", _width(a, quantity, peeky=False)
    other = "affine-input" if quantity == "lstm-input" else "lstm-input"
    if D != H:
        yield "wrong-signal", f"of-the-{other}", _width(a, other)
    yield "term-added", "twice", _width(a, quantity) + H


@COMPUTATIONS.add(
    "seq2seq.peeky",
    "the input widths of a decoder that sees the encoder's state at every step, or what that costs",
    "[x; h] into the LSTM (D + H), [h; h_t] into the output layer (2H): 4H² + HV parameters more; "
    "Cho et al. (2014); Saito, Deep Learning from Scratch 2, section 7.3",
    {
        "D": size("dimension of an embedding"),
        "H": size("hidden units of encoder and decoder"),
        "V": size("vocabulary; needed for the parameters", maximum=1_000_000, default=None),
        "quantity": choice("what is asked for", ("lstm-input", "affine-input", "extra-parameters")),
    },
    _width_mistakes,
)
def peeky(a: Arguments) -> int:
    """D + H, 2H, or 4H² + HV."""
    if a["quantity"] == "extra-parameters":
        wanted(a, "V", "the parameters")
    return _width(a, a["quantity"])


# --- the loss of a padded batch ------------------------------------------------------------------


def _losses(a: Arguments, counted_padding: bool = False) -> list[tuple[Entry, int]]:
    """Σ −ln p and the number of tokens, of each sequence."""
    T = len(a["p"][0])
    lengths = (T,) * len(a["p"]) if counted_padding else whole(a, "lengths", least=1)
    return [(-ln(product(row[:n])), n) for row, n in zip(a["p"], lengths, strict=True)]


def _reduced(losses: list[tuple[Entry, int]], reduction: str) -> Entry:
    total: Entry = sum((loss for loss, _ in losses), Fraction(0))
    if reduction == "sum":
        return total
    if reduction == "tokens":
        return total / sum(n for _, n in losses)
    return sum((loss / n for loss, n in losses), Fraction(0)) / len(losses)


def _batch_mistakes(a: Arguments) -> Iterator[Mistake]:
    losses, reduction, N, T = _losses(a), a["reduction"], len(a["p"]), len(a["p"][0])
    right = _reduced(losses, reduction)
    padded = any(n < T for _, n in losses)
    yield "sign-flipped", "minus-left-out", -right
    if padded:
        everything = _losses(a, counted_padding=True)
        yield "term-added", "padding-counted", _reduced(everything, reduction)
        if reduction == "tokens":
            yield "mask-misplaced", "divided-by-all", _reduced(losses, "sum") / (N * T)
    if len({n for _, n in losses}) > 1 and reduction != "sum":
        other = "sequences" if reduction == "tokens" else "tokens"
        yield "normalisation-dropped", f"mean-over-{other}", _reduced(losses, other)
    if sum(n for _, n in losses) > 1:
        other = "tokens" if reduction == "sum" else "sum"
        yield "mean-for-sum", f"{other}-for-{reduction}", _reduced(losses, other)


_PADDED: Final = Parameter(
    "matrix",
    "the right token's probability, a row a sequence, padding at the end",
    minimum=LEAST_PROBABILITY,
    maximum=1,
    most=6,
)


@COMPUTATIONS.add(
    "sequence.batch_cross_entropy",
    "the cross entropy of a padded batch of sequences of different lengths",
    "Σ −ln p over real tokens, divided by their number; or the mean of each sequence's own mean, "
    "in which a token of a short sequence counts for more; Goodfellow et al. (2016), section 10.2",
    {
        "p": _PADDED,
        "lengths": numbers("real tokens of each sequence"),
        "reduction": choice("over what the mean goes", ("tokens", "sequences", "sum")),
    },
    _batch_mistakes,
)
def batch_cross_entropy(a: Arguments) -> Entry:
    """−Σ ln p / Σ lengths, the mean of means, or the sum."""
    fitting(a, "lengths", len(a["p"]))
    whole(a, "lengths", least=1, below=len(a["p"][0]) + 1)
    return _reduced(_losses(a), a["reduction"])
