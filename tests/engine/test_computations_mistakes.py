"""Every computation beyond the simple RNN: what a mistake gives can be told from the truth."""

import itertools
import json
import random
import subprocess
import sys

import pytest

from drills.grading.values import apart
from engine.computations import (
    COMPUTATIONS,
    REQUIRED,
    ComputationError,
    bptt,
    calculus,
    computation,
    from_json,
    gradients,
    programs,
    rnn,
    to_json,
)
from engine.mistakes import MISTAKE_CODES

#: How many of the draws have to be usable: the caller draws again where two answers coincide.
DRAWN, USABLE = 40, 12

# One word → drawn from these; (low, high) → an integer; a function of the generator → its value.
NUMBERS = [-2, -1, -0.5, 0.5, 1, 2, 3]
GATES = [0.1, 0.2, 0.25, 0.4, 0.6, 0.7, 0.75, 0.9]
LOGS = ["ln 2", "ln 3", "ln 4", "-ln 2", "-ln 3", "-ln 4", "ln 5"]
CANDIDATES = [-0.8, -0.5, 0.3, 0.5, 0.6, 0.8]


def some(pool, count):
    return lambda rng: [rng.choice(pool) for _ in range(count)]


def table(rows, columns, pool=NUMBERS):
    return lambda rng: [[rng.choice(pool) for _ in range(columns)] for _ in range(rows)]


def shares(count):
    def drawn(rng):
        weights = [rng.randint(1, 9) for _ in range(count)]
        return [f"{w}/{sum(weights)}" for w in weights]

    return drawn


def distinct(low, high, count):
    return lambda rng: rng.sample(range(low, high), count)


def one_of(*words):
    return lambda rng: rng.choice(words)


SIZES = {"D": (2, 64), "H": (2, 64)}
GATED = {"a": some(CANDIDATES, 2), "i": some(GATES, 2), "f": some(GATES, 2), "o": some(GATES, 2)}
RAW = {gate: some(LOGS, 2) for gate in "aifo"} | {"given": "pre-activations"}
BACK = {**GATED, "dh": some(NUMBERS, 2), "dc": some(NUMBERS, 2), "c_prev": some(NUMBERS, 2)}
STEPS = {"w": (1, 3), "gradients": some([1, 2, 3, 4, -2, -3], 2), "learning_rate": 0.1}
MIX = {"z": some(GATES, 2), "g": some(CANDIDATES, 2), "h_prev": some(NUMBERS, 2)}
GRU = {"A_r": some(LOGS, 2), "A_z": some(LOGS, 2), "A_x": some(NUMBERS, 2), "U": table(2, 2),
       "h_prev": some(NUMBERS, 2)}  # fmt: skip
TORCH = {"cell": one_of("GRU", "LSTM"), "D": (2, 64), "H": (2, 64), "N": (2, 32), "T": (3, 50)}

