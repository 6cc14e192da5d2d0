"""The mock exam: an hour with its own clock, nothing judged before the end, nothing ever lost."""

from __future__ import annotations

import dataclasses
import errno
import os

import pytest
from exam_doubles import graders, questions, right_letter, sit, wrong_letter
from hypothesis import given, settings
from hypothesis import strategies as st
from practice_doubles import clock_at
from practice_doubles import start as start_session

from drills.exam import Exam, ExamError, ExamRequest
from drills.exam_report import minutes, past_exams, report_of
from drills.progress import journal
from drills.progress.places import Owner
from drills.progress.store import Store
from drills.session import Session


def reopened(store: Store, bank, clock=None) -> Exam | None:
    """What another process finds after this one was killed: nothing was closed or released."""
    other = Store(store.home, clock or store.clock, Owner(pid=dead_pid(), mark="gone"))
    # The killed owner's row names this process, which lives: make it name one that does not.
    other._connection.execute("UPDATE session SET owner_pid = ?, owner_mark = 'x'", (dead_pid(),))
    return Exam.resume(bank, other, graders=graders)


def dead_pid() -> int:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return pid


class TestTime:
    def test_there_are_69_seconds_a_question_unless_minutes_are_given(self, tmp_path):
        bank = questions(30)
        assert sit(tmp_path / "a", bank, count=20)[1].remaining == 20 * 69
        assert sit(tmp_path / "b", bank, count=20, minutes=5)[1].remaining == 300

    def test_it_runs_while_the_exam_is_open_and_stands_while_it_is_paused(self, tmp_path):
        bank = questions(5)
        store, exam = sit(tmp_path, bank, count=3)
        store.clock.advance(40)
        exam.pause()
        assert exam.stopped
        store.clock.advance(days=2)
        again = Exam.resume(bank, store, graders=graders)
        assert again is not None
        assert again.remaining == 3 * 69 - 40
        store.clock.advance(10)
        assert again.remaining == 3 * 69 - 50

    def test_a_wall_clock_that_is_set_changes_nothing(self, tmp_path):
        store, exam = sit(tmp_path, questions(5), count=3)
        store.clock.set(clock_at(day=9).now())
        assert exam.remaining == 3 * 69

    def test_when_it_is_up_the_exam_is_handed_in_and_the_late_answer_does_not_count(self, tmp_path):
        store, exam = sit(tmp_path, questions(5), count=3)
        assert exam.choose(right_letter(exam))
        exam.go(1)
        store.clock.advance(3 * 69)
        assert not exam.choose(right_letter(exam))
        assert exam.finished
        report = exam.report()
        assert report.by_clock
        assert (report.right, report.unanswered) == (1, 2)
        assert report.milliseconds == 3 * 69_000

    def test_a_tick_hands_in_as_well(self, tmp_path):
        store, exam = sit(tmp_path, questions(5), count=3)
        store.clock.advance(100)
        assert exam.tick()
        store.clock.advance(200)
        assert not exam.tick()
        assert exam.finished

    def test_each_question_gets_the_time_for_which_it_was_shown(self, tmp_path):
        store, exam = sit(tmp_path, questions(5), count=3)
        for position, seconds in ((1, 10), (0, 20), (2, 5)):
            store.clock.advance(seconds)
            exam.go(position)
        store.clock.advance(7)
        exam.hand_in()
        spent = [result.milliseconds for result in exam.report().results]
        assert spent == [15_000, 20_000, 7_000]

    def test_being_ahead_or_behind_is_measured_against_what_is_still_open(self, tmp_path):
        store, exam = sit(tmp_path, questions(5), count=3)
        assert exam.ahead == 0
        store.clock.advance(30)
        assert exam.ahead == -30
        exam.choose("A")
        assert exam.ahead == 39

    @pytest.mark.parametrize(
        ("seconds", "shown"), [(0, "00:00"), (59.9, "00:59"), (2300, "38:20"), (7200, "2:00:00")]
    )
    def test_it_is_shown_as_a_clock_shows_it(self, seconds, shown):
        assert minutes(seconds) == shown


