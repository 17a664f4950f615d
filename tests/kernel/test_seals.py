"""Changing or cutting anything that is sealed is found, and named at its place (D18, D40)."""

from __future__ import annotations

import hashlib
import itertools
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel import sealing
from kernel.sealing import (
    LATER,
    NOW,
    change,
    forge,
    found,
    go_through,
    note,
    records,
    seal,
    source,
    steps,
    tamper,
    unguarded,
)
from uppsikt.cli.doctor_database import APPEND_ONLY
from uppsikt.kernel import blobs, ranges, sealed, seals
from uppsikt.kernel.findings import Code
from uppsikt.kernel.models import Blob, Seal, Step
from uppsikt.kernel.seals import Head
from uppsikt.records.models import Version

pytestmark = pytest.mark.django_db
STEP, SEAL = "kernel_step", "kernel_seal"


@pytest.fixture(autouse=True)
def bare(db: None) -> None:
    """The tables that are sealed begin empty: what a migration laid in would be sealed along with the tests' rows."""
    with connection.cursor() as cursor:
        for one in sealed.sources():
            cursor.execute(f"SELECT EXISTS (SELECT FROM {one.table})")  # noqa: S608 our own tables
            if cursor.fetchone()[0]:
                cursor.execute(f"TRUNCATE {one.table} CASCADE")


def insert_like(key: int, new: int, **fields: Any) -> None:
    """A copy of a step under another key."""
    row = Step.objects.get(pk=key)
    row.pk = new
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(force_insert=True)


def test_every_table_that_only_grows_is_sealed_or_is_the_seals_own() -> None:
    own = {"kernel_seal", "kernel_timestamp"}
    tables = {one.table for one in sealed.sources()}
    assert own <= set(APPEND_ONLY)
    # A room that makes another such table says `sealed` in its model.
    assert set(APPEND_ONLY) == own | tables


def test_what_is_sealed_is_of_kinds_whose_bytes_hang_on_no_setting() -> None:
    """No fractions, no bytes, no intervals: their text differs with the session's settings."""
    numbers = {"int2", "int4", "int8", "_int4", "_int8", "numeric", "bool"}
    plain = numbers | {"text", "varchar", "_varchar", "jsonb", "uuid"}
    with connection.cursor() as cursor:
        for one in sealed.sources():
            cursor.execute(
                "SELECT a.attname, t.typname FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid"
                " WHERE attrelid = %s::regclass AND attname = ANY(%s)",
                [one.table, list(one.columns)],
            )
            for name, kind in cursor.fetchall():
                told = {"timestamptz": one.times, "date": one.days}.get(kind, frozenset())
                assert kind in plain or name in told, (one.table, name, kind)


def test_the_bytes_of_a_row_are_those_that_the_documents_say() -> None:
    """An auditor can work them out by hand."""
    key = note()
    Step.objects.filter(pk=key)
    step = Step.objects.get(pk=key)
    assert step.at == NOW
    line = "\t".join(
        [str(key), step.kind, str(step.thing_id), step.label, "look", "", "", "system:test", "Uppsikt",
         str(int(NOW.timestamp()) * 1_000_000), "", "{}"]
    )  # fmt: skip
    assert dict(sealed.rows(source(), sealed.after(source(), key - 1))) == {key: hashlib.sha256(line.encode()).digest()}
    with connection.cursor() as cursor:  # nothing of it hangs on the session
        cursor.execute("SET LOCAL TimeZone = 'Asia/Tokyo'; SET LOCAL DateStyle = 'German'")
    assert dict(sealed.rows(source(), sealed.after(source(), key - 1))) == {key: hashlib.sha256(line.encode()).digest()}


def test_a_seals_digest_is_over_the_lines_that_the_documents_say() -> None:
    """An auditor can work it out by hand, with nothing of ours."""
    keys = steps(3)
    seal()
    link = Seal.objects.get()
    lines = [
        "uppsikt seal 1", "number: 1", "kind: kernel.step",
        "columns: id,kind,thing_id,label,name,before,after,by,by_name,at,reason,facts", f"ids: {keys[0]}-{keys[2]}",
        "count: 3", f"rows: {hashlib.sha256(bytes(link.leaves)).hexdigest()}", f"before: {'0' * 64}",
        "made: 2026-11-12T09:00:00.000000+00:00",
    ]  # fmt: skip
    assert hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest() == link.digest