DRAWS = [
    ("clipping.by_norm", {"gradient": some(NUMBERS, 3), "threshold": one_of(0.75, 1.5, 5)}),
    ("clipping.by_value", {"gradient": some(NUMBERS, 3), "threshold": one_of(0.75, 1.5)}),
    ("clipping.global_norm", {"gradients": table(3, 2)}),
    ("clipping.parameters", {"gradients": table(2, 2), "threshold": one_of(0.75, 1.5)}),
    ("gradient.factor_bound", {"w": one_of(0.5, 1.5, 2, 3), "T": (2, 6)}),
    ("gradient.factor_bound", {"w": one_of(0.5, 1.5, 2, 3), "T": (2, 6), "f": "tanh"}),
    ("gradient.linear_factor", {"w": one_of(0.5, -0.5, 1.5, -1.5), "T": (3, 6), "z0": (2, 5)}),
    ("activation.greatest_slope", {"f": one_of("sigmoid", "tanh")}),
    ("initialization.spectral_radius", {"s": one_of(0.1, 0.5, 2), "H": (2, 99)}),
    ("initialization.deviation",
     {"scheme": one_of("xavier-fan-in", "glorot", "he"), "n_in": (2, 99), "n_out": (2, 99)}),
    ("softmax_cross_entropy.delta",
     {"v": table(2, 3, [*LOGS, 0]), "classes": some([0, 1, 2], 2), "mask": [1, 1]}),
    ("softmax_cross_entropy.delta",
     {"v": table(3, 2, [*LOGS, 0]), "classes": some([0, 1], 3), "mask": [1, 0, 1]}),
    ("momentum.steps", {**STEPS, "quantity": one_of("w", "v")}),
    ("adagrad.steps", {**STEPS, "quantity": one_of("w", "h")}),
    ("rmsprop.steps", {**STEPS, "rho": one_of(0.6, 0.8), "quantity": one_of("w", "h")}),
    ("adam.steps", {**STEPS, "quantity": one_of("w", "m", "v", "m_hat", "v_hat")}),
    ("adam.steps", {**STEPS, "gradients": (2, 5)}),
    ("vae.kl", {"mu": some([-2, 0.5, 2, 3], 2), "sigma": some([0.5, 2, 3], 2)}),
    ("vae.kl_gradient", {"mu": (2, 9), "sigma": one_of(0.5, 2, 3),
                         "by": one_of("mu", "log_variance", "sigma")}),
    ("vae.reparameterise", {"mu": some([-2, 1, 3], 2), "sigma": some([0.5, 2, 3], 2),
                            "epsilon": some([-1, 0.5, 1.5], 2)}),
    ("vae.loss", {"log_likelihood": (-90, -9), "kl": (1, 8), "of": one_of("loss", "elbo")}),
    ("gaussian.kl", {"mu1": (1, 3), "sigma1": (1, 4), "mu2": (4, 6), "sigma2": (1, 4)}),
    ("lstm.parameter_count", {**SIZES, "biases": one_of(0, 1, 2)}),
    ("lstm.parameter_count", {**SIZES, "peepholes": one_of("diagonal", "full")}),
    ("lstm.step", {**GATED, "c_prev": some(NUMBERS, 2), "quantity": one_of("c", "h")}),
    ("lstm.step", {**RAW, "c_prev": some(NUMBERS, 2), "quantity": one_of("c", "h", *"aifo")}),
    ("lstm.step", {**RAW, "c_prev": some(NUMBERS, 2), "quantity": one_of("h", "o"),
                   "p_o": some(NUMBERS, 2)}),
    ("lstm.backward_step",
     {**BACK, "quantity": one_of("dc", "dc_prev", *(f"delta_{g}" for g in "aifo"))}),
    ("lstm.retention", {"f": one_of(0.9, 0.8, 0.6), "T": (3, 12)}),
    ("lstm.retention", {"f": some(GATES, 3)}),
    ("gru.parameter_count", {**SIZES, "reset": one_of("before", "after")}),
    ("gru.ratio_to_lstm", {"D": (1, 4), "H": (1, 4), "gru_biases": one_of(0, 1, 2),
                           "lstm_biases": one_of(0, 1, 2)}),
    ("gru.update", {**MIX, "z_convention": one_of("z-takes-new", "z-keeps-old")}),
    ("gru.update", {**MIX, "z": some(LOGS, 2), "given": "pre-activations"}),
    ("gru.step", {**GRU, "quantity": one_of("A_g", "g", "h"), "reset": "before"}),
    ("gru.step", {**GRU, "quantity": one_of("A_g", "g", "h"), "reset": "after",
                  "b_u": some(NUMBERS, 2)}),
    ("gru.backward_step", {**MIX, "dh": some(NUMBERS, 2),
                           "quantity": one_of("delta_g", "delta_z", "direct_dh"),
                           "z_convention": one_of("z-takes-new", "z-keeps-old")}),
    ("bidirectional.parameter_count",
     {**SIZES, "cell": one_of("RNN", "GRU", "LSTM"), "layers": (1, 3), "directions": (1, 2)}),
    ("bidirectional.shape", {"quantity": one_of("sequence", "h", "V"), "H": (2, 64), "N": (2, 9),
                             "T": (10, 20), "K": (2, 9), "merge": one_of("concatenate", "sum")}),
    ("bidirectional.seen_inputs", {"T": (12, 20), "t": (2, 9),
                                   "direction": one_of("both", "forward", "backward")}),
    ("torch.rnn_shape", {**TORCH, "quantity": one_of("output", "h_n"), "num_layers": (1, 3),
                         "bidirectional": one_of("True", "False"),
                         "batch_first": one_of("True", "False")}),
    ("torch.parameter_count", {**SIZES, "cell": one_of("RNN", "GRU", "LSTM"), "num_layers": (1, 3),
                               "bidirectional": one_of("True", "False")}),
    ("keras.rnn_shape", {**{k: TORCH[k] for k in "DHNT"}, "quantity": one_of("output", "state"),
                         "return_sequences": one_of("True", "False"),
                         "bidirectional": one_of("True", "False")}),
    ("keras.returned_count", {"cell": one_of("RNN", "GRU", "LSTM"), "return_state": "True",
                              "bidirectional": one_of("True", "False")}),
    ("keras.parameter_count", {**SIZES, "cell": one_of("RNN", "GRU", "LSTM"),
                               "bidirectional": one_of("True", "False")}),
    ("sequence.probability", {"p": some(GATES, 3)}),
    ("sequence.log_likelihood", {"p": some(GATES, 3)}),
    ("sequence.perplexity", {"p": some(GATES, 3)}),
    ("sequence.masked_cross_entropy",
     {"p": some(GATES, 4), "mask": [1, 1, 1, 0], "measure": one_of("loss", "perplexity")}),
    ("sequence.length_normalised", {"p": some(GATES, 3), "alpha": one_of(0.5, 1)}),
    ("softmax.temperature", {"v": some(["ln 2", "ln 3", "ln 4", "ln 9"], 3), "tau": one_of(0.5, 2),
                             "entry": one_of(1, 2)}),
    ("beam_search.best", {"first": shares(3), "following": lambda rng: [shares(3)(rng)
                          for _ in range(3)], "B": 2, "quantity": one_of("probability", "tokens")}),
    ("beam_search.candidates", {"B": (2, 5), "V": (6, 50), "t": (3, 5)}),
    ("word2vec.pair_count", {"n": (10, 99), "c": (2, 4)}),
    ("word2vec.table_size", {"V": (1000, 9999), "D": (50, 300),
                             "what": one_of("embedding", "one-hot", "both-matrices")}),
    ("word2vec.output_cost", {"V": (1000, 9999), "k": (2, 20),
                              "method": one_of("softmax", "negative-sampling")}),
    ("word2vec.cbow_hidden", {"W_in": table(4, 2), "context": distinct(0, 4, 2)}),
    ("word2vec.noise_distribution", {"counts": distinct(1, 90, 3)}),
    ("word2vec.negative_sampling_loss", {"positive": one_of(*LOGS), "negatives": some(LOGS, 2)}),
    ("word2vec.negative_sampling_errors", {"positive": one_of(*LOGS), "negatives": some(LOGS, 2)}),
    ("word_vectors.cosine", {"a": some(NUMBERS, 3), "b": some(NUMBERS, 3)}),
    ("word_vectors.analogy", {name: some(NUMBERS, 2) for name in "abc"}),
    ("one_hot.measure", {"V": (200, 999), "measure": one_of("distance", "cosine")}),
    ("attention.scores", {"Q": table(2, 3), "K": table(2, 3), "form": one_of("dot", "scaled")}),
    ("attention.weights", {"scores": some(LOGS, 3), "d_k": 4}),
    ("attention.weights", {"scores": some(LOGS, 4), "mask": [1, 1, 1, 0]}),
    ("attention.context", {"scores": some(["ln 2", "ln 3", "ln 7"], 2), "values": table(2, 2)}),
    ("attention.softmax_backward", {"alpha": shares(3), "dalpha": some(NUMBERS, 3)}),
    ("attention.score_entries", {"n_q": (4, 40), "n_k": (4, 40), "h": (2, 8), "N": (2, 9)}),
    ("attention.parameter_count", {"d": one_of(24, 48, 96), "h": one_of(2, 3, 4),
                                   "bias": one_of("True", "False")}),
    ("attention.head_size", {"d": one_of(24, 48, 96), "h": one_of(3, 4, 6)}),
    ("attention.score_variance", {"d_k": one_of(16, 25, 64), "scaled": one_of("True", "False"),
                                  "measure": one_of("variance", "deviation")}),
    ("attention.shape", {"n_q": (2, 9), "n_k": (10, 19), "d_k": (20, 29), "d_v": (30, 39),
                         "quantity": one_of(*"QKVSO")}),
    ("positional_encoding.entry", {"pos": (2, 9), "j": (0, 5), "d": one_of(6, 8)}),
    ("numpy.broadcast", {"left": lambda rng: [rng.randint(2, 9), 1], "right": distinct(2, 9, 1)}),
    ("numpy.reshape", {"shape": lambda rng: [rng.randint(2, 9), 12], "new": one_of([-1, 6], [-1])}),
    ("numpy.sum_axis", {"shape": distinct(2, 9, 3), "axis": (0, 2),
                        "keepdims": one_of("True", "False")}),
    ("numpy.matmul", {"left": lambda rng: [rng.randint(2, 9), 10],
                      "right": lambda rng: [10, rng.randint(11, 19)]}),
]  # fmt: skip


