"""What the workers run for the front of the house."""

from __future__ import annotations

from django.utils import timezone

from uppsikt.kernel.queue import job
from uppsikt.web import login_links


@job("web.send_login_link", queue="mail")
def send_login_link(email: str) -> None:
    """Send a one-time link. Here and not in the page, so that its answer takes as long whoever is asked for."""
    login_links.send(email, now=timezone.now())
