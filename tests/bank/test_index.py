"""The compiled index gives what the loader gives, and never anything else."""

import json
import os
import subprocess
import sys
import threading
import time

import pytest
from bank_samples import CHOICE, MISTAKES, whole_bank, write

from question_bank import index, model
from question_bank.catalogue import entries_of, entry, row_of
from question_bank.index import compile_index, open_bank, peek
from question_bank.loader import BUILT_IN, load


def same(one, other):
    return (
        dict(one.items) == dict(other.items)
        and one.exercises == other.exercises
        and one.mistakes == other.mistakes
        and one.problems == other.problems
        and one.sections == other.sections
        and one.catalogue == other.catalogue
    )


@pytest.fixture
def folder(tmp_path):
    bank = whole_bank(tmp_path / "bank")
    write(bank, items__rnn__bad="- id: Bad one\n")
    aged(bank)
    return bank


def aged(folder):
    """As if the files had last been changed an hour ago."""
    then = time.time() - 3600
    for path in folder.rglob("*"):
        os.utime(path, (then, then))


@pytest.fixture
def parsed(monkeypatch):
    """The names of the files that were parsed, as they are."""
    seen = []
    parse = index.parse_unit

    def spy(unit, *rest):
        seen.append(unit.name)
        return parse(unit, *rest)

    monkeypatch.setattr(index, "parse_unit", spy)
    return seen


def test_the_index_gives_the_same_bank_as_the_loader(folder, tmp_path):
    whole = load([folder])
    assert len(whole.items) == 3
    assert whole.problems
    for _ in range(2):
        assert same(open_bank(tmp_path / "cache", [folder]), whole)
    assert same(peek(tmp_path / "cache", [folder]), whole)
    assert same(open_bank(None, [folder]), whole)


def test_the_built_in_bank_comes_through_the_index_unchanged(tmp_path):
    whole = load()
    assert same(open_bank(tmp_path, [BUILT_IN]), whole)
    assert same(peek(tmp_path), whole)


def test_only_changed_files_are_parsed_again(folder, tmp_path, parsed):
    cache = tmp_path / "cache"
    open_bank(cache, [folder])
    assert len(parsed) == 5
    parsed.clear()
    open_bank(cache, [folder])
    assert parsed == []
    write(folder, items__lstm__gates=CHOICE.format(id="gate-c"))
    bank = open_bank(cache, [folder])
    assert parsed == ["items/lstm/gates.yaml"]
    assert "gate-c" in bank.items
    assert "gate-a" not in bank.items


def test_an_exercise_is_read_again_when_its_code_changes(folder, tmp_path, parsed):
    open_bank(tmp_path / "cache", [folder])
    parsed.clear()
    (folder / "exercises" / "rnn" / "step.py").write_text("def step(x):\n    return +x\n")
    bank = open_bank(tmp_path / "cache", [folder])
    assert parsed == ["exercises/rnn/step.yaml"]
    assert "+x" in bank.exercises["rnn/step"].source


def test_a_file_that_was_only_touched_is_recognised_by_its_hash(folder, tmp_path, parsed):
    open_bank(tmp_path / "cache", [folder])
    parsed.clear()
    then = time.time() - 60
    os.utime(folder / "items" / "lstm" / "gates.yaml", (then, then))
    open_bank(tmp_path / "cache", [folder])
    assert parsed == []


def test_a_change_of_the_same_size_within_one_tick_of_the_clock_is_seen(folder, tmp_path):
    path = folder / "items" / "rnn" / "first.yaml"
    path.write_text(CHOICE.format(id="first"), "utf-8")
    stat = path.stat()
    assert "first" in open_bank(tmp_path / "cache", [folder]).items
    path.write_text(CHOICE.format(id="tsrif"), "utf-8")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert "tsrif" in open_bank(tmp_path / "cache", [folder]).items


def test_new_and_deleted_files_are_noticed(folder, tmp_path):
    cache = tmp_path / "cache"
    open_bank(cache, [folder])
    write(folder, items__gru__new=CHOICE.format(id="new"))
    (folder / "items" / "rnn" / "first.yaml").unlink()
    bank = open_bank(cache, [folder])
    assert "new" in bank.items
    assert "first" not in bank.items
    assert same(peek(cache, [folder]), bank)


def test_peek_looks_at_no_yaml_file_and_knows_nothing_before_the_first_opening(folder, tmp_path):
    assert peek(tmp_path / "cache", [folder]) is None
    whole = open_bank(tmp_path / "cache", [folder])
    (folder / "items" / "lstm" / "gates.yaml").unlink()
    assert same(peek(tmp_path / "cache", [folder]), whole)
    assert peek(tmp_path / "cache", [folder, tmp_path / "other"]) is None


