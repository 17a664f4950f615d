"""Items with their versions, threads, actors, attachments and the raw answers they rest on (D18, D40)."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import HashIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import MD5

from uppsikt.channels.models import Channel
from uppsikt.kernel.machine import Machine
from uppsikt.kernel.models import Blob
from uppsikt.organisation.models import Person
from uppsikt.records.search_models import Export, ExportPart, SavedSearch
from uppsikt.records.states import ITEM

# Django looks for a room's models here.
__all__ = [
    "Actor",
    "Attachment",
    "Export",
    "ExportPart",
    "Item",
    "Misread",
    "RawResponse",
    "SavedSearch",
    "Searchable",
    "Secrecy",
    "Thread",
    "Version",
    "Walk",
    "Word",
]


class RawResponse(models.Model):
    """One answer from a network, kept once. Append-only."""

    sealed: ClassVar = "id"

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    address = models.TextField()
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    fetched_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.address} {self.fetched_at:%Y-%m-%d %H:%M:%S}"


class Misread(models.Model):
    """A part of an answer that could not be read: kept, and told, instead of stopping the channel."""

    sealed: ClassVar = "id"

    raw = models.ForeignKey(RawResponse, on_delete=models.PROTECT, related_name="misread")
    place = models.CharField(max_length=200)
    why = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.place}: {self.why}"


class Actor(models.Model):
    """Who said it, as the network knows them; the names are in the versions."""

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    native_id = models.CharField(max_length=300)
    name = models.CharField(max_length=300, blank=True)
    handle = models.CharField(max_length=300, blank=True)
    address = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["channel", "native_id"], name="actor_once")]

    def __str__(self) -> str:
        return self.name or self.handle or self.native_id


class Thread(models.Model):
    """One conversation: a post, or a comment with the replies below it."""

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    native_id = models.CharField(max_length=300)
    post_native_id = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["channel", "native_id"], name="thread_once")]

    def __str__(self) -> str:
        return self.native_id


class Item(models.Model):
    """One thing said on a network. Its key is the channel and the network's own id."""

    machine: ClassVar[Machine] = ITEM

    # Thousands come in at a time, and each index is written for each of them: what another one serves has none.
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", db_index=False)
    native_id = models.CharField(max_length=300)
    kind = models.CharField(max_length=10)
    direction = models.CharField(max_length=10)
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="items", db_index=False)
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="items")
    parent_native_id = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, default=ITEM.start)
    address = models.TextField(blank=True)
    can = ArrayField(models.CharField(max_length=20), default=list)
    # Three times: as the network says, when we first had it, and when a person here first saw it.
    published_at = models.DateTimeField(null=True)
    captured_at = models.DateTimeField()
    known_at = models.DateTimeField(null=True)
    # What lists are sorted by: the published time where it can be believed.
    at = models.DateTimeField()
    version = models.ForeignKey("Version", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    versions_count = models.PositiveIntegerField(default=1)
    etag = models.CharField(max_length=200, blank=True)
    checked_at = models.DateTimeField()
    next_check_at = models.DateTimeField(null=True)
    gone_seen_at = models.DateTimeField(null=True)
    # Marked secret (OSL): read by those alone whom records.reading names. Every read goes by `reading.readable`.
    secret = models.BooleanField(default=False, db_default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-at", "-id"], name="item_newest"),
            models.Index(fields=["channel", "-at", "-id"], name="item_channel_newest"),
            models.Index(fields=["thread", "at", "id"], name="item_thread"),
            models.Index(fields=["captured_at"], name="item_captured"),
            models.Index(
                fields=["channel", "next_check_at"], name="item_due", condition=models.Q(next_check_at__isnull=False)
            ),
            # Few among millions, and asked for on every start page.
            models.Index(
                fields=["state", "-at", "-id"],
                name="item_not_visible",
                condition=models.Q(state__in=["held", "hidden", "gone"]),
            ),
            # Few too: what must not be met by those who may not read it.
            models.Index(fields=["channel", "thread"], name="item_secret", condition=models.Q(secret=True)),
            # Somebody tells of an item by its address, however old it is; so a few bytes for each are enough.
            HashIndex(fields=["address"], name="item_address", condition=~models.Q(address="")),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "native_id"], name="item_once"),
            models.CheckConstraint(condition=models.Q(state__in=sorted(ITEM.states)), name="item_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.native_id} ({self.channel_id})"

    @property
    def link(self) -> str:
        """The address where it opens a page, else "": from a network it may be any kind of link."""
        return self.address if self.address.startswith(("https://", "http://")) else ""


class Secrecy(models.Model):
    """That a record was held secret: by which law, why, by whom, from when to when (D20, OSL 5 kap. 5 §).

    A marking narrows who reads the record here. What is handed out on request is tried by itself each time.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="secrecies")
    # A code of records.grounds, and for what is not listed there the section in words.
    ground = models.CharField(max_length=20)
    section = models.CharField(max_length=120, blank=True)
    reason = models.TextField()
    # What is said under the post later is secret as well.
    replies = models.BooleanField(default=False)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    lifted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_reason = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["item"], name="secrecy_replies", condition=models.Q(replies=True, lifted_at__isnull=True)
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item"], name="secrecy_once", condition=models.Q(lifted_at__isnull=True)),
            models.CheckConstraint(
                condition=models.Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | models.Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="secrecy_lifted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ground} {self.item_id}"


class Version(models.Model):
    """One wording that an item had. Append-only: the database refuses UPDATE and DELETE."""

    sealed: ClassVar = "id"

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=64)
    title = models.TextField(blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    author_name = models.CharField(max_length=300, blank=True)
    edited_at = models.DateTimeField(null=True)
    captured_at = models.DateTimeField()
    raw = models.ForeignKey(RawResponse, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=200)
    remarks = ArrayField(models.CharField(max_length=60), default=list)
    missing = ArrayField(models.CharField(max_length=60), default=list)
    reading = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["item", "number"], name="version_once")]

    def __str__(self) -> str:
        return f"{self.item_id}.{self.number}"


class Attachment(models.Model):
    """A picture or file that belongs to a version; its bytes are fetched by a job of their own."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="attachments", db_index=False)
    first_version = models.PositiveIntegerField()
    address = models.TextField()
    media_type = models.CharField(max_length=120, blank=True)
    name = models.CharField(max_length=300, blank=True)
    alt = models.TextField(blank=True)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+", null=True)
    kept_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=40, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [
            # Few among many: those whose bytes are still to be fetched.
            models.Index(fields=["tries", "id"], name="attachment_missing", condition=models.Q(blob=None)),
        ]
        constraints: ClassVar = [models.UniqueConstraint(models.F("item"), MD5("address"), name="attachment_once")]

    def __str__(self) -> str:
        return self.name or self.address


class Searchable(models.Model):
    """What is searched: a row for each item, with the words of all its wordings (see `indexing`).

    A copy, and not the record: it is partitioned by year, and no foreign key leads to a key of two columns.
    """

    item_id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    channel_id = models.BigIntegerField()
    actor_id = models.BigIntegerField()
    secret = models.BooleanField()
    kind = models.CharField(max_length=10)
    direction = models.CharField(max_length=10)
    state = models.CharField(max_length=10)
    words = SearchVectorField()

    class Meta:
        managed = False
        db_table = "records_searchable"

    def __str__(self) -> str:
        return str(self.item_id)


class Word(models.Model):
    """A word that some record holds, as the index holds it: its stem (see `vocabulary`)."""

    word = models.TextField(primary_key=True)
    threes = ArrayField(models.TextField())

    class Meta:
        managed = False
        db_table = "records_word"

    def __str__(self) -> str:
        return self.word


class Walk(models.Model):
    """How far a job has come through a table, by key; `goal` is where it ends, None where it goes on for ever."""

    name = models.CharField(max_length=40, primary_key=True)
    through = models.BigIntegerField(default=0)
    goal = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.name}: {self.through}"
