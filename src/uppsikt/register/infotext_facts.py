"""What the standing text of an account is made of: the register, the policy, and the municipality's own pages (D67)."""

from __future__ import annotations

from dataclasses import replace

from uppsikt.channels.models import Channel
from uppsikt.policy import queries as policy
from uppsikt.policy.networks import NETWORKS, Network
from uppsikt.register import directory, entries
from uppsikt.register.infotext_composing import Facts
from uppsikt.register.infotext_reading import Known
from uppsikt.register.models import Entry
from uppsikt.register.rules import LANGUAGES


def network_of(channel: Channel) -> Network:
    """What is known of the channel's network; of one that nobody has written down, nothing is limited."""
    plain = NETWORKS["feed"]
    known = NETWORKS.get(channel.network)
    if known is not None:
        return known
    return replace(plain, code=channel.network, name=channel.network, said_by="unconfirmed", source="")


def of(channel: Channel, language: str, entry: Entry | None = None) -> Facts:
    """The facts for the text of a channel in a language. Our own pages stand in where the municipality named none."""
    entry = entry or entries.of(channel)
    ours = directory.public_facts()
    tongue = "en" if language == "en" else "sv"
    return Facts(
        municipality=directory.municipality(),
        unit=channel.unit.name,
        network=network_of(channel),
        within_days=policy.number("answer.within_working_days"),
        page_url=directory.short(channel),
        report_url=directory.page("report", language=tongue),
        rules_url=directory.page("rules", language=tongue),
        guideline_url=ours.guideline_page or directory.page("guideline", language=tongue),
        opinions_url=ours.opinions_page or directory.page("opinion", language=tongue),
        data_protection_url=ours.data_protection_page or f"{directory.page('guideline', language=tongue)}#data",
        subject=entry.subject or "other",
        purpose=entry.purpose,
        email=entry.contact_email or ours.email,
        phone=entry.contact_phone or ours.phone,
        contact_page=entry.contact_page,
    )


def known(channel: Channel) -> Known:
    """By what a text of the channel is recognised as its own."""
    pages = (directory.short(channel), directory.page("channel", channel.pk), directory.page("list"))
    return Known(directory.municipality(), network_of(channel).name, pages)


def languages(entry: Entry) -> tuple[str, ...]:
    """The languages chosen for an account, Swedish where nobody has chosen."""
    return tuple(code for code in LANGUAGES if code in entry.languages) or ("sv",)
