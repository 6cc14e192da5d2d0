"""Learners whose memory the planner does not know, and evenings that are spent on them.

Two models of memory: FSRS with every parameter perturbed and items of differing strength, and
power-law forgetting with item difficulty (R = (1 + t/h) ** -psi; h grows with the time since the
last answer when that was known, and falls when it was not). Both guess, both know some items from
elsewhere (and keep knowing those, studied or not), both miss evenings and need more or less time
than an item says.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
from fsrs.scheduler import LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS

from drills import scheduling
from drills.planning.forecast import forecast
from drills.planning.ladder import Ladder
from drills.planning.learner import Trial, eases_of
from drills.planning.memory import Memory
from drills.planning.plan import HIGH, LOW
from drills.planning.policy import Learner, State, cost, fill, priorities
from drills.planning.stock import EARLY, Stock, weights
from question_bank.catalogue import Entry
from question_bank.objectives import OBJECTIVES

FSRS: Final = Memory(scheduling.parameters())
GUESS: Final = 0.25
MISSED: Final = 0.12
# What was known before the first evening fades so much more slowly.
KEPT: Final = 20


def some_stock(count: int, rng: np.random.Generator) -> Stock:
    """A bank like the real one: each objective has items of several levels and lengths."""
    entries = []
    for number in range(count):
        seconds = int(np.clip(rng.lognormal(np.log(85), 0.55), 30, 600))
        face = "choice" if rng.random() < 0.55 else "typed"
        entries.append(
            Entry(
                id=f"item-{number}",
                kind=face,
                section=OBJECTIVES[number * len(OBJECTIVES) // count][0],
                fact=f"fact-{number}",
                objectives=(OBJECTIVES[number * len(OBJECTIVES) // count],),
                level=1 + int(rng.integers(3)),
                seconds=seconds,
                status="current",
                faces=(face,),
                hash="",
                framework=None,
                set=None,
                mistakes=(),
                line=number,
                column=1,
                card=f"item-{number}#{face}",
            )
        )
    return Stock(
        tuple(entries),
        np.array([float(entry.seconds) for entry in entries]),
        weights(entries),
        np.linspace(EARLY, 1.0, count),
        np.full(count, np.nan),
        np.full(count, 5.0),
        np.zeros(count, dtype=np.int64),
        np.zeros(count, dtype=np.int64),
        Ladder(entries),
    )


class PerturbedFsrs:
    """FSRS with parameters of its own, and a strength of its own for each item."""

    def __init__(self, count: int, rng: np.random.Generator) -> None:
        drawn = np.array(FSRS.weights) * rng.lognormal(0, 0.3, len(FSRS.weights))
        drawn = np.clip(drawn, LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS)
        drawn[:4] = np.sort(drawn[:4])
        self.memory = Memory(tuple(float(value) for value in drawn))
        self.strength = rng.lognormal(0, 0.4, count)
        self.before = rng.beta(2, 3, count)
        self.stability = np.full(count, np.nan)
        self.difficulty = np.full(count, 5.0)
        self.last = np.zeros(count)

    def recall(self, item: int, day: int) -> float:
        if np.isnan(self.stability[item]):
            return float(self.before[item])
        held = np.array(self.stability[item] * self.strength[item])
        return float(self.memory.recall(held, day - self.last[item]))

    def study(self, item: int, day: int, known: bool) -> None:
        memory, stability = self.memory, self.stability
        if np.isnan(stability[item]):
            stability[item], self.difficulty[item] = memory.first(4 if known else 1)
            stability[item] *= KEPT if known else 1
        else:
            now = np.array(self.recall(item, day))
            change = memory.after_recall if known else memory.after_lapse
            stability[item] = change(stability[item], self.difficulty[item], now)
            rating = 3 if known else 1
            self.difficulty[item] = memory.next_difficulty(self.difficulty[item], rating)
        self.last[item] = day


class PowerLaw:
    """Power-law forgetting with item difficulty."""

    def __init__(self, count: int, rng: np.random.Generator) -> None:
        self.psi = rng.uniform(0.25, 0.7)
        self.easiness = rng.lognormal(np.log(1.2), 0.6, count) * rng.lognormal(0, 0.3)
        self.growth = rng.lognormal(np.log(1.5), 0.4, count)
        self.before = rng.beta(2, 3, count)
        self.hold = np.full(count, np.nan)
        self.last = np.zeros(count)

    def recall(self, item: int, day: int) -> float:
        if np.isnan(self.hold[item]):
            return float(self.before[item])
        return float((1 + (day - self.last[item]) / self.hold[item]) ** -self.psi)

    def study(self, item: int, day: int, known: bool) -> None:
        hold = self.hold[item]
        if np.isnan(hold):
            hold = self.easiness[item] * (15 * KEPT if known else 1)
        elif known:
            hold *= 1 + self.growth[item] * min(2.0, (day - self.last[item]) / hold)
        else:
            hold = max(self.easiness[item], 0.4 * hold)
        self.hold[item] = hold
        self.last[item] = day


MODELS: Final = {"perturbed FSRS": PerturbedFsrs, "power law": PowerLaw}


@dataclass
class Desk:
    """What a policy sees: the stock as FSRS tells it, and the answers so far."""

    stock: Stock
    trials: list[Trial]
    firsts: list[bool]
    rng: random.Random
    learner: Learner = field(default_factory=Learner)

    def note(self, item: int, day: int, right: bool) -> None:
        stock, memory = self.stock, FSRS
        if np.isnan(stock.stability[item]):
            self.firsts.append(right)
            stock.stability[item], stock.difficulty[item] = memory.first(3 if right else 1)
        else:
            stability = stock.stability[item]
            days = int(day - stock.last[item])
            guess = GUESS if stock.entries[item].faces == ("choice",) else 0.0
            self.trials.append(Trial(float(stability), days, right, guess))
            now = memory.recall(stability, days)
            change = memory.after_recall if right else memory.after_lapse
            stock.stability[item] = change(stability, stock.difficulty[item], now)
            rating = 3 if right else 1
            stock.difficulty[item] = memory.next_difficulty(stock.difficulty[item], rating)
        stock.last[item] = day
        state = scheduling_interval(float(stock.stability[item]))
        stock.due[item] = day + state


def expected(desk: Desk, day: int, exam: int, seconds: float) -> tuple[float, float]:
    """Between which bounds the plan expects, on a day before the exam, what will be learnt."""
    stock = desk.stock
    now = replace(
        stock,
        stability=stock.stability.copy(),
        difficulty=stock.difficulty.copy(),
        last=stock.last - day,
        due=stock.due - day,
    )
    seen_ahead = forecast(now, FSRS, learner_so_far(desk), exam - day, seconds)
    low, high = np.quantile(seen_ahead.recall @ stock.weight, (LOW, HIGH))
    return float(low), float(high)


def learner_so_far(desk: Desk) -> Learner:
    """What the answers tell; time and missed evenings are taken as a beginner's."""
    count = 10 + len(desk.firsts)
    known = (4 + sum(desk.firsts)) / count
    return Learner(eases=eases_of(desk.trials, FSRS), known_first=known, firsts=count)


