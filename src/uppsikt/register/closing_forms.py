"""What is filled in when an account ends (D52-D57)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from uppsikt.organisation.models import Board

LONGEST = 4000


def words(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    """A field for some words."""
    return forms.CharField(
        label=label, max_length=LONGEST, required=required, help_text=help_text, widget=forms.Textarea
    )


class AskForm(forms.Form):
    """Why an account is to be closed."""

    reason = words(lazy("Varför ska kontot avslutas?"))


class TextForm(forms.Form):
    """Some words, which a move asks for or not."""

    text = words(lazy("Kommentar"), required=False)


class PostForm(forms.Form):
    """The post that the followers read last."""

    text = words(lazy("Inlägget"))


class FileForm(forms.Form):
    """What a person took of the account."""

    file = forms.FileField(
        label=lazy("Fil"),
        help_text=lazy("Det som nätet låter kontots ägare hämta ut (zip), en PDF eller en skärmbild. Högst 60 MB."),
        widget=forms.FileInput(attrs={"accept": ".zip,.pdf,.png,.jpg,.jpeg"}),
    )


class TransferForm(forms.Form):
    """To whom an account goes, and why."""

    owner = forms.CharField(label=lazy("Vem tar över kontot?"), max_length=200)
    contact = forms.CharField(label=lazy("Kontakt hos dem"), max_length=200, required=False)
    reason = words(lazy("Varför överlåts kontot?"))


class DecisionForm(forms.Form):
    """The board's decision (D53)."""

    number = forms.CharField(
        label=lazy("Beslutets nummer"), max_length=60, help_text=lazy("Till exempel KS 2026/114 § 27.")
    )
    decided_on = forms.DateField(
        label=lazy("Beslutat den"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    board = forms.ModelChoiceField(label=lazy("Nämnd"), queryset=Board.objects.order_by("name"))


class NameForm(forms.Form):
    """What the account is to be called (D57)."""

    new_name = forms.CharField(label=lazy("Nytt namn"), max_length=160, required=False)
    kept_why = words(lazy("Behåller det sitt namn: varför?"), required=False)
