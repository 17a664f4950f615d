"""How many times within the hour somebody outside may do something, counted for all processes together.

Counted in the cache of the database, under a lock: a cache's own `incr` reads and writes without one, and forgets after
five minutes. The place somebody comes from is kept as a digest that nobody can turn back, and only for that hour.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction

AN_HOUR = 3600
# Whoever has one address of the newer kind has all those that begin alike.
HOUSEHOLD = 64
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


def admit(sort: str, limits: Mapping[str, int], *, now: datetime) -> bool:
    """Count one more of a sort for each name in `limits`, and say whether each had so many left in this hour.

    Where one had none left, none is counted: who sends in vain takes nothing from others.
    """
    hour = now.strftime("%Y-%m-%dT%H")
    most = {f"pace:{sort}:{hour}:{name}": number for name, number in limits.items()}
    with transaction.atomic(), connection.cursor() as cursor:
        for key in sorted(most):
            cursor.execute(LOCK, [key])
        counted = {key: cache.get(key, 0) for key in most}
        if any(counted[key] >= number for key, number in most.items()):
            return False
        for key, number in counted.items():
            cache.set(key, number + 1, timeout=AN_HOUR)
    return True


def place(address: str, *, now: datetime) -> str:
    """A name for a place on the internet, good for this hour: all addresses of one household bear the same."""
    return hmac.new(
        settings.SECRET_KEY.encode(), f"{now:%Y-%m-%dT%H}|{_household(address)}".encode(), hashlib.sha256
    ).hexdigest()


def _household(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((int(found), HOUSEHOLD), strict=False))
    return str(found)
