"""The small parts that the screens are made of."""
