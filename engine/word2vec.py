"""word2vec: CBOW and skip-gram, with the full softmax or with negative sampling.

Both are one network with a linear hidden layer: the vectors of the input words are averaged to h,
and from h each output word is predicted. CBOW goes from the context to the centre (C words in, one
out), skip-gram from the centre to the context (one in, C out)::

    h = (1/C) Σ W_in[input word]                     rows of W_in (V, D)

    full softmax             v = h W_out             y = softmax(v)          W_out (D, V)
                             L = −Σ log y_o          over the output words o
                             dv = Σ (y − one_hot(o))
                             dW_out = hᵀ dv          dh = dv W_outᵀ

    negative sampling        u_w = column w of W_out
                             L = −log σ(u_o·h) − Σ_k log σ(−u_k·h)   for each o, its K negatives k
                             e_w = σ(u_w·h) − label                  label 1 for o, 0 for a negative
                             du_w = e_w h                            dh = Σ e_w u_w

    each input row of W_in gets dh / C; a word that occurs twice gets both (scatter-add)

The full softmax costs V products a prediction, negative sampling K + 1. Negatives are drawn with
P(w) ∝ count(w)^(3/4), which lifts rare words: (.70, .29, .01) becomes (.642, .332, .027).

Sources: Mikolov, Chen, Corrado, Dean (2013a) for both models; Mikolov, Sutskever, Chen, Corrado,
Dean (2013b), equations 1, 2 and 4, for skip-gram's loss and negative sampling.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.embedding import Ids, scatter_add, word_ids
from engine.functions import log_softmax, sigmoid, softmax
from engine.recurrent.rnn import ShapeError

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Parameters:
    """W_in (V, D), a row for each input word, W_out (D, V), a column for each output word.

    Also holds their gradients. Raises ShapeError if they do not fit.
    """

    W_in: Array
    W_out: Array

    def __post_init__(self) -> None:
        for name in ("W_in", "W_out"):
            object.__setattr__(self, name, np.asarray(getattr(self, name), dtype=np.float64))
        if self.W_in.ndim != 2:
            raise ShapeError("W_in", self.W_in.shape, "(V, D)")
        if self.W_out.shape != self.W_in.shape[::-1]:
            raise ShapeError("W_out", self.W_out.shape, f"(D, V) = {self.W_in.shape[::-1]}")

    @classmethod
    def initial(
        cls, V: int, D: int, rng: np.random.RandomState, deviation: float = 0.01
    ) -> Parameters:
        """Small normal weights: two ``randn`` calls, W_in first."""
        return cls(deviation * rng.randn(V, D), deviation * rng.randn(D, V))

    def as_dict(self) -> dict[str, Array]:
        """Name → array; the arrays are not copied."""
        return {"W_in": self.W_in, "W_out": self.W_out}


@dataclass(frozen=True, slots=True)
class FullSoftmax:
    """v and y (N, V): scores and probabilities of every word after each h."""

    v: Array
    y: Array


@dataclass(frozen=True, slots=True)
class NegativeSampling:
    """The output words and their negatives, (N, M, 1 + K): the words, labels, u·h, σ(u·h), e.

    u (N, M, 1 + K, D) are the words' columns of W_out; e is 0 where an output word does not count.
    """

    words: Ids
    labels: Array
    u: Array
    s: Array
    y: Array
    e: Array


@dataclass(frozen=True, slots=True)
class Forward:
    """What a forward run leaves behind.

    inputs (N, I), outputs (N, M): ids, with masks of their shapes; h (N, D); losses (N,), of one
    example over all its output words; E: their sum, or mean.
    """

    inputs: Ids
    input_mask: Mask
    outputs: Ids
    output_mask: Mask
    h: Array
    output: FullSoftmax | NegativeSampling
    losses: Array
    E: float
    mean: bool


@dataclass(frozen=True, slots=True)
class Backward:
    """∂E/∂h (N, D), and the gradients of W_in and W_out."""

    h: Array
    parameters: Parameters


class Word2Vec:
    """The network of both models: input words → their mean → output words."""

    def __init__(self, parameters: Parameters) -> None:
        self.parameters = parameters

    def predict(
        self,
        inputs: ArrayLike,
        outputs: ArrayLike,
        *,
        input_mask: ArrayLike | None = None,
        output_mask: ArrayLike | None = None,
        negatives: ArrayLike | None = None,
        mean: bool = False,
    ) -> Forward:
        """Loss of the output words, given the input words.

        Parameters
        ----------
        inputs : (N, I) word ids; outputs : (N, M) word ids
        input_mask, output_mask : the same shapes, False where a window reaches beyond the text
        negatives : (N, M, K) word ids for negative sampling; None for the full softmax
        mean : E as the mean over the N examples, else their sum

        Raises
        ------
        ShapeError, WordIdError; ValueError for an example without an input word
        """
        V = self.parameters.W_in.shape[0]
        inputs, input_mask = _masked_ids(inputs, input_mask, V, "inputs")
        outputs, output_mask = _masked_ids(outputs, output_mask, V, "outputs")
        if len(outputs) != len(inputs):
            raise ShapeError("outputs", outputs.shape, f"(N, M) with N = {len(inputs)}")
        if not input_mask.any(axis=1).all():
            raise ValueError("an example has no input word")
        rows = self.parameters.W_in[inputs] * input_mask[..., None]
        h = rows.sum(axis=1) / input_mask.sum(axis=1, keepdims=True)
        output: FullSoftmax | NegativeSampling
        if negatives is None:
            output, losses = self._full_softmax(h, outputs, output_mask)
        else:
            negatives = word_ids(negatives, V, "negatives")
            if negatives.ndim != 3 or negatives.shape[:2] != outputs.shape:
                raise ShapeError("negatives", negatives.shape, f"{outputs.shape} + (K,)")
            output, losses = self._negative_sampling(h, outputs, output_mask, negatives)
        E = float(losses.mean() if mean else losses.sum())
        return Forward(inputs, input_mask, outputs, output_mask, h, output, losses, E, mean)

    def _full_softmax(self, h: Array, outputs: Ids, mask: Mask) -> tuple[FullSoftmax, Array]:
        v = h @ self.parameters.W_out
        chosen = np.take_along_axis(log_softmax(v), outputs, axis=1)
        return FullSoftmax(v, softmax(v)), -(chosen * mask).sum(axis=1)

    def _negative_sampling(
        self, h: Array, outputs: Ids, mask: Mask, negatives: Ids
    ) -> tuple[NegativeSampling, Array]:
        words = np.concatenate([outputs[..., None], negatives], axis=-1)
        labels = np.zeros(words.shape)
        labels[..., 0] = 1.0
        u = self.parameters.W_out.T[words]
        s = np.einsum("nmkd,nd->nmk", u, h)
        y = sigmoid(s)
        # −log σ(s) = log(1 + exp(−s)) for the word, −log σ(−s) = log(1 + exp(s)) for a negative.
        losses = np.logaddexp(0.0, np.where(labels == 1.0, -s, s)) * mask[..., None]
        e = (y - labels) * mask[..., None]
        return NegativeSampling(words, labels, u, s, y, e), losses.sum(axis=(1, 2))

    def backward(self, run: Forward) -> Backward:
        """The gradients of E; ``run`` is left as it is."""
        W_in, W_out = self.parameters.W_in, self.parameters.W_out
        V = W_in.shape[0]
        N = len(run.losses) if run.mean else 1
        if isinstance(run.output, FullSoftmax):
            dv = run.output_mask.sum(axis=1, keepdims=True) * run.output.y
            for m in range(run.outputs.shape[1]):
                dv[np.arange(len(dv)), run.outputs[:, m]] -= run.output_mask[:, m]
            dv /= N
            dW_out = run.h.T @ dv
            dh = dv @ W_out.T
        else:
            e = run.output.e / N
            dW_out = scatter_add(run.output.words, e[..., None] * run.h[:, None, None], V).T
            dh = np.einsum("nmk,nmkd->nd", e, run.output.u)
        C = run.input_mask.sum(axis=1, keepdims=True)
        rows = (dh / C)[:, None] * run.input_mask[..., None]
        return Backward(dh, Parameters(scatter_add(run.inputs, rows, V), dW_out))


class CBOW(Word2Vec):
    """Continuous bag of words: the context predicts the centre."""

    def forward(
        self,
        centre: ArrayLike,
        contexts: ArrayLike,
        mask: ArrayLike | None = None,
        *,
        negatives: ArrayLike | None = None,
        mean: bool = False,
    ) -> Forward:
        """Centre (N,), contexts (N, C) with mask (N, C), negatives (N, 1, K); see ``predict``."""
        outputs = np.asarray(centre)[:, None]
        return self.predict(contexts, outputs, input_mask=mask, negatives=negatives, mean=mean)


class SkipGram(Word2Vec):
    """Skip-gram: the centre predicts each word of the context."""

    def forward(
        self,
        centre: ArrayLike,
        contexts: ArrayLike,
        mask: ArrayLike | None = None,
        *,
        negatives: ArrayLike | None = None,
        mean: bool = False,
    ) -> Forward:
        """Centre (N,), contexts (N, C) with mask (N, C), negatives (N, C, K); see ``predict``."""
        inputs = np.asarray(centre)[:, None]
        return self.predict(inputs, contexts, output_mask=mask, negatives=negatives, mean=mean)


def _masked_ids(given: ArrayLike, mask: ArrayLike | None, V: int, name: str) -> tuple[Ids, Mask]:
    shape = np.shape(given)
    if len(shape) != 2:
        raise ShapeError(name, shape, "(N, words)")
    counts = np.ones(shape, dtype=np.bool_) if mask is None else np.array(mask, dtype=np.bool_)
    if counts.shape != shape:
        raise ShapeError(f"mask of {name}", counts.shape, str(shape))
    # Where the mask is False any number may stand, also −1.
    return word_ids(np.where(counts, given, 0), V, name), counts


def windows(text: ArrayLike, c: int) -> tuple[Ids, Mask]:
    """The context of every word: text (n,) of ids → contexts (n, 2c) and where they exist.

    The c words before and the c words after, in the order of the text; −1 beyond its ends. Over a
    text of n ≥ c words they make 2cn − c(c + 1) pairs of centre and context.
    """
    text = np.asarray(text, dtype=np.int64)
    n = len(text)
    places = np.arange(n)[:, None] + np.delete(np.arange(-c, c + 1), c)
    mask = (places >= 0) & (places < n)
    return np.where(mask, text[np.clip(places, 0, max(n - 1, 0))], -1), mask


def pairs(text: ArrayLike, c: int) -> Ids:
    """All (centre, context) pairs of a text (n,), in its order: (number of pairs, 2)."""
    contexts, mask = windows(text, c)
    centres = np.broadcast_to(np.asarray(text)[:, None], contexts.shape)
    return np.stack([centres[mask], contexts[mask]], axis=1)


def noise_distribution(counts: ArrayLike, power: float = 0.75) -> Array:
    """P(w) = count(w)^(3/4) / Σ count^(3/4): (V,) → (V,). Counts may be shares too.

    Raises
    ------
    ValueError for a negative count, or none above 0
    """
    counts = np.asarray(counts, dtype=np.float64)
    if not ((counts >= 0).all() and (counts > 0).any()):
        raise ValueError("counts may not be negative, and one has to be above 0")
    # A word that never occurs is never drawn, whatever the power: 0 ** 0 would be 1.
    raised = np.where(counts > 0, counts**power, 0.0)
    return np.asarray(raised / raised.sum())


def draw_negatives(rng: np.random.Generator, P: ArrayLike, outputs: ArrayLike, K: int) -> Ids:
    """K negatives for each output word: outputs (N, M) → (N, M, K), never the word itself.

    Raises
    ------
    ValueError if P leaves no other word to draw
    """
    P = np.asarray(P, dtype=np.float64)
    outputs = np.asarray(outputs)[..., None]
    if (P > 0).sum() < 2:
        raise ValueError("the noise distribution has to hold two words or more")
    drawn = rng.choice(len(P), size=(*outputs.shape[:-1], K), p=P)
    # Drawing again where the word itself came up is drawing from P without that word.
    while (same := drawn == outputs).any():
        drawn[same] = rng.choice(len(P), size=int(same.sum()), p=P)
    return np.asarray(drawn, dtype=np.int64)
