"""The rounds that were made, one round with what it showed, and heightened oversight ordered and ended (D25, D26)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from uppsikt.channels.models import Channel
from uppsikt.inbox.flow_forms import LOCAL, moment_field
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.machine import WrongStep
from uppsikt.organisation.current import person
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import READERS, STAFF, Role
from uppsikt.oversight import heightening, queries, tabs
from uppsikt.oversight.models import Heightened
from uppsikt.records import reading
from uppsikt.ui import feedback, paging
from uppsikt.ui.access import may

ORDERERS = (*STAFF, Role.MANAGER)
SHOWN = 200
# So many heightened times are told of at once.
RUNNING = 50


class OrderForm(forms.Form):
    """Where, until when and why."""

    channel = forms.ModelChoiceField(
        label=gettext_lazy("Kanal"),
        queryset=Channel.objects.none(),
        empty_label=gettext_lazy("Välj kanal"),
        error_messages={"required": gettext_lazy("Välj en kanal.")},
    )
    until = moment_field(gettext_lazy("Till och med"), gettext_lazy("Välj hur länge."))
    reason = forms.CharField(
        label=gettext_lazy("Varför"),
        max_length=2000,
        widget=forms.Textarea,
        error_messages={
            "required": gettext_lazy("Skriv varför, så att den som har uppsikten vet vad hen ska titta efter.")
        },
    )

    def __init__(self, data: Any, channels: list[Channel], **more: Any) -> None:
        super().__init__(data, **more)
        self.use_required_attribute = False
        field = self.fields["channel"]
        field.queryset = Channel.objects.filter(pk__in=[each.pk for each in channels]).order_by("name")  # type: ignore[attr-defined]


def ordered_by(who: Person) -> list[Channel]:
    """The live channels on which the person may order heightened oversight."""
    now = timezone.now()
    rows = queries.overseen(who, at=now).filter(state="live").order_by("name", "pk")
    return heightening.ordered_by(who, rows, at=now)


@may(*READERS)
@require_GET
def rounds(request: HttpRequest) -> HttpResponse:
    """Rounds, the newest first; of one channel where one is chosen. And where oversight is heightened."""
    who, now = person(request), timezone.now()
    channels = queries.overseen(who, at=now)
    listed = list(channels.order_by("name", "pk"))
    chosen = next((each for each in listed if str(each.pk) == request.GET.get("kanal")), None)
    asked = channels.filter(pk=chosen.pk) if chosen else channels
    context = {
        "tabs": tabs.of(who, "rounds"),
        "page": paging.page(request, queries.rounds(asked), by="opened_at", size=40),
        "channels": listed if len(listed) > 1 else [],
        "chosen": chosen,
        "running": queries.heightened(asked).filter(state="running")[:RUNNING],
        "may_order": bool(set(ORDERERS) & who.roles),
        "person": who,
    }
    return render(request, "oversight/rounds.html", context)


@may(*READERS)
@require_GET
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One round: who, when, what it showed and what was done."""
    who, now = person(request), timezone.now()
    rows = queries.rounds(queries.overseen(who, at=now))
    row = get_object_or_404(rows, pk=pk)
    reader = reading.reader(who, now=now)
    shown = list(queries.shown_items(row, reader)[: SHOWN + 1])
    context = {
        "round": row,
        "items": shown[:SHOWN],
        "cut": len(shown) > SHOWN,
        "deeds": queries.deeds(row, reader),
        "counts_for": queries.dues([row.channel_id]).filter(met_by=row),
        "made_good": queries.dues([row.channel_id]).filter(made_good_by=row),
        "limit": SHOWN,
    }
    return render(request, "oversight/round.html", context)


@may(*ORDERERS)
@require_http_methods(["GET", "POST"])
def order(request: HttpRequest) -> HttpResponse:
    """Order heightened oversight of a channel for a while."""
    who, now = person(request), timezone.now()
    beforehand = {
        "channel": request.GET.get("kanal", ""),
        "until": timezone.localtime(now + timedelta(days=2)).strftime(LOCAL),
    }
    form = OrderForm(request.POST or None, ordered_by(who), initial=beforehand)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            heightening.order(data["channel"], until=data["until"], reason=data["reason"], by=who, now=now)
        except Refused as refused:
            form.add_error(None, refused.words)
        else:
            feedback.done(request, _("Uppsikten är skärpt. Den som är i tjänst har fått veta det."))
            return redirect("oversight:rounds")
    return render(request, "oversight/order.html", {"form": form})


@may(*ORDERERS)
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """End heightened oversight before its time."""
    who, now = person(request), timezone.now()
    row = get_object_or_404(Heightened.objects.filter(channel__in=queries.overseen(who, at=now)), pk=pk)
    try:
        heightening.stop(row, reason=request.POST.get("varfor", ""), by=who, now=now)
    except (Refused, WrongStep) as refused:
        feedback.failed(request, getattr(refused, "words", _("Den är redan avslutad.")))
    else:
        feedback.done(request, _("Den skärpta uppsikten är avslutad."))
    return redirect("oversight:rounds")
