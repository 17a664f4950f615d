"""Riktlinjen som data: rules, deadlines and opening hours, each with its duty and its law."""
