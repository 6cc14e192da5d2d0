"""A session line by line: what a screen reader's user or a script types, and what comes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

START = ["quiz", "--plain", "--section", "bptt", "--kind", "choice", "--count", "2", "--seed", "3"]
RESUME = ["quiz", "--plain"]


def stats(bptt: Callable[..., Any]) -> Any:
    return bptt("stats", "--json").json


def wrong_letter(bptt: Callable[..., Any]) -> str:
    """A wrong option of the first question of the session that ``START`` begins."""
    shown = bptt(*START, "--json").json_lines
    first = next(line for line in shown if "item" in line)
    seed = str(first["seed"])
    for option in first["options"]:
        if bptt("answer", first["item"], option["label"], "--seed", seed).code == 1:
            return str(option["label"])
    raise AssertionError("every option is right")


def right_letter(bptt: Callable[..., Any]) -> str:
    shown = bptt(*RESUME, "--json").json_lines
    first = next(line for line in shown if "item" in line)
    seed = str(first["seed"])
    for option in first["options"]:
        if bptt("answer", first["item"], option["label"], "--seed", seed).code == 0:
            return str(option["label"])
    raise AssertionError("no option is right")


def test_the_end_of_input_keeps_the_session_and_the_next_run_goes_on_there(
    bptt: Callable[..., Any],
) -> None:
    first = bptt(*START)
    again = bptt(*RESUME)

    assert first.code == again.code == 0
    assert "[1/2]" in first.out
    shown = first.out.split("[1/2]")[1].split(">")[0]
    assert shown in again.out
    assert "1 of 2" in first.out


def test_a_wrong_answer_may_be_tried_again_and_counts_once(bptt: Callable[..., Any]) -> None:
    wrong = wrong_letter(bptt)
    right = right_letter(bptt)

    ran = bptt(*RESUME, typed=f"{wrong}\n{right}\n")

    assert ran.out.index("✗") < ran.out.index("✓")
    assert (stats(bptt)["reviews"], stats(bptt)["right"], stats(bptt)["answers"]) == (1, 0, 2)


def test_an_answer_can_be_taken_back_and_the_item_stands_there_again(
    bptt: Callable[..., Any],
) -> None:
    wrong = wrong_letter(bptt)

    ran = bptt(*RESUME, typed=f"{wrong}\n:undo\n")

    assert "Taken back." in ran.out
    assert ran.out.count("[1/2]") == 2
    assert stats(bptt)["answers"] == 0


def test_a_shown_solution_lets_one_go_on_and_counts_as_not_known(bptt: Callable[..., Any]) -> None:
    wrong_letter(bptt)

    ran = bptt(*RESUME, typed=":next\n:show\n:next\n")

    assert "Answer first" in ran.out
    assert "[2/2]" in ran.out
    assert (stats(bptt)["reviews"], stats(bptt)["right"]) == (1, 0)


def test_a_guess_is_noted(bptt: Callable[..., Any]) -> None:
    wrong_letter(bptt)
    right = right_letter(bptt)

    bptt(*RESUME, typed=f":guess\n{right}\n")

    assert (stats(bptt)["guesses"], stats(bptt)["right"]) == (1, 1)


@pytest.mark.parametrize("colon", [":", "："])
def test_commands_work_full_width_and_the_language_switches(
    bptt: Callable[..., Any], colon: str
) -> None:
    bptt(*START)

    ran = bptt(*RESUME, typed=f"{colon}language\n{colon}ｈｅｌｐ\n{colon}what\n{colon}q\n")

    assert "最も適切なもの" in ran.out
    assert ":hint ヒント" in ran.out
    assert ":what" in ran.out
    assert ran.code == 0


def test_an_answer_that_is_not_understood_costs_nothing(bptt: Callable[..., Any]) -> None:
    wrong_letter(bptt)

    ran = bptt(*RESUME, typed="XYZ\n")

    assert "does not count" in ran.out
    assert stats(bptt)["answers"] == 0


def test_code_is_answered_blank_by_blank_or_line_by_line(bptt: Callable[..., Any]) -> None:
    kind = ["quiz", "--plain", "--kind", "code", "--count", "60", "--seed", "1", "--all"]

    def reach(item: str, section: str) -> None:
        """Skips the questions of a section's session before the one that is wanted."""
        shown = bptt(*kind, "--section", section, "--json")
        for _ in range(60):
            if [line for line in shown.json_lines if "item" in line][-1]["item"] == item:
                return
            shown = bptt(*RESUME, "--json", typed=":show\n:next\n")
        raise AssertionError(item)

    reach("rnn-step-forward-code", "rnn")
    first = bptt(*RESUME, typed="x @ W_in + z_prev @ W + b\nz @ W_out + c\n")
    assert "✓ right" in first.out

    shown = bptt("drill", "show", "bptt/binary_adder", "--bug", "derivative-of-output").out
    lines = shown.splitlines()
    number = next(i for i, line in enumerate(lines, 1) if "d_sigmoid(y)" in line)
    mended = lines[number - 1].strip().replace("d_sigmoid(y)", "d_sigmoid(v)")
    reach("bptt-adder-derivative-bug", "bptt")
    second = bptt(*RESUME, typed=f"not a number\n{number}: {mended}\n\n")

    assert "12:     x = 1" in second.out
    assert "✓ right" in second.out


def test_a_wrong_answer_names_the_page_of_the_handbook(bptt: Callable[..., Any]) -> None:
    ran = bptt(*RESUME, "--lang", "ja", typed=f"{wrong_letter(bptt)}\n")

    assert "ハンドブック：bptt show bptt" in ran.out


def test_a_report_on_the_item_is_printed_filled_in(bptt: Callable[..., Any]) -> None:
    shown = next(line for line in bptt(*START, "--json").json_lines if "item" in line)
    ran = bptt(*RESUME, "--lang", "en", typed=":r\n")
    data = bptt(*RESUME, "--json", typed=":report\n").json_lines

    assert f"# Wrong item: {shown['item']}" in ran.out
    assert f"Seed: {shown['seed']}" in ran.out
    assert "(not judged yet)" in ran.out
    assert any(f"{shown['item']}" in line.get("report", "") for line in data)
