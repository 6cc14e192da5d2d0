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
from engine.computations.gates import LAYOUTS
from engine.mistakes import MISTAKE_CODES

#: How many of the draws have to be usable: the caller draws again where two answers coincide.
DRAWN, USABLE = 40, 12

# One word → drawn from these; (low, high) → an integer; a function of the generator → its value.
NUMBERS = [-2, -1, -0.5, 0.5, 1, 2, 3]
SMALL = [-1, -0.75, -0.5, 0.25, 0.5, 1]
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
    ("binary_addition.recorded", {"run": one_of("relu 1", "tanh 1", "deviation 2")}),
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
    ("sgd.steps", {"w": (1, 3), "gradients": some([1, 2, 3, 4, -2, -3], 3), "learning_rate": 0.1}),
    ("clipping.sgd_step", {"w": some([1, 2, 3], 2), "gradient": some([3, 4, -2, 6], 2),
                           "threshold": one_of(0.75, 1.5), "learning_rate": one_of(0.1, 0.5)}),
    ("bptt.windows", {"T": (100, 199), "tau": (3, 9), "rest": one_of("kept", "dropped")}),
    ("bptt.windows", {"T": (100, 199), "tau": (7, 13), "quantity": "last"}),
    ("bptt.reach", {"t": (40, 99), "tau": (5, 13)}),
    ("bptt.stream_position", {"n": (900, 999), "N": (5, 9), "tau": (4, 9), "row": (1, 4),
                              "update": (1, 9), "t": (1, 3)}),
    ("gradient.jacobian", {"W": table(2, 2), "u": table(2, 2, LOGS),
                           "f": one_of("sigmoid", "tanh", "identity")}),
    ("matrix.measure", {"W": table(2, 2), "measure": one_of("largest-singular-value",
                        "spectral-radius", "frobenius-norm")}),
    ("gradient.critical_singular_value", {"f": one_of("sigmoid", "tanh", "relu")}),
    ("vae.reparameterise_gradient", {"dz": some([-2, 1, 3], 2), "sigma": some([0.5, 3, 4], 2),
                                     "epsilon": some([-2, 0.5, 1.5], 2),
                                     "by": one_of("mu", "sigma", "log_variance")}),
    ("lstm.initial_retention", {"b": one_of(1, 2, "ln 3", "ln 4"), "T": (2, 12)}),
    ("lstm.peephole_backward_step",
     {**BACK, **{f"p_{g}": some(NUMBERS, 2) for g in "ifo"},
      "quantity": one_of("dc", "dc_prev", "dp_i", "dp_f", "dp_o")}),
    ("lstm.scalar_forward", {"w": some(NUMBERS, 4), "u": some(NUMBERS, 4), "b": some(NUMBERS, 4),
                             "x": some([1, -1, 2], 2), "quantity": one_of("c", "h")}),
    ("gru.scalar_forward", {"w": some(SMALL, 3), "u": some(SMALL, 3), "b": some(SMALL, 3),
                            "x": some([1, -1, 0.5], 2), "b_u": one_of(0.5, -1), "h0": 0.75,
                            "reset": one_of("before", "after"),
                            "z_convention": one_of("z-takes-new", "z-keeps-old")}),
    ("gru.reset_backward_step", {"delta_g": some(NUMBERS, 2), "r": some(GATES, 2),
                                 "U": table(2, 2), "h_prev": some(NUMBERS, 2), "reset": "before",
                                 "quantity": one_of("delta_r", "dh", "dU")}),
    ("gru.reset_backward_step", {"delta_g": some(NUMBERS, 2), "r": some(GATES, 2),
                                 "U": table(2, 2), "h_prev": some(NUMBERS, 2), "reset": "after",
                                 "b_u": some(NUMBERS, 2),
                                 "quantity": one_of("delta_r", "dh", "dU")}),
    ("gates.columns", {"layout": one_of(*(name for name in LAYOUTS if name.endswith("lstm"))),
                       "gate": one_of("input", "forget", "output", "candidate"), "H": (3, 64)}),
    ("gates.shape", {**SIZES, "cell": one_of("GRU", "LSTM"), "N": (2, 9), "T": (70, 90),
                     "quantity": one_of(*"AxhWUb", "gate", "xs", "hs")}),
    ("bidirectional.concatenated", {"h_f": table(3, 2), "h_b": table(3, 2)}),
    ("bidirectional.split_gradient", {"V": table(2, 4), "delta_out": some(NUMBERS, 2),
                                      "direction": one_of("forward", "backward")}),
    ("teacher_forcing.tokens", {"tokens": distinct(0, 90, 5), "of": one_of("inputs", "targets")}),
    ("teacher_forcing.count", {"n": (8, 30), "N": (2, 9), "p": one_of(0.25, 0.6, 0.75),
                               "quantity": one_of("steps", "true-inputs", "own-inputs")}),
    ("seq2seq.lag", {"n": (12, 40), "i": (2, 5), "order": one_of("plain", "reversed")}),
    ("seq2seq.peeky", {"D": (8, 32), "H": (40, 90), "V": (100, 999), "quantity": one_of(
        "lstm-input", "affine-input", "extra-parameters")}),
    ("sequence.batch_cross_entropy",
     {"p": table(2, 3, GATES), "lengths": [3, 2], "reduction": one_of("tokens", "sequences")}),
    ("beam_search.exhaustive_width", {"V": (3, 20), "length": (3, 6)}),
    ("beam_search.winner",
     {"log_probabilities": lambda rng: [-rng.randint(20, 60) / 10 for _ in range(3)],
      "lengths": distinct(2, 12, 3), "alpha": one_of(0.6, 0.8),
      "penalty": one_of("length", "gnmt"), "quantity": "score"}),
    ("beam_search.winner",
     {"log_probabilities": lambda rng: [-rng.randint(20, 60) / 10 for _ in range(3)],
      "lengths": distinct(2, 12, 3)}),
    ("word2vec.cbow_scores", {"W_in": table(3, 2), "W_out": table(2, 3),
                              "context": distinct(0, 3, 2),
                              "quantity": one_of("scores", "probabilities")}),
    ("word2vec.cbow_gradient", {"y": shares(3), "target": (0, 2), "h": some(NUMBERS, 2),
                                "W_out": table(2, 3), "C": (3, 4),
                                "quantity": one_of("context-row", "h", "W_out")}),
    ("word2vec.skip_gram_loss", {"v": some([*LOGS, 0], 4), "context": distinct(0, 4, 2)}),
    ("word2vec.skip_gram_errors", {"v": some([*LOGS, 0], 4), "context": distinct(0, 4, 2)}),
    ("word2vec.negative_sampling_gradient", {"v": some(NUMBERS, 2), "u": table(3, 2),
                                             "by": one_of("v", "u"), "k": (0, 2)}),
    ("word_vectors.nearest", {"words": table(4, 2), "query": some(NUMBERS, 2)}),
    ("embedding.lookup", {"E": table(3, 4, list(range(1, 90))), "word": (0, 2),
                          "form": one_of("row", "column")}),
    ("embedding.backward", {"V": 4, "ids": lambda rng: [1, rng.choice([0, 2]), 1, 3],
                            "dout": table(4, 2), "padding": 3}),
    ("language_model.parameter_count",
     {"V": (1000, 9999), "D": 64, "H": 64, "layers": (1, 3), "cell": one_of("RNN", "GRU", "LSTM"),
      "tied": one_of("True", "False")}),
    ("attention.general_scores", {"q": some(NUMBERS, 2), "W": table(2, 2), "h": table(2, 2)}),
    ("attention.additive_scores", {"q": some(NUMBERS, 2), "W1": table(2, 2), "W2": table(2, 2),
                                   "v": some(NUMBERS, 2), "h": table(2, 2)}),
    ("attention.backward_step", {"alpha": shares(3), "dc": some(NUMBERS, 2), "h": table(3, 2),
                                 "q": some(NUMBERS, 2), "form": one_of("dot", "scaled"),
                                 "quantity": one_of("dalpha", "de", "dq", "dh")}),
    ("attention.matrix", {"S": table(3, 3, [*LOGS, 0]), "d_k": 4,
                          "mask": one_of("none", "causal")}),
    ("attention.matrix", {"S": table(2, 3, [*LOGS, 0]), "V": table(3, 2), "quantity": "output"}),
    ("attention.visible_entries", {"n": (8, 30), "length": (4, 7), "h": (2, 8),
                                   "causal": one_of("True", "False")}),
    ("layer.cost", {"n": (20, 90), "d": (100, 512), "layer": one_of("self-attention", "recurrent"),
                    "quantity": one_of("operations", "sequential", "path")}),
    ("attention.multi_head_shape", {"N": (2, 9), "h": one_of(2, 4), "n_q": (10, 19),
                                    "n_k": (20, 29), "d": one_of(64, 128),
                                    "quantity": one_of("input", "Q", "scores", "heads", "W_Q")}),
    ("positional_encoding.similarity", {"k": (0, 9), "d": one_of(4, 6, 8)}),
    ("torch.weight_shape", {**SIZES, "cell": one_of("RNN", "GRU", "LSTM"), "layer": (0, 2),
                            "quantity": one_of("weight_ih", "weight_hh", "bias_ih"),
                            "bidirectional": one_of("True", "False")}),
    ("keras.weight_shape", {**SIZES, "cell": one_of("RNN", "GRU", "LSTM"),
                            "quantity": one_of("kernel", "recurrent_kernel", "bias")}),
    ("onnx.rnn_shape", {**{k: TORCH[k] for k in "DHN"}, "T": (40, 50), "cell": "LSTM",
                        "quantity": one_of("X", "W", "R", "B", "P", "Y", "Y_h", "initial_h"),
                        "bidirectional": one_of("True", "False"), "layout": (0, 1)}),
    ("torch.packed", {"lengths": lambda rng: sorted(rng.sample(range(1, 9), 3), reverse=True),
                      "quantity": one_of("batch-sizes", "data-rows", "last-steps")}),
    ("torch.state_slice", {"quantity": one_of("row", "step", "features"), "layer": 2, "layers": 3,
                           "direction": one_of("forward", "backward"), "H": (8, 64),
                           "T": (10, 50)}),
    ("torch.token_shape", {"N": (2, 9), "T": (10, 19), "V": (100, 999), "D": (20, 64),
                           "quantity": one_of("embedding-output", "embedding-weight",
                           "cross-entropy-input", "cross-entropy-target", "flattened-input")}),
    ("torch.attention_shape", {"N": (2, 9), "L": (10, 19), "S": (20, 29), "E": one_of(64, 128),
                               "h": one_of(2, 4), "batch_first": one_of("True", "False"),
                               "quantity": one_of("attn_output", "attn_weights", "attn_mask",
                                                  "attn_mask-each-head", "key_padding_mask")}),
    ("keras.attention_parameter_count", {"d": (40, 90), "h": one_of(2, 4), "key_dim": one_of(16, 8),
                                         "use_bias": one_of("True", "False")}),
    ("numpy.index", {"n": (9, 20), "index": (-8, 8)}),
    ("numpy.slice", {"n": (20, 30), "start": (2, 5), "stop": (9, 19), "step": (1, 3)}),
    ("numpy.assignment", {"old": some([1, 2, 5], 2), "new": some([3, 4, 7], 2),
                          "statement": one_of("a = new", "a[...] = new", "a += new")}),
    ("numpy.round", {"x": one_of(0.5, 1.5, 2.5, 2.7, 3.5, 4.5, -0.5, -2.5)}),
    ("numpy.wrapped_integer", {"value": (300, 900), "kind": one_of("int", "uint")}),
    ("numpy.concatenate", {"left": lambda rng: [rng.randint(2, 9), 8, 5], "right": [3, 8, 5],
                           "axis": 0}),
    ("numpy.concatenate", {"left": [3, 8], "right": [3, 8], "axis": one_of(0, 1, -1)}),
    ("numpy.transpose", {"shape": distinct(2, 9, 3), "axes": one_of([1, 2, 0], [2, 0, 1],
                         [0, 2, 1])}),
    ("numpy.transpose", {"shape": distinct(2, 9, 2)}),
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
