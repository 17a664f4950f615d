"""Uppsikt: a public body's social media, run lawfully."""
