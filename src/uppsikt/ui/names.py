"""Lists in the order of the Swedish alphabet, page by page by key; the database needs no Swedish collation for it."""

from __future__ import annotations

from typing import TypeVar
from urllib.parse import urlencode

from django.db.models import F, Func, Model, Q, QuerySet, TextField, Value
from django.db.models.functions import Collate, Lower
from django.http import HttpRequest

from uppsikt.ui.paging import Page

Row = TypeVar("Row", bound=Model)

# å, ä and ö come after z, in that order; accents do not count.
FROM, TO = "ÅÄÖåäöÆæØøÉéÈèÜüÁáÍíÓóÑñÇç", "{|}{|}||}}eeeeuuaaiioonncc"
KEY = "by_name"
# As many as a key has at the most.
DIGITS = 18


def key(field: str) -> Collate:
    """What to sort by for a name in a field."""
    plain = Func(Lower(F(field)), Value(FROM), Value(TO), function="translate", output_field=TextField())
    return Collate(plain, "C")


def sort_key(name: str) -> str:
    """The same for a name that is read already."""
    return name.lower().translate(str.maketrans(FROM, TO))


def in_order(rows: QuerySet[Row], field: str = "name") -> QuerySet[Row]:
    """The rows in alphabetical order."""
    ordered: QuerySet[Row] = rows.annotate(**{KEY: key(field)}).order_by(KEY, "pk")
    return ordered


def page(request: HttpRequest, rows: QuerySet[Row], *, by: str = "name", size: int = 50) -> Page[Row]:
    """The page that the address asks for (`?older=` is further on, `?newer=` further back), in alphabetical order."""
    keyed = rows.annotate(**{KEY: key(by)})
    back, on = _place(request.GET.get("newer", "")), _place(request.GET.get("older", ""))
    if back:
        name, pk = back
        before = keyed.filter(Q(**{f"{KEY}__lt": name}) | Q(**{KEY: name, "pk__lt": pk}))
        found = list(before.order_by(f"-{KEY}", "-pk")[: size + 1])
        more, found = len(found) > size, found[:size][::-1]
        has_newer, has_older = more, True
    else:
        if on:
            name, pk = on
            keyed = keyed.filter(Q(**{f"{KEY}__gt": name}) | Q(**{KEY: name, "pk__gt": pk}))
        found = list(keyed.order_by(KEY, "pk")[: size + 1])
        more, found = len(found) > size, found[:size]
        has_newer, has_older = bool(on), more
    if not found:
        return Page([])
    return Page(
        found,
        _link(request, "newer", found[0]) if has_newer else "",
        _link(request, "older", found[-1]) if has_older else "",
    )


def _place(text: str) -> tuple[str, int] | None:
    name, _sep, number = text.rpartition("_")
    ours = number.isascii() and number.isdecimal() and len(number) <= DIGITS and "\0" not in name
    return (name, int(number)) if name and ours else None


def _link(request: HttpRequest, name: str, row: Model) -> str:
    query = {field: value for field, value in request.GET.items() if field not in {"older", "newer"}}
    query[name] = f"{getattr(row, KEY)}_{row.pk}"
    return f"?{urlencode(query)}"
