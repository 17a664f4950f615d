"""What changes a channel, its mandates and its connection; and `send`, the one way out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from uppsikt.channels import gate, mandates, news, progress, queries, vault
from uppsikt.channels.models import Channel, Cursor, Mandate, TakeOver
from uppsikt.channels.rules import Act, is_loud, wait
from uppsikt.connectors.base import Deed, Profile, Trouble
from uppsikt.kernel import intents, queue, trail
from uppsikt.kernel.alone import alone
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.models import Intent
from uppsikt.kernel.trail import Doer
from uppsikt.notices import actions as notices
from uppsikt.organisation import politicians
from uppsikt.organisation.models import Person, Unit
from uppsikt.policy import queries as policy


def facts_of(profile: Profile) -> dict[str, Any]:
    """A profile as the channel keeps it."""
    return {
        "name": profile.name,
        "address": profile.address,
        "description": profile.description[:4000],
        "logged_in_as": profile.logged_in_as,
        "can": sorted(profile.can),
        "picture": profile.picture,
    }


def connect(
    *,
    network: str,
    name: str,
    address: str,
    unit: Unit,
    responsible: Person,
    settings: Mapping[str, Any],
    secrets: Mapping[str, str],
    profile: Profile,
    central: bool,
    by: Doer,
    now: datetime,
    pull_seconds: int | None = None,
    reason: str = "",
    opening: bool = False,
) -> Channel:
    """Take a channel into the register and start reading it; an account that is there unconnected is connected.

    A new one that is not `opening` was live before it was known here, and is taken over as it is: `reason` says how
    that is known. Raises Refused where it is connected already.
    """
    politicians.check(responsible)
    duty: dict[str, Any] = {"name": name, "unit": unit, "responsible": responsible, "central": central}
    way: dict[str, Any] = {
        "address": address,
        "settings": dict(settings),
        "profile": facts_of(profile),
        "connected_at": now,
        "next_pull_at": now,
        "pull_seconds": pull_seconds or policy.number("pull.every_minutes") * 60,
    }
    with transaction.atomic():
        there = queries.known(network, address, locked=True)
        if there is not None and there.connected_at is not None:
            raise Refused("channel_known", _("Kanalen är redan ansluten. Du hittar den i listan över kanaler."))
        if there is not None:
            channel = trail.take("link", there, by=by, at=now, reason=reason, **duty, **way)
        else:
            channel = come_in(Channel(network=network, **duty, **way), step="connect", by=by, now=now)
        Cursor.objects.create(channel=channel, value={}, saved_at=now)
        for secret, value in secrets.items():
            vault.keep(channel, secret, value, now=now)
        if there is None and not opening:
            take_over(channel, reason=reason or _("Kontot fanns och var öppet när det anslöts hit."), by=by, now=now)
        news.CONNECTED.tell(channel_id=channel.pk)
    return channel


def enlist(
    *,
    network: str,
    name: str,
    address: str,
    unit: Unit,
    responsible: Person,
    central: bool,
    by: Doer,
    now: datetime,
    reason: str = "",
    opening: bool = False,
) -> Channel:
    """Take an account into the register without a connection: known of, never read or written to from here.

    One that is not `opening` was live before it was known here (see `connect`). Raises Refused where it is there.
    """
    politicians.check(responsible)
    check_address(address)
    channel = Channel(
        network=network, name=name, address=address, unit=unit, responsible=responsible, central=central
    )  # fmt: skip
    with transaction.atomic():
        if queries.known(network, address) is not None:
            raise Refused("channel_known", _("Kontot står redan i registret."))
        come_in(channel, step="enlist", by=by, now=now)
        if not opening:
            take_over(channel, reason=reason or _("Kontot fanns och var öppet när det togs in."), by=by, now=now)
    return channel


def come_in(channel: Channel, *, step: str, by: Doer, now: datetime) -> Channel:
    """Save a new channel. Raises Refused where somebody else was first with the same address."""
    also = {"network": channel.network, "address": channel.address}
    try:
        with transaction.atomic():
            return trail.begin(channel, by=by, at=now, step=step, also=also)
    except IntegrityError as error:
        raise Refused("channel_known", _("Kontot står redan i registret.")) from error


def take_over(channel: Channel, *, reason: str, by: Doer, now: datetime) -> Channel:
    """Write that the account was live on its network before it was known here; nothing is asked of it first (D12).

    The audit then says what it lacks. An account that has an order never goes this way; the database sees to it.
    """
    if not reason.strip():
        raise Refused("no_reason", _("Skriv hur du vet att kontot redan är öppet."))
    with transaction.atomic():
        TakeOver.objects.create(channel=channel, reason=reason, by=by.key, by_name=by.name[:200], at=now)
        news.OPENED.tell(channel_id=channel.pk)
        return trail.take("take_over", channel, by=by, at=now, reason=reason)


def readdress(channel: Channel, *, address: str, by: Doer, now: datetime) -> Channel:
    """Write the address of an account that is being opened anew: the first was wrong.

    Raises Refused for one that is connected or open, and where another account has the address.
    """
    check_address(address)
    with transaction.atomic():
        row = Channel.objects.select_for_update(of=("self",)).get(pk=channel.pk)
        if row.connected_at is not None or row.state != "opening":
            raise Refused("named", _("Kontots adress är redan inskriven, och kontot läses eller är öppet."))
        there = queries.known(row.network, address)
        if there is not None and there.pk != row.pk:
            raise Refused("channel_known", _("Kontot står redan i registret."))
        return trail.take("change", row, by=by, at=now, also={"before": {"address": row.address}}, address=address)


def check_address(address: str) -> None:
    """Raise Refused for what is no address of a page."""
    if not address.lower().startswith(("https://", "http://")):
        raise Refused("bad_address", _("Skriv kontots adress som den står i webbläsaren, med https:// först."))


def open_up(channel: Channel, *, by: Doer, now: datetime) -> Channel:
    """Let the channel go live. The database refuses it where the register has not cleared its opening (D9-D16)."""
    with transaction.atomic():
        news.OPENED.tell(channel_id=channel.pk)
        return trail.take("open", channel, by=by, at=now)


def give_up(channel: Channel, *, reason: str, by: Doer, now: datetime) -> Channel:
    """The account is not to be opened after all; it ends as one that was open (see `close`). What was read stays."""
    return end(channel, "give_up", reason=reason, by=by, now=now)


def reconnect(channel: Channel, *, secrets: Mapping[str, str], profile: Profile, by: Doer, now: datetime) -> Channel:
    """New credentials, already tried: the trouble is over and reading goes on at once."""
    with transaction.atomic():
        for secret, value in secrets.items():
            vault.keep(channel, secret, value, now=now)
        defer_open(channel)
        news.READ_NOW.tell(channel_id=channel.pk)
        return trail.take(
            "reconnect", channel, by=by, at=now, profile=facts_of(profile), next_pull_at=now, **NO_TROUBLE
        )


# A reading that has given way to others goes on as soon as they are done; by then at the latest it is looked for.
GIVES_WAY = 60
NO_TROUBLE: dict[str, Any] = {
    "trouble_kind": "",
    "trouble_code": "",
    "trouble_facts": {},
    "trouble_since": None,
    "trouble_count": 0,
}


def pause(channel: Channel, *, reason: str, by: Doer, now: datetime) -> Channel:
    """Stop reading and answering for a while."""
    return trail.take("pause", channel, by=by, at=now, reason=reason)


def resume(channel: Channel, *, by: Doer, now: datetime) -> Channel:
    """Read and answer again; what was written before the pause goes out now."""
    with transaction.atomic():
        defer_open(channel)
        news.READ_NOW.tell(channel_id=channel.pk)
        return trail.take("resume", channel, by=by, at=now, next_pull_at=now)


def close(channel: Channel, *, reason: str, by: Doer, now: datetime) -> Channel:
    """The account is no more: nothing is read or sent, and nobody has a mandate there. What was read stays (D52).

    Raises Refused while something is on its way out.
    """
    return end(channel, "close", reason=reason, by=by, now=now)


def hand_over(channel: Channel, *, reason: str, by: Doer, now: datetime) -> Channel:
    """Another owner has the account from this minute: nothing is read or sent any more. What was read stays (D56).

    Raises Refused while something is on its way out.
    """
    return end(channel, "hand_over", reason=reason, by=by, now=now)


def end(channel: Channel, step: str, *, reason: str, by: Doer, now: datetime) -> Channel:
    """Take the last step of a channel's life; its mandates and credentials go with it. Raises Refused."""
    # Whoever is reading it must be done first: what comes in after this is not ours to take.
    with alone(f"pull:{channel.pk}") as ours:
        if not ours:
            raise Refused("being_read", _("Kanalen läses just nu. Vänta en minut och försök igen."))
        if queries.open_intents(channel).exists():
            raise Refused(
                "on_its_way",
                _("Något är på väg ut i kanalen. Vänta tills det är skickat, eller ta tillbaka det först."),
            )
        with transaction.atomic():
            for mandate in Mandate.objects.filter(channel=channel, state="in_force"):
                end_mandate(mandate, reason=reason, by=by, now=now)
            vault.forget(channel)
            return trail.take(step, channel, by=by, at=now, reason=reason, next_pull_at=None)


