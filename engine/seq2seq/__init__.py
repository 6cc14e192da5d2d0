"""Sequence to sequence.

Read in this order: ``decoder`` (what a step sees of the source), ``model`` (encoder and decoder,
teacher forcing), ``steps`` (the four steps of writing, and the door to every search of
``engine.decoding``), ``building`` (a model by its sizes).
"""

from engine.seq2seq.building import draw_seq2seq
from engine.seq2seq.decoder import Decoder, Memory
from engine.seq2seq.model import Seq2Seq
from engine.seq2seq.steps import (
    Chosen,
    Detokenised,
    EmbeddedToken,
    Event,
    StateAndProbabilities,
    decoder_step,
    decoder_steps,
)

__all__ = [
    "Chosen",
    "Decoder",
    "Detokenised",
    "EmbeddedToken",
    "Event",
    "Memory",
    "Seq2Seq",
    "StateAndProbabilities",
    "decoder_step",
    "decoder_steps",
    "draw_seq2seq",
]
