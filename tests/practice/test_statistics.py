"""What statistics count, and what settings keep."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from practice_doubles import Bank, Item, clock_at, graders, right, start

from drills.locale.practice import TEXTS
from drills.progress import paths
from drills.session import Session, SessionRequest
from drills.settings import Settings, load_settings, save_settings
from drills.statistics import Statistics, statistics
from question_bank.text import Text


@dataclass(frozen=True)
class Named:
    name: Text


BANK = Bank(
    {
        "a": Item("a", kind="choice"),
        "b": Item("b"),
        "c": Item("c", section="bptt"),
        "d": Item("d", section="own"),
        "old": Item("old", status="legacy"),
    },
    mistakes={"sign-flipped": Named(Text("Sign flipped", "符号が逆"))},
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def practised(home: Path) -> tuple[Statistics, Session]:
    """a right in 30 s; b wrong, then right, with a hint and a guess; c shown; d not reached."""
    clock = clock_at()
    store, session = start(home, BANK, clock)
    clock.advance(30)
    session.answer(right("a"))
    session.next()
    session.hint()
    clock.advance(20)
    session.answer("wrong sign-flipped index-shifted", guessed=True)
    clock.advance(10)
    session.answer("wrong sign-flipped")
    session.answer(right("b"))
    session.next()
    session.reveal()
    session.next()
    return statistics(store, BANK, clock.now()), session


def test_first_answers_tries_hints_and_guesses_are_counted(home: Path) -> None:
    figures, _ = practised(home)
    total = figures.total
    assert (total.reviews, total.right, total.answers) == (3, 1, 4)
    assert (total.hints, total.guesses, total.milliseconds) == (1, 1, 60_000)
    assert total.right_share == pytest.approx(1 / 3)
    assert (total.items, total.seen, total.new, total.due) == (4, 3, 1, 0)


def test_rows_by_section_follow_the_curriculum_and_have_names(home: Path) -> None:
    figures, _ = practised(home)
    rows = {row.key: row for row in figures.sections}
    assert list(rows) == ["rnn", "bptt", "own"]
    assert (rows["rnn"].reviews, rows["rnn"].right, rows["rnn"].items) == (2, 1, 2)
    assert (rows["bptt"].reviews, rows["bptt"].right) == (1, 0)
    assert (rows["own"].reviews, rows["own"].right_share, rows["own"].recall) == (0, None, 0.0)
    assert rows["rnn"].label.ja == "単純RNN"
    assert rows["own"].label == Text("own", "own")
    assert [row.key for row in figures.kinds] == ["choice", "term"]


def test_recall_is_what_will_be_known_tomorrow_less_where_the_answer_was_wrong(home: Path) -> None:
    clock = clock_at()
    store, session = start(home, BANK, clock)
    recalls = []
    for answer in (right("a"), "wrong"):
        session.answer(answer)
        session.next()
        rows = {row.key: row for row in statistics(store, BANK, clock.now()).sections}
        recalls.append(rows["rnn"].recall)
    known, both = 2 * recalls[0], 2 * recalls[1] - 2 * recalls[0]
    assert 0.9 < known < 1
    assert 0 < both < known


def test_mistakes_are_counted_by_code_and_named(home: Path) -> None:
    figures, _ = practised(home)
    first, second = figures.mistakes
    assert (first.key, first.count, first.items) == ("sign-flipped", 2, {"b"})
    assert first.label.ja == "符号が逆"
    assert (second.key, second.count, second.label.en) == ("index-shifted", 1, "index-shifted")


def test_days_are_study_days(home: Path) -> None:
    clock = clock_at(day=2, hour=3)
    store, session = start(home, BANK, clock)
    session.answer(right("a"))
    session.next()
    clock.advance(3600)
    session.answer(right("b"))
    days = statistics(store, BANK, clock.now()).days
    assert [(row.day.isoformat(), row.reviews) for row in days] == [
        ("2026-11-01", 1),
        ("2026-11-02", 1),
    ]


def test_what_is_due_comes_with_the_moment_at_which_the_next_card_falls_due(home: Path) -> None:
    clock = clock_at()
    store, session = start(home, BANK, clock)
    session.answer("wrong")
    figures = statistics(store, BANK, clock.now())
    assert figures.due == 0
    assert figures.next_due is not None
    clock.set(figures.next_due)
    later = statistics(store, BANK, clock.now())
    assert (later.due, later.next_due) == (1, None)
    assert later.total.recall < figures.total.recall


def test_an_undone_answer_leaves_no_figure(home: Path) -> None:
    figures, session = practised(home)
    while session.undo():
        pass
    after = statistics(session.store, BANK, session.store.clock.now())
    assert (after.reviews, after.mistakes, after.days, after.new) == (0, (), (), 4)
    assert figures.reviews == 3


def test_reviews_of_items_that_left_the_bank_still_count(home: Path) -> None:
    _, session = practised(home)
    figures = statistics(session.store, Bank({}), session.store.clock.now())
    assert {row.key: row.reviews for row in figures.sections} == {"rnn": 2, "bptt": 1}
    assert (figures.items, figures.due) == (0, 0)


def test_legacy_items_count_once_they_have_been_answered(home: Path) -> None:
    clock = clock_at()
    store, session = start(home, BANK, clock, items=("old",))
    assert statistics(store, BANK, clock.now()).items == 4
    session.answer(right("old"))
    assert statistics(store, BANK, clock.now()).items == 5


def test_the_figures_are_plain_json_of_one_shape(home: Path) -> None:
    figures, session = practised(home)
    data = json.loads(json.dumps(figures.to_json()))
    assert data["right_share"] == 0.3333
    assert data["sections"][0]["key"] == "rnn"
    assert data["mistakes"][0] == {
        "key": "sign-flipped",
        "count": 2,
        "items": ["b"],
        "last": "2026-11-01",
    }
    assert data["next_due"].endswith("Z")
    empty = statistics(session.store, Bank({}), session.store.clock.now()).to_json()
    assert set(empty) == set(data)


def test_everything_is_said_in_both_languages_with_the_same_values() -> None:
    for key, text in TEXTS.items():
        assert text.en, key
        assert text.ja, key
        assert "!" not in text.en, key
        names = [
            sorted(part.split("}")[0] for part in said.split("{")[1:])
            for said in (text.en, text.ja)
        ]
        assert names[0] == names[1], key


# Settings


def test_settings_come_back_as_they_were_saved(home: Path) -> None:
    assert load_settings(home) == Settings()
    saved = Settings(language="ja", frames="ascii", theme="nord")
    save_settings(home, saved)
    assert load_settings(home) == saved
    assert [path.name for path in home.iterdir()] == ["settings.json"]


def test_keys_of_another_version_are_kept(home: Path) -> None:
    home.mkdir()
    paths.settings(home).write_text('{"language": "ja", "mood": {"calm": 1}}', "utf-8")
    save_settings(home, replace(load_settings(home), language="en"))
    data = json.loads(paths.settings(home).read_text("utf-8"))
    assert data == {"language": "en", "mood": {"calm": 1}, "frames": "line"}


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'"ja"', b"\xff\xfe", b"[" * 100_000, b'{"language": "ja"'[:-2]]
)
def test_a_damaged_file_gives_the_defaults_says_so_and_is_kept(home: Path, content: bytes) -> None:
    home.mkdir()
    paths.settings(home).write_bytes(content)
    found = load_settings(home)
    assert (found.language, found.frames, found.theme) == (None, "line", None)
    assert len(found.problems) == 1
    assert "settings.json" in found.problems[0].ja
    assert paths.settings(home).read_bytes() == content
    save_settings(home, replace(found, language="ja"))
    assert (home / "settings-damaged.json").read_bytes() == content
    assert load_settings(home) == Settings(language="ja")


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ({"language": "fr"}, "fr"),
        ({"language": ["en"]}, "en"),
        ({"frames": "double"}, "double"),
        ({"theme": 7}, "7"),
    ],
)
def test_a_value_that_is_not_known_is_told_and_the_rest_holds(
    home: Path, content: dict[str, object], named: str
) -> None:
    home.mkdir()
    whole = {"language": "ja", "frames": "ascii", "theme": "nord"} | content
    paths.settings(home).write_text(json.dumps(whole), "utf-8")
    found = load_settings(home)
    (problem,) = found.problems
    assert named in problem.en
    assert named in problem.ja
    kept = {"language": found.language, "frames": found.frames, "theme": found.theme}
    (name,) = content
    assert kept[name] == {"language": None, "frames": "line", "theme": None}[name]
    assert all(kept[other] == whole[other] for other in kept if other != name)


def test_a_byte_order_mark_is_no_damage(home: Path) -> None:
    home.mkdir()
    paths.settings(home).write_bytes(b'\xef\xbb\xbf{"language": "ja"}')
    assert load_settings(home).language == "ja"


def test_a_session_with_no_wishes_of_its_own_takes_what_is_due_and_new(home: Path) -> None:
    assert SessionRequest().which == "mixed"
    store, session = start(home, BANK, clock_at())
    session.close()
    assert [slot.item for slot in session.slots] == ["a", "b", "c", "d"]
    assert Session.resume(BANK, store, graders=graders) is not None