def test_what_is_whole_is_found_whole_and_the_chain_is_one() -> None:
    records()
    seal()
    note()
    seal(NOW + timedelta(minutes=1))
    links = list(Seal.objects.order_by("number"))
    assert [one.number for one in links] == list(range(1, len(links) + 1))
    assert {"kernel.step", "kernel.blob", "records.version", "records.rawresponse"} <= {one.kind for one in links}
    assert all(one.before == earlier.digest for earlier, one in itertools.pairwise(links))
    work = go_through()
    assert work.passed and not work.remarks.any()
    assert work.rows["kernel.step"] == Step.objects.count() and work.blobs == Blob.objects.count()
    assert set(work.unsealed.values()) == {0}
    note()
    assert go_through().unsealed["kernel.step"] == 1
    assert seals.seal_all(now=NOW)[0]


@pytest.mark.parametrize("field", [field.column for field in Step._meta.concrete_fields if not field.primary_key])
def test_a_changed_column_of_a_step_is_found(field: str) -> None:
    """Each column by itself."""
    keys = steps(5)
    seal()
    values = {"thing_id": "thing_id + 1", "at": "at + interval '1 microsecond'", "facts": '\'{"ö": "2"}\''}
    change(STEP, f"{field} = {values.get(field, f'{field} || chr(32)')}", keys[2])
    assert found() == [("changed_row", "kernel.step", keys[2], keys[2])]


@pytest.mark.parametrize("model", ["records.version", "records.rawresponse"])
def test_each_changed_column_of_a_version_and_of_a_raw_answer_is_found(model: str) -> None:
    records()
    seal()
    one = source(model)
    key = [key for key, _digest in sealed.rows(one, sealed.after(one, 0))][-1]
    for name in one.columns[1:]:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT format_type(atttypid, NULL) FROM pg_attribute"
                    " WHERE attrelid = %s::regclass AND attname = %s",
                    [one.table, name],
                )
                kind = cursor.fetchone()[0]
            new = {
                "jsonb": "'{\"x\": 1}'", "bigint": f"{name} + 1", "integer": f"{name} + 1", "smallint": f"{name} + 1",
                "timestamp with time zone": f"coalesce({name}, now()) + interval '1 second'",
                "character varying[]": "ARRAY['x']",
            }.get(kind, "'förfalskat'")  # fmt: skip
            change(one.table, f"{name} = {new}", key)
            assert found(with_blobs=False) == [("changed_row", model, key, key)], name
            transaction.set_rollback(True)


def test_removed_steps_are_named_from_the_first_to_the_last() -> None:
    keys = steps(9)
    seal()
    tamper(STEP, "DELETE FROM kernel_step WHERE id = ANY(%s)", [keys[1], keys[2], keys[5]])
    assert found() == [
        ("missing_row", "kernel.step", keys[1], keys[2]),
        ("missing_row", "kernel.step", keys[5], keys[5]),
    ]


def test_a_step_put_in_among_sealed_ones_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seals, "PATIENT_SEALS", 1)
    steps(3)
    with connection.cursor() as cursor:  # a key that was taken and never used
        cursor.execute("SELECT nextval(pg_get_serial_sequence('kernel_step', 'id'))")
        free = cursor.fetchone()[0]
    keys = steps(3)
    seal()
    steps(2)
    seal(NOW + timedelta(minutes=1))
    insert_like(keys[0], free)
    seal(LATER)  # it never gets a seal
    assert found() == [("inserted_row", "kernel.step", free, free)]


def test_swapped_steps_are_named() -> None:
    keys = steps(4)
    seal()
    a, b = keys[1], keys[3]
    tamper(STEP, "UPDATE kernel_step SET id = CASE id WHEN %s THEN -1 ELSE id END WHERE id = %s", a, a)
    tamper(STEP, "UPDATE kernel_step SET id = %s WHERE id = %s", a, b)
    tamper(STEP, "UPDATE kernel_step SET id = %s WHERE id = -1", b)
    assert found() == [("changed_row", "kernel.step", a, a), ("changed_row", "kernel.step", b, b)]


