"""One step of beam search, and the search itself on a table of probabilities."""

import numpy as np


def beam_step(scores, log_p, width):
    """scores (B,): of the prefixes kept so far; log_p (B, V): of each next token.

    Returns for the width best continuations, the best first: their scores, the prefixes they
    continue, and their tokens.
    """
    V = log_p.shape[1]
    total = scores[:, np.newaxis] + log_p  #: a
    order = np.argsort(-total.ravel())[:width]  #: b
    parents = order // V  #: c
    tokens = order % V  #: d
    return total.ravel()[order], parents, tokens


def beam_search(log_first, log_tables, width):
    """log_first (V,): log probabilities of the first token; log_tables (T, V, V): of the next ones.

    log_tables[t][k] belongs to the step t + 1 after token k. Returns the best sequence of T + 1
    tokens that is found, and its log probability.
    """
    scores, _, tokens = beam_step(np.zeros(1), log_first[np.newaxis], width)
    sequences = [[int(token)] for token in tokens]
    for log_table in log_tables:
        last = [sequence[-1] for sequence in sequences]
        scores, parents, tokens = beam_step(scores, log_table[last], width)
        pairs = zip(parents, tokens, strict=True)
        sequences = [sequences[parent] + [int(token)] for parent, token in pairs]  #: e
    return sequences[0], scores[0]
