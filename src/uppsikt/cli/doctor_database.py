"""The doctor's checks that ask the database; imported once Django is set up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from uppsikt.channels.models import Channel
from uppsikt.cli import doctor_backup
from uppsikt.cli.doctor import MIND, OK, WRONG, Check, Finding
from uppsikt.cli.house import LEAST_POSTGRESQL
from uppsikt.kernel import seals, stamps, verifications
from uppsikt.kernel.terminal import tell

APPEND_ONLY = (
    "kernel_step",
    "kernel_blob",
    "kernel_seal",
    "kernel_timestamp",
    "records_rawresponse",
    "records_version",
    "records_misread",
    "moderation_evidencefile",
    "triage_reading",
    "triage_finding",
    "triage_sample",
    "triage_alarm",
    "triage_historytold",
    "triage_judgement",
    "triage_localmodel",
    "inbox_note",
    "inbox_clarification",
    "inbox_firstanswer",
    "inbox_replytemplateversion",
    "policy_edition",
    "policy_acknowledgement",
    "policy_coursetaken",
    "oversight_shown",
    "oversight_deed",
    "oversight_heightenedcause",
    "oversight_firstlook",
    "channels_takeover",
    "register_profileversion",
    "register_handlook",
    "register_capturefile",
    "register_clearance",
    "register_listchange",
)
# By their names, what each of these keeps from happening: removing without evidence, touching what is
# kept, and an account that goes live though nobody has cleared it.
EVIDENCE_FIRST = {
    "moderation_evidence_guard": "UPDATE/DELETE moderation_evidence",
    "moderation_evidence_whole": "TRUNCATE moderation_evidence",
    "moderation_removal_guard": "UPDATE moderation_removal",
    "moderation_decision_guard": "UPDATE moderation_removal.decision_id",
    "moderation_intent_guard": "INSERT kernel_intent",
    "register_channel_guard": "UPDATE channels_channel",
    "register_channel_guard_new": "INSERT channels_channel",
    "register_clearance_guard": "INSERT register_clearance",
    "register_takeover_guard": "INSERT channels_takeover",
    "channels_mandate_guard": "INSERT channels_mandate",
    "channels_responsible_guard": "UPDATE channels_channel.responsible_id",
}
GUARDED = {"DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}  # bits of pg_trigger.tgtype
LATE = timedelta(seconds=60)  # a worker says that it lives more often than this
DRIFT = 5.0  # seconds between our clock and the database's


def checks() -> Iterator[tuple[str, Check]]:
    """The database's checks by name; after a database without tables there is nothing more to ask."""
    yield tell("Databas", "Database"), version
    yield tell("Databasens tabeller", "Database tables"), migrations
    if plan():
        return
    yield tell("Spårets skydd", "The trail's guard"), triggers
    yield tell("Spårets sigill", "The trail's seals"), trail_seals
    yield tell("Klockor", "Clocks"), clocks
    yield tell("Köarbetare", "Queue worker"), worker
    yield tell("Jobb som har misslyckats", "Jobs that failed"), failed_jobs
    yield tell("Kanaler", "Channels"), channels
    yield from doctor_backup.checks()


def version() -> Finding:
    """PostgreSQL 15 or newer answers."""
    connection.ensure_connection()
    number = connection.pg_version  # type: ignore[attr-defined]
    words = f"PostgreSQL {number // 10000}.{number % 10000}"
    if number // 10000 < LEAST_POSTGRESQL:
        return Finding(
            WRONG,
            words,
            tell(
                "Uppsikt behöver PostgreSQL 15 eller nyare: uppgradera servern.",
                "Uppsikt needs PostgreSQL 15 or newer: upgrade the server.",
            ),
        )
    return Finding(OK, words)


def migrations() -> Finding:
    """Every migration is applied."""
    if left := plan():
        return Finding(
            WRONG,
            tell(f"{len(left)} ändringar återstår", f"{len(left)} changes are left"),
            tell("Skriv: ./uppsikt manage migrate", "Write: ./uppsikt manage migrate"),
        )
    return Finding(OK, tell("aktuella", "up to date"))


def plan() -> list[Any]:
    """The migrations that are left to apply."""
    executor = MigrationExecutor(connection)
    return list(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def triggers() -> Finding:
    """UPDATE, DELETE and TRUNCATE of the trail are refused by the database."""
    missing = []
    with connection.cursor() as cursor:
        for table in APPEND_ONLY:
            cursor.execute(
                "SELECT bit_or(tgtype::int) FROM pg_trigger"
                " WHERE tgrelid = to_regclass(%s) AND NOT tgisinternal AND tgenabled IN ('O', 'A')",
                [table],
            )
            kinds = cursor.fetchone()[0] or 0
            missing += [f"{name} {table}" for name, bit in GUARDED.items() if not kinds & bit]
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgname = ANY(%s) AND tgenabled IN ('O', 'A')", [list(EVIDENCE_FIRST)]
        )
        there = {name for (name,) in cursor.fetchall()}
        missing += [EVIDENCE_FIRST[name] for name in EVIDENCE_FIRST if name not in there]
    if missing:
        return Finding(
            WRONG,
            tell(f"{', '.join(missing)} hindras inte", f"{', '.join(missing)} is not refused"),
            tell(
                "Någon har tagit bort skyddet. Ta reda på vem och varför innan du återställer det.",
                "Somebody took the guard away. Find out who and why before you put it back.",
            ),
        )
    return Finding(OK, tell("ändring och radering hindras", "change and deletion are refused"))


