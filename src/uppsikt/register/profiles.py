"""How an account looks on its network, kept as versions; a change is told to the communications unit (D7, D13-D15).

What the networks show is strangers' bytes: pictures come through the guarded client, and only what is a picture of a
known kind is kept.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date, datetime
from http import HTTPStatus
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from uppsikt.channels import actions as channels
from uppsikt.channels import connecting
from uppsikt.channels.models import Channel
from uppsikt.kernel import blobs
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.trail import Doer
from uppsikt.net.errors import NetError
from uppsikt.notices import actions as notices
from uppsikt.organisation import queries as organisation
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.register import captures, hand_looks, logo_figures, logos, profile_rules, profile_words
from uppsikt.register.profile_models import ProfileVersion

log = logging.getLogger(__name__)

READER = Doer.system("profiles")
BYTES = 4_000_000


class Kept(NamedTuple):
    """A picture that was looked for: its digest, or why it is not here."""

    sha256: str | None = None
    trouble: str = ""


def newest(channel: Channel) -> ProfileVersion | None:
    """How the account looked last."""
    return ProfileVersion.objects.filter(channel=channel).order_by("-id").first()


def read(channel: Channel, *, now: datetime, waited_for: bool = False) -> ProfileVersion | None:
    """Ask the network how the account looks, and keep it where it is otherwise than before.

    None where there is nobody to ask. Raises Trouble where the network does not answer as it should.
    """
    if not channel.is_at_work:
        return None
    with connecting.opened(channel, waited_for=waited_for) as connector:
        profile = channels.facts_of(connector.check())
    picture = fetch(str(profile["picture"]), now=now, waited_for=waited_for)
    return keep(channel, profile=profile, picture=picture, by=READER, now=now)


def fetch(address: str, *, now: datetime, waited_for: bool = False) -> Kept:
    """Bring an account's picture home. Never raises for what the network does."""
    if not address:
        return Kept()
    try:
        with connecting.client(waited_for=waited_for) as client:
            answer = client.get(address, headers={"accept": "image/png,image/jpeg,image/webp,image/gif"})
    except NetError as error:
        return Kept(trouble=error.code[:40])
    if answer.status != HTTPStatus.OK:
        return Kept(trouble=f"http_{answer.status}")
    return keep_picture(answer.body, now=now)


def keep_picture(body: bytes, *, now: datetime) -> Kept:
    """Keep bytes that are a picture of a kind that we know."""
    if len(body) > BYTES:
        return Kept(trouble="too_large")
    try:
        kind = logo_figures.media_type(body)
    except logo_figures.NoPicture as error:
        return Kept(trouble=error.code)
    return Kept(blobs.put(body, kind, now=now))


def keep(
    channel: Channel,
    *,
    profile: Mapping[str, Any],
    picture: Kept,
    by: Doer,
    now: datetime,
    noted_by: Person | None = None,
) -> ProfileVersion:
    """Keep a profile as a version where it is otherwise than the last; what changed is told. The version that holds."""
    facts = profile_rules.seen_parts(profile)
    with transaction.atomic():
        Channel.objects.select_for_update(no_key=True, of=("self",)).get(pk=channel.pk)
        last = newest(channel)
        before = last.facts if last else profile_rules.seen_parts(channel.profile)
        if last is not None and last.picture_id is not None and picture.trouble:
            # A picture that could not be fetched today is taken to be the one that it was.
            picture = picture._replace(sha256=last.picture_id)
        known = picture.sha256 == last.picture_id if last and last.picture_id and picture.sha256 else None
        changed = profile_rules.changed(before, facts, same_picture=known)
        first_picture = last is not None and last.picture_id is None and picture.sha256 is not None
        if last is None or changed or first_picture:
            version = write(channel, facts, picture, noted_by=noted_by, now=now)
        else:
            version = last
        if changed:
            channels.note_profile(channel, profile=profile, changed=changed, by=by, now=now)
        elif dict(profile) != channel.profile:
            # What the login may do there, whom it makes us: no change that anybody sees.
            Channel.objects.filter(pk=channel.pk).update(profile=dict(profile))
            channel.profile = dict(profile)
        if changed and last is not None:
            tell(channel, changed, now=now)
            if channel.connected_at is not None:
                # The account's own page is kept when it has changed, and not only what its network tells (D49).
                captures.want(channel, why="profile", by=by, now=now)
    measure(version, now=now)
    return version


