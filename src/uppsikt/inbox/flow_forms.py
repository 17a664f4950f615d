"""What is written to lay a case aside, merge, split and hand it over, and on the expert's page beside the answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from uppsikt.inbox.forms import LONGEST, Own, text_field
from uppsikt.organisation.models import Unit

LOCAL = "%Y-%m-%dT%H:%M"
LOCAL_INPUTS = [LOCAL, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]


def moment_field(label: Any, missing: Any, **more: Any) -> forms.DateTimeField:
    """A day and a clock time, Swedish time."""
    return forms.DateTimeField(
        label=label,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL),
        input_formats=LOCAL_INPUTS,
        error_messages={"required": missing, "invalid": gettext_lazy("Skriv dag och klockslag.")},
        **more,
    )


class SnoozeForm(Own):
    """Until when a case is laid aside, and what it waits for."""

    name = "snooze"
    until = moment_field(gettext_lazy("Ta upp igen"), gettext_lazy("Välj när ärendet ska tas upp igen."))
    reason = forms.CharField(
        label=gettext_lazy("Vad väntar ärendet på?"),
        max_length=300,
        error_messages={"required": gettext_lazy("Skriv vad ärendet väntar på.")},
    )

    def __init__(self, data: Any = None, *, until: datetime | None = None) -> None:
        super().__init__(data, initial={"until": timezone.localtime(until)} if until else None)


class ManySnoozeForm(Own):
    """The same, for many cases at once: their form has a reason of another sort already."""

    name = "many_snooze"
    until = moment_field(gettext_lazy("Ta upp igen"), gettext_lazy("Välj när ärendena ska tas upp igen."))
    waits = forms.CharField(
        label=gettext_lazy("Vad väntar de på?"),
        max_length=300,
        error_messages={"required": gettext_lazy("Skriv vad ärendena väntar på.")},
    )


class MergeForm(Own):
    """Which case is answered together with this one: one of those that are alike, or any by its number."""

    name = "merge"
    other = forms.IntegerField(
        label=gettext_lazy("Ärendets nummer"),
        min_value=1,
        max_value=2**63 - 1,
        error_messages={
            "required": gettext_lazy("Välj ett ärende, eller skriv dess nummer."),
            "invalid": gettext_lazy("Skriv ärendets nummer med siffror."),
        },
    )


class UnitChoice(Own):
    """A form with a unit in it."""

    unit: ClassVar[Any]

    def offer(self, units: Sequence[Unit]) -> None:
        """Let these be chosen."""
        field: Any = self.fields["unit"]
        field.queryset = Unit.objects.filter(pk__in=[unit.pk for unit in units]).order_by("name")


class SplitForm(UnitChoice):
    """What becomes a case of its own, perhaps for another unit."""

    name = "split"
    items = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Flytta till ett eget ärende"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Välj något av det som har kommit in, men inte allt."),
            "invalid_choice": gettext_lazy("Ärendet har ändrats. Välj igen."),
        },
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        required=False,
        label=gettext_lazy("Till enhet"),
        empty_label=gettext_lazy("Samma enhet"),
    )
    reason = forms.CharField(label=gettext_lazy("Varför?"), max_length=300, required=False)

    def __init__(
        self, data: Any = None, *, choices: Sequence[tuple[int, str]] = (), units: Sequence[Unit] = ()
    ) -> None:
        super().__init__(data)
        self.fields["items"].choices = list(choices)  # type: ignore[attr-defined]  # a ChoiceField has it
        self.offer(units)


class ToUnitForm(UnitChoice):
    """Which unit gets the case."""

    name = "to_unit"
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("Enhet"),
        empty_label=gettext_lazy("Välj enhet"),
        error_messages={
            "required": gettext_lazy("Välj en enhet."),
            "invalid_choice": gettext_lazy("Ingen där får svara i kanalen. Välj en annan enhet."),
        },
    )
    reason = forms.CharField(label=gettext_lazy("Hälsning till enheten"), max_length=300, required=False)

    def __init__(self, data: Any = None, *, units: Sequence[Unit] = ()) -> None:
        super().__init__(data)
        self.offer(units)


class ExplainForm(Own):
    """What the expert wanted to know."""

    name = "explain"
    text = text_field(
        gettext_lazy("Ditt svar till den sakkunniga"), missing=gettext_lazy("Skriv ditt svar först."), rows=3
    )


class AskBackForm(Own):
    """What the expert needs to know."""

    name = "ask"
    text = text_field(gettext_lazy("Vad behöver du veta?"), missing=gettext_lazy("Skriv vad du behöver veta."), rows=3)


class HandOnForm(Own):
    """Who knows more than the expert who was asked."""

    name = "on"
    email = forms.EmailField(
        label=gettext_lazy("E-postadress"),
        max_length=254,
        error_messages={
            "required": gettext_lazy("Skriv e-postadressen till den som vet mer."),
            "invalid": gettext_lazy("Skriv en fullständig e-postadress, till exempel anna.ek@foretag.se."),
        },
    )
    to_name = forms.CharField(label=gettext_lazy("Namn"), max_length=120, required=False)
    question = text_field(gettext_lazy("Hälsning"), missing="", rows=2, required=False)


class Pictures(forms.ClearableFileInput):
    """Several files in one field."""

    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Pictures, none or some."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """The files, each by itself."""
        found = data if isinstance(data, list | tuple) else [data]
        return [super(PicturesField, self).clean(each, initial) for each in found if each]


NETWORKS = (
    ("facebook", "Facebook"),
    ("messenger", "Messenger"),
    ("instagram", "Instagram"),
    ("x", "X"),
    ("linkedin", "LinkedIn"),
    ("tiktok", "TikTok"),
    ("snapchat", "Snapchat"),
    ("sms", gettext_lazy("SMS eller annat meddelande till telefonen")),
    ("annat", gettext_lazy("Annat")),
)


class HandOverForm(Own):
    """A question that came to somebody's private account (D60)."""

    name = "handed"
    network = forms.ChoiceField(label=gettext_lazy("Var kom frågan?"), choices=NETWORKS)
    received = moment_field(
        gettext_lazy("När kom den?"),
        gettext_lazy("Välj dag och klockslag. Svarstiden räknas därifrån."),
        help_text=gettext_lazy("Svarstiden räknas härifrån."),
    )
    text = forms.CharField(
        label=gettext_lazy("Frågan, ordagrant"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    asker = forms.CharField(
        label=gettext_lazy("Vem frågar?"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Så lite som möjligt: namnet som står på nätet räcker. Lämna tomt om det inte behövs."),
    )
    link = forms.URLField(
        label=gettext_lazy("Länk till frågan"),
        max_length=2000,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": gettext_lazy("Skriv hela adressen, till exempel https://natet.se/fraga.")},
    )
    pictures = PicturesField(
        label=gettext_lazy("Bild av frågan"),
        required=False,
        widget=Pictures(attrs={"accept": "image/png,image/jpeg,image/gif,image/webp"}),
        help_text=gettext_lazy("Till exempel en skärmbild. Högst 5 bilder på högst 10 MB."),
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        required=False,
        label=gettext_lazy("Vilken enhet rör frågan?"),
        empty_label=gettext_lazy("Vet inte"),
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, units: Any = None, now: datetime | None = None, **known: Any
    ) -> None:
        super().__init__(data, initial={"received": timezone.localtime(now), **known} if now else None)
        for name in ("text", "pictures"):
            # One of them is asked for, and neither is left to choice.
            self.fields[name].asked_sometimes = True  # type: ignore[attr-defined]  # read by ui/parts/field.html
        if files is not None:
            self.files = files
        if units is not None:
            field: Any = self.fields["unit"]
            field.queryset = units