def trail_seals() -> Finding:
    """Sealing is not behind, the last verification found nothing, and time-stamps can be believed."""
    now = datetime.now(UTC)
    waiting, last = verifications.waiting_since(), verifications.last_ended()
    if waiting and now - waiting > verifications.STALE_AFTER:
        return Finding(
            WRONG,
            tell(
                f"något har väntat på sitt sigill sedan {waiting:%Y-%m-%d %H:%M} UTC",
                f"behind since {waiting:%F %H:%M} UTC",
            ),
            tell(
                "Se efter att en köarbetare arbetar, och vad tjänstens logg säger om kernel.seal.",
                "See that a queue worker is at work, and what the service's log says of kernel.seal.",
            ),
        )
    if last and last.state == "failed":
        return Finding(
            WRONG,
            tell("något är inte som det var när det förseglades", "something is not as it was when it was sealed"),
            tell("Skriv: ./uppsikt verify, eller se sidan Sigill.", "Write: ./uppsikt verify, or see the page Seals."),
        )
    if settings.TIMESTAMP_URL and not stamps.roots():
        return Finding(
            MIND,
            tell("tidsstämplarna prövas inte", "the time-stamps are not tried"),
            tell("Sätt UPPSIKT_TIMESTAMP_ROOTS.", "Set UPPSIKT_TIMESTAMP_ROOTS."),
        )
    if settings.VERIFY_DAYS and last and last.begun_at < now - timedelta(days=3 * settings.VERIFY_DAYS):
        return Finding(
            MIND,
            tell(f"senast kontrollerade {last.begun_at:%Y-%m-%d}", f"last checked {last.begun_at:%Y-%m-%d}"),
            tell("Skriv: ./uppsikt verify", "Write: ./uppsikt verify"),
        )
    return Finding(OK, tell(f"{seals.head().number} sigill", f"{seals.head().number} seals"))


def clocks() -> Finding:
    """Our clock and the database's agree."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        apart = abs((cursor.fetchone()[0] - datetime.now(UTC)).total_seconds())
    if apart > DRIFT:
        return Finding(
            WRONG,
            tell(f"{apart:.0f} s isär", f"{apart:.0f} s apart"),
            tell("Ställ båda maskinernas klockor med NTP.", "Set both machines' clocks by NTP."),
        )
    return Finding(OK, tell("går lika", "agree"))


def worker() -> Finding:
    """A queue worker has said lately that it lives."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(last_heartbeat) FROM procrastinate_workers")
        last = cursor.fetchone()[0]
    if last is None or datetime.now(UTC) - last > LATE:
        return Finding(
            WRONG,
            tell("ingen arbetar", "none is at work"),
            tell(
                "Starta tjänsten (./uppsikt serve) eller en köarbetare (./uppsikt worker).",
                "Start the service (./uppsikt serve) or a queue worker (./uppsikt worker).",
            ),
        )
    return Finding(OK, tell("arbetar", "at work"))


def failed_jobs() -> Finding:
    """No job has been given up. Those that run by themselves are left out: the next run takes their place."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_name, count(*) FROM procrastinate_jobs"
            " WHERE status = 'failed' AND queueing_lock IS NULL GROUP BY 1 ORDER BY 2 DESC"
        )
        rows = cursor.fetchall()
    if rows:
        names = ", ".join(f"{name} ({number})" for name, number in rows[:5])
        return Finding(
            MIND,
            names,
            tell(
                "Felet står i tjänstens logg. När det är avhjälpt: ./uppsikt manage procrastinate shell, och retry.",
                "The service's log says why. When it is mended: ./uppsikt manage procrastinate shell, and retry.",
            ),
        )
    return Finding(OK, tell("inga", "none"))


def channels() -> Finding:
    """No channel is in trouble."""
    rows = Channel.objects.exclude(state="closed")
    bad = list(rows.exclude(trouble_code="").order_by("trouble_since"))
    if bad:
        names = ", ".join(f"{channel} ({channel.trouble_code})" for channel in bad[:5])
        return Finding(
            MIND,
            tell(f"{len(bad)} med fel: {names}", f"{len(bad)} in trouble: {names}"),
            tell(
                "Öppna kanalens sida: där står vad som hänt och vad du kan göra.",
                "Open the channel's page: it says what happened and what to do.",
            ),
        )
    return Finding(OK, tell(f"{rows.count()} kanaler utan fel", f"{rows.count()} channels without trouble"))
