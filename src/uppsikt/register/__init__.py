"""Skapa och avveckla konto: orders, audits, deviations, loans, relations, closing, directory (D2, D5-D16, D51-D57)."""
