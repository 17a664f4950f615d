"""Hantera synpunkter, frågor och kommentarer: cases, deadlines, forwarding, answers (D35-D38)."""
