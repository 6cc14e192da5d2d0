"""What users script against: commands, exit codes, JSON shapes, and what a wrong call says."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from question_bank.kinds import KINDS
from question_bank.model import SECTIONS

ROOT = Path(__file__).parents[2]
VERDICT_KEYS = {
    "outcome", "mistakes", "feedback", "reading", "assumptions", "target", "link", "ledger",
    "checks", "witness", "item", "face", "seed",
}  # fmt: skip
STEP = """
import numpy as np
def step_forward(x, z_prev, W_in, W, b, W_out, c):
    u = {u}
    z = np.tanh(u)
    return u, z, 1 / (1 + np.exp(-(z @ W_out + c)))
"""


def test_the_version_and_the_paths_are_printed(bptt: Callable, tmp_path: Path) -> None:
    assert bptt("--version").out.startswith("bptt-dojo ")
    assert bptt("paths", "--json").json["home"] == str(tmp_path / "home")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["quizz"], "quizz"),
        (["answer", "rnn-three-weight", "A=1"], "rnn-three-weights"),
        (["quiz", "--section", "rn"], "rnn"),
        (["quiz", "--kind", "choise"], "choice"),
        (["quiz", "--mistake", "transpose-droped"], "transpose-dropped"),
        (["quiz", "--count", "0"], "--count"),
        (["bank", "show", "rnn-parameter-counts"], "rnn-parameter-count"),
        (["drill", "show", "rnn/step_forwards"], "rnn/step_forward"),
        (["drill", "show", "bptt/binary_adder", "--bug", "nothing"], "derivative-of-output"),
        (["drill", "check", "rnn/step_forward", "no-such-file.py"], "no-such-file.py"),
        (["formula", "check", "--target", "rnn.W.updat", "W"], "rnn.W.update"),
        (["formula", "check"], "bptt formula check"),
        (["lab", "run", "binary-adition"], "binary-addition"),
        (["lab", "run", "binary-addition", "--set", "deviatoin=1"], "deviation"),
        (["lab", "run", "binary-addition", "--set", "activation=gelu"], "sigmoid"),
        (["lab", "run", "binary-addition", "--set", "deviation"], "NAME=VALUE"),
    ],
)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_wrong_call_is_a_usage_error_that_says_what_would_be_right(
    bptt: Callable, arguments: list[str], said: str, language: str
) -> None:
    ran = bptt("--lang", language, *arguments)

    assert ran.code == 2
    assert ran.out == ""
    assert said in ran.err


@pytest.mark.parametrize(
    ("item", "answer", "outcome", "code"),
    [
        ("rnn-parameter-count", "1", "wrong", 1),
        ("rnn-parameter-count", "many", "not_understood", 3),
        ("rnn-recurrent-not-recursive", "リカレントニューラルネットワーク", "correct", 0),
        ("rnn-recurrent-not-recursive", "再帰的ニューラルネットワーク", "wrong", 1),
        ("bptt-one-iteration", "A", "not_understood", 3),
    ],
)
def test_an_answer_is_graded_with_the_whole_verdict(
    bptt: Callable, item: str, answer: str, outcome: str, code: int
) -> None:
    ran = bptt("answer", item, answer, "--json")

    assert ran.code == code
    assert set(ran.json) == VERDICT_KEYS
    assert (ran.json["outcome"], ran.json["item"]) == (outcome, item)


def test_the_seed_decides_numbers_and_order_and_both_commands_agree(bptt: Callable) -> None:
    first, again, other = (
        bptt("bank", "show", "rnn-parameter-count", "--seed", seed).out for seed in ("4", "4", "5")
    )
    assert first == again != other

    options = bptt("bank", "show", "rnn-row-form-line", "--seed", "3", "--json").json["options"]
    right = next(o["label"] for o in options if o["text"].endswith("np.dot(z_prev, W)"))
    right_line = next(o["text"] for o in options if o["label"] == right)
    assert "np.dot(X, W_in) " in right_line
    assert bptt("answer", "rnn-row-form-line", right, "--seed", "3").code == 0


def test_what_is_shown_holds_no_key(bptt: Callable) -> None:
    shown = bptt("bank", "show", "rnn-row-form-line", "--json").json

    assert set(shown) == {
        "id",
        "kind",
        "face",
        "seed",
        "set",
        "shared",
        "stem",
        "options",
        "right",
        "code",
        "figure",
        "prompt",
    }
    assert all(set(option) == {"label", "text"} for option in shown["options"])


@pytest.mark.parametrize("place", ["before", "after"])
def test_global_options_work_on_both_sides_of_the_command(bptt: Callable, place: str) -> None:
    words = ["bank", "list", "--section", "rnn"]
    given = ["--lang", "ja", *words] if place == "before" else [*words, "--lang", "ja"]

    assert bptt(*given).code == 0


def test_a_formula_may_begin_with_a_minus_or_come_from_standard_input(bptt: Callable) -> None:
    formula = "-eps * delta_out[t] @ z[t].T + W_out"

    first = bptt("formula", "check", formula, "--target", "rnn.W_out.update", "--json")
    second = bptt(
        "formula", "check", "-", "--target", "rnn.W_out.update", "--json", typed=formula + "\n"
    )

    assert first.json["outcome"] == second.json["outcome"] == "correct"


def test_a_batch_answers_each_line_and_no_bad_line_stops_it(bptt: Callable, tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_text(
        '{"id": 1, "formula": "u^t = W_{(in)}x^t+Wz^{(t-1)}+b"}\n'
        "not json\n"
        '{"id": "wrong", "formula": "z^t = f(z^t)"}\n'
        '{"id": 4}\n'
        '{"id": 5, "formula": "((("}\n'
    )

    ran = bptt("formula", "check", "--batch", str(file), "--json")

    assert ran.code == 1
    assert [line["id"] for line in ran.json_lines] == [1, 2, "wrong", 4, 5]
    assert [line["outcome"] for line in ran.json_lines] == [
        "correct", "not_understood", "wrong", "not_understood", "not_understood",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("u", "outcome", "mistake"),
    [
        ("x @ W_in + z_prev @ W + b", "correct", None),
        ("np.einsum('nd,dh->nh', x, W_in) + z_prev.dot(W) + b", "correct", None),
        ("x @ W_in + z_prev @ W", "wrong", "bias-dropped"),
        ("x @ W_in + z_prev @ W.T + b", "wrong", "transpose-added"),
        ("x @ W_in + b", "wrong", None),
        ("____", "not_understood", None),
        ("x @ (", "not_understood", None),
    ],
)
def test_a_file_is_judged_by_running_it(
    bptt: Callable, tmp_path: Path, u: str, outcome: str, mistake: str | None
) -> None:
    file = tmp_path / "step.py"
    file.write_text(STEP.format(u=u))

    ran = bptt("drill", "check", "rnn/step_forward", str(file), "--json")

    assert ran.json["outcome"] == outcome
    assert ran.code == {"correct": 0, "wrong": 1, "not_understood": 3}[outcome]
    if mistake:
        assert mistake in [m["code"] for m in ran.json["mistakes"]]


def test_the_seeds_bug_is_found_by_the_gradient_check_and_explained(
    bptt: Callable, tmp_path: Path
) -> None:
    """An output's derivative taken of the output itself: the loss falls all the same."""
    shown = bptt("drill", "show", "bptt/binary_adder", "--bug", "derivative-of-output")
    file = tmp_path / "adder.py"
    file.write_text(shown.out)

    shipped = bptt("drill", "check", "bptt/binary_adder", str(file), "--json").json
    file.write_text(shown.out.replace("d_sigmoid(y)", "d_sigmoid(v)"))
    mended = bptt("drill", "check", "bptt/binary_adder", str(file), "--json").json

    assert shipped["outcome"] == "wrong"
    assert shipped["mistakes"][0]["code"] == "derivative-of-wrong-argument"
    failed = [check["name"] for check in shipped["checks"] if not check["passed"]]
    assert any(name.startswith("gradient") for name in failed)
    assert mended["outcome"] == "correct"