def drawn(rng, wanted):
    if callable(wanted):
        return wanted(rng)
    return rng.randint(*wanted) if isinstance(wanted, tuple) else wanted


@pytest.mark.parametrize(("name", "wanted"), DRAWS)
def test_enough_draws_tell_every_mistake_from_the_truth_and_from_other_codes(name, wanted):
    rng = random.Random(name)
    usable = 0
    clashes: dict[tuple[str, ...], int] = {}
    seen = 0
    for _ in range(DRAWN):
        arguments = {argument: drawn(rng, each) for argument, each in wanted.items()}
        try:
            truth, wrong = (
                computation(name).evaluate(arguments),
                computation(name).mistakes(arguments),
            )
        except ValueError:  # a tie in a beam
            continue
        seen += 1
        assert all(m.code in MISTAKE_CODES and m.note for m in wrong)
        assert len({(m.code, m.note) for m in wrong}) == len(wrong)
        found = [("truth", m.note) for m in wrong if not apart(m.value, truth, 1e-3)]
        found += [
            (m.note, n.note)
            for m, n in itertools.combinations(wrong, 2)
            if m.code != n.code and not apart(m.value, n.value, 1e-3)
        ]
        for clash in found:
            clashes[clash] = clashes.get(clash, 0) + 1
        usable += bool(wrong) and not found
    assert usable >= USABLE, (usable, seen, sorted(clashes.items(), key=lambda c: -c[1])[:6])


