"""Dates from several written forms into one, by sequence to sequence: with attention, and without.

The question is read from its end. Published for the default settings (45,000 examples, 10 epochs):
with attention no test date is right after the first epoch, about half after the second, all after
the third; peeky gets there by the sixth, plain stays at none. Half is a point on a steep slope: it
comes a whole epoch sooner or later with another seed (``results/date_conversion.json``).

Claim: the answer lies in the question in another order. Without attention all of it has to pass
through one state vector; with it each character looks where it is written, and ``alignment`` shows
where: the year's digits at the year, in whatever form.

Sources: Bahdanau, Cho, Bengio (2015), figure 3, for the alignment; Luong, Pham, Manning (2015), for
the dot product with the query after the step; Saito, Deep Learning from Scratch 2 (2018), section
8.3, for the task, the settings and the figures.
"""

from __future__ import annotations

from typing import Any, Final, Literal

import numpy as np

from engine.experiments.rewriting import State, run
from engine.optimizers import Adam
from engine.seq2seq import draw_seq2seq
from engine.tasks import date_format

__all__ = ["VARIANTS", "new_state", "run"]

#: Name → (peeky, score of attention).
VARIANTS: Final[dict[str, tuple[bool, Literal["dot"] | None]]] = {
    "attention": (False, "dot"),
    "peeky": (True, None),
    "plain": (False, None),
}


def new_state(seed: int, **settings: Any) -> State:
    """The state before the first iteration; the LSTM's cell is not handed to the decoder."""
    rng = np.random.RandomState(seed)
    split = date_format.split(rng, settings["examples"], settings["test"])
    peeky, score = VARIANTS[settings["variant"]]
    V = len(date_format.CHARACTERS)
    model = draw_seq2seq(
        rng,
        V,
        V,
        E=settings["embedding"],
        H=settings["hidden"],
        reverse=True,
        peeky=peeky,
        attention=score,
        hidden_only=True,
    )
    # As published. The encoder's first gradients are as small as that: with ε = 1e-8 after the
    # correction every weight moves by a whole η from the first update on, and learning is slower.
    optimizer = Adam(settings["learning_rate"], epsilon_hat=1e-7)
    return State(model, optimizer, date_format.CHARACTERS, split, rng)
