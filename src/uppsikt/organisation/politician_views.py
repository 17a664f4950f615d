"""Noting that somebody is elected, or no longer is (D34)."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from uppsikt.kernel.errors import Refused
from uppsikt.organisation import current, politicians, queries
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.ui import feedback
from uppsikt.ui.access import may


class PostForm(forms.Form):
    """What somebody is elected to."""

    post = forms.CharField(
        label=gettext_lazy("Uppdraget som förtroendevald"),
        max_length=200,
        help_text=gettext_lazy(
            "Till exempel ledamot i kultur- och fritidsnämnden. Personens uppdrag i kanalerna upphör genast, och "
            "rollerna öppnar inget så länge."
        ),
    )


@may(Role.ADMINISTRATOR, Role.COMMUNICATIONS)
@require_http_methods(["GET", "POST"])
def elect(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that somebody is elected: they lose their part in the channels at once."""
    person = get_object_or_404(Person, pk=pk)
    form = PostForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            politicians.elect(
                person, post=form.cleaned_data["post"], by=current.person(request).doer, now=timezone.now()
            )
        except Refused as refused:
            form.add_error(None, refused.words)
        else:
            feedback.done(request, _("%(name)s är antecknad som förtroendevald.") % {"name": person.name})
            return redirect(queries.address(person))
    context = {"form": form, "title": _("Förtroendevald"), "about": person.name}
    return render(request, "organisation/form.html", context)


@may(Role.ADMINISTRATOR, Role.COMMUNICATIONS)
@require_POST
def unelect(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the political post has ended."""
    person = get_object_or_404(Person, pk=pk)
    politicians.unelect(person, by=current.person(request).doer, now=timezone.now())
    feedback.done(request, _("%(name)s är inte längre förtroendevald. Uppdrag ges på nytt.") % {"name": person.name})
    return redirect(queries.address(person))
