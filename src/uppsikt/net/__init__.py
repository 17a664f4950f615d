"""The one HTTP client: limits on time, size, redirects and addresses. Plain Python."""

from uppsikt.net.client import Client, Response, public_url
from uppsikt.net.errors import NetError
from uppsikt.net.limits import Limits, parse_allowed

__all__ = ["Client", "Limits", "NetError", "Response", "parse_allowed", "public_url"]
