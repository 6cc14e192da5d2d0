"""Probabilities of sequences, beam search, temperature, word2vec and vectors of words."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest

from engine import decoding, losses, word2vec
from engine.computations import ComputationError, computation
from engine.word_vectors import cosine_similarity


def value(name, **arguments):
    return computation(name).evaluate(arguments)


def mistakes(name, **arguments):
    return {(m.code, m.note): m.value for m in computation(name).mistakes(arguments)}


def floats(found):
    return np.array(found, dtype=object).astype(float)


# A, B, C: greedy takes A and gets .20; the best is B C with .36.
BEAM = {
    "first": [0.5, 0.4, 0.1],
    "following": [[0.4, 0.32, 0.28], [0.05, 0.05, 0.9], [0.2, 0.5, 0.3]],
}
WORDS = [[1, 2, 3], [4, 5, 6], [7, 8, 10], [0, 1, 1]]

BY_HAND = [
    ("sequence.probability", {"p": ["1/2", "2/3", "3/4"]}, Fraction(1, 4)),
    ("sequence.log_likelihood", {"p": [0.5, 0.25]}, -math.log(8)),
    ("sequence.log_likelihood", {"p": [1, 1]}, 0),
    ("sequence.perplexity", {"p": ["1/5"] * 4}, 5),
    ("sequence.perplexity", {"p": ["1/2", "1/8"]}, 4),
    ("sequence.masked_cross_entropy", {"p": [0.5, 0.125, 0.3], "mask": [1, 1, 0]},
     2 * math.log(2)),
    ("sequence.masked_cross_entropy", {"p": [0.5, 0.125, 0.3], "mask": [1, 1, 0],
                                       "measure": "perplexity"}, 4),
    ("sequence.length_normalised", {"p": [0.5, 0.5, 0.5, 0.5], "alpha": 0.5}, -2 * math.log(2)),
    ("sequence.length_normalised", {"p": [0.5, 0.125]}, -2 * math.log(2)),
    ("softmax.temperature", {"v": ["ln 1", "ln 2", "ln 5"]},
     (Fraction(1, 8), Fraction(1, 4), Fraction(5, 8))),
    ("softmax.temperature", {"v": ["ln 1", "ln 3"], "tau": 0.5},
     (Fraction(1, 10), Fraction(9, 10))),
    ("softmax.temperature", {"v": ["ln 4", "ln 9"], "tau": 2, "entry": 2}, Fraction(3, 5)),
    ("beam_search.best", {**BEAM, "B": 1}, Fraction(1, 5)),
    ("beam_search.best", {**BEAM, "B": 2}, Fraction(9, 25)),
    ("beam_search.best", {**BEAM, "B": 2, "quantity": "tokens"}, (2, 3)),
    ("beam_search.candidates", {"B": 3, "V": 10, "t": 1}, 10),
    ("beam_search.candidates", {"B": 3, "V": 10, "t": 2}, 30),
    ("beam_search.candidates", {"B": 30, "V": 10, "t": 2}, 100),
    ("word2vec.pair_count", {"n": 5, "c": 1}, 8),
    ("word2vec.pair_count", {"n": 10, "c": 2}, 34),
    ("word2vec.pair_count", {"n": 3, "c": 9}, 6),
    ("word2vec.table_size", {"V": 10_000, "D": 100}, 1_000_000),
    ("word2vec.table_size", {"V": 10_000, "D": 100, "what": "one-hot"}, 100_000_000),
    ("word2vec.output_cost", {"V": 10_000, "k": 5}, 6),
    ("word2vec.output_cost", {"V": 10_000, "k": 5, "method": "softmax"}, 10_000),
    ("word2vec.cbow_hidden", {"W_in": WORDS, "context": [0, 2]}, (4, 5, Fraction(13, 2))),
    ("word2vec.cbow_hidden", {"W_in": WORDS, "context": 3}, (0, 1, 1)),
    ("word2vec.noise_distribution", {"counts": [16, 1, 81]},
     (Fraction(8, 36), Fraction(1, 36), Fraction(27, 36))),
    ("word2vec.negative_sampling_errors", {"positive": "ln 3", "negatives": ["ln 2", "-ln 4"]},
     (Fraction(-1, 4), Fraction(2, 3), Fraction(1, 5))),
    ("word2vec.negative_sampling_loss", {"positive": "ln 3", "negatives": ["-ln 3"]},
     -2 * math.log(0.75)),
    ("word_vectors.cosine", {"a": [3, 4], "b": [4, 3]}, Fraction(24, 25)),
    ("word_vectors.cosine", {"a": [1, 0], "b": [0, 7]}, 0),
    ("word_vectors.analogy", {"a": [1, 0], "b": [1, 2], "c": [4, 1]}, (4, 3)),
    ("one_hot.measure", {"V": 50}, math.sqrt(2)),
    ("one_hot.measure", {"V": 50, "measure": "cosine"}, 0),
    ("one_hot.measure", {"V": 50, "measure": "dimension"}, 50),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "expected"), BY_HAND)
def test_the_value_is_the_one_worked_by_hand(name, arguments, expected):
    found = value(name, **arguments)
    if isinstance(expected, float):
        assert found == pytest.approx(expected, rel=1e-12)
    else:
        assert found == expected
        assert not isinstance(found, float)


def test_noise_favours_rare_words_as_the_paper_says():
    found = value("word2vec.noise_distribution", counts=[0.70, 0.29, 0.01])
    assert floats(found) == pytest.approx([0.642, 0.332, 0.027], abs=1e-3)
    assert floats(found) == pytest.approx(word2vec.noise_distribution([0.70, 0.29, 0.01]))


# --- against the engine ---------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("length", [2, 3])
def test_beam_search_finds_what_the_decoder_finds(seed, length):
    rng = np.random.default_rng(seed)
    weights = rng.integers(1, 400, size=(4, 3))
    table = [[Fraction(int(w), int(row.sum())) for w in row] for row in weights]
    first, following = table[0], table[1:]

    def step(state, token):
        row = first if state is None else following[token]
        return np.log(np.array(row, dtype=float)), "begun"

    for B in (1, 2, 3, 9):
        search = decoding.beam_search(step, None, -1, width=B, maximum=length)
        given = {"first": first, "following": following, "B": B, "length": length}
        tokens = value("beam_search.best", **given, quantity="tokens")
        assert tuple(token - 1 for token in tokens) == search.best.tokens
        probability = value("beam_search.best", **given)
        assert math.log(probability) == pytest.approx(search.best.log_probability)
        widest = max(len(beam.candidates) for beam in search.steps[1:2])
        assert value("beam_search.candidates", B=B, V=3, t=2) == widest


def test_the_exhaustive_search_is_a_wide_beam():
    paths = {
        (i, j): Fraction(str(BEAM["first"][i])) * Fraction(str(BEAM["following"][i][j]))
        for i, j in itertools.product(range(3), repeat=2)
    }
    assert value("beam_search.best", **BEAM, B=9) == max(paths.values())


@pytest.mark.parametrize("tau", [0.25, 1, 3])
def test_temperature_agrees_with_the_decoder(tau):
    p = np.array([0.5, 0.2, 0.3])
    found = value("softmax.temperature", v=np.log(p).tolist(), tau=tau)
    assert floats(found) == pytest.approx(decoding.tempered(np.log(p), tau))


def test_length_normalisation_agrees_with_the_decoder():
    p = [0.5, 0.2, 0.9]
    expected = decoding.sequence_score(sum(math.log(each) for each in p), 3, 0.7)
    assert value("sequence.length_normalised", p=p, alpha=0.7) == pytest.approx(expected)


def test_masked_loss_and_perplexity_agree_with_the_engine():
    rng = np.random.default_rng(1)
    v, targets, mask = rng.normal(size=(5, 4)), [0, 3, 1, 2, 2], [1, 0, 1, 1, 0]
    expected = losses.softmax_cross_entropy(v, targets, mask)
    p = [float(row[t]) for row, t in zip(expected.y, targets, strict=True)]
    given = {"p": p, "mask": mask}
    assert value("sequence.masked_cross_entropy", **given) == pytest.approx(expected.E)
    perplexity = value("sequence.masked_cross_entropy", **given, measure="perplexity")
    assert perplexity == pytest.approx(expected.perplexity)


def test_pairs_are_counted_as_they_are_made():
    for n, c in itertools.product(range(2, 9), range(1, 5)):
        assert value("word2vec.pair_count", n=n, c=c) == len(word2vec.pairs(range(n), c))


def test_hidden_vector_and_errors_agree_with_the_model():
    rng = np.random.default_rng(3)
    W_in, W_out = rng.integers(-3, 4, size=(5, 2)) / 2, rng.integers(-3, 4, size=(2, 5)) / 2
    model = word2vec.CBOW(word2vec.Parameters(W_in, W_out))
    run = model.predict([[0, 3, 3, 1]], [[2]], negatives=[[[4, 0]]])
    hidden = value("word2vec.cbow_hidden", W_in=W_in.tolist(), context=[0, 3, 3, 1])
    assert floats(hidden) == pytest.approx(run.h[0])
    s = run.output.s[0, 0].tolist()
    scores = {"positive": s[0], "negatives": s[1:]}
    assert value("word2vec.negative_sampling_loss", **scores) == pytest.approx(run.E)
    errors = value("word2vec.negative_sampling_errors", **scores)
    assert floats(errors) == pytest.approx(run.output.e[0, 0])


def test_cosines_and_distances_are_those_of_the_vectors():
    rng = np.random.default_rng(4)
    for _ in range(5):
        a, b = rng.normal(size=(2, 4))
        found = value("word_vectors.cosine", a=a.tolist(), b=b.tolist())
        assert found == pytest.approx(float(cosine_similarity(a, b)))
    one_hot = np.eye(7)
    assert value("one_hot.measure", V=7) == pytest.approx(np.linalg.norm(one_hot[2] - one_hot[5]))


# --- mistakes ------------------------------------------------------------------------------------

MISTAKES = [
    ("beam_search.best", {**BEAM, "B": 2}, "greedy-for-beam", "greedy", Fraction(1, 5)),
    ("beam_search.best", {**BEAM, "B": 1}, "sum-lengthened", "every-sequence", Fraction(9, 25)),
    ("sequence.perplexity", {"p": ["1/5"] * 4}, "mean-for-sum", "sum-in-the-exponent", 625),
    ("sequence.masked_cross_entropy", {"p": [0.5, 0.125, 0.25], "mask": [1, 1, 0],
                                       "measure": "perplexity"}, "term-added", "padding-counted",
     4),
    ("softmax.temperature", {"v": ["ln 1", "ln 3"], "tau": 0.5}, "factor-dropped",
     "temperature-left-out", (Fraction(1, 4), Fraction(3, 4))),
    ("word2vec.pair_count", {"n": 10, "c": 2}, "term-dropped", "edges-forgotten", 40),
    ("word2vec.noise_distribution", {"counts": ["16/97", "81/97"]}, "power-dropped", "not-raised",
     (Fraction(16, 97), Fraction(81, 97))),
    ("word2vec.cbow_hidden", {"W_in": WORDS, "context": [0, 2]}, "normalisation-dropped",
     "sum-for-mean", (8, 10, 13)),
    ("word2vec.negative_sampling_errors", {"positive": "ln 3", "negatives": ["ln 2", "-ln 4"]},
     "label-sign", "label-1-for-all", (Fraction(-1, 4), Fraction(-1, 3), Fraction(-4, 5))),
    ("word_vectors.cosine", {"a": [3, 4], "b": [4, 3]}, "normalisation-dropped", "scalar-product",
     24),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "code", "note", "wrong"), MISTAKES)
def test_a_mistake_gives_the_value_that_one_gets_by_making_it(name, arguments, code, note, wrong):
    assert mistakes(name, **arguments)[code, note] == wrong


def test_a_search_that_greedy_decoding_answers_too_has_no_such_mistake():
    sure = {"first": [0.9, 0.1], "following": [[0.7, 0.3], [0.4, 0.6]], "B": 2}
    assert "greedy-for-beam" not in {code for code, _ in mistakes("beam_search.best", **sure)}


@pytest.mark.parametrize(
    ("name", "arguments", "argument", "code"),
    [
        ("beam_search.best", {"first": [0.5, 0.5], "following": [[0.6, 0.4]] * 2, "B": 1}, "first",
         "not-fitting"),
        ("beam_search.best", {"first": [0.6, 0.3], "following": [[0.6, 0.4]] * 2, "B": 1}, "first",
         "not-fitting"),
        ("beam_search.best", {"first": [0.6, 0.4], "following": [[0.6, 0.4]], "B": 1},
         "following", "not-fitting"),
        ("sequence.probability", {"p": [0.5, 0]}, "p", "too-small"),
        ("sequence.masked_cross_entropy", {"p": [0.5], "mask": [0]}, "mask", "not-fitting"),
        ("sequence.masked_cross_entropy", {"p": [0.5], "mask": [2]}, "mask", "too-large"),
        ("softmax.temperature", {"v": [1, 2], "entry": 3}, "entry", "too-large"),
        ("word2vec.cbow_hidden", {"W_in": WORDS, "context": [4]}, "context", "too-large"),
        ("word2vec.cbow_hidden", {"W_in": WORDS, "context": ["1/2"]}, "context", "wrong-kind"),
        ("word_vectors.cosine", {"a": [0, 0], "b": [1, 1]}, "a", "not-fitting"),
        ("word_vectors.analogy", {"a": [0, 0], "b": [1, 1], "c": [1]}, "c", "not-fitting"),
    ],
)  # fmt: skip
def test_arguments_that_do_not_fit_are_named(name, arguments, argument, code):
    for ask in (computation(name).evaluate, computation(name).mistakes):
        with pytest.raises(ComputationError) as caught:
            ask(arguments)
        assert (caught.value.argument, caught.value.code) == (argument, code)
