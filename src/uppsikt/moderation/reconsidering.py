"""The author asks for a removal to be tried again (D68): by a link, and by somebody else than the one who decided.

The link in a letter has gone to the author alone; the one in a conversation others there can open too. So the latter
opens no reason, and the answer is read by a link of its own, which whoever asked is given when they ask.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import override

from uppsikt.kernel import pace, trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.trail import Doer
from uppsikt.moderation import actions, around, notes, telling
from uppsikt.moderation.models import AuthorNote, Reconsideration
from uppsikt.notices import actions as notices
from uppsikt.organisation.models import Person

SORT = "omprovningar"
Linked = TypeVar("Linked", AuthorNote, Reconsideration)
# Who asked, as far as the link that they held tells.
ASKERS = {
    "email": Doer("author", "Den som skrev det"),
    "thread": Doer("link", "Någon med länken i konversationen"),
}
# By each link, and from one place on the internet within an hour.
MOST, AN_HOUR = 3, 10
LASTS = timedelta(days=365)
SHOWN_WITH = ("removal__ground", "item__channel__unit", "removal__decided_by")


def find(token: str, *, now: datetime) -> AuthorNote:
    """What an author's link is about. Raises Refused for one that leads nowhere."""
    rows = AuthorNote.objects.filter(digest=notes.digest(token), at__gt=now - LASTS).exclude(digest="")
    return one(rows.select_related(*SHOWN_WITH).first())


def find_asked(token: str, *, now: datetime) -> Reconsideration:
    """The request that its asker's own link is about. Raises Refused for one that leads nowhere."""
    rows = Reconsideration.objects.filter(digest=notes.digest(token), at__gt=now - LASTS).exclude(digest="")
    return one(rows.select_related(*SHOWN_WITH).first())


def one(row: Linked | None) -> Linked:
    """What was found. Raises Refused where nothing was."""
    if row is None:
        raise Refused("link_dead", _("Länken gäller inte längre. Kontakta kommunen om du vill ha något prövat igen."))
    return row


def check_pace(place: str, *, now: datetime) -> None:
    """Raise Refused for somebody who asks and asks. `place` is the address on the internet."""
    if not pace.admit("reconsider", {pace.place(place, now=now): AN_HOUR}, now=now):
        raise Refused("too_many", _("Det har kommit många begäranden härifrån. Försök igen om en timme."))


def asked(note: AuthorNote) -> Reconsideration | None:
    """The request about the removal, the newest."""
    return Reconsideration.objects.filter(removal=note.removal_id).order_by("-pk").first()


def ask(note: AuthorNote, *, text: str, contact: str, place: str, now: datetime) -> tuple[Reconsideration, str]:
    """Somebody with the link asks; the request, and the key of the link by which its answer is read.

    It lands with those who may decide, but for those who did. Raises Refused.
    """
    check_pace(place, now=now)
    text = around.check_words(text, _("Skriv varför du tycker att beslutet är fel."))
    removal = note.removal
    if removal.state not in {"done", "acting"}:
        raise Refused("shown_again", _("Det visas igen, eller beslutet gäller inte längre."))
    # Each link has its own: whoever opens the one in the conversation takes none from the author's letter.
    if Reconsideration.objects.filter(removal=removal, way=note.way).count() >= MOST:
        raise Refused("too_many", _("Det här är redan prövat. Kontakta kommunen om du har mer att säga."))
    token = secrets.token_urlsafe(32)
    row = Reconsideration(
        removal=removal,
        item=note.item,
        text=text,
        contact=contact,
        way=note.way,
        digest=notes.digest(token),
        at=now,
        due_at=around.due_in(now, "reconsideration.within_working_days"),
    )
    with around.only_one("asked_already", _("En begäran är redan under prövning.")):
        trail.begin(row, by=ASKERS[note.way], at=now, step="ask", also={"removal": removal, "note": note})
        tell(row, lazy("Någon ber oss att pröva en borttagning i %(channel)s igen."), now=now)
    return row, token


def stood_behind(row: Reconsideration) -> set[int | None]:
    """Those who proposed and decided: they do not try it again."""
    return {row.removal.proposed_by_id, row.removal.decided_by_id}


def tell(row: Reconsideration, words: Promise, *, now: datetime) -> None:
    """Tell those who may try it."""
    people = telling.deciders(row.item, now=now, but=stood_behind(row))
    telling.tell(people, "reconsideration", words, row.item, around.address(SORT, row), now=now)


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
    """It was wrong: it is shown again, or where it was removed with another tool, asked to be. Raises Refused."""
    check(by, row, now=now)
    reason = around.check_words(reason, _("Skriv varför det visas igen. Den som frågade får läsa det."))
    with transaction.atomic():
        row = trail.take("change", row, by=by.doer, at=now, reason=reason, answer=reason, ended_at=now, ended_by=by)
        if row.removal.outside:
            telling.put_back_by_hand(row.removal, by=by, now=now)
        else:
            actions.restore(row.removal, reason=reason, by=by, now=now)
        reply(row, now=now)
    return row


def reply(row: Reconsideration, *, now: datetime) -> None:
    """Write to whoever asked, where they left an address; else they read it by their link."""
    if not row.contact:
        return
    with override("sv"):
        became = _("Beslutet står fast.") if row.state == "upheld" else _("Vi ändrar oss. Det du skrev läggs tillbaka.")
        text = _("Hej!\n\nDu bad oss pröva ett beslut igen. %(became)s\n\n%(reason)s\n\n%(unit)s\n") % {
            "became": became,
            "reason": row.answer,
            "unit": row.item.channel.unit.name,
        }
        notices.write_letter(to=row.contact, subject=_("Din begäran om omprövning"), text=text, now=now)


def remind(*, now: datetime) -> int:
    """Remind those who may try it, once a day from when the time is out."""
    with transaction.atomic():
        late = list(around.reminded(Reconsideration.objects.filter(state="asked"), now=now))
        for row in late:
            tell(row, lazy("En begäran om omprövning i %(channel)s har inte fått svar i tid."), now=now)
    return len(late)
