"""Forms for channels: address, credentials, who answers for it, mandates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from uppsikt.channels import words
from uppsikt.channels.models import Channel
from uppsikt.channels.rules import Act
from uppsikt.connectors.base import Need
from uppsikt.organisation.forms import PersonField, UnitField
from uppsikt.organisation.models import Unit
from uppsikt.ui import times

LONGEST_SECRET = 400


class AddressForm(forms.Form):
    """The address of what is to be connected."""

    address = forms.CharField(
        label=_("Webbplatsens eller kontots adress"),
        max_length=500,
        help_text=_("Som den står i webbläsaren, till exempel https://blogg.kommunen.se."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url", "spellcheck": "false"}),
    )


class NeedsForm(forms.Form):
    """What a network needs to let us in. Passwords are never shown again, not even after an error."""

    def __init__(self, *args: Any, needs: Iterable[Need], **more: Any) -> None:
        super().__init__(*args, **more)
        self.needs = list(needs)
        for need in self.needs:
            label, helped = words.need(need.name)
            widget: forms.Widget = (
                forms.PasswordInput(render_value=False, attrs={"autocomplete": "off"})
                if need.secret
                else forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
            )
            self.fields[need.name] = forms.CharField(
                label=label,
                help_text=helped,
                widget=widget,
                max_length=LONGEST_SECRET,
                strip=True,
                required=not need.optional,
            )

    @property
    def secrets(self) -> dict[str, str]:
        """What was filled in, by the network's own names."""
        return {need.name: self.cleaned_data[need.name] for need in self.needs}


class DutyForm(forms.Form):
    """Who answers for a channel (D5)."""

    name = forms.CharField(label=_("Kanalens namn"), max_length=160)
    unit = UnitField(label=_("Enhet som ansvarar för kanalen"))
    responsible = PersonField(
        label=_("Ansvarig person"),
        help_text=_("E-postadressen till den på enheten som ansvarar för kanalen."),
    )
    central = forms.BooleanField(
        label=_("Central kanal"),
        required=False,
        help_text=_("Kommunens gemensamma kanaler, som kommunikationsenheten ansvarar för."),
    )

    @classmethod
    def of(cls, channel: Channel) -> dict[str, Any]:
        """How it is now, for the form to begin with."""
        return {
            "name": channel.name,
            "unit": channel.unit_id,
            "responsible": channel.responsible.email,
            "central": channel.central,
        }


class ConnectForm(DutyForm, NeedsForm):
    """Credentials, and who answers for the channel.

    One that the register does not know of is taken over as it is by who `vouches` for it, and that asks for a
    `reason` (D12).
    """

    reason = forms.CharField(
        label=_("Hur vet du att kontot redan är öppet?"),
        max_length=1000,
        help_text=_(
            "Ett nytt konto beställs under Konton och öppnas när det har det som policyn kräver. Här ansluts det som "
            "redan finns, till exempel: Bloggen startade 2019, beslut av bibliotekschefen."
        ),
    )

    field_order = ("name", "unit", "responsible", "central", "reason")

    def __init__(self, *args: Any, vouches: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if not vouches:
            del self.fields["reason"]


class EndForm(forms.Form):
    """When a mandate is to end."""

    until = forms.DateField(
        label=_("Till och med"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Lämna tomt så gäller uppdraget så länge som policyn tillåter, oftast ett år."),
    )

    @property
    def ends(self) -> datetime | None:
        """The moment after the last day."""
        last = self.cleaned_data["until"]
        return times.day_ends(last) if last else None


class MandateForm(EndForm):
    """A mandate: to whom, for what, from when to when (D21)."""

    field_order = ("person", "acts", "since", "until", "reason")

    person = PersonField(label=_("Person"), help_text=_("Personens e-postadress."))
    acts = forms.MultipleChoiceField(
        label=_("Uppdraget ger rätt att"),
        choices=[(act.value, words.ACTS[act.value]) for act in Act],
        initial=[Act.ANSWER.value],
        widget=forms.CheckboxSelectMultiple,
    )
    since = forms.DateField(label=_("Från och med"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    reason = forms.CharField(
        label=_("Uppdraget i ord"),
        max_length=1000,
        widget=forms.Textarea,
        help_text=_("Vad personen ska göra i kanalen. Det är så uppdraget dokumenteras."),
    )

    @property
    def begins(self) -> datetime:
        """The first moment of the first day, Swedish time."""
        return times.day_begins(self.cleaned_data["since"])

    def clean(self) -> dict[str, Any]:
        """The end is not before the beginning."""
        data = super().clean() or self.cleaned_data
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", _("Uppdraget tar slut innan det börjar. Välj ett senare slutdatum."))
        return data


class RenewForm(EndForm):
    """How long a mandate is to hold, and why (D21)."""

    field_order = ("until", "reason")

    reason = forms.CharField(
        label=_("Varför uppdraget förnyas"),
        max_length=1000,
        widget=forms.Textarea,
        help_text=_("Till exempel att ni har talat om uppdraget och att det fortsätter som förut."),
    )


class FilterForm(forms.Form):
    """What the list of channels is narrowed by. What cannot be read narrows nothing."""

    # Nothing in it must be filled in, and saying so at every field would only be noise.
    is_filter = True

    q = forms.CharField(label=_("Sök kanal"), required=False, max_length=100)
    network = forms.ChoiceField(label=_("Nät"), required=False)
    unit = forms.ChoiceField(label=_("Enhet"), required=False)
    state = forms.ChoiceField(label=_("Status"), required=False)

    def __init__(self, *args: Any, units: Iterable[Unit], **more: Any) -> None:
        super().__init__(*args, **more)
        every = [("", _("Alla"))]
        self.fields["q"].widget.attrs["placeholder"] = _("Namn, adress eller enhet")
        self.fields["network"].choices = [*every, *((name, label) for name, (label, _icon) in words.NETWORKS.items())]  # type: ignore[attr-defined]
        self.fields["unit"].choices = [*every, *((str(unit.pk), unit.name) for unit in units)]  # type: ignore[attr-defined]
        self.fields["state"].choices = [*every, ("trouble", _("Kräver åtgärd")), *words.STATES.items()]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, str]:
        """What was chosen and can be read."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
