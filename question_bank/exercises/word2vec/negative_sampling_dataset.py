"""Negative sampling as a university course asks for it: the negatives come from a data set."""

import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def getNegativeSamples(outsideWordIdx, dataset, K):
    """K ids that are not the outside word; a word may be drawn more than once."""
    negSampleWordIndices = []
    while len(negSampleWordIndices) < K:
        k = dataset.sampleTokenIdx()
        if k != outsideWordIdx:
            negSampleWordIndices.append(k)
    return negSampleWordIndices


def negSamplingLossAndGradient(centerWordVec, outsideWordIdx, outsideVectors, dataset, K=10):
    """centerWordVec (D,), outsideWordIdx: an id, outsideVectors (V, D).

    Returns the loss, the gradient by the centre vector (D,) and by all outside vectors (V, D).
    """
    negSampleWordIndices = getNegativeSamples(outsideWordIdx, dataset, K)
    #: a begin
    v = centerWordVec
    indices = [outsideWordIdx, *negSampleWordIndices]
    sign = np.array([1] + [-1] * K)
    U = outsideVectors[indices]
    p = sigmoid(sign * (U @ v))
    loss = -np.sum(np.log(p))
    error = (p - 1) * sign
    gradCenterVec = U.T @ error
    gradOutsideVecs = np.zeros_like(outsideVectors)
    np.add.at(gradOutsideVecs, indices, np.outer(error, v))
    #: a end
    return loss, gradCenterVec, gradOutsideVecs


#: judge
def data_set(tokens):
    """An object that gives the tokens one after another, again and again."""

    class Dataset:
        def __init__(self):
            self.drawn = 0

        def sampleTokenIdx(self):
            self.drawn += 1
            return int(tokens[(self.drawn - 1) % len(tokens)])

        sample_token_idx = sampleTokenIdx

    return Dataset()


def loss(centerWordVec, outsideWordIdx, outsideVectors, tokens, K):
    import numpy as np

    scores = outsideVectors @ centerWordVec
    total = np.log1p(np.exp(-scores[outsideWordIdx]))
    for k in range(K):
        total += np.log1p(np.exp(scores[tokens[k % len(tokens)]]))
    return total