class TestAnswering:
    def test_answers_can_be_changed_and_taken_back_until_the_end(self, tmp_path):
        _, exam = sit(tmp_path, questions(5), count=2)
        exam.choose(wrong_letter(exam))
        exam.choose(right_letter(exam))
        exam.go(1)
        exam.choose("A")
        exam.choose("")
        exam.hand_in()
        report = exam.report()
        assert [result.state for result in report.results] == ["right", "unanswered"]

    def test_nothing_is_judged_or_written_before_the_end(self, tmp_path):
        store, exam = sit(tmp_path, questions(5), count=2)
        exam.choose(wrong_letter(exam))
        assert store.reviews() == []
        with pytest.raises(ExamError, match="handed in"):
            exam.report()

    def test_another_letter_than_the_four_is_refused(self, tmp_path):
        _, exam = sit(tmp_path, questions(5), count=2)
        with pytest.raises(ExamError, match="A, B, C or D"):
            exam.choose("E")

    @pytest.mark.parametrize("number", [-1, 2])
    def test_another_question_than_there_is_is_refused(self, tmp_path, number):
        _, exam = sit(tmp_path, questions(5), count=2)
        with pytest.raises(ExamError, match="1 to 2"):
            exam.go(number)

    def test_after_the_end_nothing_can_be_changed(self, tmp_path):
        _, exam = sit(tmp_path, questions(5), count=2)
        exam.hand_in()
        for act in (exam.flag, exam.guess, exam.hand_in, exam.tick, lambda: exam.choose("A")):
            with pytest.raises(ExamError, match="handed in"):
                act()

    def test_the_number_within_a_set_is_told(self, tmp_path):
        _, exam = sit(tmp_path, questions(3, set="s"), count=3)
        assert exam.part_of_set() == (1, 3)
        exam.go(2)
        assert exam.part_of_set() == (3, 3)


class TestTheEnd:
    def test_every_answer_is_in_the_journal_as_a_session_writes_it(self, tmp_path):
        store, exam = sit(tmp_path, questions(5), count=3)
        exam.choose(right_letter(exam))
        store.clock.advance(40)
        exam.go(1)
        exam.choose(wrong_letter(exam))
        exam.guess()
        exam.hand_in()
        first, second = store.reviews(exam.id)
        assert (first.outcome, first.rating, first.milliseconds) == ("correct", 3, 40_000)
        assert (second.outcome, second.rating, second.guessed) == ("wrong", 1, True)
        assert second.mistakes == ("index-shifted",)
        assert first.card == f"{first.item}#choice"
        assert tuple(first.order) == exam.presentation(0).order
        assert set(store.cards()) == {first.card, second.card}

    def test_the_score_is_told_with_and_without_guesses(self, tmp_path):
        _, exam = sit(tmp_path, questions(5), count=4)
        for position, (letter, guessed) in enumerate(
            ((right_letter, False), (right_letter, True), (wrong_letter, True))
        ):
            exam.go(position)
            exam.choose(letter(exam))
            if guessed:
                exam.guess()
        exam.hand_in()
        report = exam.report()
        assert (report.right, report.sure, report.guesses, report.of) == (2, 1, 2, 4)
        assert report.to_json()["right_without_guesses"] == 1
        assert "2 of 4 right (50 %). Without guesses: 1 (25 %)" in report.lines()[0].en

    def test_the_report_counts_by_section_and_by_mistake(self, tmp_path):
        bank = questions(6)
        for name in ("item-3", "item-4", "item-5"):
            bank.items[name] = dataclasses.replace(bank.items[name], section="bptt")
        _, exam = sit(tmp_path, bank, count=6)
        for position in range(6):
            exam.go(position)
            rnn = exam.item.section == "rnn"
            exam.choose(right_letter(exam) if rnn else wrong_letter(exam))
        exam.hand_in()
        report = exam.report()
        assert [(s.section, s.right, s.of) for s in report.sections] == [
            ("rnn", 3, 3),
            ("bptt", 0, 3),
        ]
        assert report.mistakes == (("index-shifted", 3),)

    def test_an_old_exam_can_be_read_again(self, tmp_path):
        bank = questions(5)
        store, exam = sit(tmp_path, bank, count=2)
        exam.choose(right_letter(exam))
        exam.write_note("x = 3")
        exam.hand_in()
        (record,) = past_exams(Store(tmp_path, store.clock))
        report = report_of(record, store.reviews(record.id), bank)
        assert report == exam.report()
        assert report.note == "x = 3"

    def test_an_item_that_changed_since_it_was_shown_is_not_judged_by_the_old_letter(
        self, tmp_path
    ):
        bank = questions(5)
        _, exam = sit(tmp_path, bank, count=2)
        exam.choose("A")
        name = exam.item.id
        bank.items[name] = dataclasses.replace(bank.items[name], hash="h2")
        exam.hand_in()
        report = exam.report()
        assert report.results[0].state == "unjudged"
        assert report.of == 1