def read_now(channel: Channel, *, by: Doer, now: datetime) -> None:
    """Ask for the channel to be read at once instead of when its time comes. Raises Refused where it is not."""
    if not channel.is_at_work:
        raise Refused("channel_not_live", _("Kanalen läses inte just nu. Starta den igen först."))
    with transaction.atomic():
        trail.note("read_now", channel, by=by, at=now)
        news.READ_NOW.tell(channel_id=channel.pk)


def change(
    channel: Channel, *, name: str, unit: Unit, responsible: Person, central: bool, by: Doer, now: datetime
) -> Channel:
    """Who answers for the channel, and what it is called here (D5); the old values stay in the trail.

    Raises Refused for somebody elected (D34).
    """
    politicians.check(responsible)
    new: dict[str, Any] = {"name": name, "unit": unit, "responsible": responsible, "central": central}
    before = {field: getattr(channel, field) for field in new}
    return trail.take("change", channel, by=by, at=now, also={"before": before}, **new)


def note_profile(
    channel: Channel, *, profile: Mapping[str, Any], changed: Sequence[str], by: Doer, now: datetime
) -> Channel:
    """Keep how the account looks on its network now; `changed` names what is otherwise, for the trail."""
    return trail.take("profile", channel, by=by, at=now, also={"changed": list(changed)}, profile=dict(profile))


