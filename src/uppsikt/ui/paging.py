"""Pages of long lists by key, not by number: the last page is as fast as the first, and steady while rows come in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

Row = TypeVar("Row", bound=Model)
# So many digits fit the database's widest whole number, whichever they are.
KEY_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """The rows of one page, newest first, and the addresses of the neighbours ("" where there is none)."""

    rows: list[Row]
    newer: str = ""
    older: str = ""


def number_of(text: str) -> int | None:
    """A row's key from an address or a form, or None for what can be none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= KEY_DIGITS else None


def read_key(text: str) -> tuple[datetime, int] | None:
    """The place that an address names, or None for one that is not ours: then the first page is shown."""
    moment, _sep, number = text.rpartition("_")
    try:
        at = datetime.fromisoformat(moment)
        # In UTC, since the database knows no time that lies before the first or after the last of a calendar there.
        return (at.astimezone(UTC), int(number)) if at.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _link(request: HttpRequest, name: str, row: Any, field: str) -> str:
    query = {key: value for key, value in request.GET.items() if key not in {"older", "newer"}}
    query[name] = f"{getattr(row, field).isoformat()}_{row.pk}"
    return f"?{urlencode(query)}"


def page(request: HttpRequest, rows: QuerySet[Row], *, by: str, size: int = 50) -> Page[Row]:
    """The page that the address asks for (`?older=` or `?newer=`), newest first.

    `by` is a datetime field, never null, that together with the primary key has an index.
    """
    newer_than, older_than = read_key(request.GET.get("newer", "")), read_key(request.GET.get("older", ""))
    if newer_than:
        at, pk = newer_than
        found = list(rows.filter(Q(**{f"{by}__gt": at}) | Q(**{by: at, "pk__gt": pk})).order_by(by, "pk")[: size + 1])
        more, found = len(found) > size, found[:size][::-1]
        has_newer, has_older = more, True
    else:
        if older_than:
            at, pk = older_than
            rows = rows.filter(Q(**{f"{by}__lt": at}) | Q(**{by: at, "pk__lt": pk}))
        found = list(rows.order_by(f"-{by}", "-pk")[: size + 1])
        more, found = len(found) > size, found[:size]
        has_newer, has_older = bool(older_than), more
    if not found:
        return Page([])
    return Page(
        found,
        _link(request, "newer", found[0], by) if has_newer else "",
        _link(request, "older", found[-1], by) if has_older else "",
    )
