"""Reading: every spelling of the course's formulas gives the same tree, and the rest is refused."""

import time

import pytest

from engine.formulas.notations import notations
from engine.formulas.reading import MAX_LENGTH, read
from engine.formulas.rendering import canonical
from engine.formulas.tree import (
    Apply,
    BigOperator,
    Derivative,
    Equation,
    Index,
    Product,
    Symbol,
    Transpose,
    walk,
)
from tests.formulas.hostile_texts import HOSTILE

UPDATE_W = "W − ε Σ_{s=0}^{T_t} δ^{t−s} [z^{t−s−1}]ᵀ"
DELTA = "f'(u^t) ⊙ (Wᵀ δ^{t+1} + W_outᵀ δ^{out,t})"
PRE_ACTIVATION = "u^t = W_in x^t + W z^{t−1} + b"

SEED_LINES = {
    r" W_{(in)}^{t+1} = W_{(in)}^{t}-\epsilon\frac{\partial E}{\partial W_{(in)}} = W_{(in)}^{t}-\epsilon \sum_{z=0}^{T_t}\delta^{t-z}[x^{t-z}]^T ": "W_in^{t+1} = W_in^t − ε ∂E/∂W_in = W_in^t − ε Σ_{z=0}^{T_t} δ^{t−z} [x^{t−z}]ᵀ",
    r" W_{(out)}^{t+1} = W_{(out)}^{t}-\epsilon\frac{\partial E}{\partial W_{(out)}} = W_{(out)}^{t}-\epsilon \delta^{out,t}[z^{t}]^T ": "W_out^{t+1} = W_out^t − ε ∂E/∂W_out = W_out^t − ε δ^{out,t} [z^t]ᵀ",
    r" W^{t+1} = W^{t}-\epsilon\frac{\partial E}{\partial W} = W_{(in)}^{t}-\epsilon \sum_{z=0}^{T_t}\delta^{t-z}[x^{t-z-1}]^T ": "W^{t+1} = W^t − ε ∂E/∂W = W_in^t − ε Σ_{z=0}^{T_t} δ^{t−z} [x^{t−z−1}]ᵀ",
    r" b^{t+1} = b^t-\epsilon\frac{\partial E}{\partial b} = b^t-\epsilon \sum_{z=0}^{T_t}\delta^{t-z} ": "b^{t+1} = b^t − ε ∂E/∂b = b^t − ε Σ_{z=0}^{T_t} δ^{t−z}",
    r" c^{t+1} = c^t-\epsilon\frac{\partial E}{\partial c} = c^t-\epsilon \delta^{out,t} ": "c^{t+1} = c^t − ε ∂E/∂c = c^t − ε δ^{out,t}",
}  # fmt: skip


def shown(text, notation=None):
    reading = read(text, notation)
    assert reading.trouble is None, reading.trouble
    return "; ".join(canonical(equation) for equation in reading.equations)


def trouble(text, notation=None):
    found = read(text, notation).trouble
    assert found is not None, shown(text, notation)
    return found


# -- the five update formulas of the course report


@pytest.mark.parametrize(("typed", "meant"), SEED_LINES.items())
def test_the_printed_update_formulas_read_exactly_as_printed(typed, meant):
    for text in (typed, f"${typed}$", f"$${typed}$$", rf"\[{typed}\]", typed.strip()):
        assert shown(text) == meant


def test_a_printed_line_of_five_formulas_reads_as_five_equations_and_says_what_it_left_out():
    line = "[Parameteraktualisierungsformel] " + " ".join(f"${text}$" for text in SEED_LINES)
    reading = read(line)
    assert [canonical(equation) for equation in reading.equations] == list(SEED_LINES.values())
    assert [repair.found.strip() for repair in reading.repairs] == [
        "[Parameteraktualisierungsformel]"
    ]
    for equation in reading.equations:
        assert "$" not in line[slice(*equation.span)]


