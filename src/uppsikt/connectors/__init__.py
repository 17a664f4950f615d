"""Connectors: one file per network, plain Python. Answers to "Definition" in the guideline (D1)."""
