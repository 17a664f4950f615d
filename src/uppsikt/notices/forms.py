"""The forms on the page where one chooses how to be told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from uppsikt.notices.models import Habits


class HabitsForm(forms.ModelForm[Habits]):
    """Quiet hours and the daily letter's time."""

    class Meta:
        model = Habits
        fields = ("quiet_from", "quiet_until", "quiet_free_days", "urgent_through", "digest_at")
        labels = {  # noqa: RUF012  # Django's way
            "quiet_from": _("Tyst från"),
            "quiet_until": _("Tyst till"),
            "quiet_free_days": _("Tyst hela dagen när det inte är arbetsdag"),
            "urgent_through": _("Släpp igenom det som brådskar"),
            "digest_at": _("Dagsbrevet kommer klockan"),
        }
        help_texts = {  # noqa: RUF012
            "quiet_from": _("Till exempel 18.00. Lämna båda tomma om du alltid vill bli nådd."),
            "digest_at": _("På arbetsdagar. Är allt redan läst på sidan kommer inget brev."),
        }
        widgets = {  # noqa: RUF012
            name: forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
            for name in ("quiet_from", "quiet_until", "digest_at")
        }

    def clean(self) -> dict[str, Any]:
        """Quiet needs both its ends."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        start, end = cleaned.get("quiet_from"), cleaned.get("quiet_until")
        if (start is None) != (end is None) and not self.errors:
            missing = "quiet_until" if end is None else "quiet_from"
            self.add_error(missing, _("Skriv båda tiderna, eller ingen."))
        elif start is not None and start == end:
            self.add_error("quiet_until", _("Välj en annan tid än den då det blir tyst."))
        return cleaned


class PhoneForm(forms.Form):
    """A telephone for text messages."""

    number = forms.CharField(
        label=_("Mobilnummer"), max_length=40, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
    )


class CodeForm(forms.Form):
    """The code that came to the telephone."""

    code = forms.CharField(
        label=_("Koden i sms:et"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class WebhookForm(forms.Form):
    """An address of the person's own."""

    url = forms.CharField(label=_("Adress"), max_length=1000, widget=forms.TextInput(attrs={"type": "url"}))
    label = forms.CharField(label=_("Vad den går till"), max_length=120, required=False)
