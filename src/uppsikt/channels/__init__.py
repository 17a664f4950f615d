"""Sociala mediekanaler: accounts on networks, mandates, credentials, and the one way out (D2, D5, D21)."""
