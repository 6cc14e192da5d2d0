"""For authors: warnings, coverage, strategies that do not read, templates, the editor's schema."""
