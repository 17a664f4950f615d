"""What the feed is narrowed by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from uppsikt.register import feed_words


class FeedForm(forms.Form):
    """An account, a sort of event. What cannot be read is as if it was not asked."""

    konto = forms.ChoiceField(label=_("Konto"), required=False)
    slag = forms.ChoiceField(label=_("Slag"), required=False)

    def __init__(self, data: Mapping[str, Any], *, accounts: Iterable[tuple[int, str]]) -> None:
        super().__init__(data)
        sorts = [(code, name) for code, (name, _kinds) in feed_words.SORTS.items()]
        rows = [(str(pk), name) for pk, name in accounts]
        self.fields["konto"].choices = [("", _("Alla")), *rows]  # type: ignore[attr-defined]  # a ChoiceField has them
        self.fields["slag"].choices = [("", _("Allt")), *sorts]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, str]:
        """What was chosen, by field."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
