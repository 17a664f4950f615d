"""Startsidan och det som visar många rum samtidigt: Idag, handlingen (D71)."""
