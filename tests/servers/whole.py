"""The whole system over a real site: connected as the product connects it, its queue worked by the real worker."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, cast

from django.core import mail
from django.db import connection, connections
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

import factories
from servers.wordpress_server import WordPressServer
from uppsikt.channels import actions, connecting
from uppsikt.channels.models import Channel
from uppsikt.inbox.models import Case
from uppsikt.kernel import trail
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.records import pulling, sweep
from uppsikt.records.models import Item


def connect(site: WordPressServer, *, name: str = "Kommunens blogg", responsible: Person | None = None) -> Channel:
    """The site as a channel: recognised, its password tried, taken into the register."""
    found = connecting.recognise(site.url)
    secrets = {"username": site.user, "application_password": site.password}
    responsible = responsible or factories.person(Role.COMMUNICATIONS, name="Kerstin Kommunikatör")
    return actions.connect(
        network=found.network,
        name=name,
        address=found.address,
        unit=factories.municipality().unit,
        responsible=responsible,
        settings=found.settings,
        secrets=secrets,
        profile=connecting.check(found.network, found.settings, secrets),
        central=False,
        by=responsible.doer,
        now=timezone.now(),
    )


def pull(channel: Channel) -> pulling.Pulled:
    """One pull, now."""
    channel.refresh_from_db()
    pulled = pulling.pull(channel, clock=timezone.now)
    channel.refresh_from_db()
    return pulled


def look(channel: Channel, minutes: float) -> None:
    """Sweep as if so many minutes had passed."""
    with connecting.opened(channel) as connector:
        sweep.sweep(channel, connector, now=timezone.now() + timedelta(minutes=minutes))


def item(channel: Channel, native_id: str) -> Item:
    """The record of something said."""
    return Item.objects.select_related("version", "thread", "actor").get(channel=channel, native_id=native_id)


def case(channel: Channel, native_id: str) -> Case:
    """The case of the conversation that something said stands in."""
    return Case.objects.get(thread=item(channel, native_id).thread)


def steps(row: Any) -> list[str]:
    """The names of what has happened to something, oldest first."""
    return [step.name for step in trail.steps_of(row)]


def empty_queue(name: str = "") -> None:
    """Forget what earlier tests have queued: their tables are emptied, the queue's own are not. By name: one queue."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE %s IN ('', queue_name)", [name])


def work(*queues: str) -> None:
    """Let the worker, as it runs in the service, do every job whose time has come, and those that they bring.

    With `queues`, only those in them.
    """
    # In a thread of its own: the browser's loop runs in this one.
    with ThreadPoolExecutor(1) as pool:
        while jobs("todo", *queues):
            pool.submit(asyncio.run, _work(queues)).result(timeout=120)
        pool.submit(connections.close_all).result()
    assert jobs("failed") == []


def jobs(state: str, *queues: str) -> list[tuple[Any, ...]]:
    """Jobs in the queue in a state, those left out whose time has not come."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_name, args FROM procrastinate_jobs WHERE status = %s::procrastinate_job_status"
            " AND (scheduled_at IS NULL OR scheduled_at <= now()) AND (%s OR queue_name = ANY(%s))",
            [state, not queues, list(queues)],
        )
        return list(cursor.fetchall())


async def _work(queues: tuple[str, ...]) -> None:
    with app.replace_connector(cast("DjangoConnector", app.connector).get_worker_connector()) as ours:
        async with ours.open_async():
            await ours.run_worker_async(
                queues=list(queues) or None,
                wait=False,
                concurrency=2,
                install_signal_handlers=False,
                listen_notify=False,
                delete_jobs="never",
            )


def link_in_mail(to: str) -> str:
    """The path of the link in the newest letter to somebody."""
    [*_, letter] = [one for one in mail.outbox if one.to == [to]]
    found = re.search(r"https?://[^/\s]+(/\S+)", str(letter.body))
    assert found, letter.body
    return found.group(1)
