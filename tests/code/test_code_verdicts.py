"""Verdicts: every right style passes, every wrong answer is named and shown on a small input."""

import ast

import numpy as np
import pytest

from engine.code.judge import CodeJudge
from engine.mistakes import MISTAKE_CODES

HEAD = "import numpy as np\n\ndef step_forward(x, z_prev, W_in, W, b, W_out, c):\n"
STEP = "rnn/step_forward"

RIGHT = {
    "as the reference": "    u = x @ W_in + z_prev @ W + b\n    z = np.tanh(u)\n"
    "    return u, z, 1 / (1 + np.exp(-(z @ W_out + c)))\n",
    "np.dot and exponentials": "    u = b + np.dot(z_prev, W) + np.dot(x, W_in)\n"
    "    z = (np.exp(u) - np.exp(-u)) / (np.exp(u) + np.exp(-u))\n"
    "    return u, z, 0.5 * (1 + np.tanh(0.5 * (z @ W_out + c)))\n",
    "einsum": "    u = np.einsum('nd,dh->nh', x, W_in) + np.einsum('ng,gh->nh', z_prev, W) + b\n"
    "    z = np.tanh(u)\n"
    "    v = np.einsum('nh,hk->nk', z, W_out) + c\n    return u, z, 1 / (1 + np.exp(-v))\n",
    "one product of stacked blocks": "    u = np.hstack([x, z_prev]) @ np.vstack([W_in, W]) + b\n"
    "    z = np.tanh(u)\n    return u, z, 1 / (1 + np.exp(-(z @ W_out + c)))\n",
    "columns": "    u = (W_in.T @ x.T + W.T @ z_prev.T + b[:, None]).T\n    z = np.tanh(u)\n"
    "    return u, z, 1 / (1 + np.exp(-(W_out.T @ z.T + c[:, None]).T))\n",
    "loops over every entry": "    import math\n    N, H, K = len(x), len(b), len(c)\n"
    "    u, y = np.zeros((N, H)), np.zeros((N, K))\n"
    "    for n in range(N):\n        for h in range(H):\n"
    "            u[n, h] = b[h] + sum(x[n, i] * W_in[i, h] for i in range(x.shape[1]))\n"
    "            u[n, h] += sum(z_prev[n, i] * W[i, h] for i in range(H))\n"
    "    z = np.vectorize(math.tanh)(u)\n    for n in range(N):\n        for k in range(K):\n"
    "            v = c[k] + sum(z[n, h] * W_out[h, k] for h in range(H))\n"
    "            y[n, k] = 1 / (1 + math.exp(-v))\n"
    "    return u, z, y\n",
    "a dictionary of results": "    u = x @ W_in + z_prev @ W + b\n    z = np.tanh(u)\n"
    "    return {'y': 1 / (1 + np.exp(-(z @ W_out + c))), 'u': u, 'z': z, 'cache': None}\n",
    "a class and a helper": "    class Cell:\n        def __call__(self, *signals):\n"
    "            return sum(s @ w for s, w in signals)\n    cell = Cell()\n"
    "    u = cell((x, W_in), (z_prev, W)) + b\n    z = np.tanh(u)\n"
    "    return u, z, 1 / (1 + np.exp(-(cell((z, W_out)) + c)))\n",
    "printing a little": "    print('shape', x.shape)\n    u = x @ W_in + z_prev @ W + b\n"
    "    z = np.tanh(u)\n    return u, z, 1 / (1 + np.exp(-(z @ W_out + c)))\n",
}


@pytest.mark.parametrize("body", RIGHT.values(), ids=RIGHT)
def test_any_right_style_passes_without_a_note(judge: CodeJudge, exercise, body: str) -> None:
    judged = judge.check(exercise(STEP), HEAD + body)
    assert judged.outcome == "correct", judged
    assert judged.notes == ()
    assert all(check.passed for check in judged.checks)


GOOD = RIGHT["as the reference"]


