"""NumPy code: the course's program and common idioms read into the same trees as mathematics."""

import sys

import pytest

from engine.formulas.reading import read
from engine.formulas.rendering import canonical
from engine.formulas.tree import BigOperator, Index, Power, Product, Reduce, Sum, Symbol, walk


def shown(text):
    reading = read(text)
    assert reading.trouble is None, reading.trouble
    assert reading.syntax == "numpy"
    return "; ".join(canonical(equation) for equation in reading.equations)


# In the course's program column t + 1 of u and z belongs to column t of y and the deltas.
@pytest.mark.parametrize(
    ("code", "meant"),
    [
        (
            "u[:,t+1] = np.dot(X, W_in) + np.dot(z[:,t].reshape(1, -1), W)",
            "u^t = x^t @ W_in + z^{t−1} @ W",
        ),
        ("z[:,t+1] = functions.sigmoid(u[:,t+1])", "z^t = σ(u^t)"),
        (
            "y[:,t] = functions.sigmoid(np.dot(z[:,t+1].reshape(1, -1), W_out))",
            "y^t = σ(z^t @ W_out)",
        ),
        (
            "v = np.dot(z[:,t+1].reshape(1,-1),W_out); y[:,t] = functions.sigmoid(v + c)",
            "v^t = z^t @ W_out; y^t = σ(v^t + c)",
        ),
        (
            "delta_out[:,t] = functions.d_mean_squared_error(dd, y[:,t]) * functions.d_sigmoid(y[:,t])",
            "δ^{out,t} = (y^t − d^t) ⊙ σ'(y^t)",
        ),
        (
            "delta[:,t] = (np.dot(delta[:,t+1].T, W.T) + np.dot(delta_out[:,t].T, W_out.T)) * functions.d_sigmoid(u[:,t+1])",
            "δ^t = (δ^{t+1} @ Wᵀ + δ^{out,t} @ W_outᵀ) ⊙ σ'(u^t)",
        ),
        (
            "(np.dot(delta[:,t+1].T, W.T) + np.dot(delta_out[:,t].T, W_out.T)) * functions.d_sigmoid(u[:,t+1])",
            "(δ^{t+1} @ Wᵀ + δ^{out,t} @ W_outᵀ) ⊙ σ'(u^t)",
        ),
        (
            "W_grad += np.dot(z[:,t].reshape(-1,1), delta[:,t].reshape(1,-1))",
            "∂E/∂W = Σ_t z^{t−1} ⊗ δ^t",
        ),
        (
            "W_in_grad += np.dot(X.T, delta[:,t].reshape(1,-1))",
            "∂E/∂W_in = Σ_t [x^t]ᵀ @ δ^t",
        ),
        (
            "W_out_grad += np.dot(z[:,t+1].reshape(-1,1), delta_out[:,t].reshape(-1,1))",
            "∂E/∂W_out = Σ_t z^t ⊗ δ^{out,t}",
        ),
        ("W_in -= learning_rate * W_in_grad", "W_in ← W_in − ε ∂E/∂W_in"),
    ],
)
def test_the_lines_of_the_course_program_count_steps_from_one(code, meant):
    assert shown(code) == meant


def test_a_reshape_that_only_fits_one_output_is_listed_as_a_repair():
    code = "W_out_grad += np.dot(z[:,t+1].reshape(-1,1), delta_out[:,t].reshape(-1,1))"
    (repair,) = read(code).repairs
    assert code[repair.start : repair.end] == "delta_out[:,t].reshape(-1,1)"


@pytest.mark.parametrize(
    ("code", "meant"),
    [
        ("z = np.tanh(x @ W_in + z_prev @ W + b)", "z^t = tanh(x^t @ W_in + z^{t−1} @ W + b)"),
        (
            "z[t] = np.tanh(W_in @ x[t] + W @ z[t-1] + b)",
            "z^t = tanh(W_in @ x^t + W @ z^{t−1} + b)",
        ),
        ("delta = delta_next @ W.T * (1 - z**2)", "δ^t = (δ^{t+1} @ Wᵀ) ⊙ (1 − (z^t)^2)"),
        ("np.exp(u_t)", "exp(u^t)"),
        ("1 / np.cosh(u[t])**2", "1 / cosh(u^t)^2"),
        ("np.maximum(0, u[t])", "ReLU(u^t)"),
        ("np.square(y[t] - d[t])", "(y^t − d^t)^2"),
        ("np.multiply(df(u[t]), W.T @ delta[t+1])", "f'(u^t) ⊙ (Wᵀ @ δ^{t+1})"),
        ("z[t] * (1 - z[t]) * np.dot(W.T, delta[t+1])", "z^t ⊙ (1 − z^t) ⊙ (Wᵀ @ δ^{t+1})"),
        ("d_tanh(u[t]) * delta[t].dot(W)", "tanh'(u^t) ⊙ (δ^t @ W)"),
        ("dW = np.outer(delta[t], z[t-1])", "∂E/∂W = δ^t ⊗ z^{t−1}"),
        ("db = delta.sum(axis=0)", "∂E/∂b = sum(δ, axis=0)"),
        ("db = np.mean(delta, 0)", "∂E/∂b = mean(δ, axis=0)"),
        ("W -= lr * dE/dW", "W ← W − ε ∂E/∂W"),
        ("W -= -dE/dW", "W ← W − (−∂E/∂W)"),
        ("W = W - lr * np.outer(delta[t], z[t-1])", "W = W − ε (δ^t ⊗ z^{t−1})"),
        ("W += -lr * dW", "W ← W + (−ε ∂E/∂W)"),
        (
            "W_in - eps * sum(delta[t-s] @ x[t-s].T for s in range(T_t+1))",
            "W_in − ε Σ_{s=0}^{T_t} δ^{t−s} @ [x^{t−s}]ᵀ",
        ),
        ("sum(delta[k] for k in range(1, t))", "Σ_{k=1}^{t−1} δ^k"),
        ("np.sum([delta[t-s] for s in range(T_t+1)], axis=0)", "Σ_{s=0}^{T_t} δ^{t−s}"),
        ("dot(W, z[t-1])", "W @ z^{t−1}"),
        ("return np.tanh(u[t])  # the state", "tanh(u^t)"),
        ("np.tanh(\n    u[t]\n)", "tanh(u^t)"),
        ("δ[t] = np.multiply(z[t], u[t])", "δ^t = z^t ⊙ u^t"),
    ],
)
def test_common_idioms(code, meant):
    assert shown(code) == meant


