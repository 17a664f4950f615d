"""`doctor`: numbered checks of the installation, each with its fix."""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from uppsikt import env
from uppsikt.capture import browser
from uppsikt.capture.errors import CaptureFailed
from uppsikt.capture.pool import try_out
from uppsikt.cli.house import ROOT, database, environment, room
from uppsikt.kernel.postgres_home import Home, make_folder
from uppsikt.kernel.terminal import Trouble, tell

LEAST_SPACE = 1_000_000_000  # bytes
OK, MIND, WRONG = "ok", "mind", "wrong"


@dataclass(frozen=True)
class Finding:
    """What one check saw; `fix` is what to do, empty when all is well."""

    level: str
    words: str
    fix: str = ""


Check = Callable[[], Finding]


def run(_chosen: argparse.Namespace) -> int:
    """`./uppsikt doctor`: 0 when nothing is wrong (there may be things to mind), else 1."""
    seen = []
    for number, (name, check) in enumerate(checks(), 1):
        finding = guarded(check)
        seen.append(finding.level)
        mark = {OK: "ok  ", MIND: tell("OBS ", "mind"), WRONG: tell("FEL ", "BAD ")}[finding.level]
        print(f"{number:2}. {mark} {name}: {finding.words}", flush=True)
        if finding.fix:
            print(f"         → {finding.fix}", flush=True)
    wrong, mind = seen.count(WRONG), seen.count(MIND)
    print(
        tell(
            f"\n{len(seen)} kontroller: {wrong} fel, {mind} att tänka på.",
            f"\n{len(seen)} checks: {wrong} wrong, {mind} to mind.",
        )
    )
    return 1 if wrong else 0


def guarded(check: Check) -> Finding:
    """The check's finding; a check that breaks is a finding too, so that the others are still made."""
    try:
        return check()
    except (Trouble, env.SettingError) as trouble:
        return Finding(WRONG, str(trouble))
    except Exception as error:  # noqa: BLE001 a boundary: recorded as a finding
        return Finding(WRONG, f"{type(error).__name__}: {error}")


def checks() -> Iterator[tuple[str, Check]]:
    """Every check by its name; those of the database come while it runs."""
    yield "Python", python
    yield tell("Paket", "Packages"), packages
    yield tell("Datamapp", "Data folder"), data_folder
    yield tell("Diskutrymme", "Disk space"), space
    yield tell("Nycklar", "Keys"), keys
    yield tell("Bilagemapp", "Attachments folder"), blobs
    yield tell("Tidszon", "Time zone"), zone
    yield tell("Webbläsare", "Browser"), web_browser
    yield tell("Djangos säkerhetskontroll", "Django's security check"), deploy
    yield tell("E-post", "E-mail"), email
    yield from database_checks()


def database_checks() -> Iterator[tuple[str, Check]]:
    """The checks that ask the database."""
    name = tell("Databas", "Database")
    if not env.text("DATABASE_URL", "") and not (Home(env.folder()).data / "PG_VERSION").exists():
        fix = tell(
            "Kör ./uppsikt serve en gång så skapas den, eller sätt DATABASE_URL.",
            "Run ./uppsikt serve once to make it, or set DATABASE_URL.",
        )
        yield name, lambda: Finding(WRONG, tell("finns inte än", "is not there yet"), fix)
        return
    try:
        with database():
            yield from room("uppsikt.cli.doctor_database").checks()
    except Trouble as trouble:
        words = str(trouble)
        yield name, lambda: Finding(WRONG, words)


def python() -> Finding:
    """Python 3.11 or newer."""
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding(OK, version)  # the launcher has refused older ones


def packages() -> Finding:
    """What is installed is what the lock says."""
    stamp = Path(sys.prefix) / "uppsikt.lock"
    for name in ("test", "run"):
        lock = ROOT / "requirements" / f"{name}.txt"
        if stamp.exists() and hashlib.sha256(lock.read_bytes()).hexdigest() in stamp.read_text(encoding="utf-8"):
            return Finding(OK, tell(f"som requirements/{name}.txt säger", f"as requirements/{name}.txt says"))
    return Finding(
        MIND,
        tell("är inte de som låset säger", "are not those of the lock"),
        tell(
            "Kör ./uppsikt doctor (inte python direkt), så installeras de.",
            "Run ./uppsikt doctor (not python itself) to install them.",
        ),
    )


def data_folder() -> Finding:
    """The data folder can be written."""
    folder = env.folder()
    probe = folder / f".doctor-{os.getpid()}"
    try:
        make_folder(folder)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        return Finding(
            WRONG,
            f"{folder}: {error.strerror}",
            tell(
                "Sätt UPPSIKT_DATA till en mapp som går att skriva i.",
                "Let UPPSIKT_DATA name a folder that can be written.",
            ),
        )
    return Finding(OK, str(folder))


