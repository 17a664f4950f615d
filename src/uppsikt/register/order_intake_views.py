"""Where an outside e-service hands in orders, and asks how they stand: for programs, with a token."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from uppsikt.register import order_intake, order_queries, order_receiving, ordering
from uppsikt.register.order_intake import MOST_BYTES, Unreadable
from uppsikt.register.order_models import Order
from uppsikt.ui.access import everyone

XML = frozenset({"application/xml", "text/xml"})
STATUS = {"too_large": 413}


def check_token(request: HttpRequest) -> HttpResponse | None:
    """An answer for who may not: 404 where no token is set, 401 for a wrong one; None for who may."""
    token = settings.ORDERS["token"]
    if not token:
        raise Http404
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if hmac.compare_digest(given.encode(), token.encode()):
        return None
    answer = JsonResponse({"error": "wrong_token"}, status=401)
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@everyone
@csrf_exempt
@never_cache
@require_POST
def take_in(request: HttpRequest) -> HttpResponse:
    """Take an order in, as JSON or as Open ePlatform's XML: 201 for a new one, 200 for one that is here already."""
    refused = check_token(request)
    if refused is not None:
        return refused
    try:
        outside = read(request)
    except Unreadable as trouble:
        return JsonResponse({"error": trouble.code}, status=STATUS.get(trouble.code, 400))
    order, new = order_receiving.take_in(outside, now=timezone.now())
    return JsonResponse(told(request, order), status=201 if new else 200)


def read(request: HttpRequest) -> order_intake.Outside:
    """The order in the request. Raises Unreadable."""
    length = request.headers.get("Content-Length", "")
    if not length.isdigit() or int(length) > MOST_BYTES:
        raise Unreadable("too_large")
    xml = (request.content_type or "") in XML
    return order_intake.read_xml(request.body) if xml else order_intake.read_json(request.body)


@everyone
@never_cache
@require_GET
def status(request: HttpRequest, source: str, number: str) -> HttpResponse:
    """How an order stands, for an e-service that asks instead of being told."""
    refused = check_token(request)
    if refused is not None:
        return refused
    order = Order.objects.filter(source=source, outside_number=number).first()
    if order is None:
        return JsonResponse({"error": "not_found"}, status=404)
    return JsonResponse(told(request, order))


def told(request: HttpRequest, order: Order) -> dict[str, object]:
    """What a program is told of an order."""
    waits = order.state in {"draft", "asked"}
    return {
        "order": order.pk,
        "number": order.outside_number,
        "state": order.state,
        "address": request.build_absolute_uri(reverse("register:order", args=[order.pk])),
        "missing": [f"{lack.field}: {lack.why}" for lack in ordering.lacks(order)] if waits else [],
        "page": order_queries.address(order),
    }
