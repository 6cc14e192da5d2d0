"""The training pairs of skip-gram from a corpus of word ids."""


def skip_gram_pairs(corpus, window_size):
    """The centre and the outside word of every pair, as two lists of ids."""
    centers, outsides = [], []
    for i in range(len(corpus)):
        first = max(0, i - window_size)  #: a
        end = min(len(corpus), i + window_size + 1)  #: b
        for j in range(first, end):
            if j != i:  #: c
                centers.append(int(corpus[i]))
                outsides.append(int(corpus[j]))
    return centers, outsides