def space() -> Finding:
    """Room for the database to grow."""
    free = shutil.disk_usage(env.folder()).free
    words = tell(f"{free / 1e9:.1f} GB ledigt".replace(".", ","), f"{free / 1e9:.1f} GB free")
    if free < LEAST_SPACE:
        return Finding(
            WRONG,
            words,
            tell(
                "Frigör minst 1 GB; databasen stannar när disken är full.",
                "Free at least 1 GB; the database stops when the disk is full.",
            ),
        )
    return Finding(OK, words)


def keys() -> Finding:
    """Key files that their owner alone can read."""
    loose = [
        path
        for path in [*(env.folder() / "keys").glob("*"), *env.folder().glob("postgres.password")]
        if path.stat().st_mode & 0o077
    ]
    if loose:
        names = " ".join(map(str, loose))
        return Finding(
            WRONG,
            tell(f"kan läsas av andra: {names}", f"can be read by others: {names}"),
            tell(f"Skriv: chmod 600 {names}", f"Write: chmod 600 {names}"),
        )
    return Finding(OK, tell("bara ägaren kan läsa dem", "their owner alone can read them"))


def blobs() -> Finding:
    """The folder for attachments and raw answers can be written."""
    folder = env.folder() / "blobs"
    if folder.exists() and not os.access(folder, os.W_OK | os.X_OK):
        return Finding(
            WRONG,
            str(folder),
            tell(
                f"Låt kontot som kör Uppsikt skriva i {folder}.",
                f"Let the account that runs Uppsikt write in {folder}.",
            ),
        )
    return Finding(OK, str(folder))


def zone() -> Finding:
    """Swedish time is known to the system."""
    try:
        ZoneInfo("Europe/Stockholm")
    except ZoneInfoNotFoundError:
        return Finding(
            WRONG,
            tell("Europe/Stockholm saknas", "Europe/Stockholm is missing"),
            tell(
                "Installera tidszonerna: apt-get install -y tzdata", "Install the time zones: apt-get install -y tzdata"
            ),
        )
    return Finding(OK, "Europe/Stockholm")


def web_browser() -> Finding:
    """A browser that starts: for evidence, reports and the tests."""
    found = browser.find()
    lacking = tell(
        "Utan den sparas inga bilder av sidor, bara nätets svar, och inga PDF:er görs. ",
        "Without it no pictures of pages are kept, only the network's answers, and no PDFs are made. ",
    )
    if found is None:
        fix = tell(
            "Skriv: apt-get install -y --no-install-recommends chromium, eller ange en med UPPSIKT_BROWSER.",
            "Write: apt-get install -y --no-install-recommends chromium, or name one by UPPSIKT_BROWSER.",
        )
        return Finding(MIND, tell("ingen hittades", "none found"), lacking + fix)
    try:
        version = try_out()
    except CaptureFailed as failed:
        fix = tell(
            "Starta den själv så säger den varför. Gäller det dess sandlåda: tillåt användarnamnrymder "
            "(sysctl kernel.unprivileged_userns_clone=1) för kontot som kör Uppsikt.",
            "Start it yourself and it says why. If it is about its sandbox: allow user namespaces "
            "(sysctl kernel.unprivileged_userns_clone=1) for the account that runs Uppsikt.",
        )
        why = failed.facts.get("why", "")
        return Finding(MIND, tell(f"{found} startar inte: {why}", f"{found} does not start: {why}"), lacking + fix)
    return Finding(OK, f"{found} ({version})")


def deploy() -> Finding:
    """Django's own `check --deploy`."""
    done = subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=environment(),
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode == 0:
        return Finding(OK, tell("inget att anmärka", "nothing to remark"))
    lines = [line for line in done.stderr.splitlines() if line.startswith("?: ") or ": (" in line]
    if not lines:
        return Finding(
            WRONG,
            done.stderr.strip().rpartition("\n")[2],
            tell(
                "Koden är inte hel: kör git status, och hämta om den version du vill ha.",
                "The code is not whole: run git status, and get the version that you want again.",
            ),
        )
    secure = env.text("UPPSIKT_URL", "http://").startswith("https://")
    return Finding(
        WRONG if secure else MIND,
        ", ".join(re.findall(r"\(([a-z_]+\.[A-Z]\d+)\)", " ".join(lines))),
        ""
        if secure
        else tell(
            "Sätt UPPSIKT_URL till den https-adress som tjänsten nås på.",
            "Let UPPSIKT_URL be the https address that the service is reached at.",
        ),
    )


def email() -> Finding:
    """E-mail leaves the building."""
    url = env.text("UPPSIKT_EMAIL_URL", "")
    if url.startswith(("smtp://", "smtps://")):
        return Finding(OK, url.rsplit("@", 1)[-1])
    return Finding(
        MIND,
        tell("sparas som filer, skickas inte", "is kept as files, not sent"),
        tell(
            "Sätt UPPSIKT_EMAIL_URL, till exempel smtp://mejl.kommunen.se:587?starttls",
            "Set UPPSIKT_EMAIL_URL, for example smtp://mail.example.se:587?starttls",
        ),
    )
