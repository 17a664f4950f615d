"""Connecting a channel in three steps: recognise the address, try the credentials, say yes to whom we become.

Nothing is saved until the last step. What the steps know travels in the form, sealed: the browser can neither read
nor change it, and a password that was typed is never sent back in a form that anybody could read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from uppsikt.channels import actions, connecting, queries, vault, words
from uppsikt.channels.forms import AddressForm, ConnectForm, DutyForm, NeedsForm
from uppsikt.channels.views import RUNNERS, own_channel
from uppsikt.connectors.base import Need, Profile, Recognition, Trouble
from uppsikt.kernel.errors import Refused
from uppsikt.organisation import current
from uppsikt.organisation.models import Person, Unit
from uppsikt.organisation.queries import suggestions
from uppsikt.organisation.rules import Role
from uppsikt.ui import feedback
from uppsikt.ui.access import may

SECONDS = 30 * 60


@may(Role.ADMINISTRATOR, Role.COMMUNICATIONS)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def connect(request: HttpRequest) -> HttpResponse:
    """The three steps, each a form that names itself."""
    step = request.POST.get("step", "")
    try:
        if step == "try":
            return try_credentials(request, opened(request, "found"))
        if step == "save":
            return save(request, opened(request, "tried"))
    except vault.Locked:
        feedback.failed(request, _("Det gick för lång tid. Börja om med adressen, inget har sparats."))
        return redirect("channels:connect")
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return recognise(request, form)
    return render(request, "channels/connect_address.html", {"form": form})


def opened(request: HttpRequest, name: str) -> dict[str, Any]:
    """What an earlier step sealed. Raises Locked where it was sealed for somebody else, too, or too long ago."""
    value = vault.unseal(request.POST.get(name, ""), seconds=SECONDS)
    if value.get("for") != current.person(request).pk or value.get("what") != name:
        raise vault.Locked(name)
    return value


def sealed(request: HttpRequest, what: str, value: Mapping[str, Any]) -> str:
    """Seal what a later step needs, for this person and this use alone."""
    return vault.seal({**value, "for": current.person(request).pk, "what": what})


def recognise(request: HttpRequest, form: AddressForm) -> HttpResponse:
    """First step: what is at the address?"""
    try:
        found = connecting.recognise(form.cleaned_data["address"])
    except Trouble as trouble:
        context = {"form": form, "trouble": words.trouble(trouble.code, trouble.facts)}
        return render(request, "channels/connect_address.html", context)
    known = queries.known(found.network, found.address)
    if known and known.connected_at is not None:
        feedback.told(request, _("Kanalen är redan ansluten. Här är dess sida."))
        return redirect(queries.address(known))
    facts = {**facts_of(found), "known": known is not None}
    person = current.person(request)
    new = {"name": found.name, "responsible": person.email, "unit": person.unit_id}
    begin: dict[str, Any] = DutyForm.of(known) if known else new
    asked = ConnectForm(initial=begin, needs=needs_of(facts), vouches=vouches(request, facts))
    # A way in that is shut is told, and the other one that was found is the person's choice.
    return ask(request, facts, asked, words.shut_by(facts["found"]))


def vouches(request: HttpRequest, facts: Mapping[str, Any]) -> bool:
    """Whether the person says by connecting that the account was open before it was known here.

    That is the communications unit's to say (D12); for a system administrator it comes in as being opened.
    """
    return not facts["known"] and Role.COMMUNICATIONS in current.person(request).roles


def facts_of(found: Recognition) -> dict[str, Any]:
    """A recognition as plain data."""
    return {
        "network": found.network,
        "name": found.name,
        "address": found.address,
        "settings": dict(found.settings),
        "needs": [[need.name, need.secret, need.optional] for need in found.needs],
        "found": {str(name): str(value) for name, value in found.found.items()},
        "others": [list(one) for one in found.others],
    }


def needs_of(facts: Mapping[str, Any]) -> list[Need]:
    """The needed fields."""
    return [Need(name, secret, optional) for name, secret, optional in facts["needs"]]


def ask(
    request: HttpRequest, facts: Mapping[str, Any], form: ConnectForm, trouble: words.Trouble | None = None
) -> HttpResponse:
    """The page of the second step: what was found, and what is needed."""
    context = {
        "facts": facts,
        "network": words.network(facts["network"]),
        "icon": words.network_icon(facts["network"]),
        "told": words.found(facts["found"]),
        "form": form,
        "found": sealed(request, "found", facts),
        "trouble": trouble,
        "people": suggestions(),
        "unopened": not facts["known"] and not vouches(request, facts),
    }
    return render(request, "channels/connect_needs.html", context)


def try_credentials(request: HttpRequest, facts: Mapping[str, Any]) -> HttpResponse:
    """Second step: do they open the door, and whom do they make us?"""
    form = ConnectForm(request.POST, needs=needs_of(facts), vouches=vouches(request, facts))
    if not form.is_valid():
        return ask(request, facts, form)
    try:
        profile = connecting.check(facts["network"], facts["settings"], form.secrets)
    except Trouble as trouble:
        return ask(request, facts, form, words.trouble(trouble.code, trouble.facts))
    data = form.cleaned_data
    tried = {
        **facts,
        "secrets": form.secrets,
        "profile": actions.facts_of(profile),
        "name": data["name"],
        "unit": data["unit"].pk,
        "responsible": data["responsible"].pk,
        "central": data["central"],
        "reason": data.get("reason", ""),
    }
    context = {
        "profile": profile,
        "network": words.network(facts["network"]),
        "can": ", ".join(str(words.CAN[can]) for can in sorted(profile.can)),
        "data": data,
        "tried": sealed(request, "tried", tried),
    }
    return render(request, "channels/connect_confirm.html", context)


def save(request: HttpRequest, tried: Mapping[str, Any]) -> HttpResponse:
    """Third step: take the channel in."""
    kept = tried["profile"]
    if tried["known"] and queries.known(tried["network"], tried["address"]) is None:
        feedback.failed(request, _("Kontot togs bort ur registret under tiden. Börja om med adressen."))
        return redirect("channels:connect")
    channel = actions.connect(
        network=tried["network"],
        name=tried["name"],
        address=tried["address"],
        unit=Unit.objects.get(pk=tried["unit"]),
        responsible=Person.objects.get(pk=tried["responsible"]),
        settings=tried["settings"],
        secrets=tried["secrets"],
        profile=Profile(**{**kept, "can": frozenset(kept["can"])}),
        central=tried["central"],
        reason=tried["reason"],
        opening=not vouches(request, tried),
        by=current.person(request).doer,
        now=timezone.now(),
    )
    feedback.done(request, _("Kanalen är ansluten. Uppsikt läser nu det som finns där."))
    return redirect(queries.address(channel))


@may(*RUNNERS)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def reconnect(request: HttpRequest, pk: int) -> HttpResponse:
    """New credentials for a channel that is connected already; they are tried before the old ones are let go."""
    channel, person = own_channel(request, pk)
    if channel.connected_at is None:
        return redirect("channels:connect")
    if channel.state == "closed":
        raise Refused("closed", _("Kanalen är avslutad. Anslut den på nytt i stället."))
    kept = sorted(channel.secrets.values_list("name", flat=True), key=lambda name: (name not in words.SHOWN, name))
    needs = [Need(name, name not in words.SHOWN, name in words.OPTIONAL) for name in kept]
    form = NeedsForm(request.POST or None, needs=needs)
    trouble = None
    if request.method == "POST" and form.is_valid():
        try:
            profile = connecting.check(channel.network, channel.settings, form.secrets)
        except Trouble as error:
            trouble = words.trouble(error.code, error.facts)
        else:
            actions.reconnect(channel, secrets=form.secrets, profile=profile, by=person.doer, now=timezone.now())
            who = profile.logged_in_as
            feedback.done(request, _("Ansluten igen som %(who)s.") % {"who": who} if who else _("Ansluten igen."))
            return redirect(queries.address(channel))
    return render(request, "channels/reconnect.html", {"channel": channel, "form": form, "trouble": trouble})
