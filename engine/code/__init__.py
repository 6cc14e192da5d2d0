"""Judging code: exercises, the confined runner, the judge, and the mutants that name mistakes."""
