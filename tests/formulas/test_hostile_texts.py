"""What asks for too much work gets a verdict all the same, for a bounded amount of work."""

import subprocess
import sys
from pathlib import Path

import pytest

from engine.formulas import reading
from engine.formulas.evaluation.binding import BUDGET, Budget
from engine.formulas.judge import judge
from engine.formulas.judgement import OUTCOMES
from engine.formulas.reading import MAX_LENGTH, SIGNS_READ, most_readings
from tests.formulas.hostile_texts import HOSTILE

ENDLESS = ("terms", "equals", "scripts", "factors")
MEGABYTES = 200
ROOT = Path(__file__).parents[2]


@pytest.fixture
def work(monkeypatch):
    """Counts the signs that are read, and keeps the budgets that are spent."""
    done = {"signs": 0, "budgets": []}
    read, made = reading._read_in, Budget.__init__

    def counted(text, *rest):
        done["signs"] += len(text)
        return read(text, *rest)

    def noted(budget, left=BUDGET):
        made(budget, left)
        done["budgets"].append(budget)

    monkeypatch.setattr(reading, "_read_in", counted)
    monkeypatch.setattr(Budget, "__init__", noted)
    return done


@pytest.mark.parametrize("name", ENDLESS)
def test_a_long_text_is_read_a_few_times_and_never_decided_beyond_its_budget(work, name):
    text = HOSTILE[name]
    judgement = judge(text)

    assert judgement.outcome in {"undecided", "not_understood"}
    assert work["signs"] <= 25 * MAX_LENGTH  # five models, five notations each
    # Whoever spends the last of it stops there: one look at the largest tree goes beyond.
    assert all(budget.left >= -5 * MAX_LENGTH for budget in work["budgets"])


@pytest.mark.parametrize(
    ("signs", "notations"), [(1, SIGNS_READ), (200, 100), (1000, 20), (4000, 5), (10**6, 2)]
)
def test_the_longer_a_text_the_fewer_notations_is_it_read_in(signs, notations):
    assert most_readings("x" * signs) == notations


@pytest.mark.prove
def test_no_hostile_text_takes_more_memory_than_it_may():
    judged = (
        "import resource, sys\n"
        "from tests.formulas.hostile_texts import HOSTILE\n"
        "from engine.formulas.judge import judge\n"
        "judge('u^t = W_{(in)} x^t + W z^{t-1} + b')\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "print({judge(text).outcome for text in HOSTILE.values()})\n"
        "after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "print((after - before) // 1024)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", judged], cwd=ROOT, capture_output=True, text=True, check=True
    )
    outcomes, megabytes = ran.stdout.splitlines()

    assert all(outcome in OUTCOMES for outcome in words_of_set(outcomes))
    assert int(megabytes) < MEGABYTES


def words_of_set(shown):
    """The words of a printed set."""
    return [word.strip(" '") for word in shown.strip("{}").split(",")]