@pytest.mark.parametrize(
    ("body", "note"),
    [
        (GOOD.replace("    u", "    x, W = x.astype('f4'), W.astype('f4')\n    u", 1), None),
        ("    to = np.float32\n" + GOOD.replace("+ b", "+ b\n    u = u.astype(to)"), "float32"),
        (GOOD.replace("return u,", "return np.asmatrix(u),"), "np-matrix"),
        (GOOD.replace("    return", "    z_prev[:] = z\n    return"), "input-changed-in-place"),
        (
            GOOD.replace(
                "return u, z, 1 / (1 + np.exp(-(z @ W_out + c)))",
                "return [u, z, 1 / (1 + np.exp(-(z @ W_out + c)))]",
            ),
            "list-for-tuple",
        ),
    ],
    ids=["half single precision", "single precision", "matrix", "in place", "list"],
)
def test_single_precision_matrices_lists_and_changed_inputs_are_told_not_failed(
    judge: CodeJudge, exercise, body: str, note: str
) -> None:
    judged = judge.check(exercise(STEP), HEAD + body)
    assert judged.outcome == "correct", judged
    assert judged.notes == ((note,) if note else ())
    assert (judged.changed_inputs == ("z_prev",)) == (note == "input-changed-in-place")


@pytest.mark.parametrize(
    ("answers", "codes", "blank"),
    [
        ({"a": "x @ W_in + z_prev @ W.T + b"}, ["transpose-added"], "a"),
        ({"a": "x @ W_in + z_prev @ W"}, ["bias-dropped"], "a"),
        ({"a": "x@W_in+b"}, ["recurrent-path-dropped"], "a"),
        ({"a": "b + z_prev @ W"}, ["term-dropped"], "a"),
        ({"a": "x @ W_in + W @ z_prev + b"}, ["order-swapped"], "a"),
        ({"a": "x @ W_in + z_prev * W + b"}, ["elementwise-for-matrix"], "a"),
        ({"a": "x @ W_in - z_prev @ W + b"}, ["sign-flipped"], "a"),
        ({"a": "np.tanh(x @ W_in + z_prev @ W + b)"}, ["activation-added"], "a"),
        ({"b": "z @ W_out"}, ["bias-dropped"], "b"),
        ({"b": "u @ W_out + c"}, ["wrong-signal"], "b"),
        ({"b": "z_prev @ W_out + c"}, ["wrong-signal"], "b"),
        ({"b": "np.dot(np.maximum(u, 0), W_out) + c"}, [], None),
        ({"a": "x @ W_in + z_prev @ W", "b": "z @ W_out"}, ["bias-dropped"] * 2, "a"),
        (
            {"a": "x @ W_in + z_prev @ W.T + b", "b": "z @ W_out - c"},
            ["transpose-added", "sign-flipped"],
            "a",
        ),
    ],
)
def test_a_wrong_blank_is_named_by_the_mutant_that_behaves_the_same(
    judge: CodeJudge, exercise, answers: dict, codes: list, blank: str | None
) -> None:
    judged = judge.check(exercise(STEP), exercise(STEP).fill(answers), shrink=False)
    assert judged.outcome == "wrong"
    assert [mistake.code for mistake in judged.mistakes] == codes
    if blank is not None:
        assert judged.mistakes[0].at["blank"] == blank
        assert judged.feedback[0] == f"{codes[0]}@{blank}"
        line = next(b.line for b in exercise(STEP).blanks if b.letter == blank)
        assert judged.mistakes[0].line == line


def test_a_mistake_is_named_in_whatever_style_it_is_made(judge: CodeJudge, exercise) -> None:
    judged = judge.check(exercise(STEP), HEAD + RIGHT["columns"].replace("W.T @", "W @"))
    assert [mistake.code for mistake in judged.mistakes] == ["transpose-added"]


@pytest.mark.parametrize(
    ("source", "check", "got"),
    [
        ("x = 1\n", "defined", ""),
        ("def step_foward(*a): pass\n", "defined", "step_foward"),
        ("step_forward = 3\n", "defined", "not callable"),
        ("import numpy as np\nnp.nothing\n", "defined", "AttributeError: module 'numpy' has no"),
        (HEAD + "    return u\n", "runs", "NameError: name 'u' is not defined"),
        (HEAD.replace(", c)", ")") + "    return x\n", "runs", "TypeError: step_forward() takes"),
        (HEAD + "    return x\n", "type", "ndarray"),
        (HEAD + "    return None\n", "type", "None"),
        (HEAD + "    return 1.0, 2.0\n", "type", "tuple of 2"),
        (HEAD + GOOD.replace("return u,", "return u.tolist(),"), "type", "list of"),
        (HEAD + GOOD.replace("return u,", "return (i for i in u),"), "type", "generator"),
        (HEAD + GOOD.replace("return u,", "return u[0],"), "shape", "("),
        (HEAD + GOOD.replace("return u,", "return u[..., None],"), "shape", "("),
        (HEAD + GOOD.replace("return u,", "return u.astype(complex),"), "dtype", "complex128"),
        (HEAD + GOOD.replace("return u,", "return u.astype(int),"), "dtype", "int64"),
        (HEAD + GOOD.replace("return u,", "return u * np.nan,"), "value", "nan"),
        (HEAD + GOOD.replace("return u,", "return u + 1e-3,"), "value", ""),
    ],
)
def test_the_first_failed_check_says_what_came_instead(
    judge: CodeJudge, exercise, source: str, check: str, got: str
) -> None:
    judged = judge.check(exercise(STEP), source, shrink=False)
    assert judged.outcome == "wrong"
    failed = next(row for row in judged.checks if not row.passed)
    assert failed.name == check
    assert failed.got.startswith(got)


