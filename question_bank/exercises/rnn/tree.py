"""A recursive network: one vector for a whole tree, made from the leaves upwards."""

import numpy as np


def _activation(u):
    return np.tanh(u)


def build(leaves, width):
    """A tree over the leaves, a dictionary with "left" and "right"; a leaf is its vector."""
    if len(leaves) == 1:
        return leaves[0]
    cut = min(width, len(leaves) - 1)
    return {"left": build(leaves[:cut], width), "right": build(leaves[cut:], width)}


def traverse(node, W, b):
    """The vector (E,) of a node. W (E, 2E) and b (E,) are shared by all inner nodes.

    The vector of a leaf is the leaf itself; that of an inner node is
    tanh(W [left; right] + b).
    """
    #: a begin
    if not isinstance(node, dict):
        return node
    left = traverse(node["left"], W, b)
    right = traverse(node["right"], W, b)
    return _activation(W.dot(np.concatenate([left, right])) + b)
    #: a end
