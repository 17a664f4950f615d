"""What goes on in the accounts: all at a glance, one with plots and tables, and the talk about a still one (D51)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_POST

from uppsikt.channels import queries as channels
from uppsikt.channels import words as channel_words
from uppsikt.channels.models import Channel
from uppsikt.inbox import plots
from uppsikt.inbox.figures_views import open_time
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.current import person
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import READERS, Role
from uppsikt.policy import queries as policy
from uppsikt.register import activity, ends, entries, life_words, stillness, tabs
from uppsikt.register.activity_models import STILL, ActivityMonth, Stillness
from uppsikt.register.panel import Panel
from uppsikt.ui import feedback, names, trails
from uppsikt.ui.access import may

INVALID = 422
TALKERS = (Role.OFFICER, Role.EDITOR, Role.CUSTOMER_CENTRE, Role.COMMUNICATIONS, Role.MANAGER)


class TalkForm(forms.Form):
    """What was said about an account that lies still."""

    on = forms.DateField(
        label=lazy("Samtalet hölls"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    words = forms.CharField(
        label=lazy("Vad ni kom fram till"),
        max_length=2000,
        widget=forms.Textarea,
        error_messages={"required": lazy("Skriv vad ni kom fram till.")},
    )
    until = forms.DateField(
        label=lazy("Kontot ska ha kommit igång senast"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=lazy("Har inget inlägg kommit då föreslås att kontot avslutas."),
    )


@may(*READERS)
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Every open account by name: when it last had a post, and how much has been said this month."""
    now = timezone.now()
    page = names.page(request, channels.for_list(at=now, state="live"))
    shown = list(page.rows)
    posts = activity.last_posts(row.pk for row in shown)
    months = {row.channel_id: row for row in this_month(shown, now)}
    still = {row.channel_id: row for row in Stillness.objects.filter(channel__in=shown, state__in=STILL)}
    rows = [
        {
            "channel": row,
            "icon": channel_words.network_icon(row.network),
            "network": channel_words.network(row.network),
            "read": activity.is_read(row),
            "unread": life_words.unread(activity.unread(row))[0],
            "last": posts.get(row.pk),
            "month": months.get(row.pk),
            "still": life_words.tagged(life_words.STILL, still[row.pk].state) if row.pk in still else None,
        }
        for row in shown
    ]
    context = {"rows": rows, "page": page, "tabs": tabs.of(request, "activity")}
    return render(request, "register/activity.html", context)


def this_month(rows: list[Channel], now: datetime) -> list[ActivityMonth]:
    """This month's figures of some channels."""
    return list(ActivityMonth.objects.filter(channel__in=rows, month=timezone.localdate(now).replace(day=1)))


@may(*READERS)
@require_GET
def channel(request: HttpRequest, pk: int) -> HttpResponse:
    """One account's activity."""
    return of_channel(request, channel_or_404(pk))


def channel_or_404(pk: int) -> Channel:
    """The channel, with what its pages show."""
    return get_object_or_404(Channel.objects.select_related("unit__department", "responsible"), pk=pk)


def of_channel(request: HttpRequest, row: Channel, *, talk: TalkForm | None = None) -> HttpResponse:
    """The page, with a form that may have something to say."""
    now, who = timezone.now(), person(request)
    months = activity.months(row, at=now)
    still = stillness.of(row)
    context = {
        "channel": row,
        "tabs": tabs.of(request, "activity"),
        "read": activity.is_read(row),
        "elsewhere": row.connected_at is None,
        "unread": life_words.unread(activity.unread(row))[1],
        "last": activity.last_post(row),
        "days": activity.promised_days(entries.of(row)),
        "months": [(month, open_time(month.median)) for month in months],
        "plots": plots_of(months[::-1]),
        "still": still,
        "tag": life_words.tagged(life_words.STILL, still.state) if still else None,
        "talk_form": talk or talk_form(now),
        "talks": may_talk(who, row),
        "lines": trails.lines(trail.steps_of_all(Stillness.objects.filter(channel=row)), life_words.STEPS),
    }
    return render(request, "register/activity_channel.html", context, status=INVALID if talk else 200)


def plots_of(months: list[activity.Month]) -> list[tuple[str, str, plots.Plot]]:
    """Heading, what the plot shows in words, and the plot; the same figures stand in the table."""
    if not months:
        return []
    return [
        (
            _("Egna inlägg"),
            _("Egna inlägg, månad för månad."),
            plots.bars([(m.month, m.posts) for m in months], words=str),
        ),
        (
            _("Kommentarer och meddelanden"),
            _("Det som andra har skrivit, månad för månad."),
            plots.bars([(m.month, m.received) for m in months], words=str),
        ),
        (
            _("Tid till första svar"),
            _("Öppettid. Hälften av svaren gavs inom den här tiden."),
            plots.bars([(m.month, m.median) for m in months], words=open_time),
        ),
        (
            _("Hur många som skriver"),
            _("Olika personer som har skrivit, månad för månad. Nätens egna visningstal lämnas inte ut hit."),
            plots.bars([(m.month, m.people) for m in months], words=str),
        ),
    ]


def talk_form(now: datetime) -> TalkForm:
    """An empty form with the days that are likely."""
    today = timezone.localdate(now)
    until = today + timedelta(days=policy.number("activity.after_talk_days"))
    return TalkForm(initial={"on": today, "until": until})


def may_talk(who: Person, row: Channel) -> bool:
    """Whether the person may note a talk."""
    return bool(set(TALKERS) & who.roles) and ends.sees_to(who, row)


@may(*TALKERS)
@require_POST
def talk(request: HttpRequest, pk: int) -> HttpResponse:
    """Note a talk about an account that lies still."""
    row, form, who = channel_or_404(pk), TalkForm(request.POST), person(request)
    ends.check_sees_to(who, row)
    still = stillness.of(row)
    if still is None:
        raise Refused("not_still", _("Kontot ligger inte still längre."))
    if form.is_valid():
        try:
            stillness.talk(still, by=who, now=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.words)
        else:
            feedback.done(request, _("Samtalet är antecknat."))
            return redirect("register:channel_activity", pk)
    return of_channel(request, row, talk=form)


def panel(request: HttpRequest, row: Channel, now: datetime) -> Panel | None:
    """On the account's page: when it last had a post, and whether it lies still."""
    if not set(READERS) & person(request).roles:
        return None
    last, still = activity.last_post(row), stillness.of(row)
    context: dict[str, Any] = {
        "pk": row.pk,
        "unread": life_words.unread(activity.unread(row))[1],
        "last": last,
        "tag": life_words.tagged(life_words.STILL, still.state) if still else None,
    }
    return Panel("aktivitet", _("Aktivitet"), "register/parts/activity_panel.html", context)
