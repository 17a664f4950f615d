"""`seed_demo`: fill the made-up municipality in from a running practice network, once."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from uppsikt.connectors.base import Trouble as NetworkTrouble
from uppsikt.kernel.terminal import Trouble, tell
from uppsikt.net.errors import NetError
from uppsikt.web.demo.marks import done_at
from uppsikt.web.demo.practice_network import Network
from uppsikt.web.demo.seeding import LIVED, seed

OLD_DAYS = 2


def already(days: int) -> str:
    """That it is there; of an old one, that its cases have become late and how to begin anew."""
    if days < OLD_DAYS:
        return tell("Kommunen finns redan.", "The municipality is there already.")
    return tell(
        f"Kommunen är {days} dagar gammal, så mycket är försenat. Börja om: ./uppsikt demo --fresh",
        f"The municipality is {days} days old, so much is late. Begin anew: ./uppsikt demo --fresh",
    )


class Command(BaseCommand):
    """The command."""

    help = "Fill the demo in; what is there already is left as it is."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the practice network answers, and where its control token lies."""
        parser.add_argument("--practice", required=True)
        parser.add_argument("--practice-data", required=True, type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed."""

        def say(words: str) -> None:
            self.stdout.write(f"      {words}")
            self.stdout.flush()

        try:
            network = Network(options["practice"], options["practice_data"])
            if not seed(network, clock=timezone.now, say=say):
                say(already((timezone.now() - (done_at(LIVED) or timezone.now())).days))
        except (NetworkTrouble, NetError) as error:
            raise CommandError(
                tell(
                    f"Övningsnätet går inte att läsa ({error.code}). Kör demon igen.",
                    f"The practice network cannot be read ({error.code}). Run the demo again.",
                )
            ) from error
        except Trouble as error:
            raise CommandError(str(error)) from error