def note_trouble(channel: Channel, trouble: Trouble, *, asked: float | None, by: Doer, now: datetime) -> None:
    """Put a failure to read on the channel, and set when to try again. The trail gets a step when the words change."""
    count = channel.trouble_count + 1
    loud = is_loud(trouble.kind, count, new=trouble.kind != channel.trouble_kind)
    fields: dict[str, Any] = {
        "trouble_kind": trouble.kind,
        "trouble_code": trouble.code,
        "trouble_facts": trouble.facts,
        "trouble_since": channel.trouble_since or now,
        "trouble_count": count,
        "next_pull_at": now + timedelta(seconds=wait(count, asked)),
    }
    with transaction.atomic():
        if trouble.code != channel.trouble_code:
            trail.take("trouble", channel, by=by, at=now, **fields)
        else:
            Channel.objects.filter(pk=channel.pk).update(**fields)
            channel.trouble_count = count
        if loud:
            notices.tell(
                [channel.responsible],
                kind="channel_trouble",
                words=lambda: _("Uppsikt kan inte läsa kanalen %(channel)s.") % {"channel": channel.name},
                url=queries.address(channel),
                now=now,
                urgent=True,
            )


def note_well(channel: Channel, *, caught_up: bool, by: Doer, now: datetime) -> None:
    """The channel was read: to its end, or for as long as it may keep the others waiting (`caught_up` False)."""
    wait_for = channel.pull_seconds if caught_up else GIVES_WAY
    fields: dict[str, Any] = {"pulled_at": now, "next_pull_at": now + timedelta(seconds=wait_for)}
    if caught_up:
        progress.finish(channel)
        if channel.caught_up_at is None:
            fields["caught_up_at"] = now
    if channel.trouble_code:
        trail.take("well", channel, by=by, at=now, **fields, **NO_TROUBLE)
    else:
        Channel.objects.filter(pk=channel.pk).update(**fields)


