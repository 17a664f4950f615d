"""What oversight's templates need beside the shared components."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from uppsikt.channels import words as channel_words
from uppsikt.channels.models import Channel
from uppsikt.oversight import terms
from uppsikt.ui import hostile

register = template.Library()

register.filter("kind_words", terms.kind)
register.filter("due_words", terms.due_state)
register.filter("round_words", terms.round_state)
register.filter("result_words", terms.result)
register.filter("deed_words", terms.deed)
register.filter("cause_words", terms.cause)
register.filter("weekday_words", terms.weekdays)
register.filter("week_words", terms.week)
register.filter("duty_when", terms.when)
register.filter("hole_words", terms.hole)
register.filter("how_long", terms.length)
register.filter("in_minutes", lambda minutes: terms.length(minutes * 60))


@register.filter
def mark(channel: Channel) -> str:
    """The icon of a channel's network."""
    return channel_words.network_icon(channel.network)


@register.filter
def network(channel: Channel) -> str:
    """What the channel's network is called."""
    return channel_words.network(channel.network)


@register.filter
def whole(text: str, limit: int) -> SafeString:
    """A text from a network as it stands, safe inside a line of a list; where it is cut, that is said."""
    clean = hostile.printable(text)
    if len(clean) <= limit:
        return format_html('<span class="u-said" dir="auto">{}</span>', hostile.marked(clean))
    rest = _("… (%(n)s tecken till: öppna för att läsa allt)") % {"n": len(clean) - limit}
    return format_html('<span class="u-said" dir="auto">{}</span> <em>{}</em>', hostile.marked(clean[:limit]), rest)
