"""The public's two forms, and the house's own for what the public pages say of the municipality."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django import forms
from django.core import signing
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from uppsikt.register import directory
from uppsikt.register.directory_models import PublicFacts
from uppsikt.register.public_intake import LONGEST

SALT = "uppsikt.register.public"
# Nobody reads and fills in a form in less; and one left open for longer is asked for again.
SOONEST, LATEST = timedelta(seconds=3), timedelta(hours=12)
KEEP_SHORT = 300


class PublicForm(forms.Form):
    """What both forms have: the account, the words, how to answer, and what tells programs from people."""

    channel = forms.TypedChoiceField(
        label=gettext_lazy("Vilket konto gäller det?"), required=False, coerce=int, empty_value=None
    )
    text = forms.CharField(label=gettext_lazy("Vad vill du säga?"), widget=forms.Textarea, max_length=LONGEST)
    contact = forms.EmailField(
        label=gettext_lazy("Din e-post, om du vill ha svar"),
        required=False,
        max_length=254,
        help_text=gettext_lazy("Du behöver inte säga vem du är. Det du skriver blir allmän handling."),
    )
    # Hidden from people; a program that fills in everything fills this in too.
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}))
    begun = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [(row.key, directory.choice(row)) for row in directory.listed()]
        self.fields["channel"].choices = [("", _("Inget särskilt konto")), *rows]  # type: ignore[attr-defined]  # a choice field
        self.fields["begun"].initial = _begun()

    @property
    def by_a_program(self) -> bool:
        """Whether the field is filled in that no person sees."""
        return bool(self.data.get("website", "").strip())

    def clean(self) -> dict[str, Any]:
        """A form that was filled in quicker than anybody reads, or has lain open for long, is shown again as it is."""
        begun = self.data.get("begun", "")
        if not _signed_within(begun, LATEST) or _signed_within(begun, SOONEST):
            self.data = {**dict(self.data.items()), "begun": _begun()}
            raise forms.ValidationError(_("Läs igenom det du har skrivit och skicka en gång till."))
        return self.cleaned_data


def _begun() -> str:
    """When a form was opened, so that nobody can write it themselves, and which form it was."""
    return signing.dumps(secrets.token_urlsafe(6), salt=SALT)


def _signed_within(begun: str, age: timedelta) -> bool:
    try:
        signing.loads(begun, salt=SALT, max_age=age)
    except signing.BadSignature:
        return False
    return True


class OpinionForm(PublicForm):
    """An opinion, a question or a suggestion."""


class ReportForm(PublicForm):
    """Word of something abusive or unlawful on one of our accounts."""

    link = forms.URLField(
        label=gettext_lazy("Adress till inlägget eller kommentaren"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=gettext_lazy("Kopiera adressen om du kan. Annars räcker det att du beskriver var det står."),
    )
    text = forms.CharField(
        label=gettext_lazy("Vad är det som är kränkande eller olagligt?"), widget=forms.Textarea, max_length=LONGEST
    )
    field_order = ("channel", "link", "text", "contact")


def _with_https(field: models.Field[Any, Any], **facts: Any) -> forms.Field | None:
    """An address that is written without its beginning is taken for one with https."""
    if isinstance(field, models.URLField):
        facts["assume_scheme"] = "https"
    made: forms.Field | None = field.formfield(**facts)
    return made


class PublicFactsForm(forms.ModelForm[PublicFacts]):
    """How the municipality is reached, and where its own pages are."""

    class Meta:
        model = PublicFacts
        formfield_callback = _with_https
        fields = (
            "website",
            "email",
            "phone",
            "post",
            "data_protection_page",
            "guideline_page",
            "opinions_page",
            "shortcomings",
            "assessed_on",
        )
        widgets = {"assessed_on": forms.DateInput(attrs={"type": "date"})}  # noqa: RUF012  # Django's way
