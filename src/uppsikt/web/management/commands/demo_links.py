"""`demo_links`: one-time links to be somebody in the demo, and what to try."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from uppsikt.kernel.terminal import tell
from uppsikt.organisation import actions
from uppsikt.organisation.models import Person
from uppsikt.web.demo.marks import DEMO, is_done
from uppsikt.web.demo.seeding import LIVED
from uppsikt.web.demo.town import DOORS
from uppsikt.web.login_links import address

MINUTES = 12 * 60


class Command(BaseCommand):
    """The command."""

    help = "Print a one-time link for each role of the demo."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line a role: what, who, where."""
        if not is_done(LIVED):
            raise CommandError(
                tell("Demon är inte ifylld. Kör ./uppsikt demo", "The demo is not filled in. Run ./uppsikt demo")
            )
        self.stdout.write(
            tell(
                "Logga in som någon. Varje länk gäller en gång, i tolv timmar:",
                "Log in as somebody. Each link works once, for twelve hours:",
            )
        )
        width = max(len(tell(sv, en)) for sv, en, _name in DOORS)
        for sv, en, name in DOORS:
            person = Person.objects.get(name=name)
            token = actions.make_login_link(person, minutes=MINUTES, by=DEMO, now=timezone.now())
            self.stdout.write(f"  {tell(sv, en):<{width}}  {name:<20}  {address(token)}")
        self.stdout.write("\n" + tell(*TRY))


TRY = (
    "Prova:\n"
    "  1. Öppna det översta ärendet på Idag och svara. Svaret syns på övningsnätet.\n"
    "  2. Skicka en fråga vidare till en kollega. Mejlet med länken hamnar i mappen mail bland demons data.\n"
    "  3. Skriv en egen kommentar på övningsnätet. Inom en kvart minut ligger den i inkorgen.",
    "Try:\n"
    "  1. Open the first case on Today and answer it. The answer shows on the practice network.\n"
    "  2. Forward a question to a colleague. The letter with the link lands in the folder mail of the demo's data.\n"
    "  3. Write a comment of your own on the practice network. Within seconds it is in the inbox.",
)
