"""`./uppsikt connect URL`: recognises the address, says what it found and what it needs, and connects."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from uppsikt.channels import actions, connecting, words
from uppsikt.channels.models import Channel
from uppsikt.connectors.base import Need, Recognition, Trouble
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.terminal import swedish
from uppsikt.kernel.trail import Doer
from uppsikt.organisation.models import Person, Unit

DONE, FAILED, NEEDS_MORE = 0, 1, 2


def connect(address: str, options: Sequence[str] = ()) -> int:
    """Connect a channel by its address.

    Exit codes: 0 connected, 1 it did not work (why stands on stderr), 2 recognised and something is still needed.
    """
    with translation.override("sv" if swedish() else "en"):
        chosen = parse(options)
        try:
            found = connecting.recognise(address)
            tell(found)
            if shut := words.shut_by(found.found):
                complain(shut)
                # Who gives a login wants to answer there: a channel that can only be read is not what was asked for.
                if chosen.username:
                    return FAILED
            return complete(found, chosen)
        except Trouble as trouble:
            complain(words.trouble(trouble.code, trouble.facts))
        except Refused as refused:
            print(refused.words, file=sys.stderr)
        return FAILED


def complain(trouble: words.Trouble) -> None:
    """Say what is wrong and what can be done about it, where errors are read."""
    print(f"{trouble.title}. {trouble.todo}", file=sys.stderr)


def parse(options: Sequence[str]) -> argparse.Namespace:
    """The options after the address."""
    parser = argparse.ArgumentParser(prog="./uppsikt connect URL")
    parser.add_argument("--unit", default="", help=_("enheten som ansvarar för kanalen"))
    parser.add_argument("--responsible", default="", help=_("e-postadressen till den som ansvarar för kanalen"))
    parser.add_argument("--name", default="", help=_("kanalens namn, om det ska vara ett annat än nätets"))
    parser.add_argument("--central", action="store_true", help=_("en av kommunens centrala kanaler"))
    parser.add_argument("--username", default="", help=_("kontots användarnamn hos nätet"))
    parser.add_argument("--own-name", default="", help=_("namn som ni själva kommenterar med, för ett webbflöde"))
    parser.add_argument("--password-file", default="", help=_("en fil med lösenordet eller nyckeln på första raden"))
    return parser.parse_args(list(options))


def tell(found: Recognition) -> None:
    """Say what the address turned out to be and what is needed."""
    print(
        _("Hittade: %(network)s, %(name)s (%(address)s)")
        % {
            "network": words.network(found.network),
            "name": found.name,
            "address": found.address,
        }
    )
    for what, value in words.found(found.found):
        print(f"  {what}: {value}")
    for name, address in found.others:
        print(_("Där finns också: %(name)s (%(address)s)") % {"name": name, "address": address})
    needs = [words.need(need.name)[0] for need in found.needs if not need.optional]
    print(_("Behöver: %(needs)s") % {"needs": ", ".join([*needs, _("enhet"), _("ansvarig person")]).lower()})


def complete(found: Recognition, chosen: argparse.Namespace) -> int:
    """Try the credentials and take the channel in, or say what is missing. Raises Trouble, Refused."""
    unit, responsible = find_unit(chosen.unit), find_person(chosen.responsible)
    secrets = gather(found.needs, chosen)
    missing = [words.need(need.name)[0] for need in found.needs if not (need.optional or secrets.get(need.name))]
    if unit is None or responsible is None or missing:
        print(how_to_go_on(found, missing))
        return NEEDS_MORE
    profile = connecting.check(found.network, found.settings, secrets)
    channel = actions.connect(
        network=found.network,
        name=chosen.name or profile.name or found.name,
        address=found.address,
        unit=unit,
        responsible=responsible,
        settings=found.settings,
        secrets=secrets,
        profile=profile,
        central=chosen.central,
        by=Doer.system("connect"),
        now=timezone.now(),
    )
    report(channel, profile.logged_in_as)
    return DONE


def report(channel: Channel, logged_in_as: str) -> None:
    """Say that it is done, and what happens now."""
    if logged_in_as:
        print(_("Inloggad hos nätet som %(who)s.") % {"who": logged_in_as})
    print(
        _(
            "Ansluten: %(name)s är kanal nummer %(number)s. Köarbetaren läser den nu; ./uppsikt pull "
            "%(number)s gör det här."
        )
        % {"name": channel.name, "number": channel.pk}
    )


def gather(needs: Sequence[Need], chosen: argparse.Namespace) -> dict[str, str]:
    """What is needed, from options, the environment (UPPSIKT_USERNAME, UPPSIKT_PASSWORD) or by asking at a terminal."""
    given: dict[str, str] = {}
    for need in needs:
        if need.optional:
            given[need.name] = str(getattr(chosen, need.name, "")).strip()
            continue
        if need.secret:
            value = from_file(chosen.password_file) or os.environ.get("UPPSIKT_PASSWORD", "")
        else:
            value = chosen.username or os.environ.get("UPPSIKT_USERNAME", "")
        if not value and chosen.unit and chosen.responsible and sys.stdin.isatty():
            label = f"{words.need(need.name)[0]}: "
            value = getpass.getpass(label) if need.secret else input(label)
        given[need.name] = value.strip()
    return given


def from_file(path: str) -> str:
    """The first line of a file, or "". Raises Refused where the file cannot be read."""
    if not path:
        return ""
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused("no_file", _("Filen %(path)s går inte att läsa.") % {"path": path}) from error
    return lines[0].strip() if lines else ""


def find_unit(name: str) -> Unit | None:
    """The unit of that name, or None where none was named. Raises Refused where it is not there."""
    if not name:
        return None
    rows = list(Unit.objects.filter(name__iexact=name).select_related("department")[:2])
    if len(rows) != 1:
        raise Refused(
            "no_unit", _("Det finns inte exakt en enhet som heter %(name)s. Se sidan Organisation.") % {"name": name}
        )
    return rows[0]


def find_person(words_for: str) -> Person | None:
    """The person with that e-mail address or name, or None where nobody was named. Raises Refused."""
    if not words_for:
        return None
    rows = list(Person.objects.filter(Q(email__iexact=words_for) | Q(name__iexact=words_for), is_active=True)[:2])
    if len(rows) != 1:
        raise Refused(
            "no_person",
            _("Det finns inte exakt en person som heter %(who)s. Skriv personens e-postadress.") % {"who": words_for},
        )
    return rows[0]


def how_to_go_on(found: Recognition, missing: Sequence[str]) -> str:
    """What to write to connect it."""
    parts: Mapping[str, str] = {
        "--unit": _('"ENHET"'),
        "--responsible": _("E-POST"),
        **({"--username": _("ANVÄNDARE"), "--password-file": _("FIL")} if missing else {}),
    }
    line = " ".join(f"{name} {value}" for name, value in parts.items())
    return _(
        "Gå vidare här eller under Kanaler, Anslut kanal i webbläsaren:\n  ./uppsikt connect %(address)s %(line)s"
    ) % {
        "address": found.address,
        "line": line,
    }
