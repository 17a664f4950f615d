"""What is filled in about deviations and exemptions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from uppsikt.moderation.forms import long_text
from uppsikt.organisation.forms import PersonField
from uppsikt.register import check_words
from uppsikt.register.checks.table import CHECKS

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class HandForm(forms.Form):
    """Another owner."""

    to = PersonField(label=_("Ny ansvarig"), help_text=_("Personens e-postadress."))
    reason = forms.CharField(label=_("Varför?"), max_length=500, required=False)


class PostponeForm(forms.Form):
    """Another deadline."""

    due_on = forms.DateField(label=_("Ska vara åtgärdat den"), widget=DAY)
    reason = forms.CharField(label=_("Varför?"), max_length=500)


class NoteForm(forms.Form):
    """What was said or done."""

    words = long_text(_("Vad sades eller gjordes?"))


class SettleForm(forms.Form):
    """How it became."""

    reason = long_text(_("Hur blev det?"), help_text=_("Till exempel: nätet har tagit bort kontot."))


class ExemptionForm(forms.Form):
    """A decision that a check does not hold."""

    decision = forms.CharField(
        label=_("Beslut"), max_length=300, help_text=_("Vem som beslutade och var det går att läsa, till exempel dnr.")
    )
    decided_on = forms.DateField(label=_("Beslutat den"), widget=DAY)
    until = forms.DateField(label=_("Gäller till och med"), widget=DAY)
    reason = long_text(_("Varför behövs undantaget?"))


class FilterForm(forms.Form):
    """What the list of deviations is narrowed by. What cannot be read is as if it was not asked."""

    is_filter = True

    lage = forms.ChoiceField(
        label=_("Läge"),
        required=False,
        choices=[("", _("Öppna")), ("sena", _("Försenade")), ("mina", _("Mina")), ("alla", _("Alla, även avslutade"))],
    )
    kontroll = forms.ChoiceField(label=_("Kontroll"), required=False)

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        known = [(check.code, check_words.name(check.code)) for check in CHECKS]
        outside = [(code, check_words.name(code)) for code in check_words.WORDS if code not in dict(known)]
        self.fields["kontroll"].choices = [("", _("Alla")), *known, *outside]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, str]:
        """What was chosen, by field."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class ProfileForm(forms.Form):
    """How an account looks that no program can read."""

    name = forms.CharField(label=_("Namn"), max_length=200)
    description = forms.CharField(
        label=_("Beskrivning"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Det som står överst på kontot, ordagrant."),
    )
    about = forms.CharField(
        label=_("Längre text"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Det som står under ”Om”, i ett fäst inlägg eller på en egen sida, ordagrant."),
    )
    address = forms.URLField(label=_("Adress"), max_length=500, assume_scheme="https")
    last_post_on = forms.DateField(
        label=_("Senaste inlägget"), required=False, widget=DAY, help_text=_("Dagen då kontots senaste inlägg kom.")
    )
    comments_open = forms.TypedChoiceField(
        label=_("Går det att kommentera?"),
        required=False,
        choices=[("", _("Vet inte")), ("yes", _("Ja")), ("no", _("Nej"))],
        coerce=lambda told: told == "yes",
        empty_value=None,
    )
    picture = forms.FileField(
        label=_("Profilbild"),
        required=False,
        help_text=_("PNG, JPEG, GIF eller WebP. Utan ny bild står den förra kvar."),
    )


class LogoForm(forms.Form):
    """A logo that accounts may show."""

    name = forms.CharField(label=_("Vad den heter"), max_length=120, help_text=_("Till exempel: stående, med namn."))
    file = forms.FileField(label=_("Bild"), help_text=_("PNG, JPEG, GIF eller WebP, högst 4 MB."))
    decision = forms.CharField(label=_("Beslut"), max_length=300, required=False)


class EndForm(forms.Form):
    """Why something ends."""

    reason = forms.CharField(label=_("Varför?"), max_length=500)
