"""The plan toward the exam: what an answer is worth, what comes first, what it all comes to."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from graphlib import TopologicalSorter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from fsrs import Card, Rating, Scheduler, State
from hypothesis import given, settings
from hypothesis import strategies as st
from practice_doubles import Bank, Item, clock_at, right, start
from simulated_learners import some_stock

from drills import scheduling
from drills.planning import policy
from drills.planning.dates import read_day
from drills.planning.ladder import Ladder, needs
from drills.planning.learner import Answer, Trial, eases_of, learner_of, trials_of
from drills.planning.memory import Memory
from drills.planning.outlook import FARTHEST, HORIZON, outlook
from drills.planning.plan import make_plan
from drills.planning.policy import Learner, cost, fill, gain, priorities
from drills.planning.stock import Stock, in_plan, stock_of, weights
from drills.planning.tonight import interleaved
from drills.planning.tonight import tonight as make_tonight
from drills.progress import paths
from drills.progress.index import CardRow
from drills.settings import Settings, load_settings, save_settings
from question_bank.catalogue import Entry
from question_bank.objectives import OBJECTIVES
from question_bank.prerequisites import builds_on

MEMORY = Memory(scheduling.parameters())
TODAY = date(2026, 11, 24)
AVERAGE = Learner()
SETTINGS = settings(deadline=None, derandomize=True, max_examples=60)


def entry(name: str, *objectives: str, level: int = 1, **fields: object) -> Entry:
    made = Entry(
        name, "choice", "rnn", "", objectives, level, 60, "current", ("choice",), "", None,
        None, (), 1, 1, f"{name}#choice",
    )  # fmt: skip
    return made._replace(**fields)  # type: ignore[arg-type]


def stock(*entries: Entry, **seen: tuple[float, int]) -> Stock:
    """The entries; ``seen`` gives the stability of an item and how many days ago it was seen."""
    cards = {}
    for name, (stability, days) in seen.items():
        day = TODAY - timedelta(days=days)
        state = scheduling.CardState(
            stability, 5.0, day + timedelta(days=max(1, round(stability))), day, 2, 1
        )
        cards[f"{name}#choice"] = CardRow(f"{name}#choice", name, state, "h")
    return stock_of(entries, cards, TODAY)


def tonight(some: Stock, days_left: int, seconds: float) -> list[str]:
    learner = Learner()
    found = priorities(policy.State.of(some), some, MEMORY, learner, 0, days_left, seconds)[0]
    return [some.entries[place].id for place in fill(found, cost(some, learner), seconds)]


@SETTINGS
@given(
    st.floats(0.01, 400),
    st.floats(1, 10),
    st.integers(1, 90),
    st.sampled_from([Rating.Again, Rating.Good]),
)
def test_over_arrays_fsrs_is_what_its_package_says(
    stability: float, difficulty: float, days: int, rating: Rating
) -> None:
    scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    seen = datetime(2026, 11, 1, tzinfo=UTC)
    card = Card(
        card_id=1, state=State.Review, stability=stability, difficulty=difficulty, due=seen,
        last_review=seen,
    )  # fmt: skip
    later = seen + timedelta(days=days)
    after, _ = scheduler.review_card(card, rating, later)
    s, d = np.array(stability), np.array(difficulty)
    recall = MEMORY.recall(s, days)
    change = MEMORY.after_recall if rating == Rating.Good else MEMORY.after_lapse
    assert recall == pytest.approx(scheduler.get_card_retrievability(card, later))
    assert change(s, d, recall) == pytest.approx(after.stability)
    assert MEMORY.next_difficulty(d, int(rating)) == pytest.approx(after.difficulty)
    fresh, _ = scheduler.review_card(Card(card_id=1, due=seen), rating, seen)
    assert MEMORY.first(int(rating)) == pytest.approx((fresh.stability, fresh.difficulty))


def test_every_objective_is_reached_from_the_beginning_of_the_curriculum() -> None:
    for objective in OBJECTIVES:
        assert set(builds_on(objective)) <= set(OBJECTIVES) - {objective}
    # A circle would raise.
    order = list(TopologicalSorter({o: builds_on(o) for o in OBJECTIVES}).static_order())
    assert set(order) == set(OBJECTIVES)
    assert builds_on("A01") == () == builds_on("of-my-own")


def test_a_rung_needs_the_lower_level_and_what_its_objective_builds_on() -> None:
    rungs = [("B05", 2), ("B05", 1), ("B03", 2), ("A01", 3)]
    # B05 builds on B04, of which there is nothing, hence on what that builds on.
    assert needs(rungs) == {
        ("A01", 3): (),
        ("B03", 2): (("A01", 3),),
        ("B05", 1): (("B03", 2),),
        ("B05", 2): (("B05", 1),),
    }


def test_prerequisites_come_before_what_needs_them_and_only_while_they_are_unseen() -> None:
    dear = {"seconds": 200}
    some = (entry("late", "B05"), entry("early", "B04", **dear), entry("first", "A01", **dear))
    assert tonight(stock(*some), 20, 3600) == ["first", "early", "late"]
    # Seen yesterday, it holds nothing up, and is worth less than what is new.
    assert tonight(stock(*some, early=(2.0, 1)), 20, 3600)[0] == "late"


@SETTINGS
@given(
    st.lists(st.tuples(st.sampled_from(OBJECTIVES[:60]), st.integers(1, 3)), min_size=1), st.data()
)
def test_no_unseen_item_is_ranked_above_all_items_of_a_rung_that_it_needs(
    rungs: list[tuple[str, int]], data: st.DataObject
) -> None:
    ladder = Ladder([entry(f"i{n}", o, level=level) for n, (o, level) in enumerate(rungs)])
    count = len(rungs)
    values = data.draw(st.lists(st.floats(0, 1), min_size=count, max_size=count))
    unseen = np.array(data.draw(st.lists(st.booleans(), min_size=count, max_size=count)))
    lifted = ladder.lift(np.array([values]), unseen[None, :])[0]
    assert (lifted >= np.array(values)).all()
    for before, after in ladder.edges:
        mine, needed = np.array(ladder.of) == after, np.array(ladder.of) == before
        if (unseen[needed]).all() and (unseen & mine).any():
            assert lifted[needed].max() >= lifted[mine & unseen].max()


def test_what_is_studied_is_what_gains_the_most_on_the_exam_day() -> None:
    some = stock(
        entry("new"), entry("shaky"), entry("firm"), entry("today"),
        shaky=(2.0, 9), firm=(400.0, 9), today=(0.3, 0),
    )  # fmt: skip
    # A fifth of an hour belongs to what is due; of 140 s that is too little for it. What is held
    # firmly gains less than a point, and the evening ends before it.
    assert tonight(some, 14, 3600) == ["shaky", "new"]
    # The day before, a first look holds until tomorrow, and so does a second one.
    assert tonight(some, 1, 3600) == ["shaky", "new"]
    # What fits, not what comes first: 60 s and the time around it.
    assert tonight(some, 14, 140) == ["new", "shaky"]
    assert tonight(some, 14, 20) == ["new"]
    assert tonight(some, 14, 0) == []


def test_what_is_due_has_its_share_of_the_evening_and_no_more() -> None:
    due = {f"due{n}": (2.0, 3) for n in range(20)}
    some = stock(*(entry(name) for name in (*due, *(f"new{n}" for n in range(20)))), **due)
    asked = tonight(some, 30, 20 * 68)
    assert sum(name in due for name in asked) == 20 * policy.DUE_SHARE
    assert len(asked) == 20


def test_the_gain_is_that_of_answering_now_less_that_of_leaving_it() -> None:
    some = stock(entry("a"), entry("b"), a=(3.0, 5))
    found = gain(policy.State.of(some), MEMORY, 0, 10, 0.4)[0]
    s, d, now = np.array(3.0), np.array(5.0), float(MEMORY.recall(np.array(3.0), 5))
    known = MEMORY.recall(MEMORY.after_recall(s, d, np.array(now)), 10)
    missed = MEMORY.recall(MEMORY.after_lapse(s, d, np.array(now)), 10)
    left = MEMORY.recall(s, 15)
    assert found[0] == pytest.approx(now * known + (1 - now) * missed - left)
    first = 0.4 * MEMORY.recall(np.array(2.3065), 10) + 0.6 * MEMORY.recall(np.array(0.212), 10)
    assert found[1] == pytest.approx(first - policy.ALREADY_KNOWN * 0.4)


def test_an_objective_counts_as_much_as_the_curriculum_wants_of_it() -> None:
    central, other = entry("c", "A06"), entry("o", "A05")
    found = weights([central, other, entry("o2", "A05"), entry("own")])
    assert found.sum() == pytest.approx(1)
    # Five items wanted against two, which two items share; without an objective half of that.
    assert list(found / found[1]) == pytest.approx([5, 1, 1, 1])


def test_legacy_items_and_the_other_framework_are_no_part_of_a_plan() -> None:
    for fields, framework, expected in (
        ({}, "pytorch", True),
        ({"status": "legacy"}, None, False),
        ({"status": "course"}, None, False),
        ({"framework": "numpy"}, "pytorch", True),
        ({"framework": "tensorflow"}, "pytorch", False),
        ({"framework": "tensorflow"}, None, True),
    ):
        assert in_plan(entry("a", **fields), framework) == expected


def test_a_plan_is_the_same_every_time_and_there_at_once() -> None:
    some = some_stock(800, np.random.default_rng(3))
    exam = TODAY + timedelta(days=42)
    start = time.perf_counter()
    plan = make_plan(some, MEMORY, Learner(), TODAY, exam, 25)
    taken = time.perf_counter() - start
    assert plan == make_plan(some, MEMORY, Learner(), TODAY, exam, 25)
    assert taken < 3.0, "a fifth of a second when nothing else runs"
    assert [evening.day for evening in plan.evenings] == [
        TODAY + timedelta(days=n) for n in range(42)
    ]
    assert all(evening.minutes <= 25 for evening in plan.evenings)
    assert 0.5 < plan.covered < 1.2
    assert 0 < plan.coming < 800
    assert plan.coming + len(plan.left_out) == 800 == plan.items
    assert sum(evening.introduced for evening in plan.evenings) == plan.coming
    assert plan.untouched.mean == 0 < plan.recall.low < plan.recall.mean < plan.recall.high < 1
    assert sum(section.coming for section in plan.sections) == plan.coming
    mean = sum(section.weight * section.recall.mean for section in plan.sections)
    assert mean == pytest.approx(plan.recall.mean)
    # Nothing new the evening before; what was learnt is seen again.
    assert plan.evenings[-1].introduced == 0 < plan.evenings[-1].again


def test_more_time_is_expected_to_bring_more_and_missed_days_less() -> None:
    some = some_stock(200, np.random.default_rng(4))

    def expected(days: int, minutes: float, learner: Learner = AVERAGE) -> float:
        return make_plan(
            some, MEMORY, learner, TODAY, TODAY + timedelta(days=days), minutes
        ).recall.mean

    assert 0 == expected(0, 30) < expected(7, 10) < expected(7, 30) < expected(21, 30)
    assert expected(14, 20, Learner(attendance=0.5)) < expected(14, 20)
    assert expected(14, 20, Learner(pace=2.0)) < expected(14, 20)
    forgetful = replace(Learner(), eases=(0.2,) * 3)
    assert expected(14, 20, forgetful) < expected(14, 20)


@pytest.mark.parametrize("days", [0, -5])
def test_without_days_left_there_is_no_evening_and_the_forecast_is_what_is_known(days: int) -> None:
    plan = make_plan(
        stock(entry("a"), entry("b"), a=(30.0, 3)), MEMORY, Learner(), TODAY,
        TODAY + timedelta(days=days), 20,
    )  # fmt: skip
    assert plan.evenings == ()
    assert plan.recall == plan.untouched
    assert 0.4 < plan.recall.mean < 0.5


def test_a_bank_without_items_has_an_empty_plan() -> None:
    plan = make_plan(stock(), MEMORY, Learner(), TODAY, TODAY + timedelta(days=9), 20)
    assert (plan.items, plan.left_out, plan.recall.mean) == (0, (), 0.0)


def test_the_learner_is_the_average_one_until_the_answers_say_otherwise() -> None:
    average = learner_of([], MEMORY)
    assert average.ease == pytest.approx(1.0, abs=0.05)
    assert (average.pace, average.known_first, average.attendance) == (1.0, 0.4, 0.9)

    def trials(known: bool) -> list[Trial]:
        return [Trial(5.0, 5, known) for _ in range(30)]

    good, bad = (eases_of(trials(known), MEMORY) for known in (True, False))
    assert bad[3] < 0.5
    assert good[3] > 1.1
    # Evidence narrows the range.
    ninety = eases_of([Trial(5.0, 5, n % 10 > 0) for n in range(1200)], MEMORY)
    assert ninety[-1] - ninety[0] < (average.eases[-1] - average.eases[0]) / 2
    assert ninety[3] == pytest.approx(1.0, abs=0.25)


def test_answers_are_told_apart_into_first_ones_and_trials() -> None:
    def answer(card: str, days: int, rating: int, seconds: float = 60) -> Answer:
        return Answer(card, TODAY + timedelta(days=days), rating, "choice", seconds, 60)

    rows = [answer("a", 0, 3), answer("b", 0, 1), answer("a", 0, 3), answer("a", 4, 1)]
    firsts, trials = trials_of(rows, MEMORY)
    assert firsts == [True, False]
    # The second answer of the same day tells nothing about forgetting.
    assert [(t.days, t.known, t.guess) for t in trials] == [(4, False, 0.25)]
    assert trials[0].stability == MEMORY.first(3)[0]
    slow = learner_of([answer(f"c{n}", 0, 3, 120) for n in range(60)], MEMORY, kept=3, evenings=14)
    assert 1.6 < slow.pace < 2.0
    assert slow.known_first == pytest.approx(64 / 70)
    assert slow.attendance == pytest.approx(12 / 24)


def test_tonight_alternates_kinds_and_sections_and_keeps_facts_apart_and_sets_together() -> None:
    entries = [
        entry(f"{section}-{kind}-{n}", section=section, kind=kind, fact=f"{section}{n}")
        for n in range(3)
        for section in ("rnn", "lstm")
        for kind in ("choice", "numeric")
    ]
    entries += [
        entry(f"set-{n}", section="gru", set="s", fact=f"g{n}", line=9 - n) for n in range(3)
    ]
    order = interleaved(entries, set())
    assert sorted(e.id for e in order) == sorted(e.id for e in entries)
    for one, other in pairwise(order):
        if not (one.set and other.set):
            assert one.section != other.section or one.kind != other.kind
            assert one.fact != other.fact
    begin = [e.id for e in order].index("set-2")
    assert [e.id for e in order[begin : begin + 3]] == ["set-2", "set-1", "set-0"]


@SETTINGS
@given(st.permutations([("A01", 1), ("B01", 1), ("B03", 1), ("B03", 2), ("B04", 1), ("B05", 3)]))
def test_tonight_asks_nothing_before_what_it_needs(rungs: list[tuple[str, int]]) -> None:
    order = interleaved([entry(f"i{n}", o, level=v) for n, (o, v) in enumerate(rungs)], set())
    asked = [(e.objectives[0], e.level) for e in order]
    for rung, before in needs(rungs).items():
        assert all(asked.index(need) < asked.index(rung) for need in before)


def test_tonight_tells_due_weak_and_new_apart() -> None:
    some = stock(
        entry("due"), entry("weak"), entry("new", section="lstm"), due=(2.0, 9), weak=(2.0, 1)
    )
    found = make_tonight(some, MEMORY, AVERAGE, 20, 25)
    assert (found.due, found.weak, found.new, found.new_sections) == (1, 1, 1, ("lstm",))
    assert found.minutes == pytest.approx(3 * 68 / 60)
    assert set(found.items) == {"due", "weak", "new"}
    nothing = make_tonight(stock(), MEMORY, AVERAGE, 20, 25)
    assert (nothing.items, nothing.minutes) == ((), 0)


def test_days_are_read_as_people_write_them() -> None:
    leap = date(2028, 2, 29)
    for typed, expected in (
        ("2027-02-19", date(2027, 2, 19)),
        ("2027/2/19", date(2027, 2, 19)),
        (" 20270219 ", date(2027, 2, 19)),
        ("２０２７年２月１９日", date(2027, 2, 19)),
        ("2/19", date(2027, 2, 19)),
        ("12/24", date(2026, 12, 24)),
        ("11/24", TODAY),
        ("11月23日", date(2027, 11, 23)),
        ("2/29", leap),
        ("2027-02-30", None),
        ("13/1", None),
        ("soon", None),
        ("", None),
        ("19.2.2027", None),
    ):
        assert read_day(typed, TODAY) == expected, typed


def test_an_outlook_reads_what_the_store_knows(tmp_path: Path) -> None:
    names = [f"item-{n}" for n in range(6)]
    bank = Bank({name: Item(name, faces=("choice",)) for name in names})
    bank.catalogue = tuple(entry(name, "A01") for name in names)  # type: ignore[attr-defined]
    clock = clock_at(day=1)
    store, session = start(tmp_path, bank, clock, count=4)
    for number, slot in enumerate(session.slots):
        clock.advance(90)
        session.answer(right(slot.item) if number else "wrong sign-flipped")
        session.next()
    clock.advance(days=4)
    settings = Settings(exam_date=date(2026, 11, 20), minutes=10)
    found = outlook(store, bank, clock.now(), settings)
    # Of four evenings since, the first alone was kept.
    assert (found.missed, found.days_left, found.minutes) == (3, 15, 10)
    assert found.learner.known_first == pytest.approx(7 / 14)
    assert found.learner.attendance == pytest.approx(10 / 14)
    assert found.learner.pace > 1.0
    assert int((~found.stock.unseen).sum()) == 4
    plan = found.plan()
    assert (plan.exam, plan.seen, plan.minutes) == (date(2026, 11, 20), 4, 10)
    assert set(found.tonight().items) == set(names)
    assert len(found.tonight(2).items) == 1
    # So far ahead nothing can be told.
    far = outlook(store, bank, clock.now(), Settings(exam_date=date(2099, 2, 19)))
    assert (far.is_dated, far.days_left, far.exam_in) == (False, FARTHEST, 26404)
    assert far.plan().days == FARTHEST
    # The date is over, or was never set: the plan looks ahead all the same.
    for exam in (None, date(2026, 11, 3)):
        far = outlook(store, bank, clock.now(), Settings(exam_date=exam))
        assert far.days_left == HORIZON == far.plan().days


def test_settings_keep_date_and_minutes_and_complain_of_what_they_cannot_be(tmp_path: Path) -> None:
    save_settings(tmp_path, Settings(exam_date=date(2027, 2, 19), minutes=40, greeted=True))
    kept = load_settings(tmp_path)
    assert (kept.exam_date, kept.minutes, kept.greeted) == (date(2027, 2, 19), 40, True)
    assert kept.problems == ()
    for wrong in ('"minutes": 0', '"minutes": true', '"minutes": "a"', '"exam_date": "soon"'):
        paths.settings(tmp_path).write_text("{" + wrong + ', "extra": 1}', encoding="utf-8")
        found = load_settings(tmp_path)
        assert (found.exam_date, found.minutes, found.others) == (None, None, {"extra": 1})
        assert len(found.problems) == 1


def test_a_face_that_is_due_because_another_was_forgotten_is_asked_like_any_that_is_due() -> None:
    state = scheduling.CardState(80.0, 5.0, TODAY + timedelta(days=70), TODAY - timedelta(10), 4, 0)
    for due, held in ((TODAY + timedelta(days=70), 80.0), (TODAY, 10.0)):
        card = CardRow("a#choice", "a", replace(state, due=due), "h")
        some = stock_of((entry("a"), entry("b", "A01")), {"a#choice": card}, TODAY)
        assert some.stability[0] == held
        found = make_tonight(some, MEMORY, AVERAGE, 30, 60)
        assert (found.due, found.weak) == ((1, 0) if held == 10.0 else (0, 1))
        # Due, it has its share of the evening before all that is new.
        assert (tonight(some, 30, 3600)[0] == "a") == (held == 10.0)
