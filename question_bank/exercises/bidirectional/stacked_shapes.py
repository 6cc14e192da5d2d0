"""Shapes and parameters of a stack of bidirectional LSTM layers, computed and not looked up."""


def stacked_bilstm(N, T, D, H, layers):
    """N sequences of T steps with D features, H units in each direction of each layer.

    Returns the numbers of features that the layers read (a list), the shape of the last layer's
    output (batch first), the shape of the last hidden states of all layers and directions, as
    nn.LSTM gives it, and the number of parameters with one bias a block.
    """
    inputs = [D] + [2 * H] * (layers - 1)  #: a
    output = (N, T, 2 * H)  #: b
    last = (2 * layers, N, H)  #: c
    parameters = 0
    for size in inputs:
        parameters += 2 * 4 * (size * H + H * H + H)  #: d
    return inputs, output, last, parameters
