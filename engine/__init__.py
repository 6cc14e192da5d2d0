"""The mathematics of bptt-dojo: models, derivations, and the judges of formulas and code.

Knows no YAML, no screen, no user and no prose: it returns codes and values.
"""

__version__ = "0.1.0"
