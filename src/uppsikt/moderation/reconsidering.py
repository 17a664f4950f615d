"""The author asks for a removal to be tried again (D68): by a link, and by somebody else than the one who decided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.trail import Doer
from uppsikt.moderation import actions, around, effects, notes, telling
from uppsikt.moderation.models import AuthorNote, Reconsideration
from uppsikt.notices import actions as notices
from uppsikt.organisation.models import Person

SORT = "omprovningar"
AUTHOR = Doer("author", "Den som skrev det")
# For each removal, and from one place on the internet within an hour.
MOST, AN_HOUR = 3, 10
LASTS = timedelta(days=365)
LONGEST = 4000


def find(token: str, *, now: datetime) -> AuthorNote:
    """What a link is about. Raises Refused for one that leads nowhere."""
    rows = AuthorNote.objects.filter(digest=notes.digest(token), at__gt=now - LASTS).exclude(digest="")
    row = rows.select_related("removal__ground", "item__channel__unit", "removal__decided_by").first()
    if row is None:
        raise Refused("link_dead", _("Länken gäller inte längre. Kontakta kommunen om du vill ha något prövat igen."))
    return row


def check_pace(place: str) -> None:
    """Raise Refused for somebody who asks and asks. `place` is the address on the internet."""
    key = f"reconsider:{place}"
    cache.add(key, 0, timeout=3600)
    if cache.incr(key) > AN_HOUR:
        raise Refused("too_many", _("Det har kommit många begäranden härifrån. Försök igen om en timme."))


def asked(note: AuthorNote) -> Reconsideration | None:
    """The request about the removal, the newest."""
    return Reconsideration.objects.filter(removal=note.removal_id).order_by("-pk").first()


def ask(note: AuthorNote, *, text: str, contact: str, place: str, now: datetime) -> Reconsideration:
    """The author asks. It lands with those who may decide, but for those who did. Raises Refused."""
    check_pace(place)
    text = around.check_words(text, _("Skriv varför du tycker att beslutet är fel."))[:LONGEST]
    removal = note.removal
    if removal.state not in {"done", "acting"}:
        raise Refused("shown_again", _("Det visas igen, eller beslutet gäller inte längre."))
    if Reconsideration.objects.filter(removal=removal).count() >= MOST:
        raise Refused("too_many", _("Det här är redan prövat. Kontakta kommunen om du har mer att säga."))
    row = Reconsideration(
        removal=removal,
        item=note.item,
        text=text,
        contact=contact[:254],
        at=now,
        due_at=around.due_in(now, "reconsideration.within_working_days"),
    )
    try:
        with transaction.atomic():
            also = {"removal": removal, "note": note}
            trail.begin(row, by=AUTHOR, at=now, step="ask", also=also)
            tell(row, _asks, now=now)
    except IntegrityError as error:
        raise Refused("asked_already", _("En begäran är redan under prövning.")) from error
    return row


def _asks() -> str:
    return _("Den som skrev något som är borttaget ur %(channel)s ber att få det prövat igen.")


def _late() -> str:
    return _("En begäran om omprövning i %(channel)s har inte fått svar i tid.")


def stood_behind(row: Reconsideration) -> set[int | None]:
    """Those who proposed and decided: they do not try it again."""
    return {row.removal.proposed_by_id, row.removal.decided_by_id}


def tell(row: Reconsideration, words: Callable[[], str], *, now: datetime) -> None:
    """Tell those who may try it."""
    said = {"channel": row.item.channel.name}
    people = around.deciders(row.item, now=now, but=stood_behind(row))
    telling.tell(people, "reconsideration", lambda: words() % said, around.address(SORT, row), now=now)


def tries(by: Person, row: Reconsideration, *, now: datetime) -> bool:
    """Whether the person may try it again."""
    return by.pk not in stood_behind(row) and around.decides(by, row.item, now=now)


def check(by: Person, row: Reconsideration, *, now: datetime) -> None:
    """Raise Refused for whoever decided before, and for those whom the delegation does not name."""
    if by.pk in stood_behind(row):
        raise Refused("same_person", _("Du stod bakom beslutet. Någon annan ska pröva det igen."))
    around.check_decides(by, row.item, now=now)


def uphold(row: Reconsideration, *, reason: str, by: Person, now: datetime) -> Reconsideration:
    """It stays removed, and why. Raises Refused."""
    check(by, row, now=now)
    reason = around.check_words(reason, _("Skriv varför beslutet står fast. Den som frågade får läsa det."))
    with transaction.atomic():
        row = trail.take("uphold", row, by=by.doer, at=now, reason=reason, answer=reason, ended_at=now, ended_by=by)
        reply(row, now=now)
    return row


def change(row: Reconsideration, *, reason: str, by: Person, now: datetime) -> Reconsideration:
    """It was wrong: it is shown again, where the network lets us. Raises Refused."""
    check(by, row, now=now)
    reason = around.check_words(reason, _("Skriv varför det visas igen. Den som frågade får läsa det."))
    with transaction.atomic():
        row = trail.take("change", row, by=by.doer, at=now, reason=reason, answer=reason, ended_at=now, ended_by=by)
        actions.restore(row.removal, reason=reason, by=by, now=now)
        reply(row, now=now)
    return row


def reply(row: Reconsideration, *, now: datetime) -> None:
    """Write to whoever asked, where they left an address; else they read it by their link."""
    if not row.contact:
        return
    with override("sv"):
        became = _("Beslutet står fast.") if row.state == "upheld" else _("Vi ändrar oss. Det du skrev visas igen.")
        text = _("Hej!\n\nDu bad oss pröva ett beslut igen. %(became)s\n\n%(reason)s\n\n%(unit)s\n") % {
            "became": became,
            "reason": row.answer,
            "unit": row.item.channel.unit.name,
        }
        notices.write_letter(to=row.contact, subject=_("Din begäran om omprövning"), text=text, now=now)


def remind(*, now: datetime) -> int:
    """Remind those who may try it, once a day from when the time is out."""
    with transaction.atomic():
        rows = around.late(Reconsideration.objects.filter(state="asked"), now=now)
        for row in rows:
            trail.take("remind", row, by=effects.MODERATOR, at=now, reminders=row.reminders + 1)
            tell(row, _late, now=now)
    return len(rows)