def test_a_misspelt_function_gets_its_nearest_name(judge: CodeJudge, exercise) -> None:
    judged = judge.check(exercise(STEP), "def step_foward(*a): pass\n")
    assert judged.nearest == ("step_foward",)


@pytest.mark.parametrize(
    ("source", "reason", "line"),
    [
        (HEAD + "    u = (x\n    return u\n", "syntax-error", 4),
        (HEAD + "   return x\n  return y\n", "syntax-error", 5),
        ("def f(:\n", "syntax-error", 1),
        ("(" * 5000, "syntax-error", 1),
        (HEAD + "    u = ____\n    return u\n", "blank-left", 4),
        ("x" * 200_000, "too-long", None),
        ("x = '\0'\n", "null-byte", None),
    ],
)
def test_what_cannot_be_run_is_not_understood_and_never_wrong(
    judge: CodeJudge, exercise, source: str, reason: str, line: int | None
) -> None:
    judged = judge.check(exercise(STEP), source)
    assert (judged.outcome, judged.reason) == ("not_understood", reason)
    if line is not None:
        assert (judged.error.line if judged.error else judged.lines[0]) == line


def test_a_learners_error_shows_the_learners_own_line(judge: CodeJudge, exercise) -> None:
    body = "    def inner(v):\n        return v.no  # here\n"
    body += "    return np.apply_along_axis(inner, 0, x)\n"
    judged = judge.check(exercise(STEP), HEAD + body)
    assert judged.error is not None
    assert judged.error.line == 5
    assert judged.error.text == "return v.no  # here"
    assert "zygote" not in judged.error.message


def failing_call(judged) -> dict:
    """The printed call's values, read as literals (a test runs no text either)."""
    values = {}
    for line in (judged.failing_input or "").splitlines():
        name, _, value = line.partition(" = ")
        if value.startswith("np.array("):
            values[name] = np.array(ast.literal_eval(value[9:-1]))
    return values


def test_the_failing_input_is_small_and_can_be_pasted(judge: CodeJudge, exercise) -> None:
    wrong = exercise(STEP).fill({"a": "x @ W_in + z_prev @ W.T + b"})
    judged = judge.check(exercise(STEP), wrong, seed=3)
    values = failing_call(judged)
    assert list(values) == ["x", "z_prev", "W_in", "W", "b", "W_out", "c"]
    # One hidden unit cannot tell W from its transpose; two can.
    assert values["W"].shape == (2, 2)
    # One row, as a hard case has it; two features, for the exercise knows no fewer.
    assert values["x"].shape == (1, 2)
    right = values["x"] @ values["W_in"] + values["z_prev"] @ values["W"]
    found = values["x"] @ values["W_in"] + values["z_prev"] @ values["W"].T
    assert not np.allclose(right, found)
    assert sum(np.count_nonzero(value) for value in values.values()) <= 6
    assert judged.failing_input.splitlines()[-1] == (
        "u, z, y = step_forward(x, z_prev, W_in, W, b, W_out, c)"
    )


@pytest.mark.parametrize(
    ("body", "scope"),
    [
        (
            "    global n\n    n = n + 1\n" + GOOD.replace("+ b\n", "+ b * (n < 10)\n"),
            "keeps-state",
        ),
        (
            "    key = x.shape + W.shape + W_out.shape\n    if key in seen:\n"
            "        return seen[key]\n" + GOOD.replace("return", "seen[key] =")
            + "    return seen[key]\n",
            "cached-by-shape",
        ),
        (GOOD.replace("np.exp(-(z @ W_out + c))", "np.exp(-(z @ W_out + c)) + (len(x) < 2)"),
         "hard-inputs-only"),
    ],
)  # fmt: skip
def test_where_it_fails_is_told(judge: CodeJudge, exercise, body: str, scope: str) -> None:
    judged = judge.check(exercise(STEP), "n, seen = 0, {}\n" + HEAD + body, shrink=False)
    assert judged.outcome == "wrong"
    assert judged.scope == scope


