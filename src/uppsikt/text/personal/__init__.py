"""Personal data in Swedish text (D20): numbers, addresses and plates that point out one person."""
