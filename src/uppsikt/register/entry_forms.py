"""What the register says of an account, to be filled in and mended (D9, D14, D39)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from uppsikt.register import order_words, words
from uppsikt.register.models import Entry
from uppsikt.register.rules import SUBJECTS

LONG = 4000


class EntryForm(forms.Form):
    """An account's line in the register. Everything may be saved empty; what is missing the audit says."""

    is_filter = True

    handle = forms.CharField(label=_("Användarnamn på nätet"), required=False, max_length=160)
    subject = forms.ChoiceField(label=_("Vad kontot handlar om"), required=False)
    purpose = forms.CharField(
        label=_("Syfte"), required=False, max_length=LONG, widget=forms.Textarea(attrs={"rows": 4})
    )
    goals = forms.CharField(label=_("Mål"), required=False, max_length=LONG, widget=forms.Textarea(attrs={"rows": 4}))
    audience = forms.CharField(
        label=_("Målgrupp"), required=False, max_length=LONG, widget=forms.Textarea(attrs={"rows": 4})
    )
    languages = forms.MultipleChoiceField(
        label=_("Språk"),
        required=False,
        choices=list(order_words.LANGUAGES.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    contact_email = forms.EmailField(
        label=_("E-post för kontakt"), required=False, help_text=_("Gärna enhetens, inte en persons.")
    )
    contact_phone = forms.CharField(label=_("Telefon för kontakt"), required=False, max_length=40)
    contact_page = forms.URLField(
        label=_("Webbsida för kontakt"), required=False, max_length=500, assume_scheme="https"
    )
    linked_from = forms.URLField(
        label=_("Länkas från webbplatsens sida"), required=False, max_length=500, assume_scheme="https"
    )
    hours_a_week = forms.DecimalField(
        label=_("Timmar i veckan"), required=False, min_value=0, max_value=168, decimal_places=1, localize=True
    )
    days_between_posts = forms.IntegerField(
        label=_("Högst så många dagar mellan inlägg"), required=False, min_value=1, max_value=365
    )
    listed = forms.BooleanField(label=_("Visas i den öppna förteckningen"), required=False)
    comments_open = forms.BooleanField(label=_("Det går att kommentera"), required=False)
    comments_closed_why = forms.CharField(
        label=_("Varför det inte går att kommentera"),
        required=False,
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Behövs bara när kommentarer är avstängda."),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.use_required_attribute = False
        subjects = [("", _("Välj")), *((code, words.subject(code)) for code in SUBJECTS)]
        self.fields["subject"].choices = subjects  # type: ignore[attr-defined]

    @classmethod
    def of(cls, entry: Entry) -> dict[str, Any]:
        """How it is now, for the form to begin with."""
        return {name: getattr(entry, name) for name in cls.base_fields}

    def clean(self) -> dict[str, Any]:
        """Comments are not switched off without a reason (D39)."""
        data = super().clean() or self.cleaned_data
        if not data.get("comments_open") and not (data.get("comments_closed_why") or "").strip():
            self.add_error("comments_closed_why", _("Skriv varför det inte går att kommentera."))
        return data
