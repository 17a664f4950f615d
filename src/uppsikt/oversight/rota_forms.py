"""What is filled in to put somebody on duty, and to say how often a channel is looked at."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from uppsikt.channels.models import Channel
from uppsikt.kernel.hours import write_spans
from uppsikt.organisation.absence_views import day_field
from uppsikt.organisation.forms import PersonField
from uppsikt.organisation.models import Unit
from uppsikt.oversight.rota import Days
from uppsikt.oversight.rules import When
from uppsikt.policy import queries as policy
from uppsikt.policy.forms import HoursField

MOST_ROUNDS = 24
WEEKDAYS = (
    ("0", gettext_lazy("måndag")),
    ("1", gettext_lazy("tisdag")),
    ("2", gettext_lazy("onsdag")),
    ("3", gettext_lazy("torsdag")),
    ("4", gettext_lazy("fredag")),
    ("5", gettext_lazy("lördag")),
    ("6", gettext_lazy("söndag")),
)


class PlaceForm(forms.Form):
    """Which channel, or all channels of which unit, among those whose rota the person keeps."""

    where = forms.ChoiceField(
        label=gettext_lazy("Vad ska ses efter?"),
        error_messages={"required": gettext_lazy("Välj en enhet eller en kanal.")},
    )

    def __init__(self, data: Any, units: list[Unit], channels: list[Channel], **more: Any) -> None:
        super().__init__(data, **more)
        self.use_required_attribute = False
        self.places: dict[str, Unit | Channel] = {f"enhet-{unit.pk}": unit for unit in units}
        self.places |= {f"kanal-{channel.pk}": channel for channel in channels}
        names = [(f"enhet-{unit.pk}", _("Alla kanaler i %(unit)s") % {"unit": unit}) for unit in units]
        names += [(f"kanal-{channel.pk}", channel.name) for channel in channels]
        self.fields["where"].choices = names  # type: ignore[attr-defined]

    @property
    def place(self) -> dict[str, Any]:
        """The unit or the channel, as `rota.put_on_duty` takes it."""
        chosen = self.places[self.cleaned_data["where"]]
        return {"unit": chosen} if isinstance(chosen, Unit) else {"channel": chosen}


class DutyForm(PlaceForm):
    """Who looks after what, on which days, and who takes over."""

    person = PersonField(
        label=gettext_lazy("Vem gör rundorna?"),
        help_text=gettext_lazy("Personens e-postadress. Hen ska ha uppdrag där."),
        error_messages={"required": gettext_lazy("Välj vem som gör rundorna.")},
    )
    cover = PersonField(
        label=gettext_lazy("Ersättare"),
        help_text=gettext_lazy("Kollegans e-postadress. Hen får veta det först om en runda inte blir gjord."),
        error_messages={"required": gettext_lazy("Välj en kollega som tar över.")},
    )
    since = day_field(gettext_lazy("Första dag"), gettext_lazy("Välj första dagen."))
    until = forms.DateField(
        label=gettext_lazy("Sista dag"),
        required=False,
        help_text=gettext_lazy("Lämna tomt om det gäller tills vidare."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    weekdays = forms.MultipleChoiceField(
        label=gettext_lazy("Veckodagar"),
        choices=WEEKDAYS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Välj minst en veckodag.")},
    )
    every_weeks = forms.TypedChoiceField(
        label=gettext_lazy("Hur ofta"),
        coerce=int,
        choices=[
            (1, gettext_lazy("Varje vecka")),
            (2, gettext_lazy("Varannan vecka")),
            (3, gettext_lazy("Var tredje vecka")),
            (4, gettext_lazy("Var fjärde vecka")),
        ],
    )
    when = forms.ChoiceField(
        label=gettext_lazy("När på dygnet"),
        choices=[
            (When.ALWAYS.value, gettext_lazy("Dygnet runt")),
            (When.OFFICE.value, gettext_lazy("På kontorstid")),
            (When.OUTSIDE.value, gettext_lazy("Utanför kontorstid, vid skärpt uppsikt")),
        ],
    )
    dated = forms.BooleanField(
        label=gettext_lazy("Gäller just de här dagarna, i stället för det vanliga schemat"), required=False
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Utlovad tid, minuter om dagen"), required=False, min_value=1, max_value=480
    )

    @property
    def days(self) -> Days:
        """When."""
        data = self.cleaned_data
        return Days(
            since=data["since"],
            until=data["until"],
            weekdays=frozenset(int(day) for day in data["weekdays"]),
            every_weeks=data["every_weeks"],
            dated=data["dated"],
            when=When(data["when"]),
        )


class PlanForm(PlaceForm):
    """How often a channel or a unit's channels are looked at, and by which hours from Monday to Sunday."""

    rounds = forms.IntegerField(
        label=gettext_lazy("Gånger per arbetsdag, minst"),
        min_value=1,
        max_value=MOST_ROUNDS,
        error_messages={"required": gettext_lazy("Skriv hur många gånger per dag.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Varför"),
        max_length=500,
        error_messages={"required": gettext_lazy("Skriv varför, så att nästa person förstår schemat.")},
    )

    def __init__(self, data: Any, units: list[Unit], channels: list[Channel], **more: Any) -> None:
        super().__init__(data, units, channels, **more)
        self.fields["rounds"].initial = policy.number("oversight.rounds_a_day")
        self.office = [write_spans(spans or ()) for spans in policy.hours().week]
        for weekday, name in WEEKDAYS:
            self.fields[f"day{weekday}"] = HoursField(label=name.capitalize(), initial=self.office[int(weekday)])

    @property
    def hours(self) -> list[forms.BoundField]:
        """The fields of the week's hours, to be shown together."""
        return [self[f"day{weekday}"] for weekday, _name in WEEKDAYS]

    @property
    def week(self) -> list[str]:
        """Seven days in words, Monday first; empty where they are the office's own, which then follow the policy."""
        said = [write_spans(self.cleaned_data[f"day{weekday}"] or ()) for weekday, _name in WEEKDAYS]
        return [] if said == self.office else said
