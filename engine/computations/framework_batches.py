"""Batches in PyTorch and Keras: packed sequences, slices of output, embeddings, losses, masks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from engine.computations.common import at_most, choice, flag, numbers, size, whole, width_of_head
from engine.computations.frameworks import directions_of
from engine.computations.registry import ArgumentError, Arguments, Mistake, Registry, Shape
from engine.parameters import Parameter

COMPUTATIONS: Final = Registry()

# --- packed sequences ----------------------------------------------------------------------------


def _packed(a: Arguments, quantity: str) -> tuple[int, ...]:
    lengths = whole(a, "lengths", least=1)
    if quantity == "data-rows":
        return (sum(lengths),)
    if quantity == "last-steps":
        return tuple(n - 1 for n in lengths)
    return tuple(sum(n > t for n in lengths) for t in range(max(lengths)))


def _packed_mistakes(a: Arguments) -> Iterator[Mistake]:
    lengths, quantity = whole(a, "lengths", least=1), a["quantity"]
    N, T = len(lengths), max(lengths)
    if quantity == "data-rows":
        if min(lengths) < T:
            yield "term-added", "padding-kept", N * T
        yield "sum-dropped", "longest-only", T
    elif quantity == "last-steps":
        yield "index-shifted", "lengths-themselves", lengths
        if min(lengths) < T:
            yield "mask-misplaced", "end-of-the-padding", (T - 1,) * N
    else:
        if min(lengths) < T:
            yield "term-added", "padding-kept", (N,) * T
        yield "left-side-wrong", "lengths-for-batch-sizes", lengths
        # One place late: what still counts after a step, not at it.
        sizes = _packed(a, quantity)
        yield "index-shifted", "after-the-step", (*sizes[1:], 0)


@COMPUTATIONS.add(
    "torch.packed",
    "what pack_padded_sequence keeps: rows of data, batch_sizes, or the steps that h_n comes from",
    "data has Σ lengths rows; batch_sizes[t] sequences are longer than t; h_n is the state at step "
    "length − 1 of each, not that of the padding; PyTorch, nn.utils.rnn",
    {
        "lengths": numbers("the sequences' lengths, the longest first", most=8),
        "quantity": choice("what is asked for", ("batch-sizes", "data-rows", "last-steps")),
    },
    _packed_mistakes,
)
def packed(a: Arguments) -> tuple[int, ...]:
    """Σ lengths, batch_sizes, or lengths − 1."""
    lengths = whole(a, "lengths", least=1, below=65)
    if len(lengths) < 2:
        raise ArgumentError("lengths", "has to have two sequences or more")
    if sorted(lengths, reverse=True) != list(lengths):
        raise ArgumentError("lengths", "has to begin with the longest, as enforce_sorted wants it")
    return _packed(a, a["quantity"])


# --- which slice of output is which of h_n -------------------------------------------------------


def _slice(a: Arguments, quantity: str, backward: bool) -> tuple[int, ...]:
    directions, H = directions_of(a), a["H"]
    if quantity == "row":
        return (a["layer"] * directions + backward,)
    if quantity == "step":
        return (0 if backward else a["T"] - 1,)
    return (H, 2 * H) if backward else (0, H)


def _slice_mistakes(a: Arguments) -> Iterator[Mistake]:
    quantity, backward = a["quantity"], a["direction"] == "backward"
    directions, layer = directions_of(a), a["layer"]
    if directions == 2:
        yield "states-confused", "other-direction", _slice(a, quantity, not backward)
    if quantity == "row":
        by_direction = backward * (a["layers"] or layer + 1) + layer
        right = _slice(a, quantity, backward)[0]
        if directions == 2 and by_direction not in (right, layer * 2 + (not backward)):
            yield "axis-wrong", "directions-first", by_direction
        if directions == 2 and layer not in (right, layer * 2 + (not backward), by_direction):
            yield "factor-dropped", "layer-itself", layer
        if directions == 1:
            yield "index-shifted", "counted-from-1", layer + 1
    elif quantity == "step":
        yield "index-shifted", "one-step-more", _slice(a, quantity, backward)[0] + 1
    else:
        yield "sum-lengthened", "both-directions", (0, 2 * a["H"])


@COMPUTATIONS.add(
    "torch.state_slice",
    "where a final state stands: its row of h_n, or the step or the features of output",
    "h_n[layer · directions + direction]; of the last layer output[T − 1, :, :H] forward and "
    "output[0, :, H:] backward; PyTorch, torch.nn.LSTM",
    {
        "quantity": choice("what is asked for", ("row", "step", "features")),
        "direction": choice("whose state", ("forward", "backward")),
        "layer": Parameter("integer", "layer, from 0", minimum=0, maximum=11, default=0),
        "layers": size("num_layers", maximum=12, default=None),
        "H": size("hidden_size", default=1),
        "T": size("time steps", default=1),
        "bidirectional": flag("bidirectional", default="True"),
    },
    _slice_mistakes,
)
def state_slice(a: Arguments) -> tuple[int, ...]:
    """layer · directions + direction; T − 1 or 0; (0, H) or (H, 2H)."""
    if a["direction"] == "backward" and directions_of(a) == 1:
        raise ArgumentError("direction", "backward is there only if bidirectional")
    if a["layers"] is not None:
        at_most(a, "layer", a["layers"] - 1)
    if a["quantity"] != "row" and a["layers"] is not None and a["layer"] != a["layers"] - 1:
        raise ArgumentError("layer", "has to be the last: output shows no other")
    return _slice(a, a["quantity"], a["direction"] == "backward")


# --- what layers and losses want -----------------------------------------------------------------

_WANTED: Final[dict[str, tuple[str, ...]]] = {
    "embedding-input": ("N", "T"),
    "embedding-output": ("N", "T", "D"),
    "embedding-weight": ("V", "D"),
    "cross-entropy-input": ("N", "V", "T"),
    "cross-entropy-target": ("N", "T"),
    "flattened-input": ("NT", "V"),
    "flattened-target": ("NT",),
}
_MISREAD: Final[dict[str, tuple[tuple[str, str, tuple[str, ...]], ...]]] = {
    "embedding-input": (("factor-added", "one-hot", ("N", "T", "V")),),
    "embedding-output": (
        ("axis-wrong", "features-second", ("N", "D", "T")),
        ("sum-dropped", "time-summed", ("N", "D")),
        ("wrong-parameter", "one-hot", ("N", "T", "V")),
    ),
    "embedding-weight": (("transpose-added", "turned", ("D", "V")),),
    "cross-entropy-input": (
        ("axis-wrong", "classes-last", ("N", "T", "V")),
        ("sum-dropped", "one-step", ("N", "V")),
    ),
    "cross-entropy-target": (
        ("factor-added", "one-hot", ("N", "V", "T")),
        ("sum-added", "flattened", ("NT",)),
    ),
    "flattened-input": (
        ("transpose-added", "turned", ("V", "NT")),
        ("sum-dropped", "one-step", ("N", "V")),
    ),
    "flattened-target": (
        ("factor-added", "one-hot", ("NT", "V")),
        ("shape-wrong", "not-flattened", ("N", "T")),
    ),
}


def _wanted_shape(a: Arguments, names: tuple[str, ...]) -> Shape:
    sizes = {**a, "NT": a["N"] * a["T"]}
    return Shape(sizes[name] for name in names)


def _wanted_mistakes(a: Arguments) -> Iterator[Mistake]:
    right = _wanted_shape(a, _WANTED[a["quantity"]])
    for code, note, names in _MISREAD[a["quantity"]]:
        if _wanted_shape(a, names) != right:
            yield code, note, _wanted_shape(a, names)


@COMPUTATIONS.add(
    "torch.token_shape",
    "the shape of what nn.Embedding and nn.CrossEntropyLoss take and give for a batch of sequences",
    "ids (N, T) → vectors (N, T, D); scores (N, V, T), classes second, with targets (N, T), or "
    "both flattened to (N · T, V) and (N · T); PyTorch, nn.Embedding and nn.CrossEntropyLoss",
    {
        "quantity": choice("whose shape", tuple(_WANTED), default="cross-entropy-input"),
        "N": size("sequences in the batch"),
        "T": size("time steps"),
        "V": size("vocabulary, the classes", maximum=1_000_000),
        "D": size("embedding_dim", default=1),
    },
    _wanted_mistakes,
)
def token_shape(a: Arguments) -> Shape:
    """(N, V, T) for the scores."""
    return _wanted_shape(a, _WANTED[a["quantity"]])


# --- attention -----------------------------------------------------------------------------------

_ATTENTION: Final[dict[str, tuple[str, ...]]] = {
    "attn_output": ("L", "N", "E"),
    "attn_weights": ("N", "L", "S"),
    "attn_weights-each-head": ("N", "h", "L", "S"),
    "key_padding_mask": ("N", "S"),
    "attn_mask": ("L", "S"),
    "attn_mask-each-head": ("Nh", "L", "S"),
}


def _attention(a: Arguments, names: tuple[str, ...]) -> Shape:
    sizes = {**a, "Nh": a["N"] * a["h"]}
    if names[:2] == ("L", "N") and a["batch_first"] == "True":
        names = ("N", "L", *names[2:])
    return Shape(sizes[name] for name in names)


def _attention_mistakes(a: Arguments) -> Iterator[Mistake]:
    quantity = a["quantity"]
    names = _ATTENTION[quantity]
    right = _attention(a, names)
    if quantity == "attn_output":
        other = "False" if a["batch_first"] == "True" else "True"
        turned = _attention({**a, "batch_first": other}, names)
        if turned != right:
            yield "axis-wrong", "other-batch-first", turned
        if a["h"] > 1:
            yield "factor-dropped", "one-head", Shape((*right[:2], a["E"] // a["h"]))
        return
    if names[-2:] == ("L", "S") and a["L"] != a["S"]:
        yield "transpose-added", "keys-as-rows", _attention(a, (*names[:-2], "S", "L"))
    wrong = {
        "attn_weights": ("factor-added", "each-head", "attn_weights-each-head"),
        "attn_weights-each-head": ("mean-for-sum", "averaged", "attn_weights"),
        "attn_mask": ("wrong-signal", "key-padding-mask", "key_padding_mask"),
        "attn_mask-each-head": ("factor-dropped", "one-for-all", "attn_mask"),
        "key_padding_mask": ("wrong-signal", "attn-mask", "attn_mask"),
    }[quantity]
    if _attention(a, _ATTENTION[wrong[2]]) != right:
        yield wrong[0], wrong[1], _attention(a, _ATTENTION[wrong[2]])


@COMPUTATIONS.add(
    "torch.attention_shape",
    "the shape of an output or a mask of nn.MultiheadAttention",
    "attn_output (L, N, E), or batch first; attn_output_weights (N, L, S), averaged over the "
    "heads, or (N, h, L, S); key_padding_mask (N, S); attn_mask (L, S) or (N · h, L, S), true "
    "where nothing may be seen; PyTorch, nn.MultiheadAttention",
    {
        "quantity": choice("whose shape", tuple(_ATTENTION)),
        "N": size("sequences in the batch"),
        "L": size("queries"),
        "S": size("keys"),
        "E": size("embed_dim"),
        "h": size("num_heads", maximum=128, default=1),
        "batch_first": flag("batch_first"),
    },
    _attention_mistakes,
)
def attention_shape(a: Arguments) -> Shape:
    """(L, N, E) for attn_output."""
    width_of_head(a, "E")
    return _attention(a, _ATTENTION[a["quantity"]])


def _keras_attention(a: Arguments, heads: int | None = None) -> int:
    d, h, d_k = a["d"], heads or a["h"], a["key_dim"]
    d_v = a["value_dim"] or d_k
    one = 1 if a["use_bias"] == "True" else 0
    return int(2 * h * d_k * (d + one) + h * d_v * (d + one) + d * h * d_v + one * d)


def _keras_attention_mistakes(a: Arguments) -> Iterator[Mistake]:
    d, h, d_k = a["d"], a["h"], a["key_dim"]
    right = _keras_attention(a)
    if h > 1:
        yield "factor-dropped", "one-head", _keras_attention(a, heads=1)
    if h * d_k != d:
        square = 4 * d * d + (4 * d if a["use_bias"] == "True" else 0)
        yield "normalisation-dropped", "as-if-h-times-key-dim-were-d", square
    if a["use_bias"] == "True":
        yield "bias-dropped", "no-biases", _keras_attention({**a, "use_bias": "False"})
    else:
        yield "term-added", "biases-counted", _keras_attention({**a, "use_bias": "True"})
    d_v = a["value_dim"] or d_k
    output = d * h * d_v + (d if a["use_bias"] == "True" else 0)
    yield "output-path-dropped", "no-output-matrix", right - output


@COMPUTATIONS.add(
    "keras.attention_parameter_count",
    "parameters of layers.MultiHeadAttention, for self-attention over vectors of width d",
    "query and key (d, h, key_dim), value (d, h, value_dim), output (h, value_dim, d), biases (h, "
    "key_dim) twice, (h, value_dim), (d); key_dim is the width of one head; Keras, "
    "layers.MultiHeadAttention",
    {
        "d": size("width of the inputs and of the output"),
        "h": size("num_heads", maximum=128),
        "key_dim": size("key_dim"),
        "value_dim": size("value_dim; key_dim if not given", default=None),
        "use_bias": flag("use_bias", default="True"),
    },
    _keras_attention_mistakes,
)
def keras_attention(a: Arguments) -> int:
    """2h·key_dim(d + 1) + h·value_dim(d + 1) + d·h·value_dim + d."""
    return _keras_attention(a)