def test_a_cut_tail_of_steps_is_named_as_cut() -> None:
    keys = steps(6)
    seal()
    tamper(STEP, "DELETE FROM kernel_step WHERE id >= %s", keys[3])
    assert found() == [("cut_tail", "kernel.step", keys[3], keys[5])]


def test_a_tail_cut_with_its_seals_is_seen_by_a_head_that_was_kept() -> None:
    steps(3)
    seal()
    keys = steps(3)
    seal(NOW + timedelta(minutes=1))
    kept = seals.head()
    tamper(STEP, "DELETE FROM kernel_step WHERE id >= %s", keys[0])
    tamper(SEAL, "DELETE FROM kernel_seal WHERE number = %s", kept.number)
    assert found() == []  # within the database alone there is nothing left to see it by
    assert found(heads=[kept]) == [("cut_seals", "", kept.number, kept.number)]
    steps(2)
    seal(NOW + timedelta(minutes=2))  # another history grows in its place
    assert found(heads=[kept]) == [("other_chain", "", kept.number, kept.number)]
    assert Head.parse(f" {kept}\n") == kept
    for bad in ("", "1", "x:" + "0" * 64, "1:" + "0" * 63, "1:" + "g" * 64):
        with pytest.raises(ValueError, match="not a seal"):
            Head.parse(bad)


def four_seals() -> list[list[int]]:
    """Four seals over five steps each."""
    made = []
    for minute in range(4):
        made.append(steps(5))
        seal(NOW + timedelta(minutes=minute))
    return made


@pytest.mark.parametrize("number", [1, 2, 4])
@pytest.mark.parametrize(
    "what",
    ["made_at = made_at + interval '1 second'", "ids = '1-7'", "ids = 'x'", "count = count + 1", "last = last + 3",
     "rows = repeat('a', 64)", "before = repeat('b', 64)", "digest = repeat('c', 64)", "columns = 'id,at'",
     "columns = 'id,(select 1)'", "kind = 'records.version'", "leaves = leaves || 'x'",
     "leaves = set_byte(leaves, 40, mod(get_byte(leaves, 40) + 1, 256))"],
)  # fmt: skip
def test_a_changed_seal_is_named(number: int, what: str) -> None:
    four_seals()
    change(SEAL, what, number, "number")
    assert found() == [("changed_seal", "", number, number)]


@pytest.mark.parametrize("number", [2, 3])
def test_a_seal_that_was_made_anew_is_named_by_the_next_one(number: int) -> None:
    """Somebody changes a step and works the seal out again: the seal after it knows better."""
    made = four_seals()
    tamper(STEP, "UPDATE kernel_step SET by_name = 'Ingen' WHERE id = %s", made[number - 1][0])
    forge(number)
    assert found() == [("changed_seal", "", number, number)]


def test_a_whole_chain_made_anew_is_seen_by_a_head_that_was_kept() -> None:
    made = four_seals()
    kept = seals.head()
    tamper(STEP, "UPDATE kernel_step SET by_name = 'Ingen' WHERE id = %s", made[1][0])
    before = forge(2)
    for number in (3, 4):
        tamper(SEAL, "UPDATE kernel_seal SET before = %s WHERE number = %s", before.digest, number)
        before = forge(number)
    assert found() == []
    assert found(heads=[kept]) == [("other_chain", "", 4, 4)]


@pytest.mark.parametrize("gone", [[1], [2], [2, 3]])
def test_a_seal_removed_in_the_middle_is_named(gone: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seals, "PATIENT_SEALS", 1)
    four_seals()
    tamper(SEAL, "DELETE FROM kernel_seal WHERE number = ANY(%s)", gone)
    work = go_through()
    assert [sealing.named(one) for one in work.found.kept] == [("missing_seal", "", gone[0], gone[-1])]
    if len(gone) == 1:  # else there are so few left that the rows may still get a seal
        assert work.remarks.counts == {"loose_rows": 5}


def test_a_changed_or_removed_version_is_named_although_its_step_stands() -> None:
    """D18: the words themselves are sealed, not only that they came."""
    records(4)
    seal()
    keys = sorted(Version.objects.values_list("pk", flat=True))[-4:]
    tamper("records_version", "UPDATE records_version SET text = text || '.' WHERE id = %s", keys[0])
    tamper("records_version", "DELETE FROM records_version WHERE id = %s", keys[2])
    assert found() == [
        ("changed_row", "records.version", keys[0], keys[0]),
        ("missing_row", "records.version", keys[2], keys[2]),
    ]