def test_a_letter_is_a_state_and_the_index_of_the_sum_at_once():
    (equation,) = read(r"\sum_{z=0}^{T_t}\delta^{t-z}[z^{t-z-1}]^T").equations
    big = equation.links[0]
    assert isinstance(big, BigOperator)
    assert (big.index, big.low, big.high) == ("z", Index(), Index.of(0, T_t=1))
    state = Symbol("z", Index.of(-1, t=1, z=-1))
    assert Transpose(state) in list(walk(big.body))


# -- spellings


@pytest.mark.parametrize(
    "text",
    [
        "W − ε Σ_{s=0}^{T_t} δ^{t−s} [z^{t−s−1}]ᵀ",
        "W - ε Σ_{s=0}^{T_t} δ^{t-s} (z^{t-s-1})^T",
        "Ｗ － ε Σ_{ｓ＝０}^{Ｔ_ｔ} δ^{ｔ－ｓ}［ｚ^{ｔ－ｓ－１}］^Ｔ",
        "W − η ∑_{s=0}^{T_t} δᵗ⁻ˢ [zᵗ⁻ˢ⁻¹]ᵀ",
        "Ｗ － ε Σ（ｓ＝０．．Ｔ＿ｔ）δ＾（ｔ－ｓ）［ｚ＾（ｔ－ｓ－１）］＾Ｔ",
        r"W - \epsilon \sum_{s=0}^{T_t} \delta^{t-s} [z^{t-s-1}]^T",
        r"W-\varepsilon\sum\limits_{s=0}^{T_{t}}\delta^{(t-s)}\left[z^{(t-s-1)}\right]^{\top}",
        r"¥displaystyle W - ¥eta ¥sum_{s=0}^{Tt} ¥delta_{t-s} z_{t-s-1}^{¥mathrm{T}}.",
        r"W - \epsilon \sum*{s=0}^{T_t} \delta^{t-s} \big[ z^{t-s-1} \big]^T",
        "W - eps * sum(s=0..T_t, delta[t-s] * z[t-s-1].T)",
        "W - lr * sum(s=0..T_t, delta(t-s) z(t-s-1)')",
        "W - learning_rate * sum(delta^(t-s) * (z^(t-s-1))^T, s=0..T_t)",
        "W - eps sum_{s=0}^{T_t} delta^{t-s} (z^{t-s-1})^T",
        "= W − ε Σ_{s=0}^{T_t} δ^{t−s} [z^{t−s−1}]ᵀ",
        "W - ε Σ_{s=0..T_t} δ[t-s] z[t-s-1]^⊤",
        "W - ε Σ_{s=0}^{T_t}\n δ^{t-s} · [z^{t-s-1}]^{T}。",
    ],
)
def test_the_update_of_the_recurrent_weight_in_many_spellings(text):
    assert shown(text) == UPDATE_W


@pytest.mark.parametrize(
    "text",
    [
        "f'(u^t) ⊙ (W^T δ^{t+1} + W_out^T δ^{out,t})",
        "f’(u^t) ⊙ (W^T δ^{t+1} + W_out^T δ^{out,t})",
        "ｆ’（ｕ＾ｔ） ⊙ （Ｗ＾Ｔ δ＾｛ｔ＋１｝ ＋ Ｗ＿ｏｕｔ＾Ｔ δ＾｛ｏｕｔ，ｔ｝）",
        r"f^{\prime}(u^t) \odot (W^\top \delta^{t+1} + W_{(out)}^{\top} \delta^{out, t})",
        r"f'\left(u^t\right) \circ \left(W^{T}\delta^{t+1}+W_{out}^{T}\delta_{\text{out}}^{t}\right)",
        "f_prime(u[t]) .* (W.T * delta[t+1] + W_out.T * delta_out[t])",
        "df(uᵗ) ∘ (Wᵀ δᵗ⁺¹ + W_outᵀ δ_out^t)",
    ],
)
def test_the_delta_recursion_in_many_spellings(text):
    assert shown(text) == DELTA


