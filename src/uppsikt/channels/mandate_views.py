"""Mandates: given and ended by the manager, in words (D21)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from uppsikt.channels import actions, mandates, pages, queries
from uppsikt.channels.forms import MandateForm, RenewForm
from uppsikt.channels.models import Channel, Mandate
from uppsikt.channels.rules import Act
from uppsikt.channels.views import reason_in
from uppsikt.kernel.errors import Refused
from uppsikt.organisation import current
from uppsikt.organisation import queries as organisation
from uppsikt.organisation.models import Person
from uppsikt.organisation.queries import suggestions
from uppsikt.organisation.rules import Role
from uppsikt.ui import feedback
from uppsikt.ui.access import may


def manager(request: HttpRequest, channel: Channel | None) -> Person:
    """Who asks. Raises Refused for somebody else's manager."""
    person = current.person(request)
    if not queries.gives_mandates(person, channel):
        if channel is None:
            words = _("Uppdrag för alla kanaler ges av den som är chef över alla enheter.")
        else:
            words = _("Uppdrag i kanalen ges av chefen för %(unit)s. Be hen om ett.") % {"unit": channel.unit.name}
        raise Refused("not_manager", words)
    return person


@may(Role.MANAGER)
@require_http_methods(["GET", "POST"])
def give(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Give somebody a mandate on a channel; without a key, on every channel."""
    channel = get_object_or_404(Channel.objects.select_related("unit"), pk=pk) if pk else None
    person = manager(request, channel)
    form = MandateForm(request.POST or None, initial={"since": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.give_mandate(
                person=data["person"],
                channel=channel,
                acts=[Act(act) for act in data["acts"]],
                since=form.begins,
                until=form.ends,
                given_by=person,
                reason=data["reason"],
                now=timezone.now(),
            )
        except Refused as refused:
            form.add_error(None, refused.words)
        else:
            feedback.done(request, _("%(name)s har fått uppdraget.") % {"name": data["person"].name})
            return redirect(queries.address(channel) if channel else "channels:channels")
    return render(
        request,
        "channels/mandate.html",
        {"channel": channel, "form": form, "people": suggestions(channel.unit if channel else None)},
    )


@may(Role.MANAGER)
@require_http_methods(["GET", "POST"])
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a mandate hold for another year (D21)."""
    mandate = get_object_or_404(Mandate.objects.select_related("channel__unit", "person"), pk=pk)
    person, back = manager(request, mandate.channel), home(mandate)
    form = RenewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            mandates.renew(mandate, until=form.ends, by=person, reason=form.cleaned_data["reason"], now=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.words)
        else:
            feedback.done(request, _("Uppdraget för %(name)s är förnyat.") % {"name": mandate.person.name})
            return redirect(back)
    context = {
        "mandate": mandate,
        "acts": pages.acts_words(mandate.acts),
        "last": pages.last_day(mandate),
        "form": form,
        "back": back,
    }
    return render(request, "channels/renew.html", context)


def home(mandate: Mandate) -> str:
    """The page on which a mandate stands."""
    return queries.address(mandate.channel) if mandate.channel else organisation.address(mandate.person)


@may(Role.MANAGER)
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a mandate at once."""
    mandate = get_object_or_404(Mandate.objects.select_related("channel__unit", "person"), pk=pk)
    person = manager(request, mandate.channel)
    actions.end_mandate(mandate, reason=reason_in(request), by=person.doer, now=timezone.now())
    feedback.done(
        request, _("Uppdraget är avslutat. %(name)s kan inte längre svara här.") % {"name": mandate.person.name}
    )
    return redirect(queries.address(mandate.channel) if mandate.channel else "channels:channels")