class TestKilled:
    def test_everything_is_as_it_was(self, tmp_path):
        bank = questions(9)
        store, exam = sit(tmp_path, bank, count=4)
        exam.choose("B")
        exam.flag()
        store.clock.advance(12)
        exam.go(2)
        exam.choose("C")
        exam.guess()
        exam.write_note("W is H×H")
        store.clock.advance(9)
        exam.tick()
        again = reopened(store, bank)
        assert again is not None
        assert again.id == exam.id
        assert again.questions == exam.questions
        assert again.position == 2
        assert again.note == "W is H×H"
        assert again.remaining == exam.remaining == 4 * 69 - 21
        assert [again.presentation(n) for n in range(4)] == [exam.presentation(n) for n in range(4)]

    def test_handing_in_that_was_cut_short_is_finished_without_writing_a_row_twice(
        self, tmp_path, monkeypatch
    ):
        bank = questions(9)
        store, exam = sit(tmp_path, bank, count=3)
        for position in range(3):
            exam.go(position)
            exam.choose(right_letter(exam))
        record, count = store.record, []

        def record_once(review):
            if count:
                raise KeyboardInterrupt
            count.append(review)
            record(review)

        monkeypatch.setattr(store, "record", record_once)
        with pytest.raises(KeyboardInterrupt):
            exam.hand_in()
        again = reopened(store, bank)
        assert again is not None
        assert again.finished
        assert again.report().right == 3
        assert len(again.store.reviews(exam.id)) == 3

    def test_what_left_the_bank_is_left_out(self, tmp_path):
        bank = questions(9)
        store, exam = sit(tmp_path, bank, count=4)
        exam.go(2)
        exam.choose("C")
        exam.pause()
        del bank.items[exam.questions[0].slot.item]
        again = Exam.resume(bank, store, graders=graders)
        assert again is not None
        assert (again.position, len(again.questions), again.question.answer) == (1, 3, "C")

    def test_two_instances_never_have_the_same_exam(self, tmp_path):
        bank = questions(5)
        store, exam = sit(tmp_path, bank, count=2)
        other = Store(tmp_path, store.clock)
        assert Exam.resume(bank, other, graders=graders) is None
        exam.pause()
        assert Exam.resume(bank, other, graders=graders) is not None
        with pytest.raises(ExamError, match="another window"):
            exam.choose("A")

    @settings(max_examples=25, deadline=None, derandomize=True)
    @given(
        st.lists(
            st.sampled_from(["A", "B", "", "flag", "guess", "go", "tick", "kill", "pause"]),
            max_size=14,
        )
    )
    def test_whatever_happens_nothing_is_lost_and_no_time_is_stolen(self, tmp_path_factory, events):
        bank = questions(5)
        store, exam = sit(tmp_path_factory.mktemp("home"), bank, count=4)
        clock, used = store.clock, 0
        for number, event in enumerate(events):
            clock.advance(2)
            used += 2
            if event in ("A", "B", ""):
                exam.choose(event)
            elif event == "go":
                exam.go(number % 4)
            elif event in ("flag", "guess", "tick"):
                getattr(exam, event)()
            else:
                before = [dataclasses.replace(one) for one in exam.questions]
                place = exam.position
                if event == "pause":
                    exam.pause()
                    clock.advance(1000)
                else:
                    exam.tick()
                again = reopened(exam.store, bank)
                assert again is not None
                assert [q.answer for q in again.questions] == [q.answer for q in before]
                assert [q.flagged for q in again.questions] == [q.flagged for q in before]
                assert again.position == place
                exam = again
            assert exam.remaining == 4 * 69 - used
        exam.hand_in()
        report = exam.report()
        assert report.milliseconds == 1000 * used
        assert sum(one.milliseconds for one in report.results) == 1000 * used


class TestTrouble:
    def test_on_a_full_disk_the_report_comes_and_says_that_the_answers_are_not_saved(
        self, tmp_path, monkeypatch
    ):
        store, exam = sit(tmp_path, questions(5), count=2)
        exam.choose(right_letter(exam))

        def full(*_):
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(journal, "append", full)
        exam.hand_in()
        assert exam.report().right == 1
        assert exam.trouble is not None
        assert "disk is full" in exam.trouble.en
        monkeypatch.undo()
        assert store.retry()
        assert len(Store(tmp_path, store.clock).reviews(exam.id)) == 1

    def test_in_a_home_that_cannot_be_used_an_exam_can_be_sat_all_the_same(self, tmp_path):
        (tmp_path / "home").write_text("a file where the folder should be")
        _, exam = sit(tmp_path / "home", questions(5), count=2)
        exam.choose(wrong_letter(exam))
        exam.flag()
        exam.go(1)
        exam.hand_in()
        assert [result.state for result in exam.report().results] == ["wrong", "unanswered"]
        assert exam.trouble is not None


class TestBesideSessions:
    def test_a_session_does_not_take_up_an_exam_nor_an_exam_a_session(self, tmp_path):
        from practice_doubles import bank as small_bank
        from practice_doubles import graders as session_graders

        bank = questions(5)
        store, exam = sit(tmp_path, bank, count=2)
        exam.pause()
        assert Session.resume(bank, store, graders=graders) is None
        others = small_bank()
        other_store, session = start_session(tmp_path, others, store.clock)
        session.close()
        again = Exam.resume(bank, other_store, graders=graders)
        assert again is not None
        assert again.id == exam.id
        found = Session.resume(others, other_store, graders=session_graders)
        assert found is not None
        assert found.id == session.id

    def test_without_a_question_it_is_not_kept(self, tmp_path):
        store, exam = sit(tmp_path, questions(0), count=2)
        assert exam.questions == []
        assert exam.finished
        assert store.exams() == []

    def test_a_request_is_plain_data(self):
        assert ExamRequest(count=3).to_json()["count"] == 3
