"""What records are sought by, what a search is named, and why a record is secret."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from uppsikt.channels import queries as channels
from uppsikt.records import grounds, words
from uppsikt.records.search import Asked
from uppsikt.ui import names, times

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
LONGEST = 2000


class SearchForm(forms.Form):
    """Words and filters. What cannot be read narrows nothing."""

    # Nothing in it must be filled in, and saying so at every field would only be noise.
    is_filter = True

    q = forms.CharField(label=gettext_lazy("Sök i alla lydelser"), required=False, max_length=1000)
    kanal = forms.TypedChoiceField(label=gettext_lazy("Kanal"), required=False, coerce=int, empty_value=None)
    enhet = forms.TypedChoiceField(label=gettext_lazy("Enhet"), required=False, coerce=int, empty_value=None)
    typ = forms.ChoiceField(label=gettext_lazy("Typ"), required=False)
    riktning = forms.ChoiceField(label=gettext_lazy("Riktning"), required=False)
    status = forms.ChoiceField(label=gettext_lazy("På nätet"), required=False)
    fran_vem = forms.CharField(label=gettext_lazy("Skrivet av"), required=False, max_length=200)
    fran = forms.DateField(label=gettext_lazy("Från och med"), required=False, widget=DAY)
    till = forms.DateField(label=gettext_lazy("Till och med"), required=False, widget=DAY)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        every = [("", _("Alla"))]
        rows = channels.listed()
        units = {unit: name for _pk, _name, unit, name in rows}
        choices: dict[str, list[tuple[Any, Any]]] = {
            "kanal": [(pk, name) for pk, name, _unit, _unit_name in rows],
            "enhet": sorted(units.items(), key=lambda unit: names.sort_key(unit[1])),
            "typ": list(words.KINDS.items()),
            "riktning": list(words.DIRECTIONS.items()),
            "status": list(words.STATES.items()),
        }
        for field, listed in choices.items():
            self.fields[field].choices = [*every, *listed]  # type: ignore[attr-defined]  # ChoiceFields have it

    @cached_property
    def given(self) -> dict[str, Any]:
        """What could be read of what was asked for."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in {None, ""}}

    @property
    def narrowed(self) -> bool:
        """Whether anything is set."""
        return bool(self.given)

    @property
    def sifted(self) -> bool:
        """Whether any of the filters that lie folded is set, or cannot be read."""
        folded = ("enhet", "typ", "riktning", "status", "fran_vem", "fran", "till")
        return any(name in self.given or name in self.errors for name in folded)

    @property
    def query(self) -> str:
        """The search as an address holds it, without "?": what it is saved and known again by."""
        return urlencode({name: written(value) for name, value in self.given.items()})[:LONGEST]

    def query_with(self, **other: str) -> str:
        """The same with something changed."""
        return urlencode({name: written(value) for name, value in {**self.given, **other}.items()})[:LONGEST]

    def asked(self) -> Asked:
        """The search."""
        get = self.given.get
        channel, unit, since, until = get("kanal"), get("enhet"), get("fran"), get("till")
        return Asked(
            words=get("q", ""),
            channels=(channel,) if channel else (),
            units=(unit,) if unit else (),
            kind=get("typ", ""),
            direction=get("riktning", ""),
            state=get("status", ""),
            author=get("fran_vem", ""),
            since=times.day_begins(since) if since else None,
            before=times.day_ends(until) if until else None,
        )

    def clean(self) -> dict[str, Any]:
        """Days in their order: a span that ends before it begins holds nothing, and is most often a slip."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = cleaned.get("fran"), cleaned.get("till")
        if since and until and since > until:
            self.add_error("till", _("Till och med ligger före från och med."))
        return cleaned


def written(value: Any) -> str:
    """A value as an address holds it."""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


class SaveForm(forms.Form):
    """A name for a search, and whose it is."""

    name = forms.CharField(
        label=gettext_lazy("Namn"),
        max_length=80,
        error_messages={"required": gettext_lazy("Ge sökningen ett namn.")},
    )
    shared = forms.BooleanField(label=gettext_lazy("Visa den för alla på min enhet"), required=False)
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=LONGEST)


class MarkForm(forms.Form):
    """Why a record is secret: by which law, and in words."""

    ground = forms.ChoiceField(
        label=gettext_lazy("Bestämmelse som skyddar"),
        error_messages={"required": gettext_lazy("Välj den bestämmelse i lagen som gör uppgiften hemlig.")},
    )
    section = forms.CharField(
        label=gettext_lazy("Vilken annan bestämmelse"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Fyll i om du valde ”En annan bestämmelse”, till exempel OSL 40 kap. 5 §."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Varför"),
        widget=forms.Textarea,
        max_length=2000,
        error_messages={"required": gettext_lazy("Skriv varför uppgiften är hemlig.")},
    )
    replies = forms.BooleanField(
        label=gettext_lazy("Även det som är skrivet, och skrivs, under inlägget"), required=False
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["ground"].choices = [("", _("Välj bestämmelse")), *grounds.choices()]  # type: ignore[attr-defined]  # it has


class LiftForm(forms.Form):
    """Why a record is no longer secret."""

    reason = forms.CharField(
        label=gettext_lazy("Varför"),
        widget=forms.Textarea,
        max_length=2000,
        error_messages={"required": gettext_lazy("Skriv varför uppgiften inte längre är hemlig.")},
    )
    replies = forms.BooleanField(label=gettext_lazy("Även det som är skrivet under inlägget"), required=False)
