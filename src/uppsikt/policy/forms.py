"""Forms for the policy: a rule, a week of opening hours, a season, a local day, and the calculator."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from uppsikt.kernel.hours import FIRST_YEAR, LAST_YEAR, NoHours, Spans, write_spans
from uppsikt.policy import choices, rules, words
from uppsikt.policy.actions import SeasonKey
from uppsikt.policy.models import Policy

WEEK = range(7)


class RuleForm(forms.Form):
    """A rule's value, its law, and why it is changed."""

    law = forms.CharField(label=gettext_lazy("Lagrum"), max_length=300, required=False)
    reason = forms.CharField(
        label=gettext_lazy("Varför ändras regeln?"),
        max_length=500,
        help_text=gettext_lazy("Skäl och beslut, till exempel dnr. Det sparas i spåret."),
    )

    def __init__(self, declared: rules.Declared, value: Any, law: str, data: Any = None) -> None:
        super().__init__(data, initial={"law": law})
        self.declared = declared
        if isinstance(declared, rules.Number):
            low, high = words.amount(declared.least, declared.unit), words.amount(declared.most, declared.unit)
            field: forms.Field = forms.IntegerField(
                label=words.rule_name(declared.key),
                initial=value,
                min_value=declared.least,
                max_value=declared.most,
                help_text=_("Från %(low)s till %(high)s.") % {"low": low, "high": high},
            )
        elif isinstance(declared, rules.Switches):
            known = choices.of(declared.key)
            field = forms.MultipleChoiceField(
                label=words.rule_name(declared.key),
                initial=[one.code for one in known if value.get(one.code, one.on)],
                choices=[(one.code, f"{one.name} ({one.duty})") for one in known],
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )
        else:
            field = forms.CharField(
                label=words.rule_name(declared.key),
                initial=rules.write_plan(tuple(map(tuple, value))),
                widget=forms.Textarea,
                help_text=_("En rad per ålder: ålder i timmar, kolon, minuter mellan hämtningarna."),
            )
        self.fields = {"value": field, **self.fields}

    def clean_value(self) -> Any:
        """The value as the rule keeps it."""
        value = self.cleaned_data["value"]
        if isinstance(self.declared, rules.Switches):
            # All are written down, so that a later change of what holds by itself does not change what was decided.
            value = {one.code: one.code in value for one in choices.of(self.declared.key)}
        try:
            return self.declared.check(rules.read_plan(value) if isinstance(value, str) else value)
        except rules.BadValue as error:
            raise forms.ValidationError(str(words.BAD_VALUE[error.code])) from error


class HoursField(forms.CharField):
    """A day's hours in words: "8.00–12.00, 13.00–16.30", "stängt", or nothing."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=120, **options)

    def clean(self, value: Any) -> Any:
        """Spans, () for closed, None for an empty field."""
        try:
            return rules.read_day(super().clean(value))
        except NoHours as error:
            raise forms.ValidationError(str(words.NO_HOURS[error.code])) from error


class WeekForm(forms.Form):
    """Opening hours from Monday to Sunday."""

    def __init__(self, week: tuple[Spans | None, ...], data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        for weekday in WEEK:
            self.fields[f"day{weekday}"] = HoursField(label=words.weekday_name(weekday), initial=shown(week[weekday]))

    def week(self) -> tuple[Spans | None, ...]:
        """The week as written, when the form is valid."""
        return tuple(self.cleaned_data[f"day{weekday}"] for weekday in WEEK)


class SeasonForm(WeekForm):
    """A season's name, its days and its hours."""

    name = forms.CharField(label=gettext_lazy("Namn"), max_length=80, help_text=gettext_lazy("Till exempel sommartid."))
    from_day = forms.IntegerField(label=gettext_lazy("Från och med dag"), min_value=1, max_value=31)
    from_month = forms.TypedChoiceField(
        label=gettext_lazy("Från och med månad"), coerce=int, choices=list(MONTHS.items())
    )
    to_day = forms.IntegerField(label=gettext_lazy("Till och med dag"), min_value=1, max_value=31)
    to_month = forms.TypedChoiceField(
        label=gettext_lazy("Till och med månad"), coerce=int, choices=list(MONTHS.items())
    )

    def __init__(self, week: tuple[Spans | None, ...], season: SeasonKey | None, data: Any = None) -> None:
        initial: dict[str, Any] = {}
        if season:
            initial = {"name": season.name, "from_month": season.first[0], "from_day": season.first[1]}
            initial |= {"to_month": season.last[0], "to_day": season.last[1]}
        super().__init__(week, data, initial=initial)

    def season(self) -> SeasonKey:
        """The season as written, when the form is valid."""
        kept = self.cleaned_data
        return SeasonKey((kept["from_month"], kept["from_day"]), (kept["to_month"], kept["to_day"]), kept["name"])


class LocalDayForm(forms.Form):
    """One date that differs."""

    day = forms.DateField(label=gettext_lazy("Dag"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    hours = HoursField(
        label=gettext_lazy("Öppettider"), help_text=gettext_lazy("Tomt betyder stängt. Till exempel 8.00–12.00.")
    )
    why = forms.CharField(
        label=gettext_lazy("Varför?"),
        max_length=120,
        help_text=gettext_lazy("Till exempel klämdag eller planeringsdag."),
    )

    def clean_day(self) -> date:
        """A day that the calendar reaches."""
        day: date = self.cleaned_data["day"]
        if not FIRST_YEAR <= day.year < LAST_YEAR:
            raise forms.ValidationError(_("Välj en dag i närtid."))
        return day


class CalculatorForm(forms.Form):
    """When did it come in?"""

    received = forms.DateTimeField(
        label=gettext_lazy("Kom in"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )

    def clean_received(self) -> datetime:
        """A moment that the calendar reaches, with room for the days after it."""
        received: datetime = self.cleaned_data["received"]
        if not FIRST_YEAR < received.year < LAST_YEAR:
            raise forms.ValidationError(
                _("Helgdagarna är kända från %(first)s till %(last)s. Välj ett år däremellan.")
                % {"first": FIRST_YEAR + 1, "last": LAST_YEAR - 1}
            )
        return received


class DocumentForm(forms.ModelForm[Policy]):
    """Who owns the policy, who decided it, and how long it holds."""

    class Meta:
        model = Policy
        fields = ("name", "owner", "decided_by", "decided_on", "valid_from", "valid_until")
        widgets = {  # noqa: RUF012  # Django's way
            name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            for name in ("decided_on", "valid_from", "valid_until")
        }


def shown(spans: Spans | None) -> str:
    """A day's hours as its field shows them."""
    if spans is None:
        return ""
    return write_spans(spans) or _("stängt")
