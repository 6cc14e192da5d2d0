"""Reading formulas as people write them, and judging them by derivation and evaluation."""
