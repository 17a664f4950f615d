"""What was found in each wording, how each item stands in the queue, and what staff made of it (D20, D71).

No quote is kept: a finding says where in the wording, and whoever may read the wording sees the words there.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from uppsikt.channels.models import Channel
from uppsikt.kernel.models import Blob
from uppsikt.organisation.models import Person
from uppsikt.records.models import Item, Version


class Reading(models.Model):
    """That a wording was read, by whom in which version, and how high it stands by that. Append-only.

    Of several readings from one source the newest holds.
    """

    sealed: ClassVar = "id"

    class Source(models.TextChoices):
        """Who read: our rules, the models learned here, or the language model of the municipality's own."""

        RULES = "rules"
        MODEL = "model"
        ENDPOINT = "endpoint"

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+", db_index=False)
    source = models.CharField(max_length=10, choices=Source)
    detector_version = models.CharField(max_length=60)
    at = models.DateTimeField()
    level = models.PositiveSmallIntegerField()
    # How many findings there were; of very many only the first are kept.
    found = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "source", "detector_version"], name="reading_once"),
            models.CheckConstraint(condition=models.Q(level__lte=4), name="reading_level_known"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.detector_version}: {self.version_id}"


class Finding(models.Model):
    """One place in a wording that somebody should look at, and why. Append-only; it belongs to the wording."""

    sealed: ClassVar = "id"

    reading = models.ForeignKey(Reading, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+", db_index=False)
    # "title" or "text": `start` and `end` count characters of that one, as the network gave it.
    part = models.CharField(max_length=5, default="text")
    kind = models.CharField(max_length=30)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    ground = models.CharField(max_length=40, blank=True)
    law = models.CharField(max_length=300, blank=True)
    score = models.DecimalField(max_digits=5, decimal_places=4)
    level = models.PositiveSmallIntegerField()
    why = models.TextField()
    detector = models.CharField(max_length=60)
    detector_version = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(end__gte=models.F("start")), name="finding_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version_id}:{self.start}"


class Standing(models.Model):
    """How an item stands in the queue now, by its newest wording. Worked out from the readings, never the record.

    `rank` orders: it is the level, or for what was drawn by lot a higher one, so that it is met among the rest.
    """

    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="+", primary_key=True)
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="+", db_index=False)
    level = models.PositiveSmallIntegerField()
    rank = models.PositiveSmallIntegerField()
    read_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            # Few among many.
            models.Index(fields=["-item"], name="standing_urgent", condition=models.Q(level=4)),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.level}"


class Sample(models.Model):
    """An item drawn by lot, to measure what is missed: the share that held, and what had been found. Append-only."""

    sealed: ClassVar = "id"

    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # Of a thousand.
    share = models.PositiveSmallIntegerField()
    rank = models.PositiveSmallIntegerField()
    # Whether the rules pointed to any ground when it was drawn.
    found = models.BooleanField()

    def __str__(self) -> str:
        return str(self.item_id)


class Alarm(models.Model):
    """That people were told at once of an item; once for each. Append-only."""

    sealed: ClassVar = "id"

    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+", db_index=False)
    findings = ArrayField(models.BigIntegerField(), default=list)
    told = ArrayField(models.BigIntegerField(), default=list)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.item_id)


class HistoryTold(models.Model):
    """That people were told, once for a channel, of what its history holds that ought to be looked at. Append-only."""

    sealed: ClassVar = "id"

    channel = models.OneToOneField(Channel, on_delete=models.PROTECT, related_name="+")
    count = models.PositiveIntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.channel_id}: {self.count}"


class Judgement(models.Model):
    """What somebody made of an item: this ground holds for it, or does not. Append-only; the newest holds.

    `ground` is "" where somebody looked and had nothing to remark.
    """

    sealed: ClassVar = "id"

    class Source(models.TextChoices):
        """Where it was said: beside the reason, by a decision on a removal, or by signing a round."""

        PAGE = "page"
        DECISION = "decision"
        ROUND = "round"

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+", db_index=False)
    ground = models.CharField(max_length=40, blank=True)
    agreed = models.BooleanField()
    source = models.CharField(max_length=10, choices=Source)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    # What the rules were, and whether they had pointed to the ground, when it was said.
    detector_version = models.CharField(max_length=60)
    found = models.BooleanField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["ground", "id"], name="judgement_ground")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.ground or '-'}: {self.agreed}"


class LocalModel(models.Model):
    """What was learned of one ground from the judgements, with its figures. Append-only; the newest of a ground holds.

    `blob` holds the numbers of the model (see `weights`); the figures are of judgements that it had not seen.
    """

    sealed: ClassVar = "id"

    ground = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    trained_at = models.DateTimeField()
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    # The newest judgement that it was trained or measured on.
    through = models.BigIntegerField()
    positives = models.PositiveIntegerField()
    negatives = models.PositiveIntegerField()
    held_positives = models.PositiveIntegerField()
    held_negatives = models.PositiveIntegerField()
    # right, wrong, missed on the judgements held out: of the rules, and of the model.
    rules_figures = ArrayField(models.PositiveIntegerField(), size=3)
    model_figures = ArrayField(models.PositiveIntegerField(), size=3)
    # Of those: where the model was right and the rules wrong, and the other way round.
    gained = models.PositiveIntegerField()
    lost = models.PositiveIntegerField()
    threshold = models.DecimalField(max_digits=5, decimal_places=4)
    on = models.BooleanField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["ground", "number"], name="localmodel_once")]

    def __str__(self) -> str:
        return f"{self.ground} {self.number}"


class CatchUp(models.Model):
    """How far the reading of older wordings by one version of the rules has come, from the newest down.

    Wordings with keys above `bottom` and up to `top` have been read; at `bottom` 0 all have.
    """

    detector_version = models.CharField(max_length=60, primary_key=True)
    top = models.BigIntegerField()
    bottom = models.BigIntegerField()
    begun_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.detector_version}: {self.bottom}"


class Endpoint(models.Model):
    """How it is with the language model of the municipality's own: how far it has been asked, and what is wrong."""

    address = models.CharField(max_length=300, primary_key=True)
    # The newest reading by the rules that it has been asked about, or that has been passed by.
    through = models.BigIntegerField(default=0)
    trouble = models.CharField(max_length=40, blank=True)
    trouble_since = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    # How often it has been asked in the hour that began then.
    hour_since = models.DateTimeField(null=True)
    hour_count = models.PositiveIntegerField(default=0)
    # Answers that were thrown away, by why: not our form, a quote that is not in the text.
    thrown = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.address
