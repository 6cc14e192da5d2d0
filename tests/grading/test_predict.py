"""Predictions: graded within their band, proved by recorded runs, and caught when they are not."""

from dataclasses import replace

import pytest

from drills.grading import grader_for
from drills.grading.predict import lab_command
from drills.grading.repeats import repeat, repeatable
from drills.grading.resolution import resolve
from question_bank.kinds.predict import Band, Other, Statement
from question_bank.loader import load

RUN = "binary-addition/deviation 2"
ITEMS = f"""\
- id: options
  kind: predict
  fact: training.deviation
  objectives: [C13]
  level: 2
  seconds: 60
  experiment: binary-addition
  settings: {{deviation: 2, output_delta: seed}}
  stem: {{en: "How many?", ja: "いくつか。"}}
  options:
    - text: {{en: "All", ja: "すべて"}}
      why: {{en: "No.", ja: "違います。"}}
      states: {{run: {RUN}, figure: solved, at_least: 0.95}}
    - text: {{en: "Most", ja: "大半"}}
      right: true
      states:
        - {{run: {RUN}, figure: solved, at_least: 0.6, at_most: 0.9}}
        - {{run: {RUN}, figure: solved, below: {{run: binary-addition/seed}}}}
    - text: {{en: "None", ja: "なし"}}
      why: {{en: "No.", ja: "違います。"}}
      states: {{run: {RUN}, figure: solved, at_most: 0.05}}
  explanation: {{en: "154 of 200.", ja: "200回のうち154回です。"}}
- id: band
  kind: predict
  fact: training.deviation
  objectives: [C13]
  level: 2
  seconds: 60
  experiment: binary-addition
  settings: {{deviation: 2, output_delta: seed}}
  stem: {{en: "What share?", ja: "割合は。"}}
  band: {{run: {RUN}, figure: solved, answer: 0.77, within: 0.1}}
  explanation: {{en: "154 of 200.", ja: "200回のうち154回です。"}}
"""


@pytest.fixture
def bank(tmp_path):
    return bank_of(tmp_path, ITEMS)


def bank_of(folder, text):
    file = folder / "items" / "training" / "predict.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return load((folder,))


def certify(bank, item):
    return grader_for("predict", bank).certify(item)


def test_records_prove_the_keys(bank):
    assert not bank.problems
    assert not resolve(bank)
    for item in bank.items.values():
        assert certify(bank, item).status == "proved"


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("77 %", "correct"),
        ("0.7", "correct"),
        ("70", "correct"),
        ("７０％", "correct"),
        ("0.67", "correct"),
        ("0.66", "wrong"),
        ("88%", "wrong"),
        ("1", "wrong"),
        ("250", "not_understood"),
        ("-0.7", "not_understood"),
        ("many", "not_understood"),
        ("", "not_understood"),
    ],
)
def test_a_share_is_right_within_its_band(bank, answer, outcome):
    grader, item = grader_for("predict", bank), bank.items["band"]

    assert grader.grade(item, grader.present(item, "typed", 0), answer).outcome == outcome


def test_a_verdict_says_how_to_see_it(bank):
    grader, item = grader_for("predict", bank), bank.items["options"]
    shown = grader.present(item, "choice", 0)
    letter = grader.reveal(item, shown).en[0]

    found = grader.grade(item, shown, letter)

    assert found.outcome == "correct"
    assert lab_command(item.body) in found.feedback.en
    assert lab_command(item.body) in found.feedback.ja
    assert lab_command(item.body) == (
        "bptt lab run binary-addition --set deviation=2 --set output_delta=seed"
    )


def changed(item, index, **changes):
    options = list(item.body.options)
    options[index] = replace(options[index], option=replace(options[index].option, **changes))
    return replace(item, body=replace(item.body, options=tuple(options)))


def test_another_option_marked_right_is_caught(bank):
    item = bank.items["options"]
    for index in (0, 2):
        mutant = changed(changed(item, 1, right=False), index, right=True)
        assert certify(bank, mutant).status == "failed"


@pytest.mark.parametrize("by", [-0.2, -0.1, -0.02, 0.02, 0.1, 0.2])
def test_a_shifted_band_is_caught(bank, by):
    item = bank.items["band"]
    body = replace(item.body, band=replace(item.body.band, answer=0.77 + by))

    assert certify(bank, replace(item, body=body)).status == "failed"


@pytest.mark.parametrize(
    ("band", "said"),
    [
        (Band(RUN, "solved", 0.77, 0.02), "too narrow"),
        (Band(RUN, "solved", 0.77, 0.4), "too wide"),
        (Band("binary-addition/tanh 1", "solved", 0.055, 0.2), "other settings"),
    ],
)
def test_a_band_must_be_a_prediction_that_a_repetition_would_meet(bank, band, said):
    item = bank.items["band"]
    found = certify(bank, replace(item, body=replace(item.body, band=band)))

    assert found.status == "failed"
    assert said in found.problems[0].en


def test_a_figure_that_was_not_repeated_proves_nothing(bank, monkeypatch):
    monkeypatch.setattr("engine.experiments.figures.LEAST_RUNS", 201)

    found = certify(bank, bank.items["band"])

    assert found.status == "failed"
    assert "200 times only" in found.problems[0].en


def test_what_new_runs_might_change_is_no_key(bank):
    item = bank.items["options"]
    close = Statement(RUN, "solved", at_least=0.75)
    options = list(item.body.options)
    options[1] = replace(options[1], states=(close,))

    found = certify(bank, replace(item, body=replace(item.body, options=tuple(options))))

    assert found.status == "failed"
    assert "New runs" in found.problems[0].en


def test_runs_are_compared_by_intervals_that_do_not_meet(bank):
    item = bank.items["options"]
    options = list(item.body.options)
    near = Statement("binary-addition/seed", "solved", above=Other("binary-addition/he"))
    options[1] = replace(options[1], states=(near,))

    assert certify(bank, replace(item, body=replace(item.body, options=tuple(options)))).status == (
        "failed"
    )


@pytest.mark.parametrize(
    ("old", "new", "said", "line"),
    [
        ("experiment: binary-addition", "experiment: binary-adition", "is no experiment", 7),
        ("figure: solved, at_least: 0.95", "figure: solvd, at_least: 0.95", "no recorded", 13),
        ("deviation 2, figure: solved, at_most: 0.05", "deviation 9, figure: solved, at_most: 0.05",
         "no recorded runs", 21),
        ("settings: {deviation: 2", "settings: {deviatoin: 2", "does not fit", 8),
    ],
)  # fmt: skip
def test_names_that_do_not_exist_are_told_at_their_place(tmp_path, old, new, said, line):
    problems = resolve(bank_of(tmp_path, ITEMS.replace(old, new, 1)))

    assert [(p.place.line, said in p.message.en, bool(p.nearest)) for p in problems] == [
        (line, True, True)
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (", at_least: 0.95", "", "needs at_least"),
        ("  band: {", "  several: true\n  options: []\n  band: {", "At least 2 entries"),
    ],
)
def test_a_form_that_says_nothing_is_refused(tmp_path, old, new, said):
    bank = bank_of(tmp_path, ITEMS.replace(old, new, 1))

    assert any(said in problem.message.en for problem in bank.problems)


def test_a_run_done_again_agrees_with_its_record(bank):
    assert set(repeatable(bank.items.values())) == {RUN, "binary-addition/seed"}
    assert not list(repeat(RUN, {"solved"}, replicates=20))
