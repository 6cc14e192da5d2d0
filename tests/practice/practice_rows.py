"""Rows of a journal, made by hand and by hypothesis."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st

from drills.progress import ulid
from drills.progress.journal import Review, Row, Undo

QUICK = settings(deadline=None, derandomize=True, max_examples=60)


def uid(number: int) -> str:
    return ulid.encode((1_700_000_000_000 << 80) + number)


def review(number: int = 1, **fields: object) -> Review:
    made = Review(
        uid=uid(number),
        device="laptop",
        card="rnn-forward#typed",
        item="rnn-forward",
        face="typed",
        item_hash="a1",
        engine_version="0.1.0",
        session=uid(0),
        slot=0,
        kind="formula",
        section="rnn",
        shown_at="2026-11-01T12:00:00.000Z",
        answered_at=f"2026-11-01T12:{number % 60:02}:30.000Z",
        utc_offset=540,
        outcome="wrong",
        right=False,
        mistakes=("sign-flipped",),
        rating=1,
        milliseconds=30_000,
        hints=0,
        guessed=False,
        revealed=False,
        seed=7,
        answer="Ｗ－ε∂E／∂W",
        values={"D": 3},
        order=(2, 0, 1),
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def undo(number: int, undoes: int) -> Undo:
    return Undo(uid(number), "laptop", uid(undoes), uid(0), "2026-11-01T13:00:00.000Z")


reviews = st.builds(
    review,
    st.integers(1, 12),
    card=st.sampled_from(["a#typed", "b#typed", "b#choice"]),
    rating=st.sampled_from([None, 1, 2, 3, 4]),
    answered_at=st.integers(1, 28).map(lambda day: f"2026-11-{day:02}T12:00:00.000Z"),
    answer=st.text(max_size=8),
    device=st.sampled_from(["laptop", "desk"]),
)
rows: st.SearchStrategy[list[Row]] = st.lists(
    st.one_of(reviews, st.builds(undo, st.integers(100, 104), st.integers(1, 12))), max_size=12
)
