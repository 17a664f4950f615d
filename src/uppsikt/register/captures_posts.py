"""The newest posts of an account, each on its own page: part of the account's last picture (D49, D52, D56).

The account's first page shows the beginning of a few posts at most. Each post is a record since it came in, and is
kept with its versions; this shows how the newest ones stood on the network when the account ended.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings

from uppsikt.capture import page
from uppsikt.capture.errors import CaptureFailed
from uppsikt.capture.limits import MIB, Limits
from uppsikt.channels.models import Channel
from uppsikt.records.models import Item
from uppsikt.register.activity import POSTS

# A picture is signed whole, and must fit in a worker's memory with the account's own page: ten posts of twelve MiB.
MOST = 10
LIMITS = Limits(total=60.0, max_bytes=12 * MIB, max_body=8 * MIB)
FOLDER = "posts"


def take(channel: Channel, out: Path) -> dict[str, Any]:
    """Capture the newest posts' pages into folders of their own under `out`; what came of each, for the evidence.

    A page that cannot be opened is told of and left: the post itself is kept among the records. Secret posts are left
    out, whoever opens the picture need not be among those who may know of them (D20). Never raises for a page.
    """
    posts = Item.objects.filter(channel=channel, direction="drawn_up", kind__in=POSTS, state="visible", secret=False)
    told: list[dict[str, str]] = []
    for post in posts.exclude(address="").order_by("-at", "-id")[:MOST]:
        if not post.link:
            continue
        place = f"{FOLDER}/{len(told) + 1:02}"
        try:
            state = page.capture(post.link, out=out / place, limits=LIMITS, allow=settings.ALLOW_PRIVATE).state
        except CaptureFailed as failed:
            place, state = "", failed.code
        told.append({"address": post.link, "at": post.at.isoformat(), "folder": place, "state": state})
    kept = sum(bool(post["folder"]) for post in told)
    return {"of": posts.count(), "tried": len(told), "kept": kept, "most": MOST, "pages": told}
