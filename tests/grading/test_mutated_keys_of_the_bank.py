"""Keys of the real bank changed at random: certification catches every one that it can have
anything against, and what it can't is what rests on a source alone."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from dataclasses import replace
from functools import cache

import pytest
from built_in import BANK
from key_mutants import Mutant, mutants

from drills.grading import grader_for
from question_bank.loader import load

WAYS = (
    "another-option",
    "sibling-computation",
    "changed-literal",
    "transposition",
    "changed-argument",
    "value-of-a-mistake",
)


@cache
def standing() -> list:
    """The items whose own keys hold: the others are told by ``bank certify``."""
    items = [item for item in BANK.items.values() if item.kind != "code"]
    return [item for item in items if status(item) != "failed"]


def status(item) -> str:
    return grader_for(item.kind, BANK).certify(item).status


def drawn_mutants(count: int, seed: int) -> list[Mutant]:
    """Mutants that something speaks against, of all ways alike, at most one of a way and item."""
    rng = random.Random(seed)
    items = list(BANK.items.values())
    rng.shuffle(items)
    by_way: defaultdict[str, list[Mutant]] = defaultdict(list)
    for item in items:
        found: defaultdict[str, list[Mutant]] = defaultdict(list)
        for mutant in mutants(item, rng):
            if mutant.grounds:
                found[mutant.how].append(mutant)
        for way, some in found.items():
            by_way[way].append(rng.choice(some))
    drawn: list[Mutant] = []
    while len(drawn) < count and any(by_way.values()):
        for way in sorted(by_way):
            if by_way[way]:
                drawn.append(by_way[way].pop())
    return drawn[:count]


def survivors(drawn: list[Mutant]) -> list[str]:
    """Mutants that certification lets through, of items that it lets through unchanged."""
    return [
        f"{mutant.item.id}: {mutant.how} {mutant.detail}"
        for mutant in drawn
        if status(mutant.item) != "failed" and status(BANK.items[mutant.item.id]) != "failed"
    ]


def test_a_sample_of_mutated_keys_is_caught_whole():
    drawn = drawn_mutants(60, seed=0)

    assert set(WAYS) <= {mutant.how for mutant in drawn}
    assert survivors(drawn) == []


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(1, 5))
def test_200_keys_mutated_at_random_are_caught_every_one(seed):
    drawn = drawn_mutants(200, seed)

    assert len(drawn) == 200
    assert survivors(drawn) == []


@pytest.mark.prove
def test_what_cannot_be_caught_rests_on_a_source_alone():
    rng = random.Random(0)
    silent: Counter[tuple[str, str]] = Counter()
    for item in standing():
        for mutant in mutants(item, rng):
            if mutant.grounds:
                continue
            silent[item.kind, mutant.how] += 1
            if mutant.how == "sibling-target":
                # The key itself is derived; that the stem asks for it is what a reader sees.
                continue
            assert item.source, item.id
            assert status(item) != "proved" or mutant.how == "sibling-target", item.id
    print(dict(silent))


def test_a_swapped_pair_is_caught_where_pairs_are_computed(paired):
    bank, item = paired
    (swapped,) = [m for m in mutants(item, random.Random(0)) if m.how == "swapped-pair"]

    assert grader_for("match", bank).certify(item).status == "proved"
    assert swapped.grounds
    assert grader_for("match", bank).certify(swapped.item).status == "failed"


def test_a_right_side_that_another_left_side_computes_to_is_caught(paired):
    bank, item = paired
    first, second = item.body.pairs
    twin = replace(second, claim=replace(second.claim, compute=first.claim.compute))
    mutant = replace(item, body=replace(item.body, pairs=(first, twin)))

    assert grader_for("match", bank).certify(mutant).status == "failed"


def test_a_sibling_target_is_caught_by_a_worked_formula():
    item = next(i for i in BANK.items.values() if getattr(i.body, "target", "") == "rnn.W.update")
    body = replace(item.body, check=("W - eps * sum(s=0..T_t, delta[t-s] @ z[t-s-1].T)",))
    checked = replace(item, body=body)

    assert status(checked) == "proved"
    for target in ("rnn.W_in.update", "rnn.W.gradient"):
        mutant = replace(checked, body=replace(body, target=target))
        assert status(mutant) == "failed", target


PAIRS = """\
- id: pairs
  kind: match
  fact: rnn.shapes
  objectives: [A03]
  level: 1
  seconds: 40
  stem: {en: "Match each cell with its count, D = H = 2, one bias.", ja: "対応させよ。"}
  pairs:
    - left: LSTM
      right: "40"
      why: {en: "Four.", ja: "4組です。"}
      claim: {compute: lstm.parameter_count, with: {D: 2, H: 2, biases: 1}, equals: 40}
    - left: GRU
      right: "30"
      why: {en: "Three.", ja: "3組です。"}
      claim: {compute: gru.parameter_count, with: {D: 2, H: 2, biases: 1}, equals: 30}
  explanation: {en: "Four and three.", ja: "4組と3組です。"}
"""


@pytest.fixture
def paired(tmp_path):

    (tmp_path / "pairs.yaml").write_text(PAIRS, "utf-8")
    bank = load((tmp_path,))
    assert not bank.problems
    return bank, bank.items["pairs"]
