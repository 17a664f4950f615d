"""Innehåll som ska tas bort (guideline, "Uppsikt över innehållet"): what a text holds that a person should see first.

Plain Python, without Django and without a database: text in, findings out. A finding is a pointer for a person,
never a decision; nothing here hides or removes anything (D18-D20, D25-D27, D34, D66).
"""
