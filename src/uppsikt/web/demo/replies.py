"""The templates that the made-up municipality answers with: everybody's, a unit's, somebody's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from uppsikt.inbox import reply_templates
from uppsikt.inbox.rules import Sort
from uppsikt.organisation.models import Person, Unit


@dataclass(frozen=True, slots=True)
class Reply:
    """A template: whose it is (`unit` or `owner`, else everybody's), who wrote it, its words, its texts by language."""

    name: str
    by: str
    words: str
    texts: Mapping[str, str]
    unit: str = ""
    owner: str = ""
    sort: Sort = Sort.FULL


REPLIES: tuple[Reply, ...] = (
    Reply(
        "Öppettider i Kommunhuset",
        "Karin Sjöstrand",
        "öppettider öppet stängt stänger ring telefon växeln",
        {
            "sv": "Hej {namn}! Vi har öppet {öppettider}. Välkommen hit, eller ring oss på 08-465 004 00.",
            "sv-latt": "Hej {namn}!\nVi har öppet {öppettider}.\nDu kan komma hit.\nDu kan också ringa: 08-465 004 00.",
            "en": "Hello {namn}! We are open on weekdays. You are welcome to visit or to call us at 08-465 004 00.",
            "fi": "Hei {namn}! Olemme avoinna arkisin. Tervetuloa käymään tai soita numeroon 08-465 004 00.",
        },
    ),
    Reply(
        "Felanmälan",
        "Karin Sjöstrand",
        "trasig lampa lyse hål gropar potthål felanmälan anmäla fel skräp klotter",
        {
            "sv": "Hej {namn}! Tack för att du säger till. Vi har skickat det vidare till {enhet}. Nästa "
            "gång går det fortast att felanmäla på alvsta.example/felanmalan, där du också ser hur det går.",
            "en": "Hello {namn}! Thank you for telling us. It has been passed on. Next time the fastest "
            "way is alvsta.example/felanmalan.",
        },
    ),
    Reply(
        "Vi återkommer",
        "Karin Sjöstrand",
        "",
        {
            "sv": "Hej {namn}! Tack för din fråga. Den som vet mest svarar så snart som möjligt.",
            "sv-latt": "Hej {namn}!\nTack för din fråga.\nVi frågar den som vet mest.\nDu får svar så snart vi vet.",
            "en": "Hello {namn}! Thank you for your question. The one who knows will answer soon.",
        },
        sort=Sort.HOLDING,
    ),
    Reply(
        "Plogning och sandning",
        "Ali Rahimi",
        "plogas plogning snö halka sand sandning gångväg trottoar",
        {
            "sv": "Hej {namn}! Vi plogar gångvägar och bussgator först och bostadsgator sedan. Vi börjar vid fem "
            "centimeter snö. Är det halt hos dig just nu? Skriv gatan här, så sandar vi.",
        },
        unit="Gata och park",
    ),
    Reply(
        "Tack för tipset",
        "Stina Hägg",
        "tips förslag bänk träd plantering",
        {"sv": "Hej {namn}! Tack för tipset. Jag tar med det när vi planerar vårens arbete i parkerna."},
        owner="Stina Hägg",
    ),
)


def write(*, now: datetime) -> None:
    """Write them, each by the one who keeps such templates."""
    people = {person.name: person for person in Person.objects.select_related("unit")}
    units = {unit.name: unit for unit in Unit.objects.all()}
    for reply in REPLIES:
        reply_templates.save(
            None,
            name=reply.name,
            texts=reply.texts,
            sort=reply.sort,
            words=reply.words,
            owner=people[reply.owner] if reply.owner else None,
            unit=units[reply.unit] if reply.unit else None,
            by=people[reply.by],
            now=now,
        )
