"""The pages of orders: all of them, the guided form, one order with what is decided on it (D6, D9, D10)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from uppsikt.channels.models import Channel
from uppsikt.kernel.errors import Refused
from uppsikt.organisation import current
from uppsikt.organisation.models import Person
from uppsikt.organisation.queries import suggestions
from uppsikt.register import order_pages, order_queries, order_rules, order_words, ordering, tabs
from uppsikt.register.order_forms import FORMS, DecideForm
from uppsikt.register.order_models import Order
from uppsikt.register.order_queries import ORDERERS
from uppsikt.ui import feedback, paging
from uppsikt.ui.access import may, signed_in
from uppsikt.ui.attempts import DONE, attempt


@signed_in
@require_GET
def orders(request: HttpRequest) -> HttpResponse:
    """What waits for the one who asks, and all orders, the newest first."""
    person = current.person(request)
    waiting = list(order_queries.waiting(person)[:50])
    page = paging.page(request, order_queries.listed(person), by="made_at", size=40)
    context = {
        "tabs": tabs.of(request, "orders"),
        "waiting": [(row, order_words.state(row)) for row in waiting],
        "page": page,
        "rows": [(row, order_words.state(row), order_words.network(row.network)) for row in page.rows],
        "may_order": bool(set(ORDERERS) & person.roles),
    }
    return render(request, "register/orders.html", context)


@may(*ORDERERS)
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begin an order, and go to the first step of its form."""
    order = ordering.begin(by=current.person(request), now=timezone.now())
    return redirect("register:order_step", order.pk, next(iter(order_rules.STEPS)))


def read(pk: int, person: Person) -> Order:
    """The order, where the person may see it: a draft is its writer's own. Raises Http404."""
    rows = order_queries.listed(person).select_related(
        "unit__department", "by", "responsible", "second", "approved_by", "consulted_by", "central"
    )
    return get_object_or_404(rows, pk=pk)


@may(*ORDERERS)
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """One step of the guided form. It is saved as it is, whole or not."""
    person, now = current.person(request), timezone.now()
    order = read(pk, person)
    if step not in FORMS:
        raise Http404
    ordering.check_writer(order, person)
    if order.state not in {"draft", "asked"}:
        raise Refused("sent", _("Beställningen är skickad. Be chefen om komplettering, så kan du ändra den."))
    form = FORMS[step](request.POST or None, initial=FORMS[step].of(order))
    if request.method == "POST" and form.is_valid():
        ordering.write(order, **form.cleaned_data, by=person, now=now)
        later = "later" in request.POST
        feedback.done(request, _("Sparat. Beställningen ligger kvar under Beställningar.") if later else _("Sparat."))
        following = order_rules.next_step(step)
        if following and not later:
            return redirect("register:order_step", pk, following)
        return redirect("register:order", pk)
    return render(request, "register/order_step.html", step_context(order, step, form))


def step_context(order: Order, step: str, form: Any) -> dict[str, Any]:
    """What a step of the form shows beside its fields."""
    names = list(order_rules.STEPS)
    return {
        "order": order,
        "form": form,
        "step": step,
        "title": order_words.FORM[step],
        "number": names.index(step) + 1,
        "count": len(names),
        "back": names[names.index(step) - 1] if names.index(step) else "",
        "people": suggestions(order.unit) if step == "upkeep" else [],
        "central": list(order_queries.central()[:10]) if step == "central" else [],
        "facts": order_pages.network(order.network),
    }


@signed_in
@require_GET
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """One order: what was written, what it lacks, what was decided, and what the one who asks can do."""
    person = current.person(request)
    row = read(pk, person)
    return render(request, "register/order.html", order_context(request, row, person))


def order_context(request: HttpRequest, row: Order, person: Person, form: DecideForm | None = None) -> dict[str, Any]:
    """What the page of an order shows."""
    deeds = order_pages.deeds(row, person)
    writes = order_queries.writes(person, row) and row.state in {"draft", "asked"}
    opening = order_queries.opening_of(row)
    central = order_queries.central() if any(deed.name == "propose_central" for deed in deeds) else None
    return {
        "tabs": tabs.of(request, "orders"),
        "order": row,
        "state": order_words.state(row),
        "told": order_pages.told(row),
        "writes": writes,
        "lacks": [(lack, order_words.lack(lack)) for lack in ordering.lacks(row)] if writes else [],
        "deeds": deeds,
        "form": form or DecideForm(central=central, state=row.state),
        "asks": _("Något att säga till chefen") if writes else _("Varför, eller något att tänka på"),
        "opening": opening,
        "lines": order_words.lines(order_queries.steps(row, opening)),
    }


# Each deed of the page, and what is said when it is done.
DEEDS: dict[str, tuple[Callable[..., Order], Promise]] = {
    "send": (ordering.send, gettext_lazy("Beställningen är skickad till enhetens chef.")),
    "ask": (ordering.ask, gettext_lazy("Frågan är skickad. Beställningen kommer tillbaka när den är kompletterad.")),
    "approve": (ordering.approve, gettext_lazy("Godkänt. Nu hörs kommunikationsenheten.")),
    "refuse": (ordering.refuse, gettext_lazy("Beställningen är avslagen, och den som beställde får veta varför.")),
    "agree": (ordering.agree, gettext_lazy("Tack. Kontot kan nu öppnas.")),
    "propose_central": (ordering.propose_central, gettext_lazy("Förslaget är skickat. Chefen avgör.")),
    "veto": (ordering.veto, gettext_lazy("Kontot blir inte av, och de som berörs får veta varför.")),
    "keep": (ordering.keep, gettext_lazy("Kontot kan nu öppnas.")),
    "use_central": (ordering.use_central, gettext_lazy("Den centrala kanalen används. Beställningen är avslutad.")),
    "withdraw": (ordering.withdraw, gettext_lazy("Beställningen är återtagen.")),
}


@may(*ORDERERS)
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Send, approve, refuse, be heard …: the deed that the button names, with what was written beside it."""
    person = current.person(request)
    row = read(pk, person)
    name = request.POST.get("deed", "")
    if name not in DEEDS:
        raise Refused("unclear", _("Välj vad du vill göra med beställningen."))
    act, said = DEEDS[name]
    central = order_queries.central() if name == "propose_central" else None
    form = DecideForm(request.POST, central=central, state=row.state)

    def carry_out() -> str:
        extra = {"central": chosen(form)} if name == "propose_central" else {}
        act(row, reason=form.cleaned_data["reason"], by=person, now=timezone.now(), **extra)
        return str(said)

    words, status = attempt(form, carry_out)
    if status == DONE:
        feedback.done(request, words)
        return redirect("register:order", pk)
    row = read(pk, person)
    return render(request, "register/order.html", order_context(request, row, person, form), status=status)


def chosen(form: DecideForm) -> Channel:
    """The central account that was chosen. Raises Refused for none."""
    central: Channel | None = form.cleaned_data["central"]
    if central is None:
        raise Refused("no_central", _("Välj vilken central kanal som kan användas i stället."))
    return central