def give_mandate(
    *,
    person: Person,
    channel: Channel | None,
    acts: Iterable[Act],
    since: datetime,
    until: datetime | None,
    given_by: Person,
    reason: str,
    now: datetime,
    on_loan: bool = False,
) -> Mandate:
    """Give a person the right to act on a channel, or on all (D21); without `until`, for as long as the policy lets it.

    Raises Refused for a mandate that never holds, for somebody who can have none (D34), and on a closed channel. How
    long one of a loan holds, the loan has been asked.
    """
    mandates.check_holder(person)
    if channel is not None and channel.state == "closed":
        raise Refused("closed", _("Kanalen är avslutad. Där behövs inga uppdrag."))
    chosen = sorted({act.value for act in acts})
    if not chosen:
        raise Refused("no_acts", _("Välj minst en sak som uppdraget ger rätt till."))
    if until is not None and until <= since:
        raise Refused("ends_first", _("Uppdraget tar slut innan det börjar. Välj ett senare slutdatum."))
    if until is None or not on_loan:
        until = mandates.ending(since, until, now=now)
    mandate = Mandate(
        person=person,
        channel=channel,
        acts=chosen,
        since=since,
        until=until,
        given_by=given_by,
        reason=reason,
        on_loan=on_loan,
    )
    return trail.begin(
        mandate,
        by=given_by.doer,
        at=now,
        step="give",
        reason=reason,
        also={"person": person, "channel": channel, "acts": chosen, "since": since, "until": until},
    )


def end_mandate(mandate: Mandate, *, reason: str, by: Doer, now: datetime) -> Mandate:
    """End a mandate at once."""
    return trail.take("end", mandate, by=by, at=now, reason=reason)


def send_reply(
    channel: Channel,
    *,
    to: str,
    text: str,
    publisher: Person,
    now: datetime,
    about: Mapping[str, Any] | None = None,
    not_before: datetime | None = None,
) -> Intent:
    """The one way out: write the intent to answer an item, and hand it to the queue.

    Checks, in one place, that the channel is live and that the publisher has a mandate in force (D21).
    `to` is the item's native id; `text` goes out as it stands. Raises Refused; nothing is then written.
    Until `not_before` it does not leave the house, and `regret` takes it back.
    """
    check_may(channel, Act.ANSWER, publisher, now=now)
    with transaction.atomic():
        intent = intents.write(
            "reply",
            channel.target,
            {"to": to, "text": text, **(about or {})},
            by=publisher.doer,
            now=now,
            not_before=not_before,
        )
        defer_publish(intent.pk, channel.pk, at=not_before)
    return intent


def send_deed(
    channel: Channel,
    *,
    deed: Deed,
    to: str,
    by: Doer,
    now: datetime,
    facts: Mapping[str, str] | None = None,
    about: Mapping[str, Any] | None = None,
) -> Intent:
    """Write the intent to do something to an item, and hand it to the queue; on a paused channel it waits.

    Whoever calls has asked for the mandate when it was decided: a decision is carried out also when the mandate has
    ended since. To hide and to remove the database asks for kept evidence, of a removal named in `about` (D43).
    """
    with transaction.atomic():
        payload = {"to": to, "facts": dict(facts or {}), **(about or {})}
        intent = intents.write(deed.value, channel.target, payload, by=by, now=now)
        defer_publish(intent.pk, channel.pk)
    return intent


def regret(intent: Intent, *, by: Doer, now: datetime) -> None:
    """Take back what has not been tried yet. Raises Refused once it has: nothing can be called back from a network."""
    with transaction.atomic():
        row = Intent.objects.select_for_update().get(pk=intent.pk)
        if row.state != "written" or row.attempts:
            raise Refused("on_its_way", _("Det hann skickas. Det går inte längre att ångra."))
        trail.take("withdraw", row, by=by, at=now)


def check_may(channel: Channel, act: Act, person: Person, *, now: datetime) -> None:
    """Raise Refused unless the channel is at work and the person has a mandate for this on it (D21)."""
    if not channel.is_at_work:
        raise Refused("channel_not_live", _("Kanalen är pausad eller avslutad. Inget går att skicka dit just nu."))
    gate.check(channel, act, person, now=now)


def defer_publish(intent_id: int, channel_id: int, *, at: datetime | None = None) -> None:
    """Queue the publishing of an intent, one at a time for a channel."""
    queue.defer("channels.publish", lock=f"send:{channel_id}", at=at, intent_id=intent_id)


def defer_open(channel: Channel) -> None:
    """Queue all that has not come to an end on the channel; what waits to be tried again need not wait longer."""
    queries.open_intents(channel).filter(state="written").update(not_before=None)
    for intent in queries.open_intents(channel):
        defer_publish(intent.pk, channel.pk)
