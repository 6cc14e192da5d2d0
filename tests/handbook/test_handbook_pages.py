"""Pages of the handbook: everything computable is computed, and every name leads somewhere."""

from __future__ import annotations

import json

import pytest
from built_in import BANK

from drills.handbook.examples import examples
from drills.handbook.finding import find, near, topic_of_item, topic_of_target
from drills.handbook.models import answer, model_part, retold
from drills.handbook.page import mistake_blocks, page_of
from drills.typography import cell_width
from engine.computations import COMPUTATIONS
from engine.formulas.judge import judge
from engine.formulas.models.static import all_models
from engine.formulas.targets import TARGETS
from question_bank.model import Bank
from question_bank.pages import Term, Topic


@pytest.fixture(scope="module")
def bank() -> Bank:
    return BANK


def test_every_declared_model_has_a_page_and_every_section_too(bank: Bank) -> None:
    shown = {model for topic in bank.topics.values() for model in topic.models}
    assert {model.name for model in all_models()} - shown == set()
    assert set(bank.sections) - {topic.section for topic in bank.topics.values()} == set()


def test_every_item_leads_to_a_page_of_its_own_field(bank: Bank) -> None:
    strays = {item.id for item in bank.items.values() if topic_of_item(item, bank) is None}
    assert strays == set()
    cases = {
        "lstm-gradient-at-the-cell": "lstm",
        "gru-parameter-formula": "parameter-counts",
    }
    for item, page in cases.items():
        if item in bank.items:
            found = topic_of_item(bank.items[item], bank)
            assert found is not None
            assert found.name == page


def test_every_page_can_be_drawn_in_both_languages_within_a_narrow_terminal(bank: Bank) -> None:
    for topic in bank.topics.values():
        blocks = list(page_of(topic, bank).blocks())
        for language in ("en", "ja"):
            for block in blocks:
                lines = block.drawn(language, 56)
                said = lines[: len(lines) - len(block.lines)]
                assert all(cell_width(line) <= 56 for line in said), (topic.name, said)
                assert not any(line.lstrip().startswith(("。", "、", "）")) for line in said)


def test_a_page_as_data_names_equations_shapes_answers_and_traps(bank: Bank) -> None:
    page = json.loads(json.dumps(page_of(bank.topics["lstm"], bank).to_json("en")))
    (model,) = page["models"]
    formulas = {one["target"]: one["formula"] for one in model["equations"]}
    assert formulas["lstm.c"] == "c^t = f^t ⊙ c^{t−1} + i^t ⊙ a^t"
    assert {"symbol": "W_a", "shape": ["H", "D"]}.items() <= next(
        shape for shape in model["shapes"] if shape["symbol"] == "W_a"
    ).items()
    assert model["parameters"] == "4HD + 4H² + 4H"
    assert page["counts"][0]["value"] == "80,400"
    assert all(one["target"] in TARGETS for one in page["answers"])
    assert {trap["mistake"] for trap in page["traps"]} >= {"gate-roles-swapped", "index-shifted"}


@pytest.mark.parametrize(
    ("model", "notation", "target", "formula"),
    [
        ("rnn", "course", "rnn.u", "u^t = W_in x^t + W z^{t−1} + b"),
        ("rnn", "row", "rnn.u", "u^t = X^t W_xh + H^{t−1} W_hh + b_h"),
        ("lstm", "d2l", "lstm.c", "C^t = F^t ⊙ C^{t−1} + I^t ⊙ C̃^t"),
        ("gru", "no such notation", "gru.r", "r^t = σ(u_r^t)"),
    ],
)
def test_equations_are_written_in_the_notation_that_was_chosen(
    model: str, notation: str, target: str, formula: str
) -> None:
    part = model_part(model, notation)
    assert next(one.line for one in part.equations if one.target == target) == formula


def test_a_gru_shows_its_variants_and_nothing_that_they_leave_as_it_is() -> None:
    variants = {tuple(one.keys.items()): one for one in model_part("gru").variants}
    assert set(variants) == {
        (("reset", "after"),),
        (("z", "z-keeps-old"),),
        (("biases", "two"),),
    }
    (mixture,) = variants[("z", "z-keeps-old"),].equations
    assert mixture.line == "h^t = z^t ⊙ h^{t−1} + (1 − z^t) ⊙ h̄^t"


