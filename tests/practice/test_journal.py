"""The journal: only appended, merged by uid, and readable however it was torn."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from practice_rows import QUICK, review, rows, uid, undo

from drills.progress import journal, ulid
from drills.progress.journal import Review, Row, RowError

PROJECT = Path(__file__).parents[2]


@QUICK
@given(st.builds(review, answer=st.text(st.characters(codec=None), max_size=30)))
def test_a_row_is_one_line_and_comes_back_as_it_was(row: Review) -> None:
    line = journal.encode(row)
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert journal.decode(line) == row


@QUICK
@given(rows, st.randoms(use_true_random=False))
def test_merging_gives_the_same_whatever_the_order_and_however_often(
    found: list[Row], chance: object
) -> None:
    shuffled = list(found)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    cut = len(shuffled) // 2
    once = journal.union(found)
    assert journal.union(shuffled[cut:], shuffled[:cut]) == once
    assert journal.union(once, found, once) == once
    assert journal.standing(shuffled + found) == journal.standing(found)


@QUICK
@given(rows, rows, rows)
def test_merging_is_associative(a: list[Row], b: list[Row], c: list[Row]) -> None:
    assert journal.union(journal.union(a, b), c) == journal.union(a, journal.union(b, c))


def test_an_undone_review_does_not_stand_even_if_the_undo_was_read_first() -> None:
    assert journal.standing([undo(9, 1), review(2), review(1)]) == [review(2)]


def test_a_journal_torn_at_any_byte_keeps_every_whole_line(tmp_path: Path) -> None:
    first, second = review(1), review(2, answer="時刻tの状態")
    content = journal.encode(first) + journal.encode(second)
    whole = len(journal.encode(first))
    path = tmp_path / "reviews-laptop.jsonl"
    for length in range(len(content) + 1):
        path.write_bytes(content[:length])
        found = journal.read(path).rows
        # A line that lacks its newline only is whole.
        complete = (length >= whole - 1) + (length >= len(content) - 1)
        assert found == (first, second)[:complete], f"torn at {length}"


def test_what_is_appended_after_a_tear_at_any_byte_is_not_glued_to_it(tmp_path: Path) -> None:
    content = journal.encode(review(1, answer="δ"))
    path = tmp_path / "reviews-laptop.jsonl"
    for length in range(len(content) + 1):
        path.write_bytes(content[:length])
        journal.append(path, [review(2)])
        reading = journal.read(path)
        assert reading.rows[-1] == review(2), f"torn at {length}"
        assert len(reading.rows) == 1 + (length >= len(content) - 1)
        assert reading.unreadable == (0 < length < len(content) - 1)


def test_reading_on_from_an_offset_finds_only_what_is_new(tmp_path: Path) -> None:
    path = tmp_path / "reviews-laptop.jsonl"
    journal.append(path, [review(1)])
    offset = journal.read(path).offset
    with open(path, "ab") as file:
        file.write(journal.encode(review(2))[:40])
    torn = journal.read(path, offset)
    assert (torn.rows, torn.offset) == ((), offset)
    journal.append(path, [review(3)])
    assert journal.read(path, offset).rows == (review(3),)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b'"review"',
        b'{"row":"review"}',
        b'{"row":"other","uid":"x"}',
        b"\xff\xfe",
        b"[" * 100_000,
        journal.encode(review()).replace(b'"rating":1', b'"rating":9'),
        journal.encode(review()).replace(b'"hints":0', b'"hints":true'),
        journal.encode(review()).replace(b'"hints":0', b'"hints":99999999999999999999'),
        journal.encode(review()).replace(b'"utc_offset":540', b'"utc_offset":999999'),
        journal.encode(review()).replace(b'"mistakes":["sign-flipped"]', b'"mistakes":[3]'),
        journal.encode(review()).replace(b'"values":{"D":3}', b'"values":3'),
        journal.encode(review()).replace(b"12:01:30.000Z", b"12:01:30.000"),
        journal.encode(review()).replace(b'"answered_at":"2026', b'"answered_at":"0001'),
        journal.encode(review()).replace(uid(1).encode(), b"../../etc/passwd"),
    ],
)
def test_a_line_that_is_no_row_is_refused_and_ends_nothing(line: bytes, tmp_path: Path) -> None:
    assert line != journal.encode(review())
    with pytest.raises(RowError):
        journal.decode(line)
    path = tmp_path / "reviews-laptop.jsonl"
    path.write_bytes(line + b"\n" + journal.encode(review(2)))
    reading = journal.read(path)
    assert reading.rows == (review(2),)
    assert reading.unreadable == bool(line)


def test_fields_of_a_later_version_do_not_hide_the_row() -> None:
    line = journal.encode(review()).replace(b'"v":1', b'"v":2,"mood":"calm"')
    assert journal.decode(line) == review()


def test_a_row_that_could_not_be_read_again_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "reviews-laptop.jsonl"
    with pytest.raises(RowError, match="rating"):
        journal.append(path, [review(1), review(2, rating=7)])
    assert not path.exists()


def test_a_write_that_fails_half_way_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "reviews-laptop.jsonl"
    journal.append(path, [review(1)])
    real = os.write

    def write_a_little_then_fail(descriptor: int, content: bytes) -> int:
        if len(content) > 100:
            return real(descriptor, content[:100])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", write_a_little_then_fail)
        with pytest.raises(OSError, match="No space"):
            journal.append(path, [review(2)])
    assert path.read_bytes() == journal.encode(review(1))


def test_two_processes_writing_at_once_lose_and_mix_nothing(tmp_path: Path) -> None:
    path = tmp_path / "reviews-laptop.jsonl"
    program = (
        "import sys; from pathlib import Path; from dataclasses import replace\n"
        "from drills.progress import journal\n"
        "row = journal.decode(sys.argv[2].encode())\n"
        "for n in range(40):\n"
        "    uid = row.uid[:-3] + sys.argv[3] + f'{n:02}'\n"
        "    journal.append(Path(sys.argv[1]), [replace(row, uid=uid)])\n"
    )
    line = journal.encode(review()).decode()
    writers = [
        subprocess.Popen([sys.executable, "-c", program, str(path), line, name], cwd=PROJECT)
        for name in "AB"
    ]
    assert [writer.wait() for writer in writers] == [0, 0]
    reading = journal.read(path)
    assert len({row.uid for row in reading.rows}) == 80
    assert reading.unreadable == 0


def test_ulids_sort_in_the_order_of_making_when_the_clock_goes_back() -> None:
    source = ulid.UlidSource()
    made = [source.new(moment) for moment in (5000, 5000, 1000, 0, -7, 4999, 6000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_ulids_go_on_after_the_last_one_of_an_earlier_run() -> None:
    last = ulid.UlidSource().new(9000)
    assert ulid.UlidSource(after=last).new(10) > last


def test_a_forged_last_ulid_does_not_leave_the_device_without_numbers() -> None:
    made = ulid.UlidSource(after="7" + "Z" * 25).new(5000)
    assert ulid.encode(ulid.decode(made)) == made


@pytest.mark.parametrize("text", ["", "0" * 25, "0" * 27, "8" + "0" * 25, "U" * 26, "é" * 26])
def test_what_is_no_ulid_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"ULID|substring"):
        ulid.decode(text)
