"""What the list of records is narrowed by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from uppsikt.channels.models import Channel
from uppsikt.records import queries, words
from uppsikt.records.models import Item
from uppsikt.records.reading import Reader
from uppsikt.ui import names, times

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class FilterForm(forms.Form):
    """Words and filters. What cannot be read narrows nothing."""

    # Nothing in it must be filled in, and saying so at every field would only be noise.
    is_filter = True

    q = forms.CharField(label=_("Sök i alla lydelser"), required=False, max_length=200)
    kanal = forms.ModelChoiceField(
        label=_("Kanal"), required=False, queryset=Channel.objects.none(), empty_label=_("Alla")
    )
    typ = forms.ChoiceField(label=_("Typ"), required=False)
    riktning = forms.ChoiceField(label=_("Riktning"), required=False)
    status = forms.ChoiceField(label=_("På nätet"), required=False)
    fran = forms.DateField(label=_("Från och med"), required=False, widget=DAY)
    till = forms.DateField(label=_("Till och med"), required=False, widget=DAY)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        every = [("", _("Alla"))]
        self.fields["kanal"].queryset = names.in_order(Channel.objects.all())  # type: ignore[attr-defined]
        for field, choices in (("typ", words.KINDS), ("riktning", words.DIRECTIONS), ("status", words.STATES)):
            self.fields[field].choices = [*every, *choices.items()]  # type: ignore[attr-defined]

    @property
    def narrowed(self) -> bool:
        """Whether anything is set; after `rows`."""
        return any(self.cleaned_data.values())

    @property
    def sifted(self) -> bool:
        """Whether any of the filters that lie folded is set; after `rows`."""
        return any(self.cleaned_data.get(name) for name in ("typ", "riktning", "status", "fran", "till"))

    def rows(self, reader: Reader) -> QuerySet[Item]:
        """The records that were asked for, of those that may be read."""
        self.is_valid()
        get = self.cleaned_data.get
        channel, since, until = get("kanal"), get("fran"), get("till")
        return queries.for_list(
            reader,
            words=get("q") or "",
            channel=channel,
            kind=get("typ") or "",
            direction=get("riktning") or "",
            state=get("status") or "",
            since=times.day_begins(since) if since else None,
            before=times.day_ends(until) if until else None,
        )