@pytest.mark.parametrize(
    ("model", "computation", "sizes", "letters"),
    [
        ("rnn", "rnn.parameter_count", {"D": 3, "H": 5, "K": 4}, "HD + H² + KH + H + K"),
        ("lstm", "lstm.parameter_count", {"D": 3, "H": 5}, "4HD + 4H² + 4H"),
        ("gru", "gru.parameter_count", {"D": 3, "H": 5}, "3HD + 3H² + 3H"),
    ],
)
def test_the_count_of_parameters_in_letters_is_the_engines_number(
    model: str, computation: str, sizes: dict[str, int], letters: str
) -> None:
    assert model_part(model).parameters == letters
    total = 0
    for term in letters.split(" + "):
        digits = "".join(sign for sign in term if sign.isdigit() and sign.isascii()) or "1"
        value = int(digits)
        for letter in term.replace("H²", "HH").lstrip("0123456789"):
            value *= sizes[letter]
        total += value
    assert total == COMPUTATIONS[computation].evaluate(sizes)


def test_a_row_notation_turns_shapes_round() -> None:
    column = {shape.symbol: shape.spelt for shape in model_part("rnn", "course").shapes}
    row = {shape.symbol: shape.spelt for shape in model_part("rnn", "row").shapes}
    assert (column["W_in"], row["W_xh"]) == ("H x D", "D x H")
    assert (column["u^t"], row["u^t"]) == ("H x 1", "1 x H")


def test_what_people_write_is_typeset_in_the_chosen_notation_and_layout() -> None:
    wrong = "W - ε sum(s=0..T_t, δ^(t-s) (x^(t-s-1))^T)"
    line, drawn = retold("rnn.W.update", wrong, None, "row")
    assert line == "W_hh^{t+1} = W_hh − ε Σ_{s=0}^{T_t} [X^{t−s−1}]ᵀ δ^{t−s}"
    assert len(drawn) == 3
    assert answer("rnn.delta", "row").line.startswith("δ^t = φ'(u^t) ⊙ (")
    with pytest.raises(ValueError, match="not a formula"):
        retold("rnn.W.update", "not a formula", None, None)


@pytest.mark.parametrize(
    ("name", "kind", "found"),
    [
        ("lstm", Topic, "lstm"),
        ("LSTM with peepholes", Topic, "lstm-peepholes"),
        ("lstm_peephole", Topic, "lstm-peepholes"),
        ("双方向RNN", Topic, "bidirectional"),
        ("ＬＳＴＭ", Topic, "lstm"),
        ("optimizers", Topic, "optimisers"),
        ("gru.h", Topic, "gru"),
        ("かくれじょうたい", Term, "hidden-state"),
        ("verdeckter Zustand", Term, "hidden-state"),
        ("PPL", Term, "perplexity"),
    ],
)
def test_a_page_or_term_is_found_by_any_of_its_names(
    bank: Bank, name: str, kind: type, found: str
) -> None:
    entry = find(name, bank)
    assert isinstance(entry, kind)
    assert entry.name == found


def test_a_misspelt_name_is_answered_with_near_ones_and_a_wild_one_with_none(bank: Bank) -> None:
    assert find("lsmt", bank) is None
    assert "LSTM" in near("lsmt", bank)
    assert near("zzzzqqqq", bank) == ()
    assert find("rnn.no_such_target", bank) is None
    assert topic_of_target("no_model.x", bank) is None


@pytest.mark.parametrize("code", ["transpose-dropped", "sign-flipped", "gate-roles-swapped"])
def test_examples_of_a_mistake_are_wrong_for_their_target_in_just_that_way(
    bank: Bank, code: str
) -> None:
    found = examples(code, bank)
    assert len(found) == 3
    assert len({one.target.partition(".")[0] for one in found}) == 3
    for one in found:
        assert one.wrong != one.right
        judged = judge(one.line, target=one.target)
        assert (judged.outcome, judged.mistakes[0].code) == ("wrong", code), one.line
    assert examples("not-reset", bank) == ()


def test_a_mistakes_page_shows_its_traps_from_all_pages(bank: Bank) -> None:
    code = "transpose-dropped"
    blocks = list(mistake_blocks(code, bank.mistakes[code], bank))
    titles = [block.text.en for block in blocks if block.kind == "heading"]
    assert titles[0].endswith("(transpose-dropped)")
    assert any("BPTT" in title for title in titles[1:])
