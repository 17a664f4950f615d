"""Regions of a page that keep themselves up to date by asking again, at the price of a 304 when nothing has changed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

# Django masks the token anew in every answer; without this no two answers would ever be the same.
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')


def wants_region(request: HttpRequest) -> bool:
    """Whether a live region asks, and not somebody who opens the page."""
    return request.headers.get("HX-Request") == "true"


def region(request: HttpRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """The region alone, or 304 when it is the one that the page already shows (`If-None-Match`)."""
    text = render_to_string(template, dict(context), request)
    tag = f'"{hashlib.sha256(TOKEN.sub("", text).encode()).hexdigest()[:24]}"'
    same = request.headers.get("If-None-Match") == tag
    response = HttpResponse(status=304) if same else HttpResponse(text)
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-store"
    return response
