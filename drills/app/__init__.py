"""The Textual app: the same session as on the command line, drawn."""
