"""The list of channels, and what is done with one. Its page is put together in `web`, from all rooms."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from uppsikt.channels import actions, pages, queries, sending, words
from uppsikt.channels.forms import DutyForm, FilterForm
from uppsikt.channels.models import Channel
from uppsikt.channels.rules import Act
from uppsikt.kernel.errors import Refused
from uppsikt.organisation import current
from uppsikt.organisation.models import Person
from uppsikt.organisation.queries import suggestions
from uppsikt.organisation.rules import STAFF, Role
from uppsikt.ui import feedback, names
from uppsikt.ui.access import may, signed_in

# Whoever may be responsible for a channel, besides those who run all of them.
RUNNERS = (*STAFF, Role.MANAGER, Role.ADMINISTRATOR)


@signed_in
@require_GET
def channels(request: HttpRequest) -> HttpResponse:
    """All channels, by name."""
    now = timezone.now()
    form = FilterForm(request.GET, units=names.in_order(queries.units_with_channels()))
    chosen = form.chosen()
    page = names.page(request, queries.for_list(at=now, **chosen))
    rows = [
        (row, words.network_icon(row.network), words.network(row.network), pages.state_tag(row)) for row in page.rows
    ]
    context = {
        "form": form,
        "narrowed": bool(chosen),
        "rows": rows,
        "page": page,
        "everywhere": queries.people_for_all(at=now),
        "count": Channel.objects.exclude(state="closed").count(),
        "trouble": sum(pages.needs_somebody(channel) for channel in queries.in_trouble()),
        "gives_all": queries.gives_mandates(current.person(request), None),
        "connects": bool({Role.ADMINISTRATOR, Role.COMMUNICATIONS} & current.person(request).roles),
    }
    return render(request, "channels/list.html", context)


def own_channel(request: HttpRequest, pk: int) -> tuple[Channel, Person]:
    """The channel and who asks. Raises Refused where somebody else sees to it."""
    channel, person = get_object_or_404(Channel.objects.select_related("responsible"), pk=pk), current.person(request)
    if not queries.runs(person, channel):
        raise Refused(
            "not_yours",
            _("Det är %(name)s eller kommunikationsenheten som sköter kanalens anslutning. Be någon av dem.")
            % {"name": channel.responsible.name},
        )
    return channel, person


def reason_in(request: HttpRequest) -> str:
    """The reason that was written in a form that has nothing else."""
    return request.POST.get("reason", "").replace("\0", "").strip()[:1000]


@may(*RUNNERS)
@require_POST
def read_now(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the channel at once."""
    channel, person = own_channel(request, pk)
    actions.read_now(channel, by=person.doer, now=timezone.now())
    feedback.done(request, _("Kanalen läses nu. Sidan visar när det är klart."))
    return redirect(queries.address(channel))


@may(*RUNNERS)
@require_POST
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop reading and answering for a while."""
    channel, person = own_channel(request, pk)
    reason = reason_in(request)
    if not reason:
        raise Refused("no_reason", _("Skriv varför kanalen pausas, så att kollegorna förstår."))
    actions.pause(channel, reason=reason, by=person.doer, now=timezone.now())
    feedback.done(request, _("Kanalen är pausad. Inget läses och inga svar skickas förrän du startar den igen."))
    return redirect(queries.address(channel))


@may(*RUNNERS)
@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Read and answer again."""
    channel, person = own_channel(request, pk)
    actions.resume(channel, by=person.doer, now=timezone.now())
    feedback.done(request, _("Kanalen är igång igen. Det som sagts under pausen läses nu."))
    return redirect(queries.address(channel))


@may(Role.ADMINISTRATOR, Role.COMMUNICATIONS)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Who answers for the channel (D5)."""
    channel, person = own_channel(request, pk)
    form = DutyForm(request.POST or None, initial=DutyForm.of(channel))
    if request.method == "POST" and form.is_valid():
        actions.change(channel, **form.cleaned_data, by=person.doer, now=timezone.now())
        feedback.done(request, _("Uppgifterna är ändrade."))
        return redirect(queries.address(channel))
    return render(request, "channels/change.html", {"channel": channel, "form": form, "people": suggestions()})


@may(*STAFF)
@require_POST
def settle(request: HttpRequest, pk: int, intent_pk: int) -> HttpResponse:
    """Somebody looked at the network, and says whether what was sent is there."""
    channel = get_object_or_404(Channel, pk=pk)
    person, now, said = current.person(request), timezone.now(), request.POST.get("there")
    actions.check_may(channel, Act.ANSWER, person, now=now)
    if said not in {"yes", "no"}:
        raise Refused("unclear", _("Svara ja eller nej."))
    intent = get_object_or_404(queries.unsettled(channel), pk=intent_pk)
    sending.settle(intent, is_there=said == "yes", by=person.doer, now=now)
    feedback.done(request, _("Tack. Det är antecknat, och ärendet går vidare utifrån det."))
    return redirect(queries.address(channel))
