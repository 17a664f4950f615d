"""How a deed on a case's page is done: what is posted, by whom, and the page that says how it went.

A deed is a function that is given what was asked and says what was done. It raises Refused for what cannot be done,
which is told in its form, with the texts that were written, or at the top of the page where it has no form.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from uppsikt.inbox import desks, drafts, listing, queries, reply_templates, wishes
from uppsikt.inbox.answers import Author
from uppsikt.inbox.desk_models import ReplyTemplate
from uppsikt.inbox.forms import Own
from uppsikt.inbox.models import Case, Forward
from uppsikt.inbox.views import case_or_404, render_case
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.current import person
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import STAFF
from uppsikt.ui import feedback
from uppsikt.ui.access import RuledView, View, may
from uppsikt.ui.attempts import DONE, attempt
from uppsikt.ui.paging import number_of


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks of a case: all that was posted, and what its form made of it."""

    case: Case
    by: Person
    now: datetime
    post: QueryDict
    given: dict[str, Any] = field(default_factory=dict)

    @property
    def forward(self) -> Forward | None:
        """The forwarded question whose answer is used, where one is. Raises Http404 where it has none."""
        used = used_forward(self.post)
        return get_object_or_404(Forward, pk=used, case=self.case, state="answered") if used else None

    @property
    def author(self) -> Author:
        """Whose words are published: the expert's, where theirs are used, else one's own (D36)."""
        expert = self.forward
        return Author.of_forward(expert) if expert else Author.of(self.by)

    @property
    def template(self) -> ReplyTemplate | None:
        """The template that the text began as, where the form names one that the person may use."""
        found = reply_templates.find(self.given["template"], self.by)
        return found[0] if found else None


Deed = Callable[..., str]
# The form of a deed: a class that takes what was posted, or what makes one that lists what can be chosen for the case.
Make = type[Own] | Callable[[Asked], Own]


def used_forward(post: QueryDict) -> int | None:
    """The key of the forwarded question whose answer is used."""
    return number_of(post.get("forward", ""))


def posted(view: View) -> RuledView:
    """Only what staff post is done; whoever opens the address (a reload, a link) comes to the case."""

    @functools.wraps(view)
    def only_posted(request: HttpRequest, pk: int, **more: Any) -> HttpResponseBase:
        return view(request, pk, **more) if request.method == "POST" else back(request, pk)

    return may(*STAFF)(only_posted)


def plain(deed: Deed) -> RuledView:
    """A deed without a form."""

    @functools.wraps(deed)
    def view(request: HttpRequest, pk: int, **more: Any) -> HttpResponse:
        case, _reached = case_or_404(request, pk)
        try:
            feedback.done(request, deed(asked(request, case), **more))
        except Refused as refused:
            feedback.failed(request, refused.words)
        return back(request, pk)

    return posted(view)


def with_form(make: Make, *, draft: str = "", goes_on: bool = False) -> Callable[[Deed], View]:
    """A deed with a form, whose text may have been kept as a draft; where it `goes_on`, the next case may open.

    What it makes of a deed carries it out for any post; `posted` lets only staff's posts through.
    """

    def decorate(deed: Deed) -> View:
        @functools.wraps(deed)
        def view(request: HttpRequest, pk: int, **more: Any) -> HttpResponse:
            case, _reached = case_or_404(request, pk)
            wish = asked(request, case)
            form = make(wish.post) if isinstance(make, type) else make(wish)
            said, status = attempt(form, lambda: deed(replace(wish, given=form.cleaned_data), **more))
            if status != DONE:
                return render_case(request, *case_or_404(request, pk), bound=form, status=status)
            kept = place_of(draft, request.POST)
            feedback.done(request, said, draft=f"case-{pk}-{kept}" if kept else "")
            if kept:
                drafts.drop(pk, person(request), kept)
            return onward(request, case) if goes_on else back(request, pk)

        return view

    return decorate


def place_of(draft: str, post: QueryDict) -> str:
    """Where the text was kept: an answer in an expert's words has a place of its own."""
    used = used_forward(post) if draft == "answer" else None
    return f"forward-{used}" if used else draft


def asked(request: HttpRequest, case: Case) -> Asked:
    """What the request asks of the case."""
    return Asked(case, person(request), timezone.now(), request.POST)


def back(request: HttpRequest, pk: int) -> HttpResponse:
    """To the case, in the list where one was."""
    return redirect(reverse("inbox:case", args=[pk]) + wishes.chosen(request.GET).here)


def onward(request: HttpRequest, case: Case) -> HttpResponse:
    """To the next case that is due, for those who want that; else back to this one."""
    who, now = person(request), timezone.now()
    desk = desks.of(who)
    if "opens_next_shown" in request.POST:
        yes = "opens_next" in request.POST
        if yes != desk.opens_next:
            desks.open_next(who, yes=yes)
            desk.opens_next = yes
    if not desk.opens_next:
        return back(request, case.pk)
    wish, reached = wishes.wished(request, desk), queries.reach(who, at=now)
    before, after = listing.neighbours(case, wish, wishes.Ask(who, now), reached, skip_sent=True)
    following = after or before
    if following is None:
        return redirect(reverse("inbox:list") + wish.query())
    return redirect(reverse("inbox:case", args=[following]) + wish.query())