def measure(version: ProfileVersion, *, now: datetime) -> None:
    """Measure its picture against the approved logos. One that cannot be read today is measured another night."""
    if version.picture_id is None:
        return
    try:
        logos.compare(version.picture_id, now=now)
    except (blobs.Damaged, blobs.Unreachable):
        log.exception("channel %s: its picture could not be read", version.channel_id)


def measure_newest(channel: Channel, *, now: datetime) -> None:
    """Measure what the account shows now: a logo may be new, or the way of measuring."""
    if (version := newest(channel)) is not None:
        measure(version, now=now)


def measure_all(*, now: datetime) -> None:
    """Measure the newest picture of every account that is not closed: a logo is new, or a way of measuring."""
    rows = ProfileVersion.objects.exclude(channel__state="closed").order_by("channel_id", "-id").distinct("channel_id")
    for version in rows:
        measure(version, now=now)


def write(
    channel: Channel, facts: Mapping[str, str], picture: Kept, *, noted_by: Person | None, now: datetime
) -> ProfileVersion:
    """A new version."""
    return ProfileVersion.objects.create(
        channel=channel,
        seen_at=now,
        facts=dict(facts),
        picture_id=picture.sha256,
        picture_trouble=picture.trouble,
        noted_by=noted_by,
    )


def tell(channel: Channel, changed: list[str], *, now: datetime) -> None:
    """Tell the communications unit, and whoever is responsible, that an account looks otherwise (D7)."""
    people = {one.pk: one for one in organisation.people_with_role(Role.COMMUNICATIONS, at=now)}
    if channel.responsible.is_active:
        people[channel.responsible_id] = channel.responsible
    notices.tell(
        people.values(),
        kind="profile_changed",
        words=lambda: (
            _("%(account)s ser annorlunda ut på nätet: %(parts)s.")
            % {"account": channel.name, "parts": profile_words.parts(changed)}
        ),
        url=address(channel),
        now=now,
    )


def address(channel: Channel) -> str:
    """Where the account's profile versions are shown, without the host."""
    return f"/konton/{channel.pk}/profil/"


def note(
    channel: Channel,
    *,
    facts: Mapping[str, str],
    picture: bytes | None,
    by: Person,
    now: datetime,
    last_post_on: date | None = None,
    comments_open: bool | None = None,
) -> ProfileVersion:
    """Write down how an account looks that no program can read, and that somebody looked (`hand_looks`).

    `facts` by `profile_rules.PARTS`; without a picture the last one stands. Raises Refused for a connected account,
    for what is no picture, and for a post to come.
    """
    if channel.connected_at is not None:
        raise Refused("is_read", _("Kontot läses av Uppsikt, så det behöver inte skrivas in för hand."))
    if channel.state == "closed":
        raise Refused("closed", _("Kontot är avslutat."))
    hand_looks.check(last_post_on, now=now)
    kept = Kept()
    if picture is not None:
        kept = keep_picture(picture, now=now)
        if kept.trouble:
            raise Refused(kept.trouble, profile_words.picture_trouble(kept.trouble))
    elif (last := newest(channel)) is not None:
        kept = Kept(last.picture_id)
    written = {part: facts.get(part, "").strip() for part in profile_rules.PARTS}
    # It has no address of its own; what tells the picture is the picture.
    written["picture"] = ""
    with transaction.atomic():
        version = keep(channel, profile=written, picture=kept, by=by.doer, now=now, noted_by=by)
        hand_looks.write(channel, version, last_post_on=last_post_on, comments_open=comments_open, by=by, now=now)
    return version