@pytest.mark.parametrize(
    "text",
    [
        "u^t = W_{(in)}x^t+Wz^{(t-1)}+b",
        "u_t = W_{in} x_t + W z_{t-1} + b",
        "u[t] = W_in x[t] + W z[t-1] + b",
        "u(t) = W_in x(t) + W z(t-1) + b",
        "uᵗ = W₍ᵢₙ₎ xᵗ + W zᵗ⁻¹ + b",
        "u^t = W_(in) x^t + W·z^(t-1) + b",
        "u^t = w*{(in)} x^t + w z^{t-1} + b",
        r"\mathbf{u}^t = \mathbf{W}_{\text{in}}\mathbf{x}^t + \mathbf{W}\mathbf{z}^{t-1} + \mathbf{b} \tag{1}",
        r"\begin{align} u^t &= W_{(in)} x^t \\ &+ W z^{t-1} + b \end{align}",
    ],
)
def test_the_forward_step_in_many_spellings(text):
    assert shown(text) == PRE_ACTIVATION


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (r"\frac{\partial E}{\partial W}", "∂E/∂W"),
        ("∂E/∂W", "∂E/∂W"),
        ("dE/dW", "∂E/∂W"),
        (r"\frac{dE}{dW}", "∂E/∂W"),
        (r"\frac{d E}{d W}", "∂E/∂W"),
        (r"\frac{\mathrm{d}E}{\mathrm{d}W}", "∂E/∂W"),
        (r"\frac{\partial}{\partial W} E", "∂E/∂W"),
        ("∇_W E", "∂E/∂W"),
        ("dW", "∂E/∂W"),
        ("W_grad", "∂E/∂W"),
        ("diff(E, W)", "∂E/∂W"),
        ("dE/du[t]", "∂E/∂u^t"),
        ("∂E^t/∂v^t ⊙ g'(v^t)", "∂E^t/∂v^t ⊙ g'(v^t)"),
        ("∂E/∂v^t ∂v^t/∂u^t", "∂E/∂v^t ∂v^t/∂u^t"),
        (
            r"\frac{\partial \lbrace W_{(out)}f(u^t) + c\rbrace}{\partial u_t}",
            "∂(W_out f(u^t) + c)/∂u^t",
        ),
    ],
)
def test_derivatives_of_the_loss_and_of_signals(text, meant):
    assert shown(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("x^T δ", "xᵀ δ"),
        ("x^T_t", "[x^t]ᵀ"),
        ("x_t^T", "[x^t]ᵀ"),
        (r"x^{t\top}", "[x^t]ᵀ"),
        ("x^{(t)T}", "[x^t]ᵀ"),
        ("z_T", "z_T"),
        ("z[T]", "z_T"),
        ("z^{T-1}", "z^{T−1}"),
        ("W^{t+1}", "W^{t+1}"),
        ("W_{t+1}", "W^{t+1}"),
        ("W^{T-1}", "(W)^{T − 1}"),
        ("(W^T)^{t-k}", "(Wᵀ)^{t − k}"),
        ("δ^{t,k}", "δ^{t,k}"),
        ("delta[t, t-p-1]", "δ^{t,t−p−1}"),
        ("z_t^2", "(z^t)^2"),
        ("1 - tanh^2(u^t)", "1 − tanh(u^t)^2"),
        ("z^1 = f(W_in x^1 + W z^0 + b)", "z^1 = f(W_in x^1 + W z^0 + b)"),
        ("z^2 = f(W_in x^2 + W z^1 + b)", "z_2 = f(W_in x_2 + W z^1 + b)"),
        ("z(1 - z)", "z (1 − z)"),
        ("W(z^{t-1})", "W z^{t−1}"),
        ("1/T Σ_{t=1}^T δ^t", "(1 / T) Σ_{t=1}^T δ^t"),
        (r"\frac12 (y^t - d^t)", "(1 / 2) (y^t − d^t)"),
        ("sum(t=1..T, delta[t]) * b", "(Σ_{t=1}^T δ^t) b"),
        ("u = W_in x + W z_prev + b", "u^t = W_in x^t + W z^{t−1} + b"),
    ],
)
def test_scripts_and_brackets_mean_what_their_place_says(text, meant):
    assert shown(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (r"z_1 = f(u_1) \\ y_1 = g(v_1)", "z^1 = f(u^1); y^1 = g(v^1)"),
        ("z^t = f(u^t), y^t = g(v^t)", "z^t = f(u^t); y^t = g(v^t)"),
        ("z^t = f(u^t); y^t = g(v^t)", "z^t = f(u^t); y^t = g(v^t)"),
        ("z^t = f(u^t)\ny^t = g(v^t)", "z^t = f(u^t); y^t = g(v^t)"),
        ("b^{t+1} = b^t - ε ∂E/∂b = b^t - ε δ^t", "b^{t+1} = b^t − ε ∂E/∂b = b^t − ε δ^t"),
    ],
)
def test_chains_and_systems(text, meant):
    assert shown(text) == meant