def test_a_live_run_prints_a_line_a_snapshot(bptt: Callable) -> None:
    words = ["lab", "run", "binary-addition", "--set", "iterations=100", "--json"]

    first, same, other = bptt(*words), bptt(*words), bptt(*words, "--seed", "1")

    assert [line["iteration"] for line in first.json_lines] == [50, 100]
    assert first.out == same.out != other.out


def test_the_bank_is_listed_and_its_form_checked(bptt: Callable, tmp_path: Path) -> None:
    items = bptt("bank", "list", "--json").json_lines
    assert len(items) >= 24
    assert {item["section"] for item in items} <= set(SECTIONS)
    assert {item["kind"] for item in items} <= set(KINDS)
    assert {"choice", "numeric", "term", "order", "match", "formula"} <= {
        item["kind"] for item in items
    }
    assert bptt("bank", "check").code == 0

    (tmp_path / "own.yaml").write_text("- id: a-b\n  kind: chocie\n")
    ran = bptt("bank", "check", str(tmp_path))
    assert ran.code == 1
    assert "own.yaml:2:9" in ran.out
    assert "choice" in ran.out


def test_computations_that_items_can_name_are_listed(bptt: Callable) -> None:
    listed = {line["name"] for line in bptt("bank", "computations", "--json").json_lines}

    assert {"rnn.parameter_count", "bptt.sum_terms"} <= listed


def test_without_a_terminal_nothing_draws(bptt: Callable) -> None:
    ran = bptt()

    assert ran.code == 0
    assert len(ran.out.splitlines()) == 1
    assert "bptt quiz" in ran.out


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    command = f"{sys.executable} -m drills bank computations --home {tmp_path} | head -1"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], cwd=ROOT, capture_output=True, text=True
    )

    assert "Traceback" not in done.stderr


def test_help_names_only_what_works_in_both_languages(bptt: Callable) -> None:
    english, japanese = bptt("--help").out, bptt("--lang", "ja", "--help").out

    assert "usage" in english
    assert "使い方" in japanese
    assert "オプション" in japanese
    for command in ("quiz", "answer", "drill", "formula", "lab", "stats", "bank", "paths"):
        assert command in english


def test_another_program_named_engine_in_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "engine").mkdir()
    (tmp_path / "engine" / "__init__.py").write_text("")
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from drills.cli import main; sys.exit(main(['paths']))",
        ],
        env={"PYTHONPATH": f"{tmp_path}:{ROOT}", "LANG": "C.UTF-8"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 2
    assert str(tmp_path) in done.stderr
    assert str(ROOT) in done.stderr
