"""The value of a formula at a point: number systems, runs of a model, shapes, evaluation."""
