"""An item's hash is that of its meaning: of what is read and graded, not of where it stands."""

import subprocess
import sys

import pytest
from bank_samples import CHOICE, write
from built_in import BANK

from question_bank.loader import load
from question_bank.model import Item


def hash_of(tmp_path, text):
    folder = write(tmp_path, a=text)
    bank = load([folder])
    assert not bank.problems
    return next(iter(bank.items.values())).hash


GOLDEN = "c7da6e2f50bf95da"
ONE = CHOICE.format(id="one")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("- id", "# a comment\n\n- id"),
        ("id: one", "id: other"),
        ("level: 1", "level: 3"),
        ("seconds: 40", "seconds: 90"),
        ("[D03]", "[D03, D04]"),
        ("  level: 1", "  status: course\n  level: 1"),
        ('"f = 1"', "f = 1"),
        (
            '{en: "That forgets.", ja: "それは忘れます。"}',
            "{ja: それは忘れます。, en: That forgets.}",
        ),
    ],
)
def test_places_spelling_and_editorial_fields_leave_the_hash_alone(tmp_path, old, new):
    assert old in ONE
    assert hash_of(tmp_path, ONE.replace(old, new)) == hash_of(tmp_path, ONE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Which value keeps", "Which value forgets"),
        ("状態を保つ", "状態を忘れる"),
        ('"f = 0"', '"f = 2"'),
        ("That forgets.", "That one forgets."),
        ("f multiplies", "It multiplies"),
        ("lstm.gates", "lstm.forget"),
        ("  level", "  source: Gers 2000\n  level"),
        ("  level", "  elsewhere: does_not\n  level"),
        ("  level", '  hints: [{en: "Look.", ja: "見よ。"}]\n  level'),
        ('"f = 1", right: true', '"f = 1", right: true, fixed: true'),
    ],
)
def test_what_a_learner_reads_or_a_grader_uses_changes_the_hash(tmp_path, old, new):
    assert old in ONE
    assert hash_of(tmp_path, ONE.replace(old, new)) != hash_of(tmp_path, ONE)


def test_the_hash_is_the_same_on_every_machine_and_in_every_process(tmp_path):
    assert hash_of(tmp_path, ONE) == GOLDEN
    code = (
        "import sys\nfrom pathlib import Path\nfrom question_bank.loader import load\n"
        "print(load([Path(sys.argv[1])]).items['one'].hash)"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, env={"PYTHONHASHSEED": "7"})
    assert done.stdout.strip() == GOLDEN


def test_every_built_in_item_survives_json_with_its_hash():
    for item in BANK.items.values():
        again = Item.from_json(item.to_json(), item.place.file, item.section)
        assert again == item
        assert again.hash == item.hash
