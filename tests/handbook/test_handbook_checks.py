"""``bank check`` tells of every page what is wrong with it, at file:line:column."""

from __future__ import annotations

from pathlib import Path

import pytest
from built_in import BANK

from drills.grading import resolve
from drills.handbook.checks import page_problems
from question_bank.index import open_bank
from question_bank.loader import load

TERM = (
    'gate: {{en: "gate", ja: "門", reading: "{}", de: "Tor", meaning: {{en: "A.", ja: "あ。"}}}}\n'
)
PAGE = """\
mine:
  title: {en: "Mine", ja: "自作"}
  section: rnn
  summary: {en: "A page.", ja: "ページです。"}
"""

TRAP = PAGE + "  traps:\n    - {TRAP, why: {en: 'Because.', ja: '理由です。'}}\n"


def problems(folder: Path, page: str, name: str = "pages.yaml") -> list[str]:
    (folder / "handbook").mkdir(exist_ok=True)
    (folder / "handbook" / name).write_text(page, encoding="utf-8")
    bank = load((folder,))
    found = [*bank.problems, *(one for one in resolve(bank) if "handbook" in one.place.file)]
    return [
        str(one.place).rpartition("/")[2] + " " + one.message.en + " " + ",".join(one.nearest)
        for one in found
    ]


def test_a_page_of_ones_own_is_the_same_from_yaml_and_from_the_compiled_index(
    tmp_path: Path,
) -> None:
    trap = "mistake: wrong-signal, target: rnn.z, formula: f(x^t)"
    assert problems(tmp_path, TRAP.replace("TRAP", trap)) == []
    (tmp_path / "handbook" / "glossary.yaml").write_text(TERM.format("もん"), encoding="utf-8")
    first = open_bank(tmp_path / "cache", (tmp_path,))
    again = open_bank(tmp_path / "cache", (tmp_path,))
    assert again.topics["mine"] == first.topics["mine"]
    assert again.topics["mine"].place_of("traps/0/formula") == (
        first.topics["mine"].place_of("traps/0/formula")
    )
    assert again.topics["mine"].title.ja == "自作"
    assert again.terms["gate"].reading == "もん"


@pytest.mark.parametrize(
    ("added", "place", "said"),
    [
        ("  models: [rrn]\n", "5:12", "No model is called rrn. rnn"),
        ("  derivations: [rnn.uu]\n", "5:17", "There is no formula target 'rnn.uu'. rnn.u"),
        ("  terms: [hidden-state]\n", "5:11", "The glossary has no term called hidden-state."),
        ("  see: [mnie]\n", "5:9", "The handbook has no page called mnie. mine"),
        ("  colour: red\n", "5:3", "'colour' is not a key here."),
        ("  diagram: |\n    x → y\n", "5:12", "only in ASCII; found: →"),
        (f"  diagram: |\n    {'-' * 57}\n", "5:12", "57 cells wide"),
    ],
)
def test_a_wrong_name_on_a_page_is_told_with_the_nearest_one(
    tmp_path: Path, added: str, place: str, said: str
) -> None:
    (found,) = problems(tmp_path, PAGE + added)
    assert found.startswith(f"pages.yaml:{place} ")
    assert said in found


@pytest.mark.parametrize(
    ("trap", "said"),
    [
        ("mistake: wrong-signal, target: rnn.z, formula: f(x^t)", None),
        ("mistake: sign-flipped, target: rnn.z, formula: f(x^t)", "is judged wrong (wrong-signal)"),
        ("mistake: sign-flipped, target: rnn.z, formula: f(u^t)", "is judged correct (-)"),
        ("mistake: sign-flipped, target: rnn.z, formula: '((('", "not understood"),
        ("mistake: no-such, target: rnn.z, formula: f(x^t)", "no mistake with the code 'no-such'"),
        ("mistake: sign-flipped, target: rnn.zz, formula: f(x^t)", "no formula target 'rnn.zz'"),
        (
            "mistake: sign-flipped, target: rnn.z, formula: f(x^t), notation: latin",
            "no notation called latin",
        ),
        ("mistake: sign-flipped, target: rnn.z", "A trap is either a wrong formula"),
        ("mistake: sign-flipped", "A trap is either a wrong formula"),
    ],
)
def test_a_trap_must_be_the_mistake_that_it_is_filed_under(
    tmp_path: Path, trap: str, said: str | None
) -> None:
    found = problems(tmp_path, TRAP.replace("TRAP", trap))
    assert len(found) == (0 if said is None else 1)
    assert said is None or said in found[0]


def test_a_computation_on_a_page_is_evaluated_when_it_is_checked(tmp_path: Path) -> None:
    counts = "  counts:\n    - {of: {en: n, ja: n}, compute: lstm.parameter_count, with: {D: 0}}\n"
    (found,) = problems(tmp_path, PAGE + counts)
    assert "lstm.parameter_count cannot take this" in found


def test_terms_are_read_from_the_glossary_and_need_a_reading_in_kana(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, TERM.format("門"), "glossary.yaml")
    assert found.startswith("glossary.yaml:1:38 ")
    assert "kana" in found


def test_two_pages_of_one_name_are_told(tmp_path: Path) -> None:
    (tmp_path / "handbook").mkdir()
    (tmp_path / "handbook" / "first.yaml").write_text(PAGE, encoding="utf-8")
    (found,) = problems(tmp_path, PAGE)
    assert "already used at" in found


def test_the_built_in_handbook_has_no_problem() -> None:
    assert [str(one.place) for one in BANK.problems if "/handbook/" in one.place.file] == []
    assert [f"{one.place} {one.message.en}" for one in page_problems(BANK)] == []