@pytest.mark.parametrize("arrow", ["←", "<-", ":=", r"\leftarrow", r"\gets", "≔"])
def test_an_assignment_arrow_is_kept(arrow):
    (equation,) = read(f"W {arrow} W - ε dW").equations
    assert equation.arrow
    assert canonical(equation) == "W ← W − ε ∂E/∂W"


@pytest.mark.parametrize(
    ("text", "notation", "meant"),
    [
        ("h_t = tanh(W_{hh}h_{t-1} + W_{xh}x_t)", "hidden", "z^t = tanh(W z^{t−1} + W_in x^t)"),
        (r"h^{(t)} = \tanh(b + W h^{(t-1)} + U x^{(t)})", "hidden", "z^t = tanh(b + W z^{t−1} + W_in x^t)"),
        (r"\mathbf{O}_t = \mathbf{H}_t \mathbf{W}_{\textrm{hq}} + \mathbf{b}_\textrm{q}", "row", "v^t = z^t W_out + c"),
        ("z*1 = sigmoid(S_0 w + x_1 w*{(in)} + b)", "course", "z^1 = σ(z^0 W + x^1 W_in + b)"),
        (r"\hat{\boldsymbol{y}}^{(t)} = softmax(o^{(t)})", "goodfellow", "y^t = softmax(v^t)"),
        (r"\hat y_t - y_t", "goodfellow", "y^t − d^t"),
        ("ŷ_t - y_t", "goodfellow", "y^t − d^t"),
        (r"a^{\langle t \rangle} = \tanh(W_{ax} x^{\langle t \rangle} + W_{aa} a^{\langle t-1 \rangle} + b_a)", "coursera", "z^t = tanh(W_in x^t + W z^{t−1} + b)"),
        ("a^{<t>} = tanh(W_{ax} x^{<t>} + W_{aa} a^{<t-1>} + b_a)", "coursera", "z^t = tanh(W_in x^t + W z^{t−1} + b)"),
        ("a_next = np.tanh(np.dot(Waa, a_prev) + np.dot(Wax, xt) + ba)", "coursera", "z^t = tanh(W @ z^{t−1} + W_in @ x^t + b)"),
        ("hs[t] = np.tanh(np.dot(Wxh, xs[t]) + np.dot(Whh, hs[t-1]) + bh)", "cs231n", "z^t = tanh(W_in @ x^t + W @ z^{t−1} + b)"),
        ("h_next = np.tanh(np.dot(h_prev, Wh) + np.dot(x, Wx) + b)", "scratch", "z^t = tanh(z^{t−1} @ W + x^t @ W_in + b)"),
        (r"h_t = \tanh(h_{t-1}W_h + x_t W_x + b)", "scratch", "z^t = tanh(z^{t−1} W + x^t W_in + b)"),
    ],
)  # fmt: skip
def test_the_notation_is_the_first_that_declares_all_names(text, notation, meant):
    reading = read(text)
    assert reading.notation == notation
    assert "; ".join(canonical(equation) for equation in reading.equations) == meant
    assert read(text, notation).equations == reading.equations


def test_spans_are_places_in_the_text_as_typed():
    text = r"W-ε Σ_{s=0}^{T_t}δᵗ⁻ˢ ［ｚ^{t-s-1}］^Ｔ"
    (equation,) = read(text).equations
    found = {text[slice(*node.span)] for node in walk(equation) if node.span}
    assert {"W", "ε", "δᵗ⁻ˢ", "ｚ^{t-s-1}", "［ｚ^{t-s-1}］^Ｔ"} <= found


# -- refusals


