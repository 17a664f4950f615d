"""Absence and cover: one's own, and for managers that of the unit's people (D27)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from uppsikt.kernel.errors import Refused
from uppsikt.organisation import absences, current, queries
from uppsikt.organisation.forms import PersonField
from uppsikt.organisation.models import Absence
from uppsikt.ui import feedback
from uppsikt.ui.access import signed_in


def day_field(label: Any, missing: Any) -> forms.DateField:
    """A day."""
    return forms.DateField(
        label=label,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": missing, "invalid": gettext_lazy("Skriv dagen så här: 2026-07-01.")},
    )


class AbsenceForm(forms.Form):
    """Who is away, from which day to which, and who covers. Without `others` only one's own absence."""

    person = PersonField(label=gettext_lazy("Vem är borta?"), help_text=gettext_lazy("Personens e-postadress."))
    since = day_field(gettext_lazy("Första dag"), gettext_lazy("Välj första dagen."))
    until = day_field(gettext_lazy("Sista dag"), gettext_lazy("Välj sista dagen."))
    cover = PersonField(
        label=gettext_lazy("Ersättare"),
        help_text=gettext_lazy("Kollegans e-postadress. Ärenden och påminnelser går dit under tiden."),
        error_messages={"required": gettext_lazy("Välj en kollega som ersätter under tiden.")},
    )

    def __init__(self, *args: Any, others: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        self.use_required_attribute = False
        if not others:
            del self.fields["person"]

    def begins(self, now: datetime) -> datetime:
        """From the morning of the first day; at once where that is today."""
        return max(morning(self.cleaned_data["since"]), now)

    def ends(self) -> datetime:
        """To the midnight after the last day."""
        return morning(self.cleaned_data["until"]) + timedelta(days=1)


def morning(day: Any) -> datetime:
    """The first moment of a day, Swedish time."""
    return timezone.make_aware(datetime.combine(day, time()))


@signed_in
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Who is away and who covers, and the form for more of it."""
    who, now = current.person(request), timezone.now()
    kept = absences.kept_by(who)
    others = kept.exclude(pk=who.pk).exists()
    today = timezone.localdate(now)
    # Somebody else's absence that was asked for is refused in words, and never noted as one's own.
    asked = others or "person" in request.POST
    form = AbsenceForm(request.POST or None, others=asked, initial={"since": today, "person": who.email})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        person = data.get("person") or who
        try:
            absences.note(
                person=person, cover=data["cover"], since=form.begins(now), until=form.ends(), by=who, now=now
            )
        except Refused as refused:
            form.add_error(None, refused.words)
        else:
            said = {"cover": data["cover"].name, "name": person.name}
            feedback.done(request, _("%(cover)s ersätter %(name)s under tiden.") % said)
            for words in absences.concerns(person, data["cover"], at=form.begins(now)):
                feedback.told(request, words)
            return redirect("organisation:absence")
    context = {
        "form": form,
        "person": who,
        "others": others,
        "rows": list(absences.coming(kept, at=now)[:200]),
        "covered": list(Absence.objects.filter(ended_at=None, until__gt=now, cover=who).select_related("person")[:50]),
        "people": queries.suggestions(who.unit),
        "now": now,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "organisation/absence.html", context, status=status)


@signed_in
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """The person is back, or will not be away."""
    row = get_object_or_404(Absence.objects.select_related("person", "cover"), pk=pk)
    absences.end(row, by=current.person(request), now=timezone.now())
    feedback.done(request, _("Frånvaron är avslutad."))
    return redirect("organisation:absence")
