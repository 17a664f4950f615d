"""Övningsnätet: a small social network of our own, for the demo, for training and for tests.

A separate program: it imports nothing of uppsikt, and uppsikt imports nothing of it;
they meet over HTTP alone. It is never pretended to be a real network: every page says
that it is an exercise and that its people are made up. Why it is built as it is: README.md.
"""
