"""Notes with formulas in them: which formulas claim something that can be judged, and is it right?

``text`` decodes a file and knows lines and columns, ``code`` tells program code from notes,
``formulas`` finds formulas, ``claims`` judges those that state a target.
"""