def scheduling_interval(stability: float) -> int:
    """FSRS's own interval at a desired retention of 0.9."""
    span = stability / FSRS.factor * (scheduling.DESIRED_RETENTION ** (1 / FSRS.decay) - 1)
    return max(1, round(span))


def planned(desk: Desk, day: int, exam: int, seconds: float) -> Sequence[int]:
    """The planner, told only what was answered."""
    if day % 5 == 0:
        desk.learner = learner_so_far(desk)
    memory = Memory(FSRS.weights, desk.learner.ease)
    priority = priorities(
        State.of(desk.stock), desk.stock, memory, desk.learner, day, exam - day, seconds
    )
    return fill(priority[0], cost(desk.stock, desk.learner), seconds)


def plain_fsrs(desk: Desk, day: int, exam: int, seconds: float) -> Sequence[int]:
    """What is due at a retention of 0.9, the longest due first, then what is new, in order."""
    seen = ~np.isnan(desk.stock.stability)
    due = np.flatnonzero(seen & (desk.stock.due <= day))
    due = due[np.argsort(desk.stock.due[due], kind="stable")]
    return [*map(int, due), *map(int, np.flatnonzero(~seen))]


def at_random(desk: Desk, day: int, exam: int, seconds: float) -> Sequence[int]:
    """Any item."""
    return desk.rng.sample(range(len(desk.stock)), len(desk.stock))


POLICIES: Final[dict[str, Callable[[Desk, int, int, float], Sequence[int]]]] = {
    "plan": planned,
    "FSRS 0.9": plain_fsrs,
    "random": at_random,
}


@dataclass(frozen=True)
class Outcome:
    """``recall`` on the exam day, objectives by weight: an item never seen counts what was known
    of it before. ``learnt`` counts only what was seen; ``plainly`` every item the same.
    ``bounds`` are those of the forecasts made for ``learnt``.
    """

    recall: float
    learnt: float
    plainly: float
    covered: float
    bounds: tuple[tuple[float, float], ...]


def simulate(
    policy: str,
    model: str,
    seed: int,
    days: int,
    minutes: int,
    count: int = 800,
    foretold_on: Sequence[int] = (),
) -> Outcome:
    """One learner's evenings up to the exam; the same seed is the same learner for every policy.

    On the days ``foretold_on`` the plan's forecast is asked for.
    """
    rng = np.random.default_rng([seed, days, minutes])
    stock = some_stock(count, rng)
    memory: Any = MODELS[model](count, rng)
    pace = rng.lognormal(0, 0.15)
    missed = rng.random(days) < MISSED
    if days > 10 and rng.random() < 0.4:
        # Ill, or away.
        begin = int(rng.integers(0, days - 4))
        missed[begin : begin + 4] = True
    luck = random.Random(seed)
    desk = Desk(stock, [], [], random.Random(seed + 1))
    bounds = []
    for day in range(days):
        if day in foretold_on:
            bounds.append(expected(desk, day, days, 60 * minutes))
        if missed[day]:
            continue
        left = 60.0 * minutes
        for item in POLICIES[policy](desk, day, days, left):
            if left <= 0:
                break
            left -= stock.seconds[item] * pace * luck.lognormvariate(0, 0.25) + 8
            known = luck.random() < memory.recall(item, day)
            chance = GUESS if stock.entries[item].faces == ("choice",) else 0.0
            right = known or luck.random() < chance
            memory.study(item, day, known)
            desk.note(item, day, right)
    recall = np.array([memory.recall(item, days) for item in range(count)])
    seen = ~np.isnan(stock.stability)
    return Outcome(
        float(recall @ stock.weight),
        float((recall * seen) @ stock.weight),
        float(recall.mean()),
        60 * minutes * days / float(stock.seconds.sum()),
        tuple(bounds),
    )