def damaged(data):
    """A few ways to spoil a file so that it is seen at once."""
    yield b""
    yield b"{}"
    yield b"null"
    yield b"\x00" * 100
    yield b"x" * 1_000_000
    yield data[: len(data) // 2]
    yield data[: len(data) // 8]
    yield data + b"x"
    yield data.replace(b"gate-a gate-b", b"gate-c gate-b", 1)
    yield data[:10] + b"zzzzzzzz" + data[18:]
    yield b'{"crc32":"\xff\xff'


def test_a_damaged_index_is_made_anew(folder, tmp_path):
    cache = tmp_path / "cache"
    whole = open_bank(cache, [folder])
    (file,) = cache.iterdir()
    good = file.read_bytes()
    for bad in damaged(good):
        file.write_bytes(bad)
        assert peek(cache, [folder]) is None
        assert same(open_bank(cache, [folder]), whole)
        assert file.read_bytes() == good


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"That forgets.", b"That remembers"[:13]),
        (b'"level":1', b'"level":3'),
        (b'"items":[{"id":"first"', b'"items":[["id":"first"'),
        (b'[["first","choice"', b'[["third","choice"'),
    ],
)
def test_a_damaged_line_is_read_from_its_source(folder, tmp_path, parsed, old, new):
    cache = tmp_path / "cache"
    whole = load([folder])
    open_bank(cache, [folder])
    (file,) = cache.iterdir()
    bad = file.read_bytes().replace(old, new)
    assert bad != file.read_bytes()
    file.write_bytes(bad)
    parsed.clear()

    assert same(open_bank(cache, [folder]), whole)
    assert parsed
    write(folder, items__lstm__new=CHOICE.format(id="new"))
    assert "new" in open_bank(cache, [folder]).items
    assert set(open_bank(cache, [folder]).items) == {*whole.items, "new"}


def test_a_bank_stays_what_it_is_when_its_index_is_replaced(folder, tmp_path):
    cache = tmp_path / "cache"
    open_bank(cache, [folder])
    before = open_bank(cache, [folder])
    write(folder, items__lstm__gates=CHOICE.format(id="gate-c"))
    after = open_bank(cache, [folder])

    assert before.items["gate-a"].id == "gate-a"
    assert set(after.items) == {"first", "gate-c"}


def test_a_start_reads_the_head_only(folder, tmp_path, monkeypatch):
    cache = tmp_path / "cache"
    open_bank(cache, [folder])
    read = []
    monkeypatch.setattr(
        index, "_stored", lambda kept, folder, name: index.Stored(name, kept.head, read.append)
    )

    bank = open_bank(cache, [folder])

    assert set(bank.items) == {"first", "gate-a", "gate-b"}
    assert list(bank.exercises) == ["rnn/step"]
    assert bank.sections == ("rnn", "lstm")
    assert read == []


def test_the_catalogue_tells_of_every_item_and_makes_none(folder, tmp_path, monkeypatch):
    items = load([folder]).items
    open_bank(tmp_path / "cache", [folder])
    bank = open_bank(tmp_path / "cache", [folder])
    monkeypatch.setattr(model, "_item", lambda unit, id: pytest.fail(f"{id} was made"))

    assert [known.id for known in bank.catalogue] == list(items)
    for known in bank.catalogue:
        item = items[known.id]
        for name in ("kind", "section", "fact", "objectives", "level", "seconds", "status"):
            assert getattr(known, name) == getattr(item, name)
        for name in ("faces", "hash", "framework", "set"):
            assert getattr(known, name) == getattr(item, name)
        assert (known.line, known.column) == (item.place.line, item.place.column)
        assert known.card == f"{item.id}#{item.faces[0]}"
    assert tuple(entries_of(items.values())) == bank.catalogue


def test_the_catalogue_names_the_mistakes_of_options_and_of_computations():
    raw = {
        "id": "a", "kind": "choice", "fact": "f", "objectives": ["A01"], "level": 1, "seconds": 60,
        "place": [1, 1],
    }  # fmt: skip
    for body, codes in (
        ({"options": [{"mistake": "sum-dropped"}, {}, {"mistake": "sum-dropped"}]}, "sum-dropped"),
        ({"mistakes": ["axis-wrong", "sign-flipped"]}, "axis-wrong sign-flipped"),
        ({"mistakes": None}, ""),
        ({"options": ["A", "B"]}, ""),
    ):
        assert entry(row_of(raw | {"body": body}), "rnn").mistakes == tuple(codes.split())


def test_of_two_equal_ids_the_catalogue_has_the_first(tmp_path):
    for name in ("a", "b"):
        write(tmp_path / name, **{f"items__{name}__x": CHOICE.format(id="same")})
    bank = load([tmp_path / "a", tmp_path / "b"])

    assert [(entry.id, entry.section) for entry in bank.catalogue] == [("same", "a")]


def test_an_index_that_other_code_wrote_is_made_anew(folder, tmp_path, monkeypatch, parsed):
    open_bank(tmp_path / "cache", [folder])
    parsed.clear()
    monkeypatch.setattr(index, "_reader", lambda folder: "newer code")
    assert peek(tmp_path / "cache", [folder]) is None
    open_bank(tmp_path / "cache", [folder])
    assert len(parsed) == 5


