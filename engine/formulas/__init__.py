"""Reading formulas as people write them, and judging them by derivation and evaluation.

The way of a formula, and the room of each step:

- ``reading`` is the front door to ``reader/``: text -> tokens -> layout tree (LALR) -> typed
  ``tree``; NumPy code takes a second way in. ``notations/`` hold the names that people use;
  ``trouble`` says why a text was not understood. ``rendering`` is the way back to text.
- ``models/`` hold forward equations, written once; ``derivation`` differentiates them (the only
  place with SymPy) into the tape in ``truths/``; ``targets`` are what can be asked for.
- ``evaluation/``: runs of a model, symbolic shapes, the value of a formula under a ``conventions``.
- ``statements`` finds the target, ``checking`` alone accepts, ``verdicts`` decides.
- ``mistakes/``: known mistakes as other computations, by which wrong answers are named.
- ``judge`` is the whole pipeline; ``register`` proves that nothing known to be wrong gets through.
"""
