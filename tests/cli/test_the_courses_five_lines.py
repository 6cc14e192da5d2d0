"""The five update formulas as course notes print them: four are right, one has two mistakes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

W_IN = (
    r"W_{(in)}^{t+1} = W_{(in)}^{t}-\epsilon\frac{\partial E}{\partial W_{(in)}} = "
    r"W_{(in)}^{t}-\epsilon \sum_{z=0}^{T_t}\delta^{t-z}[x^{t-z}]^T"
)
W_OUT = (
    r"W_{(out)}^{t+1} = W_{(out)}^{t}-\epsilon\frac{\partial E}{\partial W_{(out)}} = "
    r"W_{(out)}^{t}-\epsilon \delta^{out,t}[z^{t}]^T"
)
W = (
    r"W^{t+1} = W^{t}-\epsilon\frac{\partial E}{\partial W} = "
    r"W_{(in)}^{t}-\epsilon \sum_{z=0}^{T_t}\delta^{t-z}[x^{t-z-1}]^T"
)
B = (
    r"b^{t+1} = b^t-\epsilon\frac{\partial E}{\partial b} = "
    r"b^t-\epsilon \sum_{z=0}^{T_t}\delta^{t-z}"
)
C = r"c^{t+1} = c^t-\epsilon\frac{\partial E}{\partial c} = c^t-\epsilon \delta^{out,t}"
MENDED = (
    r"W^{t+1} = W^{t}-\epsilon\frac{\partial E}{\partial W} = "
    r"W^{t}-\epsilon \sum_{z=0}^{T_t}\delta^{t-z}[z^{t-z-1}]^T"
)


@pytest.mark.parametrize("decoration", ["{}", "$ {} $", "  {}\n"])
@pytest.mark.parametrize(
    ("line", "target", "assumed"),
    [
        (W_IN, "rnn.W_in.update", {}),
        (W_OUT, "rnn.W_out.update", {"loss": "step"}),
        (B, "rnn.b.update", {}),
        (C, "rnn.c.update", {"loss": "step"}),
        # z is state and summation index at once.
        (MENDED, "rnn.W.update", {}),
    ],
)
def test_four_lines_and_the_mended_one_are_right(
    bptt: Callable[..., Any], line: str, target: str, assumed: dict[str, str], decoration: str
) -> None:
    ran = bptt("formula", "check", decoration.format(line), "--json")

    assert ran.code == 0
    assert (ran.json["outcome"], ran.json["target"]) == ("correct", target)
    assert assumed.items() <= ran.json["assumptions"].items()


def test_both_mistakes_of_the_recurrent_line_are_named_where_they_stand(
    bptt: Callable[..., Any],
) -> None:
    ran = bptt("formula", "check", W, "--json")

    assert ran.code == 1
    first, second = ran.json["mistakes"]
    assert (first["code"], second["code"]) == ("wrong-parameter", "wrong-signal")
    assert W[slice(*first["span"])] == "W_{(in)}^{t}"
    assert W[slice(*second["span"])] == "x^{t-z-1}"
    assert first["at"] == {"found": "W_in^t", "expected": "W^t"}
    assert second["at"] == {"found": "x^{t−z−1}", "expected": "z^{t−z−1}"}
    assert ran.json["link"] == 2
    witness = ran.json["witness"]
    assert witness["answer"] != witness["truth"]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["W_in^t stands where W^t belongs", "x^{t−z−1} stands where z^{t−z−1} belongs"]),
        ("ja", ["W^t であるべきところが W_in^t", "z^{t−z−1} であるべきところが x^{t−z−1}"]),
    ],
)
def test_they_are_said_in_both_languages(
    bptt: Callable[..., Any], language: str, said: list[str]
) -> None:
    feedback = bptt("formula", "check", W, "--json", "--lang", language).json["feedback"]

    for part in said:
        assert part in feedback
