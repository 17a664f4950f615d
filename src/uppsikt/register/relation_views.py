"""What the accounts like and follow: all of it, what is against the guideline, and more to note (D32, D33)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from uppsikt.channels import queries as channels
from uppsikt.channels.models import Channel
from uppsikt.kernel.errors import Refused
from uppsikt.organisation import current
from uppsikt.organisation.rules import STAFF
from uppsikt.register import loan_words, relations, tabs
from uppsikt.register.relation_models import Relation
from uppsikt.register.relation_rules import Kind, Party, Verdict
from uppsikt.ui import feedback, names
from uppsikt.ui.access import may, signed_in

INVALID = 422


class PartyForm(forms.Form):
    """Whose account it is, and what ties it to the municipality."""

    party = forms.ChoiceField(label=lazy("Vems sidan är"), choices=[("", lazy("Välj")), *loan_words.PARTIES.items()])
    tie = forms.CharField(
        label=lazy("Lokal anknytning"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=lazy("Krävs för föreningar, kulturinstitutioner och projekt som gillas."),
    )


class RelationForm(PartyForm):
    """A like or a follow to note."""

    kind = forms.ChoiceField(label=lazy("Kontot ska"), choices=[("follow", lazy("följa")), ("like", lazy("gilla"))])
    name = forms.CharField(label=lazy("Sidans namn"), max_length=160)
    address = forms.URLField(label=lazy("Sidans adress"), max_length=500, assume_scheme="https")
    field_order = ("kind", "name", "address", "party", "tie")


class FilterForm(forms.Form):
    """An account, and whether all is shown or what somebody must see to. What cannot be read narrows nothing."""

    is_filter = True

    konto = forms.ChoiceField(label=lazy("Konto"), required=False)
    visa = forms.ChoiceField(
        label=lazy("Visa"),
        required=False,
        choices=[("", lazy("Allt")), ("bedom", lazy("Att bedöma")), ("osagt", lazy("Ingen har sagt vems"))],
    )

    def __init__(self, data: Mapping[str, Any], *, accounts: Iterable[tuple[int, str]]) -> None:
        super().__init__(data)
        rows = [(str(pk), name) for pk, name in accounts]
        self.fields["konto"].choices = [("", _("Alla")), *rows]  # type: ignore[attr-defined]  # a ChoiceField has them

    def chosen(self) -> dict[str, str]:
        """What was chosen, by field."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


@signed_in
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """All that the accounts like and follow, by name; of one account, or what somebody must see to."""
    form = FilterForm(request.GET, accounts=[(pk, name) for pk, name, _unit, _unit_name in channels.listed()])
    chosen, person, now = form.chosen(), current.person(request), timezone.now()
    rows = Relation.objects.filter(state="in_force").exclude(channel__state="closed").select_related("channel")
    if "konto" in chosen:
        rows = rows.filter(channel=int(chosen["konto"]))
    if "visa" in chosen:
        rows = relations.to_judge(rows) if chosen["visa"] == "bedom" else rows.filter(party="")
    page, reach = names.page(request, rows), relations.reach(person, now=now)
    context = {
        "tabs": tabs.of(request, "relations"),
        "form": form,
        "narrowed": bool(chosen),
        "page": page,
        "rows": [told(row, reach) for row in page.rows],
        "notes": bool(reach),
    }
    return render(request, "register/relations.html", context)


def told(row: Relation, reach: set[int | None]) -> dict[str, Any]:
    """A relation as a list shows it."""
    wrong = relations.fault(row)
    return {
        "row": row,
        "kind": loan_words.KINDS[row.kind],
        "party": loan_words.PARTIES.get(row.party, ""),
        "wrong": loan_words.FAULTS.get(wrong, wrong),
        "changes": not reach.isdisjoint({None, row.channel_id}),
    }


@may(*STAFF)
@require_http_methods(["GET", "POST"])
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Note a like or a follow of one account, before it is made on the network."""
    channel = get_object_or_404(Channel, pk=pk)
    form = RelationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            relations.note(
                channel=channel,
                kind=Kind(data["kind"]),
                party=Party(data["party"]),
                name=data["name"],
                address=data["address"],
                tie=data["tie"],
                by=current.person(request),
                now=timezone.now(),
            )
        except Refused as refused:
            form.add_error("tie" if refused.code == "tie" else None, refused.words)
        else:
            feedback.done(request, _("Antecknat. Gör det nu på nätet också."))
            return redirect("register:relations")
    context = {"channel": channel, "form": form}
    return render(request, "register/relation.html", context, status=INVALID if request.method == "POST" else 200)


@may(*STAFF)
@require_http_methods(["GET", "POST"])
def say(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whose account it is."""
    row = get_object_or_404(Relation.objects.select_related("channel"), pk=pk)
    form = PartyForm(request.POST or None, initial={"party": row.party, "tie": row.tie})
    # Whoever goes through what is to be judged comes back to the rest of it.
    back = reverse("register:relations") + ("?visa=bedom" if relations.fault(row) else "")
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            relations.say(
                row, party=Party(data["party"]), tie=data["tie"], by=current.person(request), now=timezone.now()
            )
        except Refused as refused:
            form.add_error(None, refused.words)
        else:
            feedback.done(request, _("Antecknat."))
            if wrong := relations.fault(row):
                feedback.told(request, relations.refusals()[Verdict(wrong)])
            return redirect(back)
    context = {"channel": row.channel, "form": form, "row": row}
    return render(request, "register/relation.html", context, status=INVALID if request.method == "POST" else 200)


@may(*STAFF)
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """The account no longer likes or follows it."""
    row = get_object_or_404(Relation.objects.select_related("channel"), pk=pk)
    relations.end(row, by=current.person(request), now=timezone.now())
    feedback.done(request, _("Antecknat att kontot inte längre gillar eller följer %(name)s.") % {"name": row.name})
    return redirect("register:relations")
