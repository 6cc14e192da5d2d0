"""Live runs beyond the binary adder by name: settings and claims."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any, Final

from engine.experiments.experiment import Experiment
from engine.parameters import Parameter


def _integer(meaning: str, minimum: int, maximum: int, default: int) -> Parameter:
    return Parameter("integer", meaning, minimum, maximum, default=default)


def _number(meaning: str, minimum: float, maximum: float, default: float) -> Parameter:
    return Parameter("number", meaning, minimum, maximum, default=default)


def _numbers(meaning: str, minimum: float, maximum: float, *default: float) -> Parameter:
    return Parameter("numbers", meaning, minimum, maximum, default=default, most=8)


def _choice(meaning: str, default: str, *others: str) -> Parameter:
    return Parameter("choice", meaning, choices=(default, *others), default=default)


def _starting(module: str) -> Callable[[], tuple[Any, Any]]:
    def start() -> tuple[Any, Any]:
        # Only now: looking at an experiment must not load NumPy.
        found = import_module(f"engine.experiments.{module}")
        return found.run, found.new_state

    return start


def _demonstration(
    name: str, summary: str, source: str, claim: str, **parameters: Parameter
) -> Experiment:
    start = _starting(name.replace("-", "_"))
    return Experiment(name, summary, source, MappingProxyType(parameters), start, claim)


_GRADIENT_NORMS: Final = _demonstration(
    "gradient-norms",
    "how the gradient of the last time step's error shrinks or grows on its way back",
    "Pascanu, Mikolov, Bengio (2013), sections 2.1 and 3.2",
    "the simple layer's gradient vanishes or explodes with the spectral radius of W; along the"
    " cells of an LSTM it shrinks with the forget gates alone",
    draws=_integer("draws of weights and sequences", 1, 200, 20),
    cell=_choice("kind of layer", "all", "rnn-tanh", "rnn-relu", "rnn-identity", "lstm", "gru"),
    steps=_integer("time steps T", 1, 200, 50),
    hidden=_integer("units H", 1, 64, 32),
    spectral_radius=_number("largest absolute eigenvalue of each recurrent matrix", 0, 100, 1),
    forget_bias=_number("b_f of the LSTM", -10, 10, 1),
    clip=_number("θ of clipping the parameters' gradient by norm; 0 for none", 0, 1000, 1),
    input_deviation=_number("standard deviation of the inputs", 0, 10, 1),
)

_ADDING_PROBLEM: Final = _demonstration(
    "adding-problem",
    "two marked numbers of a long sequence are to be added",
    "Hochreiter, Schmidhuber (1997), experiment 4; Le, Jaitly, Hinton (2015), section 4.1",
    "at T = 100 LSTM and GRU learn it, tanh stays at the baseline 1/6; of 5, 5 and 5 seeds"
    " the medians here: 0.00018, 0.00016 and 0.17",
    iterations=_integer("updates in all", 1, 100_000, 3_000),
    every=_integer("updates from one snapshot to the next", 1, 1_000, 1),
    cell=_choice("kind of layer", "lstm", "gru", "rnn-tanh", "rnn-relu"),
    steps=_integer("time steps T", 2, 200, 100),
    hidden=_integer("units H", 1, 128, 128),
    batch=_integer("sequences an update, drawn anew each time", 1, 128, 64),
    learning_rate=_number("η of Adam", 0, 10, 0.003),
    clip=_number("θ of clipping by norm; 0 for none", 0, 1000, 1),
    forget_bias=_number("b_f of the LSTM", -10, 10, 1),
)

_FORGET_GATE_BIAS: Final = _demonstration(
    "forget-gate-bias",
    "LSTMs that differ in the initial bias of the forget gate, on the adding problem",
    "Gers, Schmidhuber, Cummins (2000); Jozefowicz, Zaremba, Sutskever (2015), section 4",
    "the more an LSTM remembers at the start, the sooner it learns: b_f = 1 before 0, 0 before −2",
    iterations=_integer("updates in all", 1, 100_000, 1_000),
    every=_integer("updates from one snapshot to the next", 1, 1_000, 1),
    biases=_numbers("initial b_f to compare", -10, 10, -2, 0, 1),
    steps=_integer("time steps T", 2, 200, 80),
    hidden=_integer("units H", 1, 128, 32),
    batch=_integer("sequences an update, drawn anew each time", 1, 128, 32),
    learning_rate=_number("η of Adam", 0, 10, 0.003),
    clip=_number("θ of clipping by norm; 0 for none", 0, 1000, 1),
)

_SCALED_DOT_PRODUCT: Final = _demonstration(
    "scaled-dot-product",
    "attention scores with and without the division by √d_k, as d_k grows",
    "Vaswani et al. (2017), section 3.2.1",
    "without the root the variance of the scores is d_k, and the softmax saturates",
    largest=_integer("the largest d_k; the powers of 2 below it come first", 1, 1024, 512),
    keys=_integer("keys n that each query meets", 2, 32, 16),
    queries=_integer("queries, each with keys of its own", 2, 128, 128),
    deviation=_number("standard deviation of the entries of queries and keys", 0, 10, 1),
)

_BIDIRECTIONAL_ADDITION: Final = _demonstration(
    "bidirectional-addition",
    "binary addition from the most significant bit on, read in one direction and in both",
    "Schuster, Paliwal (1997)",
    "forwards alone can have at most 62.45 % of 8 bits right; both directions get all of them",
    iterations=_integer("updates in all", 1, 100_000, 1_000),
    every=_integer("updates from one snapshot to the next", 1, 200, 5),
    cell=_choice("kind of layer", "rnn-tanh", "rnn-relu", "lstm", "gru"),
    width=_integer("bits T of a, b and their sum", 2, 16, 8),
    hidden=_integer("units of each direction; one alone has twice as many", 1, 64, 16),
    batch=_integer("pairs an update, drawn anew each time", 1, 256, 32),
    learning_rate=_number("η of Adam", 0, 10, 0.01),
    clip=_number("θ of clipping by norm; 0 for none", 0, 1000, 1),
)

_TOY_WORD2VEC: Final = _demonstration(
    "toy-word2vec",
    "word vectors from thirty sentences: who is nearest to whom",
    "Mikolov et al. (2013a, 2013b)",
    "the nearest word to nearly every word comes to be one of its own class",
    iterations=_integer("passes over all sentences", 1, 10_000, 150),
    every=_integer("passes from one snapshot to the next", 1, 100, 5),
    model=_choice("what predicts what", "cbow", "skip-gram"),
    negatives=_integer("negatives K for each word; 0 for the full softmax", 0, 20, 0),
    window=_integer("context words on each side, c", 1, 5, 2),
    dimensions=_integer("length D of a vector", 1, 64, 8),
    deviation=_number("standard deviation of the initial vectors", 0, 10, 0.1),
    learning_rate=_number("η of Adam", 0, 10, 0.02),
)


def _rewriting(
    epochs: int, most: int, hidden: int, variant: Parameter, **own: Parameter
) -> dict[str, Parameter]:
    return {
        "epochs": _integer("times through all training examples", 1, 100, epochs),
        "every": _integer("updates from one snapshot to the next", 1, 1_000, 1),
        "variant": variant,
        **own,
        "examples": _integer("examples to learn from; fewer if there are no more", 1, most, 45_000),
        "test": _integer("other examples, for the accuracy after each epoch", 1, 1_000, 1_000),
        "embedding": _integer("length of a character's vector", 1, 64, 16),
        "hidden": _integer("units H", 1, 256, hidden),
        "batch": _integer("examples an update", 1, 128, 128),
        "learning_rate": _number("η of Adam", 0, 10, 0.001),
        "clip": _number("θ of clipping by norm; 0 for none", 0, 1000, 5),
    }


_ADDITION_STRINGS: Final = _demonstration(
    "addition-strings",
    "sums of numbers as strings by sequence to sequence, one character after another",
    "Zaremba, Sutskever (2014), section 4.2; Sutskever, Vinyals, Le (2014), section 3.3",
    "published exact matches: about 10 % plain, 50 % reversed, over 90 % with peeky too; of"
    " 3, 6 and 3 seeds the medians here: 11.1, 45.1 and 99.1 %",
    **_rewriting(
        25,
        100_000,
        128,
        _choice("what helps the decoder", "plain", "reversed", "peeky", "reversed-peeky"),
        digits=_integer("digits of an operand, at most", 2, 6, 3),
    ),
)

_DATE_CONVERSION: Final = _demonstration(
    "date-conversion",
    "dates from several written forms into one, with attention and without",
    "Bahdanau, Cho, Bengio (2015); Luong, Pham, Manning (2015)",
    "published: with attention 0, about 50 and 100 % right after epochs 1 to 3, peeky all"
    " after six, plain none; of 5, 3 and 3 seeds the medians here: 0,"
    " 47, 99.9, 100 and 0 %",
    **_rewriting(
        10,
        45_000,
        256,
        _choice("what helps the decoder", "attention", "peeky", "plain"),
    ),
)

#: Sums of two digits: a model that learns most of them in seconds.
_SHORT_SUMS: Final = {
    **_rewriting(
        20,
        2_000,
        48,
        _choice("what helps the decoder", "reversed-peeky", "plain", "reversed", "peeky"),
        digits=_integer("digits of an operand, at most", 2, 3, 2),
    ),
    "examples": _integer("examples to learn from", 1, 1_500, 1_500),
    "test": _integer("other examples, for the accuracy after each epoch", 1, 1_000, 200),
    "batch": _integer("examples an update", 1, 128, 32),
    "learning_rate": _number("η of Adam", 0, 10, 0.01),
}

_TEACHER_FORCING: Final = _demonstration(
    "teacher-forcing",
    "what the decoder is fed in training: the right characters, or its own",
    "Williams, Zipser (1989); Bengio et al. (2015)",
    "with teacher forcing learning is faster at first; in the end both come to the same",
    **_SHORT_SUMS,
)

_BEAM_WIDTH: Final = _demonstration(
    "beam-width",
    "greedy writing and beams of several widths, after learning sums as strings",
    "Sutskever, Vinyals, Le (2014), section 3.2",
    "a wider beam finds likelier answers; hardly more of them are right",
    **_SHORT_SUMS,
    largest=_integer("the largest width B; the powers of 2 below it come first", 1, 16, 8),
    questions=_integer("test questions to write", 1, 1_000, 100),
)

_DECODER_STEPS: Final = _demonstration(
    "decoder-steps",
    "the decoder's four steps one at a time, after learning sums as strings",
    "Sutskever, Vinyals, Le (2014), section 2",
    "state and probabilities, choosing, embedding, again and again; detokenising once at the end",
    **_SHORT_SUMS,
    questions=_integer("test questions to write", 1, 1_000, 3),
    temperature=_number("τ of choosing by lot; 0 for the likeliest", 0, 10, 0),
)

DEMONSTRATIONS: Final[Mapping[str, Experiment]] = MappingProxyType(
    {
        run.name: run
        for run in (
            _GRADIENT_NORMS,
            _ADDING_PROBLEM,
            _FORGET_GATE_BIAS,
            _SCALED_DOT_PRODUCT,
            _BIDIRECTIONAL_ADDITION,
            _TOY_WORD2VEC,
            _ADDITION_STRINGS,
            _DATE_CONVERSION,
            _TEACHER_FORCING,
            _BEAM_WIDTH,
            _DECODER_STEPS,
        )
    }
)
