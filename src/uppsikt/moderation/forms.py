"""What is filled in to hide or remove something, to decide, to show again, and to say who took away what is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from uppsikt.connectors.base import Deed
from uppsikt.moderation import actions, queries, words
from uppsikt.moderation.models import Removal
from uppsikt.moderation.rules import Who
from uppsikt.policy import queries as policy
from uppsikt.policy.models import DisposalDecision, Ground
from uppsikt.records.models import Item

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LONGEST, LONGEST_ADDRESS = 4000, 254


def long_text(label: StrOrPromise, lacking: StrOrPromise = "", help_text: StrOrPromise = "") -> forms.CharField:
    """Some lines that must be written; `lacking` is said where they are not."""
    said = {"required": lacking} if lacking else {}
    return forms.CharField(
        label=label, widget=forms.Textarea, max_length=LONGEST, help_text=help_text, error_messages=said
    )


def choices_of(form: forms.Form, name: str) -> forms.ChoiceField:
    """The field by that name, whose choices are known once there is an item."""
    return cast("forms.ChoiceField", form.fields[name])


def offer_decisions(form: forms.Form, item: Item) -> list[DisposalDecision]:
    """Let the form's `decision` be one of those that a removal of the item can rest on; the standing one beforehand."""
    rows = queries.decisions_for(item)
    field = cast("forms.ModelChoiceField[DisposalDecision]", form.fields["decision"])
    field.queryset = DisposalDecision.objects.filter(pk__in=[row.pk for row in rows])
    field.initial = next((row.pk for row in rows if row.standing), None)
    return rows


def in_swedish(name: str) -> SafeString:
    """A name of the policy's, which is Swedish on every page: a screen reader is to say it so (WCAG 3.1.2)."""
    return format_html('<span lang="sv">{}</span>', name)


class Grounded(forms.Form):
    """A ground, what it asks for, and the disposal decision that the removal rests on."""

    ground = forms.ChoiceField(
        label=gettext_lazy("Grund"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Välj en grund.")},
    )
    obvious = forms.BooleanField(
        label=gettext_lazy("Brottet är uppenbart"),
        required=False,
        help_text=gettext_lazy("Lagen kräver det. Är du osäker, fråga nämndkansliet."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Varför"),
        widget=forms.Textarea,
        required=False,
        max_length=LONGEST,
        help_text=gettext_lazy("Brott, och grunder som är en bedömning, kräver det."),
    )
    decision = forms.ModelChoiceField(
        label=gettext_lazy("Gallringsbeslut"),
        queryset=DisposalDecision.objects.none(),
        # Where there is none, one can still hide, which is no disposal.
        required=False,
        empty_label=None,
        error_messages={"required": gettext_lazy("Välj det gallringsbeslut som borttagningen vilar på.")},
    )

    def __init__(self, data: Any, item: Item, **more: Any) -> None:
        super().__init__(data, **more)
        self.item = item
        # The rules of the house first: they are what an officer mostly needs, and each has a digit for its key.
        rows = sorted(policy.grounds(), key=lambda row: row.sort != Ground.Sort.RULE)
        self.grounds = rows
        choices_of(self, "ground").choices = [(row.code, in_swedish(row.name)) for row in rows]
        self.decisions = offer_decisions(self, item)
        field = self.fields["decision"]
        field.required = bool(self.decisions)
        if not self.decisions:
            field.help_text = _(
                "Det finns inget gallringsbeslut som gäller här. Be kommunikationsenheten lägga in det. Dölj så länge."
            )


class ReviewForm(Grounded):
    """Hide or remove an item."""

    act = forms.ChoiceField(label=gettext_lazy("Vad ska hända"), widget=forms.RadioSelect)
    next = forms.CharField(widget=forms.HiddenInput, required=False, max_length=400)

    field_order = ("act", "ground", "obvious", "reason", "decision", "next")

    def __init__(self, data: Any, item: Item, **more: Any) -> None:
        super().__init__(data, item, **more)
        deeds = [deed for deed in (Deed.REMOVE, Deed.HIDE) if possible(item, deed)]
        choices_of(self, "act").choices = [(deed.value, words.DEEDS[deed.value]) for deed in deeds]
        # To remove asks for a disposal decision: where no standing one is, what can be done at once is chosen.
        decided = any(row.standing for row in self.decisions)
        first = next((deed for deed in deeds if decided or deed is Deed.HIDE), deeds[0] if deeds else None)
        self.fields["act"].initial = first.value if first else ""
        self.prefix_ids(item)

    def prefix_ids(self, item: Item) -> None:
        """Several of these may stand on one page."""
        self.auto_id = f"granska-{item.pk}-%s"


def possible(item: Item, deed: Deed) -> bool:
    """Whether it can be done to the item as the network shows it now."""
    able = actions.NEEDS[deed].value in item.can
    return able and item.state != "gone" and not (deed is Deed.HIDE and item.state != "visible")


class DecideForm(forms.Form):
    """On which disposal decision something is removed."""

    decision = forms.ModelChoiceField(
        label=gettext_lazy("Gallringsbeslut"),
        queryset=DisposalDecision.objects.none(),
        required=False,
        empty_label=None,
    )

    def __init__(self, data: Any, removal: Removal) -> None:
        super().__init__(data)
        # To hide is no disposal; and where there is none to choose, the action says what to do about it.
        self.fields["decision"].required = bool(offer_decisions(self, removal.item)) and removal.act == Deed.REMOVE


class ReasonForm(forms.Form):
    """Why."""

    reason = long_text(gettext_lazy("Varför"), gettext_lazy("Skriv varför."))

    def __init__(self, data: Any, *, name: str) -> None:
        super().__init__(data, auto_id=f"{name}-%s")


class SettleForm(forms.Form):
    """Whether the network did it, as somebody saw there."""

    is_there = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])


class VanishedForm(Grounded):
    """Who took away what is gone, and on what ground where it was we."""

    who = forms.ChoiceField(label=gettext_lazy("Vem tog bort det?"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=gettext_lazy("Hur vet du det?"), widget=forms.Textarea, required=False, max_length=LONGEST
    )
    field_order = ("who", "note", "ground", "obvious", "reason", "decision")

    def __init__(self, data: Any, item: Item) -> None:
        super().__init__(data, item)
        choices_of(self, "who").choices = list(words.TAKERS.items())
        # Asked for only where it was we: the action says what is lacking.
        for name in ("ground", "decision"):
            self.fields[name].required = False
            # Neither is left to choice: who took it away says whether they are asked for.
            self.fields[name].asked_sometimes = True  # type: ignore[attr-defined]  # read by ui/parts/field.html

    @property
    def taker(self) -> Who:
        """Who it was."""
        return Who(self.cleaned_data["who"])


class PictureForm(forms.Form):
    """A picture that somebody took by hand."""

    picture = forms.FileField(
        label=gettext_lazy("Skärmbild"),
        help_text=gettext_lazy("PNG eller JPEG, högst 15 MB."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
    )
    why = forms.CharField(label=gettext_lazy("Vad bilden visar"), max_length=300)
