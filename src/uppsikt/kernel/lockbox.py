"""The one lock for what must not be read by whoever reads the database: credentials, secrets of second factors."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet
from django.conf import settings


def fernet() -> Fernet:
    """The lock, from the installation's key for credentials."""
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(str(settings.CREDENTIALS_KEY).encode()).digest()))
