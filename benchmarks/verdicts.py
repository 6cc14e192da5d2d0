"""How long one waits for a verdict: on a formula beside reading it, on code beside running it.

Each budget in milliseconds is printed beside its figure; what is held to is the ratio, since both
sides meet the same machine.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator

from benchmarks.figure import Figure
from engine.code.exercise import Exercise
from engine.code.inputs import cases
from engine.code.judge import CodeJudge
from engine.formulas.judge import judge
from engine.formulas.reading import read
from question_bank.index import open_bank

FORMULAS = (
    r"W_{(in)}^{t+1} = W_{(in)}^{t}-\epsilon \sum_{z=0}^{T_t}\delta^{t-z}[x^{t-z}]^T",
    r"W^{t+1} = W_{(in)}^{t}-\epsilon \sum_{z=0}^{T_t}\delta^{t-z}[x^{t-z-1}]^T",
    "δ^t = f'(u^t) ⊙ (W^T δ^{t+1} + W_out^T δ^{out,t})",
    "delta[t] = (W @ delta[t+1] + W_out.T @ delta_out[t]) * df(u[t])",
    "u[:,t+1] = np.dot(X, W_in) + np.dot(z[:,t].reshape(1, -1), W)",
    "y^t = g(W_out z^t)",
)
ROUNDS = 9
FORMULA_BUDGET, CODE_BUDGET, COLD_BUDGET = 10, 50, 500


def milliseconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median over ``rounds``, after one that warms up."""
    work()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def figures() -> Iterator[Figure]:
    """Formulas, then code."""
    yield from _formulas()
    yield from _code()


def _formulas() -> Iterator[Figure]:
    reading = milliseconds(lambda: [read(formula) for formula in FORMULAS]) / len(FORMULAS)
    verdict = milliseconds(lambda: [judge(formula) for formula in FORMULAS]) / len(FORMULAS)
    yield Figure("formula-reading", reading, "ms")
    unit = f"ms(budget:{FORMULA_BUDGET})"
    yield Figure("formula-verdict", verdict, unit, verdict / reading, "formula-reading")


def _code() -> Iterator[Figure]:
    entry = open_bank(None).exercises["rnn/step_forward"]
    exercise = Exercise.parse(entry.name, entry.source, entry.spec)
    bare = milliseconds(lambda: _fork_and_run(exercise))
    yield Figure("fork-and-run", bare, "ms")
    with CodeJudge(ahead=True) as warm:
        verdict = statistics.median(_waits(warm, exercise))
    unit = f"ms(budget:{CODE_BUDGET})"
    yield Figure("code-verdict-warm", verdict, unit, verdict / bare, "fork-and-run")

    def cold() -> None:
        with CodeJudge() as judge_of_its_own:
            judge_of_its_own.check(exercise, exercise.solution, seed=1)

    first = milliseconds(cold, rounds=3)
    unit = f"ms(budget:{COLD_BUDGET})"
    yield Figure("code-verdict-cold", first, unit, first / bare, "fork-and-run")


def _waits(judge: CodeJudge, exercise: Exercise) -> Iterator[float]:
    """How long each verdict takes for someone who thinks for a moment between two of them."""
    for _ in range(ROUNDS + 1):
        yield judge.check(exercise, exercise.solution).milliseconds
        time.sleep(0.1)


def _fork_and_run(exercise: Exercise) -> None:
    """The same calls of the same function in a bare fork, with nothing around them."""
    inputs = cases(exercise.spec, 1)
    (name,) = exercise.plan.functions
    child = os.fork()
    if child == 0:
        try:
            space: dict[str, object] = {}
            exec(compile(exercise.solution, "exercise", "exec"), space)
            function = space[name]
            assert callable(function)
            for case in inputs:
                function(**case.arguments)
        finally:
            os._exit(0)
    os.waitpid(child, 0)
