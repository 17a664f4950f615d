"""Uppsikt: rounds, rota and cover, heightened oversight, missed rounds told on (D24-D27, D66)."""
