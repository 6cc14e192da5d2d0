"""The handbook: pages about models, with everything computable computed from their declarations."""
