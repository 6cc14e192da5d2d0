"""One module a command: ``register(parser, language, common)`` and the function that it runs."""
