"""From text to the typed tree: scanner, grammar and resolver; beside them the reader of NumPy code.

``engine.formulas.reading`` is the front door; nothing outside this room imports from it but that.
"""