def test_changed_and_missing_bytes_of_a_blob_are_named() -> None:
    records(4)
    seal()
    first, second = Blob.objects.order_by("number").values_list("sha256", flat=True)[:2]
    blobs.path_of(first).chmod(0o600)
    blobs.path_of(first).write_bytes(b"annat")
    blobs.path_of(second).unlink()
    try:
        kept = go_through().found.kept
        assert [(one.code, one.name) for one in kept] == [("changed_blob", first), ("missing_blob", second)]
        assert go_through(with_blobs=False).passed
    finally:
        blobs.path_of(first).unlink()  # other tests write the same bytes


def test_a_removed_row_of_a_blob_is_named() -> None:
    records(2)
    seal()
    number = Blob.objects.order_by("-number").values_list("number", flat=True)[0]
    tamper("kernel_blob", "DELETE FROM kernel_blob WHERE number = %s", number)
    assert found() == [("cut_tail", "kernel.blob", number, number)]


def test_a_clock_that_goes_backwards_stops_nothing_and_is_told() -> None:
    steps(2)
    seal(NOW)
    steps(2)
    seal(NOW - timedelta(hours=3))
    work = go_through()
    assert work.passed
    assert work.remarks.counts == {"clock_back": 1}


def test_only_what_is_new_is_gone_through_after_an_earlier_time() -> None:
    made = four_seals()
    since = seals.head()
    new = steps(3)
    seal(LATER)
    tamper(STEP, "UPDATE kernel_step SET reason = 'x' WHERE id = ANY(%s)", [made[0][0], new[1]])
    assert found(since=since) == [("changed_row", "kernel.step", new[1], new[1])]
    assert go_through(since=since).rows["kernel.step"] == 3
    assert len(found()) == 2


def test_a_table_that_got_a_column_since_is_still_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """A seal names its columns, so an upgrade breaks no old one."""
    steps(3)
    seal()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE kernel_step ADD COLUMN mood varchar(9) NOT NULL DEFAULT ''")
    old = sealed.source_of

    def wider(model: type[models.Model], key: str) -> sealed.Source:
        one = old(model, key)
        if one.kind != "kernel.step":
            return one
        return sealed.Source(one.kind, one.table, one.key, (*one.columns, "mood"), one.times)

    monkeypatch.setattr(sealed, "source_of", wider)
    key = steps(2)[0]
    seal(NOW + timedelta(minutes=1))
    assert found() == []
    tamper(STEP, "UPDATE kernel_step SET mood = 'x' WHERE id = %s", key)
    assert found() == [("changed_row", "kernel.step", key, key)]


@pytest.mark.django_db(transaction=True)
def test_a_step_whose_transaction_ends_late_is_sealed_late_and_nothing_is_wrong() -> None:
    """Keys are taken before the commit, drawn in stock too: writers do not wait, and nothing is lost."""
    steps(2)
    gate, done = threading.Event(), threading.Event()
    late: list[int] = []

    def slow() -> None:
        with transaction.atomic():
            late.extend(steps(3))
            gate.set()
            assert done.wait(20)
        connection.close()

    writer = threading.Thread(target=slow)
    writer.start()
    assert gate.wait(20)
    quick = steps(2)
    seal()  # does not wait for the slow one
    assert seals.highest(source()) == quick[-1]
    assert go_through().unsealed["kernel.step"] == 0
    done.set()
    writer.join()
    assert seals.unsealed(source(), now=NOW) == 3
    assert found() == []  # not yet sealed, and not put in by a stranger
    seal(NOW + timedelta(minutes=1))
    assert seals.unsealed(source(), now=NOW) == 0
    last = Seal.objects.order_by("-number")[0]
    assert (last.ids, last.count) == (ranges.write([(late[0], late[-1])]), 3)
    assert go_through().passed
    tamper(STEP, "UPDATE kernel_step SET reason = 'x' WHERE id = %s", late[1])
    assert found() == [("changed_row", "kernel.step", late[1], late[1])]


