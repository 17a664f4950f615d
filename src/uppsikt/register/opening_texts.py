"""Drafts of what makes a new account known (D16): the writer goes on from them."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from uppsikt.register import order_words
from uppsikt.register.order_models import Order


def sentence(words: str) -> str:
    """What was written in a field as a sentence of its own."""
    line = " ".join(words.split())
    return line if line.endswith((".", "!", "?")) else f"{line}."


def draft(sort: str, order: Order) -> str:
    """A first wording of a news item, a link's text or a post that shares the news; in Swedish, as it is published."""
    facts = {
        "name": order.name,
        "network": order_words.network(order.network),
        "unit": order.unit.name if order.unit else "",
        "purpose": sentence(order.purpose),
    }
    with translation.override("sv"):
        if sort == "news":
            return (
                _(
                    "%(unit)s finns nu på %(network)s\n\nKontot heter %(name)s. %(purpose)s\n\nDu som vill fråga eller "
                    "tycka till är välkommen dit. Det du skriver blir allmän handling, så skriv inget som är privat."
                )
                % facts
            )
        if sort == "link":
            return _("%(name)s på %(network)s") % facts
        return _("Nu finns %(unit)s på %(network)s: %(name)s. %(purpose)s Välkommen att följa oss!") % facts
