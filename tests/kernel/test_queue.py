"""The queue rolls back with the transaction, in a worker too (D40: nobody acts on what did not happen)."""

import json
import re
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

import factories
from uppsikt.kernel.queue import QUICK, SLOW, defer, job, minded

SOURCE = Path(__file__).parents[2] / "src" / "uppsikt"


def jobs(name: str) -> int:
    """How many jobs of a name the queue holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s", [name])
        return int(cursor.fetchone()[0])


def test_nobody_puts_jobs_in_the_queue_but_the_kernel() -> None:
    """A task's own `defer` leaves the transaction inside a worker."""
    for file in SOURCE.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        if not {"kernel", "cli"} & set(file.relative_to(SOURCE).parts):
            assert not re.search(r"^(from|import) procrastinate", text, re.M), file
        if "import job" in text or "import defer, job" in text:
            names = re.findall(r"\n@(?:job|\w+\.heard_by)\(.*?\)\ndef (\w+)", text, re.S)
            assert not [name for name in names if f"{name}.defer(" in text], file


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("in_worker", [False, True])
def test_a_job_is_there_with_its_transaction_and_not_before(in_worker: bool) -> None:
    seen: list[int] = []
    before = jobs("records.pull_due")

    def work() -> None:
        with transaction.atomic():
            defer("records.pull_due", timestamp=1)
            other = threading.Thread(target=lambda: seen.append(minded(jobs)("records.pull_due")))
            other.start()
            other.join()
        seen.append(jobs("records.pull_due"))
        connection.close()

    if in_worker:
        with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]  # Django's has it
            thread = threading.Thread(target=work)
            thread.start()
            thread.join()
    else:
        work()
    assert seen == [before, before + 1]


@pytest.mark.django_db
def test_a_job_that_waits_under_a_name_is_not_queued_twice() -> None:
    assert defer("records.pull_due", once="x", timestamp=1)
    assert not defer("records.pull_due", once="x", timestamp=1)
    assert not defer("records.pull_due", once="x", timestamp=2)


@pytest.mark.django_db(transaction=True)
def test_what_is_taken_back_is_not_told() -> None:
    before = jobs("inbox.hears.records.taken_in")
    channel = factories.channel()
    with pytest.raises(RuntimeError), transaction.atomic():
        factories.item(channel)
        raise RuntimeError
    assert jobs("inbox.hears.records.taken_in") == before
    factories.item(channel)
    assert jobs("inbox.hears.records.taken_in") == before + 1


@pytest.mark.django_db
def test_what_waits_for_its_time_holds_up_nothing_that_may_run_now() -> None:
    """The queue takes jobs with one lock in order, those for later too: whoever waits must stand behind (D35, D40)."""
    now = timezone.now()

    def next_job() -> dict[str, object] | None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT worker_id FROM procrastinate_register_worker_v1()")
            cursor.execute("SELECT args FROM procrastinate_fetch_job_v2(NULL, %s)", cursor.fetchone())
            row = cursor.fetchone()
            args: dict[str, object] | None = json.loads(row[0]) if row and row[0] else None
            return args

    defer("channels.publish", lock="send:1", at=now + timedelta(hours=1), intent_id=1)
    defer("channels.publish", lock="send:1", at=now - timedelta(minutes=2), intent_id=2)
    defer("channels.publish", lock="send:1", intent_id=3)
    assert next_job() == {"intent_id": 3}, "what may run now goes first"
    assert next_job() is None, "and holds the lock"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE status = 'doing'")
    assert next_job() == {"intent_id": 2}, "then the one whose time has come, however late it was queued"


def test_a_job_on_a_queue_that_no_worker_serves_is_refused_at_import() -> None:
    with pytest.raises(ValueError, match="no worker serves"):
        job("x.y", queue="default")
    ours = {task.queue for task in app.tasks.values() if not task.name.startswith("builtin")}
    assert ours <= {*QUICK, *SLOW}
