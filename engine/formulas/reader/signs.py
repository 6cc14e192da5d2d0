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
    "ell": "l",
    "Pr": "P",
}

#: Accents: the word that they add to the letter below them.
ACCENT_COMMANDS: Final[dict[str, str]] = {
    **dict.fromkeys(("hat", "widehat"), "hat"),
    **dict.fromkeys(("tilde", "widetilde"), "tilde"),
    **dict.fromkeys(("bar", "overline"), "bar"),
    **dict.fromkeys(("overrightarrow", "vec", "overrightharpoon"), "right"),
    "overleftarrow": "left",
}
#: ``\overset{\rightarrow}{h}`` and what else stands above a letter there.
OVERSET_ACCENTS: Final[dict[str, str]] = {
    **dict.fromkeys(("\\rightarrow", "\\to", "→"), "right"),
    **dict.fromkeys(("\\leftarrow", "←"), "left"),
    **dict.fromkeys(("\\sim", "~"), "tilde"),
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
        "mathop",
        "mathscr",
        "mathfrak",
        "pmb",
        "mbox",
        "underline",
        "boxed",
        "fbox",
        "mathrel",
        "substack",
        "hfill",
        "tiny",
        "small",
        "large",
        "Large",
        "normalsize",
        "allowbreak",
        "smash",
        "strut",
        "relax",
        "medspace",
        "enspace",
        "noindent",
        "centering",
        "mathbin",
        "thinspace",
    ]
)
#: Commands whose argument in braces is decoration too.
DROPPED_WITH_ARGUMENT: Final[frozenset[str]] = frozenset(
    {"tag", "label", "hspace", "vspace", "phantom", "hphantom", "vphantom", "color", "textcolor",
     "mspace", "ref", "eqref", "cite"}
)  # fmt: skip
#: Environments whose rows are parts of one matrix; any other holds equations.
MATRICES: Final[frozenset[str]] = frozenset(
    {"matrix", "pmatrix", "bmatrix", "Bmatrix", "smallmatrix", "array"}
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
    **dict.fromkeys(("times", "ast"), ("OPERATOR", "juxtaposed")),
    **dict.fromkeys(("cdot", "cdotp", "bullet"), ("OPERATOR", "dot")),
    **dict.fromkeys(("odot", "circ"), ("OPERATOR", "hadamard")),
    "otimes": ("OPERATOR", "outer"),
    **dict.fromkeys(("leftarrow", "gets", "longleftarrow", "coloneqq"), ("RELATION", "<-")),
    "equiv": ("RELATION", "="),
    **dict.fromkeys(("ldots", "dots", "cdots", "dotsc", "dotsb", "vdots"), ("RANGE", "...")),
    **dict.fromkeys(("lt", "less"), ("COMPARE", "<")),
    "gt": ("COMPARE", ">"),
    **dict.fromkeys(("le", "leq", "leqslant", "leqq"), ("COMPARE", "<=")),
    **dict.fromkeys(("ge", "geq", "geqslant", "geqq"), ("COMPARE", ">=")),
    **dict.fromkeys(("ne", "neq"), ("COMPARE", "!=")),
    "in": ("COMPARE", "in"),
    "sim": ("COMPARE", "~"),
    **dict.fromkeys(("newline", "cr"), ("SEPARATOR", "\\")),
}

OPENING: Final[dict[str, str]] = {
    "(": ")", "[": "]", "{": "}", "⟨": "⟩", "\\{": "\\}", "matrix": "\\end", "cases": "\\end",
}  # fmt: skip
CLOSING: Final[frozenset[str]] = frozenset(OPENING.values())
#: Commands that are brackets; visible braces are kept apart from grouping ones.
BRACKET_COMMANDS: Final[dict[str, str]] = {
    "lbrace": "\\{", "rbrace": "\\}", "{": "\\{", "}": "\\}", "lbrack": "[", "rbrack": "]",
    "langle": "⟨", "rangle": "⟩", "lparen": "(", "rparen": ")",
}  # fmt: skip

SIGNS: Final[dict[str, tuple[str, str]]] = {
    "+": ("SIGN", "+"),
    "-": ("SIGN", "-"),
    **dict.fromkeys("*×", ("OPERATOR", "juxtaposed")),
    "·": ("OPERATOR", "dot"),
    **dict.fromkeys("⊙∘○◦⨀", ("OPERATOR", "hadamard")),
    "⊗": ("OPERATOR", "outer"),
    "@": ("OPERATOR", "matmul"),
    "/": ("SLASH", "/"),
    "=": ("RELATION", "="),
    "≡": ("RELATION", "="),
    "<": ("COMPARE", "<"),
    ">": ("COMPARE", ">"),
    "≤": ("COMPARE", "<="),
    "≥": ("COMPARE", ">="),
    "≠": ("COMPARE", "!="),
    "∈": ("COMPARE", "in"),
    "∼": ("COMPARE", "~"),
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
    **dict.fromkeys("⊤⟙⊺", ("TOP", "⊤")),
    "'": ("PRIME", "'"),
    '"': ("PRIME", "''"),
}

#: Written signs of more than one character, longest first.
COMPOUND_SIGNS: Final[tuple[tuple[str, str, str], ...]] = (
    ("(.)", "OPERATOR", "hadamard"),
    ("(*)", "OPERATOR", "hadamard"),
    ("...", "RANGE", "..."),
    (":=", "RELATION", "<-"),
    ("+=", "RELATION", "+="),
    ("<-", "RELATION", "<-"),
    ("==", "RELATION", "="),
    ("<=", "COMPARE", "<="),
    (">=", "COMPARE", ">="),
    ("!=", "COMPARE", "!="),
    ("..", "RANGE", ".."),
    (".*", "OPERATOR", "hadamard"),
)

#: Words of a condition, inside a text command or plain.
IF_WORDS: Final[frozenset[str]] = frozenset({"if", "when", "where", "for", "もし"})
OTHERWISE_WORDS: Final[frozenset[str]] = frozenset(
    {"otherwise", "else", "それ以外", "その他", "それ以外の場合"}
)
#: Commands that a page lost the backslash of; any other word stays the name that it looks like.
LOST_COMMANDS: Final[frozenset[str]] = frozenset(
    [
        "frac", "dfrac", "tfrac", "sqrt", "partial", "nabla", "odot", "cdot", "times", "circ",
        "left", "right", "mathrm", "mathbf", "mathit", "boldsymbol", "bm", "text", "textrm",
        "textbf", "operatorname", "hat", "tilde", "bar", "widehat", "widetilde", "overline",
        "overrightarrow", "overleftarrow", "top", "intercal", "leftarrow", "quad", "qquad",
        "displaystyle", "limits", "big", "bigl", "bigr", "Big", "Bigl", "Bigr", "begin", "end",
        "leq", "geq", "neq", "langle", "rangle", "lVert", "rVert", "lvert", "rvert", "Vert",
        "prime", "ldots", "cdots", "varepsilon", "mathcal", "mathbb", "otimes",
    ]
)  # fmt: skip
_NEED_BRACE: Final[frozenset[str]] = frozenset({"text", "begin", "end", "bar", "hat", "tilde"})


def is_lost_command(word: str, following: str) -> bool:
    """Whether a word is a command without its backslash; ``following`` is what comes after it."""
    if word not in LOST_COMMANDS:
        return False
    return word not in _NEED_BRACE or following.startswith("{")


BIG_WORDS: Final[dict[str, str]] = {
    "sum": "sum", "Sum": "sum", "SUM": "sum", "prod": "product", "Prod": "product",
    "product": "product",
}  # fmt: skip
