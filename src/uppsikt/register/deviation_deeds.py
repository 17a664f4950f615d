"""What can be done about a deviation, as the page offers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from uppsikt.organisation.models import Person
from uppsikt.register import deviation_forms as given
from uppsikt.register import deviations
from uppsikt.register.checks.table import BY_CODE
from uppsikt.register.deviation_models import Deviation

Act = Callable[[Deviation, dict[str, Any], Person, datetime], object]


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that can be done: its name in addresses, its words, what is filled in, what does it, and when."""

    name: str
    words: Promise
    form: type[forms.Form]
    act: Act
    fits: Callable[[Deviation], bool] = lambda row: row.is_open


class NoForm(forms.Form):
    """A button alone."""


DEEDS: tuple[Deed, ...] = (
    Deed(
        "ta",
        _("Jag tar hand om det"),
        NoForm,
        lambda row, _given, by, now: deviations.take(row, by=by, now=now),
        lambda row: row.state == "found",
    ),
    Deed(
        "anteckna",
        _("Anteckna"),
        given.NoteForm,
        lambda row, kept, by, now: deviations.note(row, words=kept["words"], by=by.doer, now=now),
    ),
    Deed(
        "lamna",
        _("Lämna till någon annan"),
        given.HandForm,
        lambda row, kept, by, now: deviations.hand(row, **kept, by=by.doer, now=now),
    ),
    Deed(
        "flytta",
        _("Ändra tiden"),
        given.PostponeForm,
        lambda row, kept, by, now: deviations.postpone(row, **kept, by=by.doer, now=now),
    ),
    Deed(
        "avsluta",
        _("Avsluta"),
        given.SettleForm,
        lambda row, kept, by, now: deviations.settle(row, reason=kept["reason"], by=by.doer, now=now),
        lambda row: row.is_open and (row.channel_id is None or row.code not in BY_CODE),
    ),
)
BY_NAME = {deed.name: deed for deed in DEEDS}
