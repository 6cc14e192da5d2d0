"""Variational autoencoder: the KL term, the reparameterised sample, and their gradients.

E is KL(N(mu, sigma^2) || N(0, I)) (Kingma and Welling 2014, appendix B); ``logvar`` is log sigma^2,
z = mu + sigma * noise.
"""

from engine.formulas.construction import (
    applied,
    hadamard,
    half,
    minus,
    negative,
    number,
    product,
    squared,
    total,
)
from engine.formulas.models.attention import at, over
from engine.formulas.models.static import Form, StaticModel
from engine.formulas.tree import Node, Quotient, Reduce, Sum

_mu, _sigma, _logvar, _noise = at("mu"), at("sigma"), at("logvar"), at("noise")


def _term(log_variance: Node, mu: Node, variance: Node) -> Node:
    return Sum((number(1), log_variance, squared(mu), variance), (1, 1, -1, -1))


_mu_j, _sigma_j, _logvar_j = at("mu", "j"), at("sigma", "j"), at("logvar", "j")
_log_square = applied("log", squared(_sigma_j))


def _kl(body: Node) -> Form:
    return Form(negative(product(Quotient(number(1), number(2)), over("j", body))))


_half = Quotient(number(1), number(2))
_variance = applied("exp", _logvar)

VAE = StaticModel(
    name="vae",
    sizes={"J": 3},
    signals={
        "mu": ("J", "1"),
        "logvar": ("J", "1"),
        "noise": ("J", "1"),
        "sigma": ("J", "1"),
        "z": ("J", "1"),
        "E": ("1", "1"),
    },
    equations={
        "sigma": Form(applied("exp", half(_logvar))),
        "z": Form(total(_mu, hadamard(_sigma, _noise))),
        "E": _kl(_term(_log_square, _mu_j, squared(_sigma_j))),
    },
    loss="E",
    sloped=("mu", "logvar", "sigma"),
    jacobians=(("z", "mu"), ("z", "sigma"), ("z", "logvar")),
    asked=("sigma", "z", "E"),
    domains={"sigma": "positive"},
    answers={
        "sigma": (
            Form(applied("exp", Quotient(_logvar, number(2)))),
            Form(applied("sqrt", _variance)),
            Form(applied("exp", half(_logvar_j)), ("j",)),
        ),
        "z": (
            Form(total(_mu, hadamard(applied("exp", half(_logvar)), _noise))),
            Form(total(_mu_j, product(_sigma_j, at("noise", "j"))), ("j",)),
        ),
        "E": (
            _kl(_term(_logvar_j, _mu_j, applied("exp", _logvar_j))),
            _kl(_term(_logvar_j, _mu_j, squared(_sigma_j))),
            _kl(_term(product(number(2), applied("log", _sigma_j)), _mu_j, squared(_sigma_j))),
            Form(negative(product(_half, Reduce("sum", _term(_logvar, _mu, _variance))))),
            Form(
                product(
                    _half,
                    over(
                        "j",
                        Sum(
                            (squared(_mu_j), squared(_sigma_j), _log_square, number(1)),
                            (1, 1, -1, -1),
                        ),
                    ),
                )
            ),
        ),
        "mu.gradient": (Form(_mu), Form(_mu_j, ("j",))),
        "logvar.gradient": (
            Form(product(_half, minus(squared(_sigma), number(1)))),
            Form(product(_half, minus(_variance, number(1)))),
            Form(product(_half, minus(squared(_sigma_j), number(1))), ("j",)),
        ),
        "sigma.gradient": (
            Form(minus(_sigma, Quotient(number(1), _sigma))),
            Form(minus(_sigma_j, Quotient(number(1), _sigma_j)), ("j",)),
        ),
        "z.mu.jacobian": (Form(number(1), ("j", "j")),),
        "z.sigma.jacobian": (
            Form(at("noise", "j"), ("j", "j")),
            Form(applied("diag", _noise)),
        ),
        "z.logvar.jacobian": (
            Form(product(_half, _sigma_j, at("noise", "j")), ("j", "j")),
            Form(product(_half, applied("diag", hadamard(_sigma, _noise)))),
        ),
    },
)

MODELS = (VAE,)