@pytest.mark.parametrize(
    ("expression", "pattern"),
    [("-u", "negated"), ("u * 3", "scaled"), ("u * 0", "constant-zero"), ("u / 0", "not-a-number")],
)
def test_a_simple_relation_between_got_and_expected_is_seen(
    judge: CodeJudge, exercise, expression: str, pattern: str
) -> None:
    body = GOOD.replace("return u,", f"return {expression},")
    judged = judge.check(exercise(STEP), HEAD + body, seed=1, shrink=False)
    assert judged.difference is not None
    assert judged.difference.pattern == pattern
    assert judged.difference.output == "u"
    assert judged.difference.index == (0, 0)


def test_the_same_seed_gives_the_same_verdict(judge: CodeJudge, exercise) -> None:
    wrong = exercise(STEP).fill({"b": "z @ W_out"})
    first, second = (judge.check(exercise(STEP), wrong, seed=11) for _ in range(2))
    assert first.difference == second.difference
    assert first.failing_input == second.failing_input


# -- the loop of BPTT, and the binary adder -----------------------------------------------


LOOP = "bptt/bptt_loop"
ADDER = "bptt/binary_adder"


def test_the_gradient_check_has_a_row_for_each_gradient(judge: CodeJudge, exercise) -> None:
    judged = judge.check(exercise(LOOP), exercise(LOOP).solution)
    assert judged.outcome == "correct"
    rows = {row.output: row for row in judged.checks if row.name == "gradient"}
    assert set(rows) == {"dW_in", "dW", "db", "dW_out", "dc"}
    assert all(row.max_difference < 1e-7 for row in rows.values())


def test_a_right_loop_in_another_style_passes(judge: CodeJudge, exercise) -> None:
    """Per example, forward-accumulated sensitivities instead of deltas: real-time recurrence."""
    source = """
import numpy as np

def bptt(x, d, z0, W_in, W, b, W_out, c):
    def run(W_in, W, b, W_out, c):
        z, e = z0, 0
        for x_t, d_t in zip(x, d):
            z = np.tanh(x_t @ W_in + z @ W + b)
            e = e + 0.5 * ((z @ W_out + c - d_t) ** 2).sum()
        return e
    grads = []
    parameters = [W_in, W, b, W_out, c]
    for which, p in enumerate(parameters):
        g = np.zeros_like(p)
        for i in np.ndindex(p.shape):
            moved = [q.astype(complex) for q in parameters]
            moved[which][i] += 1e-30j      # complex-step differentiation: exact to rounding
            g[i] = run(*moved).imag / 1e-30
        grads.append(g)
    return tuple(grads)
"""
    judged = judge.check(exercise(LOOP), source)
    assert judged.outcome == "correct", judged


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"a": "(delta_next @ W.T + delta_out @ W_out.T)"}, "derivative-dropped"),
        (
            {"a": "(delta_next @ W + delta_out @ W_out.T) * (1 - z[t + 1] ** 2)"},
            "transpose-dropped",
        ),
        ({"a": "delta_out @ W_out.T * (1 - z[t + 1] ** 2)"}, "recurrent-path-dropped"),
        ({"a": "delta_next @ W.T * (1 - z[t + 1] ** 2)"}, "output-path-dropped"),
        (
            {"a": "delta_next @ W.T + delta_out @ W_out.T * (1 - z[t + 1] ** 2)"},
            "parentheses-dropped",
        ),
        ({"a": "(delta_next @ W.T + delta_out @ W_out.T) * (1 - z[t] ** 2)"}, "index-shifted"),
        ({"b": "z[t].T @ delta_out"}, "index-shifted"),
        ({"c": "z[t + 1].T @ delta"}, "index-shifted"),
        ({"c": "delta.T @ z[t]"}, "outer-product-transposed"),
        ({"c": "x[t].T @ delta"}, "wrong-signal"),
        ({"d": "delta.mean(axis=0)"}, "mean-for-sum"),
        ({"d": "delta.sum(axis=1)"}, "axis-wrong"),
        ({"d": "delta_out.sum(axis=0)"}, "wrong-signal"),
    ],
)  # fmt: skip
def test_a_wrong_loop_is_named(judge: CodeJudge, exercise, answers: dict, code: str) -> None:
    judged = judge.check(exercise(LOOP), exercise(LOOP).fill(answers), shrink=False)
    assert judged.outcome == "wrong"
    assert [mistake.code for mistake in judged.mistakes] == [code]