def test_a_file_where_the_cache_should_be_is_no_error(folder, tmp_path):
    (tmp_path / "cache").write_text("in the way")
    assert len(open_bank(tmp_path / "cache", [folder]).items) == 3
    assert len(open_bank(tmp_path / "cache" / "below", [folder]).items) == 3


@pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes on Linux only")
def test_a_file_name_that_is_not_utf8_is_read_and_not_kept(folder, tmp_path):
    strange = os.fsdecode(b"caf\xe9")
    (folder / "items" / strange).mkdir()
    (folder / "items" / strange / f"{strange}.yaml").write_text(CHOICE.format(id="odd"), "utf-8")
    for _ in range(2):
        assert "odd" in open_bank(tmp_path / "cache", [folder]).items
    assert list((tmp_path / "cache").iterdir()) == []


def test_no_temporary_file_is_left(folder, tmp_path):
    open_bank(tmp_path / "cache", [folder])
    assert [file.suffix for file in (tmp_path / "cache").iterdir()] == [".json"]


def test_two_folders_keep_an_index_each(folder, tmp_path):
    other = write(tmp_path / "other", a=CHOICE.format(id="theirs"))
    both = open_bank(tmp_path / "cache", [folder, other])
    assert {"first", "theirs"} <= set(both.items)
    assert len(list((tmp_path / "cache").iterdir())) == 2
    assert set(open_bank(tmp_path / "cache", [other]).items) == {"theirs"}


def test_an_index_of_another_folder_under_the_same_name_is_not_used(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(index, "_cache_file", lambda cache, folder: cache / "bank.json")
    other = write(tmp_path / "other", a=CHOICE.format(id="theirs"))
    open_bank(tmp_path / "cache", [folder])
    assert peek(tmp_path / "cache", [other]) is None
    assert set(open_bank(tmp_path / "cache", [other]).items) == {"theirs"}


def test_writers_at_the_same_time_leave_a_whole_index(folder, tmp_path):
    cache = tmp_path / "cache"
    stop = threading.Event()
    spoiled = []

    def read():
        while not stop.is_set():
            bank = peek(cache, [folder])
            if bank is not None and len(bank.items) != 3:
                spoiled.append(bank)

    reader = threading.Thread(target=read)
    reader.start()
    code = (
        "import sys\nfrom pathlib import Path\nfrom question_bank import index\n"
        "for n in range(40):\n"
        "    index._reader = lambda folder, n=n: f'{sys.argv[3]} {n}'\n"
        "    index.open_bank(Path(sys.argv[1]), [Path(sys.argv[2])])\n"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(cache), str(folder), str(n)])
        for n in range(2)
    ]
    assert [process.wait(60) for process in running] == [0, 0]
    stop.set()
    reader.join()
    assert not spoiled
    assert len(open_bank(cache, [folder]).items) == 3


def test_the_shipped_index_is_the_same_whenever_it_is_made_and_spares_the_parsing(
    folder, tmp_path, monkeypatch, parsed
):
    data, bank = compile_index(folder)
    aged(folder)
    assert compile_index(folder)[0] == data
    assert json.loads(data)["format"] == index.FORMAT
    (folder / index.SHIPPED_NAME).write_bytes(data)
    monkeypatch.setattr(index, "is_built_in", lambda place: place == folder)
    parsed.clear()
    assert same(peek(None, [folder]), bank)
    assert same(open_bank(tmp_path / "cache", [folder]), bank)
    assert parsed == []
    write(folder, mistakes__signs=MISTAKES.replace("flipped.", "wrong."))
    assert "wrong." in open_bank(None, [folder]).mistakes["sign-flipped"].look.en
    assert parsed == ["mistakes/signs.yaml"]


def test_opening_from_the_index_imports_no_yaml(folder, tmp_path):
    open_bank(tmp_path / "cache", [folder])
    code = (
        "import sys\nfrom pathlib import Path\nfrom question_bank.index import open_bank, peek\n"
        "cache, folder = Path(sys.argv[1]), Path(sys.argv[2])\n"
        "for bank in (peek(cache, [folder]), open_bank(cache, [folder])):\n"
        "    assert len(list(bank.items.values())) == 3\n"
        "bad = {'yaml', 'numpy', 'difflib', 'textual', '_hashlib'} & set(sys.modules)\n"
        "sys.exit(str(bad) if bad else 0)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "cache"), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_five_hundred_items_are_loaded_without_parsing(tmp_path, parsed):
    for n in range(20):
        write(
            tmp_path / "bank",
            **{f"items__rnn__f{n}": "".join(CHOICE.format(id=f"i-{n}-{k}") for k in range(25))},
        )
    aged(tmp_path / "bank")
    open_bank(tmp_path / "cache", [tmp_path / "bank"])
    parsed.clear()
    assert len(peek(tmp_path / "cache", [tmp_path / "bank"]).items) == 500
    assert len(open_bank(tmp_path / "cache", [tmp_path / "bank"]).items) == 500
    assert parsed == []
