"""What the desk adds to a case's page: drafts, templates, the cases before and after, what can be taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from uppsikt.inbox import drafts, listing, reply_templates
from uppsikt.inbox.desk_models import Desk, Draft
from uppsikt.inbox.forms import Own
from uppsikt.inbox.models import Answer, Case
from uppsikt.inbox.queries import Reach
from uppsikt.inbox.wishes import Ask, Chosen
from uppsikt.organisation.models import Person
from uppsikt.ui.paging import number_of

# Which field of which form holds which draft.
FIELDS = {
    "answer": ("answer", "text"),
    "hold": ("hold", "text"),
    "forward": ("forward", "question"),
    "note": ("note", "text"),
    "no_answer": ("no_answer", "more"),
    "pass_on": ("pass_on", "more"),
}


def context(
    request: HttpRequest,
    case: Case,
    shown: Mapping[str, Any],
    *,
    reached: Reach,
    desk: Desk,
    bound: Own | None,
    now: datetime,
) -> dict[str, Any]:
    """The desk's parts of the page; `shown` is what the page has without them."""
    person: Person = shown["person"]
    wish: Chosen = shown["wish"]
    before, after = listing.neighbours(case, wish, Ask(person, now), reached)
    more: dict[str, Any] = {
        "before_url": address(before, shown["query"]),
        "after_url": address(after, shown["query"]),
        "opens_next": desk.opens_next,
    }
    if not shown["may"]:
        return more
    own, given = drafts.of_case(case.pk, person)
    choices = reply_templates.choices(case, person, now=now) if case.is_open else []
    begun: dict[str, Draft | None] = {**own}
    if shown["taken_up"] is not None:
        begun["answer"] = own.get(f"forward_{shown['taken_up'].pk}")
    begin(shown["forms"], begun, bound)
    if bound is None:
        insert(request, shown["forms"], choices, given)
    return {
        **more,
        "drafts": begun,
        "handed_over": given,
        "choices": choices,
        "picker_open": "mallar" in request.GET,
    }


def address(pk: int | None, query: str) -> str:
    """Where a case is shown in the list that it stands in, or "" for none."""
    return reverse("inbox:case", args=[pk]) + query if pk is not None else ""


def begin(forms: Mapping[str, Own], own: Mapping[str, Draft | None], bound: Own | None) -> None:
    """Let the forms begin with what the person wrote last time; a form that was sent holds what was sent."""
    for place, (name, field) in FIELDS.items():
        draft = own.get(place)
        form = forms.get(name)
        if draft is not None and form is not None and form is not bound:
            form.initial[field] = draft.text


def insert(
    request: HttpRequest, forms: Mapping[str, Own], choices: list[reply_templates.Choice], given: list[Draft]
) -> None:
    """Without scripts, a template or a colleague's draft comes into the form by the address (`?mall=`, `?utkast=`)."""
    picked = next((each for each in choices if each.key == request.GET.get("mall", "")), None)
    if picked is not None:
        forms[picked.place].initial.update(text=picked.text, template=picked.key)
    wanted = number_of(request.GET.get("utkast", ""))
    for draft in given:
        if draft.pk == wanted:
            forms["answer"].initial["text"] = draft.text


def can_be_taken_back(person: Person, *, now: datetime) -> Answer | None:
    """The answer that the person sent last, while it is still in the house."""
    rows = Answer.objects.filter(publisher=person, state="sending", intent__state="written", intent__attempts=0)
    rows = rows.filter(intent__not_before__gt=now).select_related("intent", "case__last_item__actor")
    return rows.order_by("-id").first()
