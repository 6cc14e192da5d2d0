"""Exercises on gradients: answers in another style pass; wrong ones that no mutant makes fail."""

from collections.abc import Callable

from exercise_cases import failing, passing

from engine.code.exercise import Exercise
from engine.code.judge import CodeJudge

RIGHT = {
    "gradients/clip_one": """\
def gradient_clipping(grad, threshold):
    length = sum(float(g) ** 2 for row in grad for g in row) ** 0.5
    return grad / max(1.0, length / threshold)
""",
    "gradients/clip_all": """\
import numpy as np

def clip_grads(grads, max_norm):
    everything = np.concatenate([g.ravel() for g in grads])
    norm = np.linalg.norm(everything)
    factor = 1.0 if norm <= max_norm else max_norm / norm
    for i in range(len(grads)):
        grads[i][...] = grads[i] * factor
""",
    "gradients/numerical_gradient": """\
import numpy as np

def numerical_gradient(f, x):
    \"\"\"Moves a copy, by a difference of five points.\"\"\"
    h, grad = 1e-3, np.zeros(x.size)
    for i in range(x.size):
        unit = np.zeros(x.size)
        unit[i] = h
        unit = unit.reshape(x.shape)
        near, far = f(x + unit) - f(x - unit), f(x + 2 * unit) - f(x - 2 * unit)
        grad[i] = (8 * near - far) / (12 * h)
    return grad.reshape(x.shape)
""",
    "gradients/gradient_check": """\
import numpy as np

def gradient_check(f, params, grads):
    errors = dict.fromkeys(params)
    for name, grad in grads.items():
        slopes = []
        for flat in range(params[name].size):
            values = []
            for shift in (1e-5, -1e-5):
                moved = {key: value.copy() for key, value in params.items()}
                moved[name].flat[flat] += shift
                values.append(f(moved))
            slopes.append((values[0] - values[1]) / 2e-5)
        numeric, flat_grad = np.array(slopes), grad.flatten()
        gap = np.sqrt(np.sum((numeric - flat_grad) ** 2))
        errors[name] = gap / (np.sqrt(flat_grad @ flat_grad) + np.sqrt(numeric @ numeric))
    return errors
""",
    "gradients/state_jacobian": """\
import numpy as np

def state_jacobian(z, W):
    factors = [(1 - row**2)[:, None] * W for row in z]
    J, strength = factors[0], [np.linalg.svd(factors[0])[1].max()]
    for factor in factors[1:]:
        J = np.einsum("ij,jk->ik", factor, J)
        strength.append(np.sqrt(np.linalg.eigvalsh(J.T @ J).max()))
    return J, np.array(strength)
""",
}

# What stands in the solution, and what somebody wrote instead; no operator of ours makes it.
WRONG = {
    # By value, not by norm: the direction changes.
    "gradients/clip_one": ("return grad * rate", "return np.clip(grad, -threshold, threshold)"),
    # The sum of the norms is not the norm of all.
    "gradients/clip_all": (
        "squares += np.sum(grad**2)",
        "squares += np.linalg.norm(grad)",
    ),
    # A step that is too wide for the tolerance.
    "gradients/numerical_gradient": ("h = 1e-4", "h = 1e-2"),
    "gradients/gradient_check": (
        "errors[name] = difference / scale",
        "errors[name] = np.abs(grads[name] - numeric).max() / scale",
    ),
    # The largest eigenvalue is not the largest singular value.
    "gradients/state_jacobian": (
        "strength[t] = np.linalg.norm(J, 2)",
        "strength[t] = np.abs(np.linalg.eigvals(J)).max()",
    ),
}

test_an_answer_in_a_style_of_its_own_passes = passing(RIGHT)
test_a_wrong_answer_that_no_mutant_makes_fails = failing(WRONG)


def test_a_name_that_does_not_exist_is_told_though_short_gradients_pass(
    judge: CodeJudge, exercise: Callable[..., Exercise]
) -> None:
    clipping = exercise("gradients/clip_one")
    judged = judge.check(clipping, clipping.bug_source("another-name"), seed=5, shrink=False)
    assert judged.outcome == "wrong"
    assert [mistake.code for mistake in judged.mistakes] == ["name-undefined"]


def test_a_forward_difference_is_too_coarse_to_pass(
    judge: CodeJudge, exercise: Callable[..., Exercise]
) -> None:
    forward = """\
import numpy as np

def numerical_gradient(f, x):
    grad = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        moved = x.copy()
        moved[i] += 1e-4
        grad[i] = (f(moved) - f(x)) / 1e-4
    return grad
"""
    judged = judge.check(exercise("gradients/numerical_gradient"), forward, seed=5, shrink=False)
    assert judged.outcome == "wrong"


def test_a_small_number_in_a_denominator_does_not_hide_the_mistake_beside_it(
    judge: CodeJudge, exercise: Callable[..., Exercise]
) -> None:
    clipping = exercise("gradients/clip_all")
    wrong = clipping.bug_source("doubled-for-squared")
    beside = wrong.replace("max_norm / norm", "max_norm / (norm + 1e-6)")
    judged = judge.check(clipping, beside, seed=5, shrink=False)
    assert [mistake.code for mistake in judged.mistakes] == ["power-dropped"]
