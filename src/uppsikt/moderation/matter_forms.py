"""What is filled in around a removal."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from uppsikt.kernel.working import ZONE
from uppsikt.moderation import matter_words as words
from uppsikt.moderation.forms import LONGEST_ADDRESS, choices_of, long_text
from uppsikt.policy import queries as policy


class TextForm(forms.Form):
    """Some words."""

    text = long_text(gettext_lazy("Skäl"), gettext_lazy("Skriv några ord."))


class EmptyForm(forms.Form):
    """A button alone."""


class NoteForm(forms.Form):
    """Some words, if one likes."""

    text = forms.CharField(label=gettext_lazy("Anteckning"), max_length=400, required=False)


class QuestionForm(TextForm):
    """A question to the board's office."""

    text = long_text(gettext_lazy("Vad undrar du?"), gettext_lazy("Skriv vad du undrar."))


class GroundSelect(forms.Select):
    """Grounds bear the policy's names, which are Swedish on every page (WCAG 3.1.2)."""

    def create_option(self, *args: Any, **more: Any) -> dict[str, Any]:
        """One ground; what stands first, to ask for a choice, is in the reader's own language."""
        option: dict[str, Any] = super().create_option(*args, **more)
        if option["value"]:
            option["attrs"]["lang"] = "sv"
        return option


class GroundForm(TextForm):
    """A ground, and why."""

    ground = forms.ChoiceField(label=gettext_lazy("Grund"), widget=GroundSelect)
    field_order: tuple[str, ...] = ("ground", "text")

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        choices = [("", _("Välj en grund"))] + [(row.code, row.name) for row in policy.grounds()]
        choices_of(self, "ground").choices = choices


class WhatHappenedForm(GroundForm):
    """For the police."""

    text = long_text(
        gettext_lazy("Vad har hänt?"),
        help_text=gettext_lazy("Så att polisen förstår det utan att ha sett kanalen. Beviset läggs till av sig själv."),
    )


class BlockForm(GroundForm):
    """Until when somebody is blocked, on which ground and why."""

    until = forms.DateField(
        label=gettext_lazy("Till och med"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    field_order = ("ground", "text", "until")

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        most = policy.number("block.most_days")
        self.fields["until"].help_text = _("Högst %(days)d dagar. Den upphör av sig själv.") % {"days": most}
        self.fields["until"].initial = timezone.localdate() + timedelta(days=min(14, most))

    def clean_until(self) -> datetime:
        """The end of that day."""
        day = self.cleaned_data["until"] + timedelta(days=1)
        return datetime.combine(day, time.min, ZONE).astimezone(UTC)


class RulingForm(TextForm):
    """What the office comes to."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Ni har kommit fram till"), choices=list(words.OUTCOMES.items()), widget=forms.RadioSelect
    )
    field_order = ("outcome", "text")


class NumberForm(forms.Form):
    """A number that somebody else gave."""

    text = forms.CharField(label=gettext_lazy("Nummer"), max_length=60)


class IncidentForm(TextForm):
    """What happened, and when it was known."""

    text = long_text(gettext_lazy("Vad har publicerats?"))
    known_at = forms.DateTimeField(
        label=gettext_lazy("Känt sedan"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        help_text=gettext_lazy("De 72 timmarna räknas härifrån."),
    )

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["known_at"].initial = timezone.localtime().replace(second=0, microsecond=0)


class ReconsiderForm(forms.Form):
    """The author's own words."""

    text = long_text(
        gettext_lazy("Varför tycker du att det är fel?"), gettext_lazy("Skriv varför du tycker att beslutet är fel.")
    )
    contact = forms.EmailField(
        label=gettext_lazy("Din e-postadress, om du vill ha svaret dit"),
        required=False,
        max_length=LONGEST_ADDRESS,
        help_text=gettext_lazy("Det du skriver här blir en allmän handling."),
    )
