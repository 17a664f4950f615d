"""What the workers run for sheets of accounts, finds, activity and ends. `jobs` brings it to them."""

from __future__ import annotations

from django.utils import timezone

from uppsikt.kernel.queue import job
from uppsikt.organisation import sheets_in
from uppsikt.organisation.models import SheetIn
from uppsikt.records import news as record_news
from uppsikt.records.models import Item
from uppsikt.register import activity, captures, discover, stillness
from uppsikt.register.discover_models import Search
from uppsikt.register.sheet_taking import ACCOUNTS

# What may hold the address of an account.
LINK = r"(https?://|www\.|\.(com|net|app)/)"


@job("register.take_in", queue="upkeep")
def take_in(sheet_id: int) -> None:
    """Take in a spreadsheet of accounts."""
    sheets_in.run(SheetIn.objects.select_related("by").get(pk=sheet_id), now=timezone.now(), sort=ACCOUNTS)


@job("register.discover", queue="pull")
def search(search_id: int) -> None:
    """Go through a website for links to accounts."""
    discover.run(Search.objects.get(pk=search_id), clock=timezone.now)


@job("register.discover_due", queue="upkeep", cron="50 1 * * *", queueing_lock="register.discover_due")
def search_due(timestamp: int) -> None:
    """See whether the website is to be gone through again."""
    discover.nightly(now=timezone.now())


@record_news.TAKEN_IN.heard_by("register")
def taken_in(channel_id: int, item_ids: list[int], first: bool) -> None:
    """What people write may hold the address of an account that bears the municipality's name."""
    rows = Item.objects.filter(pk__in=item_ids, direction="received", secret=False, version__text__iregex=LINK)
    for text, link in rows.order_by("pk").values_list("version__text", "address"):
        discover.read_text(text, link, now=timezone.now())


@job("register.activity", queue="upkeep", cron="5 3 * * *", queueing_lock="register.activity")
def count(timestamp: int) -> None:
    """Count the months that still move, and look at which accounts lie still."""
    now = timezone.now()
    activity.make_due(now=now)
    stillness.watch(now=now)


@job("register.capture", queue="capture")
def capture(capture_id: int) -> None:
    """Keep an account's page as it is."""
    captures.take(capture_id, clock=timezone.now)


@job("register.forgotten_captures", queue="upkeep", cron="*/10 * * * *", queueing_lock="register.forgotten_captures")
def forgotten(timestamp: int) -> None:
    """No capture is forgotten: one that is due, and of which nothing has been heard, gets a new job."""
    for row in captures.forgotten(now=timezone.now()):
        captures.defer(row)
