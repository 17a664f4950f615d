"""The trail: one mover, and a database that refuses to forget (D40)."""

import threading

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

import factories
from uppsikt.channels import actions
from uppsikt.channels.models import Channel
from uppsikt.inbox.models import Note
from uppsikt.kernel import append_only, blobs, trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.models import Blob, Step
from uppsikt.records.models import Misread, RawResponse, Version

pytestmark = pytest.mark.django_db
NOW = factories.THURSDAY


def test_a_step_says_who_what_from_to_when_and_why() -> None:
    channel = factories.channel()
    actions.pause(channel, reason="Byter ansvarig.", by=trail.Doer("person:7", "Eva Ek"), now=NOW)
    step = trail.steps_of(channel).last()
    assert step is not None
    assert (step.name, step.before, step.after) == ("pause", "live", "paused")
    assert (step.by, step.by_name, step.at, step.reason) == ("person:7", "Eva Ek", NOW, "Byter ansvarig.")
    assert channel.state == "paused"


def test_a_step_that_does_not_lead_on_is_refused_and_leaves_no_trace() -> None:
    channel = factories.channel()
    before = Step.objects.count()
    with pytest.raises(Refused) as refused:
        actions.resume(channel, by=factories.TESTER, now=NOW)
    assert refused.value.code == "wrong_state"
    assert Step.objects.count() == before


def test_a_fact_that_is_no_field_is_an_error_not_a_silent_loss() -> None:
    channel = factories.channel()
    with pytest.raises(Exception, match="no field named"):
        trail.take("pause", channel, by=factories.TESTER, at=NOW, misspelt=1)
    channel.refresh_from_db()
    assert channel.state == "live"


@pytest.mark.parametrize("table", ["kernel_step", "kernel_blob", "records_version", "records_rawresponse"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET {}={}", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_delete_what_only_grows(table: str, verb: str) -> None:
    """D18, D40: whoever holds the connection, the trail and the records stay as they were."""
    factories.item(factories.channel())
    column = {"kernel_blob": "media_type"}.get(table, "id")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb.format(table, column, column))


@pytest.mark.parametrize("model", [Step, Blob, Version, RawResponse, Misread, Note])
def test_truncate_is_refused_outside_a_test_database(model: type) -> None:
    """The function lets TRUNCATE through in test databases only, by their name."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), bool_and(tgenabled = 'A') FROM pg_trigger"
            " WHERE tgrelid = %s::regclass AND NOT tgisinternal",
            [model._meta.db_table],
        )
        assert cursor.fetchone() == (2, True)
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'kernel_refuse_change'")
        source = cursor.fetchone()[0]
    assert "current_database() LIKE 'test\\_%'" in source


@pytest.mark.django_db(transaction=True)
def test_of_two_who_move_the_same_thing_one_gets_a_word() -> None:
    channel = factories.channel()
    outcomes: list[str] = []
    gate = threading.Barrier(2)

    def pause() -> None:
        mine = Channel.objects.get(pk=channel.pk)
        gate.wait()
        try:
            actions.pause(mine, reason="", by=factories.TESTER, now=NOW)
            outcomes.append("paused")
        except Refused as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=pause) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["paused", "wrong_state"]
    assert trail.steps_of(channel).filter(name="pause").count() == 1


def test_a_blob_is_kept_once_and_checked_on_reading() -> None:
    first = blobs.put(b"hej", "text/plain", now=NOW)
    assert blobs.put(b"hej", "text/plain", now=NOW) == first
    assert Blob.objects.filter(sha256=first).count() == 1
    assert blobs.read(first) == b"hej"
    blobs.path_of(first).write_bytes(b"hopp")
    with pytest.raises(blobs.Damaged):
        blobs.read(first)
    blobs.path_of(first).unlink()
    with pytest.raises(blobs.Damaged):
        blobs.read(first)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", ["UPDATE kept SET id = 2", "DELETE FROM kept", "TRUNCATE kept"])
def test_in_a_database_that_is_no_test_the_guard_refuses_truncate_too(verb: str) -> None:
    """D40: the same function and triggers that the migrations make, in a database with a name of its own."""
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE IF EXISTS guarded")
        cursor.execute("CREATE DATABASE guarded")
    try:
        with psycopg.connect(**{**connection.get_connection_params(), "dbname": "guarded"}, autocommit=True) as other:
            other.execute("CREATE TABLE kept (id int)")
            other.execute("INSERT INTO kept VALUES (1)")
            for statement in (append_only.FUNCTION, *append_only.append_only("kept").sql):
                other.execute(statement)
            with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
                other.execute(verb)
            assert other.execute("SELECT id FROM kept").fetchall() == [(1,)]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP DATABASE guarded WITH (FORCE)")
