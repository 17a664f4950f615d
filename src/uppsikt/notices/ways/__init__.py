"""The ways out of the house besides e-mail, one file each: `send(message, target)` hands over or raises Undelivered."""
