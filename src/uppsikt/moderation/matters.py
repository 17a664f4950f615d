"""Each sort of matter around a removal, as data: what it is called, what it shows, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from uppsikt.moderation import (
    around,
    blocks,
    incidents,
    police,
    reconsidering,
    registering,
    reports,
    rulings,
)
from uppsikt.moderation import matter_forms as given
from uppsikt.moderation import matter_words as words
from uppsikt.moderation.models import (
    Block,
    Incident,
    NetworkReport,
    PoliceReport,
    Reconsideration,
    Registering,
    Ruling,
)
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.records.models import Item

Given = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that can be done with a matter: in which states, by whom, what is filled in."""

    name: str
    words: str | Promise
    states: frozenset[str]
    may: Callable[[Any, Person, datetime], bool]
    act: Callable[[Any, Given, Person, datetime], Any]
    form: type[forms.Form] = given.TextForm
    tone: str = "secondary"


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of matter."""

    code: str
    model: type[models.Model]
    title: str | Promise
    begin_words: str | Promise = ""
    begin_means: str | Promise = ""
    form: type[forms.Form] | None = None
    begin: Callable[[Item, Given, Person, datetime], Any] | None = None
    open_states: tuple[str, ...] = ()
    facts: Callable[[Any], list[tuple[str, Any, str]]] = lambda row: []
    moves: tuple[Move, ...] = ()
    also: tuple[str, ...] = field(default=())

    def state(self, row: Any) -> str:
        """The state in words."""
        return str(words.STATES[self.code].get(row.state, row.state))


def acts(row: Any, who: Person, now: datetime) -> bool:
    """By mandate on the channel."""
    return around.acts(who, row.item, now=now)


def other_decides(row: Any, who: Person, now: datetime) -> bool:
    """One who decides, but not their own proposal."""
    return row.by_id != who.pk and around.decides(who, row.item, now=now)


def registrar(row: Any, who: Person, now: datetime) -> bool:
    """The board's office."""
    return Role.REGISTRAR in who.roles


def handles(row: Any, who: Person, now: datetime) -> bool:
    """Who sees to an incident."""
    return incidents.handles(who, row, now=now)


def tries(row: Any, who: Person, now: datetime) -> bool:
    """Who may try a removal again."""
    return reconsidering.tries(who, row, now=now)


def states(*names: str) -> frozenset[str]:
    """In these."""
    return frozenset(names)


RULINGS = Sort(
    rulings.SORT,
    Ruling,
    _("Frågor till nämndkansliet"),
    _("Fråga nämndkansliet"),
    _("Är du osäker på vad som gäller? Nämndkansliet svarar, och klockan går tills de har gjort det."),
    given.QuestionForm,
    lambda item, told, by, now: rulings.ask(item, question=told["text"], by=by, now=now),
    ("asked",),
    lambda row: [
        (gettext("Svar senast"), row.due_at, "due" if row.state == "asked" else "time"),
        (gettext("Besked"), words.OUTCOMES.get(row.outcome, ""), ""),
    ],
    (
        Move("svara", _("Svara"), states("asked"), registrar,
             lambda row, told, by, now: rulings.answer(
                 row, outcome=told["outcome"], text=told["text"], by=by, now=now),
             given.RulingForm, "primary"),
        Move("ta-tillbaka", _("Ta tillbaka frågan"), states("asked"), lambda row, who, now: row.by_id == who.pk,
             lambda row, told, by, now: rulings.withdraw(row, by=by, now=now), given.EmptyForm),
    ),
)  # fmt: skip

BLOCKS = Sort(
    blocks.SORT,
    Block,
    _("Avstängningar"),
    _("Stäng av den som skrev"),
    _("En avstängning har grund, skäl och slutdatum, och någon annan än du beslutar. Den upphör av sig själv."),
    given.BlockForm,
    lambda item, told, by, now: blocks.propose(
        item, ground=told["ground"], reason=told["text"], until=told["until"], by=by, now=now
    ),
    ("proposed", "approved", "in_force", "ended"),
    lambda row: [
        (gettext("Vem"), row.actor.name, "network"),
        (gettext("Grund"), row.ground.name, "ground"),
        (gettext("Gäller till"), row.until, "time"),
        (gettext("Beslutad av"), row.approved_by, ""),
    ],
    (
        Move("godkann", _("Godkänn"), states("proposed"), other_decides,
             lambda row, told, by, now: blocks.approve(row, by=by, now=now), given.EmptyForm, "primary"),
        Move("avsla", _("Avslå"), states("proposed"), other_decides,
             lambda row, told, by, now: blocks.refuse(row, reason=told["text"], by=by, now=now)),
        Move("gjort", _("Jag har stängt av på nätet"), states("approved"), acts,
             lambda row, told, by, now: blocks.done_by_hand(row, by=by, now=now), given.EmptyForm, "primary"),
        Move("avsluta", _("Avsluta i förtid"), states("approved", "in_force"), acts,
             lambda row, told, by, now: blocks.end_early(row, reason=told["text"], by=by, now=now)),
        Move("havd", _("Jag har hävt den på nätet"), states("ended"),
             lambda row, who, now: bool(row.in_force_at) and acts(row, who, now),
             lambda row, told, by, now: blocks.undone(row, by=by, now=now), given.EmptyForm, "primary"),
    ),
    ("actor", "ground", "approved_by"),
)  # fmt: skip

