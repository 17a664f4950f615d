"""Inlägg och kommentarer som kommer in är allmän handling: taking in, versions, threads, actors (D18, D40)."""