def test_two_mistakes_in_one_loop_are_both_named(judge: CodeJudge, exercise) -> None:
    answers = {"b": "z[t].T @ delta_out", "d": "delta.mean(axis=0)"}
    judged = judge.check(exercise(LOOP), exercise(LOOP).fill(answers), shrink=False)
    assert [mistake.code for mistake in judged.mistakes] == ["index-shifted", "mean-for-sum"]


def test_the_smallest_failing_input_shows_that_two_steps_are_needed(
    judge: CodeJudge, exercise
) -> None:
    judged = judge.check(exercise(LOOP), exercise(LOOP).bug_source("weights-not-transposed"))
    assert judged.failing_sizes is not None
    assert judged.failing_sizes["T"] == 2
    assert judged.failing_sizes["H"] == 2
    assert judged.failing_sizes["N"] == 1


@pytest.mark.parametrize("name", [LOOP, ADDER])
def test_every_shipped_mistake_fails_is_named_and_passes_when_mended(
    judge: CodeJudge, exercise, name: str
) -> None:
    found = exercise(name)
    for bug in found.bugs:
        judged = judge.check(found, found.bug_source(bug.name), "bug", bug.name, shrink=False)
        assert judged.outcome == "wrong"
        assert judged.mistakes[0].at["bug"] == bug.name
        assert judged.mistakes[0].line == bug.line
        assert judged.feedback[0] == f"bug:{bug.name}"
        assert judged.notes == ("unchanged",)
    mended = judge.check(found, found.solution, "bug", found.bugs[0].name)
    assert (mended.outcome, mended.notes) == ("correct", ())


def test_the_derivative_of_the_output_is_found_by_the_gradient_check_and_can_be_mended(
    judge: CodeJudge, exercise
) -> None:
    found = exercise(ADDER)
    shipped = found.bug_source("derivative-of-output")
    judged = judge.check(found, shipped, "bug", "derivative-of-output", seed=5)
    gradients = [row for row in judged.checks if row.name == "gradient"]
    assert len(gradients) == 3
    assert all(not row.passed and row.max_difference > 1e-3 for row in gradients)
    assert judged.mistakes[0].code == "derivative-of-wrong-argument"
    # The first loss is computed before any update: it is right, and hides the mistake.
    assert "value losses" in [c.to_json()["name"] for c in judged.checks if c.output == "losses"]
    for mended in ("y * (1 - y)", "d_sigmoid(v)", "(sigmoid(v) - sigmoid(v) ** 2)"):
        assert judge.check(found, shipped.replace("d_sigmoid(y)", mended)).outcome == "correct"


def test_with_the_derivative_of_the_output_the_loss_falls_all_the_same(
    judge: CodeJudge, exercise
) -> None:
    from engine.code.runner import Limits, Program, Task

    rng = np.random.default_rng(0)
    a, b = rng.integers(0, 128, size=(2, 1500))
    bits = [(n[:, None] >> np.arange(7, -1, -1)) & 1 for n in (a, b, a + b)]
    start = {"W_in": rng.normal(size=(2, 8)), "W": rng.normal(size=(8, 8))}
    case = dict(zip(("a_bits", "b_bits", "d_bits"), bits, strict=True))
    case |= start | {"W_out": rng.normal(size=(8, 1)), "learning_rate": 0.5}
    source = exercise(ADDER).bug_source("derivative-of-output")
    run = judge.runner.run(Task([Program(source, "train")], [case], Limits(seconds=20)))
    losses = run.programs[0].calls[0].value.items[0].array
    assert losses[-200:].mean() < 0.8 * losses[:200].mean()


def test_a_gradient_that_is_not_reset_is_right_for_one_sum_and_wrong_from_two(
    judge: CodeJudge, exercise
) -> None:
    found = exercise(ADDER)
    judged = judge.check(found, found.bug_source("gradient-not-reset"))
    assert all(row.passed for row in judged.checks if row.name == "gradient")
    assert judged.failing_sizes is not None
    assert judged.failing_sizes["M"] == 2


@pytest.mark.parametrize("name", [STEP, LOOP, ADDER])
def test_codes_given_are_codes_known(judge: CodeJudge, exercise, name: str) -> None:
    assert {mutant.code for mutant in judge.mutants_of(exercise(name))} <= MISTAKE_CODES
