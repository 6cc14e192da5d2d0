"""Known mistakes as other computations: edits of trees, fingerprints, explanations."""
