"""Tables of the scanner: what a LaTeX command or a single sign is as a token."""

from __future__ import annotations

from typing import Final

GREEK: Final[dict[str, str]] = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta",
    "η": "eta", "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu",
    "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi",
    "χ": "chi", "ψ": "psi", "ω": "omega", "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta",
    "Λ": "Lambda", "Ξ": "Xi", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
}  # fmt: skip

#: Commands that are names: Greek letters and functions.
_VARIANTS = {"varepsilon": "epsilon", "varphi": "phi", "vartheta": "theta", "varsigma": "sigma"}
NAME_COMMANDS: Final[dict[str, str]] = {
    **{word: word for word in GREEK.values()},
    **_VARIANTS,
    **{word: word for word in ("tanh", "exp", "log", "ln", "cosh", "max", "min", "sin", "cos")},
}

#: Commands that only change how something looks.
DROPPED_COMMANDS: Final[frozenset[str]] = frozenset(
    [
        "left",
        "right",
        "big",
        "Big",
        "bigg",
        "Bigg",
        "bigl",
        "bigr",
        "Bigl",
        "Bigr",
        "biggl",
        "biggr",
        "Biggl",
        "Biggr",
        "middle",
        "quad",
        "qquad",
        "displaystyle",
        "textstyle",
        "scriptstyle",
        "limits",
        "nolimits",
        "nonumber",
        "notag",
        "mathbf",
        "mathrm",
        "mathit",
        "mathsf",
        "mathtt",
        "mathcal",
        "mathbb",
        "mathnormal",
        "boldsymbol",
        "bm",
        "bf",
        "rm",
        "it",
        "text",
        "textrm",
        "textbf",
        "textit",
        "textsf",
        "texttt",
        "operatorname",
        "vec",
        "mathop",
        "mathbin",
        "thinspace",
    ]
)
#: Commands whose argument in braces is decoration too.
DROPPED_WITH_ARGUMENT: Final[frozenset[str]] = frozenset(
    {"tag", "label", "hspace", "vspace", "phantom", "begin", "end"}
)

#: Commands that are one token: (type, value).
TOKEN_COMMANDS: Final[dict[str, tuple[str, str]]] = {
    **dict.fromkeys(("frac", "dfrac", "tfrac", "cfrac"), ("FRAC", "")),
    "sqrt": ("ROOT", ""),
    "sum": ("BIG", "sum"),
    "prod": ("BIG", "product"),
    "partial": ("PARTIAL", "∂"),
    "nabla": ("NABLA", "∇"),
    **dict.fromkeys(("top", "intercal"), ("TOP", "⊤")),
    "prime": ("DASH", "'"),
    **dict.fromkeys(("cdot", "times", "ast", "cdotp", "bullet"), ("OPERATOR", "juxtaposed")),
    **dict.fromkeys(("odot", "circ"), ("OPERATOR", "hadamard")),
    "otimes": ("OPERATOR", "outer"),
    **dict.fromkeys(("leftarrow", "gets", "longleftarrow", "coloneqq"), ("RELATION", "<-")),
    "equiv": ("RELATION", "="),
    **dict.fromkeys(("ldots", "dots", "cdots"), ("RANGE", "...")),
    "newline": ("SEPARATOR", "\\"),
}

OPENING: Final[dict[str, str]] = {"(": ")", "[": "]", "{": "}", "⟨": "⟩", "\\{": "\\}"}
CLOSING: Final[frozenset[str]] = frozenset(OPENING.values())
#: Commands that are brackets; visible braces are kept apart from grouping ones.
BRACKET_COMMANDS: Final[dict[str, str]] = {
    "lbrace": "\\{", "rbrace": "\\}", "{": "\\{", "}": "\\}", "lbrack": "[", "rbrack": "]",
    "langle": "⟨", "rangle": "⟩", "lparen": "(", "rparen": ")",
}  # fmt: skip

SIGNS: Final[dict[str, tuple[str, str]]] = {
    "+": ("SIGN", "+"),
    "-": ("SIGN", "-"),
    **dict.fromkeys("*·×", ("OPERATOR", "juxtaposed")),
    **dict.fromkeys("⊙∘○◦", ("OPERATOR", "hadamard")),
    "⊗": ("OPERATOR", "outer"),
    "@": ("OPERATOR", "matmul"),
    "/": ("SLASH", "/"),
    "=": ("RELATION", "="),
    "≡": ("RELATION", "="),
    **dict.fromkeys("←≔⟵", ("RELATION", "<-")),
    "^": ("SUP", "^"),
    "_": ("SUB", "_"),
    ",": ("COMMA", ","),
    **dict.fromkeys("…〜", ("RANGE", "...")),
    **dict.fromkeys("∑Σ", ("BIG", "sum")),
    **dict.fromkeys("∏Π", ("BIG", "product")),
    "√": ("ROOT", "√"),
    "∂": ("PARTIAL", "∂"),
    "∇": ("NABLA", "∇"),
    **dict.fromkeys("⊤⟙", ("TOP", "⊤")),
    "'": ("PRIME", "'"),
    '"': ("PRIME", "''"),
}

#: Written signs of more than one character, longest first.
COMPOUND_SIGNS: Final[tuple[tuple[str, str, str], ...]] = (
    ("(.)", "OPERATOR", "hadamard"),
    ("(*)", "OPERATOR", "hadamard"),
    ("...", "RANGE", "..."),
    (":=", "RELATION", "<-"),
    ("<-", "RELATION", "<-"),
    ("==", "RELATION", "="),
    ("..", "RANGE", ".."),
    (".*", "OPERATOR", "hadamard"),
)

BIG_WORDS: Final[dict[str, str]] = {
    "sum": "sum", "Sum": "sum", "SUM": "sum", "prod": "product", "Prod": "product",
    "product": "product",
}  # fmt: skip