def test_every_computation_beyond_the_simple_rnn_is_drawn():
    elsewhere = {
        found.name
        for module in (rnn, bptt, gradients, calculus, programs)
        for found in module.COMPUTATIONS
    }
    assert {name for name, _ in DRAWS} | elsewhere == set(COMPUTATIONS)


# --- within the bounds everything is a value or a named error -------------------------------------

EXTREMES = ["1e-9", "0.123456789012345678901234567891", "99 ln 999983", "-1/2 ln 4", "ln 1/7"]


def admissible(rng, parameter):
    low = -1000 if parameter.minimum is None else parameter.minimum
    high = 1000 if parameter.maximum is None else parameter.maximum
    if parameter.choices:
        return rng.choice(parameter.choices)
    if parameter.kind == "integer":
        return rng.choice([low, high, rng.randint(low, min(high, low + 9))])
    entries = [low, high, 0, 1, 2, 0.5, -1, rng.randint(-3, 3) / 4, rng.choice(EXTREMES)]
    if parameter.kind == "number":
        return rng.choice(entries)
    columns = rng.choice([1, 2, 2, 2, 3])
    rows = [[rng.choice(entries) for _ in range(columns)] for _ in range(rng.choice([1, 2, 2, 3]))]
    return rows if parameter.kind == "matrix" else rows[0]


@pytest.mark.parametrize("name", [name for name, _ in DRAWS])
def test_whatever_the_bounds_admit_gives_plain_values_or_a_named_error(name):
    found = COMPUTATIONS[name]
    rng = random.Random(name)
    for _ in range(60):
        arguments = {
            key: admissible(rng, parameter)
            for key, parameter in found.parameters.items()
            if parameter.default is REQUIRED or rng.random() < 0.5
        }
        try:
            values = [found.evaluate(arguments), *(m.value for m in found.mistakes(arguments))]
        except ComputationError:
            continue
        for each in values:
            assert from_json(json.loads(json.dumps(to_json(each), allow_nan=False))) == each


def test_nothing_here_needs_numpy():
    program = (
        "import sys, engine.computations as c; c.COMPUTATIONS; sys.exit('numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
