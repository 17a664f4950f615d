"""Ansvar: boards, departments, units, people, roles and contact persons (D2, D4)."""
