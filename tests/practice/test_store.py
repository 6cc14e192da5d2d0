"""The store: what is answered is on the disk, and the database is only its index."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import sys
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from practice_doubles import bank, clock_at, right, start
from practice_rows import QUICK, review, rows, undo

from drills import scheduling
from drills.progress import journal, paths, system
from drills.progress.database import MIGRATIONS, memory_database, open_database
from drills.progress.index import CardRow, Index, history
from drills.progress.journal import Row
from drills.progress.store import Store, StoreError

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def store_with(home: Path, *found: Row) -> Store:
    store = Store(home, clock_at())
    for row in found:
        store._write([row])
    return store


def by_pure_replay(found: list[Row]) -> dict[str, scheduling.CardState]:
    """The same states by another way: no database, the whole history at once."""
    standing = journal.standing(found)
    states = {
        card: scheduling.replay(card, history(row for row in standing if row.card == card))
        for card in {row.card for row in standing}
    }
    return {card: state for card, state in states.items() if state is not None}


def states_of(cards: dict[str, CardRow]) -> dict[str, scheduling.CardState]:
    return {name: card.state for name, card in cards.items()}


def test_a_recorded_review_is_in_the_file_when_record_returns(home: Path) -> None:
    store = Store(home, clock_at())
    store.record(review(1))
    found = journal.read(paths.journal(home, store.device)).rows
    assert found == (review(1),)
    assert store.reviews() == [review(1)]
    assert store.healthy
    assert store.trouble is None


def test_a_line_is_whole_before_it_is_flushed_and_flushed_before_record_returns(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(home, clock_at())
    path = paths.journal(home, store.device)
    flushed: list[bytes] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        real(descriptor)
        if os.path.sameopenfile(descriptor, watched.fileno()):
            flushed.append(path.read_bytes())

    path.touch()
    with open(path, "rb") as watched:
        monkeypatch.setattr(os, "fsync", fsync)
        store.record(review(1))
    assert flushed == [journal.encode(review(1))]


@QUICK
@given(rows, rows)
def test_the_index_agrees_with_a_replay_of_the_journals_in_any_split_and_order(
    tmp_path_factory: pytest.TempPathFactory, one: list[Row], other: list[Row]
) -> None:
    home = tmp_path_factory.mktemp("home")
    journal.append(home / "reviews-desk.jsonl", one)
    connection, _ = open_database(paths.database(home), NOW)
    with closing(connection):
        index = Index(connection, home)
        index.refresh()
        journal.append(home / "reviews-laptop.jsonl", other)
        journal.append(home / "reviews-desk.jsonl", other[:3])
        index.refresh()
        index.refresh()
        assert states_of(index.cards()) == by_pure_replay(one + other)
        assert index.reviews() == journal.standing(one + other)


def test_of_two_rows_with_one_uid_the_same_one_wins_in_either_order(tmp_path: Path) -> None:
    one, other = review(1, card="a#typed", rating=1), review(1, card="b#typed", rating=3)
    for place, order in enumerate([(one, other), (other, one)]):
        store = store_with(tmp_path / str(place), *order)
        assert states_of(store.cards()) == by_pure_replay([one, other])
        assert store.reviews() == journal.standing([one, other])


def test_undo_takes_a_card_back_to_the_state_before(home: Path) -> None:
    store = store_with(home, review(1, rating=3))
    before = store.cards()
    store.record(review(2, rating=1))
    assert store.cards() != before
    store.undo(review(2).uid)
    assert store.cards() == before
    store.undo(review(1).uid)
    assert store.cards() == {}
    lines = paths.journal(home, store.device).read_bytes().count(b"\n")
    assert lines == 4, "nothing is ever deleted"


def test_a_second_device_is_read_and_merged(home: Path, tmp_path: Path) -> None:
    store = store_with(home, review(1))
    other = tmp_path / "reviews-desk.jsonl"
    journal.append(other, [review(1), review(2, device="desk"), undo(3, 1)])
    assert store.merge(other) == 2
    assert store.merge(other) == 0
    assert store.reviews() == [review(2, device="desk")]
    shutil.copy(other, home)
    store.refresh()
    assert store.reviews() == [review(2, device="desk")]


def test_merging_what_cannot_be_read_says_so(home: Path, tmp_path: Path) -> None:
    store = store_with(home)
    with pytest.raises(StoreError, match="missing"):
        store.merge(tmp_path / "missing.jsonl")


@pytest.mark.parametrize("loss", ["deleted", "emptied", "cut", "noise", "text", "other"])
def test_a_lost_or_damaged_database_is_rebuilt_from_the_journal(home: Path, loss: str) -> None:
    store = store_with(home, review(1, rating=3), review(2, rating=1, card="b#typed"))
    cards = store.cards()
    store.close()
    path = paths.database(home)
    content = path.read_bytes()
    if loss == "deleted":
        path.unlink()
    elif loss == "emptied":
        path.write_bytes(b"")
    elif loss == "cut":
        path.write_bytes(content[: len(content) // 2])
    elif loss == "noise":
        path.write_bytes(content[:4096] + random.Random(1).randbytes(len(content) - 4096))
    elif loss == "text":
        path.write_text("this is no database")
    else:
        path.unlink()
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE review (other_column)")
            connection.execute("PRAGMA user_version = 1")
    with Store(home, clock_at()) as again:
        assert again.cards() == cards
        assert again.healthy
        assert again.trouble is None
        assert bool(again.notices) == (loss not in ("deleted", "emptied"))
    kept = list(home.glob("progress-*-unusable*.db"))
    assert len(kept) == (loss not in ("deleted", "emptied"))
    with Store(home, clock_at()) as once_more:
        assert once_more.notices == []


def test_damage_at_random_places_never_crashes_or_loses_an_answer(
    home: Path, tmp_path: Path
) -> None:
    store = store_with(home, *(review(n, card=f"card-{n}#typed") for n in range(1, 30)))
    everything = store.reviews()
    store.close()
    content = paths.database(home).read_bytes()
    rng = random.Random(3)
    for number in range(40):
        damaged = bytearray(content)
        for _ in range(rng.randint(1, 40)):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        place = tmp_path / f"home-{number}"
        place.mkdir()
        shutil.copy(paths.journal(home, store.device), place)
        paths.database(place).write_bytes(damaged)
        with Store(place, clock_at()) as again:
            again.record(review(99))
            again.reviews()
            again.cards()
            again.unfinished_sessions()
        for database in place.glob("progress*"):
            database.unlink()
        with Store(place, clock_at()) as rebuilt:
            assert rebuilt.reviews() == journal.standing([*everything, review(99)])


def test_a_database_of_a_newer_program_is_kept_and_rebuilt(home: Path) -> None:
    store_with(home, review(1)).close()
    with closing(sqlite3.connect(paths.database(home))) as connection:
        connection.execute("PRAGMA user_version = 99")
    with Store(home, clock_at()) as store:
        assert store.reviews() == [review(1)]
        assert len(store.notices) == 1


def test_an_older_database_is_migrated_after_a_dated_copy(home: Path) -> None:
    home.mkdir()
    connection, _ = open_database(paths.database(home), NOW, MIGRATIONS[:1])
    connection.execute("INSERT INTO fact VALUES ('old', 'kept')")
    connection.close()
    connection, aside = open_database(paths.database(home), NOW)
    with closing(connection):
        assert aside is None
        assert connection.execute("SELECT value FROM fact").fetchone() == ("kept",)
        assert connection.execute("SELECT count(*) FROM session").fetchone() == (0,)
    copy = home / f"progress-20261101-120000-before-{len(MIGRATIONS)}.db"
    with closing(sqlite3.connect(copy)) as old:
        assert old.execute("PRAGMA user_version").fetchone() == (1,)
        assert old.execute("SELECT value FROM fact").fetchone() == ("kept",)


def test_a_migration_that_fails_leaves_the_old_form(home: Path) -> None:
    home.mkdir()
    open_database(paths.database(home), NOW)[0].close()
    broken = (*MIGRATIONS, "CREATE TABLE extra (a); CREATE TABLE extra (a)")
    with pytest.raises(sqlite3.OperationalError):
        open_database(paths.database(home), NOW, broken)
    connection, aside = open_database(paths.database(home), NOW)
    with closing(connection):
        assert aside is None


def test_cards_are_replayed_when_the_scheduler_changes(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = store_with(home, review(1, rating=3))
    cards = store.cards()
    with closing(sqlite3.connect(paths.database(home), isolation_level=None)) as another:
        another.execute("UPDATE card SET stability = 999")
    store.refresh()
    assert store.cards() != cards
    monkeypatch.setattr(scheduling, "version", lambda: "another")
    store.refresh()
    assert store.cards() == cards


def test_a_journal_that_was_edited_or_removed_is_read_anew(home: Path) -> None:
    store = store_with(home, review(1), review(2))
    path = paths.journal(home, store.device)
    path.write_bytes(journal.encode(review(2)))
    store.refresh()
    assert store.reviews() == [review(2)]
    path.unlink()
    store.refresh()
    assert store.reviews() == []
    assert store.cards() == {}


def test_lines_that_cannot_be_read_are_told_once_each(home: Path) -> None:
    store = store_with(home, review(1))
    path = paths.journal(home, store.device)
    with open(path, "ab") as file:
        file.write(b'{"row":"revi')
    for _ in range(3):
        store.refresh()
    store.record(review(2))
    store.close()
    with Store(home, clock_at()) as again:
        assert again.reviews() == [review(1), review(2)]
        assert ["1" in notice.en for notice in again.notices] == [True]


def test_the_device_keeps_its_name_and_a_damaged_name_is_replaced(home: Path) -> None:
    name = Store(home).device
    assert Store(home).device == name
    (home / "device").write_text("../../elsewhere\n")
    new = Store(home).device
    assert new not in (name, "../../elsewhere")
    assert Store(home).device == new


def test_a_clock_that_goes_back_never_makes_a_review_earlier_than_the_last(home: Path) -> None:
    clock = clock_at(day=10)
    some_bank = bank(3)
    store, session = start(home, some_bank, clock)
    session.answer(right(session.item.id))
    session.next()
    clock.set(NOW - timedelta(days=400))
    session.answer(right(session.item.id))
    session.next()
    clock.set(datetime(2026, 11, 12, tzinfo=UTC))
    session.answer(right(session.item.id))
    times = [row.answered_at for row in store.reviews(session.id)]
    assert times == sorted(times)
    assert times[0] == times[1] < times[2]
    uids = [row.uid for row in store.reviews()]
    assert uids == sorted(uids)


def test_a_clock_that_goes_back_between_two_runs_changes_nothing_either(home: Path) -> None:
    clock = clock_at(day=10)
    store, session = start(home, bank(2), clock)
    session.answer(right(session.item.id))
    session.close()
    store.close()
    clock.set(NOW - timedelta(days=400))
    store, session = start(home, bank(2), clock, which="all")
    session.answer("wrong")
    first, second = store.reviews()
    assert first.answered_at <= second.answered_at
    assert first.uid < second.uid


@pytest.mark.parametrize("year", [1000, 1969, 1970, 2999, 8999])
def test_an_answer_survives_whatever_year_the_clock_shows(home: Path, year: int) -> None:
    clock = clock_at()
    clock.set(datetime(year, 6, 1, tzinfo=UTC))
    store, session = start(home, bank(1), clock)
    session.answer(right(session.item.id))
    store.close()
    with Store(home, clock_at()) as again:
        assert len(again.reviews()) == 1
        assert len(again.cards()) == 1


# What cannot be written


def test_where_no_folder_can_be_made_one_still_practises_in_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    store, session = start(tmp_path / "file" / "home", bank(3), clock_at())
    assert not store.healthy
    assert store.trouble is not None
    session.answer(right(session.item.id))
    session.next()
    session.answer("wrong sign-flipped")
    assert [row.outcome for row in store.reviews()] == ["correct", "wrong"]
    assert len(store.unsaved) == 2
    assert session.trouble is not None
    assert session.undo()
    assert session.summary().answered == 1


def test_answers_in_memory_can_be_written_elsewhere_and_read_there(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    store, session = start(tmp_path / "file" / "home", bank(3), clock_at())
    session.answer(right(session.item.id))
    other = tmp_path / "stick"
    path = store.write_unsaved(other)
    assert path.parent == other
    with Store(other, clock_at()) as there:
        assert there.reviews() == store.reviews()
    with pytest.raises(StoreError):
        store.write_unsaved(tmp_path / "file")


def test_recording_on_a_full_disk_says_so_and_is_made_good_later(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = store_with(home, review(1))

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(StoreError, match="full"):
            store.record(review(2))
        with pytest.raises(StoreError):
            store.undo(review(1).uid)
        assert not store.retry()
    assert not store.healthy
    assert [type(row).__name__ for row in store.unsaved] == ["Review", "Undo"]
    assert store.reviews() == [review(2)]
    assert journal.read(paths.journal(home, store.device)).rows == (review(1),)
    assert store.retry()
    assert store.healthy
    assert store.trouble is None
    assert store.unsaved == ()
    store.close()
    with Store(home, clock_at()) as again:
        assert again.reviews() == [review(2)]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_device_without_room_is_no_crash(home: Path) -> None:
    store = Store(home, clock_at())
    paths.journal(home, store.device).symlink_to("/dev/full")
    with pytest.raises(StoreError, match="full"):
        store.record(review(1))
    assert store.reviews() == [review(1)]


@pytest.mark.skipif(sys.platform != "linux", reason="gives up its rights in a forked child")
def test_a_read_only_home_is_read_and_said_to_be_so(home: Path, tmp_path: Path) -> None:
    store_with(home, review(1)).close()
    tmp_path.chmod(0o755)
    for path in home.iterdir():
        path.chmod(0o444)
    home.chmod(0o555)
    scheduling.replay("warm", [(NOW.date(), scheduling.Rating.GOOD)])
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            _in_other_peoples_home(home, writer)
        finally:
            os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    with open(reader, encoding="utf-8") as answer:
        assert answer.read().split("\n") == ["False", "read-only", "2", "1"]
    home.chmod(0o755)


def _in_other_peoples_home(home: Path, writer: int) -> None:
    for folder in reversed(home.parents):
        if folder != Path("/") and folder.stat().st_uid == os.getuid() and os.getuid() == 0:
            folder.chmod(folder.stat().st_mode | 0o011)
    if os.getuid() == 0:
        os.setuid(65534)
    store = Store(home, clock_at())
    healthy = store.healthy
    said = "read-only" if store.trouble and "read-only" in store.trouble.en else "nothing"
    with suppress(StoreError):
        store.record(review(2))
    lines = [healthy, said, len(store.reviews()), len(store.unsaved)]
    os.write(writer, "\n".join(map(str, lines)).encode())


def test_a_database_that_cannot_be_opened_costs_no_answer(home: Path) -> None:
    paths.database(home).mkdir(parents=True)
    with Store(home, clock_at()) as store:
        store.record(review(1))
        assert store.healthy
        assert store.trouble is not None
        assert store.reviews() == [review(1)]
    paths.database(home).rmdir()
    with Store(home, clock_at()) as again:
        assert again.reviews() == [review(1)]
        assert again.trouble is None


def test_a_database_that_fails_in_the_middle_costs_no_answer(home: Path) -> None:
    store, session = start(home, bank(3), clock_at())
    session.answer(right(session.item.id))
    store._connection.close()
    session.next()
    assert store.trouble is not None
    session.answer(right(session.item.id))
    session.next()
    assert store.healthy
    assert store.trouble is None, "the next answer found the database in order again"
    assert session.position == 2
    session.close()
    store.close()
    with Store(home, clock_at()) as again:
        assert len(again.reviews()) == 2


def test_whole_files_are_replaced_at_once_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "settings.json"
    system.write_whole(path, b"old")

    def fail(*_: object) -> None:
        raise OSError("no")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="no"):
        system.write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("value", ["", "/somewhere/else"])
def test_the_home_is_the_one_given_then_the_environments_then_the_platforms(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, value: str
) -> None:
    monkeypatch.setenv("BPTT_HOME", value)
    assert paths.home(tmp_path) == tmp_path
    found = paths.home()
    assert (found == Path(value)) == bool(value)
    assert paths.cache(tmp_path) == tmp_path / "cache"
    monkeypatch.delenv("BPTT_HOME")
    assert "bptt-dojo" in str(paths.cache(paths.home()))


@QUICK
@given(rows)
def test_cards_kept_in_memory_are_those_of_the_database(some: list[Row]) -> None:
    connection = memory_database()
    index = Index(connection, Path("nowhere"))
    index.cards()
    for row in some:
        index.add([row])
        kept = index.cards()
        index._read = None
        assert kept == index.cards()


def test_cards_of_a_change_that_failed_are_forgotten(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = Index(memory_database(), home)
    index.add([review(1, rating=3)])
    before = index.cards()
    replay = index._replay

    def fails_late(card: str) -> None:
        replay(card)
        raise sqlite3.OperationalError("the disk is full")

    monkeypatch.setattr(index, "_replay", fails_late)
    with pytest.raises(sqlite3.OperationalError):
        index.add([review(2, rating=1)])
    assert index.cards() == before


def test_reviews_of_one_mistake_are_found_by_its_code(home: Path) -> None:
    with store_with(
        home,
        review(1, mistakes=("sign-flipped",)),
        review(2, mistakes=("sum-dropped",), answer='"sign-flipped"'),
        review(3, mistakes=("sum-dropped", "sign-flipped")),
        review(4, mistakes=("sign-flipped",)),
        undo(5, 4),
    ) as store:
        assert [row.uid for row in store.reviews_with("sign-flipped")] == [
            review(1).uid,
            review(3).uid,
        ]
