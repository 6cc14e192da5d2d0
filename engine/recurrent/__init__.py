"""Recurrent networks, each written as its equations, forward and backward."""
