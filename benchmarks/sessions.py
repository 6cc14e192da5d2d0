"""How long a session makes one wait: with 5,000 items and 50,000 reviews, beside today's bank.

The limits are 5 ms for choosing (a whole session, and the next item within one) and the ratio
between the large bank and one a fiftieth of its size: what is chosen must not cost what is there.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.bank import EACH, milliseconds, write_large
from benchmarks.figure import Figure
from drills import scheduling
from drills.clock import ManualClock, stamp
from drills.progress import journal, paths, ulid
from drills.progress.journal import Review
from drills.progress.store import Store
from drills.selection import SessionRequest, choose
from drills.session import Session
from drills.siblings import cards_of
from question_bank.index import open_bank

LIMIT = 5.0
SIZES = {"100": (1, 1_000), "5000": (50, 50_000)}
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def write_reviews(home: Path, items: list[Any], count: int) -> None:
    """A journal of ``count`` answers over the last 100 days, item by item in random order."""
    rng = random.Random(1)
    begin = NOW - timedelta(days=100)
    step = timedelta(days=100) / count
    rows = []
    for number in range(count):
        item = items[rng.randrange(len(items))]
        moment = begin + number * step
        rating = rng.choice((1, 3, 3, 4))
        rows.append(
            Review(
                uid=ulid.encode((int(moment.timestamp() * 1000) << 80) + number),
                device="bench",
                card=item.card,
                item=item.id,
                face=item.faces[0],
                item_hash=item.hash,
                engine_version="0",
                session="s",
                slot=0,
                kind=item.kind,
                section=item.section,
                shown_at=stamp(moment),
                answered_at=stamp(moment),
                utc_offset=540,
                outcome="correct" if rating > 1 else "wrong",
                right=rating > 1,
                mistakes=() if rating > 1 else ("sign-flipped",),
                rating=rating,
                milliseconds=40_000,
                hints=0,
                guessed=False,
                revealed=False,
                seed=number,
                answer="A",
                values={},
                order=(0, 1, 2),
            )
        )
    home.mkdir(parents=True, exist_ok=True)
    journal.append(paths.journal(home, "bench"), rows)


def figures() -> Iterator[Figure]:
    """Choosing ten items, and going on to the next one with everything that is written then."""
    taken: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as place:
        for size, (files, reviews) in SIZES.items():
            root = Path(place) / size
            write_large(root / "bank", files)
            bank = open_bank(root / "cache", (root / "bank",))
            assert len(bank.catalogue) == files * EACH
            write_reviews(root / "home", list(bank.catalogue), reviews)
            with Store(root / "home", ManualClock(NOW, 540)) as store:
                yield from _of(size, bank, store, taken)


def _of(size: str, bank: Any, store: Store, taken: dict[str, float]) -> Iterator[Figure]:
    today = scheduling.study_day(NOW, 540)
    for which in ("mixed", "new", "all"):
        request = SessionRequest(which=which)
        name = f"choose-{which}"
        value = milliseconds(lambda r=request: choose(bank, cards_of(store, bank), r, today))
        yield _figure(name, size, value, taken)
    session = Session.start(bank, store, SessionRequest(count=40, which="all", seed=1))
    steps = []
    while not session.finished:
        session.answer("A")
        start = time.perf_counter()
        session.next()
        steps.append(1000 * (time.perf_counter() - start))
    yield _figure("next-item", size, statistics.median(steps), taken)


def _figure(name: str, size: str, value: float, taken: dict[str, float]) -> Figure:
    small = taken.setdefault(name, value)
    reference = "-" if size == "100" else f"{name}-100"
    ratio = None if size == "100" else value / small
    return Figure(f"{name}-{size}", value, "ms", ratio, reference, holds=value <= LIMIT)