def test_python_precedence_is_kept():
    (equation,) = read("z[t]**2 * u[t] @ W").equations
    product = equation.links[0]
    assert isinstance(product, Product)
    assert product.operators == ("matmul",)
    assert isinstance(product.factors[0], Product)
    assert product.factors[0].operators == ("hadamard",)


def test_a_range_ends_before_its_stop():
    (equation,) = read("sum(delta[t-s] for s in range(T_t))").equations
    big = equation.links[0]
    assert isinstance(big, BigOperator)
    assert (big.low, big.high) == (Index(), Index.of(-1, T_t=1))


def test_an_array_sum_is_a_reduction_and_a_power_a_power():
    (equation,) = read("delta.sum(axis=0) - x**2").equations
    difference = equation.links[0]
    assert isinstance(difference, Sum)
    assert difference.terms[0] == Reduce("sum", Symbol("delta"), 0)
    assert isinstance(difference.terms[1], Power)


def test_spans_are_places_in_the_text_as_typed():
    text = "δ = ｎｐ.dot(δ_next, W.T) * (1 - z**2)"
    (equation,) = read(text).equations
    found = {text[slice(*node.span)] for node in walk(equation) if node.span}
    assert {"δ_next", "W", "W.T", "z**2", "ｎｐ.dot(δ_next, W.T)"} <= found


@pytest.mark.parametrize(
    ("code", "trouble", "place"),
    [
        ("W_grad += np.dot(q, delta[t])", "unknown-name", "q"),
        ("np.tan(u[t])", "unknown-name", "np.tan"),
        ("np.dot(x", "unbalanced-bracket", "("),
        ("np.dot(x))", "unbalanced-bracket", ")"),
        ("np.dot(x, )", "unsupported-code", "np.dot(x, )"),
        ("np.exp(u[t] +)", "unexpected-token", ")"),
        ("for t in range(8): x = 1", "unsupported-code", "for"),
        ("import numpy as np; np.exp(x)", "unsupported-code", "import"),
        ("np.exp(x if y else z)", "unsupported-code", "x if y else z"),
        ("np.exp('x')", "unsupported-code", "'x'"),
        ("np.exp(lambda x: x)", "unsupported-code", "lambda x: x"),
        ("np.exp(x.__class__)", "unsupported-code", "x.__class__"),
        ("np.exp(__import__)", "unknown-name", "__import__"),
        ("np.load(x)", "unknown-name", "np.load"),
        ("np.exp(x[-1])", "unsupported-code", "x[-1]"),
        ("np.exp(W[i])", "unsupported-code", "W[i]"),
        ("np.exp(x[1:])", "unexpected-script", "1:"),
        ("np.exp(x[t]()) ", "unsupported-code", "x[t]()"),
        ("np.exp(x, out=y)", "unsupported-code", "y"),
        ("x //= 2", "unexpected-end", None),
        ("np.exp(x) == y", "unsupported-code", None),
        ("W /= 2", "unsupported-code", None),
        ("W -= x = y", "unexpected-token", "="),
        ("np.exp(1e400)", "number-too-large", "1e400"),
        ("np.exp(True)", "unsupported-code", "True"),
        ("np.exp(x for s in range(3))", "unsupported-code", None),
        ("sum(x[s] for s in x)", "unsupported-code", None),
        ("np.exp(dE)", "unexpected-token", "dE"),
    ],
)
def test_what_is_not_on_the_white_list_is_refused_at_its_place(code, trouble, place):
    reading = read(code)
    assert reading.trouble is not None, canonical(reading.equations[0])
    assert reading.trouble.code == trouble
    assert place is None or code[slice(*reading.trouble.span)] == place


def test_reading_code_runs_nothing(monkeypatch):
    calls = []

    def tracer(event, arguments):
        if event in ("exec", "import", "open", "os.system", "subprocess.Popen") and armed:
            calls.append((event, arguments))

    armed = False
    read("np.exp(x)")  # everything is imported by now
    sys.addaudithook(tracer)
    armed = True
    try:
        read("np.exp(__import__('os').system('true'))")
        read("W -= lr * np.dot(delta[t], x[t].T)")
    finally:
        armed = False
    assert calls == []
