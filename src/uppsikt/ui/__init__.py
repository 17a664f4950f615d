"""Utseendet: the look that all pages share, and who may see them."""
