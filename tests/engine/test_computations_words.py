"""Words by hand: teacher forcing, finished beams, embeddings, word2vec's gradients."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest

from engine import decoding, losses
from engine.computations import ComputationError, computation
from engine.embedding import Embedding
from engine.recurrent.parameter_counts import layer_count
from engine.word2vec import CBOW, Parameters, SkipGram


def value(name, **arguments):
    return computation(name).evaluate(arguments)


def mistakes(name, **arguments):
    return {(m.code, m.note): m.value for m in computation(name).mistakes(arguments)}


def floats(found):
    return np.array(found, dtype=object).astype(float)


PADDED = {"p": [["1/2", "1/4", "1/8"], ["1/2", "1/9", "1/9"]], "lengths": [3, 1]}
#: Totals −4 over 4 tokens, −5 over 8.
FINISHED = {"log_probabilities": [-4, -5], "lengths": [4, 8]}
CBOW_BACK = {"y": ["1/4", "1/2", "1/4"], "target": 1, "h": [2, 4],
             "W_out": [[4, 8, 0], [0, 4, 8]], "C": 2}  # fmt: skip

BY_HAND = [
    ("teacher_forcing.tokens", {"tokens": [1, 7, 9, 2]}, (1, 7, 9)),
    ("teacher_forcing.tokens", {"tokens": [1, 7, 9, 2], "of": "targets"}, (7, 9, 2)),
    ("teacher_forcing.count", {"n": 5}, 6),
    ("teacher_forcing.count", {"n": 5, "N": 4, "p": "3/4", "quantity": "own-inputs"}, 5),
    ("teacher_forcing.count", {"n": 5, "N": 4, "p": "3/4", "quantity": "true-inputs"}, 15),
    ("seq2seq.lag", {"n": 6, "i": 2}, 6),
    ("seq2seq.lag", {"n": 6, "i": 2, "order": "reversed"}, 3),
    ("seq2seq.peeky", {"D": 16, "H": 128, "quantity": "lstm-input"}, 144),
    ("seq2seq.peeky", {"D": 16, "H": 128, "quantity": "affine-input"}, 256),
    ("seq2seq.peeky", {"D": 16, "H": 128, "V": 13, "quantity": "extra-parameters"},
     4 * 128**2 + 128 * 13),
    ("sequence.batch_cross_entropy", PADDED, 7 / 4 * math.log(2)),
    ("sequence.batch_cross_entropy", {**PADDED, "reduction": "sequences"}, 3 / 2 * math.log(2)),
    ("sequence.batch_cross_entropy", {**PADDED, "reduction": "sum"}, 7 * math.log(2)),
    ("sequence.length_normalised", {"p": ["1/2"] * 7, "penalty": "gnmt"}, -3.5 * math.log(2)),
    ("sequence.length_normalised", {"p": ["1/2"] * 4, "alpha": "1/2"}, -2 * math.log(2)),
    ("beam_search.winner", FINISHED, 2),
    ("beam_search.winner", {**FINISHED, "quantity": "score"}, Fraction(-5, 8)),
    ("beam_search.winner", {**FINISHED, "penalty": "gnmt", "quantity": "score"}, Fraction(-30, 13)),
    ("beam_search.exhaustive_width", {"V": 3, "length": 4}, 27),
    ("embedding.lookup", {"E": [[1, 2], [3, 4], [5, 6]], "word": 1}, (3, 4)),
    ("embedding.lookup", {"E": [[1, 2, 3], [4, 5, 6]], "word": 1, "form": "column"}, (2, 5)),
    ("embedding.backward", {"V": 3, "ids": [0, 2, 0], "dout": [[1, 2], [3, 4], [5, 6]]},
     ((6, 8), (0, 0), (3, 4))),
    ("embedding.backward", {"V": 2, "ids": [0, 1], "dout": [[1], [3]], "padding": 0}, ((0,), (3,))),
    ("language_model.parameter_count", {"V": 1000, "D": 100, "H": 100},
     100_000 + 80_400 + 100_000 + 1000),
    ("language_model.parameter_count", {"V": 1000, "D": 100, "H": 100, "tied": "True"},
     100_000 + 80_400 + 1000),
    ("word2vec.cbow_scores", {"W_in": [[2, 0], [1, 1], [0, 4]], "W_out": [[1, 0, 2], [0, 1, 1]],
                              "context": [0, 2]}, (1, 2, 4)),
    ("word2vec.cbow_scores", {"W_in": [[2, 0], [0, 4]], "W_out": [[0, 0], [0, 0]],
                              "context": [0], "quantity": "probabilities"},
     (Fraction(1, 2), Fraction(1, 2))),
    # error (1/4, −1/2, 1/4)
    ("word2vec.cbow_gradient", {**CBOW_BACK, "quantity": "h"}, (-3, 0)),
    ("word2vec.cbow_gradient", CBOW_BACK, (Fraction(-3, 2), 0)),
    ("word2vec.cbow_gradient", {**CBOW_BACK, "quantity": "W_out"},
     ((Fraction(1, 2), -1, Fraction(1, 2)), (1, -2, 1))),
    ("word2vec.skip_gram_loss", {"v": ["ln 1", "ln 2", "ln 5"], "context": [0, 1]}, math.log(32)),
    ("word2vec.skip_gram_errors", {"v": ["ln 1", "ln 2", "ln 5"], "context": [0, 1]},
     (Fraction(-3, 4), Fraction(-1, 2), Fraction(5, 4))),
    ("word2vec.negative_sampling_gradient", {"v": [1, 2], "u": [[4, 0], [0, 8]],
                                             "errors": ["-1/4", "1/2"]}, (-1, 4)),
    ("word2vec.negative_sampling_gradient", {"v": [1, 2], "u": [[2, -1], [-2, 1]], "by": "u"},
     (Fraction(-1, 2), -1)),
    ("word_vectors.nearest", {"words": [[5, 5], [1, 0], [-9, 0]], "query": [2, "1/5"]}, 1),
    ("vae.reparameterise_gradient", {"dz": [2, 4], "sigma": [3, "1/2"], "epsilon": [1, -1],
                                     "by": "log_variance"}, (3, -1)),
    ("vae.reparameterise_gradient", {"dz": [2, 4], "log_variance": ["ln 9", "ln 4"],
                                     "epsilon": [1, -1], "by": "sigma"}, (2, -4)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "expected"), BY_HAND)
def test_the_value_is_the_one_worked_by_hand(name, arguments, expected):
    found = value(name, **arguments)
    if isinstance(expected, float):
        assert found == pytest.approx(expected, rel=1e-12)
    else:
        assert found == expected
        assert not isinstance(found, float)


# --- against the engine --------------------------------------------------------------------------


def drawn_words(V, D, seed=0):
    rng = np.random.default_rng(seed)
    return Parameters(rng.normal(size=(V, D)), rng.normal(size=(D, V)))


def test_cbow_is_that_of_the_model_forward_and_back():
    words, context, target = drawn_words(5, 3), [1, 3, 1], 2
    model = CBOW(words)
    run = model.forward([target], [context])
    back = model.backward(run)
    table = {"W_in": words.W_in.tolist(), "W_out": words.W_out.tolist(), "context": context}
    assert floats(value("word2vec.cbow_scores", **table)) == pytest.approx(run.output.v[0])
    y = value("word2vec.cbow_scores", **table, quantity="probabilities")
    assert floats(y) == pytest.approx(run.output.y[0])
    given = {"y": list(y), "target": target, "h": run.h[0].tolist(), "C": 3,
             "W_out": words.W_out.tolist()}  # fmt: skip
    found = {q: floats(value("word2vec.cbow_gradient", **given, quantity=q))
             for q in ("h", "W_out", "context-row")}  # fmt: skip
    assert found["h"] == pytest.approx(back.h[0])
    assert found["W_out"] == pytest.approx(back.parameters.W_out)
    assert found["context-row"] == pytest.approx(back.parameters.W_in[3])
    assert 2 * found["context-row"] == pytest.approx(back.parameters.W_in[1])


def test_skip_gram_is_that_of_the_model():
    words, context = drawn_words(5, 3, seed=1), [0, 4, 4]
    model = SkipGram(words)
    run = model.forward([2], [context])
    given = {"v": run.output.v[0].tolist(), "context": context}
    assert value("word2vec.skip_gram_loss", **given) == pytest.approx(run.E)
    errors = floats(value("word2vec.skip_gram_errors", **given))
    assert words.W_out @ errors == pytest.approx(model.backward(run).parameters.W_in[2])


def test_negative_sampling_is_that_of_the_model():
    words, centre, target, negatives = drawn_words(6, 3, seed=2), 1, 4, [0, 5]
    model = SkipGram(words)
    run = model.forward([centre], [[target]], negatives=[[negatives]])
    back = model.backward(run).parameters
    given = {"v": words.W_in[centre].tolist(),
             "u": words.W_out.T[[target, *negatives]].tolist()}  # fmt: skip
    name = "word2vec.negative_sampling_gradient"
    assert floats(value(name, **given)) == pytest.approx(back.W_in[centre])
    for k, word in enumerate([target, *negatives]):
        assert floats(value(name, **given, by="u", k=k)) == pytest.approx(back.W_out[:, word])


def test_embeddings_are_those_of_the_layer():
    rng = np.random.default_rng(3)
    W, ids, dout = rng.normal(size=(4, 2)), [2, 0, 2, 3], rng.normal(size=(4, 2))
    for padding in (None, 2):
        layer = Embedding(W, padding=padding)
        run = layer.forward(ids)
        found = value("embedding.backward", V=4, ids=ids, dout=dout.tolist(), padding=padding)
        assert floats(found) == pytest.approx(layer.backward(run, dout))
    one_hot = np.eye(4)[1]
    assert floats(value("embedding.lookup", E=W.tolist(), word=1)) == pytest.approx(one_hot @ W)
    found = value("embedding.lookup", E=W.T.tolist(), word=1, form="column")
    assert floats(found) == pytest.approx(W.T @ one_hot)


def test_the_loss_of_a_padded_batch_is_that_of_the_engine():
    rng = np.random.default_rng(4)
    v = rng.normal(size=(2, 3, 4))
    targets, lengths = np.array([[0, 3, 1], [2, 2, 0]]), [3, 2]
    p = np.take_along_axis(np.exp(v) / np.exp(v).sum(-1, keepdims=True), targets[..., None], -1)
    mask = np.arange(3) < np.array(lengths)[:, None]
    found = value("sequence.batch_cross_entropy", p=p[..., 0].tolist(), lengths=lengths)
    assert found == pytest.approx(losses.softmax_cross_entropy(v, targets, mask=mask).E)


def test_a_normalised_score_is_that_of_the_decoder():
    p = [0.5, 0.25, 0.8]
    for alpha in (0.5, 1, 1.5):
        expected = decoding.sequence_score(float(np.log(p).sum()), 3, alpha)
        assert value("sequence.length_normalised", p=p, alpha=alpha) == pytest.approx(expected)


def test_a_beam_of_that_width_never_misses_the_best_sequence_and_a_narrower_one_may():
    V, length = 3, 3
    width = value("beam_search.exhaustive_width", V=V, length=length)
    rng = np.random.default_rng(5)
    missed = 0
    for _ in range(40):
        table = rng.dirichlet(np.full(V, 0.6), size=V + 1)
        ways = itertools.product(range(V), repeat=length)
        best = max(table[V][w[0]] * table[w[0]][w[1]] * table[w[1]][w[2]] for w in ways)
        rows = [[f"{x:.9f}" for x in row] for row in table]
        given = {"first": rows[V], "following": rows[:V], "length": length}
        found = [float(value("beam_search.best", **given, B=B)) for B in (width, 1)]
        assert found[0] == pytest.approx(best, rel=1e-4)
        missed += found[1] < found[0]
    assert missed > 0


@pytest.mark.parametrize(
    ("cell", "tied"), list(itertools.product(["RNN", "GRU", "LSTM"], [False, True]))
)
def test_a_language_model_has_the_parameters_of_its_layers(cell, tied):
    V, D = 50, 8
    expected = V * D + 2 * layer_count(cell, D, D) + (0 if tied else D * V) + V
    found = value("language_model.parameter_count", V=V, D=D, H=D, layers=2, cell=cell,
                  tied=str(tied))  # fmt: skip
    assert found == expected


@pytest.mark.parametrize("n", [1, 4, 7])
def test_reversing_the_source_leaves_the_mean_lag(n):
    lags = [value("seq2seq.lag", n=n, i=i, order="reversed") for i in range(1, n + 1)]
    assert sum(lags) / n == n == value("seq2seq.lag", n=n, i=1)


def test_rows_of_a_batch_read_on_where_they_stopped():
    n, N, tau = 23, 3, 4
    read = {
        row: [
            value("bptt.stream_position", n=n, N=N, tau=tau, row=row, update=update, t=t)
            for update in range(3)
            for t in range(tau)
        ]
        for row in range(N)
    }
    for row, positions in read.items():
        assert positions == [(row * (n // N) + k) % n for k in range(3 * tau)]


# --- mistakes ------------------------------------------------------------------------------------

MISTAKES = [
    ("embedding.backward", {"V": 3, "ids": [0, 2, 0], "dout": [[1, 2], [3, 4], [5, 6]]},
     "not-accumulated", "last-one-stays", ((5, 6), (0, 0), (3, 4))),
    ("word2vec.cbow_gradient", CBOW_BACK, "normalisation-dropped", "C-left-out", (-3, 0)),
    ("beam_search.winner", FINISHED, "normalisation-dropped", "sums-compared", 1),
    ("sequence.batch_cross_entropy", PADDED, "mask-misplaced", "divided-by-all",
     7 / 6 * math.log(2)),
    ("teacher_forcing.tokens", {"tokens": [1, 7, 9, 2]}, "index-shifted", "targets-for-inputs",
     (7, 9, 2)),
    ("word2vec.negative_sampling_gradient", {"v": [1, 2], "u": [[2, -1], [-2, 1]], "by": "v"},
     "label-sign", "label-1-for-all", (0, 0)),
    ("word_vectors.nearest", {"words": [[5, 5], [1, 0], [-9, 0]], "query": [2, "1/5"]},
     "normalisation-dropped", "by-the-scalar-product", 0),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "code", "note", "wrong"), MISTAKES)
def test_a_mistake_gives_the_value_that_one_gets_by_making_it(name, arguments, code, note, wrong):
    found = mistakes(name, **arguments)[code, note]
    assert found == (pytest.approx(wrong) if isinstance(wrong, float) else wrong)


@pytest.mark.parametrize(
    ("name", "arguments", "argument"),
    [
        ("teacher_forcing.tokens", {"tokens": [3, 3, 3]}, "tokens"),
        ("seq2seq.lag", {"n": 3, "i": 4}, "i"),
        ("seq2seq.peeky", {"D": 3, "H": 4, "quantity": "extra-parameters"}, "V"),
        ("sequence.batch_cross_entropy", {"p": [[0.5, 0.5]], "lengths": [3]}, "lengths"),
        ("beam_search.winner", {"log_probabilities": [-2, -4], "lengths": [2, 4]},
         "log_probabilities"),
        ("embedding.lookup", {"E": [[1, 2]], "word": 1}, "word"),
        ("embedding.backward", {"V": 2, "ids": [2], "dout": [[1]]}, "ids"),
        ("language_model.parameter_count", {"V": 9, "D": 2, "H": 3, "tied": "True"}, "H"),
        ("word2vec.cbow_scores", {"W_in": [[1, 2]], "W_out": [[1, 2]], "context": 0}, "W_out"),
        ("word2vec.cbow_gradient", {"y": [0.5, 0.5], "target": 0, "quantity": "h"}, "W_out"),
        ("word2vec.cbow_gradient", {**CBOW_BACK, "target": 3}, "target"),
        ("word2vec.negative_sampling_gradient", {"v": [1], "u": [[1]], "k": 1}, "k"),
        ("word_vectors.nearest", {"words": [[1, 0], [2, 0]], "query": [1, 1]}, "words"),
        ("vae.reparameterise_gradient", {"dz": [1], "sigma": [1, 2], "epsilon": [1]}, "sigma"),
    ],
)  # fmt: skip
def test_arguments_that_do_not_fit_are_named(name, arguments, argument):
    for ask in (computation(name).evaluate, computation(name).mistakes):
        with pytest.raises(ComputationError) as caught:
            ask(arguments)
        assert caught.value.argument == argument
