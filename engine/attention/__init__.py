"""Attention, from the score of one query to many heads.

Read in this order: ``masks`` (the softmax that looks away), ``scores`` (how well a query fits),
``mechanism`` (weights, context, the way back), ``multi_head``. ``onnx_operator`` is the same under
ONNX's names.
"""

from engine.attention.masks import causal_mask, masked_softmax, padding_mask, softmax_pull_back
from engine.attention.mechanism import Attention, Backward, Forward
from engine.attention.multi_head import MultiHeadAttention, MultiHeadParameters
from engine.attention.scores import Additive, Capped, Dot, General, ScaledDot, Score

__all__ = [
    "Additive",
    "Attention",
    "Backward",
    "Capped",
    "Dot",
    "Forward",
    "General",
    "MultiHeadAttention",
    "MultiHeadParameters",
    "ScaledDot",
    "Score",
    "causal_mask",
    "masked_softmax",
    "padding_mask",
    "softmax_pull_back",
]
