"""Notations of cross entropy, sequences of words, clipping, the VAE, encodings and counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.formulas.models.clipping import BY_GLOBAL_NORM, BY_NORM, BY_VALUE
from engine.formulas.models.parameter_counts import MODEL as COUNTS
from engine.formulas.models.positional_encoding import MODEL as ENCODING
from engine.formulas.models.seq2seq import BEAM, MASKED, SEQUENCE, TEMPERATURE
from engine.formulas.models.softmax_ce import (
    SIGMOID_CE,
    SOFTMAX_CE,
    SOFTMAX_CE_BATCH,
    SOFTMAX_CLASS,
)
from engine.formulas.models.static import StaticModel
from engine.formulas.models.vae import VAE
from engine.formulas.notations import Notation
from engine.formulas.notations.tables import table

_CLASSES = {"q": "K", "C": "K", "n": "K", "M": "K", "m": "K", "V": "K", "c": "K"}
_LOSS = "L|E|J|l|ell|CE|H|loss"


def _softmax(model: StaticModel) -> tuple[Notation, ...]:
    """y and t; ŷ and y; p and y."""
    sizes = {key: own for key, own in _CLASSES.items() if key not in {"n", "c"}}
    sizes |= {"B": "N", "m": "N"} if "N" in model.sizes else {"N": "K", "n": "K"}
    loss = _LOSS
    made = (
        table(model, "saito", {"v": "a|v|s|u|x|z", "y": "y", "t": "t|d", "E": loss}, sizes=sizes),
        table(
            model,
            "d2l",
            {"v": "o|z|theta|a|x|s", "y": "yhat|p|a|q|s", "t": "y|t", "E": loss},
            sizes=sizes,
        ),
        table(
            model,
            "probabilities",
            {"v": "z|o|x|a|s", "y": "p|S|a", "t": "y|t", "E": loss},
            sizes=sizes,
        ),
        table(
            model,
            "distributions",
            {"v": "z|o|x|a|s", "y": "q|phat", "t": "p", "E": loss},
            sizes={key: own for key, own in sizes.items() if key != "q"},
        ),
        table(
            model,
            "capitals",
            {"v": "Z|O|X|A", "y": "P|Yhat|S", "t": "Y|T", "E": loss},
            sizes={key: own for key, own in sizes.items() if key != "T"},
            keep=False,
        ),
    )
    if "N" in model.sizes:
        return made
    return tuple(replace(one, drops_steps=True) for one in made)


_WORDS = {"Tprime": "T", "n": "T", "N": "T", "T_y": "T", "m": "T", "M": "T", "tau": "T"}
_GIVEN = {"P": "p", "p": "p", "Pr": "p"}
_CLIPPED = "ghat|gtilde|g new|g clipped|gprime|g clip"
_GRADIENT = "g|grad|grads|G|dW|dw|gradient"
_THRESHOLD = (
    "theta|c|v|eta|tau|lambda|threshold|max norm|clip|C|clip value|maxnorm|gamma|clip norm|k"
)
_KL = "KL|L KL|D KL|kl|KLD|L|E|KL loss|kl loss|L kl"
_LATENT = {
    "mu": "mu|m|mean|z mean",
    "sigma": "sigma|std|s",
    "noise": "epsilon|eps|noise|xi|e",
    "z": "z",
    "logvar": "logvar|log var|z logvar|lambda|gamma",
}

NOTATIONS: Mapping[str, tuple[Notation, ...]] = {
    "softmax_ce": _softmax(SOFTMAX_CE),
    "softmax_class": _softmax(SOFTMAX_CLASS),
    "softmax_ce_batch": _softmax(SOFTMAX_CE_BATCH),
    "sigmoid_ce": (
        table(SIGMOID_CE, "saito", {"v": "a|v|u|x|s|z", "y": "y", "t": "t|d", "E": _LOSS}),
        table(SIGMOID_CE, "ng", {"v": "z|o|a|x", "y": "yhat|a|p", "t": "y|t", "E": _LOSS}),
    ),
    "sequence": (
        table(
            SEQUENCE,
            "sutskever",
            {
                "p": "p",
                "P": "P",
                "logP": "ell|l|logP|logp",
                "E": "L|E|J|CE|H|loss",
                "PPL": "PPL|perplexity|PP|ppl|Perplexity",
            },
            sizes=_WORDS,
            probabilities=_GIVEN,
            sequences={"P": "P", "p": "P"},
        ),
    ),
    "masked_loss": (
        table(
            MASKED,
            "usual",
            {"p": "p|y|yhat", "m": "m|mask|M", "E": "L|E|J|loss"},
            sizes={"n": "T", "N": "T"},
            probabilities=_GIVEN,
        ),
    ),
    "temperature": (
        table(
            TEMPERATURE,
            "hinton",
            {"v": "z|v|o|s|u|x|l|logits|a", "y": "q|y|p|yhat|P", "tau": "tau|T|temperature|temp|t"},
            sizes={"V": "K", "n": "K", "N": "K"},
        ),
    ),
    "beam_score": (
        table(
            BEAM,
            "wu",
            {"p": "p", "P": "P", "score": "score|s|S", "alpha": "alpha|a"},
            sizes={"L": "T", "T_y": "T", "n": "T", "N": "T"},
            probabilities=_GIVEN,
            sequences={"P": "P", "p": "P"},
        ),
    ),
    "clip_norm": (
        table(
            BY_NORM,
            "pascanu",
            {"g": _GRADIENT, "g_new": _CLIPPED, "norm_g": "norm|n|norm g", "theta": _THRESHOLD},
        ),
    ),
    "clip_global_norm": (
        table(
            BY_GLOBAL_NORM,
            "usual",
            {
                "a": "a|g 1|dW",
                "b": "b|g 2|db",
                "total_norm": "total norm|norm|global norm|norm g",
                "a_new": "ahat|a new|aprime",
                "b_new": "bhat|b new|bprime",
                "theta": _THRESHOLD,
            },
        ),
    ),
    "clip_value": (
        table(BY_VALUE, "usual", {"g": _GRADIENT, "g_new": _CLIPPED, "theta": _THRESHOLD}),
    ),
    "vae": (
        table(
            VAE,
            "kingma",
            {**_LATENT, "E": _KL},
            sizes={"d": "J", "D": "J", "K": "J", "n": "J", "k": "J"},
        ),
    ),
    "positional_encoding": (
        table(
            ENCODING,
            "vaswani",
            {"PE": "PE|P|p|pe"},
            letters="jkt",
            sizes={"d_model": "d", "D": "d", "d_m": "d"},
        ),
    ),
    "parameter_counts": (
        table(
            COUNTS,
            "usual",
            {
                "D": "D|I|E|X",
                "H": "H|N|U",
                "K": "K|O|V",
                "n_rnn": "N RNN|n rnn|params RNN|P RNN|params rnn",
                "n_lstm": "N LSTM|n lstm|params LSTM|P LSTM|params lstm",
                "n_lstm_two": "N LSTM,PyTorch|n lstm two|params LSTM two",
                "n_gru": "N GRU|n gru|params GRU|P GRU|params gru",
                "n_gru_two": "N GRU,PyTorch|n gru two",
                "n_peephole": "N peephole|n peephole|params peephole",
                "n_birnn": "N BiRNN|n birnn|params BiRNN|P BiRNN",
                "n_output": "N out|n output|params out",
                "n_attention": "N MHA|n attention|params MHA|N attn",
            },
        ),
        table(
            COUNTS,
            "small",
            {
                "D": "d|m|n x|i|d x|d in|input size|input dim",
                "H": "h|n h|n|d h|hidden size|units",
                "K": "k|o|n y",
                "n_rnn": "N RNN|n rnn|params RNN|P RNN|params rnn",
                "n_lstm": "N LSTM|n lstm|params LSTM|P LSTM|params lstm",
                "n_gru": "N GRU|n gru|params GRU|P GRU|params gru",
                "n_birnn": "N BiRNN|n birnn|params BiRNN|P BiRNN",
                "n_output": "N out|n output|params out",
            },
            keep=False,
        ),
    ),
}
