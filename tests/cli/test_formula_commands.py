"""``bptt formula``: the list, the card of a target, its derivation, names that open it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from drills.cli.parser import OPEN, _opening
from drills.grading.formula_steps import derivation_of
from drills.grading.formula_words import model_title, target_statement
from drills.locale.steps import TEXTS
from engine.formulas.judge import judge
from engine.formulas.models.static import all_models
from engine.formulas.targets import TARGETS

SAMPLE = (
    "rnn.W.update", "rnn.delta", "rnn.z.jacobian_product", "lstm.grad_c",
    "lstm_peephole.p_f.gradient", "gru.grad_h", "attention.alpha.gradient",
    "softmax_ce.y.v.jacobian",
)  # fmt: skip


def test_the_list_is_grouped_by_model_with_counts(bptt: Callable[..., Any]) -> None:
    lines = bptt("formula", "list").out.splitlines()
    entries = bptt("formula", "list", "--json").json_lines

    assert lines[0] == "simple RNN (22)"
    headed = [line for line in lines if re.fullmatch(r"\S.* \(\d+\)", line)]
    assert len(headed) == len(list(all_models()))
    assert sum(int(line.rsplit("(", 1)[1][:-1]) for line in headed) == len(entries) == len(TARGETS)
    assert {entry["target"] for entry in entries} == set(TARGETS)


def test_every_target_of_every_model_is_stated_in_both_languages() -> None:
    for target in TARGETS.values():
        statement = target_statement(target)
        assert statement.en, target.id
        assert re.search("[ぁ-ん一-龠ァ-ヶ]", statement.ja), target.id
        assert "{" not in statement.en.replace("_{", "").replace("^{", ""), statement.en
        assert model_title(target.model.name).ja


@pytest.mark.parametrize("target", SAMPLE)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_card_shows_symbols_shapes_and_how_each_notation_spells_the_left_side(
    bptt: Callable[..., Any], target: str, language: str
) -> None:
    card = bptt("formula", "show", target, "--json").json
    said = bptt("--lang", language, "formula", "show", target).out

    assert set(card["shapes"]) == set(card["given"])
    assert card["notations"]
    for entry in card["notations"]:
        assert entry["name"] in said
        assert entry["left_side"] in said


@pytest.mark.parametrize("target", SAMPLE)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_derivation_goes_from_what_is_asked_to_the_answer(
    bptt: Callable[..., Any], target: str, language: str
) -> None:
    ran = bptt("--lang", language, "formula", "derive", target)
    derived = bptt("--lang", language, "formula", "derive", target, "--json").json

    assert ran.code == 0
    numbers = re.findall(r"^(\d+)\. ", ran.out, re.MULTILINE)
    assert numbers == [str(n) for n in range(1, len(derived["steps"]) + 1)]
    assert max(map(len, ran.out.splitlines())) <= 82
    assert derived["answer"] in {line for step in derived["steps"] for line in step["formulas"]}


@pytest.mark.parametrize(
    ("target", "stated"),
    [("rnn.delta", {}), ("rnn.W.update", {}), ("rnn.W_in.gradient", {}), ("rnn.grad_z", {})],
)
def test_the_answer_is_right_in_every_notation(target: str, stated: dict[str, str]) -> None:
    from engine.formulas.notations import notations

    for name, notation in notations(TARGETS[target].model).items():
        derived = derivation_of(TARGETS[target], name)
        found = judge(derived.answer, target=target, notation=derived.notation)

        assert derived.layout == notation.layout
        assert derived.notation in {name, "own"}
        assert found.outcome == "correct", (name, derived.answer)


def test_every_kind_of_step_has_its_sentence() -> None:
    codes = {step.code for target in TARGETS.values() for step in derivation_of(target).steps}
    assert codes <= {key.removeprefix("steps.") for key in TEXTS}


def test_the_layout_and_the_loss_of_a_derivation_can_be_chosen(bptt: Callable[..., Any]) -> None:
    in_rows = bptt("formula", "derive", "rnn.v", "--layout", "row", "--json").json
    of_step = bptt("formula", "derive", "rnn.W_out.update", "--loss", "step", "--json").json

    assert in_rows["answer"] == "v^t = z^t W_out + c"
    assert of_step["answer"] == "W_out^{t+1} = W_out^t − ε δ^{out,t} [z^t]ᵀ"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("derive", "rnn.W.updat"), "rnn.W.update"),
        (("show", "lstm.forget"), "lstm."),
        (("rnn.W.updat",), "rnn.W.update"),
        (("derive", "rnn.W.update", "--notation", "corse"), "course"),
        (("check", "--notation", "corse", "W"), "course"),
    ],
)
def test_an_unknown_name_is_a_usage_error_with_the_nearest(
    bptt: Callable[..., Any], arguments: tuple[str, ...], said: str
) -> None:
    ran = bptt("formula", *arguments)

    assert ran.code == 2
    assert said in ran.err


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("formula rnn.W.update", f"formula {OPEN} rnn.W.update"),
        ("--lang ja formula rnn.W.update", f"--lang ja formula {OPEN} rnn.W.update"),
        ("formula --lang ja rnn.u --home x", f"formula --lang ja {OPEN} rnn.u --home x"),
        ("drill rnn/step_forward", f"drill {OPEN} rnn/step_forward"),
        ("formula list", "formula list"),
        ("formula check W", "formula check W"),
        ("formula", "formula"),
        ("formula --help", "formula --help"),
        ("quiz --count 3", "quiz --count 3"),
    ],
)
def test_a_name_in_the_place_of_a_command_opens_it(typed: str, read: str) -> None:
    assert _opening(typed.split()) == read.split()


def test_on_a_pipe_a_target_by_name_prints_its_card(bptt: Callable[..., Any]) -> None:
    assert bptt("formula", "rnn.u").out == bptt("formula", "show", "rnn.u").out


@pytest.mark.parametrize(
    ("language", "said"), [("en", "rnn.W.update (simple RNN)"), ("ja", "単純なRNN")]
)
def test_a_check_says_which_target_and_model_it_found(
    bptt: Callable[..., Any], language: str, said: str
) -> None:
    line = "W^{t+1} = W^t - eps sum(s=0..T_t, delta[t-s] @ z[t-s-1].T)"

    assert said in bptt("--lang", language, "formula", "check", line).out
