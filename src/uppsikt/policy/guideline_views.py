"""The guideline in brief, read and acknowledged; its new editions; and the short courses (D24)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from uppsikt.kernel.errors import Refused
from uppsikt.organisation import current
from uppsikt.policy import courses as course_data
from uppsikt.policy import guideline, queries
from uppsikt.policy.guideline_models import Edition
from uppsikt.policy.tabs import tabs
from uppsikt.policy.views import EDITORS
from uppsikt.ui import feedback
from uppsikt.ui.access import may, signed_in

LAST_SHOWN = 30


class EditionForm(forms.Form):
    """A new edition of the guideline in brief."""

    changes = forms.CharField(
        label=gettext_lazy("Det som är nytt"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Står överst för alla som ska läsa. En eller ett par meningar räcker."),
    )
    text = forms.CharField(
        label=gettext_lazy("Riktlinjen i korthet"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 20}),
        help_text=gettext_lazy("En rubrik på egen rad. Under den varje punkt på en rad som börjar med bindestreck."),
    )
    days = forms.IntegerField(
        label=gettext_lazy("Ska vara kvitterad inom så många dagar"),
        min_value=0,
        max_value=120,
        help_text=gettext_lazy(
            "Den som inte har kvitterat då kan inte svara eller göra annat i kanalerna. 0 gäller genast."
        ),
    )
    # The edition that the writer began from: a second press publishes no second edition.
    after = forms.IntegerField(required=False, widget=forms.HiddenInput)


@signed_in
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The guideline in brief; a press says that one has read it and follows it."""
    person, edition, now = current.person(request), guideline.newest(), timezone.now()
    if edition is None:
        raise Http404
    unread = guideline.unread(person)
    if request.method == "POST":
        asked = request.POST.get("number", "")
        guideline.acknowledge(person, number=int(asked) if asked.isdecimal() and len(asked) < 9 else 0, now=now)  # noqa: PLR2004  # int
        feedback.done(request, _("Tack. Det är antecknat att du har läst riktlinjen."))
        return redirect("policy:guideline")
    mine = guideline.acknowledged(edition).filter(person=person).first()
    context: dict[str, Any] = {
        "tabs": tabs("guideline"),
        "edition": edition,
        "sections": guideline.sections(edition.text),
        "unread": unread is not None,
        "stopped": unread is not None and guideline.owes(person, at=now),
        "mine": mine,
        "may_change": bool(person.roles & set(EDITORS)),
    }
    if context["may_change"]:
        rows = guideline.acknowledged(edition)
        context |= {"rows": rows[:LAST_SHOWN], "count": rows.count()}
    return render(request, "policy/guideline.html", context)


@may(*EDITORS)
@require_http_methods(["GET", "POST"])
def new_edition(request: HttpRequest) -> HttpResponse:
    """Publish a new edition, which all with a mandate acknowledge anew."""
    last = Edition.objects.order_by("-number").first()
    initial = {
        "text": last.text if last else "",
        "days": queries.number("guideline.acknowledge_days"),
        "after": last.number if last else None,
    }
    form = EditionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            guideline.publish(**data, by=current.person(request).doer, now=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.words)
        else:
            feedback.done(request, _("Den nya riktlinjen gäller. Alla med uppdrag ombeds kvittera den."))
            return redirect("policy:guideline")
    return render(request, "policy/edition.html", {"form": form})


@signed_in
@require_GET
def courses(request: HttpRequest) -> HttpResponse:
    """The short courses, and which of them one has taken."""
    person = current.person(request)
    done = course_data.taken([person.pk]).get(person.pk, set())
    rows = [(course, course.code in done) for course in course_data.COURSES.values()]
    return render(request, "policy/courses.html", {"tabs": tabs("courses"), "rows": rows})


@signed_in
@require_http_methods(["GET", "POST"])
def course(request: HttpRequest, code: str) -> HttpResponse:
    """One course; a press says that one has gone through it."""
    found = course_data.COURSES.get(code)
    if found is None:
        raise Http404
    person = current.person(request)
    if request.method == "POST":
        course_data.take(person, found, now=timezone.now())
        feedback.done(request, _("Kursen om %(name)s är genomgången.") % {"name": found.name})
        return redirect("policy:courses")
    done = code in course_data.taken([person.pk]).get(person.pk, set())
    return render(request, "policy/course.html", {"course": found, "done": done})
