"""``bank certify``: every key is recomputed, and nothing known to be wrong passes."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from built_in import BANK

from drills import certification
from drills.certification import Report, certify
from question_bank.model import Bank

SHAPE = {
    "items": 0,
    "proved": 0,
    "sourced": 0,
    "neither": 0,
    "failures": 0,
    "objectives": {"covered": 0, "of": 0},
    "exercises": {"count": 0, "mutants": 0, "equivalent": 0, "survived": 0},
    "formulas": {
        "targets": 0, "mutants": 0, "equivalent": 0, "survived": 0, "rewritings": 0, "rejected": 0,
    },
    "seconds": 0.0,
    "engine": "",
}  # fmt: skip


# The whole register takes minutes: ``make prove`` surveys every target.
SURVEYED = ("rnn.u", "lstm.c", "attention.c", "adam.m")
# An exercise takes about a second: ``make prove`` runs the mutants of every one.
RUN = ["bptt/bptt_loop", *random.Random(7).sample(sorted(BANK.exercises), k=1)]


# All items take half a minute: ``make prove`` certifies them all, too.
ITEMS = random.Random(31).sample(sorted(BANK.items), k=100)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    bank = replace(BANK, items={id: BANK.items[id] for id in ITEMS})
    return certify(bank, cache=tmp_path_factory.mktemp("cache"), targets=SURVEYED, exercises=RUN)


def test_the_report_has_its_whole_shape_from_the_first_day() -> None:
    assert Report().to_json() == SHAPE


def test_every_item_is_proved_or_has_a_source(report: Report) -> None:
    found = report.to_json()

    assert found["items"] == found["proved"] + found["sourced"] == len(ITEMS)
    assert found["failures"] == found["neither"] == 0
    assert found["objectives"]["of"] == 192
    assert report.failures == []


def test_no_mutant_of_an_exercise_or_formula_survives(report: Report) -> None:
    found = report.to_json()

    assert found["exercises"]["count"] == len(set(RUN))
    assert found["exercises"]["mutants"] > 100
    assert found["exercises"]["survived"] == 0
    assert found["formulas"]["targets"] == len(SURVEYED)
    assert found["formulas"]["mutants"] > 200
    assert (found["formulas"]["survived"], found["formulas"]["rejected"]) == (0, 0)
    assert found["formulas"]["rewritings"] == 1000
    assert report.fine


def test_what_did_not_change_is_not_proved_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proved: list[str] = []
    prove = certification._certificate
    monkeypatch.setattr(
        certification,
        "_certificate",
        lambda item, bank: proved.append(item.id) or prove(item, bank),
    )
    one = _only("bptt-terms-of-the-sum")
    certify(one, cache=tmp_path, parts=("items", "exercises"))
    certify(one, cache=tmp_path, parts=("items", "exercises"))
    assert proved == ["bptt-terms-of-the-sum"]

    certify(one, cache=tmp_path, parts=("items", "exercises"), full=True)
    assert len(proved) == 2


def _only(*ids: str) -> Bank:
    return replace(BANK, items={id: BANK.items[id] for id in ids}, exercises={})


def _broken(id: str, **body: object) -> Bank:
    item = BANK.items[id]
    spoilt = replace(item, body=replace(item.body, **body), hash="spoilt")  # type: ignore[arg-type]
    return replace(BANK, items={id: spoilt}, exercises={})


@pytest.mark.parametrize(
    ("bank", "where"),
    [
        (_broken("bptt-update-of-the-recurrent-weight", target="rnn.W.updat"), "updates.yaml"),
        (_broken("rnn-step-forward-code", exercise="rnn/step_forwards"), "forward.yaml"),
    ],
)
def test_a_key_that_names_nothing_fails_at_its_place(
    bank: Bank, where: str, tmp_path: Path
) -> None:
    report = certify(bank, cache=tmp_path, parts=("items", "exercises"))

    assert not report.fine
    assert any(where in str(place) for place, _ in report.failures)


def test_an_exercise_is_proved_again_only_when_it_or_the_code_judge_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = BANK.exercises["rnn/step_forward"]
    bank = replace(BANK, items={}, exercises={entry.name: entry}, problems=())
    first = certify(bank, cache=tmp_path, parts=("items", "exercises"))
    assert first.exercises["mutants"] > 50
    monkeypatch.setattr("drills.grading.code.certify_exercise", None)
    # Another engine elsewhere: what the code judge proved still holds.
    monkeypatch.setattr(certification, "engine_fingerprint", lambda: ("0", "other"))
    again = certify(bank, cache=tmp_path, parts=("items", "exercises"))
    assert again.exercises == first.exercises
    monkeypatch.setattr(certification, "code_fingerprint", lambda: "changed")
    with pytest.raises(TypeError):
        certify(bank, cache=tmp_path, parts=("items", "exercises"))
