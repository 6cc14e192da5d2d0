"""Named computations: the only way in which a question bank reaches the engine's arithmetic.

Each has typed and bounded parameters, a source, the right value, and the values that known mistakes
give. Names, arguments and values are plain data; what is missing is added here, in Python, with a
test. All of it is exact arithmetic without NumPy; ``engine.recurrent`` holds it to account in the
tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from engine.computations import (
    arrays,
    assignment,
    attention,
    attention_backward,
    attention_matrix,
    attention_scores,
    beam,
    bidirectional,
    bidirectional_states,
    bptt,
    calculus,
    clipping,
    embeddings,
    encoder_decoder,
    framework_batches,
    framework_weights,
    frameworks,
    gated_runs,
    gates,
    gradients,
    gru,
    gru_backward,
    indices,
    jacobians,
    lstm,
    lstm_backward,
    optimizers,
    peepholes,
    probability,
    programs,
    recorded,
    rnn,
    seq2seq,
    training,
    transformer,
    transformer_layers,
    updates,
    windows,
    word2vec,
    word2vec_gradients,
    word_vectors,
)
from engine.computations.registry import (
    Computation,
    ComputationError,
    MistakenValue,
    Value,
    find,
    from_json,
    to_json,
)
from engine.parameters import REQUIRED, Parameter

__all__ = [
    "COMPUTATIONS",
    "REQUIRED",
    "Computation",
    "ComputationError",
    "MistakenValue",
    "Parameter",
    "Value",
    "computation",
    "from_json",
    "to_json",
]

_MODULES: Final = (
    rnn,
    bptt,
    windows,
    gradients,
    calculus,
    programs,
    recorded,
    clipping,
    updates,
    training,
    jacobians,
    lstm,
    lstm_backward,
    peepholes,
    gru,
    gru_backward,
    gates,
    gated_runs,
    bidirectional,
    bidirectional_states,
    seq2seq,
    encoder_decoder,
    beam,
    probability,
    word2vec,
    word2vec_gradients,
    word_vectors,
    embeddings,
    attention,
    attention_scores,
    attention_backward,
    attention_matrix,
    transformer,
    transformer_layers,
    optimizers,
    frameworks,
    framework_weights,
    framework_batches,
    arrays,
    indices,
    assignment,
)

COMPUTATIONS: Final[Mapping[str, Computation]] = MappingProxyType(
    {found.name: found for module in _MODULES for found in module.COMPUTATIONS}
)


def computation(name: str) -> Computation:
    """The computation of this name; raises ComputationError with the nearest names."""
    return find(COMPUTATIONS, name)
