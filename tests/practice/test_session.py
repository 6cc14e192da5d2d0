"""The session as a state machine: what counts, what is written, what can be taken back."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from practice_doubles import GRADER, Bank, Item, bank, clock_at, graders, right, start
from practice_rows import review

from drills.progress import journal
from drills.progress.store import Store
from drills.session import Session, SessionError, SessionRequest
from question_bank.text import Text


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def answer_right(session: Session, **flags: bool) -> None:
    session.answer(right(session.item.id), **flags)


def test_a_right_answer_is_written_with_all_that_is_known_of_it(home: Path) -> None:
    clock = clock_at(hour=20, offset=540)
    store, session = start(home, bank(), clock)
    clock.advance(40)
    verdict = session.answer(right("item-0"))
    assert verdict.right
    (row,) = store.reviews()
    assert (row.card, row.item, row.face, row.item_hash) == (
        "item-0#typed",
        "item-0",
        "typed",
        "h1",
    )
    assert (row.session, row.slot, row.kind, row.section) == (session.id, 0, "term", "rnn")
    assert (row.shown_at, row.answered_at) == (
        "2026-11-01T20:00:00.000Z",
        "2026-11-01T20:00:40.000Z",
    )
    assert (row.utc_offset, row.milliseconds) == (540, 40_000)
    assert (row.outcome, row.right, row.rating, row.mistakes) == ("correct", True, 3, ())
    assert row.values == session.presentation.values
    assert row.order == session.presentation.order
    assert row.seed == session.current.seed == session.presentation.seed
    assert row.device == store.device
    assert row.engine_version


@pytest.mark.parametrize(
    ("seconds", "hints", "revealed", "flags", "answer", "rating"),
    [
        (40, 0, False, {}, "right", 3),
        (10, 0, False, {}, "right", 4),
        (121, 0, False, {}, "right", 2),
        (10, 1, False, {}, "right", 2),
        (10, 0, False, {"guessed": True}, "right", 2),
        (10, 0, False, {}, "wrong", 1),
        (10, 0, False, {"guessed": True}, "wrong", 1),
        (10, 0, True, {}, "right", 1),
        (10, 2, True, {}, "wrong", 1),
    ],
)
def test_the_rating_comes_from_the_evidence(
    home: Path,
    seconds: int,
    hints: int,
    revealed: bool,
    flags: dict[str, bool],
    answer: str,
    rating: int,
) -> None:
    clock = clock_at()
    store, session = start(home, bank(), clock)
    for _ in range(hints):
        session.hint()
    if revealed:
        session.reveal()
    clock.advance(seconds)
    session.answer(right("item-0") if answer == "right" else "wrong sign-flipped", **flags)
    (row,) = store.reviews()
    assert (row.rating, row.hints, row.revealed) == (rating, hints, revealed)
    assert row.guessed == flags.get("guessed", False)


@pytest.mark.parametrize("text", ["?", "..."])
def test_an_unjudged_answer_costs_no_attempt_and_leaves_only_the_draft(
    home: Path, text: str
) -> None:
    store, session = start(home, bank(), clock_at())
    for _ in range(3):
        assert not session.answer(text).judged
    assert session.verdict is not None
    assert (store.reviews(), session.tries, session.draft) == ([], 0, text)
    answer_right(session)
    assert store.reviews()[0].rating == 4


def test_a_second_try_is_written_without_a_rating(home: Path) -> None:
    clock = clock_at()
    store, session = start(home, bank(), clock)
    clock.advance(20)
    session.answer("wrong sign-flipped index-shifted")
    card = store.card("item-0#typed")
    clock.advance(5)
    session.answer("wrong sum-dropped")
    clock.advance(7)
    answer_right(session)
    rows = store.reviews()
    assert [row.rating for row in rows] == [1, None, None]
    assert [row.milliseconds for row in rows] == [20_000, 5_000, 7_000]
    assert rows[0].mistakes == ("sign-flipped", "index-shifted")
    assert store.card("item-0#typed") == card
    assert session.last_on_slot_right
    assert session.tries == 3


def test_after_a_right_answer_others_are_judged_but_not_kept(home: Path) -> None:
    store, session = start(home, bank(), clock_at())
    answer_right(session)
    assert session.answer("wrong sign-flipped").outcome == "wrong"
    assert session.verdict is not None
    assert session.verdict.outcome == "wrong"
    assert len(store.reviews()) == 1
    assert session.last_on_slot_right


def test_hints_come_one_by_one_with_the_drawn_numbers_until_there_are_none(home: Path) -> None:
    _, session = start(home, bank(), clock_at())
    drawn = session.presentation.values["D"]
    assert session.hints_left == 2
    first, second, none = session.hint(), session.hint(), session.hint()
    assert first is not None
    assert (first.en, first.ja) == (f"first {drawn}", f"一つ目 {drawn}")
    assert second is not None
    assert none is None
    assert session.hints_shown == (first, second)
    session.next()
    assert session.hints_shown == ()


def test_a_code_item_without_hints_gives_those_of_its_exercise_blank_by_blank(home: Path) -> None:
    def blank(*hints: str) -> SimpleNamespace:
        return SimpleNamespace(hints=tuple(Text(hint, hint) for hint in hints))

    exercise = SimpleNamespace(blanks={"a": blank("p", "q"), "b": blank("r")})
    body = SimpleNamespace(exercise="rnn/step")
    code = Item("code", kind="code", hints=(), body=body, faces=("typed", "bug"))
    some_bank = Bank({"code": code})
    some_bank.exercises = {"rnn/step": exercise}
    _, session = start(home, some_bank, clock_at())
    assert session.hints_left == 3
    for _ in range(3):
        session.hint()
    assert [hint.ja for hint in session.hints_shown] == ["（a）p", "（a）q", "（b）r"]
    session.close()
    _, bug = start(home, some_bank, clock_at(), items=("code",), face="bug")
    assert bug.hints_left == 0


def test_a_solution_that_was_shown_and_passed_over_counts_as_not_known(home: Path) -> None:
    store, session = start(home, bank(), clock_at())
    assert session.solution is None
    assert session.reveal().en == right("item-0")
    assert session.solution is not None
    session.next()
    (row,) = store.reviews()
    assert (row.outcome, row.right, row.rating, row.answer) == ("revealed", False, 1, "")
    assert session.comes_back_in is None
    assert session.summary().shown == 1


def test_a_slot_that_was_answered_is_not_written_again_for_its_solution(home: Path) -> None:
    store, session = start(home, bank(), clock_at())
    session.answer("wrong sign-flipped")
    session.reveal()
    session.next()
    assert [row.outcome for row in store.reviews()] == ["wrong"]


def test_what_is_passed_over_without_a_look_leaves_no_row(home: Path) -> None:
    store, session = start(home, bank(), clock_at())
    session.next()
    assert store.reviews() == []
    assert session.summary().skipped == 1


def test_undo_takes_the_answer_back_and_gives_its_text_to_mend(home: Path) -> None:
    store, session = start(home, bank(), clock_at())
    session.hint()
    session.answer("wrong sign-flipped")
    assert session.undo()
    assert (session.position, session.draft, session.verdict) == (0, "wrong sign-flipped", None)
    assert (store.reviews(), store.cards()) == ([], {})
    assert len(session.hints_shown) == 1, "a hint that was read stays read"
    assert not session.undo()


def test_undo_goes_back_one_try_at_a_time(home: Path) -> None:
    _, session = start(home, bank(), clock_at())
    session.answer("wrong sign-flipped")
    session.answer("wrong sum-dropped")
    session.answer(right("item-0"))
    for code, tries in (("sum-dropped", 2), ("sign-flipped", 1)):
        assert session.undo()
        assert session.verdict is not None
        assert [mistake.code for mistake in session.verdict.mistakes] == [code]
        assert session.tries == tries
    assert session.undo()
    assert session.verdict is None


def test_undo_reaches_back_over_next_and_out_of_the_end(home: Path) -> None:
    store, session = start(home, bank(2), clock_at())
    answer_right(session)
    before = store.cards()
    session.next()
    session.answer("wrong sign-flipped")
    session.next()
    assert session.finished
    assert session.undo()
    assert (session.position, session.finished) == (1, False)
    assert store.cards() == before
    assert session.undo()
    assert (session.position, store.cards()) == (0, {})
    answer_right(session)
    session.next()
    assert session.item.id == "item-1"


def test_undo_lets_the_first_answer_count_again(home: Path) -> None:
    clock = clock_at()
    store, session = start(home, bank(), clock)
    clock.advance(25)
    session.answer("wrong sign-flipped")
    session.undo()
    clock.advance(10)
    answer_right(session)
    (row,) = store.reviews()
    assert (row.rating, row.milliseconds) == (3, 35_000)


def test_undo_does_not_touch_another_session(home: Path) -> None:
    store, session = start(home, bank(), clock_at())
    answer_right(session)
    session.close()
    other = Session.start(bank(), store, SessionRequest(seed=1, which="all"), graders=graders)
    assert not other.undo()
    assert len(store.reviews()) == 1


def test_a_finished_session_says_so_instead_of_breaking(home: Path) -> None:
    _, session = start(home, bank(1), clock_at())
    session.next()
    assert session.finished
    assert (session.current, session.verdict, session.draft, session.hints_left) == (
        None,
        None,
        "",
        0,
    )
    for act in (session.hint, session.reveal, session.next, lambda: session.answer("x")):
        with pytest.raises(SessionError) as caught:
            act()
        assert caught.value.message.ja


def test_without_anything_to_ask_there_are_no_slots_and_nothing_is_kept(home: Path) -> None:
    store, session = start(home, Bank({}), clock_at())
    assert session.slots == ()
    assert session.finished
    session.close()
    assert store.unfinished_sessions() == []


def test_answers_from_another_device_are_taken_in_before_items_are_chosen(home: Path) -> None:
    store = Store(home, clock_at())
    journal.append(home / "reviews-desk.jsonl", [review(1, card="item-0#typed", item="item-0")])
    session = Session.start(bank(2), store, SessionRequest(which="new"), graders=graders)
    assert [slot.item for slot in session.slots] == ["item-1"]


def test_the_same_seed_gives_the_same_session(home: Path, tmp_path: Path) -> None:
    _, one = start(home, bank(), clock_at(), seed=5)
    _, same = start(tmp_path / "b", bank(), clock_at(), seed=5)
    _, other = start(tmp_path / "c", bank(), clock_at(), seed=6)
    assert one.slots == same.slots
    assert [slot.seed for slot in one.slots] != [slot.seed for slot in other.slots]


def test_text_that_no_file_can_hold_is_graded_and_kept_all_the_same(home: Path) -> None:
    store, session = start(home, bank(), clock_at())
    session.set_draft("half a \ud83d emoji")
    session.answer("wrong \udcff\x00 \u2028")
    assert session.draft == store.reviews()[0].answer == "wrong ?\x00 \u2028"
    assert GRADER.graded[-1] == session.draft


def test_the_card_says_when_it_comes_back(home: Path) -> None:
    clock = clock_at()
    store, session = start(home, bank(), clock)
    assert session.comes_back_in is None
    clock.advance(40)
    answer_right(session)
    days = session.comes_back_in
    assert days is not None
    assert days > 0
    assert (store.cards()["item-0#typed"].state.due - clock.now().date()).days == days


def test_a_closed_session_takes_no_more_answers(home: Path) -> None:
    store, session = start(home, bank(), clock_at())
    session.close()
    session.close()
    with pytest.raises(SessionError):
        session.answer("wrong")
    assert store.reviews() == []


def test_a_discarded_session_is_not_resumed_and_its_answers_stay(home: Path) -> None:
    store, session = start(home, bank(), clock_at())
    answer_right(session)
    session.discard()
    assert Session.resume(bank(), store, graders=graders) is None
    assert len(store.reviews()) == 1


def test_the_summary_adds_up(home: Path) -> None:
    clock = clock_at()
    _, session = start(home, bank(5), clock)
    clock.advance(30)
    answer_right(session, guessed=True)
    session.next()
    clock.advance(30)
    session.hint()
    session.answer("wrong sign-flipped")
    session.answer(right("item-1"))
    session.next()
    session.next()
    session.reveal()
    session.next()
    summary = session.summary()
    assert (summary.slots, summary.answered, summary.right, summary.wrong) == (5, 2, 1, 1)
    assert (summary.shown, summary.skipped, summary.hints, summary.guesses) == (1, 1, 1, 1)
    assert summary.milliseconds == 60_000
    assert summary.mistakes == (("sign-flipped", 1),)
    assert [result.tries for result in summary.results] == [1, 2, 0, 0, 0]
    assert [result.outcome for result in summary.results] == [
        "correct",
        "wrong",
        None,
        "revealed",
        None,
    ]
    data = summary.to_json()
    assert data["results"][1]["item"] == "item-1"
    assert data["mistakes"] == {"sign-flipped": 1}
    for line in summary.lines():
        assert line.en
        assert line.ja
        assert "{" not in line.en + line.ja


def test_the_face_asked_for_is_used_where_the_item_has_it(home: Path) -> None:
    some_bank = Bank({"a": Item("a"), "b": Item("b", faces=("typed",)), "c": Item("c", faces=())})
    _, session = start(home, some_bank, clock_at(), face="choice")
    assert [slot.card for slot in session.slots] == ["a#choice", "b#typed", "c#typed"]


def test_a_first_answer_counts_for_its_own_face_only(home: Path) -> None:
    store, session = start(home, bank(1), clock_at(), face="choice")
    answer_right(session)
    assert set(store.cards()) == {"item-0#choice"}


def test_a_store_that_cannot_write_does_not_stop_the_session(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, session = start(home, bank(3), clock_at())
    answer_right(session)
    session.next()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("drills.progress.journal.append", full)
        verdict = session.answer("wrong sign-flipped")
        assert verdict.outcome == "wrong"
        assert session.trouble is not None
        assert not store.healthy
        session.next()
        assert session.position == 2
    answer_right(session)
    assert session.trouble is None
    assert store.healthy
    session.close()
    store.close()
    with Store(home, clock_at()) as again:
        assert [row.slot for row in again.reviews()] == [0, 1, 2]
