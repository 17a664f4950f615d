"""What the account shows of itself: who sends, to whom one turns, the logo, whether one can comment (D13-D15, D39)."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from uppsikt.policy import queries as policy
from uppsikt.policy.networks import NETWORKS
from uppsikt.records.models import Item
from uppsikt.register import hand_looks, logos, profile_rules
from uppsikt.register.checks import infotext
from uppsikt.register.checks.base import Check, Fault, Subject
from uppsikt.register.profile_models import ProfileVersion
from uppsikt.ui.queries import appearance

SENDER = "Förvaltningslagen (2017:900) 6–7 §§"
TALK = "RF 2 kap. 1 §; förvaltningslagen (2017:900) 6–7 §§"
RECORDS = "TF 2 kap.; OSL (2009:400) 4 kap. 1 §"
# Of a network's own posts, so many of the newest say whether one can comment; from so many on that is told.
LATEST, ENOUGH = 10, 3
# No account of a network's: what people handed over by other ways (D60).
NO_ACCOUNT = "handed_over"
# What an account there can have no picture of.
NO_PICTURE = frozenset({"feed", "wiki", NO_ACCOUNT})


def text_of(subject: Subject) -> str:
    """All that the account says of itself beside its name; on a site of our own, its pages too."""
    parts = profile_rules.seen_parts(subject.profile)
    return infotext.text_of(subject) or f"{parts['description']}\n{parts['about']}"


def is_known(subject: Subject) -> bool:
    """Whether the profile is known at all: read from the network, or written down by a person."""
    return any(profile_rules.seen_parts(subject.profile).values())


def unknown(subject: Subject) -> list[Fault]:
    """Nobody knows how the account looks, so nothing of it can be checked."""
    if subject.channel.network == NO_ACCOUNT or is_known(subject):
        return []
    return [Fault()]


def sees(subject: Subject) -> bool:
    """Whether it is known how the account looks: read from its network, or seen by a person not too long ago."""
    if subject.channel.network == NO_ACCOUNT:
        return True
    fresh = subject.channel.connected_at is not None or hand_looks.is_fresh(subject.looked, at=subject.at)
    return fresh and is_known(subject)


def not_looked(subject: Subject) -> list[Fault]:
    """Somebody has seen after how the account looks, where no program does; what was seen long ago tells nothing."""
    if subject.channel.network == NO_ACCOUNT or not is_known(subject) or sees(subject):
        return []
    seen = subject.looked
    days = str(policy.number("profile.look_days"))
    return [Fault(facts={"since": timezone.localdate(seen.at).isoformat() if seen else "–", "days": days})]


def sender_name(subject: Subject) -> list[Fault]:
    """The name shows that the municipality sends."""
    municipality, name = appearance().name, profile_rules.seen_parts(subject.profile)["name"]
    if subject.channel.network == NO_ACCOUNT or profile_rules.shows_municipality(name, municipality):
        return []
    return [Fault(facts={"municipality": municipality, "name": name or "–"})]


def sender_description(subject: Subject) -> list[Fault]:
    """The description shows that the municipality sends; and the unit is named there or in the name."""
    if subject.channel.network == NO_ACCOUNT:
        return []
    municipality, unit = appearance().name, subject.channel.unit.name
    text, name = text_of(subject), profile_rules.seen_parts(subject.profile)["name"]
    lacking = [] if profile_rules.shows_municipality(text, municipality) else [("municipality", municipality)]
    # The communications unit runs the central accounts for all of the municipality (D2).
    if not subject.channel.central and not profile_rules.shows_unit(f"{name}\n{text}", unit):
        lacking.append(("unit", unit))
    return [Fault(mark, {"who": who}) for mark, who in lacking]


def contact(subject: Subject) -> list[Fault]:
    """One can see how to reach the unit, and it is as the register says."""
    if subject.channel.network == NO_ACCOUNT:
        return []
    text, entry = text_of(subject), subject.entry
    found = profile_rules.contacts(text)
    if not any(found.values()):
        return [Fault("missing", {"what": entry.contact_email or entry.contact_phone or entry.contact_page or "–"})]
    wrong = profile_rules.wrong_contacts(
        text, email=entry.contact_email, phone=entry.contact_phone, link=entry.contact_page
    )
    known = ", ".join(filter(None, (entry.contact_email, entry.contact_phone, entry.contact_page)))
    return [Fault("wrong", {"shown": ", ".join(wrong), "what": known})] if wrong else []


def bears_picture(subject: Subject) -> bool:
    """Whether an account there has a picture to compare, and there is a logo to compare it with.

    Where no logo is approved there is nothing to hold a picture to, and the page of logos says so.
    """
    network = NETWORKS.get(subject.channel.network)
    kind = network.kind if network else ""
    return not {subject.channel.network, kind} & NO_PICTURE and bool(logos.approved())


def sees_picture(subject: Subject) -> bool:
    """Whether the picture is here, or the network says that there is none. What could not be fetched, and what nobody
    laid in, nobody has seen."""
    if not bears_picture(subject):
        return True
    version = latest(subject)
    if not sees(subject) or version is None:
        return False
    told = subject.channel.connected_at is not None and not profile_rules.seen_parts(subject.profile)["picture"]
    return version.picture_id is not None or told


def logo(subject: Subject) -> list[Fault]:
    """The picture is, or holds, a logo that the municipality has approved, in its colours or in none."""
    version = latest(subject)
    if not bears_picture(subject):
        return []
    if version is None or version.picture_id is None:
        return [Fault("missing")]
    best = logos.best(version.picture_id, logos.approved())
    if best is None:
        return [Fault("unread")]
    if best.figure < logos.LIKE:
        return [Fault("other", {"figure": hundredth(best.figure), "least": hundredth(logos.LIKE), "logo": best.name})]
    if best.colours < logos.COLOURS:
        figures = {"figure": hundredth(best.colours), "least": hundredth(logos.COLOURS)}
        return [Fault("colours", {**figures, "logo": best.name})]
    return []


def hundredth(figure: int) -> str:
    """A figure of 1000 as people read it, of 100; never rounded up past what it fell short of."""
    return str(figure // 10)


def latest(subject: Subject) -> ProfileVersion | None:
    """The newest version of the profile."""
    return ProfileVersion.objects.filter(channel=subject.channel).order_by("-id").first()


def sees_comments(subject: Subject) -> bool:
    """Whether somebody can tell if one can comment: the network's word, or that of whoever looked."""
    if subject.channel.network == NO_ACCOUNT or not subject.entry.comments_open:
        return True
    if subject.channel.connected_at is not None:
        return True
    return sees(subject) and subject.looked is not None and subject.looked.comments_open is not None


