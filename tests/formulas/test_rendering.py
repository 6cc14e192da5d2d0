"""Rendering: one line in four languages, and two-dimensional text for the screen."""

from fractions import Fraction

import pytest

from engine.formulas.reading import read
from engine.formulas.rendering import canonical, canonical_text, display
from engine.formulas.tree import Index, Number, Power, Product, Quotient, Sum, Symbol


def equation(text):
    (only,) = read(text).equations
    return only


UPDATE = r"W^{t+1} = W^t - \epsilon \sum_{z=0}^{T_t} \delta^{t-z} [z^{t-z-1}]^T"


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("unicode", "W^{t+1} = W^t − ε Σ_{z=0}^{T_t} δ^{t−z} [z^{t−z−1}]ᵀ"),
        ("latex", UPDATE),
        ("ascii", "W[t+1] = W[t] - eps * sum(z=0..T_t, delta[t-z] * z[t-z-1].T)"),
        ("numpy", "W[t+1] = W[t] - eps * sum(delta[t-z] @ z[t-z-1].T for z in range(T_t+1))"),
    ],
)
def test_an_update_in_the_four_languages(style, text):
    assert canonical(equation(UPDATE), style=style) == text


@pytest.mark.parametrize(
    ("typed", "unicode", "latex", "ascii_text", "numpy_text"),
    [
        ("delta_out[t]", "δ^{out,t}", r"\delta^{out,t}", "delta_out[t]", "delta_out[t]"),
        ("W_in.T", "W_inᵀ", "W_{(in)}^T", "W_in.T", "W_in.T"),
        ("z[0]", "z^0", "z^0", "z[0]", "z[0]"),
        ("dE/dW", "∂E/∂W", r"\frac{\partial E}{\partial W}", "dE/dW", "dE/dW"),
        ("sigmoid'(u[t])", "σ'(u^t)", r"\sigma'(u^t)", "sigmoid'(u[t])", "d_sigmoid(u[t])"),
        ("df(u[t])", "f'(u^t)", "f'(u^t)", "f'(u[t])", "df(u[t])"),
        ("sqrt(x[t])", "√(x^t)", r"\sqrt{x^t}", "sqrt(x[t])", "np.sqrt(x[t])"),
        ("-x[t] + b", "−x^t + b", "-x^t + b", "-x[t] + b", "-x[t] + b"),
        ("x[t] - (b - c)", "x^t − (b − c)", "x^t - (b - c)", "x[t] - (b - c)", "x[t] - (b - c)"),
        ("(z[t])^2", "(z^t)^2", "(z^t)^2", "z[t]^2", "z[t]**2"),
        (
            "z[t] .* (1 - z[t])",
            "z^t ⊙ (1 − z^t)",
            r"z^t \odot (1 - z^t)",
            "z[t] .* (1 - z[t])",
            "np.multiply(z[t], 1 - z[t])",
        ),
        ("W <- W - eps*dW", "W ← W − ε ∂E/∂W", None, "W <- W - eps * dE/dW", "W -= eps * (dE/dW)"),
    ],
)
def test_each_language_has_its_own_spelling(typed, unicode, latex, ascii_text, numpy_text):
    expected = {"unicode": unicode, "latex": latex, "ascii": ascii_text, "numpy": numpy_text}
    for style, text in expected.items():
        assert text is None or canonical(equation(typed), style=style) == text


@pytest.mark.parametrize("style", ["ascii", "numpy"])
def test_ascii_and_code_hold_ascii_only(style):
    for typed in (UPDATE, "τ", "f'(u^t) ⊙ (W^T δ^{t+1} + W_out^T δ^{out,t}) ⊗ x^{τ}", "∇_W E"):
        for one in read(typed).equations:
            assert canonical(one, style=style).isascii()


def test_another_notation_spells_the_same_tree_with_its_own_letters():
    tree = equation("z^t = f(W_in x^t + W z^{t-1} + b)")
    assert canonical(tree, "hidden") == "h^t = f(W_xh x^t + W_hh h^{t−1} + b_h)"
    assert canonical(tree, "row", "latex") == r"H^t = \phi(W_{xh} X^t + W_{hh} H^{t-1} + b_h)"
    assert read(canonical(tree, "hidden"), "hidden").equations == (tree,)


def test_a_quantity_that_a_notation_does_not_spell_is_a_fault_of_the_caller():
    with pytest.raises(KeyError):
        canonical(Symbol("v", Index.of(0, t=1)), "scratch")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(3), "3"),
        (Fraction(1, 2), "0.5"),
        (Fraction(-5, 4), "-1.25"),
        (Fraction(1, 1000), "0.001"),
        (Fraction(1, 3), "(1/3)"),
    ],
)
def test_numbers_are_exact(value, text):
    assert canonical(Number(value)) == text


def test_brackets_stand_only_where_reading_needs_them():
    a, b, c = (Symbol(name) for name in ("x", "W", "b"))
    two = Number(Fraction(2))
    assert canonical(Product((Product((a, b), ("juxtaposed",)), c), ("juxtaposed",))) == "(x W) b"
    assert canonical(Product((a, Sum((b, c), (1, 1))), ("juxtaposed",))) == "x (W + b)"
    assert canonical(Product((a, Sum((two, two), (1, 1))), ("juxtaposed",))) == "x · (2 + 2)"
    assert canonical(Quotient(a, Product((b, c), ("juxtaposed",)))) == "x / (W b)"
    assert canonical(Power(a, two)) == "(x)^2"


def test_several_equations_are_written_on_one_line():
    text = "z^t = f(u^t); y^t = g(v^t)"
    assert canonical_text(read(text).equations) == text


# -- two dimensions


def test_limits_stand_above_and_below_the_sum():
    assert display(equation("W - ε Σ_{s=0}^{T_t} δ^{t-s} [z^{t-s-1}]^T")) == (
        "      T_t                     ",
        "W - ε  Σ  δ^(t-s) [z^(t-s-1)]ᵀ",
        "      s=0                     ",
    )


def test_fractions_stand_on_a_line_in_brackets_as_tall_as_they_are():
    assert display(equation(r"\left(\frac{\partial E}{\partial W}\right)^T x")) == (
        "⎡ ∂E ⎤   ",
        "⎢────⎥ᵀ x",
        "⎣ ∂W ⎦   ",
    )


def test_a_wide_equation_is_broken_before_signs_and_fits():
    chain = "W^{t+1} = W^t - ε ∂E/∂W = W^t - ε Σ_{s=0}^{T_t} δ^{t-s} [z^{t-s-1}]^T + W - b + c"
    lines = display(equation(chain), width=40)
    assert len({len(line) for line in lines}) == 1
    assert len(lines[0]) <= 40
    assert len(lines) > 3


@pytest.mark.parametrize(
    "text",
    [
        "dz^t/dW = Σ_{k=1}^{t} f'(u^t) (∏_{m=k}^t W f'(u^m)) z^{k-1}",
        r"\frac{1}{\cosh^2(u^t)} \odot \frac{\frac{x}{b}}{c}",
        "δ^{t,k} ⊙ (1 - z_k^2)",
        "E = 1/2 Σ_{t=1}^T (y^t - d^t)^2",
    ],
)
def test_lines_have_equal_width_and_no_combining_characters(text):
    import unicodedata

    lines = display(equation(text))
    assert len({len(line) for line in lines}) == 1
    assert not any(unicodedata.combining(sign) for line in lines for sign in line)
