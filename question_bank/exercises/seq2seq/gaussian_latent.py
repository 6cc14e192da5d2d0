"""The latent variable of a variational autoencoder: drawing it, and the KL divergence."""

import numpy as np


def latent_forward(mu, log_var, eps):
    """mu, log_var and eps (N, D): mean and log variance, and draws from N(0, 1).

    Returns z (N, D), the KL divergence from N(0, 1), summed over D and averaged over N, and a
    cache.
    """
    N = eps.shape[0]
    sigma = np.exp(0.5 * log_var)  #: a
    z = mu + sigma * eps  #: b
    kl = -0.5 * (1 + log_var - mu**2 - np.exp(log_var)).sum() / N  #: c
    return z, kl, (mu, log_var, eps, sigma)


def latent_backward(dz, cache):
    """Gradients by mu and log_var of the decoder's loss, whose gradient by z is dz, plus kl."""
    mu, log_var, eps, sigma = cache
    N = len(dz)
    dmu = dz + mu / N  #: d
    dlog_var = dz * 0.5 * sigma * eps + 0.5 * (np.exp(log_var) - 1) / N  #: e
    return dmu, dlog_var


#: judge
def loss(mu, log_var, eps, dz):
    z = mu + np.sqrt(np.exp(log_var)) * eps
    divergence = 0.5 * np.sum(np.exp(log_var) + mu * mu - 1 - log_var)
    return np.sum(z * dz) + divergence / mu.shape[0]