def comments_off(subject: Subject) -> list[Fault]:
    """One can comment, or somebody has said why not (D39: then the website is the right place)."""
    if not subject.entry.comments_open:
        return [] if subject.entry.comments_closed_why.strip() else [Fault("no_reason")]
    if subject.looked is not None and subject.looked.comments_open is False:
        return [Fault("seen", {"day": timezone.localdate(subject.looked.at).isoformat()})]
    if "reply" not in subject.profile.get("can", ()):
        return []
    rows = Item.objects.filter(channel=subject.channel, kind="post", direction="drawn_up", state="visible")
    closed = ["reply" not in can for can in rows.order_by("-at", "-id").values_list("can", flat=True)[:LATEST]]
    if len(closed) < ENOUGH or sum(closed) * 2 <= len(closed):
        return []
    return [Fault("closed", {"closed": str(sum(closed)), "posts": str(len(closed))})]


def address(subject: Subject) -> list[Fault]:
    """The account is where the register says: a renamed one has another address."""
    told = profile_rules.seen_parts(subject.profile)["address"]
    if not told or profile_rules.same_account(told, subject.channel.address):
        return []
    return [Fault(facts={"told": told, "known": subject.channel.address})]


def trouble(subject: Subject) -> list[Fault]:
    """The connection works: what is not read is not kept, and nobody has oversight of it (D18, D25)."""
    channel = subject.channel
    if channel.connected_at is None or not channel.trouble_code:
        return []
    if channel.trouble_kind == "reconnect":
        return [Fault("login", {"code": channel.trouble_code})]
    if channel.trouble_since and subject.at - channel.trouble_since >= timedelta(days=1):
        return [Fault("unread", {"code": channel.trouble_code})]
    return []


CHECKS: tuple[Check, ...] = (
    Check("profile.unknown", "D13", SENDER, unknown, must=True),
    Check("profile.not_looked", "D13", SENDER, not_looked),
    Check("profile.sender_name", "D13", SENDER, sender_name, must=True, sees=sees),
    Check("profile.sender_description", "D13", SENDER, sender_description, must=True, sees=sees),
    Check("profile.contact", "D14", SENDER, contact, must=True, sees=sees),
    Check("profile.logo", "D15", SENDER, logo, must=True, exempt=True, sees=sees_picture),
    Check("profile.comments_off", "D39", TALK, comments_off, sees=sees_comments),
    Check("profile.address", "D12", SENDER, address, sees=sees),
    Check("profile.trouble", "D18", RECORDS, trouble),
)
