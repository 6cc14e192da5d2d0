"""Greedy decoding and beam search over a small table, every step of it exact."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias

from engine.computations.common import Entry, alike, choice, distribution, size, whole
from engine.computations.registry import ArgumentError, Arguments, Mistake, Registry
from engine.computations.seq2seq import NORMALISATION, PENALTY_SOURCE, length_penalty
from engine.parameters import Parameter

COMPUTATIONS: Final = Registry()

_SOURCE: Final = "Graves (2012); Sutskever, Vinyals, Le (2014), section 3.2"


@dataclass(frozen=True, slots=True)
class _Way:
    """A beginning: its tokens, counted from 0, and the probability of each."""

    tokens: tuple[int, ...]
    p: tuple[Fraction, ...]

    @property
    def probability(self) -> Fraction:
        found = Fraction(1)
        for p in self.p:
            found *= p
        return found


_Score: TypeAlias = Callable[[_Way], Fraction]


def _extended(a: Arguments, way: _Way) -> list[_Way]:
    row = a["following"][way.tokens[-1]] if way.tokens else a["first"]
    return [_Way((*way.tokens, token), (*way.p, p)) for token, p in enumerate(row)]


def _search(a: Arguments, width: int, score: _Score, strict: bool = False) -> _Way:
    """The best of the beam after ``length`` tokens; ``strict`` refuses ties that decide."""
    beam = [_Way((), ())]
    for number in range(1, a["length"] + 1):
        ways = [longer for way in beam for longer in _extended(a, way)]
        ways.sort(key=score, reverse=True)
        kept = 1 if number == a["length"] else width
        if strict and len(ways) > kept and score(ways[kept - 1]) == score(ways[kept]):
            what = f"leaves a tie at token {number}: which beginning stays is not determined"
            raise ArgumentError("following" if number > 1 else "first", what)
        beam = ways[:kept]
    return beam[0]


def _by_probability(way: _Way) -> Fraction:
    return way.probability


def _result(a: Arguments, way: _Way) -> Fraction | tuple[int, ...]:
    if a["quantity"] == "probability":
        return way.probability
    return tuple(token + 1 for token in way.tokens)


def _everything(a: Arguments) -> int:
    return int(len(a["first"]) ** a["length"])


def _search_mistakes(a: Arguments) -> Iterator[Mistake]:
    B = a["B"]
    right = _search(a, B, _by_probability)
    greedy = _search(a, 1, _by_probability)
    best = _search(a, _everything(a), _by_probability)
    if B > 1:
        if greedy.tokens != right.tokens:
            yield "greedy-for-beam", "greedy", _result(a, greedy)
        by_sum = _search(a, B, lambda way: sum(way.p, Fraction(0)))
        if by_sum.tokens != right.tokens:
            yield "sum-added", "ranked-by-the-sum", _result(a, by_sum)
    if best.tokens != right.tokens:
        yield "sum-lengthened", "every-sequence", _result(a, best)
    by_last = _search(a, B, lambda way: way.p[-1])
    if by_last.tokens != right.tokens and B > 1:
        yield "factor-dropped", "ranked-by-the-last-token", _result(a, by_last)
    if a["quantity"] == "probability":
        yield "sum-dropped", "last-token-only", right.p[-1]
        yield "term-added", "probabilities-added", sum(right.p, Fraction(0))


@COMPUTATIONS.add(
    "beam_search.best",
    "what beam search of width B finds over a table: the probability, or the tokens",
    f"keep the B beginnings of highest Σ log p; B = 1 is greedy; {_SOURCE}",
    {
        "first": Parameter("numbers", "p of each first token", minimum=0, maximum=1, most=6),
        "following": Parameter(
            "matrix", "row i: p of each token after token i", minimum=0, maximum=1, most=6
        ),
        "B": size("beam width", maximum=36),
        "length": Parameter("integer", "tokens of a sequence", minimum=2, maximum=4, default=2),
        "quantity": choice("what is asked for", ("probability", "tokens")),
    },
    _search_mistakes,
)
def best(a: Arguments) -> Fraction | tuple[int, ...]:
    """The probability of the best sequence found, or its tokens, counted from 1."""
    V = len(a["first"])
    if len(a["following"]) != V or len(a["following"][0]) != V:
        raise ArgumentError("following", f"has to be {V} × {V}, as there are {V} tokens")
    distribution("first", a["first"])
    distribution("following", *a["following"])
    return _result(a, _search(a, a["B"], _by_probability, strict=True))


# --- how much there is to compare ----------------------------------------------------------------


def _kept(a: Arguments) -> int:
    return int(min(a["B"], a["V"] ** (a["t"] - 1)))


def _candidates_mistakes(a: Arguments) -> Iterator[Mistake]:
    B, V, t = a["B"], a["V"], a["t"]
    if t == 1:
        if B > 1:
            yield "index-shifted", "beam-already-full", B * V
        return
    yield "product-lengthened", "every-sequence", V**t
    yield "factor-dropped", "beginnings-only", _kept(a)
    yield "sum-dropped", "tokens-only", V
    yield "sum-added", "sum-for-product", _kept(a) + V
    yield "power-dropped", "times-the-step", _kept(a) * V * t


@COMPUTATIONS.add(
    "beam_search.candidates",
    "how many beginnings beam search compares at step t",
    f"each of the kept ones (B, or fewer at the start) goes on with V tokens; {_SOURCE}",
    {
        "B": size("beam width", maximum=100),
        "V": size("vocabulary", maximum=100_000),
        "t": Parameter("integer", "step, from 1", minimum=1, maximum=20),
    },
    _candidates_mistakes,
)
def candidates(a: Arguments) -> int:
    """min(B, V^(t−1)) · V."""
    return _kept(a) * int(a["V"])


def _exhaustive_mistakes(a: Arguments) -> Iterator[Mistake]:
    V, length = a["V"], a["length"]
    yield "product-lengthened", "every-sequence", V**length
    yield "factor-dropped", "vocabulary-only", V ** (length - 2)
    if length > 2:
        yield "power-dropped", "times-the-length", V * (length - 1)


@COMPUTATIONS.add(
    "beam_search.exhaustive_width",
    "the beam width from which the search is sure to find the best sequence",
    f"V^(T − 1): no beginning is dropped before the last token; any less may miss it; {_SOURCE}",
    {
        "V": Parameter("integer", "vocabulary", minimum=2, maximum=100_000),
        "length": Parameter("integer", "tokens of a sequence", minimum=2, maximum=12),
    },
    _exhaustive_mistakes,
)
def exhaustive_width(a: Arguments) -> int:
    """V^(T − 1)."""
    return int(a["V"] ** (a["length"] - 1))


# --- finished sequences of different lengths -----------------------------------------------------


def _scores(a: Arguments, **but: object) -> list[Entry]:
    a = {**a, **but}
    penalties = (length_penalty(n, a["alpha"], a["penalty"]) for n in whole(a, "lengths", least=1))
    return [p / n for p, n in zip(a["log_probabilities"], penalties, strict=True)]


def _ranked(a: Arguments, scores: list[Entry], lowest: bool = False) -> int:
    """Counted from 1."""
    return scores.index(min(scores) if lowest else max(scores)) + 1


def _winner_mistakes(a: Arguments) -> Iterator[Mistake]:
    right = _scores(a)
    other = "gnmt" if a["penalty"] == "length" else "length"
    wrong = [
        ("normalisation-dropped", "sums-compared", list(a["log_probabilities"])),
        ("wrong-parameter", f"penalty-{other}", _scores(a, penalty=other)),
        ("sign-flipped", "multiplied", [p * (p / s) for p, s in _pairs(a, right)]),
    ]
    if a["alpha"] != 1:
        wrong.append(("power-dropped", "alpha-left-out", _scores(a, alpha=Fraction(1))))
    for code, note, scores in wrong:
        if a["quantity"] == "score":
            yield code, note, max(scores)
        elif _ranked(a, scores) != _ranked(a, right):
            yield code, note, _ranked(a, scores)
            return  # an index has few values: two wrong ways that meet are told by the first
    if a["quantity"] == "score":
        yield "order-swapped", "lowest-score", min(right)


def _pairs(a: Arguments, scores: list[Entry]) -> Iterator[tuple[Entry, Entry]]:
    return ((p, s) for p, s in zip(a["log_probabilities"], scores, strict=True))


@COMPUTATIONS.add(
    "beam_search.winner",
    "which finished sequence wins under length normalisation, counted from 1, or its score",
    f"the greatest Σ log p divided by n^α or by ((5 + n)/6)^α; {PENALTY_SOURCE}",
    {
        "log_probabilities": Parameter(
            "numbers", "Σ log p of each", minimum=-1000, maximum=Fraction(-1, 10**6), most=6
        ),
        "lengths": Parameter("numbers", "tokens of each", minimum=1, maximum=100, most=6),
        **NORMALISATION,
        "quantity": choice("what is asked for", ("index", "score")),
    },
    _winner_mistakes,
)
def winner(a: Arguments) -> Entry:
    """The index of the greatest normalised score, or that score."""
    if alike(a, "log_probabilities", "lengths") < 2:
        raise ArgumentError("lengths", "has to have two sequences or more")
    scores = _scores(a)
    if sorted(scores)[-1] == sorted(scores)[-2]:
        raise ArgumentError("log_probabilities", "leaves a tie: which wins is not determined")
    return max(scores) if a["quantity"] == "score" else _ranked(a, scores)
