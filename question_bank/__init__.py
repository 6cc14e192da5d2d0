"""The question bank: content as data with a schema. Imports neither Textual, NumPy nor SymPy."""