@pytest.mark.parametrize(
    ("text", "code", "found", "nearest"),
    [
        ("W_ih x^t", "unknown-name", "W_ih", "W_in"),
        ("W_x x_t + b", "unknown-name", "W_x", "W_in"),
        ("δ_h", "unknown-name", "delta_h", "delta"),
        ("Winx^t", "unknown-name", "Winx", "W_in"),
        ("W_inx^t + b", "unknown-name", "W_inx", "W_in"),
        ("bug", "unknown-name", "bug", None),
        ("delts[t]", "unknown-name", "delts", "delta"),
        ("Delta^t", "unknown-name", "Delta", "delta"),
        ("b1 + b", "unknown-name", "b1", "b"),
        (r"\delt^t", "unknown-command", r"\delt", r"\delta"),
        ("W_next = W - ε dW", "unknown-name", "W_next", "W_in"),
        ("z_new", "unknown-name", "z_new", None),
        ("cost", "unknown-name", "cost", None),
    ],
)
def test_an_unknown_name_is_reported_whole_with_the_nearest_declared_ones(
    text, code, found, nearest
):
    refused = trouble(text, "course")
    assert (refused.code, refused.found) == (code, found)
    assert nearest is None or nearest in refused.nearest


@pytest.mark.parametrize(
    ("text", "code", "span"),
    [
        ("", "empty", (0, 0)),
        ("  \n ", "empty", (0, 4)),
        ("W +", "unexpected-end", (3, 3)),
        ("W x^t - - b", "unexpected-token", (8, 9)),
        ("ε Σ_{s=0}^{T_t δ^t", "unbalanced-bracket", (10, 11)),
        ("(x^t]", "unbalanced-bracket", (4, 5)),
        ("x, y", "unexpected-token", (1, 2)),
        ("f", "function-without-argument", (0, 1)),
        ("f' ⊙ δ^t", "function-without-argument", (0, 2)),
        ("f(u^t, x^t)", "unexpected-token", (1, 11)),
        ("f(u)'", "ambiguous-script", (4, 5)),
        ("1 - z^2", "ambiguous-script", (5, 7)),
        ("y^3 + x^t", "ambiguous-script", (1, 3)),
        ("x^t-s", "ambiguous-script", (2, 5)),
        ("δ^t [x^t] T", "ambiguous-script", (10, 11)),
        ("x^{t}^{s}", "unexpected-script", (7, 8)),
        ("x^{t,s}", "unexpected-script", (3, 4)),
        ("ε_t", "unexpected-script", (1, 3)),
        ("δ^t s", "index-as-value", (4, 5)),
        (r"\sum_{z=0}^{T} z", "index-as-value", (15, 16)),
        (r"\sum_{z=0}^{T} S", "index-as-value", (15, 16)),
        ("Σ δ^t", "sum-without-index", (0, 5)),
        ("Σ_{s=0} δ^t", "sum-without-index", (0, 11)),
        ("∂E", "unexpected-token", (0, 2)),
        ("dE", "unexpected-token", (0, 2)),
        ("E(W)", "unexpected-token", (1, 4)),
        ("E^t(W)", "unexpected-token", (3, 6)),
        ("δ^{t} z^{t-1 T}", "unexpected-script", (9, 14)),
        ("x^{2T}", "unexpected-script", (3, 5)),
        ("x^* + b", "unexpected-token", (2, 3)),
        ("W = $x$", "unexpected-token", None),
        ("x[99999999999]", "number-too-large", (2, 13)),
        ("(x^t)^{999}", "number-too-large", None),
        ("わからない", "unexpected-character", (0, 1)),
        ("？？？", "not-a-formula", None),
    ],
)
def test_what_cannot_be_decided_is_refused_at_its_place(text, code, span):
    refused = trouble(text, "course")
    assert refused.code == code
    assert span is None or refused.span == span


def test_a_stray_dollar_sign_says_nothing():
    assert shown("x^t W $") == "x^t W"


