"""The codes of mistakes: one vocabulary for numbers, formulas and code.

A code names a *different computation* from the right one. Codes are public (users script against
them): add, never rename. What each is called, and what to look at, stands in
``question_bank/mistakes/``; a test holds the two lists against each other.
"""

from typing import Final

MISTAKE_CODES: Final[frozenset[str]] = frozenset(
    """
    sign-flipped factor-dropped factor-added term-dropped term-added power-dropped scale-wrong
    parentheses-dropped parentheses-misplaced transpose-dropped transpose-added
    outer-product-transposed order-swapped elementwise-for-matrix matrix-for-elementwise
    index-shifted index-outside-run wrong-parameter wrong-signal states-confused
    gate-roles-swapped left-side-wrong name-undefined sum-dropped sum-added sum-shortened
    sum-lengthened sum-starts-late product-lengthened product-of-power derivative-dropped
    derivative-of-wrong-argument activation-dropped activation-added activation-wrong
    learning-rate-dropped recurrent-path-dropped output-path-dropped reset-misplaced bias-dropped
    mean-for-sum axis-wrong mask-misplaced normalisation-dropped bias-correction-dropped
    label-sign not-accumulated not-reset input-changed-in-place wraps-to-last-state
    order-of-updates shape-wrong greedy-for-beam branches-swapped sum-for-product
    """.split()  # noqa: SIM905 (a list to read, not to count commas in)
)