REPORTS = Sort(
    reports.SORT,
    NetworkReport,
    _("Anmälningar till nätet"),
    _("Anmäl till nätet"),
    _("Olämpligt och olagligt anmäls till nätet. Tar nätet inte emot det härifrån gör du det på nätets sida."),
    given.GroundForm,
    lambda item, told, by, now: reports.report(item, ground=told["ground"], reason=told["text"], by=by, now=now),
    ("sending", "to_do"),
    lambda row: [(gettext("Grund"), row.ground.name, "ground"), (gettext("Sidan på nätet"), row.item.link, "link")],
    (
        Move("gjort", _("Jag har anmält det på nätet"), states("to_do"), acts,
             lambda row, told, by, now: reports.done_by_hand(row, note=told["text"], by=by, now=now),
             given.NoteForm, "primary"),
        Move("lat-bli", _("Anmäl inte"), states("to_do"), acts,
             lambda row, told, by, now: reports.drop(row, reason=told["text"], by=by, now=now)),
    ),
    ("ground",),
)  # fmt: skip

POLICE = Sort(
    police.SORT,
    PoliceReport,
    _("Polisanmälningar"),
    _("Polisanmäl"),
    _("Du får en anmälan som PDF, och en fil med den och hela beviset, att lämna till polisen."),
    given.WhatHappenedForm,
    lambda item, told, by, now: police.make(item, ground=told["ground"], text=told["text"], by=by, now=now),
    ("making", "made", "failed"),
    lambda row: [(gettext("Grund"), row.ground.name, "ground"), (gettext("Polisens nummer"), row.number, "")],
    (
        Move("inlamnad", _("Den är inlämnad"), states("made"), acts,
             lambda row, told, by, now: police.hand_in(row, number=told["text"], by=by, now=now),
             given.NumberForm, "primary"),
        Move("igen", _("Gör om den"), states("failed", "made"), acts,
             lambda row, told, by, now: police.again(row, by=by, now=now), given.EmptyForm),
    ),
    ("ground",),
)  # fmt: skip

RECONSIDERATIONS = Sort(
    reconsidering.SORT,
    Reconsideration,
    _("Omprövningar"),
    open_states=("asked",),
    facts=lambda row: [
        (gettext("Svar senast"), row.due_at, "due" if row.state == "asked" else "time"),
        (gettext("Kom genom"), words.LINKS.get(row.way, ""), ""),
        (gettext("Svaret går till"), row.contact, ""),
        (gettext("Borttagningen"), row.removal_id, "removal"),
    ],
    moves=(
        Move("star-fast", _("Beslutet står fast"), states("asked"), tries,
             lambda row, told, by, now: reconsidering.uphold(row, reason=told["text"], by=by, now=now)),
        Move("andra", _("Visa det igen"), states("asked"), tries,
             lambda row, told, by, now: reconsidering.change(row, reason=told["text"], by=by, now=now)),
    ),
    also=("removal",),
)  # fmt: skip

INCIDENTS = Sort(
    incidents.SORT,
    Incident,
    _("Incidenter"),
    _("Vi har publicerat något hemligt"),
    _("En incident räknar 72 timmar från när det blev känt. Dataskyddsombudet och chefen får veta genast."),
    given.IncidentForm,
    lambda item, told, by, now: incidents.begin(
        item, what=told["text"], known_at=told["known_at"], by=by, now=now
    ),
    ("open", "reported", "not_reportable"),
    lambda row: [
        (gettext("Känt sedan"), row.known_at, "time"),
        (gettext("Anmäl till IMY senast"), row.due_at, "due" if row.state == "open" else "time"),
        (gettext("Anmäld"), row.reported_at, "time"),
        (gettext("IMY:s nummer"), row.number, ""),
        (gettext("Berörda underrättade"), row.people_told_at, "time"),
    ],
    (
        Move("anmald", _("Den är anmäld till IMY"), states("open"), handles,
             lambda row, told, by, now: incidents.report(row, number=told["text"], by=by, now=now),
             given.NumberForm, "primary"),
        Move("anmals-inte", _("Den behöver inte anmälas"), states("open"), handles,
             lambda row, told, by, now: incidents.no_report(row, reason=told["text"], by=by, now=now)),
        Move("berorda", _("Berörda har fått veta"), states("open", "reported", "not_reportable"), handles,
             lambda row, told, by, now: incidents.tell_people(row, text=told["text"], by=by, now=now)),
        Move("steg", _("Skriv ner vad som är gjort"), states("open", "reported", "not_reportable"), handles,
             lambda row, told, by, now: incidents.note(row, text=told["text"], by=by, now=now)),
        Move("avsluta", _("Avsluta incidenten"), states("reported", "not_reportable"), handles,
             lambda row, told, by, now: incidents.close(row, text=told["text"], by=by, now=now)),
    ),
)  # fmt: skip

REGISTERINGS = Sort(
    "registreras",
    Registering,
    _("Ska registreras"),
    open_states=("waits",),
    facts=lambda row: [
        (gettext("Varför"), words.WHY.get(row.why, ""), ""),
        (gettext("Diarienummer"), row.number, ""),
    ],
    moves=(
        Move("registrera", _("Den är registrerad"), states("waits"), registrar,
             lambda row, told, by, now: registering.register(row, number=told["text"], by=by, now=now),
             given.NumberForm, "primary"),
        Move("lamna", _("Den behöver inte registreras"), states("waits"),
             lambda row, who, now: registrar(row, who, now) and not row.item.secret,
             lambda row, told, by, now: registering.leave(row, reason=told["text"], by=by, now=now)),
    ),
)  # fmt: skip

SORTS = {one.code: one for one in (RULINGS, RECONSIDERATIONS, INCIDENTS, BLOCKS, REPORTS, POLICE, REGISTERINGS)}
