"""Which uploaded files may be a logo."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from uppsikt.kernel.errors import Refused
from uppsikt.ui.models import LOGO_BYTES

# What makes an SVG more than a picture. It is served under a policy that forbids all of it anyway; refusing it here
# tells the one who uploads, and keeps such a file out of the database.
ACTIVE = re.compile(
    rb"<\s*(script|foreignobject|iframe|object|embed|use|image|animate|set)\b"
    rb"|<!|<\?xml-|\bon\w+\s*=|javascript:|@import|href\s*=|url\s*\(",
    re.IGNORECASE,
)


def media_type(content: bytes) -> str:
    """The media type of a logo, told from its bytes: PNG, WebP or a plain SVG.

    Raises Refused (too_large, wrong_kind, active_svg).
    """
    if len(content) > LOGO_BYTES:
        raise Refused("too_large", _("Bilden är för stor. Välj en som är högst 200 kB."))
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    text = re.sub(rb"^(\xef\xbb\xbf)?\s*(<\?xml[^>]*\?>)?(\s|<!--.*?-->)*", b"", content, flags=re.DOTALL)
    if not text.lower().startswith(b"<svg"):
        raise Refused("wrong_kind", _("Filen är ingen bild som går att använda. Välj PNG, WebP eller SVG."))
    if ACTIVE.search(text):
        raise Refused(
            "active_svg",
            _("SVG-filen innehåller annat än former: program, länkar eller bilder. Spara den enklare, eller som PNG."),
        )
    return "image/svg+xml"