@pytest.mark.django_db(transaction=True)
def test_many_writers_and_two_sealers_at_once_make_one_whole_chain() -> None:
    stop = threading.Event()
    troubles: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            while not stop.is_set():
                work()
        except BaseException as error:  # noqa: BLE001 told below
            troubles.append(error)
        finally:
            connection.close()

    def write() -> None:
        with transaction.atomic():
            steps(7)
            with connection.cursor() as cursor:  # some keys are never used
                cursor.execute("SELECT nextval(pg_get_serial_sequence('kernel_step', 'id'))")
            note()

    workers = [threading.Thread(target=run, args=(work,)) for work in (write, write, write, seal, seal)]
    for worker in workers:
        worker.start()
    for _turn in range(40):
        note()
    stop.set()
    for worker in workers:
        worker.join()
    assert not troubles
    seal()
    work = go_through()
    assert work.passed and not work.remarks.any(), work.outcome()
    assert (
        work.rows["kernel.step"]
        == Step.objects.count()
        == sum(one.count for one in Seal.objects.filter(kind="kernel.step"))
    )


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_it_leaves_whole_seals_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server cuts the sealer's connection when its second seal is written and not yet committed."""
    monkeypatch.setattr(seals, "BITE", 3)
    keys = steps(8)
    add = seals.add

    def cut(*words: Any, **facts: Any) -> Seal:
        link = add(*words, **facts)
        if link.number == 2:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return link

    def work() -> None:
        try:
            seals.seal_all(now=NOW)
        except Exception as error:  # noqa: BLE001 told below
            died.append(error)
        finally:
            connection.close()

    died: list[Exception] = []
    with monkeypatch.context() as patch:
        patch.setattr(seals, "add", cut)
        worker = threading.Thread(target=work)
        worker.start()
        worker.join()
    assert len(died) == 1
    assert seals.head().number == 1
    assert go_through().passed
    seal()
    assert Seal.objects.count() == 3 and seals.highest(source()) == keys[-1]
    assert go_through().passed


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_to_change_seals_and_time_stamps() -> None:
    steps(1)
    seal()
    for verb in ("UPDATE kernel_seal SET count = 0", "DELETE FROM kernel_seal"):
        with pytest.raises(Exception, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(verb)


@given(data=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_random_tampering_is_always_found_and_named(data: st.DataObject) -> None:
    """Any change and removal of any rows in any history of seals: each one is named, and nothing else."""
    with transaction.atomic():
        keys: list[int] = []
        for minute in range(data.draw(st.integers(1, 6))):
            keys += steps(data.draw(st.integers(1, 12)))
            if data.draw(st.booleans()):
                seals.seal_next(source(), now=NOW + timedelta(minutes=minute))  # nothing else has come in
        seals.seal_next(source(), now=NOW + timedelta(hours=1))
        changed = data.draw(st.sets(st.sampled_from(keys), max_size=4))
        removed = data.draw(st.sets(st.sampled_from(keys), max_size=4)) - changed
        with unguarded(STEP) as cursor:
            cursor.execute("UPDATE kernel_step SET label = label || 'x' WHERE id = ANY(%s)", [list(changed)])
            cursor.execute("DELETE FROM kernel_step WHERE id = ANY(%s)", [list(removed)])
        named: dict[str, set[int]] = {"changed": set(), "gone": set()}
        for one in go_through(with_blobs=False).found.kept:
            sort = "changed" if one.code == Code.CHANGED_ROW else "gone"
            named[sort] |= set(range(one.first, one.last + 1)) & set(keys)
        assert named == {"changed": changed, "gone": removed}
        transaction.set_rollback(True)


@given(
    st.lists(st.integers(0, 60), unique=True),
    st.lists(st.integers(0, 60), unique=True),
)
def test_ranges_are_sets(some: list[int], others: list[int]) -> None:
    packed = ranges.pack(sorted(some))
    assert list(ranges.each(packed)) == sorted(some)
    assert ranges.read(ranges.write(packed)) == packed
    left = ranges.without(packed, ranges.pack(sorted(others)))
    assert list(ranges.each(left)) == sorted(set(some) - set(others))
    assert list(ranges.each(ranges.merge([*packed, *ranges.pack(sorted(others))]))) == sorted({*some, *others})
