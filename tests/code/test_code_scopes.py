"""Where an answer is right all the same, at which edge it is wrong, and which index wrapped."""

import pytest

from engine.code.exercise import Exercise
from engine.code.judge import CodeJudge

FORWARD = '''\
"""A simple RNN over a batch of sequences."""

import numpy as np


def rnn_forward(x, h0, Wx, Wh, b):
    """x (N, T, D), h0 (N, H), Wx (D, H), Wh (H, H), b (H,); returns h (N, T, H)."""
    N, T, D = x.shape
    h = np.zeros((N, T, len(b)))
    for t in range(T):
        prev = h[:, t - 1] if t > 0 else h0  #: a
        h[:, t] = np.tanh(x[:, t] @ Wx + prev @ Wh + b)
    return h
'''
SPEC = {
    "function": "rnn_forward",
    "sizes": {"N": [2, 4], "T": [3, 6], "D": [2, 5], "H": [2, 6]},
    "arguments": {
        "x": {"shape": ["N", "T", "D"]},
        "h0": {"shape": ["N", "H"]},
        "Wx": {"shape": ["D", "H"]},
        "Wh": {"shape": ["H", "H"]},
        "b": {"shape": ["H"]},
    },
    "outputs": {"h": {"shape": ["N", "T", "H"]}},
    "mutation": {"roles": {"bias": ["b"], "recurrent": ["prev", "Wh"]}},
}
FOUND = Exercise.parse("test/forward", FORWARD, SPEC)


def wrong(*changes: str) -> str:
    source = FOUND.solution
    for old, new in zip(changes[::2], changes[1::2], strict=True):
        assert source.count(old) == 1
        source = source.replace(old, new)
    return source


@pytest.mark.parametrize(
    ("source", "scope", "sizes"),
    [
        (wrong("return h\n", "return h / N\n"), "one-size-only", {"N": 1}),
        (wrong("prev = h[:, t - 1] if t > 0 else h0", "prev = h0"), "one-size-only", {"T": 1}),
        (wrong("prev @ Wh", "prev @ Wh.T"), "one-size-only", {"H": 1}),
        (wrong("return h\n", "return h * (1 + N - T)\n"), "equal-sizes-only", {}),
        (wrong("return h\n", "return h + 1\n"), None, {}),
        (wrong("prev @ Wh", "prev"), None, {}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("seed", [0, 1])
def test_right_for_one_size_only_is_found_by_trying(
    judge: CodeJudge, source: str, scope: str | None, sizes: dict, seed: int
) -> None:
    judged = judge.check(FOUND, source, seed=seed)
    assert judged.outcome == "wrong"
    assert (judged.scope, judged.scope_sizes) == (scope, sizes)


@pytest.mark.parametrize(
    ("source", "edge"),
    [
        (wrong("    return h", "    h[:, 0] = 0\n    return h"), {"T": "first"}),
        (wrong("    return h", "    h[:, -1] += 1\n    return h"), {"T": "last"}),
        (wrong("    return h", "    h[:, 1] = 0\n    return h"), {}),
        (wrong("    return h", "    h[:, :, -1] = 0\n    return h"), {"H": "last"}),
    ],
)
def test_a_wrong_edge_is_told_if_it_is_the_same_on_every_input(
    judge: CodeJudge, source: str, edge: dict
) -> None:
    judged = judge.check(FOUND, source, seed=3)
    assert judged.difference is not None
    assert judged.difference.edges == edge


@pytest.mark.parametrize(
    "change",
    [
        ("h[:, t - 1] if t > 0 else h0", "h[:, t - 1]"),
        ("t > 0", "t >= 0"),
    ],
)
def test_reading_the_last_state_at_the_first_step_is_named(
    judge: CodeJudge, change: tuple[str, str]
) -> None:
    codes = {mutant.code for mutant in judge.mutants_of(FOUND) if change[1] in mutant.found}
    assert "wraps-to-last-state" in codes
    # The buffer is still zeros then, so that the state 0 is read instead of h0.
    judged = judge.check(FOUND, wrong(*change), shrink=False)
    assert [mistake.code for mistake in judged.mistakes] == ["wraps-to-last-state"]


def test_room_for_one_state_less_is_a_known_mistake(judge: CodeJudge) -> None:
    source = FORWARD.replace("np.zeros((N, T, len(b)))", "np.zeros((N, T + 1, len(b)))")
    source = source.replace("    for t", "    h[:, -1] = h0\n    for t")
    source = source.replace("h[:, t - 1] if t > 0 else h0", "h[:, t - 1]")
    source = source.replace("return h\n", "return h[:, :T]\n")
    found = Exercise.parse("test/rows", source, SPEC)
    shorter = [m for m in judge.mutants_of(found) if m.found == "h = np.zeros((N, T, len(b)))"]
    assert [mutant.code for mutant in shorter] == ["wraps-to-last-state"]
    assert judge.check(found, found.solution).outcome == "correct"
