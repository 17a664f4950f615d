"""The standing text of an account: read it, choose its languages, copy what has room; and the municipality's facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from uppsikt.channels.models import Channel
from uppsikt.organisation.current import person
from uppsikt.organisation.rules import Role
from uppsikt.policy.networks import Network
from uppsikt.register import (
    deviation_queries,
    directory,
    directory_changes,
    entries,
    infotext_facts,
    infotext_reading,
    tabs,
)
from uppsikt.register.checks import infotext as checks
from uppsikt.register.checks.base import Subject
from uppsikt.register.deviation_views import DOERS, account_or_404, own_account
from uppsikt.register.directory_forms import PublicFactsForm
from uppsikt.register.infotext_composing import Said, TooLong, applies, compose, fields
from uppsikt.register.infotext_languages import ALL, Language
from uppsikt.register.models import Entry
from uppsikt.ui import feedback
from uppsikt.ui.access import may, signed_in

INVALID = 422
# Where on the network a text can stand, and what is to be known of it.
FIELDS: dict[str, tuple[Promise, Promise]] = {
    "description": (gettext_lazy("I kontots beskrivning"), gettext_lazy("Det som står överst på kontot.")),
    "about": (gettext_lazy("Under ”Om”"), gettext_lazy("Den längre texten, ett steg bort.")),
    "post": (gettext_lazy("I ett fäst inlägg"), gettext_lazy("Lägg ut det och fäst det överst, om nätet kan det.")),
    "page": (
        gettext_lazy("På kontots sida i den öppna listan"),
        gettext_lazy("Den visas redan där. Här kan du kopiera hela texten till en sida på webbplatsen."),
    ),
}
SAID_BY: dict[str, Promise] = {
    "network": gettext_lazy("Nätet säger det självt."),
    "others": gettext_lazy("Andra som har mätt säger det; nätet säger det inte självt."),
    "unconfirmed": gettext_lazy("Ingen har kunnat bekräfta det."),
}


@dataclass(frozen=True, slots=True)
class Place:
    """One place for the text: how much room there is, what is said there, and what is left to the account's page."""

    code: str
    name: str
    about: str
    most: int | None
    said: Said | None
    over: int = 0
    left: tuple[str, ...] = ()


class LanguagesForm(forms.Form):
    """In which languages the account's text is to be had."""

    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Språk på kontot"),
        choices=[(code, one.name) for code, one in ALL.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Välj minst ett språk.")},
    )


@signed_in
@require_GET
def text(request: HttpRequest, pk: int) -> HttpResponse:
    """The text for each place on the network, in a chosen language, and what the account says today."""
    channel = account_or_404(pk)
    return render(request, "register/infotext.html", page(request, channel))


def page(request: HttpRequest, channel: Channel, form: LanguagesForm | None = None) -> dict[str, Any]:
    """What the page shows; `form` is one that was filled in wrongly."""
    entry = entries.of(channel)
    chosen = infotext_facts.languages(entry)
    language = ALL.get(request.GET.get("sprak", "")) or ALL[chosen[0]]
    network = infotext_facts.network_of(channel)
    return {
        "channel": channel,
        "language": language,
        "tongues": [(one, one.code == language.code, one.code in chosen) for one in ALL.values()],
        "places": places(channel, entry, language, network),
        "network": network,
        "said_by": SAID_BY[network.said_by],
        "today": today(channel, entry),
        "form": form or LanguagesForm(initial={"languages": chosen}),
        "changes": bool(person(request).roles & set(DOERS)) and deviation_queries.answers_for(person(request), channel),
        "page_url": directory.short(channel),
        "tabs": tabs.of(request, ""),
    }


def places(channel: Channel, entry: Entry, language: Language, network: Network) -> list[Place]:
    """The text for each place; where not even what must stand there has room, by how much it is too long."""
    facts = infotext_facts.of(channel, language.code, entry)
    found = []
    for code, most in fields(network):
        name, about = (str(words) for words in FIELDS[code])
        try:
            said = compose(language, facts, most)
        except TooLong as error:
            found.append(Place(code, name, about, most, None, error.over))
        else:
            titles = tuple(reader().parts[part].title for part in said.left)
            found.append(Place(code, name, about, most, said, left=titles))
    return found


def reader() -> Language:
    """The language that whoever looks at the page reads it in, for the names of the parts."""
    return ALL["en"] if get_language() == "en" else ALL["sv"]


def today(channel: Channel, entry: Entry) -> list[tuple[str, bool]] | None:
    """What the account says today, part by part; None where the product cannot see."""
    words = checks.text_of(Subject(channel, entry, channel.profile, timezone.now()))
    if words is None:
        return None
    found = infotext_reading.parts(words, infotext_facts.known(channel))
    titles = reader().parts
    return [
        (titles[part].title, part in found) for part in applies(infotext_facts.network_of(channel)) if part != "welcome"
    ]


@may(*DOERS)
@require_POST
def choose_languages(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the languages of an account. Raises Refused for whoever does not answer for it."""
    who = person(request)
    channel = own_account(pk, who)
    form = LanguagesForm(request.POST)
    if not form.is_valid():
        return render(request, "register/infotext.html", page(request, channel, form), status=INVALID)
    chosen = [code for code in ALL if code in form.cleaned_data["languages"]]
    entries.change(channel, by=who.doer, now=timezone.now(), languages=chosen)
    feedback.done(request, _("Språken är sparade. De visas i den öppna listan."))
    return redirect("register:infotext", pk=pk)


@may(Role.COMMUNICATIONS, Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def public_facts(request: HttpRequest) -> HttpResponse:
    """How the municipality is reached and where its own pages are, for the list and for every standing text."""
    form = PublicFactsForm(request.POST or None, instance=directory.public_facts())
    if request.method == "POST" and form.is_valid():
        directory_changes.change_facts(by=person(request).doer, now=timezone.now(), **form.cleaned_data)
        feedback.done(request, _("Uppgifterna är sparade. De syns i den öppna listan och i infotexterna från nu."))
        return redirect("register:public_facts")
    status = INVALID if form.is_bound else 200
    context = {
        "form": form,
        "tabs": tabs.of(request, "public_facts"),
        "list_url": directory.page("list"),
        "embed_url": directory.page("embed"),
    }
    return render(request, "register/public_facts.html", context, status=status)
