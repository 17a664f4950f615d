"""Granskning av det som kommer in: findings per wording, the order of the queue, what staff made of it (D20, D71)."""
