"""Spoilt files never make the loader raise, and every problem lies inside its file."""

import random

import pytest

from question_bank.folders import BUILT_IN, units
from question_bank.loader import assemble, parse_unit, read_unit

UNITS = units(BUILT_IN)
PIECES = ["[", "]", "{", "}", ":", "- ", "&a ", "*a", "!!int ", '"', "'", "\n", "  ", "\t", "~"]
PIECES += [
    "true",
    "null",
    "3",
    "-1",
    "1e999",
    "$D",
    "{D}",
    "$",
    "%",
    "|",
    ">",
    "?",
    "#",
    "\0",
    "あ",
]


def spoilt(text, rng):
    """The text with a few pieces put in, cut out, copied or moved."""
    for _ in range(rng.randint(1, 4)):
        at, to = (rng.randrange(len(text) + 1) for _ in range(2))
        match rng.randrange(4):
            case 0:
                text = text[:at] + rng.choice(PIECES) + text[at:]
            case 1:
                text = text[:at] + text[at + rng.randint(1, 30) :]
            case 2:
                text = text[:at] + text[to : to + rng.randint(1, 80)] + text[at:]
            case 3:
                lines = text.split("\n")
                del lines[rng.randrange(len(lines))]
                text = "\n".join(lines)
    return text


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_spoilt_file_gives_problems_inside_it_or_a_bank(unit):
    rng = random.Random(unit.name)
    data, code = read_unit(unit)
    spoiled = 0
    for _ in range(25):
        text = spoilt(data.decode(), rng)
        bank = assemble([parse_unit(unit, BUILT_IN, (text.encode(), code)).stored()])
        spoiled += bool(bank.problems)
        lines = text.count("\n") + 1
        for problem in bank.problems:
            assert 1 <= problem.place.line <= lines, problem
            assert problem.message.en
            assert problem.message.ja
        for item in bank.items.values():
            assert item.stem.en
            assert item.stem.ja
    assert spoiled
