"""From a request to an answer: which of the three faces is asked, and what trouble lies in between."""

from __future__ import annotations

import logging

from practice import api, control, pages
from practice.errors import Refusal
from practice.stage import Stage
from practice.trouble import afterwards, instead
from practice.web import Request, Response, refused

LOG = logging.getLogger("practice")


def answer(stage: Stage, request: Request) -> Response:
    """The answer to any request; never raises."""
    try:
        return _staged(stage, request) if request.path.startswith("/control/") else _troubled(stage, request)
    except Refusal as refusal:
        return pages.refused(refusal) if pages.is_page(request) else refused(refusal)
    except (ValueError, TypeError, OverflowError) as error:
        LOG.warning("asked wrongly: %s %s: %s", request.method, request.path, error)
        return refused(Refusal(422, "bad_value", "Något värde har fel form."))
    except Exception:  # the outermost edge: whatever broke, the asker gets an answer and the log the cause
        LOG.exception("broke at %s %s", request.method, request.path)
        return refused(Refusal(500, "broken", "Något gick fel här."))


def _staged(stage: Stage, request: Request) -> Response:
    control.guard(request, stage.control_token)
    handler, groups = control.ROUTES.find(request)
    return handler(stage, request, **groups)


def _troubled(stage: Stage, request: Request) -> Response:
    trouble = stage.troubles.meet(request)
    if trouble and (early := instead(trouble)):
        return early
    response = _plain(stage, request)
    return afterwards(trouble, response) if trouble else response


def _plain(stage: Stage, request: Request) -> Response:
    if pages.is_page(request):
        handler, groups = pages.ROUTES.find(request)
        return handler(stage.world, request, **groups)
    handler, groups = api.ROUTES.find(request)
    if request.path.startswith("/api/"):
        stage.limiter.count(request.headers.get("authorization", ""))
    return handler(stage.world, request, **groups)
