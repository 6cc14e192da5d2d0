"""The failing input that is printed: small, within what the exercise promises, ready to paste."""

import ast
import textwrap

import pytest
from code_samples import parsed as sample
from test_code_fillings import SOURCE, SPEC

from engine.code.exercise import Exercise
from engine.code.judge import CodeJudge, CodeJudgement
from engine.code.preconditions import broken, least_sizes
from engine.code.runner import Program, Task

PEEKY = "seq2seq/peeky_decoder"


class _Plain(ast.NodeTransformer):
    """``np.array([1])`` as the list that is in it."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        return node.args[0]


def numbers(judged: CodeJudgement) -> dict:
    """The arguments as they were printed, read back without running anything."""
    assert judged.failing_input is not None
    found = {}
    for node in ast.parse(judged.failing_input).body:
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
            continue
        try:
            found[node.targets[0].id] = ast.literal_eval(_Plain().visit(node.value))
        except (ValueError, IndexError):  # a call of the exercise's own
            continue
    return found


def pasted(judge: CodeJudge, exercise: Exercise, judged: CodeJudgement, source: str) -> list:
    """The values that the printed text gives below a program."""
    assert judged.failing_input is not None
    names = [step.returns for step in exercise.plan.steps][-1]
    body = textwrap.indent(judged.failing_input, "    ")
    whole = f"{source}\n\ndef paste():\n{body}    return {', '.join(names)}\n"
    run = judge.runner.run(Task([Program(whole, "paste")], [{}]))
    call = run.programs[0].calls[0]
    assert call.error is None, call.error
    value = call.value
    return [item.array.tolist() for item in (value.items or [value]) if item.array is not None]


@pytest.mark.parametrize("bug", ["padding-in-front", "order-of-the-parts", "mixed-up-batch"])
def test_of_many_symbols_each_is_made_small(judge: CodeJudge, exercise, bug: str) -> None:
    peeky = exercise(PEEKY)
    judged = judge.check(peeky, peeky.bug_source(bug), "bug", bug, seed=2)
    assert judged.failing_sizes is not None
    assert sum(judged.failing_sizes.values()) <= sum(least_sizes(peeky.spec).values()) + 2
    right, wrong = (
        pasted(judge, peeky, judged, s) for s in (peeky.solution, peeky.bug_source(bug))
    )
    turned = bug == "padding-in-front"  # seen in the first output; what is pasted shows the last
    assert (right == wrong) is turned


def test_what_is_printed_could_have_been_drawn(judge: CodeJudge, exercise) -> None:
    for name in (PEEKY, "seq2seq/beam_step", "seq2seq/temperature"):
        found = exercise(name)
        for bug in found.bugs[:1]:
            judged = judge.check(found, found.bug_source(bug.name), "bug", bug.name, seed=5)
            assert judged.failing_sizes is not None
            shown = numbers(judged)
            arguments = {a.name: shown.get(a.name) for a in found.spec.arguments}
            least = least_sizes(found.spec)
            assert all(size >= least[k] for k, size in judged.failing_sizes.items()), (name, bug)
            filled = {
                address
                for hard in found.spec.hard
                if hard.name in judged.failed_cases
                for address in hard.fill
            }
            assert broken(found.spec, judged.failing_sizes, arguments) <= filled, (name, bug.name)


def test_an_upper_limit_holds_for_the_simple_numbers_too(judge: CodeJudge) -> None:
    source = "def f(x):\n    return x.sum()\n"
    spec = {
        "function": "f",
        "sizes": {"N": [2, 4]},
        "arguments": {"x": {"shape": ["N"], "low": 0.2, "high": 0.7}},
        "outputs": {"s": {}},
    }
    judged = judge.check(Exercise.parse("t/f", source, spec), source.replace("sum", "max"), seed=1)
    shown = numbers(judged)["x"]
    assert len(shown) == 2
    assert all(0.2 <= number <= 0.7 for number in shown)


def test_a_hard_case_keeps_the_sizes_that_its_numbers_were_written_for(judge: CodeJudge) -> None:
    fill = {"x": {"exactly": [[9, 0, 0], [0, 9, 0]]}}
    exercise = Exercise.parse(
        "t/f", SOURCE, {**SPEC, "hard": {"nines": {"sizes": {"N": 2, "H": 3}, "fill": fill}}}
    )
    wrong = exercise.solution.replace("return total", "return total + (x.max() > 8)")
    judged = judge.check(exercise, wrong, seed=1)
    assert judged.failed_cases == ("nines",)
    assert judged.failing_sizes == {"N": 2, "H": 3}
    assert max(max(row) for row in numbers(judged)["x"]) == 9


def test_functions_and_options_are_printed_so_that_the_text_runs(judge: CodeJudge) -> None:
    exercise = Exercise.parse("t/f", SOURCE, SPEC)
    wrong = exercise.solution.replace("total * 2", "total * 3")
    judged = judge.check(exercise, wrong, seed=1)
    assert "def g(v):" in (judged.failing_input or "")
    assert numbers(judged)["how"] == "twice"
    right, other = (pasted(judge, exercise, judged, s) for s in (exercise.solution, wrong))
    assert right != other


def test_a_failure_that_needs_two_runs_is_printed_with_both(judge: CodeJudge) -> None:
    exercise = sample("pair")
    keeps = exercise.solution.replace("def step_forward", "seen = []\n\n\ndef step_forward")
    keeps = keeps.replace(
        "    cache =", "    seen.append(1)\n    next_h = next_h + (len(seen) > 1)\n    cache ="
    )
    judged = judge.check(exercise, keeps, seed=1)
    assert judged.outcome == "wrong"
    assert (judged.failing_input or "").count("step_forward(") == 2