def test_what_could_have_stood_there_is_said():
    assert "name" in trouble("W +").expected
    assert trouble("(x^t").expected == (")",)
    assert trouble("x^t-s").expected == ("( )", "{ }")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_answered_quickly(text):
    started = time.process_time()
    reading = read(text)
    if reading.understood:
        for equation in reading.equations:
            for style in ("unicode", "latex", "ascii", "numpy"):
                canonical(equation, "course", style)
    elif reading.trouble is not None:
        assert 0 <= reading.trouble.span[0] <= reading.trouble.span[1] <= len(text)
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("nested sums", "sums-too-nested"),
        ("parentheses", "too-deep"),
        ("transposes", "too-deep"),
        ("slashes", "too-deep"),
        ("too long", "too-long"),
        ("digits", "number-too-large"),
        ("powers of powers", "number-too-large"),
    ],
)
def test_the_limit_that_was_met_is_named(name, code):
    assert trouble(HOSTILE[name]).code == code


def test_the_longest_text_that_is_read_at_all():
    assert read("x+" * (MAX_LENGTH // 2 - 1) + "x").understood


def test_a_tree_at_the_deepest_is_still_read_and_one_deeper_is_not():
    def nested(depth):
        return "f(" * depth + "u" + ")" * depth

    assert read(nested(39)).understood
    assert trouble(nested(41)).code == "too-deep"


def test_an_undeclared_notation_is_a_fault_of_the_caller():
    with pytest.raises(KeyError):
        read("x", notation="nobody's")


def test_the_order_of_a_derivative_is_kept():
    (equation,) = read("f''(u^t)").equations
    assert equation.links[0] == Apply("f", Symbol("u", Index.of(0, t=1)), 2)


def test_operators_are_kept_as_written():
    (equation,) = read("W x ⊙ y @ z ⊗ d").equations
    product = equation.links[0]
    assert isinstance(product, Product)
    assert product.operators == ("juxtaposed", "hadamard", "matmul", "outer")


def test_a_gradient_word_is_a_derivative_of_the_loss():
    (equation,) = read("dW_in").equations
    assert equation.links[0] == Derivative(Symbol("E"), Symbol("W_in"))


# -- ways of writing that say the same


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (r"\Delta W = -\epsilon \delta^t", "W ← W − ε δ^t"),
        ("ΔW = −ε δ^t", "W ← W − ε δ^t"),
        ("ΔW = a^t", None),
        ("ΔE/ΔW", None),
        ("W_new = W_old - ε dW", "W^{t+1} = W^t − ε ∂E/∂W"),
        ("z_next = f(W_in x + W z_prev + b)", "z^t = f(W_in x^t + W z^{t−1} + b)"),
        ("z[t+1] = f(W z[t-1])", "z^{t+1} = f(W z^{t−1})"),
        ("y1 = g(W_out z1 + c)", "y^1 = g(W_out z^1 + c)"),
        ("z^t = f(u^t)   (3)", "z^t = f(u^t)"),
        (r"z^t = f(u^t) \quad (1.2)", "z^t = f(u^t)"),
        ("u^t = W_in x^t + b ・・・(1)", "u^t = W_in x^t + b"),
        ("u^t = W_in x^t + b …①", "u^t = W_in x^t + b"),
        ("z(1) = f(u (1))", "z^1 = f(u^1)"),
        (r"z^t = f(u^t).\\", "z^t = f(u^t)"),
        (r"\\frac{\\partial E}{\\partial W} = \\delta^t", "∂E/∂W = δ^t"),
        ("(y^t - d^t)/N", "(y^t − d^t) / N"),
    ],
)
def test_what_people_write_around_a_formula_changes_nothing(text, meant):
    if meant is None:
        assert not read(text, "course").understood
    else:
        assert shown(text) == meant


@pytest.mark.parametrize("name", list(notations()))
@pytest.mark.parametrize("style", ["unicode", "latex", "ascii"])
def test_every_name_of_every_notation_is_read_back_as_it_is_written(name, style):
    for quantity in notations()[name].quantities:
        time = Index.of(-1, t=1) if quantity.kind == "signal" else None
        symbol = Symbol(quantity.name, time)
        written = canonical(symbol, name, style)
        assert read(written, name).equations == (Equation((symbol,)),), written
