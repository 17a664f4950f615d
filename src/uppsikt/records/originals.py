"""Of a network's answer that holds many records, the part that one of them rests on."""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext as _

from uppsikt.kernel.errors import Refused


def part(body: bytes, place: str) -> bytes:
    """The part of a JSON answer to which `place` (a JSON pointer) leads; "" is the whole.

    Raises Refused where the part cannot be told from the rest, as in XML: then the whole is kept from those who may
    not read everything in it.
    """
    if place == "":
        return body
    try:
        found = follow(json.loads(body), place)
    except (ValueError, LookupError, RecursionError) as error:
        raise Refused(
            "whole_only",
            _("Originalsvaret innehåller flera handlingar på en gång. Be registratorn om du behöver det."),
        ) from error
    return json.dumps(found, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass")


def follow(document: Any, pointer: str) -> Any:
    """What a JSON pointer (RFC 6901) leads to. Raises LookupError or ValueError where it leads nowhere."""
    if not pointer.startswith("/"):
        raise ValueError(pointer)
    for raw in pointer[1:].split("/"):
        name = raw.replace("~1", "/").replace("~0", "~")
        if isinstance(document, dict):
            document = document[name]
        else:
            # A text has places too, but a pointer leads into none.
            document = (document if isinstance(document, list) else [])[int(name)]
    return document
