"""`backup`, `backup list`, `backup check`: a backup while the service runs, what there is, is it whole."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from uppsikt import env
from uppsikt.cli.house import database, room
from uppsikt.cli.progress import Progress
from uppsikt.kernel import stores
from uppsikt.kernel.stores import Store, Unreachable
from uppsikt.kernel.terminal import Trouble, say, tell

WHO = "UPPSIKT_BACKUP_S3"
THOUSAND = 1000


def run(chosen: argparse.Namespace) -> int:
    """`./uppsikt backup …`. 0 when all is well, 1 when something is damaged or could not be done."""
    words = list(chosen.words)
    verb = words.pop(0) if words[:1] in (["list"], ["check"]) else "take"
    if len(words) > 1:
        raise Trouble(f"Jag förstår inte {words[1]}.", f"I do not understand {words[1]}.")
    place = stores.at(words[0] if words else asked_place(), who=WHO)
    try:
        return {"take": take, "list": listing, "check": check}[verb](chosen, place)
    except Unreachable as error:
        raise Trouble(f"Platsen svarar inte: {error}.", f"The place does not answer: {error}.") from error


def asked_place() -> str:
    """The place that the setting names. Raises Trouble."""
    if named := env.text("UPPSIKT_BACKUP_TO", ""):
        return named
    raise Trouble(
        "Säg var: ./uppsikt backup MAPP (eller s3://hink/prefix), eller sätt UPPSIKT_BACKUP_TO.",
        "Say where: ./uppsikt backup FOLDER (or s3://bucket/prefix), or set UPPSIKT_BACKUP_TO.",
    )


def keys_place(chosen: argparse.Namespace) -> Store | None:
    """The place for keys, by option or setting; None where there is none."""
    named = chosen.keys or env.text("UPPSIKT_BACKUP_KEYS", "")
    return stores.at(named, who="UPPSIKT_BACKUP_KEYS_S3") if named else None


def passphrase(chosen: argparse.Namespace) -> str:
    """The passphrase of the keys, from a file: a word on the command line is everybody's to read."""
    if not chosen.passphrase_file:
        return env.text("UPPSIKT_BACKUP_PASSPHRASE", "")
    try:
        return Path(chosen.passphrase_file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise Trouble(
            f"Lösenfrasen går inte att läsa ur {chosen.passphrase_file}: {error.strerror}.",
            f"The passphrase cannot be read from {chosen.passphrase_file}: {error.strerror}.",
        ) from error


def take(chosen: argparse.Namespace, place: Store) -> int:
    """Take one, let old ones go, and say how it went."""
    keys = keys_place(chosen)
    say(f"Säkerhetskopierar till {place.words} …", f"Backing up to {place.words} …")
    if keys is None:
        say(
            "Obs: nycklarna tas inte med. Utan dem går kopian att återställa, men varje kanal måste anslutas igen och "
            "alla loggas ut. Ange en egen plats för dem med --keys.",
            "Mind: the keys are left out. Without them the backup can be restored, but each channel must be connected "
            "again and everybody is logged out. Name a place of their own for them with --keys.",
        )
    with database():
        runs = room("uppsikt.kernel.backups.runs")
        made, pruned = runs.backup(
            place,
            keys,
            passphrase(chosen),
            keep=chosen.keep if chosen.keep is not None else env.number("UPPSIKT_BACKUP_KEEP", 0),
            progress=Progress(),
        )
    print(made.id)
    say(
        f"Klar: {made.counts.get('kernel_step', 0)} steg i spåret, {made.blobs['count']} bilagor och råsvar "
        f"({made.blobs['copied']} nya), {size(made.size)} databas.",
        f"Done: {made.counts.get('kernel_step', 0)} steps of the trail, {made.blobs['count']} attachments and raw "
        f"answers ({made.blobs['copied']} new), {size(made.size)} of database.",
    )
    if pruned.backups or pruned.held:
        say(
            f"Släppte {len(pruned.backups)} äldre och {pruned.blobs} bilagor som bara de hade. {pruned.held}",
            f"Let go of {len(pruned.backups)} older ones and {pruned.blobs} attachments of theirs. {pruned.held}",
        )
    return wanting(made)


def wanting(made: Any) -> int:
    """Name what the service itself has lost; 1 where there is anything."""
    for sha256, why in list(made.wanting.items())[:20]:
        say(f"SKADAD i tjänsten: {sha256}: {why}", f"DAMAGED in the service: {sha256}: {why}")
    if made.wanting:
        say(
            f"{len(made.wanting)} bilagor saknas eller är skadade i tjänsten själv. Allt annat är säkerhetskopierat. "
            "Hämta dem ur en äldre kopia.",
            f"{len(made.wanting)} attachments are missing or damaged in the service itself. All else is backed up. "
            "Get them from an older backup.",
        )
    return 1 if made.wanting else 0


def listing(_chosen: argparse.Namespace, place: Store) -> int:
    """Every backup in the place, oldest first; half-made ones are said to be that."""
    manifests = room("uppsikt.kernel.backups.manifest", ready=False)
    found = manifests.ids(place)
    for which, signed in found.items():
        print(f"{which}  {describe(manifests, place, which) if signed else tell('ofullständig', 'half-made')}")
    if not found:
        say(f"Inga säkerhetskopior i {place.words}.", f"No backups in {place.words}.")
    return 0


def describe(manifests: Any, place: Store, which: str) -> str:
    """One backup in a line."""
    try:
        one = manifests.load(place, which)
    except (manifests.Bad, stores.Missing) as bad:
        return tell(f"SKADAD: {bad}", f"DAMAGED: {bad}")
    keys = tell("nycklar för sig", "keys apart") if one.keys == "apart" else tell("utan nycklar", "without keys")
    return tell(
        f"{size(one.size)} databas, {one.blobs['count']} bilagor, {keys}, Uppsikt {one.app}",
        f"{size(one.size)} of database, {one.blobs['count']} attachments, {keys}, Uppsikt {one.app}",
    )


def check(chosen: argparse.Namespace, place: Store) -> int:
    """Read a backup to its end, and name what is wrong."""
    manifests = room("uppsikt.kernel.backups.manifest", ready=False)
    checking = room("uppsikt.kernel.backups.checking", ready=False)
    key, faults = known_key(), 0
    found = manifests.ids(place)
    chosen_ids = [chosen.backup] if chosen.backup else list(found)[-1:]
    if not chosen_ids:
        raise Trouble(f"Inga säkerhetskopior i {place.words}.", f"No backups in {place.words}.")
    for which in chosen_ids:
        seen = checking.check(place, which, key=key, progress=Progress())
        problems = [(fault.part, fault.words) for fault in seen.faults] + key_faults(chosen, seen)
        for part, words in problems:
            print(tell(f"FEL {part}: {words}", f"BAD {part}: {words}"))
        faults += len(problems)
        say(
            f"{which}: {seen.parts} delar och {seen.blobs} bilagor lästa, {len(problems)} fel.",
            f"{which}: {seen.parts} parts and {seen.blobs} attachments read, {len(problems)} faults.",
        )
        if seen.manifest and not seen.sealed:
            say(
                "Obs: nyckeln som förseglade innehållsförteckningen finns inte här. Bara dess kontrollsumma är prövad.",
                "Mind: the key that sealed the manifest is not here, so only its digest was checked.",
            )
    return 1 if faults else 0


def key_faults(chosen: argparse.Namespace, seen: Any) -> list[tuple[str, str]]:
    """What is wrong with the keys of a backup, where one says where they are."""
    place = keys_place(chosen)
    if place is None or seen.manifest is None or seen.manifest.keys != "apart":
        return []
    keys = room("uppsikt.kernel.backups.keys", ready=False)
    try:
        keys.fetch(place, seen.manifest, passphrase(chosen))
    except Trouble as trouble:
        return [(keys.name_of(seen.manifest.id), str(trouble))]
    return []


def known_key() -> str:
    """This installation's key for credentials, where there is one; none is made for the question."""
    file = env.folder() / "keys" / "credentials.key"
    try:
        return env.text("UPPSIKT_CREDENTIALS_KEY", "") or file.read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def size(number: int) -> str:
    """Bytes as people say them."""
    for name in ("byte", "kB", "MB", "GB"):
        if number < THOUSAND:
            return f"{number:.0f} {name}"
        number //= THOUSAND
    return f"{number} TB"
